"""The laws of sales channels: the facts in their files reach the books once, whatever the order of the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from wares.contract.channel import ChannelReport
from wares.errors import WaresError
from wares.testing.importing import Imported, import_text
from wares.testing.laws import LawBroken, require
from wares.testing.laws.absence import absent
from wares.testing.laws.costs import require_sound
from wares.testing.laws.documents import state_of
from wares.testing.laws.subject import ChannelCase

if TYPE_CHECKING:
    from wares.books import Books

GARBAGE = "=1+2"
READ_EXACTLY = ("date", "quantity", "amount", "unit_price")
"""Fields with which a row is rejected if they hold garbage."""
NEW = "A column that is new"


def imported(books: Books, case: ChannelCase, text: str, *, channel: str | None = "", dry_run: bool = False) -> Imported:
    """Import a file with this text and return the outcome. The channel is named, or with None identified by the columns."""
    try:
        return import_text(books, text, channel=case.key if channel == "" else channel, dry_run=dry_run)
    except WaresError as error:
        raise LawBroken(f"{case.key}: its file {text.splitlines()[0]!r} is refused: {error}; {error.hint}") from error


def declaration_is_sound(case: ChannelCase) -> None:
    """Check that the declaration is consistent and has an example of each of its reports."""
    problems = case.kind.problems()
    require(not problems, f"{case.key}: {'; '.join(problems)}")
    keys = [report.key for report in case.kind.reports]
    missing, unknown = set(keys) - set(case.examples), set(case.examples) - set(keys)
    require(not missing, f"{case.key}: there is no example of {', '.join(sorted(missing))}")
    require(not unknown, f"{case.key}: there is an example of {', '.join(sorted(unknown))}, which is not one of its reports")


def files_are_found_by_their_columns(case: ChannelCase) -> None:
    """Check that the columns of a file identify its channel and report."""
    with case.books() as books:
        for report, text in case.examples.items():
            done = imported(books, case, text, channel=None, dry_run=True)
            took = f"{done.channel} {done.report}"
            require(took == f"{case.key} {report}", f"{case.key}: the example of {report} is taken for one of {took}")


def every_row_is_read(case: ChannelCase) -> None:
    """Check that no row of an example is rejected, each file yields a record, and the books verify."""
    with case.books() as books:
        for report, text in case.examples.items():
            done = imported(books, case, text)
            why = "; ".join(map(str, done.issues))
            require(not done.rejected, f"{case.key}: {done.rejected} rows of the example of {report} are rejected: {why}")
            require(sum(done.posted.values()), f"{case.key}: the example of {report} yields no record")
        require_sound(books, case.key)


def again_it_changes_nothing(case: ChannelCase) -> None:
    """Check that a file that is imported again adds nothing."""
    with _after(case, case.examples.values()) as books:
        before = _state(books)
        for report, text in case.examples.items():
            done = imported(books, case, text)
            require(not sum(done.posted.values()), f"{case.key}: again, the file of {report} adds {dict(done.posted)}")
        require(_state(books) == before, f"{case.key}: importing all of it again changes the books")


def preview_writes_nothing(case: ChannelCase) -> None:
    """Check that a dry run counts the records of the import and writes nothing."""
    with case.books() as books:
        for report, text in case.examples.items():
            before = _state(books)
            shown = dict(imported(books, case, text, dry_run=True).posted)
            require(_state(books) == before, f"{case.key}: a preview of {report} changes the books")
            done = dict(imported(books, case, text).posted)
            charged = {kind: count for kind, count in done.items() if kind != "refund"}
            of_preview = {kind: count for kind, count in shown.items() if kind != "refund"}
            require(of_preview == charged, f"{case.key}: the preview of {report} shows {shown}, the import records {done}")


def order_of_columns_does_not_matter(case: ChannelCase) -> None:
    """Check that a file with reversed columns and an unknown one has the same effect."""
    turned = [_written([[*reversed(row), NEW if not index else "?"] for index, row in enumerate(_rows(text))])
              for text in case.examples.values()]  # fmt: skip
    with _after(case, case.examples.values()) as books:
        wanted = _state(books)
    with _after(case, turned) as books:
        require(_state(books) == wanted, f"{case.key}: with columns in another order the books have {_state(books)}, not {wanted}")


def broken_rows_are_rejected_alone(case: ChannelCase) -> None:
    """Check that a row with unreadable dates and amounts is rejected with a reason and that the other rows are recorded."""
    with _after(case, case.examples.values()) as books:
        wanted = _state(books)
    with case.books() as books:
        rejected = 0
        for report in case.kind.reports:
            rows = _rows(case.examples[report.key])
            broken = [_broken(report, rows[0], row) for row in rows[1:]]
            done = imported(books, case, _written([*rows, *broken]))
            rejected += done.rejected
            coded = all(getattr(getattr(issue, "issue", issue), "code", "") for issue in done.issues)
            require(coded, f"{case.key}: rows of {report.key} are rejected without a reason")
        require(rejected, f"{case.key}: rows whose dates and amounts are {GARBAGE!r} are not rejected")
        require(_state(books) == wanted, f"{case.key}: beside broken rows the books have {_state(books)}, not {wanted}")


def books_go_on_without(case: ChannelCase) -> None:
    """Check that without the plugin its documents stay readable and the books verify."""
    with _after(case, case.examples.values()) as books:
        gone = case.seen_by(books, absent(case))
        require(_state(gone) == _state(books), f"{case.key}: without the plugin the books read differently")
        require_sound(gone, f"{case.key}, without the plugin")


@contextmanager
def _after(case: ChannelCase, texts: Iterable[str]) -> Iterator[Books]:
    """Give books into which these files were imported."""
    with case.books() as books:
        for text in texts:
            imported(books, case, text)
        yield books


def _state(books: Books) -> dict[str, object]:
    """Return stock, balances, and every document as type, date, total and status."""
    documents = [(row["type"], row["date"], str(row["total"]), row["status"]) for row in books.docs.list()]
    return {**state_of(books), "documents": sorted(documents)}


def _rows(text: str) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(text)) if row]


def _written(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _broken(report: ChannelReport, header: Sequence[str], row: Sequence[str]) -> list[str]:
    """Return the row with garbage in each date and amount."""
    names = {name.casefold() for field in READ_EXACTLY for name in report.columns.get(field, ())}
    return [GARBAGE if name.strip().casefold() in names else cell for name, cell in zip(header, row, strict=False)]
