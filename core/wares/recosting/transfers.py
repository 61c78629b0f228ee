"""What transfers carry from pool to pool in a sweep: the layers that one leg took are those that the other brings."""

from __future__ import annotations

from wares.inventory.pools import LAYER_KEY
from wares.model import TransferredLayer
from wares.recosting.moves import ReplayedMove
from wares.storage.unit import Reader


class Transfers:
    """A transfer's group is named after the move that took the goods, so that the move that brings them knows it."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._taken: dict[int, tuple[TransferredLayer, ...]] = {}  # by the move that took them, in this sweep
        self._others: set[int] = set()  # of these, stored ones that took something else before

    def took(self, fact: ReplayedMove, parts: tuple[TransferredLayer, ...]) -> bool:
        """Remember what a transfer takes; whether it was something else before, be it of the same value."""
        self._taken[fact.id] = parts
        if not fact.is_new and parts != self._stored(fact.id):
            self._others.add(fact.id)
        return fact.id in self._others

    def brings_otherwise(self, fact: ReplayedMove) -> bool:
        """Whether what the move brings is not what it brought before, be it of the same value."""
        return fact.group_id in self._others

    def brought(self, fact: ReplayedMove) -> tuple[TransferredLayer, ...]:
        """What the other leg took, oldest first."""
        taken = self._taken.get(fact.group_id or 0)
        return self._stored(fact.group_id or 0) if taken is None else taken

    def _stored(self, move_id: int) -> tuple[TransferredLayer, ...]:
        rows = self.reader.rows(
            "SELECT l.source_id, l.effective_at, l.sequence, c.quantity, c.value FROM consumption c "
            "JOIN move m ON m.company_id = c.company_id AND m.move_id = c.move_id "
            "JOIN layer l ON l.company_id = c.company_id AND l.pool_id = m.pool_id AND l.layer_id = c.layer_id "
            f"WHERE c.company_id = ? AND c.move_id = ? ORDER BY {', '.join(f'l.{column}' for column in LAYER_KEY)}",
            move_id,
        )
        return tuple([TransferredLayer(*row) for row in rows])
