"""The state of a pool while it is folded: totals and open layers, exact to the minor unit.

Stock value is money, not unit cost × quantity. What an issue takes is always
``round(base value × issued since base / base quantity) − taken since base``, where base is the layer (FIFO and its like) or the
pool after its last change that was not an issue (average). So the last unit takes the rest, and quantity 0 means value 0.

Layers stand in the order in which they are consumed. In a layered method their values are the pool's value; in the others they are
consumed by quantity only, to show where goods came from.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from wares.costing.layer import Layer as Layer
from wares.costing.layer import Owed, carried_id
from wares.model import Consumption, FoldMove, TransferredLayer
from wares.values import divide, extend, share, split

MoreLayers = Callable[[Layer | None], list[Layer]]
"""The next open layers after the given one in the order of consumption; empty when there are no more."""
FindLayers = Callable[[int], list[Layer]]
"""The open layers that go back to a move, read by themselves."""
_taken = partial(tuple.__new__, Consumption)
"""A Consumption of all its values, in half the time."""
Mark = tuple[Any, ...]
Undo = tuple[Layer, int, int, int, int, int]


class PoolState:
    """One pool as a fold sees and changes it. A method calls its verbs (`receive`, `issue`, ...); the core reads the changes."""

    __slots__ = (
        "_ahead",
        "_asked",
        "_cursor",
        "_fresh",
        "_undo",
        "base_quantity",
        "base_value",
        "changed",
        "created",
        "decimals",
        "find",
        "known_quantity",
        "known_value",
        "more",
        "newest_first",
        "open",
        "owed",
        "quantity",
        "rate",
        "value",
    )

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
    ) -> None:
        self.quantity = quantity  # on hand, millionths
        self.value = value  # minor units, company currency
        self.base_quantity = base_quantity  # `quantity` after the last change that was not an issue
        self.base_value = base_value  # `value` then: issues of the pool as a whole are measured from it
        self.known_quantity = known_quantity  # quantity of the last valued move, unsigned
        self.known_value = known_value  # its value, unsigned: with `known_quantity` the last known unit value
        self.rate = rate  # standard unit cost in force, millionths; None without one
        self.decimals = decimals  # places of the company's currency
        self.owed: deque[Owed] = deque(owed)  # for the core: issues that are not covered yet
        self.newest_first = newest_first  # the order of consumption
        self.open: deque[Layer] = deque(layers)  # for the core: the open layers read so far; `layers()` has all
        self.more = more  # for the core: reads further layers
        self.find = find  # for the core: reads the layers of one move
        self._ahead: dict[int, Layer] = {}  # read by themselves, before the walk has come to them
        self._asked: set[int] = set()  # the moves whose layers were read so
        self._cursor = self.open[-1] if self.open else None  # the last layer read, however long it is exhausted
        self._fresh: dict[int, Layer] = {}  # made here while older layers are still unread
        self.changed: dict[int, tuple[Layer, FoldMove | None]] = {}  # for the core: layers touched, with the move that last took
        self.created: list[Layer] = []  # for the core: layers made
        self._undo: list[Undo] | None = None

    # --- verbs of a fold ---

    def receive(self, move: FoldMove, value: int) -> None:
        """Take goods in at `value`, minor units: as one new layer, or as the layers that a transfer brings from another pool."""
        if move.carried:
            self._receive_carried(move, value)
        else:
            layer = Layer(move.move_id, move.at, move.sequence, move.quantity, value, move.quantity, 0, move.quantity, value)
            if self.newest_first:
                self.open.appendleft(layer)
            elif self.more is None:
                self.open.append(layer)
            else:
                self._fresh[layer.id] = layer
            self.created.append(layer)
        self.quantity += move.quantity
        self.value += value
        self.rebase()
        self.known_quantity, self.known_value = move.quantity, value

    def rebase(self) -> None:
        """Make the present totals the base from which issues of the pool as a whole are measured."""
        self.base_quantity, self.base_value = self.quantity, self.value

    def average(self, quantity: int) -> int:
        """Return the value that an issue of `quantity` takes from the pool as a whole, minor units."""
        issued = self.base_quantity - self.quantity + quantity
        return divide(self.base_value * issued, self.base_quantity) - (self.base_value - self.value)

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
        first = self.open[0] if self.open and order is None and move.layer is None else None
        if first is not None and first.remaining >= quantity > 0:  # most issues take from one layer
            total = first.worth(quantity) if value is None else value
            if self._undo is not None:
                self._remember(first)
            first.remaining -= quantity
            first.taken += total
            self.changed[first.id] = (first, move)
            taken: tuple[Consumption, ...] = (_taken((first.id, quantity, total)),)
        else:
            parts = self._parts(move, quantity, self.layers() if order is None else iter(sorted(self.layers(), key=order)))
            if value is None:
                shares = [layer.worth(part) for layer, part in parts]
            else:
                shares = [value] if len(parts) == 1 else split(value, [part for _, part in parts])
            taken = tuple([self._take(layer, part, worth, move) for (layer, part), worth in zip(parts, shares, strict=True)])
            total = value if value is not None else sum(shares)
        self.quantity -= quantity
        self.value -= total
        self.known_quantity, self.known_value = quantity, total
        while self.open and not self.open[0].remaining:
            self.open.popleft()
        return total, taken

    def layers(self) -> Iterator[Layer]:
        """Yield every open layer in the order of consumption; older ones are read when the walk reaches them."""
        position = 0
        while True:
            if position < len(self.open):
                layer = self.open[position]
                position += 1
                if layer.remaining:
                    yield layer
            elif not self._read_more():
                return

    # --- for the core ---

    def carried(self, taken: Iterable[Consumption]) -> tuple[TransferredLayer, ...]:
        """Return the parts that an issue has just taken as another pool receives them, oldest first."""
        parts = sorted([(self.changed[part.layer][0], part) for part in taken], key=lambda each: each[0].key)
        return tuple([TransferredLayer(layer.source, layer.at, layer.sequence, part.quantity, part.value) for layer, part in parts])

    def unit_value(self, quantity: int, unit_cost: int | None, decimals: int) -> int | None:
        """Return the value of `quantity` that comes in without a price: the pool's unit value, else the last known, else
        `unit_cost` (millionths); None if nothing is known. Zero is a cost."""
        if self.quantity > 0:
            return share(self.value, quantity, self.quantity)
        if self.known_quantity > 0:
            return share(self.known_value, quantity, self.known_quantity)
        return None if unit_cost is None else extend(quantity, unit_cost, decimals)

    def revalue(self, *, unit_cost: int | None, amount: int | None, decimals: int, layered: bool) -> int:
        """Set every unit's value to `unit_cost` (millionths), or add `amount` spread by value; return the change in minor units."""
        before = self.value
        if layered:
            layers = list(self.layers())
            if unit_cost is not None:
                rests = [extend(layer.remaining, unit_cost, decimals) for layer in layers]
            else:
                parts = split(amount or 0, [layer.rest for layer in layers])
                rests = [layer.rest + part for layer, part in zip(layers, parts, strict=True)]
            self._restate(layers, rests)
            self.value = sum(rests)
        elif unit_cost is not None:
            self.value = extend(self.quantity, unit_cost, decimals)
        else:
            self.value += amount or 0
        self.rebase()
        self.known_quantity, self.known_value = self.quantity, self.value
        return self.value - before

    def relayer(self) -> None:
        """Make the layers' values the pool's: before a layered method follows one that is not. Value-neutral."""
        layers = list(self.layers())
        self._restate(layers, split(self.value, [layer.remaining for layer in layers]))
        self.rebase()

    def reverse(self, newest_first: bool) -> None:
        """Take the layers in the other order of consumption."""
        if newest_first != self.newest_first:
            layers = list(self.layers())
            self.open = deque(reversed(layers))
            self.newest_first = newest_first

    def _restate(self, layers: list[Layer], rests: list[int]) -> None:
        for layer, rest in zip(layers, rests, strict=True):
            self._remember(layer)
            layer.restate(rest)
            self.changed.setdefault(layer.id, (layer, None))

    def mark(self) -> Mark:
        """Begin to remember, so that `rollback(mark)` can put everything back."""
        self._undo = []
        return (
            [(each.move_id, each.quantity, each.estimate) for each in self.owed],
            self.quantity,
            self.value,
            self.base_quantity,
            self.base_value,
            self.known_quantity,
            self.known_value,
            self.rate,
            len(self.created),
        )

    def rollback(self, mark: Mark) -> None:
        """Undo everything since `mark`."""
        owed, self.quantity, self.value, self.base_quantity, self.base_value, *rest, created = mark
        self.known_quantity, self.known_value, self.rate = rest
        self.owed = deque(Owed(*each) for each in owed)
        used_up: list[Layer] = []
        for layer, remaining, taken, value, base_quantity, base_value in reversed(self._undo or []):
            if remaining and not layer.remaining and layer.id not in self._ahead and layer not in self.open:
                used_up.append(layer)
            layer.remaining, layer.taken, layer.value = remaining, taken, value
            layer.base_quantity, layer.base_value = base_quantity, base_value
        # A method that takes layers in an order of its own may have used them up in any.
        self.open.extendleft(sorted(used_up, key=lambda layer: layer.key, reverse=not self.newest_first))
        gone = {layer.id for layer in self.created[created:]}
        del self.created[created:]
        self.open = deque(layer for layer in self.open if layer.id not in gone)
        for layer_id in gone:
            self._fresh.pop(layer_id, None)
            self.changed.pop(layer_id, None)
        self._undo = None

    def _receive_carried(self, move: FoldMove, value: int) -> None:
        """One layer for each part, at its own value; where the pool values them otherwise (a standard rate), by quantity."""
        values = [part.value for part in move.carried]
        if sum(values) != value:
            values = split(value, [part.quantity for part in move.carried])
        for position, (part, worth) in enumerate(zip(move.carried, values, strict=True)):
            layer = Layer(
                move.move_id, part.at, part.sequence, part.quantity, worth, part.quantity, 0, part.quantity, worth,
                carried_id(move.move_id, position), part.source, move.at, move.sequence,
            )  # fmt: skip
            self._place(layer)
            self.created.append(layer)

    def _place(self, layer: Layer) -> None:
        """Put a layer among the others by its age; one that may go beyond those read so far waits for the walk."""
        last = self.open[-1] if self.open else None
        if last is None or not self._goes_before(layer, last):
            last = self._cursor
        if self.more is not None and (last is None or self._goes_before(last, layer)):
            self._fresh[layer.id] = layer
            return
        position = len(self.open)
        while position and self._goes_before(layer, self.open[position - 1]):
            position -= 1
        self.open.insert(position, layer)

    def _goes_before(self, one: Layer, other: Layer) -> bool:
        return one.key > other.key if self.newest_first else one.key < other.key

    def _parts(self, move: FoldMove, quantity: int, layers: Iterator[Layer]) -> list[tuple[Layer, int]]:
        own = self._going_back_to(move.layer) if move.layer is not None else []
        parts: list[tuple[Layer, int]] = []
        for layer in own:
            if quantity:
                part = min(layer.remaining, quantity)
                parts.append((layer, part))
                quantity -= part
        while quantity:
            layer = next(layers)
            if layer not in own:
                part = min(layer.remaining, quantity)
                parts.append((layer, part))
                quantity -= part
        return parts

    def _going_back_to(self, move_id: int) -> list[Layer]:
        """The open layers of what a move brought, here or in the pool that they were carried from. Those that the walk has not come
        to are read by themselves: there may be many before them."""
        if self.more is None or self.find is None:
            return [layer for layer in self.layers() if move_id in (layer.source, layer.move_id)]
        known = (*self.open, *self._fresh.values(), *self._ahead.values())
        own = {layer.id: layer for layer in known if layer.remaining and move_id in (layer.source, layer.move_id)}
        if move_id not in self._asked:
            self._asked.add(move_id)
            for stored in self.find(move_id):
                layer = self.changed.get(stored.id, (stored, None))[0]  # it may be used up, and the table does not know yet
                if layer.remaining and layer.id not in own:
                    self._ahead[layer.id] = own[layer.id] = layer
        return self._in_order(own.values())

    def _read_more(self) -> bool:
        if self.more is None:
            return False
        page = self.more(self._cursor)
        if not page:
            self.more = None
            self.open.extend(self._in_order(self._fresh.values()))
            self._fresh.clear()
            return True
        self._cursor = last = page[-1]
        # those made here that a flush has written since come from the table too
        older = [self._ahead.pop(layer.id, layer) for layer in page if layer.id not in self._fresh]
        due = [layer for layer in self._fresh.values() if not self._goes_before(last, layer)]
        for layer in due:
            del self._fresh[layer.id]
        self.open.extend(self._in_order([*older, *due]) if due else older)
        return True

    def _in_order(self, layers: Iterable[Layer]) -> list[Layer]:
        return sorted(layers, key=lambda layer: layer.key, reverse=self.newest_first)

    def _remember(self, layer: Layer) -> None:
        if self._undo is not None:
            self._undo.append((layer, layer.remaining, layer.taken, layer.value, layer.base_quantity, layer.base_value))

    def _take(self, layer: Layer, quantity: int, value: int, move: FoldMove) -> Consumption:
        self._remember(layer)
        layer.remaining -= quantity
        layer.taken += value
        self.changed[layer.id] = (layer, move)
        return Consumption(layer.id, quantity, value)
