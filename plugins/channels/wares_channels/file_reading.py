"""Read a channel's file: recognise its report, then return its rows with their transactions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter

from wares import Channel, Issue, Refused, Table
from wares_channels.layout import Layout, column_places
from wares_channels.order_state import OrderState, OrderStates
from wares_channels.order_totals import with_totals
from wares_channels.row_reader import RowReader
from wares_channels.transaction import ReadingOptions, ReadRow

PREAMBLE = 20
"""Lines above the header that a file may have."""


class ChannelFile:
    """An open file of a channel: its report, its header and its rows."""

    def __init__(self, table: Table, channel: Channel, options: ReadingOptions, *, report: str | None = None) -> None:
        """Refused NO_REPORT if no report of the channel has the columns of the file."""
        self.table = table
        self.options = options
        self._rows = iter(table)
        self.layout = self._recognise(channel, report)
        self.report, self.header = self.layout.report, self.layout.header
        self._orders = OrderStates()

    def _recognise(self, channel: Channel, wanted: str | None) -> Layout:
        header = self.table.header
        for _ in range(PREAMBLE):
            for report in channel.reports:
                if wanted in (None, report.key) and report.needs <= set(column_places(report, header)):
                    return Layout.of(report, header)
            row = next(self._rows, None)
            if row is None:
                break
            header = [cell.strip() for cell in row.cells]
        best = max(channel.reports, key=lambda report: len(report.needs & set(column_places(report, self.table.header))))
        missing = sorted(best.needs - set(column_places(best, self.table.header)))
        names = ", ".join(" or ".join(best.columns[field]) for field in missing)
        message = f"{self.table.path.name} has the columns of no report of {channel.title}"
        hint = f"for {best.key} it lacks {names}; for another file give --map"
        raise Refused.because("NO_REPORT", message, hint=hint, where=self.table.path.name)

    def __iter__(self) -> Iterator[ReadRow]:
        """Return the rows with amounts in the currency of the books. Adjacent rows of one order are checked together."""
        decimals = self.options.decimals
        if not {"total", "whole_discount"} & set(self.layout.places):
            yield from (_in_books(row, decimals) for _, row in self._read())
            return
        for state, rows in groupby(self._read(), itemgetter(0)):
            found = [row for _, row in rows]
            if state is not None:
                found = list(with_totals(state, found, decimals=decimals, check=self.options.check_totals))
            yield from (_in_books(row, decimals) for row in found)

    def _read(self) -> Iterator[tuple[OrderState | None, ReadRow]]:
        """Return each row with the state of its order."""
        layout, options, orders = self.layout, self.options, self._orders
        for row in self._rows:
            if row.problem:
                yield None, ReadRow(row, row.line, (), (("", Issue("BAD_ROW", row.problem)),))
            elif not _is_footer(row.cells):
                reader = RowReader(layout, options, orders, row)
                yield reader.state, reader.read()

    def interpretation(self) -> str:
        """Return a text that is equal for two readings that give the same rows the same meaning."""
        return json.dumps([asdict(self.report), self.options], sort_keys=True, default=sorted)


def _in_books(row: ReadRow, decimals: int) -> ReadRow:
    """Return a row with its amounts in the currency of the books, after the check of its order."""
    if all(each.stated is None for each in row.transactions):
        return row
    return row._replace(transactions=tuple([each.in_books(decimals) for each in row.transactions]))


def _is_footer(cells: Sequence[str]) -> bool:
    """True if a row has one cell at most, as "3 record(s) downloaded"."""
    found = 0
    for cell in cells:
        if cell and not cell.isspace():
            found += 1
            if found > 1:
                return False
    return True
