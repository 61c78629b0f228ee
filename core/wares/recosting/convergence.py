"""Whether a pool that is folded anew has come to stand as it is stored, so that nothing after it can differ.

What is compared are differences: of the pool's totals, of what each place holds, of each layer. They begin with the facts that
changed, and often end: a layer whose price was corrected is used up, an average pool runs empty and begins again.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wares.inventory.pools import Key
from wares.recosting.moves import QUANTITY_ONLY, ReplayedMove

if TYPE_CHECKING:
    from wares.recosting.pool_replay import PoolReplay


class Convergence:
    """The differences of one run between what is stored and what is folded anew."""

    def __init__(self, run: PoolReplay, until: Key) -> None:
        self.until = until  # the last fact known to have changed: before it nothing is settled
        self._run = run
        self._quantity, self._value = run.state.quantity, run.state.value  # of the pool as stored, after the facts seen so far
        self._places: dict[int, int] = defaultdict(int)
        self._layers: dict[int, list[int]] = {}  # remaining, taken, value
        self._gone: set[int] = set()  # moves that bring nothing in any more
        self._seen = run.takings.seen
        self.carries_otherwise = False  # a transfer brought other layers than are stored, of ages of their own

    def see_issues(self, quantity: int, value: int) -> None:
        """Issues that move what they moved: their quantity and stored value."""
        self._quantity += quantity
        self._value += value

    def is_settled(self, fact: ReplayedMove) -> bool:
        """Whether all is as stored after `fact`, which has just come in. What issues are measured from, and the last known value,
        are the same then if the totals are."""
        run, state = self._run, self._run.state
        if fact.key <= self.until or state.quantity != self._quantity or state.value != self._value:
            return False
        if state.owed or run.covers or run.old_covers or self.carries_otherwise:
            return False
        if fact.is_new or fact.quantity != fact.old_quantity or fact.value != fact.old_value or any(self._places.values()):
            return False
        for layer_id, quantity, value in run.takings.differences(self._seen):
            self._differ(layer_id, -quantity, value, 0)
        self._seen = run.takings.seen
        self._layers = {layer_id: differences for layer_id, differences in self._layers.items() if self._matters(layer_id)}
        return not self._layers

    def see(self, fact: ReplayedMove, quantity: int, value: int) -> None:
        """What is stored of a move, and what it is now."""
        if fact.intent is not QUANTITY_ONLY:
            self._quantity += fact.old_quantity
            self._value += fact.old_value
        if quantity != fact.old_quantity:
            self._places[fact.location_id] += quantity - fact.old_quantity
        if (quantity > 0 or fact.old_quantity > 0) and fact.intent is not QUANTITY_ONLY:
            if quantity <= 0:
                self._gone.add(fact.id)
            brought, had = (quantity, value) if quantity > 0 else (0, 0), (fact.old_quantity, fact.old_value)
            self._differ(fact.id, brought[0] - max(had[0], 0), 0, brought[1] - (had[1] if had[0] > 0 else 0))

    def _differ(self, layer_id: int, remaining: int, taken: int, value: int) -> None:
        if remaining or taken or value:
            differences = self._layers.setdefault(layer_id, [0, 0, 0])
            differences[0] += remaining
            differences[1] += taken
            differences[2] += value

    def _matters(self, layer_id: int) -> bool:
        """Whether a layer differs, and is not used up both in the books and here: what it was worth matters to nobody then."""
        differences = self._layers[layer_id]
        if differences[0] or not any(differences):
            return bool(differences[0])
        layer, _ = self._run.state.changed.get(layer_id, (None, None))
        return layer_id not in self._gone if layer is None else bool(layer.remaining)
