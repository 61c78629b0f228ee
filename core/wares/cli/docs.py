"""`wares docs`: list documents; show, post, edit, void and convert one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from wares.cli.asking import ask, can_ask, tell, yes_option
from wares.cli.invocation import invocation, pass_books
from wares.cli.options import DAY
from wares.cli.options import at as at_option
from wares.cli.options import dry_run as dry_run_option
from wares.cli.options import since as since_option
from wares.cli.output import emit, note

if TYPE_CHECKING:
    from wares.books import Books
    from wares.errors import Issue
    from wares.model import Posted

LISTED = ("number", "type", "date", "party", "status", "total", "currency", "reference", "memo")
ENTRIES = ("entry", "date", "account", "account_name", "role", "debit", "credit", "item", "line", "memo", "caused_by")
HEAD = ("number", "type", "date", "status", "party", "due", "location", "account", "reference", "total", "settled", "cost", "memo",
        "lines", "links")  # fmt: skip


@click.group()
def docs() -> None:
    """Documents: post, preview, edit, void, convert, explain."""


# --- reads -----------------------------------------------------------------------------------------------------------


class Filters(TypedDict):
    """The options of `wares docs list` beside the type."""

    party: str | None
    status: str | None
    since: str | None
    at: str | None
    limit: int | None


@docs.command("list")
@click.option("--type", "type_", metavar="KEY", help="Only documents of this type.")
@click.option("--party", metavar="CODE", help="Only documents of this party.")
@click.option("--status", type=click.Choice(["posted", "pending", "void"]), help="Only documents in this state.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N.")
@since_option
@at_option
@pass_books
def list_(books: Books, /, type_: str | None, **filters: Unpack[Filters]) -> None:
    """List documents in order of date."""
    from wares.reports.documents import list_documents

    books.reading(lambda reader, _: emit(list_documents(reader, type=type_, **filters), columns=LISTED))


@docs.command()
@click.argument("number")
@pass_books
def show(books: Books, number: str) -> None:
    """Show one document as posted: every subline, amounts, cost, status, links. A pending one is shown as it was saved."""
    shown = books.docs.show(number)
    emit(shown, columns=(*HEAD, "record") if shown["status"] == "pending" else HEAD)


@docs.command()
@click.argument("number")
@pass_books
def entries(books: Books, number: str) -> None:
    """Show a document's account entries, and its share of later corrections with the document that caused each."""
    emit(books.docs.entries(number), columns=ENTRIES)


@docs.command()
@click.argument("number")
@click.option("--dot", is_flag=True, help="Print a picture in Graphviz's DOT language.")
@pass_books
def explain(books: Books, number: str, dot: bool) -> None:
    """Show the source of every cent of a document's cost: contents, layers, receipts and bills, builds and their components."""
    tree = books.docs.explain(number)
    if dot:
        from wares.reports.picture import to_dot

        invocation().sink.stream.write(to_dot(tree, number))
    elif invocation().sink.format in ("table", "html"):
        emit(_branches(tree, 0))
    else:
        emit(tree)


def _branches(nodes: Sequence[Mapping[str, object]], depth: int) -> Iterator[dict[str, object]]:
    """Yield the tree as rows, the first column indented."""
    for node in nodes:
        facts = {key: value for key, value in node.items() if not isinstance(value, list | Mapping)}
        name = facts.pop("document", None) or facts.pop("line", None) or facts.get("sku") or ""
        if isinstance(line := facts.get("line"), str):
            name, _ = f"{name}#{line}", facts.pop("line")
        yield {"source": f"{'  ' * depth}{name}", **facts}
        for value in node.values():
            if isinstance(value, list) and value and isinstance(value[0], Mapping):
                yield from _branches(value, depth + 1)


# --- writes ----------------------------------------------------------------------------------------------------------


@docs.command()
@click.argument("source", metavar="FILE|NO|-")
@dry_run_option
@yes_option
@pass_books
def post(books: Books, source: str, dry_run: bool, sure: bool) -> None:
    """Post the documents of a file (a JSON object, or JSON Lines), all or none; or post a pending document by its number."""
    if source == "-" or _is_file(source):
        _post_file(books, source, dry_run=dry_run, sure=sure)
    else:
        if not (dry_run or sure) and can_ask():
            ask(books.post_pending(source, dry_run=True).warnings)
        _show(books, books.post_pending(source, dry_run=dry_run))


@docs.command()
@click.argument("file", metavar="FILE|-")
@pass_books
def preview(books: Books, file: str) -> None:
    """Show the entries, cost and totals that posting would give. Nothing is written."""
    _post_file(books, file, dry_run=True)


def _is_file(source: str) -> bool:
    """True if `source` names a file: the file exists, or the text looks like a file name."""
    return Path(source).exists() or "/" in source or source.lower().endswith((".json", ".jsonl", ".ndjson"))


def _post_file(books: Books, file: str, *, dry_run: bool, sure: bool = False) -> None:
    from wares.cli.records import read_documents

    records = read_documents(file)
    if len(records) == 1:
        _post_one(books, records[0], dry_run=dry_run, sure=sure)
        return
    posted = [one for one in books.post_many(records, dry_run=dry_run) if not isinstance(one, Exception)]
    if not dry_run:
        invocation().say_recorded(lambda: f"all {len(posted)} documents of {file} are recorded")
    for one in posted:
        tell(one.warnings)
    emit([_as_object(books, one) for one in posted], columns=("number", "type", "date", "status", "party", "total", "cogs"))


def _post_one(books: Books, record: Mapping[str, object], *, dry_run: bool, sure: bool) -> None:
    """Post or preview one record, and show it; a person at the terminal is asked about each doubt before."""
    if not (dry_run or sure) and can_ask():
        ask(_posted(books, record, dry_run=True).warnings)
    _show(books, _posted(books, record, dry_run=dry_run))


def _posted(books: Books, record: Mapping[str, object], *, dry_run: bool) -> Posted:
    """Post or preview one record. Refused UNKNOWN_DOCUMENT_TYPE if its type is missing or is not text."""
    from wares.errors import Refused

    rest = {key: value for key, value in record.items() if key != "type"}
    kind = record.get("type")
    if not isinstance(kind, str):
        known = ", ".join(sorted(books.plugins.registry.document_types))
        raise Refused.because("UNKNOWN_DOCUMENT_TYPE", f"the type of the document is {kind!r}", path="type", hint=known)
    return (books.preview if dry_run else books.post)(kind, **rest)


_POSTED = ("number", "type", "date", "status", "party", "currency", "total", "base_total", "cogs", "repeated", "lines", "entries",
           "corrections")  # fmt: skip


def _show(books: Books, posted: Posted) -> None:
    if posted.status != "preview":
        invocation().say_recorded(lambda: f"{posted.number} is recorded")
    emit(_as_object(books, posted), columns=_POSTED)
    if posted.status == "preview" or not can_ask():
        tell(posted.warnings)
    if posted.repeated:
        note(f"{posted.number} was recorded before under this key: nothing was written")
    elif posted.status == "preview":
        note("nothing was written")


def _as_object(books: Books, posted: Posted) -> dict[str, object]:
    """Return a posted document with the corrections of other documents that it makes."""
    return {key: getattr(posted, key) for key in _POSTED} | {"corrections": books.docs.corrections(posted.corrections)}


@docs.command()
@click.argument("number")
@click.argument("file", metavar="FILE|-")
@dry_run_option
@yes_option
@pass_books
def edit(books: Books, number: str, file: str, dry_run: bool, sure: bool) -> None:
    """Replace a document with the record in the file: its next revision. The type may be left out."""
    from wares.cli.records import read_documents
    from wares.errors import Refused

    records = read_documents(file)
    if len(records) != 1:
        raise Refused.because(
            "ONE_RECORD", f"{len(records)} records where one is expected", hint="give the new revision", where=file
        )
    record = {"type": books.docs.show(number)["type"], **records[0], "revises": number}
    _post_one(books, record, dry_run=dry_run, sure=sure)


@docs.command()
@click.argument("number")
@click.option("--date", type=DAY, metavar="DATE", help="Reverse it on this day instead of annulling it in its place.")
@dry_run_option
@yes_option
@pass_books
def void(books: Books, number: str, date: str | None, dry_run: bool, sure: bool) -> None:
    """Annul a document in its place; later documents are costed as if it had never been posted."""
    warnings = _warnings_of_date(date)
    if not (dry_run or sure) and can_ask():
        ask(warnings)
    else:
        tell(warnings)
    changes = books.void(number, date=date, dry_run=dry_run)
    if not dry_run:
        invocation().say_recorded(lambda: f"{number} is voided")
    status, corrections = "posted" if dry_run else "void", books.docs.corrections(changes)
    emit({"number": number, "status": status, "date": date, "dry_run": dry_run, "corrections": corrections})
    if dry_run:
        note(f"{number} can be voided; nothing was written")


def _warnings_of_date(date: str | None) -> list[Issue]:
    from wares.posting.warnings import date_warnings
    from wares.values import day_of, instant_of, today

    return [] if date is None else list(date_warnings(day_of(instant_of(date)), today()))


@docs.command()
@click.argument("number")
@dry_run_option
@pass_books
def discard(books: Books, number: str, dry_run: bool) -> None:
    """Delete a pending document that is not to be posted."""
    books.discard(number, dry_run=dry_run)
    if not dry_run:
        invocation().say_recorded(lambda: f"{number} is discarded")
    emit({"number": number, "status": "pending" if dry_run else "discarded", "dry_run": dry_run})
    if dry_run:
        note(f"{number} can be discarded; nothing was written")


@docs.command()
@click.argument("number")
@click.argument("type_", metavar="TYPE")
@click.option("--date", type=DAY, metavar="DATE", help="Date of the new document; today when absent.")
@click.option("--number", "new_number", metavar="NO", help="Number of the new document; the next of its series when absent.")
@click.option("--rate", metavar="RATE", help="Company currency for one unit of the document's currency, where the two differ.")
@dry_run_option
@yes_option
@pass_books
def convert(
    books: Books, number: str, type_: str, date: str | None, new_number: str | None, rate: str | None, dry_run: bool, sure: bool
) -> None:  # fmt: skip
    """Post the next document: every open line of NUMBER on a new document of TYPE, in the same currency."""
    shown, kind = books.docs.show(number), books.plugins.registry.document_types.get(type_)
    given = {"date": date, "number": new_number, "party": shown["party"], "rate": rate}
    if kind is not None and kind.any_currency:
        given["currency"] = shown["currency"]
    taken = given if kind is None else given.keys() & kind.header_keys
    record = {"type": type_, **{key: given[key] for key in taken if given[key] is not None}, "lines": [{"from": number}]}
    _post_one(books, record, dry_run=dry_run, sure=sure)
