"""Whether a pool that is folded anew has come to stand as it is stored, so that nothing after it can differ.

What is compared are differences: of the pool's totals, of what each place holds, of each layer. They begin with the facts that
changed, and often end: a layer whose price was corrected is used up, an average pool runs empty and begins again.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wares.correction.facts import NEUTRAL, Fact
from wares.pools import Key

if TYPE_CHECKING:
    from wares.correction.run import Run


class Settling:
    """The differences of one run between what is stored and what is folded anew."""

    def __init__(self, run: Run, until: Key) -> None:
        self.until = until  # the last fact known to have changed: before it nothing is settled
        self._run = run
        self._quantity, self._value = run.state.quantity, run.state.value  # of the pool as stored, after the facts seen so far
        self._places: dict[int, int] = defaultdict(int)
        self._layers: dict[int, list[int]] = {}  # remaining, taken, value
        self._gone: set[int] = set()  # moves that bring nothing in any more
        self._facts_seen = self._retaken_seen = 0
        for fact in run.stored:
            if fact.id in run.sweep.removed:
                self._see(fact, 0, 0)

    def is_settled(self, fact: Fact) -> bool:
        """Whether all is as stored after `fact`, which has just come in. What issues are measured from, and the last known value,
        are the same then if the totals are."""
        run, state = self._run, self._run.state
        for seen in run.facts[self._facts_seen : run.position]:
            if seen.quantity < 0 and seen.quantity == seen.old_quantity and seen.intent is not NEUTRAL:  # most are issues
                self._quantity += seen.quantity
                self._value += seen.old_value
            else:
                self._see(seen, seen.quantity, seen.value)
        self._facts_seen = run.position
        if fact.key <= self.until or state.quantity != self._quantity or state.value != self._value or state.owed or run.covers:
            return False
        if fact.is_new or fact.quantity != fact.old_quantity or fact.value != fact.old_value or any(self._places.values()):
            return False
        for _, before, now in run.retaken[self._retaken_seen :]:
            for layer_id, quantity, value in before:
                self._differ(layer_id, quantity, -value, 0)
            for layer_id, quantity, value in now:
                self._differ(layer_id, -quantity, value, 0)
        self._retaken_seen = len(run.retaken)
        self._layers = {layer_id: differences for layer_id, differences in self._layers.items() if self._matters(layer_id)}
        return not self._layers

    def _see(self, fact: Fact, quantity: int, value: int) -> None:
        """What is stored of a move, and what it is now."""
        if fact.intent is not NEUTRAL:
            self._quantity += fact.old_quantity
            self._value += fact.old_value
        if quantity != fact.old_quantity:
            self._places[fact.location_id] += quantity - fact.old_quantity
        if (quantity > 0 or fact.old_quantity > 0) and fact.intent is not NEUTRAL:
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
