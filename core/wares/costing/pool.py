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
from typing import Any

from wares.costmethod import FoldMove, Taken
from wares.values import divide, extend, share, split


class Layer:
    """What an incoming move left on hand. `value` is what it cost (revaluations included), `taken` what left it so far."""

    __slots__ = ("at", "base_quantity", "base_value", "move_id", "quantity", "remaining", "sequence", "taken", "value")

    def __init__(
        self,
        move_id: int,
        at: int,
        sequence: int,
        quantity: int,
        value: int,
        remaining: int,
        taken: int,
        base_quantity: int,
        base_value: int,
    ) -> None:
        self.move_id = move_id
        self.at = at
        self.sequence = sequence
        self.quantity = quantity
        self.value = value
        self.remaining = remaining
        self.taken = taken
        self.base_quantity = base_quantity
        self.base_value = base_value

    @property
    def rest(self) -> int:
        """The value that is still in it."""
        return self.value - self.taken

    def worth(self, quantity: int) -> int:
        """What an issue of `quantity` takes from it."""
        issued = self.base_quantity - self.remaining + quantity
        return divide(self.base_value * issued, self.base_quantity) - (self.base_value - self.rest)

    def restate(self, rest: int) -> None:
        """From here on what remains is worth `rest`."""
        self.value = self.taken + rest
        self.base_quantity, self.base_value = self.remaining, rest


class Owed:
    """The part of an issue that took more than there was: still uncovered, at the estimate it was posted at."""

    __slots__ = ("estimate", "move_id", "quantity")

    def __init__(self, move_id: int, quantity: int, estimate: int) -> None:
        self.move_id = move_id
        self.quantity = quantity
        self.estimate = estimate


MoreLayers = Callable[[Layer | None], list[Layer]]
"""The next open layers after the given one in the order of consumption; empty when there are no more."""
FindLayer = Callable[[int], Layer | None]
"""The open layer that a move made, read by itself."""
Mark = tuple[Any, ...]
Undo = tuple[Layer, int, int, int, int, int]


class PoolState:
    """One pool as a fold sees and changes it. Methods use its verbs (`receive`, `issue`, ...); the core reads totals and changes.

    `known_quantity` and `known_value` are those of the last valued move: the last known unit value when the pool is empty. `rate`
    is the standard unit cost in force, millionths. `changed` holds every layer touched since the core last looked, with the move
    that last took from it.
    """

    __slots__ = (
        "_ahead",
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
        find: FindLayer | None = None,
        newest_first: bool = False,
        rate: int | None = None,
        decimals: int = 2,
        owed: Iterable[Owed] = (),
    ) -> None:
        self.quantity = quantity
        self.value = value
        self.base_quantity = base_quantity
        self.base_value = base_value
        self.known_quantity = known_quantity
        self.known_value = known_value
        self.rate = rate
        self.decimals = decimals
        self.owed: deque[Owed] = deque(owed)
        self.newest_first = newest_first
        self.open: deque[Layer] = deque(layers)
        self.more = more
        self.find = find
        self._ahead: dict[int, Layer] = {}  # read by themselves, before the walk has come to them
        self._cursor = self.open[-1] if self.open else None  # the last layer read, however long it is exhausted
        self._fresh: dict[int, Layer] = {}  # made here while older layers are still unread
        self.changed: dict[int, tuple[Layer, FoldMove | None]] = {}
        self.created: list[Layer] = []
        self._undo: list[Undo] | None = None

    # --- verbs of a fold ---

    def receive(self, move: FoldMove, value: int) -> None:
        """Take goods in at `value` as one new layer."""
        layer = Layer(move.move_id, move.at, move.sequence, move.quantity, value, move.quantity, 0, move.quantity, value)
        if self.newest_first:
            self.open.appendleft(layer)
        elif self.more is None:
            self.open.append(layer)
        else:
            self._fresh[move.move_id] = layer
        self.created.append(layer)
        self.quantity += move.quantity
        self.value += value
        self.rebase()
        self.known_quantity, self.known_value = move.quantity, value

    def rebase(self) -> None:
        """Make the present totals the base that issues of the pool as a whole are measured from."""
        self.base_quantity, self.base_value = self.quantity, self.value

    def average(self, quantity: int) -> int:
        """What an issue of `quantity` takes from the pool as a whole."""
        issued = self.base_quantity - self.quantity + quantity
        return divide(self.base_value * issued, self.base_quantity) - (self.base_value - self.value)

    def issue(
        self,
        move: FoldMove,
        quantity: int,
        value: int | None = None,
        order: Callable[[Layer], tuple[int, ...]] | None = None,
    ) -> tuple[int, tuple[Taken, ...]]:
        """Send `quantity` out, the move's own `layer` first, then in the order of consumption (or by `order`, lowest first).

        With `value` that amount leaves the pool and is shown against the layers by quantity; without, each layer gives what its
        own part is worth. Returns the amount taken and the parts. The caller has checked that the pool holds enough.
        """
        first = self.open[0] if self.open and order is None and move.layer is None else None
        if first is not None and first.remaining >= quantity > 0:  # most issues take from one layer
            total = first.worth(quantity) if value is None else value
            taken: tuple[Taken, ...] = (self._take(first, quantity, total, move),)
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
        """Every open layer in the order of consumption; older ones are read when the walk reaches them."""
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

    def unit_value(self, quantity: int, unit_cost: int | None, decimals: int) -> int | None:
        """What `quantity` coming in without a price of its own is worth: the pool's unit value, else the last known, else
        `unit_cost` (millionths); None if nothing is known. Zero is a cost."""
        if self.quantity > 0:
            return share(self.value, quantity, self.quantity)
        if self.known_quantity > 0:
            return share(self.known_value, quantity, self.known_quantity)
        return None if unit_cost is None else extend(quantity, unit_cost, decimals)

    def revalue(self, *, unit_cost: int | None, amount: int | None, decimals: int, layered: bool) -> int:
        """Set every unit's value to `unit_cost` (millionths), or add `amount` spread by value; the difference in minor units."""
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
            self.changed.setdefault(layer.move_id, (layer, None))

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
            if remaining and not layer.remaining and layer.move_id not in self._ahead and layer not in self.open:
                used_up.append(layer)
            layer.remaining, layer.taken, layer.value = remaining, taken, value
            layer.base_quantity, layer.base_value = base_quantity, base_value
        # A method that takes layers in an order of its own may have used them up in any.
        self.open.extendleft(sorted(used_up, key=lambda layer: (layer.at, layer.sequence), reverse=not self.newest_first))
        gone = {layer.move_id for layer in self.created[created:]}
        del self.created[created:]
        self.open = deque(layer for layer in self.open if layer.move_id not in gone)
        for move_id in gone:
            self._fresh.pop(move_id, None)
            self.changed.pop(move_id, None)
        self._undo = None

    def _parts(self, move: FoldMove, quantity: int, layers: Iterator[Layer]) -> list[tuple[Layer, int]]:
        parts: list[tuple[Layer, int]] = []
        if move.layer is not None:
            own = self._made_by(move.layer)
            if own is not None:
                part = min(own.remaining, quantity)
                parts.append((own, part))
                quantity -= part
        while quantity:
            layer = next(layers)
            if layer.move_id != move.layer:
                part = min(layer.remaining, quantity)
                parts.append((layer, part))
                quantity -= part
        return parts

    def _made_by(self, move_id: int) -> Layer | None:
        """The open layer that a move made. One that the walk has not come to is read by itself: there may be many before it."""
        if self.more is None or self.find is None:
            return next((layer for layer in self.layers() if layer.move_id == move_id), None)
        known = self._fresh.get(move_id) or self._ahead.get(move_id)
        if known is None:
            known = next((layer for layer in self.open if layer.move_id == move_id), None)
        if known is None and move_id in self.changed:  # used up, and the table does not know yet
            known = self.changed[move_id][0]
        if known is None:
            known = self.find(move_id)
            if known is None:
                return None
            self._ahead[move_id] = known
        return known if known.remaining else None

    def _read_more(self) -> bool:
        if self.more is None:
            return False
        more = self.more(self._cursor)
        if more:
            self._cursor = more[-1]
        # those made here that a flush has written since come from the table too
        older = [self._ahead.pop(layer.move_id, layer) for layer in more if layer.move_id not in self._fresh]
        if older:
            self.open.extend(older)
        else:
            self.more = None
            self.open.extend(self._fresh.values())
            self._fresh.clear()
        return True

    def _remember(self, layer: Layer) -> None:
        if self._undo is not None:
            self._undo.append((layer, layer.remaining, layer.taken, layer.value, layer.base_quantity, layer.base_value))

    def _take(self, layer: Layer, quantity: int, value: int, move: FoldMove) -> Taken:
        self._remember(layer)
        layer.remaining -= quantity
        layer.taken += value
        self.changed[layer.move_id] = (layer, move)
        return Taken(layer.move_id, quantity, value)
