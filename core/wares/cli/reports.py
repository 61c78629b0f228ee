"""`wares reports`: the reports of plugins, each a command whose options are the report's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from wares.cli.invocation import Invocation, current, pass_books
from wares.cli.options import add_global_options
from wares.cli.output import emit

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from wares.books import Books
    from wares.contract.report import Report


class _Reports(click.Group):
    """A group with `list` and a command for each report of the loaded plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *sorted(_known(ctx))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        report = _known(ctx).get(cmd_name) if own is None else None
        return own if report is None else _command(report)


def _known(ctx: click.Context) -> Mapping[str, Report]:
    found = ctx.find_object(Invocation) or Invocation()  # none where a shell completes
    return found.plugins.registry.reports


@click.group(cls=_Reports)
def reports() -> None:
    """Reports of plugins: list them, or show one by its name."""


@reports.command("list")
@pass_books
def list_(books: Books) -> None:
    """List every report with its title and parameters."""
    emit(books.reports.list(), columns=("report", "title", "parameters", "plugin"))


def _command(report: Report) -> click.Command:
    def show(**given: object) -> None:
        emit(current().reports.run(report.key, **{name: value for name, value in given.items() if value is not None}),
             columns=report.columns, title=report.title)  # fmt: skip

    options = [_option(name, field) for name, field in report.Parameters.model_fields.items()]
    help = report.summary or f"{report.title}."
    return add_global_options(click.Command(report.key, params=[*options], callback=show, help=help))


def _option(name: str, field: FieldInfo) -> click.Option:
    """Return the option of a parameter. It passes text on: the report's model reads it, or refuses it by the option's name."""
    spelling = f"--{name.replace('_', '-')}"
    if field.annotation is bool:
        return click.Option([f"{spelling}/--no-{spelling[2:]}", name], default=None, help=field.description)
    default = "" if field.is_required() or field.default is None else f" [{field.default}]"
    metavar = "DATE" if "date" in str(field.annotation) else "VALUE"
    return click.Option([spelling, name], required=field.is_required(), metavar=metavar, help=f"{field.description or ''}{default}")
