"""The state of a pool while it is folded: totals and open layers, exact to the minor unit.

Stock value is money, not unit cost × quantity. What an issue takes is always
``round(base value × issued since base / base quantity) − taken since base``, where base is the layer (FIFO and its like) or the
pool after its last change that was not an issue (average). So the last unit takes the rest, and quantity 0 means value 0.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from wares.costmethod import FoldMove, Taken
from wares.values import divide, extend, share, split


class Layer:
    """What an incoming move left on hand. `taken` is the value issued from it so far."""

    __slots__ = ("at", "move_id", "quantity", "remaining", "sequence", "taken", "value")

    def __init__(self, move_id: int, at: int, sequence: int, quantity: int, value: int, remaining: int, taken: int) -> None:
        self.move_id = move_id
        self.at = at
        self.sequence = sequence
        self.quantity = quantity
        self.value = value
        self.remaining = remaining
        self.taken = taken


MoreLayers = Callable[[Layer | None], list[Layer]]
"""The next open layers after the given one, oldest first; empty when there are no more."""


class PoolState:
    """One pool as a fold sees and changes it. Methods use `receive`, `issue`, `average`; the core reads totals and changes.

    `known_quantity` and `known_value` are those of the last valued move: the last known unit value when the pool is empty.
    `changed` holds every layer touched since the core last looked, with the move that exhausted it if one did.
    """

    __slots__ = (
        "_fresh",
        "_undo",
        "base_quantity",
        "base_value",
        "changed",
        "created",
        "known_quantity",
        "known_value",
        "more",
        "open",
        "quantity",
        "value",
    )  # fmt: skip

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
    ) -> None:
        self.quantity = quantity
        self.value = value
        self.base_quantity = base_quantity
        self.base_value = base_value
        self.known_quantity = known_quantity
        self.known_value = known_value
        self.open: deque[Layer] = deque(layers)
        self.more = more
        self._fresh: deque[Layer] = deque()  # made here while older layers are still unread
        self.changed: dict[int, tuple[Layer, FoldMove | None]] = {}
        self.created: list[Layer] = []
        self._undo: list[tuple[Layer, int, int, bool]] | None = None

    # --- verbs of a fold ---

    def receive(self, move: FoldMove, value: int) -> None:
        """Take goods in at `value` as one new layer."""
        layer = Layer(move.move_id, move.at, move.sequence, move.quantity, value, move.quantity, 0)
        (self.open if self.more is None else self._fresh).append(layer)
        self.created.append(layer)
        self.quantity += move.quantity
        self.value += value
        self.rebase()
        self.known_quantity, self.known_value = move.quantity, value

    def rebase(self) -> None:
        """Make the present totals the base that issues are measured from."""
        self.base_quantity, self.base_value = self.quantity, self.value

    def average(self, quantity: int) -> int:
        """What an issue of `quantity` takes from the pool as a whole."""
        issued = self.base_quantity - self.quantity + quantity
        return divide(self.base_value * issued, self.base_quantity) - (self.base_value - self.value)

    def issue(self, move: FoldMove, quantity: int, value: int | None = None) -> tuple[int, tuple[Taken, ...]]:
        """Send `quantity` out, oldest layers first (the move's own `layer` before them). With `value` that amount leaves the
        pool and is shown against the layers by quantity; without, each layer gives what its own part is worth.

        Returns the amount taken and the parts. The caller has checked that the pool holds enough.
        """
        parts = self._parts(move, quantity)
        if value is not None:
            shares = [value] if len(parts) == 1 else split(value, [part for _, part in parts])
        else:
            shares = [divide(layer.value * (layer.quantity - layer.remaining + part), layer.quantity) - layer.taken
                      for layer, part in parts]  # fmt: skip
        taken = tuple([self._take(layer, part, worth, move) for (layer, part), worth in zip(parts, shares, strict=True)])
        total = value if value is not None else sum(shares)
        self.quantity -= quantity
        self.value -= total
        self.known_quantity, self.known_value = quantity, total
        while self.open and not self.open[0].remaining:
            self.open.popleft()
        return total, taken

    # --- for the core ---

    def unit_value(self, quantity: int, unit_cost: int | None, decimals: int) -> int | None:
        """What `quantity` coming in without a price of its own is worth: the pool's unit value, else the last known, else
        `unit_cost` (millionths); None if nothing is known. Zero is a cost."""
        if self.quantity > 0:
            return share(self.value, quantity, self.quantity)
        if self.known_quantity > 0:
            return share(self.known_value, quantity, self.known_quantity)
        return None if unit_cost is None else extend(quantity, unit_cost, decimals)

    def mark(self) -> tuple[int, ...]:
        """Begin to remember, so that `rollback(mark)` can put everything back."""
        self._undo = []
        return (
            self.quantity, self.value, self.base_quantity, self.base_value, self.known_quantity, self.known_value,
            len(self.created),
        )  # fmt: skip

    def rollback(self, mark: tuple[int, ...]) -> None:
        """Undo everything since `mark`."""
        (self.quantity, self.value, self.base_quantity, self.base_value, self.known_quantity, self.known_value,
         created) = mark  # fmt: skip
        for layer, remaining, taken, was_exhausted in reversed(self._undo or []):
            layer.remaining, layer.taken = remaining, taken
            if was_exhausted and layer not in self.open:
                self.open.appendleft(layer)
        fresh = {layer.move_id for layer in self.created[created:]}
        del self.created[created:]
        for queue in (self.open, self._fresh):
            while queue and queue[-1].move_id in fresh:
                queue.pop()
        for move_id in fresh:
            self.changed.pop(move_id, None)
        self._undo = None

    def _parts(self, move: FoldMove, quantity: int) -> list[tuple[Layer, int]]:
        parts: list[tuple[Layer, int]] = []
        if move.layer is not None:
            own = self._find(move.layer)
            if own is not None and own.remaining:
                parts.append((own, min(own.remaining, quantity)))
                quantity -= parts[0][1]
        position = 0
        while quantity:
            layer = self._at(position)
            position += 1
            if layer.remaining and layer.move_id != move.layer:
                part = min(layer.remaining, quantity)
                parts.append((layer, part))
                quantity -= part
        return parts

    def _at(self, position: int) -> Layer:
        while position >= len(self.open):
            if self.more is None:
                raise AssertionError("a pool's layers hold less than its quantity")
            more = self.more(self.open[-1] if self.open else None)
            if not more:
                self.more = None
                self.open.extend(self._fresh)
                self._fresh.clear()
            else:
                self.open.extend(more)
        return self.open[position]

    def _find(self, move_id: int) -> Layer | None:
        for layer in self.open:
            if layer.move_id == move_id:
                return layer
        position = len(self.open)
        while self.more is not None:
            try:
                layer = self._at(position)
            except AssertionError:
                return None
            if layer.move_id == move_id:
                return layer
            position += 1
        return None

    def _take(self, layer: Layer, quantity: int, value: int, move: FoldMove) -> Taken:
        if self._undo is not None:
            self._undo.append((layer, layer.remaining, layer.taken, layer.remaining == quantity))
        layer.remaining -= quantity
        layer.taken += value
        self.changed[layer.move_id] = (layer, None if layer.remaining else move)
        return Taken(layer.move_id, quantity, value)
