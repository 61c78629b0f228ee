"""The rows that the fresh fold of I6 compares: moves, pools and layers as stored, and the fold's own pools and origins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.inventory.move import share_passed_on, taken
from wares.model import FoldMove, Intent
from wares.storage.statements import SqlRow
from wares.storage.tables import OPEN, STANDING
from wares.values import share


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
    its cost on (`wares.inventory.move.taken`). `standing` is the quantity returned and not undone on a later day."""

    __slots__ = ("backs", "id", "moved", "passes", "quantity", "sold", "standing", "upto", "value")

    def __init__(self, id: int, moved: int, value: int, sold: FoldedOrigin | None) -> None:
        self.id = id
        self.moved = moved  # 0 for a move that only passed a cost on
        self.quantity = abs(moved)
        self.value = abs(value)
        self.backs: list[tuple[int, int]] = []
        self.passes: list[tuple[int, int]] = []
        self.sold = sold  # for a return: the issue of the goods
        self.upto = sum(units for _, units in sold.backs) if sold is not None else 0  # units of that issue returned so far
        self.standing = 0

    def take_back(self, move_id: int, part: int) -> int:
        """Return the value that a move takes back, rounded cumulatively over the earlier standing moves."""
        before, value = taken(lambda units: share(self.value, units, self.quantity), self.backs)
        self.backs.append((move_id, part))
        if self.sold is not None:  # this move is a return itself: its issue may be returned once more
            self.sold.backs.append((self.id, -part))
        return share(self.value, before + part, self.quantity) - value

    def pass_on(self, before: list[tuple[int, int]], part: int) -> int:
        """Return the cost that a move passes on after those `before`; for a return, of the cost of the goods sold."""
        sold, upto = (self, self.quantity) if self.sold is None else (self.sold, self.upto)
        quantity, cost = taken(lambda units: share_passed_on(sold.value, sold.quantity, upto, units), before)
        cost = share_passed_on(sold.value, sold.quantity, upto, quantity + part) - cost
        return cost if self.moved < 0 else -cost


class Broken(Exception):
    """Raised at the first row that differs from the fold."""
