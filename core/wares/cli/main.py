"""`wares`: the root of the command tree.

Starting must be quick: a command in `COMMANDS` is imported when it is invoked, and a plugin's command is listed from the
metadata of its distribution.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from wares.cli.commands import COMMANDS
from wares.cli.extensions import load_command, plugin_commands
from wares.cli.invocation import Invocation, in_safe_mode
from wares.cli.options import add_global_options, global_options
from wares.runtime.deprecations import renamed_command


class _NobodyReads(Exception):
    """The reader of our output has gone (`wares gl entries | head`)."""


class Root(click.Group):
    """The root: commands imported on demand, plugin commands among them, errors as lines with exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the core's commands in the order of the manual, then those of plugins."""
        return [*COMMANDS, *sorted(plugin_commands())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name in COMMANDS:
            command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
            return add_global_options(command)
        renamed = renamed_command(cmd_name)
        if renamed is not None and cmd_name not in plugin_commands():
            return self.get_command(ctx, renamed.instead.removeprefix("wares "))
        return load_command(cmd_name, safe_mode=in_safe_mode(ctx))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command as click does, with a suggestion for a mistyped name and a warning for an old one."""
        name = args[0]
        renamed = renamed_command(name)
        if renamed is not None and name not in plugin_commands() and not ctx.resilient_parsing:
            click.echo(f"warning: {renamed.message}", err=True)
        if not name.startswith("-") and name not in COMMANDS and self.get_command(ctx, name) is None:
            close = get_close_matches(name, self.list_commands(ctx), n=1)
            ctx.fail(f"there is no command {name!r}" + (f"; did you mean {close[0]}?" if close else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in COMMANDS.items()])
        found = plugin_commands()
        if found:
            with formatter.section("Commands of plugins"):
                formatter.write_dl([(name, found[name].help) for name in sorted(found)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names with their help lines, without importing the commands."""
        helps = {name: help for name, (_, help) in COMMANDS.items()}
        helps |= {name: command.help for name, command in plugin_commands().items()}
        named = [CompletionItem(name, help=help) for name, help in helps.items() if name.startswith(incomplete)]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a broken pipe ends it quietly, where click would end the process with code 1.

        An interrupt leaves it as Abort, before which click would print an empty line, of use after the ^C of a terminal only.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            if sys.stderr is not None and sys.stderr.isatty():
                click.echo(err=True)
            raise click.Abort from stop
        except BrokenPipeError:
            raise _NobodyReads from None

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: object) -> Any:  # type: ignore[override]  # click overloads it
        """Run a command line and end the process with its exit code."""
        invocation = Invocation()
        extra.pop("standalone_mode", None)
        _heed_signals()
        try:
            _exit(self._run(invocation, args, prog_name, extra))
        except (_NobodyReads, BrokenPipeError):
            _give_up_stdout()
            invocation.close(failed=True)
            _exit(0)

    def _run(self, invocation: Invocation, args: Sequence[str] | None, prog_name: str | None, extra: dict[str, Any]) -> int:
        try:
            code = super().main(args, prog_name or "wares", standalone_mode=False, obj=invocation, **extra)
            _finish(invocation, failed=isinstance(code, int) and code not in (0, 3))
            return code if isinstance(code, int) else 0
        except (_NobodyReads, BrokenPipeError):
            raise
        except (Exception, KeyboardInterrupt) as error:
            from wares.cli.errors import OutputFailed, report

            recorded = invocation.recorded(error)
            as_json, debug = invocation.wants_json_errors(), invocation.wants_debug()
            code = report(error, as_json=as_json, debug=debug, recorded=recorded, continues=invocation.continues)
            invocation.close(failed=True)
            if isinstance(error, OutputFailed):
                _give_up_stdout()
            return code


def _finish(invocation: Invocation, *, failed: bool) -> None:
    """Close the books and write the rest of the output. Raises OutputFailed."""
    from wares.cli.errors import OutputFailed

    try:
        invocation.close(failed=failed)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFailed from error


def _heed_signals() -> None:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does: with a message, and without leaving a part of a file."""
    import signal
    import threading

    from wares.cli.errors import Terminated

    def terminate(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)  # it is ending
        raise Terminated

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, terminate)


def _give_up_stdout() -> None:
    """Point stdout at the null device, so that the interpreter's last flush does not fail."""
    import os

    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # not a real file: a test's
        return


def _exit(code: int) -> NoReturn:
    sys.exit(code)


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="wares", prog_name="wares")
def main() -> None:
    """Items, stock, cost of goods and general ledger, with every kind of item a plugin.

    Global options may stand before or after the command.
    """


main.params[:0] = global_options()
