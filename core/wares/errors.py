"""The errors that Wares raises, all with a stable code.

    WaresError                  the base; carries code, message, hint, plugin, where
    ├─ Refused                  user data is wrong or breaks a business rule; carries every Issue found, nothing was written
    ├─ Conflict                 another writer was first; if `retryable`, the same unit may be run again
    ├─ PluginError              a plugin broke its contract (raised, returned a wrong type, is missing); names the plugin
    ├─ StorageError             the database is missing, not migrated, not configured or out of reach
    └─ ConfigError              a setting of the program (not of the books) is wrong

Problems in user data are `Issue` values, collected and reported together; codes are stable and tested, prose is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem in the user's data: the problem, its place and a remedy.

    `code` is stable (upper case, underscores); `path` points into the record (`lines[2].quantity`); `hint` is the remedy;
    `where` names the item, document or line in the user's own terms (`I-1#2`); `plugin` is the plugin that reported the
    problem, if it was not the core.
    """

    code: str
    message: str
    path: str = ""
    hint: str = ""
    plugin: str | None = None
    where: str = ""

    def to_dict(self) -> dict[str, str | None]:
        """Return its fields as JSON takes them; a field that says nothing is None."""
        return {field.name: getattr(self, field.name) or None for field in fields(self)}

    def __str__(self) -> str:
        place = self.where or self.path
        return f"{self.code}: {self.message}" + (f" ({place})" if place else "") + (f"; {self.hint}" if self.hint else "")


class WaresError(Exception):
    """Base of every error that Wares raises on purpose. It can be pickled, so that it comes out of a pool of processes whole."""

    def __init__(self, code: str, message: str, *, hint: str = "", plugin: str | None = None, where: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.hint = hint
        self.plugin = plugin
        self.where = where

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every problem that the error names; one, unless it is Refused."""
        return (Issue(self.code, self.message, hint=self.hint, plugin=self.plugin, where=self.where),)

    def to_dict(self) -> dict[str, object]:
        """Return the error as JSON takes it: code, message, hint, plugin, where (or None), and `issues`, each with its path."""
        first = {"code": self.code, "message": self.message, "hint": self.hint, "plugin": self.plugin, "where": self.where}
        return {**{key: value or None for key, value in first.items()}, "issues": [issue.to_dict() for issue in self.issues]}

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.args, self._state())

    def _state(self) -> Mapping[str, object]:
        return self.__dict__


def _again(kind: type[WaresError], args: tuple[object, ...], state: Mapping[str, object]) -> WaresError:
    """Return a pickled error as it was, without its constructor."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class Refused(WaresError):
    """A document or record was refused; nothing of it was written. `issues` has every reason; the first is the message."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._issues = tuple(issues)
        first = self._issues[0]
        super().__init__(first.code, first.message, hint=first.hint, plugin=first.plugin, where=first.where or first.path)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every reason; the first is the message."""
        return self._issues

    @classmethod
    def because(cls, code: str, message: str, *, path: str = "", hint: str = "", where: str = "") -> Refused:
        """Return a refusal for one reason."""
        return cls([Issue(code, message, path=path, hint=hint, where=where)])


class Conflict(WaresError):
    """Another transaction won. With `retryable`, running the same unit again is safe and expected to succeed."""

    def __init__(self, code: str, message: str, *, retryable: bool, hint: str = "") -> None:
        super().__init__(code, message, hint=hint)
        self.retryable = retryable


class PluginError(WaresError):
    """A plugin is missing, raised, or returned a value that its contract does not allow."""


REPORT_OR_DISABLE = "report it to the author of the plugin, or disable it: wares plugins disable NAME"
"""The remedy for a plugin that breaks its contract."""


class WrongAnswer(PluginError):
    """A method of a plugin's object returned a value that its contract does not allow.

    The code that finds the value need not know the plugin: the call around the whole unit names it
    (`wares.plugin_manager.blame.Blame.naming`).
    """

    def __init__(self, thing: object, method: str, wanted: str, value: object) -> None:
        self.thing = thing
        self.said = f"returned {shown(value)} from {method} of {_name_of(thing)}; it must return {wanted}"
        super().__init__("PLUGIN_RETURNED", f"an object {self.said}", hint=REPORT_OR_DISABLE)

    def _state(self) -> Mapping[str, object]:
        return {**self.__dict__, "thing": None}  # a plugin's object need not be one that can be pickled


def shown(value: object, limit: int = 120) -> str:
    """Return an arbitrary value as text for a message."""
    try:
        text = repr(value)
    except Exception:
        text = f"a {type(value).__name__}"
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _name_of(thing: object) -> str:
    return str(getattr(thing, "key", None) or type(thing).__name__)


class StorageError(WaresError):
    """The database cannot be used: it is missing, not migrated, not configured or out of reach."""


class ConfigError(WaresError):
    """A program setting (option, environment, wares.toml) is unknown or wrong."""
