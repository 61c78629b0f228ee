"""The last known unit value of a pool at a moment, read from its moves: the rule of `wares.costing.fold`, backwards.

The last move that set a price decides: a receipt, goods back at the cost of their receipt, a revaluation, a change of method. Where
the pool is valued as a whole its totals after that move count, which are the present ones less those of the later moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from wares.costing.method import CostMethod
from wares.inventory.pools import VALUE, Key, PoolRow, method_of
from wares.model import Intent, NegativeStock, UnitValue
from wares.storage.tables import OF_TOTALS_MOVES, STANDING
from wares.storage.unit import Reader
from wares.values import day_of, end_of_month

_FROM = "FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) < (?, ?)"
_WITHOUT_PRICE = f"(m.intent IN ({int(Intent.AT_POOL)}, {int(Intent.COUNTED)}) AND m.stated IS NULL)"
_GOODS_BACK = (Intent.AT_RECEIPT_COST, Intent.COUNT_REVERSED)
_OF_POOL = (Intent.REVALUED_TO, Intent.REVALUED_BY, Intent.METHOD_CHANGED)
SETS_PRICE = (
    f"(m.intent <> {int(Intent.QUANTITY_ONLY)} AND (m.quantity > 0 AND NOT {_WITHOUT_PRICE} "
    f"OR m.intent IN ({', '.join(str(int(intent)) for intent in (*_GOODS_BACK, *_OF_POOL))})))"
)
"""The condition of a move that may set the last known unit value."""


class LaterTotals(NamedTuple):
    """The stored totals of a pool from a moment on."""

    quantity: int
    value: int
    on_hand: Mapping[int, int]  # quantity by location just before that moment


class _PriceMove(NamedTuple):
    """A move that may set the last known unit value."""

    quantity: int
    value: int
    intent: int
    stated: int | None
    at: int
    sequence: int

    @property
    def just_after(self) -> Key:
        return self.at, self.sequence + 1


def later_totals(reader: Reader, pool_id: int, start: Key) -> LaterTotals:
    """Return the sums of the months after `start`, and of the later moves in its own month."""
    month = day_of(start[0]) // 100
    on_hand: dict[int, int] = defaultdict(int)
    quantity = value = 0
    for location_id, period, moved, worth in reader.rows(
        "SELECT location_id, period, quantity, value FROM wares_pool_month WHERE company_id = ? AND pool_id = ?", pool_id
    ):
        if period > month:
            quantity += moved
            value += worth
        else:
            on_hand[location_id] += moved
    for location_id, moved, worth in reader.rows(
        "SELECT location_id, CAST(SUM(q) AS BIGINT), CAST(SUM(w) AS BIGINT) FROM "
        f"(SELECT m.location_id, m.quantity AS q, {VALUE} AS w FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? "
        f"AND (m.effective_at, m.sequence) >= (?, ?) AND m.effective_at < ? AND {STANDING}) AS s GROUP BY location_id",
        pool_id,
        *start,
        end_of_month(month),
    ):
        quantity += moved
        value += worth
        on_hand[location_id] -= moved
    return LaterTotals(quantity, value, on_hand)


def last_known(reader: Reader, row: PoolRow, before: Key, methods: Mapping[str, CostMethod]) -> UnitValue | None:
    """Return the last known unit value of a pool just before a moment; None if nothing was known."""
    changes = _methods_until(reader, row, before)
    at = before
    while (found := _last_price(reader, row.id, at)) is not None:
        at = found.at, found.sequence
        method = next(key for since, key in reversed(changes) if since < at)
        unit = _known_after(reader, row, found, method_of(methods, method), is_change=any(since == at for since, _ in changes))
        if unit is not None:
            return unit
    return _of_item(reader, row.id, before)


def _methods_until(reader: Reader, row: PoolRow, before: Key) -> list[tuple[Key, str]]:
    """Return the cost methods of a pool, each with the move since which it holds, without changes that change nothing."""
    changes: list[tuple[Key, str]] = [((-1, -1), row.first_method)]
    for method, at, sequence in reader.rows(
        f"SELECT m.method, m.effective_at, m.sequence {_FROM} AND m.{OF_TOTALS_MOVES} AND m.intent = {int(Intent.METHOD_CHANGED)} "
        f"AND {STANDING} ORDER BY m.effective_at, m.sequence",
        row.id,
        *before,
    ):
        if method != changes[-1][1]:
            changes.append(((at, sequence), method))
    return changes


def _last_price(reader: Reader, pool_id: int, before: Key) -> _PriceMove | None:
    found = reader.row(
        f"SELECT m.quantity, {VALUE}, m.intent, m.stated, m.effective_at, m.sequence {_FROM} AND {STANDING} AND {SETS_PRICE} "
        "ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 1",
        pool_id,
        *before,
    )
    return _PriceMove(*found) if found is not None else None


def _known_after(reader: Reader, row: PoolRow, move: _PriceMove, method: CostMethod, *, is_change: bool) -> UnitValue | None:
    """Return the unit value that a move set; None if it left the one before."""
    if move.intent == Intent.REVALUED_TO:
        return UnitValue.of_cost(move.stated or 0, reader.decimals)
    if move.intent == Intent.METHOD_CHANGED and not is_change:
        return None
    if move.intent in _OF_POOL or not method.layered:
        later = later_totals(reader, row.id, move.just_after)
        quantity = row.quantity - later.quantity
        if quantity > max(move.quantity, 0):
            return UnitValue(quantity, row.value - later.value)
    return UnitValue(move.quantity, move.value) if move.quantity > 0 else None


def _of_item(reader: Reader, pool_id: int, before: Key) -> UnitValue | None:
    """Return the item's cost when it was first taken for goods whose cost nothing said."""
    first = reader.row(
        f"SELECT m.fallback_cost {_FROM} AND {STANDING} AND m.fallback_cost IS NOT NULL "
        f"AND (m.quantity > 0 OR m.short = {int(NegativeStock.AT_ESTIMATE)}) ORDER BY m.effective_at, m.sequence LIMIT 1",
        pool_id,
        *before,
    )
    return UnitValue.of_cost(first[0], reader.decimals) if first is not None else None
