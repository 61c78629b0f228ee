"""The opening state of a pool: its state just before a moment, worked out from the present state and the later moves.

The cost of this does not depend on the length of the history before. Totals are the present ones less the later moves; layers get
later consumptions back (`opening_layers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from wares.costing.layer import Owed
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.inventory.last_known import LaterTotals, last_known, later_totals
from wares.inventory.pools import VALUE, Key, PoolRow, method_of, owed_at
from wares.model import VALUE_ONLY, Intent
from wares.recosting.move_pages import StoredCover
from wares.recosting.moves import BEGINNING, ReplayedMove
from wares.recosting.opening_layers import OpeningLayers
from wares.storage.tables import OF_TOTALS_MOVES, STANDING
from wares.storage.unit import Reader
from wares.values import unit_value

TOOK_SHORT = (
    "(m.short > 0 AND -m.quantity > (SELECT COALESCE(SUM(c.quantity), 0) FROM wares_consumption c "
    "WHERE c.company_id = m.company_id "
    "AND c.move_id = m.move_id AND c.estimate IS NULL))"
)
"""The condition of an issue that took more than there was, not only may have."""
_GOODS_BACK = ", ".join(
    str(int(intent)) for intent in (Intent.AT_RECEIPT_COST, Intent.COUNT_REVERSED, Intent.REVALUED_TO, Intent.REVALUED_BY)
)
"""Intents of moves without incoming goods that change the base from which issues are measured."""


class OpeningState(NamedTuple):
    """A pool as it stood just before a moment."""

    state: PoolState
    method: str  # key of the method that folded it then
    on_hand: dict[int, int]  # quantity by location
    layers: OpeningLayers | None = None
    covers: Sequence[StoredCover] = ()  # by later receipts, of issues before: they are taken out of the state


class _Method(NamedTuple):
    """The method of a pool at a moment."""

    key: str
    rate: int | None  # millionths: the standard rate
    changed: Key  # the last change of method


def opening_state(reader: Reader, row: PoolRow, start: Key, methods: Mapping[str, CostMethod]) -> OpeningState:
    """Return a stored pool as it stood just before `start`."""
    later = later_totals(reader, row.id, start)
    owed = _owed_then(reader, row, start, later)
    covers = _covers_since(reader, owed, start)
    later = later._replace(value=later.value + sum(cover.difference for cover in covers))
    state, method, layers = _state_before(reader, row, start, later, owed, methods)
    return OpeningState(state, method, dict(later.on_hand), layers, covers)


def opening_of_new(row: PoolRow, decimals: int, methods: Mapping[str, CostMethod]) -> OpeningState:
    """Return the empty state of a pool that a document opens."""
    newest_first = method_of(methods, row.method).newest_first
    return OpeningState(PoolState(newest_first=newest_first, rate=row.first_rate, decimals=decimals), row.method, {})


def opening_without(
    reader: Reader, row: PoolRow, untouched: Iterable[ReplayedMove], methods: Mapping[str, CostMethod]
) -> OpeningState:
    """Return a pool as it stands now, without receipts that no move took from. Its layers are left as they are stored."""
    stored = [move for move in untouched if not move.is_new]
    quantity = row.quantity - sum(move.quantity for move in stored)
    value = row.value - sum(move.old_value for move in stored)
    newest_first = method_of(methods, row.method).newest_first
    state = PoolState(quantity, value, quantity, value, newest_first=newest_first, rate=row.rate, decimals=reader.decimals)
    return OpeningState(state, row.method, {})


def _owed_then(reader: Reader, row: PoolRow, start: Key, later: LaterTotals) -> list[Owed]:
    """Return the goods that issues before `start` took before they were there."""
    quantity = row.quantity - later.quantity
    return owed_at(reader, row.id, -quantity, start) if quantity < 0 else []


def _covers_since(reader: Reader, owed: Iterable[Owed], start: Key) -> list[StoredCover]:
    """Return the stored covers, by receipts from `start` on, of goods that were owed then."""
    issues = [each.move_id for each in owed]
    return [] if not issues else [
        StoredCover(layer_id, move_id, estimate - value) for layer_id, move_id, value, estimate in reader.rows(
            "SELECT c.layer_id, c.move_id, c.value, c.estimate FROM wares_consumption c "
            "JOIN wares_move m ON m.company_id = c.company_id AND m.move_id = c.layer_id WHERE c.company_id = ? "
            f"AND {reader.among('c.move_id')} AND c.estimate IS NOT NULL AND (m.effective_at, m.sequence) >= (?, ?)",
            reader.listed(issues),
            *start,
        )
    ]  # fmt: skip


def revalued_since(reader: Reader, pool_id: int, start: Key) -> bool:
    """True if a revaluation or a change of method acted on the pool as a whole from `start` on."""
    row = reader.row(
        f"SELECT 1 FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) >= (?, ?) "
        f"AND m.{OF_TOTALS_MOVES} AND m.intent IN ({', '.join(str(int(intent)) for intent in sorted(VALUE_ONLY))}) "
        f"AND {STANDING} LIMIT 1",
        pool_id,
        *start,
    )
    return row is not None


def rates_as_stored(reader: Reader, row: PoolRow, methods: Mapping[str, CostMethod]) -> frozenset[int]:
    """Return the revaluations that set a standard rate. Where each location is costed by itself, they stand at all of them."""
    found, method = set(), row.first_method
    for move_id, intent, to in reader.rows(
        f"SELECT m.move_id, m.intent, m.method FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? AND m.{OF_TOTALS_MOVES} "
        f"AND m.intent IN ({int(Intent.REVALUED_TO)}, {int(Intent.METHOD_CHANGED)}) AND {STANDING} "
        "ORDER BY m.effective_at, m.sequence",
        row.id,
    ):
        if intent == Intent.METHOD_CHANGED:
            method = to
        elif method_of(methods, method).fixed_rate:
            found.add(move_id)
    return frozenset(found)


def _state_before(
    reader: Reader, row: PoolRow, start: Key, later: LaterTotals, owed: Iterable[Owed], methods: Mapping[str, CostMethod]
) -> tuple[PoolState, str, OpeningLayers]:
    """Return a pool just before `start`, when issues `owed` something to it; the key of its method then, and its open layers."""
    before = (
        f"FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) < (?, ?) AND {STANDING} "
        f"AND m.intent <> {int(Intent.QUANTITY_ONLY)} "
    )
    at = (row.id, *start)
    method = _method_before(reader, row, before, at, methods)
    quantity, value = row.quantity - later.quantity, row.value - later.value
    issued = _issued_since_base(reader, before, at, method.changed)
    known = last_known(reader, row, start, methods) or (0, 0)
    newest = method_of(methods, method.key).newest_first
    layers = OpeningLayers(reader, row, start, newest_first=newest)
    state = PoolState(
        quantity,
        value,
        quantity - issued[0],
        value - issued[1],
        *known,
        more=layers.more,
        find=layers.find,
        newest_first=newest,
        rate=method.rate,
        decimals=reader.decimals,
        owed=owed,
        changed=layers.changed,
    )
    return state, method.key, layers


def _method_before(reader: Reader, row: PoolRow, before: str, at: tuple[int, ...], methods: Mapping[str, CostMethod]) -> _Method:
    """Return the method of a pool after the changes of method and of the rate that the clause `before` selects."""
    key, rate, last_change = row.first_method, row.first_rate, BEGINNING
    for intent, stated, method, *changed in reader.rows(
        f"SELECT m.intent, m.stated, m.method, m.effective_at, m.sequence {before} AND m.{OF_TOTALS_MOVES} "
        f"AND m.intent >= {int(Intent.REVALUED_TO)} ORDER BY m.effective_at, m.sequence",
        *at,
    ):
        if intent == Intent.METHOD_CHANGED and method != key:
            key = method
            last_change = changed[0], changed[1]
            if method_of(methods, key).fixed_rate:
                rate = _rate_at_change(reader, f"SELECT m.quantity AS q, {VALUE} AS w {before}", (row.id, *changed), stated)
        elif intent == Intent.REVALUED_TO:
            rate = stated
    return _Method(key, rate, last_change)


def _issued_since_base(reader: Reader, before: str, at: tuple[int, ...], method_changed: Key) -> tuple[int, int]:
    """Return quantity and value of the issues since the last move that set the base from which issues are measured."""
    last = reader.row(
        f"SELECT m.effective_at, m.sequence {before} AND (m.quantity > 0 OR {TOOK_SHORT} OR m.intent IN ({_GOODS_BACK})) "
        "ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 1",
        *at,
    )
    base = max(method_changed, last or BEGINNING)
    if base == BEGINNING:
        return 0, 0
    issued = reader.row(
        "SELECT CAST(COALESCE(SUM(q), 0) AS BIGINT), CAST(COALESCE(SUM(w), 0) AS BIGINT) FROM "
        f"(SELECT m.quantity AS q, {VALUE} AS w {before} AND (m.effective_at, m.sequence) > (?, ?)) AS s",
        *at,
        *base,
    )
    assert issued is not None
    return issued[0], issued[1]


def _rate_at_change(reader: Reader, moves: str, at: tuple[int, ...], fallback: int | None) -> int | None:
    """Return the standard rate at which a change of method began: the unit value of the pool then."""
    row = reader.row(
        f"SELECT CAST(COALESCE(SUM(q), 0) AS BIGINT), CAST(COALESCE(SUM(w), 0) AS BIGINT) FROM ({moves}) AS s",
        *at,
    )
    quantity, value = row or (0, 0)
    return unit_value(value, quantity, reader.decimals) if quantity > 0 else fallback
