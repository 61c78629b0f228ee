"""Reading a channel's file: which report it is, where its columns are, and what the rows of an order said so far."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter

from wares import Channel, ChannelReport, Issue, Refused, Table
from wares_channels.row_reading import CHARGES, FactRow, Options, ReadRow
from wares_channels.order_totals import OrderSaid, settled

REMEMBERED = 20_000
"""Orders of which it is still known what their rows said: rows of one order stand near each other."""
PREAMBLE = 20
"""Lines above the header that a file may have."""
_PLAIN_KINDS = (
    ("*payout*", "payout"), ("*deposit*", "payout"), ("*transfer*", "payout"), ("*refund*", "refund"), ("*label*", "label"),
    ("*fee*", "fee"), ("*commission*", "fee"), ("*shipping*", "shipping"), ("*discount*", "discount"), ("*tax*", "tax"),
    ("tip*", "tip"),
    ("sale", "sale"), ("order", "sale"), ("ignore", "ignore"),
)  # fmt: skip
"""What the movements of any CSV are by the words in their type, the first that fits."""


class Reading:
    """An open file of a channel: its report, its header and its rows."""

    def __init__(self, table: Table, channel: Channel, options: Options, *, report: str | None = None) -> None:
        """Refused NO_REPORT when the file has the columns of none of the channel's reports."""
        self.table = table
        self.options = options
        self._rows = iter(table)
        self.report, self.header = self._recognise(channel, report)
        self.places = _places(self.report, self.header)
        self.charges = [(field, kind) for field, kind in CHARGES.items() if field in self.places]
        self.has_lines = not {"title", "sku", "quantity"}.isdisjoint(self.report.columns)
        self._orders: OrderedDict[str, OrderSaid] = OrderedDict()

    def _recognise(self, channel: Channel, wanted: str | None) -> tuple[ChannelReport, list[str]]:
        header = self.table.header
        for _ in range(PREAMBLE):
            for report in channel.reports:
                if wanted in (None, report.key) and report.needs <= set(_places(report, header)):
                    return report, header
            row = next(self._rows, None)
            if row is None:
                break
            header = [cell.strip() for cell in row.cells]
        best = max(channel.reports, key=lambda report: len(report.needs & set(_places(report, self.table.header))))
        missing = sorted(best.needs - set(_places(best, self.table.header)))
        names = ", ".join(" or ".join(best.columns[field]) for field in missing)
        message = f"{self.table.path.name} has the columns of no report of {channel.title}"
        hint = f"for {best.key} it lacks {names}; for another file give --map"
        raise Refused.because("NO_REPORT", message, hint=hint, where=self.table.path.name)

    def __iter__(self) -> Iterator[FactRow]:
        """The rows, amounts in the currency of the books; rows of one order that stand together have been looked at together."""
        decimals = self.options.decimals
        if not {"total", "whole_discount"} & set(self.places):
            yield from (_in_books(row, decimals) for _, row in self._read())
            return
        for said, rows in groupby(self._read(), itemgetter(0)):
            found = [row for _, row in rows]
            if said is not None:
                found = list(settled(said, found, decimals=decimals, check=self.options.check_totals))
            yield from (_in_books(row, decimals) for row in found)

    def _read(self) -> Iterator[tuple[OrderSaid | None, FactRow]]:
        """Each row, with its order."""
        for row in self._rows:
            if row.problem:
                yield None, FactRow(row, row.line, (), (("", Issue("BAD_ROW", row.problem)),))
            elif not _is_footer(row.cells):
                reading = ReadRow(self, row)
                yield reading.about, reading.read()

    def how(self) -> str:
        """All that decides what the same rows say."""
        return json.dumps([asdict(self.report), self.options], sort_keys=True, default=sorted)

    def order(self, name: str) -> OrderSaid:
        """What the rows of an order said so far."""
        found = self._orders.get(name)
        if found is not None:
            self._orders.move_to_end(name)
            return found
        if len(self._orders) >= REMEMBERED:
            self._orders.popitem(last=False)
        self._orders[name] = found = OrderSaid()
        return found


def _in_books(row: FactRow, decimals: int) -> FactRow:
    """A row with what its facts are worth in the currency of the books. An order may have changed them since they were read."""
    if all(fact.stated is None for fact in row.facts):
        return row
    return row._replace(facts=tuple([fact.in_books(decimals) for fact in row.facts]))


def _is_footer(cells: Sequence[str]) -> bool:
    """Whether a row says one thing at most, as "3 record(s) downloaded"."""
    found = 0
    for cell in cells:
        if cell and not cell.isspace():
            found += 1
            if found > 1:
                return False
    return True


def _places(report: ChannelReport, header: Sequence[str]) -> dict[str, list[int]]:
    """Field → the columns that hold it, of those that the file has."""
    known: dict[str, int] = {}
    for place, name in enumerate(header):
        known.setdefault(_name(name), place)
    found = {field: [known[_name(name)] for name in names if _name(name) in known] for field, names in report.columns.items()}
    return {field: places for field, places in found.items() if places}


def _name(column: str) -> str:
    return " ".join(column.strip().strip("\ufeff").casefold().split())


def fit(channel: Channel, header: Sequence[str]) -> int:
    """How many columns of a header a report of the channel knows; 0 if none of its reports is in it."""
    found = [_places(report, header) for report in channel.reports]
    sizes = [
        sum(map(len, places.values())) for report, places in zip(channel.reports, found, strict=True) if report.needs <= set(places)
    ]
    return max(sizes, default=0)


def custom_channel(mapping: Mapping[str, str], key: str) -> Channel:
    """A channel for any CSV: field → column. Refused BAD_MAP."""
    columns = {field: (column,) for field, column in mapping.items()}
    report = ChannelReport(key="mapped", columns=columns, needs=frozenset(columns), tax="ignore", kinds=_PLAIN_KINDS)
    channel = Channel(key=key, title=key, reports=(report,))
    problems = [problem.partition(": ")[2] or problem for problem in channel.problems()]
    if problems:
        raise Refused.because(
            "BAD_MAP", "; ".join(problems), path="map", hint="map order=COLUMN,date=COLUMN,title=COLUMN,amount=COLUMN"
        )
    return channel
