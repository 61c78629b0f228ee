"""Highest in, first out (HIFO): an issue takes the dearest goods first, so that the stock left has the lowest value.

Neither IAS 2 nor US GAAP allows it for goods; tax laws of some countries allow it for lots that can be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wares import SCALE, CostMethod, FoldMove, Layer, PoolState, Valued, hookimpl

WARES_API_VERSION = 1


class HighestInFirstOut(CostMethod):
    """The cost method that takes layers by unit cost, highest first, the oldest among equals. Goods that go back to the supplier
    come from the layer of their own receipt first."""

    key = "hifo"
    title = "highest in, first out"

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        """Value a receipt at its cost and an issue at the cost of the dearest layers."""
        for move in moves:
            if move.quantity > 0:
                value = move.value or 0
                opening.receive(move, value)
                yield Valued(move.move_id, value)
            else:
                value, taken = opening.issue(move, -move.quantity, order=dearest_first)
                yield Valued(move.move_id, -value, taken)


def dearest_first(layer: Layer) -> tuple[int, ...]:
    """Return the rank of a layer in the order of consumption, lowest first. It uses the layer's unit cost when it came in (or was
    last revalued), which issues from the layer do not change, and compares whole numbers."""
    per_unit = layer.base_value * SCALE * SCALE // layer.base_quantity
    return (-per_unit, layer.at, layer.sequence)


@hookimpl
def wares_cost_methods() -> list[CostMethod]:
    return [HighestInFirstOut()]
