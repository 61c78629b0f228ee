"""The moves of a pool that is valued as a whole, and its composition before any of them."""

from __future__ import annotations

from bisect import bisect_left

from wares.inventory.pools import VALUE, Key
from wares.model import GOODS_AT_ORIGIN_COST, Intent
from wares.reports.composition import HeldMove, RemainingPart, compositions
from wares.storage.tables import STANDING
from wares.storage.unit import Reader

_MOVES = (
    f"SELECT m.effective_at, m.sequence, m.move_id, m.quantity, m.intent, m.origin_id, {VALUE} FROM wares_move m "
    f"WHERE m.company_id = ? "
    f"AND m.pool_id = ? AND (m.effective_at, m.sequence) > (?, ?) AND (m.effective_at, m.sequence) < (?, ?) AND {STANDING} "
    f"AND m.intent <> {int(Intent.QUANTITY_ONLY)} ORDER BY m.effective_at, m.sequence"
)
_FIRST: Key = (-1, -1)


class PoolHistory:
    """Returns the composition before given moves; one walk answers for all moves that were announced together."""

    def __init__(self, reader: Reader, pool_id: int) -> None:
        self.reader = reader
        self.pool_id = pool_id
        self._keys: list[Key] = []
        self._moves: list[HeldMove] = []
        self._announced: set[Key] = set()
        self._parts: dict[Key, list[RemainingPart]] = {}

    def announce(self, key: Key) -> None:
        """Note that `before(key)` will be called."""
        if key not in self._parts:
            self._announced.add(key)

    def before(self, key: Key) -> list[RemainingPart]:
        """Return the composition of the pool just before the move at `key`; nothing if the pool was empty or short."""
        if key not in self._parts:
            self.announce(key)
            self._answer()
        return self._parts[key]

    def _answer(self) -> None:
        self._read(max(self._announced))
        positions = {key: bisect_left(self._keys, key) for key in self._announced}
        found = compositions(self._moves, positions.values())
        self._parts.update((key, found[position]) for key, position in positions.items())
        self._announced.clear()

    def _read(self, until: Key) -> None:
        """Read the moves before `until` that are not known yet."""
        known = self._keys[-1] if self._keys else _FIRST
        if known >= until:
            return
        for at, sequence, move_id, quantity, intent, origin_id, value in self.reader.rows(_MOVES, self.pool_id, *known, *until):
            self._keys.append((at, sequence))
            self._moves.append(HeldMove(move_id, quantity, value, origin_id if intent in GOODS_AT_ORIGIN_COST else None))
