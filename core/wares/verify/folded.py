"""The rows that the fresh fold of I6 compares: moves, pools and layers as stored, and the fold's own pools and origins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.model import FoldMove, Intent
from wares.storage.statements import SqlRow
from wares.storage.tables import OPEN, STANDING
from wares.values import divide


class Stored(NamedTuple):
    """A standing move as stored: the columns of `move`, then three sums."""

    move_id: int
    document_id: int
    pool_id: int
    location_id: int
    quantity: int
    counted: int | None
    at: int
    sequence: int
    intent: int
    stated: int | None
    origin_id: int | None
    group_id: int | None
    share: int | None
    fallback: int | None
    short: int
    method: str | None
    value: int  # sum of its valuation rows
    facts: int  # sum of the value facts on it
    passed: int  # the cost it passed on; its valuation rows, each against another account, sum to zero


MOVES = (
    "SELECT m.move_id, m.document_id, m.pool_id, m.location_id, m.quantity, m.counted, m.effective_at, m.sequence, m.intent, "
    "m.stated, m.origin_id, m.group_id, m.share, m.fallback_cost, m.short, m.method, "
    "(SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM wares_valuation v WHERE v.company_id = m.company_id "
    "AND v.move_id = m.move_id), "
    "(SELECT CAST(COALESCE(SUM(f.amount), 0) AS BIGINT) FROM wares_value_fact f WHERE f.company_id = m.company_id "
    "AND f.move_id = m.move_id AND f.annulled = 0), "
    f"CASE WHEN m.intent <> {int(Intent.COST_TRANSFERRED)} THEN 0 "
    "ELSE (SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM wares_valuation v "
    "WHERE v.company_id = m.company_id AND v.move_id = m.move_id AND v.counter_id = m.counter_id) END "
    f"FROM wares_move m WHERE m.company_id = ? AND {STANDING} ORDER BY m.effective_at, m.sequence"
)
POOLS = (
    "SELECT pool_id, area_id, method, first_method, first_rate, quantity, value, base_quantity, base_value, known_quantity, "
    "known_value, last_at, last_sequence "
    "FROM wares_pool WHERE company_id = ?"
)
LAYERS = (
    "SELECT pool_id, move_id, layer_id, source_id, effective_at, sequence, remaining, value, taken, "
    "base_quantity, base_value FROM wares_layer "
    f"WHERE company_id = ? AND exhausted_at = {OPEN} ORDER BY pool_id, effective_at, sequence, "
    "arrived_at, arrived_sequence, layer_id"
)


StoredPool = tuple[int, str, str, int | None, *tuple[int, ...]]
"""Area id, method, first method, first rate, then quantity, value, base quantity and value, last known quantity and value, instant
and sequence of the last move."""


class FoldedPool:
    """The state of one pool during the fold, and its stored row."""

    __slots__ = ("area_id", "checked", "free", "last", "method", "places", "replaced", "row", "state", "stored_method", "waiting")

    def __init__(self, methods: Mapping[str, CostMethod], row: StoredPool, *, checked: bool, decimals: int) -> None:
        self.area_id, self.stored_method, self.method, rate, *totals = row
        self.row: tuple[int, ...] = tuple(totals)  # quantity, value, base ×2, known ×2, last ×2
        self.checked = checked
        newest_first = checked and methods[self.method].newest_first
        self.state = PoolState(newest_first=newest_first, rate=rate, decimals=decimals)
        self.places: dict[int, int] = defaultdict(int)
        self.replaced: dict[int, str] = {}  # change of method → the method before it
        self.last = (-1, -1)
        self.waiting: list[SqlRow] = []  # plain issues that are not folded yet
        self.free = 0  # quantity that is on hand after them, and may be taken without a cover

    def puts_off(self, row: SqlRow) -> bool:
        """Let a plain issue wait; False if it is none: part of a group, or more than is there."""
        quantity, location_id = row[4], row[3]
        if row[11] is not None or row[14] or not 0 < -quantity <= self.free or self.area_id not in (0, location_id):
            return False
        left = self.places[location_id] + quantity
        if left < 0:
            return False
        self.places[location_id] = left
        self.free += quantity
        self.last = (row[6], row[7])
        self.waiting.append(row)
        return True


def plain_issue(row: SqlRow) -> FoldMove:
    """Return an issue that refers to nothing."""
    return _fold_move((row[0], row[4], None, row[6], row[7], None, (), None))


_fold_move = partial(tuple.__new__, FoldMove)
"""A FoldMove of all its values, in half the time."""


class FoldedOrigin:
    """A move that is the source of other moves' value: its quantity and value, and the moves that took part of it back or passed
    its cost on. `standing` is the quantity returned and not undone on a later day.

    Its cost lies on its units as a line that bends: each time more units come back than ever before, they take their part of the
    cost that the units before them have left, as it is then; the units that never came back have the rest.
    """

    __slots__ = ("backs", "bends", "id", "moved", "passes", "quantity", "sold", "standing", "upto", "value")

    def __init__(self, id: int, moved: int, value: int, sold: FoldedOrigin | None) -> None:
        self.id = id
        self.moved = moved  # 0 for a move that only passed a cost on
        self.quantity = abs(moved)
        self.value = abs(value)
        self.backs: list[tuple[int, int]] = []  # moves that took goods back, and their units; negative where undone
        self.bends: list[tuple[int, Fraction]] = [(0, Fraction(0))]  # units and their cost, ascending
        self.passes: list[tuple[int, int]] = []
        self.sold = sold  # for a return: the issue of the goods
        self.upto = sum(units for _, units in sold.backs) if sold is not None else 0  # units of that issue returned so far
        self.standing = 0

    def cost_of(self, units: int) -> int:
        """Return the cost of the first `units`, rounded."""
        line = [*self.bends, (self.quantity, Fraction(self.value))] if self.bends[-1][0] < self.quantity else self.bends
        before, after = next(((low, high) for low, high in pairwise(line) if units <= high[0]), (line[0], line[0]))
        exact = before[1] if units == before[0] else (
            before[1] + (after[1] - before[1]) / (after[0] - before[0]) * (units - before[0])
        )  # fmt: skip
        return divide(exact.numerator, exact.denominator)

    def take_back(self, move_id: int, part: int) -> int:
        """Return the value that a move takes back, rounded cumulatively over the earlier standing moves."""
        before, value = _standing(self.backs, self.cost_of)
        at, cost = self.bends[-1]
        if at < before + part <= self.quantity:
            self.bends.append((before + part, cost + (self.value - cost) / (self.quantity - at) * (before + part - at)))
        self.backs.append((move_id, part))
        if self.sold is not None:  # this move is a return itself: its issue may be returned once more
            self.sold.backs.append((self.id, -part))
        return self.cost_of(before + part) - value

    def pass_on(self, before: list[tuple[int, int]], part: int) -> int:
        """Return the cost that a move passes on after those `before`; for a return, of the cost of the goods sold."""
        sold, upto = (self, self.quantity) if self.sold is None else (self.sold, self.upto)
        whole = sold.cost_of(upto)
        units, passed = _standing(before, lambda units: whole - sold.cost_of(upto - units))
        cost = whole - sold.cost_of(upto - units - part) - passed
        return cost if self.moved < 0 else -cost


def _standing(events: Iterable[tuple[int, int]], cost_of: Callable[[int], int]) -> tuple[int, int]:
    """Return the units that moves took and did not give back, and their cost. Each brings all that stand to their cost; one that is
    undone gives back its own part."""
    units = cost = 0
    parts: dict[int, int] = {}
    for move_id, change in events:
        units += change
        parts[move_id] = cost_of(units) - cost if change > 0 else -parts[move_id]
        cost += parts[move_id]
    return units, cost


class Broken(Exception):
    """Raised at the first row that differs from the fold."""
