"""Highest in, first out (HIFO): an issue takes the dearest goods first, so that what stays is worth the least.

Not a method of IAS 2 or US GAAP for goods; tax laws of some countries allow it for lots that can be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wares import SCALE, CostMethod, FoldMove, Layer, PoolState, Valued, hookimpl

WARES_API_VERSION = 1


class HighestInFirstOut(CostMethod):
    """Layers by what one unit of them is worth, dearest first, the oldest among equals. Goods going back come from their own
    receipt's layer first."""

    key = "hifo"
    title = "highest in, first out"

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        """Goods come in at what they cost, and leave at what the dearest layers are worth."""
        for move in moves:
            if move.quantity > 0:
                value = move.value or 0
                opening.receive(move, value)
                yield Valued(move.move_id, value)
            else:
                value, taken = opening.issue(move, -move.quantity, order=dearest_first)
                yield Valued(move.move_id, -value, taken)


def dearest_first(layer: Layer) -> tuple[int, ...]:
    """The rank of a layer in the order of consumption: lowest first. The unit cost is that of the layer when it came in (or was
    last revalued), so that it does not change with what is taken from it; compared in whole numbers."""
    per_unit = layer.base_value * SCALE * SCALE // layer.base_quantity
    return (-per_unit, layer.at, layer.sequence)


@hookimpl
def wares_cost_methods() -> list[CostMethod]:
    return [HighestInFirstOut()]
