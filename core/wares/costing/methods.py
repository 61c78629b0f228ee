"""The built-in cost methods: moving average and first in, first out (IAS 2.25)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wares.costing.pool import PoolState
from wares.costmethod import CostMethod, FoldMove, Valued


class MovingAverage(CostMethod):
    """One value for the whole pool. Layers are consumed by quantity, oldest first, for the audit trail only.

    Goods going back to a supplier leave at their receipt's cost; where that would leave a negative value, or value at quantity
    0, at the pool's average instead.
    """

    key = "average"
    title = "moving average"
    layered = False

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        pool = opening
        for move in moves:
            if move.quantity > 0:
                value = move.value or 0
                pool.receive(move, value)
                yield Valued(move.move_id, value)
                continue
            quantity = -move.quantity
            value = pool.average(quantity)
            going_back = move.value is not None
            if going_back and 0 <= (move.value or 0) <= pool.value and quantity != pool.quantity:
                value = move.value or 0
            value, taken = pool.issue(move, quantity, value)
            if going_back:
                pool.rebase()
            yield Valued(move.move_id, -value, taken)


class FirstInFirstOut(CostMethod):
    """Layers by age, oldest first. Goods going back come from their own receipt's layer first, then from the oldest."""

    key = "fifo"
    title = "first in, first out"

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        pool = opening
        for move in moves:
            if move.quantity > 0:
                value = move.value or 0
                pool.receive(move, value)
                yield Valued(move.move_id, value)
            else:
                value, taken = pool.issue(move, -move.quantity)
                yield Valued(move.move_id, -value, taken)


COST_METHODS: tuple[CostMethod, ...] = (MovingAverage(), FirstInFirstOut())
"""What the core registers."""
