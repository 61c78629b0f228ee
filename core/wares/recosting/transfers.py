"""Transfers between pools in a replay: the layers that one leg takes are those that the other leg brings."""

from __future__ import annotations

from wares.inventory.pools import LAYER_KEY
from wares.model import TransferredLayer
from wares.recosting.moves import ReplayedMove
from wares.storage.unit import Reader


class Transfers:
    """The layers of each transfer. Its group has the id of the move that takes the goods, so that the other leg finds them."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._taken: dict[int, tuple[TransferredLayer, ...]] = {}  # by the move that took them, in this replay
        self._others: set[int] = set()  # of these, the stored moves that took other layers before

    def took(self, move: ReplayedMove, parts: tuple[TransferredLayer, ...]) -> bool:
        """Remember the layers that a transfer takes; True if the stored move took others, even of the same value."""
        self._taken[move.id] = parts
        if not move.is_new and parts != self._stored(move.id):
            self._others.add(move.id)
        return move.id in self._others

    def brings_otherwise(self, move: ReplayedMove) -> bool:
        """True if the move brings other layers than the stored one, even of the same value."""
        return move.group_id in self._others

    def brought(self, move: ReplayedMove) -> tuple[TransferredLayer, ...]:
        """Return the layers that the other leg took, oldest first."""
        taken = self._taken.get(move.group_id or 0)
        return self._stored(move.group_id or 0) if taken is None else taken

    def _stored(self, move_id: int) -> tuple[TransferredLayer, ...]:
        rows = self.reader.rows(
            "SELECT l.source_id, l.effective_at, l.sequence, c.quantity, c.value FROM wares_consumption c "
            "JOIN wares_move m ON m.company_id = c.company_id AND m.move_id = c.move_id "
            "JOIN wares_layer l ON l.company_id = c.company_id AND l.pool_id = m.pool_id AND l.layer_id = c.layer_id "
            f"WHERE c.company_id = ? AND c.move_id = ? ORDER BY {', '.join(f'l.{column}' for column in LAYER_KEY)}",
            move_id,
        )
        return tuple([TransferredLayer(*row) for row in rows])
