"""Global options, which may stand before or after a command, and options that many commands share."""

from __future__ import annotations

from typing import Any

import click

from wares.cli.formats import FORMATS


class Day(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.5 on
    """The type of an ISO date, passed on as text; it also takes the word `today`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the date as ISO text."""
        from wares.values import day_from_text, iso_day, today

        if value == "today":
            return iso_day(today())
        try:
            return iso_day(day_from_text(str(value)))
        except ValueError as error:
            self.fail(str(error), param, ctx)


DAY = Day()
at = click.option("--at", type=DAY, metavar="DATE", help="As of the end of this day (2026-01-31).")
since = click.option("--since", type=DAY, metavar="DATE", help="From this day on.")
dry_run = click.option("--dry-run", is_flag=True, help="Show the result; write nothing.")


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Store a global option in the invocation; the last one on the command line counts."""
    from wares.cli.invocation import Invocation

    found = ctx.find_object(Invocation)
    if found is None or value is None or ctx.resilient_parsing:
        return
    name = str(param.name)
    if name in ("quiet", "verbose"):
        name, value = "verbosity", name
    found.choose(name, value)


def global_options(*, hidden: bool = False) -> list[click.Option]:
    """Return new objects of the global options."""

    def option(*names: str, help: str, always_shown: bool = False, **facts: Any) -> click.Option:
        return click.Option(
            names, help=help, callback=_keep, expose_value=False, hidden=hidden and not always_shown, default=None, **facts
        )

    return [
        option("--db", "database", metavar="URL_OR_FILE", help="The books: a SQLite file or a database URL."),
        option("--company", metavar="CODE", help="The company, where a database holds several."),
        option("-f", "--format", type=click.Choice(FORMATS), help="Format of the rows. [table on a terminal, else json]",
               always_shown=True),
        option("-o", "--output", metavar="FILE", help="Write the rows to a file.", always_shown=True),
        option("--force", flag_value=True, is_flag=True, help="Overwrite the files of -o and --rejects."),
        option("-q", "--quiet", flag_value=True, is_flag=True, help="No notes and no progress."),
        option("-v", "--verbose", flag_value=True, is_flag=True, help="Show more messages."),
        option("--debug", flag_value=True, is_flag=True, help="Log everything, and show errors with their traceback."),
        option("--safe-mode", "safe_mode", flag_value=True, is_flag=True, help="Leave third-party plugins out."),
    ]  # fmt: skip


def add_global_options(command: click.Command) -> click.Command:
    """Add the global options to a command and its subcommands; a command's own option of the same name stays."""
    taken = {name for param in command.params for name in param.opts}
    for option in global_options(hidden=True):
        if not taken.intersection(option.opts):
            command.params.append(option)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            add_global_options(below)
    return command
