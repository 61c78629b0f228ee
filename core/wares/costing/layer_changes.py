"""The changes of a pool's layers: which ones are new, which ones moves touched, and the values to restore at a rollback."""

from __future__ import annotations

from wares.costing.layer import Layer
from wares.model import Consumption, FoldMove
from wares.values import extend, split

Changed = dict[int, tuple[Layer, FoldMove | None]]
"""Layer id → the layer, and the move that took from it last."""


class LayerChanges:
    """The layers that folds made and touched since the last flush; from a mark on also their values before."""

    __slots__ = ("changed", "created", "undo")

    def __init__(self, changed: Changed | None = None) -> None:
        self.changed: Changed = {} if changed is None else changed
        self.created: list[Layer] = []
        self.undo: list[tuple[Layer, int, int, int, int, int]] | None = None  # None without a mark

    def remember(self, layer: Layer) -> None:
        """Keep the layer's values for a rollback, if there is a mark."""
        if self.undo is not None:
            self.undo.append((layer, layer.remaining, layer.taken, layer.value, layer.base_quantity, layer.base_value))

    def take(self, parts: list[tuple[Layer, int]], value: int | None, move: FoldMove) -> tuple[int, tuple[Consumption, ...]]:
        """Take these quantities of layers; `value` is spread over them by quantity, without it each gives its own part's value.
        Return the total value and the parts."""
        if value is None:
            shares = [layer.worth(part) for layer, part in parts]
        else:
            shares = [value] if len(parts) == 1 else split(value, [part for _, part in parts])
        taken = tuple([self._take(layer, part, worth, move) for (layer, part), worth in zip(parts, shares, strict=True)])
        return value if value is not None else sum(shares), taken

    def _take(self, layer: Layer, quantity: int, value: int, move: FoldMove) -> Consumption:
        self.remember(layer)
        layer.remaining -= quantity
        layer.taken += value
        self.changed[layer.id] = (layer, move)
        return Consumption(layer.id, quantity, value)

    def revalue(self, layers: list[Layer], *, unit_cost: int | None, amount: int, decimals: int) -> int:
        """Set the layers to `unit_cost` (millionths), or add `amount` spread by value; return their value then, minor units."""
        if unit_cost is not None:
            rests = [extend(layer.remaining, unit_cost, decimals) for layer in layers]
        else:
            parts = split(amount, [layer.rest for layer in layers])
            rests = [layer.rest + part for layer, part in zip(layers, parts, strict=True)]
        self.restate(layers, rests)
        return sum(rests)

    def restate(self, layers: list[Layer], rests: list[int]) -> None:
        """Set the value of the goods that remain in each layer, minor units."""
        for layer, rest in zip(layers, rests, strict=True):
            self.remember(layer)
            layer.restate(rest)
            self.changed.setdefault(layer.id, (layer, None))

    def restore(self) -> list[Layer]:
        """Set each layer touched since the mark to its values then; return those that had been exhausted since."""
        exhausted: list[Layer] = []
        for layer, remaining, taken, value, base_quantity, base_value in reversed(self.undo or []):
            if remaining and not layer.remaining:
                exhausted.append(layer)
            layer.remaining, layer.taken, layer.value = remaining, taken, value
            layer.base_quantity, layer.base_value = base_quantity, base_value
        self.undo = None
        return exhausted

    def drop_created(self, kept: int) -> set[int]:
        """Drop the layers made after the first `kept`; return their ids."""
        gone = {layer.id for layer in self.created[kept:]}
        del self.created[kept:]
        for layer_id in gone:
            self.changed.pop(layer_id, None)
        return gone
