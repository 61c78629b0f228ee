"""The state of pools at the instant of a backdated document: the cost method in force then, and later moves in other pools that
depend on it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from wares.inventory.move import NewMove
from wares.inventory.pools import Key, method_before
from wares.inventory.working_set import WorkingSet
from wares.model import PLANNED_AT_ORIGIN_COST, Item, OriginMove

Flush = Callable[[], None]


def method_at(ws: WorkingSet, item: Item, at: Key, *, replaced: Container[int] | None, flush: Flush) -> str:
    """Return the method that folds the item's goods just before a moment, without later changes and without the moves of the
    revision that is `replaced`."""
    ws.pools.need_item(item.id)
    pool = min(ws.pools.of_item(item.id), key=lambda pool: pool.id, default=None)
    if pool is None:
        return item.cost_method or "average"
    if replaced is None and at > pool.last_key:
        return pool.method
    flush()
    return method_before(ws.unit, pool.id, at, besides=replaced or ()) or pool.first_method


def reaches_elsewhere(ws: WorkingSet, moves: Iterable[NewMove], origin_of: Callable[[int], OriginMove], flush: Flush) -> bool:
    """True if one of these moves concerns another pool of its item, where each location is a pool of its own: it takes its value
    from a move of a pool that has later moves (a later cover does not count yet), or it covers an issue whose goods came back to
    another pool."""
    return any(_reaches_elsewhere(ws, move, origin_of, flush) for move in moves)


def _reaches_elsewhere(ws: WorkingSet, move: NewMove, origin_of: Callable[[int], OriginMove], flush: Flush) -> bool:
    pool, planned = move.pool, move.planned
    if planned.intent in PLANNED_AT_ORIGIN_COST:
        origin = origin_of(planned.origin or 0)
        others = [other for other in ws.pools.of_item(planned.item.id) if other.id == origin.pool_id and other is not pool]
        return any(other.last_key > move.key for other in others)
    if move.quantity < 0 or not pool.state.owed:
        return False
    flush()
    found = ws.unit.row(
        "SELECT 1 FROM wares_move_link k JOIN wares_move m ON m.company_id = k.company_id AND m.move_id = k.move_id "
        f"WHERE k.company_id = ? AND {ws.unit.among('k.origin_id')} AND m.pool_id <> ? LIMIT 1",
        ws.unit.listed([owed.move_id for owed in pool.state.owed]),
        pool.id,
    )
    return found is not None
