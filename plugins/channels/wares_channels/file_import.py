"""Import a channel's file: its transactions become documents, each once (`recording`).

A second import of a file, or of a file that overlaps it, adds only the new transactions. Rows that cannot be read or are refused go
to the rejects with the reason; the others stay. A file is read in chunks, each in one database transaction, so that memory is that
of a chunk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from wares import Books, Channel, Issue, JsonObject, Refused, Rejects, RowIssue, Table
from wares_channels.currencies import chosen_rates
from wares_channels.file_reading import ChannelFile
from wares_channels.layout import fit
from wares_channels.mapped_channel import mapped_channel
from wares_channels.recording import Outcome, Recording
from wares_channels.transaction import ReadingOptions, ReadRow, Transaction
from wares_tracking.cells import check_form
from wares_tracking.projections import keep_projections

CHUNK = 2_000
"""Rows in one transaction."""
LISTED = 1_000
"""Issues that a result lists."""
PREVIEWED = 50
"""Documents that a result lists."""


@dataclass(slots=True)
class ChannelImport:
    """The result of an import."""

    channel: str = ""
    report: str = ""
    rows: int = 0
    rejected: int = 0
    known: int = 0
    """The number of transactions that were recorded before."""
    posted: Counter[str] = field(default_factory=Counter)
    """The number of new transactions by kind."""
    issues: list[RowIssue] = field(default_factory=list)
    documents: list[JsonObject] = field(default_factory=list)


def import_file(
    books: Books,
    path: Path,
    *,
    channel: str | None = None,
    report: str | None = None,
    mapping: Mapping[str, str] | None = None,
    dates: str | None = None,
    mark: str | None = None,
    tax: str | None = None,
    restock: bool | None = None,
    rates: Mapping[str, str] | None = None,
    check_totals: bool = True,
    clearing: str | None = None,
    bank: str | None = None,
    encoding: str | None = None,
    rejects: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    dry_run: bool = False,
) -> ChannelImport:
    """Record the transactions of a channel's file.

    Without `channel` the columns of the file tell it. With `mapping` (field → column) the file may be any CSV, and the channel any
    name. `rates` (currency → value of one unit of it) serve rows in other currencies without a rate. Without `check_totals` an
    order is taken at the sum of its parts, whatever its stated total is.

    Refused UNKNOWN_CHANNEL, WHICH_CHANNEL, NO_REPORT, BAD_MAP, BAD_RATE, BAD_FORM, NO_ACCOUNT, SAME_FILE, and the refusals of a
    whole file.
    """
    check_form(dates)
    found = _channel(books, path, channel, mapping, encoding)
    with Table(path, expected=_columns(found), encoding=encoding) as table:
        with books.recorded() as recorded:
            chosen = tuple(sorted(chosen_rates(rates or {}).items()))
            options = ReadingOptions(dates, mark, tax, restock, recorded.currency, recorded.decimals, chosen, check_totals)
        reading = ChannelFile(table, found, options, report=report)
        done = ChannelImport(found.key, reading.report.key)
        fingerprint = books.sources.fingerprint(path, found.key, reading.interpretation(), encoding)
        before = books.sources.find(fingerprint)
        if before is not None:
            done.rows, done.known = before["rows"], before["facts"]
            return done
        if not dry_run:
            keep_projections(books)
        recording = Recording(
            books,
            found.key,
            clearing=_needed(books, "channel_clearing", clearing),
            bank=_account(books, "bank", bank),
            party=_party(books, found.key, dry_run=dry_run),
        )
        with Rejects(rejects, reading.header, of=path) as rejected:
            _Import(recording, done, rejected).all(reading, table, progress, dry_run=dry_run)
    if not done.rejected and not dry_run:
        books.sources.remember(fingerprint, name=path.name, channel=found.key, report=reading.report.key, rows=done.rows,
                               facts=done.known + done.posted.total())  # fmt: skip
    return done


def _channel(books: Books, path: Path, key: str | None, mapping: Mapping[str, str] | None, encoding: str | None) -> Channel:
    if mapping is not None:
        return mapped_channel(mapping, key or "other")
    if key is not None:
        return known_channel(books, key)
    channels = books.plugins.registry.channels.values()
    with Table(path, expected=_columns(*channels), encoding=encoding) as table:
        fitting = {channel.key: fit(channel, table.header) for channel in channels}
    best = max(fitting.values(), default=0)
    several = [each for each, score in fitting.items() if score == best]
    if not best or len(several) > 1:
        known = ", ".join(sorted(several if best else fitting))
        message = f"the columns of {path.name} do not tell its channel"
        raise Refused.because("WHICH_CHANNEL", message, path="channel", hint=f"give --channel: {known}; any other CSV with --map")
    return known_channel(books, several[0])


def _columns(*channels: Channel) -> set[str]:
    reports = (report for channel in channels for report in channel.reports)
    return {_normalised(name) for report in reports for columns in report.columns.values() for name in columns}


def known_channel(books: Books, key: str) -> Channel:
    """Return a registered channel. Refused UNKNOWN_CHANNEL."""
    channels = books.plugins.registry.channels
    if key not in channels:
        hint = f"choose {', '.join(sorted(channels))}; any other CSV with --map"
        raise Refused.because("UNKNOWN_CHANNEL", f"there is no channel {key!r}", path="channel", hint=hint)
    return channels[key]


def _normalised(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


def _account(books: Books, role: str, chosen: str | None) -> str | None:
    """Return the chosen account, else the first account of the role. Refused NO_ACCOUNT for a chosen account that does not
    exist."""
    accounts = {str(row["code"]): row for row in books.gl.accounts() if row["active"]}
    if chosen is not None and chosen not in accounts:
        raise Refused.because("NO_ACCOUNT", f"there is no account {chosen!r}", path="account", hint="wares gl accounts lists them")
    return chosen or next((code for code, row in accounts.items() if role in row["roles"]), None)


def _needed(books: Books, role: str, chosen: str | None) -> str:
    """Return the chosen account, else the first account of the role. Refused NO_ACCOUNT if there is none."""
    code = _account(books, role, chosen)
    if code is None:
        hint = f'record {{"record":"account","code":CODE,"roles":["{role}"]}}'
        raise Refused.because("NO_ACCOUNT", f"no account holds the role {role}", path="account", hint=hint)
    return code


def _party(books: Books, channel: str, *, dry_run: bool) -> str | None:
    """Return the channel as the customer of its refunds; a new one is made, except by a preview."""
    code = channel.upper()
    if all(row["code"] != code for row in books.parties.list()):
        if dry_run:
            return None
        books.parties.add(code, name=channel, kinds=["customer"])
    return code


class _FromRow(NamedTuple):
    """A transaction with its row."""

    transaction: Transaction
    row: ReadRow


class _Import:
    """The import of one file."""

    def __init__(self, recording: Recording, done: ChannelImport, rejects: Rejects) -> None:
        self.recording = recording
        self.books = recording.books
        self.done = done
        self.rejects = rejects

    def all(self, reading: ChannelFile, table: Table, progress: Callable[[int, int], None] | None, *, dry_run: bool) -> None:
        """Write the file in chunks, each in one database transaction; a dry run is one database transaction that is undone. Refunds
        come after their sales."""
        rows, refunds = iter(reading), list[_FromRow]()

        def chunks(write: Callable[[list[_FromRow]], None]) -> None:
            while some := list(islice(rows, CHUNK)):
                found = [_FromRow(each, row) for row in self._readable(some) for each in row.transactions]
                refunds.extend(each for each in found if each.transaction.kind == "refund")
                write([each for each in found if each.transaction.kind != "refund"])
                if not dry_run:
                    self.books.sources.reached(table.path, some[-1].number)
                if progress is not None:
                    progress(table.done, table.total)
            for start in range(0, len(refunds), CHUNK):
                write(refunds[start : start + CHUNK])

        if dry_run:
            self.books.writing(lambda writing: chunks(lambda found: self._write(writing, found)), dry_run=True)
        else:
            chunks(self._write_new)

    def _write_new(self, found: list[_FromRow]) -> None:
        """Write the new transactions in one database transaction; without a new one there is none."""
        with self.books.recorded() as recorded:
            known = self.recording.recorded(recorded, [each.transaction for each in found])
        fresh = [each for each in found if known.add_new(each.transaction) is not None]
        self.done.known += len(found) - len(fresh)
        if fresh:
            self._tally(
                fresh, self.books.writing(lambda writing: self.recording.write(writing, [each.transaction for each in fresh]))
            )

    def _write(self, writing: Any, found: list[_FromRow]) -> None:
        self._tally(found, self.recording.write(writing, [each.transaction for each in found]))

    def _readable(self, rows: Iterable[ReadRow]) -> Iterator[ReadRow]:
        for row in rows:
            self.done.rows += 1
            if row.issues:
                self._reject(row, row.issues)
            else:
                yield row

    def _reject(self, row: ReadRow, issues: Iterable[tuple[str, Issue]]) -> None:
        self.done.rejected += 1
        found = [RowIssue(row.number, column, issue) for column, issue in issues]
        self.done.issues += found[: max(0, LISTED - len(self.done.issues))]
        self.rejects.write(row.row, "; ".join(map(str, found)))

    def _tally(self, found: Iterable[_FromRow], outcomes: Iterable[Outcome]) -> None:
        refused: dict[int, tuple[ReadRow, list[tuple[str, Issue]]]] = {}
        for each, outcome in zip(found, outcomes, strict=True):
            if outcome is None:
                self.done.known += 1
            elif isinstance(outcome, Refused):
                refused.setdefault(each.row.number, (each.row, []))[1].extend(("", issue) for issue in outcome.issues)
            else:
                self.done.posted[each.transaction.kind] += 1
                if len(self.done.documents) < PREVIEWED:
                    self.done.documents.append(_shown(each.transaction, outcome or None))
        for row, issues in refused.values():
            self._reject(row, issues)


def _shown(one: Transaction, number: str | None) -> JsonObject:
    return {"document": number, "kind": one.kind, "date": one.date, "order": one.order or None, "sku": one.sku or None,
            "title": one.title or None, "quantity": one.quantity if one.kind == "sale" else None,
            "amount": one.amount}  # fmt: skip
