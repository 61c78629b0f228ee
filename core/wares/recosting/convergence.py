"""Convergence: the moment at which a replayed pool stands as it is stored, so that no later move can differ.

Differences are compared: of the pool's totals, of the quantity at each location, of each layer. They begin with the changed moves,
and often end: a layer with a corrected price is used up, an average pool runs empty and begins again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from wares.costing.pool import Layer, PoolState
from wares.inventory.pools import Key
from wares.recosting.consumption_changes import ConsumptionChanges
from wares.recosting.covers import Covers
from wares.recosting.moves import AT_POOL, COUNTED, QUANTITY_ONLY, ReplayedMove


class Convergence:
    """The differences between one pool as stored and as replayed."""

    def __init__(
        self,
        until: Key,
        *,
        state: PoolState,
        consumptions: ConsumptionChanges,
        covers: Covers,
        stored_bases: Callable[[Iterable[int]], Mapping[int, tuple[int, int]]],
    ) -> None:
        """`state`, `consumptions` and `covers` are those of the replay: they are read, never changed. `stored_bases` reads the base
        of layers as stored: quantity and value."""
        self.until = until  # the last move known to have changed: before it the pool has not converged
        self._state = state
        self._consumptions = consumptions
        self._covers = covers
        self._quantity, self._value = state.quantity, state.value  # of the pool as stored, after the moves seen so far
        self._places: dict[int, int] = defaultdict(int)
        self._layers: dict[int, list[int]] = {}  # remaining, taken, value
        self._stored_bases = stored_bases
        self._bases: dict[int, tuple[int, int]] = {}  # of layers, as stored
        self._unpriced: list[Layer] = []  # of goods without a price: of an equal value the base may differ
        self._gone: set[int] = set()  # moves that bring nothing in any more
        self._seen = consumptions.seen

    def see_issues(self, quantity: int, value: int) -> None:
        """Take note of issues of unchanged quantity, by the sums of their quantities and stored values."""
        self._quantity += quantity
        self._value += value

    def see(self, move: ReplayedMove, quantity: int, value: int) -> None:
        """Take note of a move that is worth `quantity` and `value` in the replay."""
        if move.intent is not QUANTITY_ONLY:
            self._quantity += move.old_quantity
            self._value += move.old_value
        if quantity != move.old_quantity:
            self._places[move.location_id] += quantity - move.old_quantity
        if (quantity > 0 or move.old_quantity > 0) and move.intent is not QUANTITY_ONLY:
            if quantity <= 0:
                self._gone.add(move.id)
            brought, had = (quantity, value) if quantity > 0 else (0, 0), (move.old_quantity, move.old_value)
            if quantity > 0 and _has_no_price(move):
                self._unpriced.append(self._state.created[-1])
            self._differ(move.id, brought[0] - max(had[0], 0), 0, brought[1] - (had[1] if had[0] > 0 else 0))

    def is_reached(self, move: ReplayedMove) -> bool:
        """True if the replay has converged with the stored state after `move`, a receipt. If the totals are equal, so are the base
        from which issues are measured and the last known value."""
        state = self._state
        if move.key <= self.until or state.quantity != self._quantity or state.value != self._value:
            return False
        if state.owed or self._covers:
            return False
        if _has_no_price(move):  # the last known value is that of an earlier move
            return False
        if move.is_new or move.quantity != move.old_quantity or move.value != move.old_value or any(self._places.values()):
            return False
        for layer_id, quantity, value in self._consumptions.differences(self._seen):
            self._differ(layer_id, -quantity, value, 0)
        self._seen = self._consumptions.seen
        self._layers = {layer_id: differences for layer_id, differences in self._layers.items() if self._matters(layer_id)}
        return not self._layers and self._have_equal_bases()

    def _have_equal_bases(self) -> bool:
        """True if the goods without a price that are still there have the exact unit value that is stored."""
        self._unpriced = [layer for layer in self._unpriced if layer.remaining]
        if not self._unpriced:
            return True
        unread = {layer.id for layer in self._unpriced} - self._bases.keys()
        self._bases |= self._stored_bases(unread) if unread else {}
        return all(self._bases.get(layer.id) == (layer.base_quantity, layer.base_value) for layer in self._unpriced)

    def _differ(self, layer_id: int, remaining: int, taken: int, value: int) -> None:
        if remaining or taken or value:
            differences = self._layers.setdefault(layer_id, [0, 0, 0])
            differences[0] += remaining
            differences[1] += taken
            differences[2] += value

    def _matters(self, layer_id: int) -> bool:
        """True if a layer differs, and is not used up both as stored and as replayed: then no later move takes from it."""
        differences = self._layers[layer_id]
        if differences[0] or not any(differences):
            return bool(differences[0])
        layer, _ = self._state.changed.get(layer_id, (None, None))
        return layer_id not in self._gone if layer is None else bool(layer.remaining)


def _has_no_price(move: ReplayedMove) -> bool:
    return move.intent in (AT_POOL, COUNTED) and move.stated is None
