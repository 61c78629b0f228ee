"""The rows that each calculation of a posted document acts on, found again from its stored lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

from wares.model import RowKind

Amounts = Mapping[int, tuple[int, int]]
"""Line id → its amount and its value as goods, minor units of the document's currency."""


class StoredLine(Protocol):
    """The columns of a line that tell what a calculation acts on."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def kind(self) -> int: ...
    @property
    def base_id(self) -> int | None: ...
    @property
    def amount(self) -> int: ...
    @property
    def goods_amount(self) -> int: ...


def covers_of(lines: Iterable[StoredLine], foreign: Amounts) -> dict[int, dict[str, int]]:
    """Return calculation (line id) → number of each row that it acts on → the weight of that row.

    A calculation under a subtotal acts on the rows of the group that the subtotal closed, in proportion to their amounts after
    their own calculations; a charge that is part of the cost of goods acts on the rows whose value as goods it changed. The lines
    come in the order of the document. `foreign` has the amounts of a document in another currency.
    """
    sheet = _Sheet(foreign)
    for line in lines:
        sheet.add(line)
    return {calculation: sheet.weights(calculation) for calculation in sheet.covers}


class _Sheet:
    """The lines read so far, grouped as pricing groups them (`wares.documents.price`)."""

    def __init__(self, foreign: Amounts) -> None:
        self.foreign = foreign
        self.rows: dict[int, StoredLine] = {}
        self.net: dict[int, int] = {}  # row → its amount with the calculations on it alone
        self.covers: dict[int, tuple[StoredLine, list[int]]] = {}  # calculation → itself, the rows that it acts on
        self.of_subtotal: dict[int, list[int]] = defaultdict(list)
        self.group: list[int] = []
        self.closed = False

    def add(self, line: StoredLine) -> None:
        if line.kind == RowKind.ROW:
            if self.closed:
                self.group, self.closed = [], False
            self.group.append(line.id)
            self.rows[line.id] = line
            self.net[line.id] = self._amounts(line)[0]
        elif line.kind == RowKind.SUBTOTAL:
            if self.closed:
                self.group = []
            self.of_subtotal[line.id] = list(self.group)
            self.closed = True
        elif line.kind == RowKind.CALCULATION and line.base_id is not None:
            if line.base_id in self.net:
                self.covers[line.id] = (line, [line.base_id])
                self.net[line.base_id] += self._amounts(line)[0]
            else:  # under a subtotal of no rows it goes with the last row
                self.covers[line.id] = (line, self.of_subtotal[line.base_id] or list(self.rows)[-1:])

    def weights(self, calculation: int) -> dict[str, int]:
        line, covered = self.covers[calculation]
        amount, goods = self._amounts(line)
        if amount and not goods and len(covered) > 1:  # it is part of the cost of goods: rows that are none have no part in it
            of_goods = [row for row in covered if len(set(self._amounts(self.rows[row]))) > 1]
            return {self.rows[row].number: max(0, self._amounts(self.rows[row])[0]) for row in of_goods or covered}
        return {self.rows[row].number: max(0, self.net[row]) for row in covered}

    def _amounts(self, line: StoredLine) -> tuple[int, int]:
        return self.foreign.get(line.id, (line.amount, line.goods_amount))
