"""Receipts whose layers no later move consumed: a late receipt behind older layers, a late price of goods that are all on hand.

Where layers leave by age, such a receipt has the same effect as if it came last: neither the later moves nor the opening state of
the pool has to be read. The layer that issues take from next decides: it has something left to this day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wares.costing.method import CostMethod
from wares.inventory.last_known import SETS_PRICE
from wares.inventory.pools import Key, PoolRow
from wares.recosting.moves import QUANTITY_ONLY, STATED, ReplayedMove
from wares.storage.tables import OF_TOTALS_MOVES, OPEN, STANDING
from wares.storage.unit import Reader


def are_untouched(reader: Reader, row: PoolRow, methods: Mapping[str, CostMethod], moves: Sequence[ReplayedMove]) -> bool:
    """True if these moves of a pool, new or at another price, change no later move."""
    method = methods.get(row.method)
    if (
        method is None
        or not method.by_age
        or (row.area_id and method.newest_first)  # a transfer may bring layers that are younger than goods that came before it
        or any(move.intent is not STATED or move.group_id is not None for move in moves)
    ):
        return False
    start = min(move.key for move in moves)
    if _totals_matter(reader, row.id, start):
        return False
    if not all(_is_untouched(reader, row.id, move) for move in moves if not move.is_new):
        return False
    reached = _reached_by_newest if method.newest_first else _reached_by_oldest
    return not any(reached(reader, row.id, move.key) for move in moves if move.is_new)


def _totals_matter(reader: Reader, pool_id: int, start: Key) -> bool:
    """True if a count, goods without a price, a revaluation or a change of method came since."""
    row = reader.row(
        f"SELECT 1 FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) >= (?, ?) "
        f"AND m.{OF_TOTALS_MOVES} AND m.intent <> {int(QUANTITY_ONLY)} AND {STANDING} LIMIT 1",
        pool_id,
        *start,
    )
    return row is not None


def _is_untouched(reader: Reader, pool_id: int, move: ReplayedMove) -> bool:
    """True if a receipt is on hand in full at its value, and no move refers to it."""
    row = reader.row(
        "SELECT 1 FROM wares_layer l WHERE l.company_id = ? AND l.pool_id = ? AND l.layer_id = ? AND l.remaining = l.quantity "
        "AND l.value = ? AND NOT EXISTS (SELECT 1 FROM wares_move_link k WHERE k.company_id = l.company_id "
        "AND k.origin_id = l.layer_id)",
        pool_id,
        move.id,
        move.old_value,
    )
    return row is not None


def _reached_by_oldest(reader: Reader, pool_id: int, key: Key) -> bool:
    """True if issues, oldest first, reached goods that came in at `key`: no older layer that was there by then has something left
    to this day. (A transfer may have brought an older layer later.)"""
    row = reader.row(
        f"SELECT 1 FROM wares_layer WHERE company_id = ? AND pool_id = ? AND exhausted_at = {OPEN} "
        "AND (effective_at, sequence) < (?, ?) AND (arrived_at, arrived_sequence) < (?, ?) LIMIT 1",
        pool_id,
        *key,
        *key,
    )
    return row is None


def _reached_by_newest(reader: Reader, pool_id: int, key: Key) -> bool:
    """True if issues, newest first, reached goods that came in at `key`: they took from the layer just below."""
    bounds = "company_id = ? AND pool_id = ? AND (effective_at, sequence) < (?, ?)"
    latest = "ORDER BY effective_at DESC, sequence DESC LIMIT 1"
    below = reader.row(
        f"SELECT effective_at, sequence, layer_id FROM wares_layer WHERE {bounds} AND exhausted_at = {OPEN} {latest}", pool_id, *key
    )
    used_up = reader.row(
        f"SELECT 1 FROM wares_layer WHERE {bounds} AND exhausted_at >= ? AND exhausted_at < {OPEN} "
        "AND (exhausted_at, exhausted_sequence) > (?, ?) AND (effective_at, sequence) > (?, ?) LIMIT 1",
        pool_id,
        *key,
        key[0],
        *key,
        *(below[:2] if below else (-1, -1)),
    )
    if below is None or used_up is not None:
        return True
    taken = reader.row(
        "SELECT c.quantity FROM wares_consumption c JOIN wares_move m ON m.company_id = c.company_id AND m.move_id = c.move_id "
        "WHERE c.company_id = ? AND c.layer_id = ? AND (m.effective_at, m.sequence) > (?, ?) LIMIT 1",
        below[2],
        *key,
    )
    return taken is not None


def are_last(reader: Reader, pool_id: int, moves: Iterable[ReplayedMove]) -> bool:
    """True if no goods with a price came after these moves: then the last known unit value is theirs. Goods that go back to a
    supplier leave it, where layers keep their own value."""
    row = reader.row(
        f"SELECT m.effective_at, m.sequence FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? "
        f"AND m.quantity > 0 AND {SETS_PRICE} AND {STANDING} ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 1",
        pool_id,
    )
    return row is None or row <= max(move.key for move in moves)
