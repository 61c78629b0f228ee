"""Goods that nothing recorded later took from: a late receipt behind older layers, a late price of what is still all there.

Where layers leave by age, such goods may as well have come in last: neither what was recorded since nor what the pool held before
has to be read. It is known by the layer at which the pool stops: the one that issues take from next, and have left something of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wares.costing.method import CostMethod
from wares.inventory.pools import Key, PoolRow
from wares.recosting.moves import QUANTITY_ONLY, STATED, ReplayedMove
from wares.storage.tables import OF_TOTALS_MOVES, OPEN, STANDING
from wares.storage.unit import Reader


def stands_aside(reader: Reader, row: PoolRow, methods: Mapping[str, CostMethod], facts: Sequence[ReplayedMove]) -> bool:
    """Whether these facts of a pool, new ones or priced otherwise, change nothing that was recorded after them."""
    method = methods.get(row.method)
    if (
        method is None
        or not method.by_age
        or (row.area_id and method.newest_first)  # what a transfer brings may be younger than goods that came before it
        or any(fact.intent is not STATED or fact.group_id is not None for fact in facts)
    ):
        return False
    start = min(fact.key for fact in facts)
    if _totals_matter(reader, row.id, start):
        return False
    if not all(_is_untouched(reader, row.id, fact) for fact in facts if not fact.is_new):
        return False
    reached = _reached_by_newest if method.newest_first else _reached_by_oldest
    return not any(reached(reader, row.id, fact.key) for fact in facts if fact.is_new)


def _totals_matter(reader: Reader, pool_id: int, start: Key) -> bool:
    """Whether a count, goods without a price, a revaluation or a change of method came since."""
    row = reader.row(
        f"SELECT 1 FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) >= (?, ?) "
        f"AND m.{OF_TOTALS_MOVES} AND m.intent <> {int(QUANTITY_ONLY)} AND {STANDING} LIMIT 1",
        pool_id,
        *start,
    )
    return row is not None


def _is_untouched(reader: Reader, pool_id: int, fact: ReplayedMove) -> bool:
    """Whether all of a receipt is still there, as it came in, and nothing refers to it."""
    row = reader.row(
        "SELECT 1 FROM layer l WHERE l.company_id = ? AND l.pool_id = ? AND l.layer_id = ? AND l.remaining = l.quantity "
        "AND l.value = ? AND NOT EXISTS (SELECT 1 FROM move_link k WHERE k.company_id = l.company_id AND k.origin_id = l.layer_id)",
        pool_id,
        fact.id,
        fact.old_value,
    )
    return row is not None


def _reached_by_oldest(reader: Reader, pool_id: int, key: Key) -> bool:
    """Oldest first: issues reached goods that came in at `key` unless an older layer has something left to this day, and was there
    by then: a transfer may have brought it later."""
    row = reader.row(
        f"SELECT 1 FROM layer WHERE company_id = ? AND pool_id = ? AND exhausted_at = {OPEN} "
        "AND (effective_at, sequence) < (?, ?) AND (arrived_at, arrived_sequence) < (?, ?) LIMIT 1",
        pool_id,
        *key,
        *key,
    )
    return row is None


def _reached_by_newest(reader: Reader, pool_id: int, key: Key) -> bool:
    """Newest first: issues reached goods that came in at `key` if they took from the layer just below."""
    bounds = "company_id = ? AND pool_id = ? AND (effective_at, sequence) < (?, ?)"
    latest = "ORDER BY effective_at DESC, sequence DESC LIMIT 1"
    below = reader.row(
        f"SELECT effective_at, sequence, layer_id FROM layer WHERE {bounds} AND exhausted_at = {OPEN} {latest}", pool_id, *key
    )
    used_up = reader.row(
        f"SELECT 1 FROM layer WHERE {bounds} AND exhausted_at >= ? AND exhausted_at < {OPEN} "
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
        "SELECT c.quantity FROM consumption c JOIN move m ON m.company_id = c.company_id AND m.move_id = c.move_id "
        "WHERE c.company_id = ? AND c.layer_id = ? AND (m.effective_at, m.sequence) > (?, ?) LIMIT 1",
        below[2],
        *key,
    )
    return taken is not None


def are_last(reader: Reader, pool_id: int, facts: Iterable[ReplayedMove]) -> bool:
    """Whether no goods moved after these facts: then the last known value of a unit is theirs."""
    row = reader.row(
        f"SELECT m.effective_at, m.sequence FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND m.quantity <> 0 "
        f"AND m.intent <> {int(QUANTITY_ONLY)} AND {STANDING} ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 1",
        pool_id,
    )
    return row is None or row <= max(fact.key for fact in facts)
