"""The moves that take back a change of cost method.

They are value-neutral, like the change. From the day of the reversal all pools of the item are costed by their earlier method, and
pools that were opened at other locations since the change, by the earlier method of the item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wares.errors import Refused
from wares.inventory.move import NewMove
from wares.inventory.pool import Pool
from wares.inventory.pools import Key
from wares.model import Intent, Item, PlannedMove
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.voiding.posted_moves import PostedMove
from wares.voiding.reversal import ReversalMoves


class _MethodChange(NamedTuple):
    """A recorded change of a pool's method."""

    key: Key
    """Its place in the order of the pool."""
    method: str
    number: str
    """The number of its document."""
    status: str
    """The status of its document."""


def change_methods_back(moves: ReversalMoves, posted: Iterable[PostedMove]) -> Iterator[NewMove]:
    """Make the moves that restore the earlier methods; `posted` are the changes. Refused HAS_FOLLOWERS."""
    posted = list(posted)
    by_pool = {each.pool_id: each for each in posted}
    for change in {each.item_id: each for each in posted}.values():
        yield from _of_item(moves, change, by_pool)


def _of_item(moves: ReversalMoves, change: PostedMove, by_pool: dict[int, PostedMove]) -> Iterator[NewMove]:
    masters, item = moves.batch.masters, moves.item_of(change)
    before = ""
    for pool in sorted(moves.pools_of_item(item.id), key=lambda pool: pool.id not in by_pool):  # the changed pools first
        posted = by_pool.get(pool.id, change)
        changes = _changes_of(moves.batch.unit, pool)
        _require_last(moves, item, changes, posted)
        if pool.id in by_pool:
            before = next((each.method for each in reversed(changes) if each.key < posted.key), pool.first_method)
        place = masters.location_by_id(pool.area_id or posted.location_id)
        planned = PlannedMove(item, 0, place, Intent.METHOD_CHANGED, item.cost or 0, counter=None, origin=posted.id, method=before)
        yield moves.make(posted, planned, pool=pool)


def _require_last(moves: ReversalMoves, item: Item, changes: Iterable[_MethodChange], posted: PostedMove) -> None:
    later = next((each.number for each in changes if each.key > posted.key and each.status == "posted"), None)
    if later is not None:
        message = f"{later} has changed the cost method of {item.sku} again"
        number = moves.reversal.original.number
        raise Refused.because("HAS_FOLLOWERS", message, where=number, hint=f"void {later} first")


def _changes_of(reader: Reader, pool: Pool) -> list[_MethodChange]:
    """Return the changes of a pool's method in their order."""
    rows = reader.rows(
        "SELECT m.effective_at, m.sequence, m.method, d.number, d.status FROM wares_move m JOIN wares_document d "
        "ON d.company_id = m.company_id AND d.document_id = m.document_id WHERE m.company_id = ? AND m.pool_id = ? "
        f"AND m.intent = {int(Intent.METHOD_CHANGED)} AND {STANDING} ORDER BY m.effective_at, m.sequence",
        pool.id,
    )
    return [_MethodChange((at, sequence), method, number, status) for at, sequence, method, number, status in rows]
