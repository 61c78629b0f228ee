"""`wares items`: list, show and change the item master."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from wares.cli.errors import say
from wares.cli.invocation import invocation, pass_books
from wares.cli.options import at as at_option
from wares.cli.options import dry_run as dry_run_option
from wares.cli.output import emit, note, progress

if TYPE_CHECKING:
    from wares.books import Books
    from wares.catalog.items import MasterChange

F = TypeVar("F", bound=Callable[..., object])
SHOWN = 50
LISTED = ("sku", "type", "name", "unit", "price", "cost", "on_hand", "available", "active")


@click.group()
def items() -> None:
    """Items: list, show, add, edit, retire, import, variants."""


@items.command("list")
@click.option("--type", "type_", metavar="KEY", help="Only items of this type.")
@click.option("--category", metavar="NAME", help="Only items of this category.")
@click.option("--text", metavar="TEXT", help="Only items with this text in SKU, name or barcode.")
@click.option("--active/--retired", "active", default=None, help="Only items in use, or only retired items.")
@at_option
@pass_books
def list_(books: Books, type_: str | None, category: str | None, text: str | None, active: bool | None, at: str | None) -> None:
    """List items with price, cost, and the quantity on hand and available."""
    from wares.catalog.listing import ItemFilter, list_items
    from wares.values import day_from_text

    which = ItemFilter(type=type_, category=category, text=text, active=active)
    day = None if at is None else day_from_text(at)
    books.reading(lambda _, masters: emit(list_items(masters, which, at=day), columns=LISTED))


@items.command()
@click.argument("sku")
@pass_books
def show(books: Books, sku: str) -> None:
    """Show the whole master record of one item."""
    emit(books.items.show(sku))


def _facts(command: F) -> F:
    """Add the options that give the facts of an item."""
    options = (
        click.option("--name", metavar="TEXT", help="Name of the item."),
        click.option("--unit", metavar="UNIT", help="Unit of measure (ea, kg, hour)."),
        click.option("--price", metavar="AMOUNT", help="Sales price per unit."),
        click.option("--cost", metavar="AMOUNT", help="Cost per unit, used where a document gives none."),
        click.option("--cost-method", metavar="KEY", help="Cost method of a tracked type: fifo, average, ..."),
        click.option("--category", metavar="NAME", help="Category, for lists and account mappings."),
        click.option("--barcode", metavar="TEXT"),
        click.option("--set", "settings", multiple=True, metavar="KEY=VALUE",
                     help='Any other key; the value is text or JSON: attributes.percent=10, components=[{"sku":"RIM"}].'),
        dry_run_option,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@items.command()
@click.option("--type", "type_", required=True, metavar="KEY", help="Type of the item; wares which helps to choose.")
@click.option("--sku", required=True, help="Number of the item, unique.")
@_facts
@pass_books
def add(books: Books, /, type_: str, sku: str, settings: tuple[str, ...], dry_run: bool, **facts: str | None) -> None:
    """Create an item."""
    _show_change(books.items.add(type_, sku=sku, dry_run=dry_run, **_record(facts, settings)), dry_run)


@items.command()
@click.argument("sku")
@_facts
@pass_books
def edit(books: Books, /, sku: str, settings: tuple[str, ...], dry_run: bool, **facts: str | None) -> None:
    """Change an item: only the given keys; `--set KEY=null` clears a key."""
    _show_change(books.items.edit(sku, dry_run=dry_run, **_record(facts, settings)), dry_run)


@items.command()
@click.argument("sku")
@dry_run_option
@pass_books
def retire(books: Books, sku: str, dry_run: bool) -> None:
    """Take an item out of use; its history stays."""
    _show_change(books.items.retire(sku, dry_run=dry_run), dry_run)


def _show_change(change: MasterChange, dry_run: bool) -> None:
    emit({"sku": change.sku, "action": change.action, "fields": list(change.fields), "dry_run": dry_run})


def _record(facts: dict[str, str | None], settings: Sequence[str]) -> dict[str, object]:
    """Return the keys of an item record; `a.b=c` sets a key inside an object."""
    record: dict[str, object] = {key: value for key, value in facts.items() if value is not None}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals or not key:
            raise click.BadParameter(f"{setting!r} is not KEY=VALUE", param_hint="--set")
        into = record
        *above, last = key.split(".")
        for part in above:
            below = into.setdefault(part, {})
            if not isinstance(below, dict):
                raise click.BadParameter(f"{part!r} of {key!r} is not an object", param_hint="--set")
            into = below
        into[last] = _value(key, text)
    return record


def _value(key: str, text: str) -> object:
    """Return text unchanged, numbers included (they are exact as text), and parse text that can only be JSON."""
    import json

    if text in ("true", "false", "null") or text[:1] in ("{", "[", '"'):
        try:
            return json.loads(text, parse_float=str)
        except (ValueError, RecursionError) as error:
            raise click.BadParameter(f"the value of {key!r} is not JSON: {error}", param_hint="--set") from None
    return text


@items.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Write refused rows there, with their errors.")
@click.option("--encoding", metavar="NAME", help="Encoding of a CSV file that is neither Unicode nor Windows-1252.")
@dry_run_option
@pass_books
def import_(books: Books, file: Path, rejects: Path | None, encoding: str | None, dry_run: bool) -> None:
    """Create or update items from a CSV file or workbook.

    Columns are named after the keys of an item record; the columns parent, component and quantity make it a bill of materials.
    Accepted rows are recorded; refused rows are reported on stderr, and the exit code is then 1.
    """
    with progress("importing", 100) as advance:
        told = 0

        def tell(done: int, total: int) -> None:
            nonlocal told
            percent = 100 * done // total if total else 100
            advance(percent - told)
            told = percent

        report = books.items.import_file(file, dry_run=dry_run, rejects=rejects, encoding=encoding, progress=tell)
    as_json = invocation().wants_json_errors()
    for row in report.issues[:SHOWN]:
        place = f"{file.name}:{row.line}" + (f", column {row.column}" if row.column else "")
        say([replace(row.issue, path="", where=place)], as_json=as_json)
    counts = ("rows", "created", "updated", "unchanged", "rejected")
    emit({**{key: getattr(report, key) for key in counts}, "dry_run": dry_run})
    if report.rejected:
        note(f"{report.rejected} rows were refused" + (f"; they are in {rejects}" if rejects else "; --rejects FILE keeps them"))
        click.get_current_context().exit(1)


@items.command()
@click.argument("sku")
@click.option("--create", is_flag=True, help="Create the missing variants.")
@dry_run_option
@pass_books
def variants(books: Books, sku: str, create: bool, dry_run: bool) -> None:
    """List the variants of a master: the existing ones and the missing combinations of its axes."""
    missing = books.items.missing_variants(sku)
    there = books.items.show(sku)["variants"]
    rows = [{"sku": one["sku"], "values": one["values"], "status": "there"} for one in there]
    if create and missing:
        books.load(missing, atomic=True, dry_run=dry_run)
    status = ("would be created" if dry_run else "created") if create else "missing"
    rows += [{"sku": one.get("sku"), "values": one.get("values"), "status": status} for one in missing]
    emit(rows)
