"""Importing a channel's file: its facts become documents, each once (`papers`).

Importing a file again, or another that overlaps it, adds what is new. What cannot be read or is refused goes to the rejects with
its reason, and the rest stays. A file is read in chunks, each one transaction, so that memory is that of a chunk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from wares import Books, Channel, Issue, Refused, Rejects, RowIssue, Table
from wares_tracking.cells import check_form
from wares_channels.currencies import chosen_rates
from wares_channels.row_reading import Fact, FactRow, Options
from wares_channels.recording import Outcome, Recording
from wares_tracking.projections import keep
from wares_channels.file_reading import Reading, custom_channel, fit

CHUNK = 2_000
"""Rows in one transaction."""
KEPT = 1_000
PREVIEWED = 50


@dataclass(slots=True)
class ChannelImport:
    """What became of a file: documents by kind, what was known already, the first of the issues and of the documents."""

    channel: str = ""
    report: str = ""
    rows: int = 0
    rejected: int = 0
    known: int = 0
    posted: Counter[str] = field(default_factory=Counter)
    issues: list[RowIssue] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)


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
    """Record what a file of a channel says; a channel that is not named is found by its columns. With `mapping` (field → column) it
    may be any CSV, and any name of a channel. `rates` (currency → what one of it is worth) serve rows in other currencies that
    state none; without `check_totals` an order is taken at its parts, whatever its total says.

    Refused UNKNOWN_CHANNEL, WHICH_CHANNEL, NO_REPORT, BAD_MAP, BAD_RATE, BAD_FORM, NO_ACCOUNT, SAME_FILE, and what a file as a
    whole is refused for.
    """
    check_form(dates)
    found = _channel(books, path, channel, mapping, encoding)
    with Table(path, expected=_columns(found), encoding=encoding) as table:
        with books.recorded() as recorded:
            chosen = tuple(sorted(chosen_rates(rates or {}).items()))
            options = Options(dates, mark, tax, restock, recorded.currency, recorded.decimals, chosen, check_totals)
        reading = Reading(table, found, options, report=report)
        done = ChannelImport(found.key, reading.report.key)
        fingerprint = books.sources.fingerprint(path, found.key, reading.how(), encoding)
        before = books.sources.find(fingerprint)
        if before is not None:
            done.rows, done.known = before["rows"], before["facts"]
            return done
        if not dry_run:
            keep(books)
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
        return custom_channel(mapping, key or "other")
    if key is not None:
        return known_channel(books, key)
    channels = books.plugins.registry.channels.values()
    with Table(path, expected=_columns(*channels), encoding=encoding) as table:
        fitting = {channel.key: fit(channel, table.header) for channel in channels}
    best = max(fitting.values(), default=0)
    several = [each for each, score in fitting.items() if score == best]
    if not best or len(several) > 1:
        known = ", ".join(sorted(several if best else fitting))
        message = f"{path.name} does not say by its columns where it comes from"
        raise Refused.because("WHICH_CHANNEL", message, path="channel", hint=f"give --channel: {known}; any other CSV with --map")
    return known_channel(books, several[0])


def _columns(*channels: Channel) -> set[str]:
    reports = (report for channel in channels for report in channel.reports)
    return {_normalised(name) for report in reports for columns in report.columns.values() for name in columns}


def known_channel(books: Books, key: str) -> Channel:
    """A registered channel. Refused UNKNOWN_CHANNEL."""
    channels = books.plugins.registry.channels
    if key not in channels:
        hint = f"choose {', '.join(sorted(channels))}; any other CSV with --map"
        raise Refused.because("UNKNOWN_CHANNEL", f"there is no channel {key!r}", path="channel", hint=hint)
    return channels[key]


def _normalised(name: str) -> str:
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


def _account(books: Books, role: str, chosen: str | None) -> str | None:
    """The account that was chosen, else the first that holds the role. Refused NO_ACCOUNT for one that is not there."""
    accounts = {str(row["code"]): row for row in books.gl.accounts() if row["active"]}
    if chosen is not None and chosen not in accounts:
        raise Refused.because("NO_ACCOUNT", f"there is no account {chosen!r}", path="account", hint="wares gl accounts lists them")
    return chosen or next((code for code, row in accounts.items() if role in row["roles"]), None)


def _needed(books: Books, role: str, chosen: str | None) -> str:
    """The same; Refused NO_ACCOUNT where there is none."""
    code = _account(books, role, chosen)
    if code is None:
        hint = f'record {{"record":"account","code":CODE,"roles":["{role}"]}}'
        raise Refused.because("NO_ACCOUNT", f"no account holds the role {role}", path="account", hint=hint)
    return code


def _party(books: Books, channel: str, *, dry_run: bool) -> str | None:
    """The channel as the customer of its refunds, made at need; a preview makes none."""
    code = channel.upper()
    if all(row["code"] != code for row in books.parties.list()):
        if dry_run:
            return None
        books.parties.add(code, name=channel, kinds=["customer"])
    return code


class _Said(NamedTuple):
    """A fact with the row it comes from."""

    fact: Fact
    row: FactRow


class _Import:
    """One file on its way into the books."""

    def __init__(self, recording: Recording, done: ChannelImport, rejects: Rejects) -> None:
        self.recording = recording
        self.books = recording.books
        self.done = done
        self.rejects = rejects

    def all(self, reading: Reading, table: Table, progress: Callable[[int, int], None] | None, *, dry_run: bool) -> None:
        """Chunk by chunk, each one transaction; a dry run is one transaction that is undone. Refunds come after their sales."""
        rows, refunds = iter(reading), list[_Said]()

        def chunks(write: Callable[[list[_Said]], None]) -> None:
            while some := list(islice(rows, CHUNK)):
                said = [_Said(fact, row) for row in self._readable(some) for fact in row.facts]
                refunds.extend(each for each in said if each.fact.kind == "refund")
                write([each for each in said if each.fact.kind != "refund"])
                if progress is not None:
                    progress(table.done, table.total)
            for start in range(0, len(refunds), CHUNK):
                write(refunds[start : start + CHUNK])

        if dry_run:
            self.books.writing(lambda writing: chunks(lambda said: self._write(writing, said)), dry_run=True)
        else:
            chunks(self._write_what_is_new)

    def _write_what_is_new(self, said: list[_Said]) -> None:
        """One transaction for what is not known; none where all is."""
        with self.books.recorded() as recorded:
            known = self.recording.known(recorded, [each.fact for each in said])
        fresh = [each for each in said if known.new(each.fact) is not None]
        self.done.known += len(said) - len(fresh)
        if fresh:
            self._tally(fresh, self.books.writing(lambda writing: self.recording.write(writing, [each.fact for each in fresh])))

    def _write(self, writing: Any, said: list[_Said]) -> None:
        self._tally(said, self.recording.write(writing, [each.fact for each in said]))

    def _readable(self, rows: Iterable[FactRow]) -> Iterator[FactRow]:
        for row in rows:
            self.done.rows += 1
            if row.issues:
                self._reject(row, row.issues)
            else:
                yield row

    def _reject(self, row: FactRow, issues: Iterable[tuple[str, Issue]]) -> None:
        self.done.rejected += 1
        found = [RowIssue(row.number, column, issue) for column, issue in issues]
        self.done.issues += found[: max(0, KEPT - len(self.done.issues))]
        self.rejects.write(row.row, "; ".join(map(str, found)))

    def _tally(self, said: Iterable[_Said], outcomes: Iterable[Outcome]) -> None:
        refused: dict[int, tuple[FactRow, list[tuple[str, Issue]]]] = {}
        for each, outcome in zip(said, outcomes, strict=True):
            if outcome is None:
                self.done.known += 1
            elif isinstance(outcome, Refused):
                refused.setdefault(each.row.number, (each.row, []))[1].extend(("", issue) for issue in outcome.issues)
            else:
                self.done.posted[each.fact.kind] += 1
                if len(self.done.documents) < PREVIEWED:
                    self.done.documents.append(_shown(each.fact, outcome or None))
        for row, issues in refused.values():
            self._reject(row, issues)


def _shown(fact: Fact, number: str | None) -> dict[str, Any]:
    return {"document": number, "kind": fact.kind, "date": fact.date, "order": fact.order or None, "sku": fact.sku or None,
            "title": fact.title or None, "quantity": fact.quantity if fact.kind == "sale" else None,
            "amount": fact.amount}  # fmt: skip
