"""The rows that the fresh fold of I6 compares: moves, pools and layers as the books have them, and what the fold makes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from wares.costing.pool import PoolState
from wares.costmethod import CostMethod
from wares.model import Intent
from wares.storage.tables import OPEN


class Stored(NamedTuple):
    """A standing move as the books have it."""

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
    passed: int  # what of a cost it passed on: its valuation rows, each against another account, sum to nothing


MOVES = (
    "SELECT m.move_id, m.document_id, m.pool_id, m.location_id, m.quantity, m.counted, m.effective_at, m.sequence, m.intent, "
    "m.stated, m.origin_id, m.group_id, m.share, m.fallback_cost, m.short, m.method, "
    "(SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM valuation v WHERE v.company_id = m.company_id "
    "AND v.move_id = m.move_id), "
    "(SELECT CAST(COALESCE(SUM(f.amount), 0) AS BIGINT) FROM value_fact f WHERE f.company_id = m.company_id "
    "AND f.move_id = m.move_id AND f.annulled = 0), "
    f"CASE WHEN m.intent <> {int(Intent.PASSED_ON)} THEN 0 ELSE (SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM valuation v "
    "WHERE v.company_id = m.company_id AND v.move_id = m.move_id AND v.counter_id = m.counter_id) END "
    "FROM move m WHERE m.company_id = ? AND m.annulled_by IS NULL AND m.annuls IS NULL ORDER BY m.effective_at, m.sequence"
)
POOLS = (
    "SELECT pool_id, area_id, method, first_method, first_rate, quantity, value, base_quantity, base_value, known_quantity, "
    "known_value, last_at, last_sequence "
    "FROM pool WHERE company_id = ?"
)
LAYERS = (
    "SELECT pool_id, move_id, layer_id, source_id, effective_at, sequence, remaining, value, taken FROM layer "
    f"WHERE company_id = ? AND exhausted_at = {OPEN} ORDER BY pool_id, effective_at, sequence, "
    "arrived_at, arrived_sequence, layer_id"
)


class FoldedPool:
    """One pool on its way, and its row as the books have it."""

    __slots__ = ("area_id", "checked", "last", "method", "places", "replaced", "row", "state", "stored_method")

    def __init__(self, methods: Mapping[str, CostMethod], row: tuple[Any, ...], *, checked: bool, decimals: int) -> None:
        self.area_id, self.stored_method, self.method, rate, *totals = row
        self.row: tuple[int, ...] = tuple(totals)  # quantity, value, base ×2, known ×2, last ×2
        self.checked = checked
        newest_first = checked and methods[self.method].newest_first
        self.state = PoolState(newest_first=newest_first, rate=rate, decimals=decimals)
        self.places: dict[int, int] = defaultdict(int)
        self.replaced: dict[int, str] = {}  # change of method → the method before it
        self.last = (-1, -1)


class FoldedOrigin:
    """A move that others take their value from: its quantity and value, what came back so far, and what of that was not undone on
    a later day."""

    __slots__ = ("moved", "passed", "quantity", "returned", "sold", "standing", "upto", "value")

    def __init__(self, moved: int, value: int, sold: FoldedOrigin | None) -> None:
        self.moved = moved
        self.quantity = abs(moved)
        self.value = abs(value)
        self.returned = 0
        self.sold = sold  # of goods that came back: what had left
        self.upto = sold.returned if sold is not None else 0  # how much of that had come back with it
        self.standing = 0
        self.passed = 0


class Broken(Exception):
    """The first row that is not what the fold says."""
