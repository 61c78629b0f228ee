"""One run of the program: its options and settings, and the plugins and books that it opens on first use."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec, TypeVar

import click

from wares.errors import PluginError

if TYPE_CHECKING:
    from wares.books import Books
    from wares.cli.sink import Sink
    from wares.plugin_manager.loader import Plugins
    from wares.settings import Settings
    from wares.settings.sources import Model

P = ParamSpec("P")
T = TypeVar("T")

CHECK_FAILED = 3
"""Exit code of a check that found problems."""


class Invocation:
    """The options of one command line, and the settings, plugins and books opened for it. `close` releases everything."""

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}
        """Global options as given; a later one (after the command) replaces an earlier one."""
        self._close: list[Callable[[], None]] = []
        self._opened: list[Books] = []
        self._says_recorded: Callable[[], str] | None = None
        self.continues = False
        """True if the command goes on where it stopped when it is run again."""
        self._logging = _Stderr()

    def choose(self, name: str, value: object) -> None:
        """Store a global option, and drop the settings (and plugins) that were read without it to list subcommands."""
        self.options[name] = value
        self.__dict__.pop("settings", None)
        if name == "safe_mode":
            self.__dict__.pop("plugins", None)

    @cached_property
    def settings(self) -> Settings:
        """Return the settings: option, environment, ./wares.toml, user file, default, the strongest first."""
        from wares.settings import load_settings

        settings = load_settings(**{key: value for key, value in self.options.items() if key not in ("output", "force")})
        self._logging.start(settings)
        return settings

    @cached_property
    def plugins(self) -> Plugins:
        """Return the plugins that the settings choose."""
        from wares.plugin_manager.loader import load_plugins

        choice, safe_mode = self.settings.plugins, self.settings.safe_mode
        return load_plugins(strict=choice.strict, safe_mode=safe_mode, disabled=choice.disabled)

    @cached_property
    def books(self) -> Books:
        """Return the books that the settings name; they must exist."""
        return self.books_at(self.settings.database)

    def books_at(self, database: str, *, create: bool = False, must_exist: bool = True, **options: Any) -> Books:
        """Open books in another database with the plugins of this invocation; they are closed at its end.

        With `create` the books are made.
        """
        from wares.books import Books
        from wares.storage.database import open_engine

        self._open_output(database)
        options = {"company": None if create else self.settings.company, **options}
        if create:
            books = Books.open(database, plugins=self.plugins, **options)
        else:
            books = Books(engine=open_engine(database, must_exist=must_exist), plugins=self.plugins, **options)
        self._opened.append(books)
        self._close.append(books.close)
        return books

    @cached_property
    def sink(self) -> Sink:
        """Return the sink that rows go to: stdout or the file of `-o`, which is checked (`wares.cli.files`)."""
        from wares.cli.sink import Sink

        sink = Sink(self.options.get("output"), self.settings.format)
        self._check_files(sink, self.settings.database)
        return sink

    def _check_files(self, sink: Sink, database: str) -> None:
        from wares.cli.files import check_files

        check_files(sink.path, database, force=bool(self.options.get("force")))

    def _open_output(self, database: str) -> None:
        """Check and open the output before anything is written to the books in `database`."""
        if database != self.settings.database:
            self._check_files(self.sink, database)
        _ = self.sink.stream

    # --- what is recorded ---

    def say_recorded(self, says: Callable[[], str] | None = None, *, continues: bool = False) -> None:
        """Keep the sentence about what a command has recorded, for a message about its interruption or its lost output."""
        self._says_recorded = says
        self.continues = continues

    @property
    def commits(self) -> int:
        """Return the number of transactions that this command has committed."""
        return sum(books.commits for books in self._opened)

    def recorded(self, error: BaseException) -> str:
        """Return a sentence that says what is recorded when `error` ends the command; "" if that is plain. It must not fail."""
        from wares.cli.errors import causes
        from wares.errors import Refused, WaresError
        from wares.storage.attempt import CommitOutcome
        from wares.storage.commits import CommitInterrupted

        is_stopped = isinstance(error, click.Abort | KeyboardInterrupt)
        if isinstance(error, Refused | click.ClickException) or not (is_stopped or self.commits):
            return ""
        if isinstance(error, WaresError) and error.code == "DATABASE_GONE":
            return ""
        is_unknown = any(isinstance(each, CommitInterrupted) and each.outcome is CommitOutcome.UNKNOWN for each in causes(error))
        try:
            if self._says_recorded is not None:
                return self._says_recorded()
        except (Exception, KeyboardInterrupt):
            is_unknown = True
        if is_unknown:
            return "it is not known whether the last transaction was written"
        reached = next((books.reached for books in self._opened if books.reached is not None), None)
        if reached is not None:
            self.continues = True
            return f"{reached.name} is recorded through line {reached.line}"
        if not self.commits:
            return "nothing was written"
        return "the books were written" if self.commits == 1 else f"{self.commits} transactions were written and stay"

    @property
    def is_quiet(self) -> bool:
        """True if notes and progress are switched off."""
        return self.settings.verbosity == "quiet"

    def wants_json_errors(self) -> bool:
        """True if the user asked for JSON, rather than got it as the default without a terminal.

        It must not fail, since it is called while an error is reported.
        """
        try:
            chosen: str | None = self.settings.format
        except Exception:
            chosen = self.options.get("format")
        return chosen in ("json", "jsonl")

    def wants_debug(self) -> bool:
        """True if the user asked for tracebacks. It must not fail, as `wants_json_errors`."""
        try:
            return bool(self.settings.debug)
        except Exception:
            return bool(self.options.get("debug"))

    def close(self, *, failed: bool = False) -> None:
        """Close books and files, the last opened first; drop a file that a failed command began."""
        try:
            if "sink" in self.__dict__:
                if failed:
                    self.sink.drop()
                else:
                    self.sink.finish()
        finally:
            while self._close:
                self._close.pop()()
            self._logging.stop()


class _Stderr(logging.Handler):
    """A log handler that writes the records of Wares to stderr, one line each."""

    def start(self, settings: Settings) -> None:
        levels = {"quiet": logging.ERROR, "normal": logging.WARNING, "verbose": logging.INFO}
        logger = logging.getLogger("wares")
        logger.setLevel(logging.DEBUG if settings.debug else levels[settings.verbosity])
        logger.addHandler(self)

    def stop(self) -> None:
        logging.getLogger("wares").removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"{record.levelname.lower()}: {self.format(record)}", err=True)


def invocation() -> Invocation:
    """Return the invocation of the running command."""
    found = click.get_current_context().find_object(Invocation)
    assert found is not None, "a command of Wares runs under `wares`"
    return found


def in_safe_mode(ctx: click.Context) -> bool:
    """True if the command line leaves third parties out."""
    found = ctx.find_object(Invocation)
    return found is not None and bool(found.options.get("safe_mode"))


def current() -> Books:
    """Return the books of this invocation, opened on first use."""
    return invocation().books


def open_books(database: str, *, create: bool = False, **options: Any) -> Books:
    """Open other books (a file or URL) with the plugins of this invocation; they are closed when the command ends.

    `create` makes them, with the options `currency`, `chart` and `company` of `Books.open`.
    """
    return invocation().books_at(database, create=create, **options)


def pass_books(command: Callable[Concatenate[Books, P], T]) -> Callable[P, T]:
    """Pass a command the books of its invocation as its first argument."""

    @wraps(command)
    def with_books(*args: P.args, **kwargs: P.kwargs) -> T:
        return command(current(), *args, **kwargs)

    return with_books


def plugin_settings(model: type[Model]) -> Model:
    """Return the settings of the plugin that declared this model with `wares_settings`: option, environment, files, defaults.

    Raises ConfigError for a wrong value; PluginError PLUGIN_NOT_LOADED if no loaded plugin has declared the model.
    """
    run = invocation()
    name = next((name for name, each in run.plugins.registry.settings.items() if each is model), None)
    if name is None:
        raise PluginError("PLUGIN_NOT_LOADED", f"no loaded plugin has declared {model.__name__}", hint="see wares plugins list")
    return run.settings.plugin(name, model)


def fail_check() -> NoReturn:
    """End with exit code 3: the command did its work and found problems."""
    raise click.exceptions.Exit(CHECK_FAILED)
