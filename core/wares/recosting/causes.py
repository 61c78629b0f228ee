"""The causes of a recosting: moves that are new, removed, or at another value, and the pools in which they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from wares.inventory.move import NewMove
from wares.inventory.pool import Pool
from wares.inventory.pools import Key, PoolRow
from wares.recosting.dependencies import Dependencies
from wares.recosting.moves import BEGINNING, ReplayedMove


class Causes:
    """The causes of one recosting, by pool and by move."""

    def __init__(
        self,
        dependencies: Dependencies,
        *,
        new: Sequence[NewMove],
        removed: Iterable[int],
        value_facts: Iterable[tuple[int, int, int]],
    ) -> None:
        """`value_facts` are (receipt's move, amount, counter account)."""
        self._dependencies = dependencies
        self.new: dict[int, list[ReplayedMove]] = defaultdict(list)  # pool → its new moves
        self.opened: dict[int, PoolRow] = {}  # pool → its row, as the document may open it
        self.removed = frozenset(removed)
        self.value_facts: dict[int, list[tuple[int, int]]] = defaultdict(list)  # receipt → (counter, amount) of this document
        self.by_pool: dict[int, list[ReplayedMove]] = defaultdict(list)  # pool → moves that are new, removed or valued otherwise
        self.last_changed: dict[int, Key] = {}  # pool → the last stored move that is removed or valued otherwise
        dependencies.removed |= self.removed
        for each in new:
            self._add_new(each)
        for move_id, amount, counter_id in value_facts:
            self.value_facts[move_id].append((counter_id, amount))
        for move in dependencies.moves(self.removed | self.value_facts.keys()):
            self._add_changed(move)
            if move.id in self.removed and move.origin_id is not None:
                for other in dependencies.returns_of(move.origin_id):
                    if other.key > move.key:
                        self._add_changed(other)

    def _add_new(self, new: NewMove) -> None:
        move = ReplayedMove.of(new)
        self.new[move.pool_id].append(move)
        self._dependencies.add(move)
        self.opened[move.pool_id] = _row_of(new.pool)
        self.by_pool[move.pool_id].append(move)

    def _add_changed(self, move: ReplayedMove) -> None:
        self.by_pool[move.pool_id].append(move)
        self.last_changed[move.pool_id] = max(move.key, self.last_changed.get(move.pool_id, BEGINNING))

    def added_to(self, move: ReplayedMove) -> int:
        """Return the value that this document adds to a receipt."""
        return sum(amount for _, amount in self.value_facts.get(move.id, ()))


def _row_of(pool: Pool) -> PoolRow:
    """Return the row of a pool as a document opens it: empty, and without a last move."""
    return PoolRow(
        id=pool.id,
        item_id=pool.item_id,
        area_id=pool.area_id,
        lot=pool.lot,
        method=pool.method,
        account_id=pool.account_id,
        first_method=pool.first_method,
        first_rate=pool.first_rate,
        rate=pool.first_rate,
        quantity=0,
        value=0,
        base_quantity=0,
        base_value=0,
        known_quantity=0,
        known_value=0,
        last_at=-1,
        last_sequence=-1,
    )
