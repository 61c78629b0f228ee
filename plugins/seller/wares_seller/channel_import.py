"""Importing a channel's file: facts become documents, each once.

    sale                                   cash_sale, goods later, money on the channel's clearing account
    shipping, discount, fee, tax, payout   channel_charge
    refund                                 credit_note, with or without the goods

The idempotency key of a document is (channel, order, line, kind): importing a file again, or another that overlaps it, adds what is
new. What cannot be read or is refused goes to the rejects with its reason, and the rest stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from wares import Books, Channel, Issue, Recorded, Refused, Rejects, Table, money
from wares_seller.facts import Fact, FactRow, Options, Reading, custom_channel, fit
from wares_seller.products import Products
from wares_seller.refunds import refund_lines
from wares_seller.sales import channel_key, decimals_of, parse_key

CHUNK = 400
"""Rows in one transaction."""
KEPT = 1_000
PREVIEWED = 50


class Rejected(NamedTuple):
    """A row that was not taken, with the reason."""

    line: int
    column: str
    issue: Issue

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        hint = f"; {self.issue.hint}" if self.issue.hint else ""
        return f"line {self.line}{column}: {self.issue.code}: {self.issue.message}{hint}"


@dataclass(slots=True)
class ChannelImport:
    """What became of a file: documents by kind, what was known already, the first of the issues and of the documents."""

    channel: str = ""
    report: str = ""
    rows: int = 0
    rejected: int = 0
    known: int = 0
    posted: Counter[str] = field(default_factory=Counter)
    issues: list[Rejected] = field(default_factory=list)
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
    clearing: str | None = None,
    bank: str | None = None,
    encoding: str | None = None,
    rejects: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    dry_run: bool = False,
) -> ChannelImport:
    """Record what a file of a channel says; a channel that is not named is found by its columns. With `mapping` (field → column) it
    may be any CSV, and any name of a channel.

    Refused UNKNOWN_CHANNEL, WHICH_CHANNEL, NO_REPORT, BAD_MAP, NO_ACCOUNT, and what a file as a whole is refused for.
    """
    found = _channel(books, path, channel, mapping, encoding)
    with Table(path, expected=_columns(found), encoding=encoding) as table:
        reading = Reading(table, found, Options(dates, mark, tax, restock), report=report)
        done = ChannelImport(found.key, reading.report.key)
        run = _Import(books, found.key, done, _needed(books, "channel_clearing", clearing), _account(books, "bank", bank))
        with Rejects(rejects, reading.header) as rejected:
            run.all(reading, table, rejected, progress, dry_run=dry_run)
    return done


def _channel(books: Books, path: Path, key: str | None, mapping: Mapping[str, str] | None, encoding: str | None) -> Channel:
    if mapping is not None:
        return custom_channel(mapping, key or "other")
    if key is not None:
        return known_channel(books, key)
    fitting = {}
    for channel in books.plugins.registry.channels.values():
        with Table(path, expected=_columns(channel), encoding=encoding) as table:
            fitting[channel.key] = fit(channel, table.header)
    best = max(fitting.values(), default=0)
    several = [each for each, score in fitting.items() if score == best]
    if not best or len(several) > 1:
        known = ", ".join(sorted(several if best else fitting))
        message = f"{path.name} does not say by its columns where it comes from"
        raise Refused.because("WHICH_CHANNEL", message, path="channel", hint=f"give --channel: {known}; any other CSV with --map")
    return known_channel(books, several[0])


def _columns(channel: Channel) -> list[str]:
    return [_normalised(name) for each in channel.reports for columns in each.columns.values() for name in columns]


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
    """The account that was chosen, else the first that holds the role."""
    return chosen or next((str(row["code"]) for row in books.gl.accounts() if role in row["roles"] and row["active"]), None)


def _needed(books: Books, role: str, chosen: str | None) -> str:
    """The same; Refused NO_ACCOUNT where there is none."""
    code = _account(books, role, chosen)
    if code is None:
        hint = f'record {{"record":"account","code":CODE,"roles":["{role}"]}}'
        raise Refused.because("NO_ACCOUNT", f"no account holds the role {role}", path="account", hint=hint)
    return code


class _Said(NamedTuple):
    """A fact with the row it comes from."""

    fact: Fact
    row: FactRow


class _Previewed:
    """Stands for a document that a preview counts without planning it."""

    number = None


class _Import:
    """One file on its way into the books."""

    def __init__(self, books: Books, channel: str, done: ChannelImport, clearing: str, bank: str | None) -> None:
        self.books = books
        self.channel = channel
        self.done = done
        self.clearing = clearing
        self.bank = bank
        self.products = Products.of(books)
        self.party = channel.upper()
        self.has_party = False
        self.refunded: dict[str, Decimal] | None = None  # order → what was refunded of it as a whole; read when first needed
        self.decimals = decimals_of(books)

    def all(
        self, reading: Reading, table: Table, rejects: Rejects, progress: Callable[[int, int], None] | None, *, dry_run: bool
    ) -> None:
        """Chunk by chunk, each one transaction; a dry run is one transaction that is undone. Refunds come after their sales."""
        self._need_party(dry_run)
        rows, refunds = iter(reading), list[_Said]()

        def chunks(write: Callable[[list[_Said]], list[tuple[_Said, Any]]]) -> None:
            while some := list(islice(rows, CHUNK)):
                said = [_Said(fact, row) for row in self._readable(some, rejects) for fact in row.facts]
                refunds.extend(each for each in said if each.fact.kind == "refund")
                self._tally(write([each for each in said if each.fact.kind != "refund"]), rejects)
                if progress is not None:
                    progress(table.done, table.total)
            for start in range(0, len(refunds), CHUNK):
                self._tally(write(refunds[start : start + CHUNK]), rejects)

        if dry_run:
            self.books.writing(lambda writing: chunks(lambda said: self._write(writing, said)), dry_run=True)
        else:
            chunks(self._write_what_is_new)

    def _write_what_is_new(self, said: list[_Said]) -> list[tuple[_Said, Any]]:
        """One transaction for what is not known; none where all is."""
        keys = [self._key(each.fact) for each in said]
        with self.books.recorded() as recorded:
            known = recorded.known_keys(keys)
        fresh = [each for each, key in zip(said, keys, strict=True) if key not in known]
        results: list[tuple[_Said, Any]] = [(each, None) for each, key in zip(said, keys, strict=True) if key in known]
        return [*results, *(self.books.writing(lambda writing: self._write(writing, fresh)) if fresh else ())]

    def _need_party(self, dry_run: bool) -> None:
        """Refunds need the channel as their customer. A preview makes none: what it would refund is only counted then."""
        self.has_party = self.party in {row["code"] for row in self.books.parties.list()}
        if not dry_run and not self.has_party:
            self.books.parties.add(self.party, name=self.channel, kinds=["customer"])
            self.has_party = True

    def _readable(self, rows: Iterable[FactRow], rejects: Rejects) -> Iterator[FactRow]:
        for row in rows:
            self.done.rows += 1
            if row.issues:
                self._reject(row, row.issues, rejects)
            else:
                yield row

    def _reject(self, row: FactRow, issues: Iterable[tuple[str, Issue]], rejects: Rejects) -> None:
        self.done.rejected += 1
        found = [Rejected(row.number, column, issue) for column, issue in issues]
        self.done.issues += found[: max(0, KEPT - len(self.done.issues))]
        rejects.write(row.row, "; ".join(map(str, found)))

    def _tally(self, results: Iterable[tuple[_Said, Any]], rejects: Rejects) -> None:
        refused: dict[int, tuple[FactRow, list[tuple[str, Issue]]]] = {}
        for said, result in results:
            if result is None:
                self.done.known += 1
            elif isinstance(result, Refused):
                refused.setdefault(said.row.number, (said.row, []))[1].extend(("", issue) for issue in result.issues)
            else:
                self.done.posted[said.fact.kind] += 1
                if len(self.done.documents) < PREVIEWED:
                    self.done.documents.append(_shown(said.fact, result.number))
        for row, issues in refused.values():
            self._reject(row, issues, rejects)

    # --- one transaction -------------------------------------------------------------------------------------------------

    def _write(self, writing: Any, said: list[_Said]) -> list[tuple[_Said, Any]]:
        """Post what is new of these facts; each with its document, None if it was known, or the refusal."""
        keys = [self._key(each.fact) for each in said]
        recorded = Recorded(writing.unit)
        known = recorded.known_keys(sorted(set(keys)))
        fresh: list[tuple[_Said, Any]] = []
        results: list[tuple[_Said, Any]] = []
        for each, key in zip(said, keys, strict=True):
            if key in known:
                results.append((each, None))
                continue
            known.add(key)
            try:
                document = self._document(recorded, each.fact, key)
            except Refused as refusal:
                results.append((each, refusal))
                continue
            fresh.append((each, document)) if document is not None else results.append((each, None))
        if not self.has_party:
            results += [(each, _Previewed) for each, document in fresh if document["type"] == "credit_note"]
            fresh = [(each, document) for each, document in fresh if document["type"] != "credit_note"]
        batch = writing.batch()
        posted = self.books.record_documents(writing, batch, [document for _, document in fresh], atomic=False)
        batch.flush()
        return [*results, *((each, result) for (each, _), result in zip(fresh, posted, strict=True))]

    def _key(self, fact: Fact) -> str:
        kind = f"refund:{fact.amount.normalize():f}" if fact.cumulative else fact.kind
        return channel_key(self.channel, fact.order, fact.line, kind)

    def _document(self, recorded: Recorded, fact: Fact, key: str) -> dict[str, Any] | None:
        """The record of a fact; None where nothing is left to record."""
        head = {"date": fact.date, "account": self.clearing, "key": key}
        if fact.kind == "sale":
            return {"type": "cash_sale", "goods": "later", **head, "lines": [self._sale_line(fact)]}
        if fact.kind == "refund":
            amount = fact.amount - (self._refunded(recorded, fact) if fact.cumulative else Decimal(0))
            if amount <= 0:
                return None
            lines = refund_lines(recorded, self.channel, fact._replace(amount=amount), self.decimals)
            return {"type": "credit_note", "party": self.party, **head, "lines": lines}
        account = {"account": self.bank} if fact.kind == "payout" and self.bank else {}
        memo = {"description": fact.title} if fact.title else {}
        line = {"amount": self._amount(fact.amount), "attributes": {"kind": fact.kind}, **account, **memo}
        return {"type": "channel_charge", **head, "lines": [line]}

    def _sale_line(self, fact: Fact) -> dict[str, Any]:
        title = fact.title[:500]
        said = {"sku": fact.sku, "title": title}
        line: dict[str, Any] = {"quantity": fact.quantity, "amount": self._amount(fact.amount), "description": title or fact.sku,
                                "attributes": {name: text for name, text in said.items() if text}}  # fmt: skip
        found = self.products.find(fact.sku, title).product
        return {"item": found.sku, **line} if found is not None else line

    def _amount(self, amount: Decimal) -> str:
        """As text; a unit price times a quantity may have more places than money, and is refused with its row."""
        return f"{amount.normalize():f}"

    def _refunded(self, recorded: Recorded, fact: Fact) -> Decimal:
        """What was refunded of the order before, of what is said for the whole of it."""
        if self.refunded is None:
            self.refunded = defaultdict(Decimal)
            for line in recorded.lines(types=["credit_note"], key_prefix="channel:"):
                channel, order, _, kind = parse_key(line.key, "")
                if channel == self.channel and kind.startswith("refund:"):
                    self.refunded[order] += money(line.amount, self.decimals)
        before = self.refunded[fact.order]
        self.refunded[fact.order] = max(before, fact.amount)
        return before


def _shown(fact: Fact, number: str | None) -> dict[str, Any]:
    return {"document": number, "kind": fact.kind, "date": fact.date, "order": fact.order or None, "sku": fact.sku or None,
            "title": fact.title or None, "quantity": fact.quantity if fact.kind == "sale" else None,
            "amount": fact.amount}  # fmt: skip
