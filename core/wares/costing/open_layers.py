"""The open layers of a pool in the order of consumption. Older ones are read from the database when the walk reaches them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator

from wares.costing.layer import Layer
from wares.costing.layer_changes import Changed
from wares.model import FoldMove

MoreLayers = Callable[[Layer | None], list[Layer]]
"""The next open layers after the given one in the order of consumption; empty when there are no more."""
FindLayers = Callable[[int], list[Layer]]
"""The open layers that go back to a move, read by themselves."""
Order = Callable[[Layer], tuple[int, ...]]
"""The rank of a layer in an order of consumption of the cost method's own, lowest first."""


class OpenLayers:
    """The open layers of one pool: those read so far, those made here, and a cursor behind which more are read."""

    __slots__ = ("_ahead", "_asked", "_changed", "_cursor", "_find", "_fresh", "_more", "newest_first", "open")

    def __init__(
        self, layers: Iterable[Layer], changed: Changed, *, more: MoreLayers | None, find: FindLayers | None, newest_first: bool
    ) -> None:
        self.open: deque[Layer] = deque(layers)  # always this object: the pool refers to it too
        self.newest_first = newest_first
        self._more = more
        self._find = find
        self._changed = changed
        self._ahead: dict[int, Layer] = {}  # read by themselves, before the walk has come to them
        self._asked: set[int] = set()  # the moves whose layers were read so
        self._cursor = self.open[-1] if self.open else None  # the last layer read, however long it is exhausted
        self._fresh: dict[int, Layer] = {}  # made here while older layers are still unread

    def __iter__(self) -> Iterator[Layer]:
        position = 0
        while True:
            if position < len(self.open):
                layer = self.open[position]
                position += 1
                if layer.remaining:
                    yield layer
            elif not self._read_more():
                return

    def add(self, layer: Layer) -> None:
        """Add the newest layer."""
        if self.newest_first:
            self.open.appendleft(layer)
        elif self._more is None:
            self.open.append(layer)
        else:
            self._fresh[layer.id] = layer

    def place(self, layer: Layer) -> None:
        """Add a layer among the others by its age; one that may go beyond those read so far waits for the walk."""
        last = self.open[-1] if self.open else None
        if last is None or not self._goes_before(layer, last):
            last = self._cursor
        if self._more is not None and (last is None or self._goes_before(last, layer)):
            self._fresh[layer.id] = layer
            return
        position = len(self.open)
        while position and self._goes_before(layer, self.open[position - 1]):
            position -= 1
        self.open.insert(position, layer)

    def parts(self, move: FoldMove, quantity: int, order: Order | None) -> list[tuple[Layer, int]]:
        """Return the layers that an issue of `quantity` takes, each with its part: the move's own first, then in order."""
        layers = iter(self) if order is None else iter(sorted(self, key=order))
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

    def reverse(self) -> None:
        """Take the layers in the other order of consumption."""
        self._replace(reversed(list(self)))
        self.newest_first = not self.newest_first

    def put_back(self, exhausted: Iterable[Layer], dropped: Collection[int]) -> None:
        """Bring layers back that a rollback has filled again, and drop those that it has unmade."""
        gone_before = [layer for layer in exhausted if layer.id not in self._ahead and layer not in self.open]
        # A method that takes layers in an order of its own may have used them up in any.
        self.open.extendleft(sorted(gone_before, key=lambda layer: layer.key, reverse=not self.newest_first))
        if dropped:
            self._replace([layer for layer in self.open if layer.id not in dropped])
            for layer_id in dropped:
                self._fresh.pop(layer_id, None)

    def _replace(self, layers: Iterable[Layer]) -> None:
        layers = list(layers)
        self.open.clear()
        self.open.extend(layers)

    def _going_back_to(self, move_id: int) -> list[Layer]:
        """Return the open layers that a move brought, here or in the pool that they came from. Those that the walk has not reached
        are read by themselves: there may be many before them."""
        if self._more is None or self._find is None:
            return [layer for layer in self if move_id in (layer.source, layer.move_id)]
        known = (*self.open, *self._fresh.values(), *self._ahead.values())
        own = {layer.id: layer for layer in known if layer.remaining and move_id in (layer.source, layer.move_id)}
        if move_id not in self._asked:
            self._asked.add(move_id)
            for stored in self._find(move_id):
                layer = self._changed.get(stored.id, (stored, None))[0]  # it may be used up, and the table does not know yet
                if layer.remaining and layer.id not in own:
                    self._ahead[layer.id] = own[layer.id] = layer
        return self._in_order(own.values())

    def _read_more(self) -> bool:
        if self._more is None:
            return False
        page = self._more(self._cursor)
        if not page:
            self._more = None
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

    def _goes_before(self, one: Layer, other: Layer) -> bool:
        return one.key > other.key if self.newest_first else one.key < other.key

    def _in_order(self, layers: Iterable[Layer]) -> list[Layer]:
        return sorted(layers, key=lambda layer: layer.key, reverse=self.newest_first)
