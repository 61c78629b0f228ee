"""The state of a pool while it is folded: totals and open layers, exact to the minor unit.

Stock value is money, not unit cost × quantity. The value that an issue takes is always
``round(base value × issued since base / base quantity) − taken since base``, where base is the layer (FIFO and its like) or the
pool after its last change that was not an issue (average). So the last unit takes the rest, and quantity 0 means value 0.

Layers stand in the order in which they are consumed. In a layered method their values are the pool's value; in the others they are
consumed by quantity only, to show where goods came from.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from wares.costing.layer import Layer as Layer
from wares.costing.layer import Owed, transferred_layers
from wares.costing.layer_changes import Changed, LayerChanges
from wares.costing.open_layers import FindLayers, MoreLayers, OpenLayers
from wares.costing.totals import PoolTotals, Totals
from wares.model import Consumption, FoldMove, TransferredLayer, UnitValue
from wares.values import extend, split

_consumption = partial(tuple.__new__, Consumption)
"""A Consumption of all its values, in half the time."""


class Mark(NamedTuple):
    """A pool at the moment to which a rollback returns it."""

    owed: list[tuple[int, int, int]]  # move id, quantity and estimate of each issue not covered yet
    totals: Totals
    created: int  # number of layers made until then


_mark = partial(tuple.__new__, Mark)
"""A Mark of all its values, in half the time."""


class PoolState(PoolTotals):
    """One pool as a fold sees and changes it. A method calls its verbs (`receive`, `issue`, ...); the core reads the changes."""

    __slots__ = ("_changes", "_layers", "changed", "created", "open", "owed")

    def __init__(
        self,
        quantity: int = 0,
        value: int = 0,
        base_quantity: int = 0,
        base_value: int = 0,
        known_quantity: int = 0,
        known_value: int = 0,
        layers: Iterable[Layer] = (),
        more: MoreLayers | None = None,
        *,
        find: FindLayers | None = None,
        newest_first: bool = False,
        rate: int | None = None,
        decimals: int = 2,
        owed: Iterable[Owed] = (),
        changed: Changed | None = None,
    ) -> None:
        super().__init__(quantity, value, base_quantity, base_value, known_quantity, known_value, rate=rate, decimals=decimals)
        self._changes = LayerChanges(changed)
        self._layers = OpenLayers(layers, self._changes.changed, more=more, find=find, newest_first=newest_first)
        self.owed: deque[Owed] = deque(owed)  # for the core: issues that are not covered yet
        self.open: deque[Layer] = self._layers.open  # for the core: the open layers read so far; `layers()` has all
        self.changed: dict[int, tuple[Layer, FoldMove | None]] = (
            self._changes.changed
        )  # for the core: layers touched, with the move that last took
        self.created: list[Layer] = self._changes.created  # for the core: layers made

    @property
    def newest_first(self) -> bool:
        """True if the newest layer is consumed first."""
        return self._layers.newest_first

    # --- verbs of a fold ---

    def receive(self, move: FoldMove, value: int) -> None:
        """Take goods in at `value`, minor units: as one new layer, or as the layers that a transfer brings from another pool."""
        if move.carried:
            for layer in transferred_layers(move, value):
                self._layers.place(layer)
                self.created.append(layer)
        else:
            base = (move.quantity, value) if move.unit is None else move.unit.spanning(move.quantity)
            layer = Layer(move.move_id, move.at, move.sequence, move.quantity, value, move.quantity, 0, *base)
            self._layers.add(layer)
            self.created.append(layer)
        self.quantity += move.quantity
        self.value += value
        self.rebase()

    def issue(
        self,
        move: FoldMove,
        quantity: int,
        value: int | None = None,
        order: Callable[[Layer], tuple[int, ...]] | None = None,
    ) -> tuple[int, tuple[Consumption, ...]]:
        """Send `quantity` out, the move's own `layer` first, then in the order of consumption (or by `order`, lowest first).

        With `value` that amount leaves the pool and is shown against the layers by quantity: a method that passes it sets
        `layered = False`. Without `value` each layer gives the value of its own part. Returns the amount taken and the parts. The
        caller has checked that the pool holds enough.
        """
        opened = self.open
        first = opened[0] if opened and order is None and move.layer is None else None
        if first is not None and first.remaining >= quantity > 0:  # most issues take from one layer
            total = first.worth(quantity) if value is None else value
            changes = self._changes
            if changes.undo is not None:
                changes.remember(first)
            first.remaining -= quantity
            first.taken += total
            self.changed[first.id] = (first, move)
            taken: tuple[Consumption, ...] = (_consumption((first.id, quantity, total)),)
        else:
            total, taken = self._changes.take(self._layers.parts(move, quantity, order), value, move)
        self.quantity -= quantity
        self.value -= total
        while opened and not opened[0].remaining:
            opened.popleft()
        return total, taken

    def layers(self) -> Iterator[Layer]:
        """Yield every open layer in the order of consumption; older ones are read when the walk reaches them."""
        return iter(self._layers)

    # --- for the core ---

    def unit_of_layers(self) -> UnitValue:
        """Return the exact unit value of the goods on hand, each layer at its own. Reads every open layer."""
        layers = list(self._layers)
        return UnitValue.of_parts([layer.unit for layer in layers], [layer.remaining for layer in layers])

    def carried(self, taken: Iterable[Consumption]) -> tuple[TransferredLayer, ...]:
        """Return the parts that an issue has just taken as another pool receives them, oldest first."""
        parts = sorted([(self.changed[part.layer][0], part) for part in taken], key=lambda each: each[0].key)
        return tuple([TransferredLayer(layer.source, layer.at, layer.sequence, part.quantity, part.value) for layer, part in parts])

    def revalue(self, *, unit_cost: int | None, amount: int | None, decimals: int, layered: bool) -> int:
        """Set every unit's value to `unit_cost` (millionths), or add `amount` spread by value; return the change in minor units."""
        before = self.value
        if layered:
            layers = list(self._layers)
            self.value = self._changes.revalue(layers, unit_cost=unit_cost, amount=amount or 0, decimals=decimals)
        elif unit_cost is not None:
            self.value = extend(self.quantity, unit_cost, decimals)
        else:
            self.value += amount or 0
        self.rebase()
        if unit_cost is not None:
            self.know(*UnitValue.of_cost(unit_cost, decimals))
        else:
            self.know(self.quantity, self.value)
        return self.value - before

    def relayer(self) -> None:
        """Make the layers' values the pool's: before a layered method follows one that is not. Value-neutral."""
        layers = list(self._layers)
        self._changes.restate(layers, split(self.value, [layer.remaining for layer in layers]))
        self.rebase()

    def reverse(self, newest_first: bool) -> None:
        """Take the layers in the other order of consumption."""
        if newest_first != self._layers.newest_first:
            self._layers.reverse()

    def mark(self) -> Mark:
        """Begin to remember, so that `rollback(mark)` can put everything back."""
        self._changes.undo = []
        owed = [(each.move_id, each.quantity, each.estimate) for each in self.owed] if self.owed else []
        return _mark((owed, self._totals(), len(self.created)))

    def rollback(self, mark: Mark) -> None:
        """Undo everything since `mark`."""
        self._set_totals(mark.totals)
        self.owed = deque(Owed(*each) for each in mark.owed)
        exhausted = self._changes.restore()
        self._layers.put_back(exhausted, self._changes.drop_created(mark.created))
