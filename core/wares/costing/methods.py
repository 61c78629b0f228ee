"""The built-in cost methods: moving average, FIFO, LIFO, standard and specific identification (IAS 2.21-27)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.model import FoldMove, Valued
from wares.values import SCALE, divide

_valued = partial(tuple.__new__, Valued)
"""A Valued of all its values, in half the time."""


class MovingAverage(CostMethod):
    """One value for the whole pool. Layers are consumed by quantity, oldest first, for the audit trail only.

    Goods going back to a supplier leave at their receipt's cost; where that would leave a negative value, or value at quantity
    0, at the pool's average instead.
    """

    key = "average"
    title = "moving average"
    layered = False

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        return average(opening, moves)


class FirstInFirstOut(CostMethod):
    """Layers by age, oldest first. Goods going back come from their own receipt's layer first, then from the oldest."""

    key = "fifo"
    title = "first in, first out"
    by_age = True

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        return by_layer(opening, moves)


class LastInFirstOut(CostMethod):
    """Layers by age, newest first (not IAS 2, but US GAAP)."""

    key = "lifo"
    title = "last in, first out"
    newest_first = True
    by_age = True

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        return by_layer(opening, moves)


class SpecificIdentification(CostMethod):
    """Each lot is a pool of its own; within a lot, average."""

    key = "specific"
    title = "specific identification"
    layered = False
    per_lot = True

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        return average(opening, moves)


class StandardCost(CostMethod):
    """The pool's value is the rate in force × its quantity; any amount paid beyond that is variance. Rates change by dated
    revaluations only."""

    key = "standard"
    title = "standard cost"
    layered = False
    fixed_rate = True

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        pool = opening
        for move in moves:
            quantity = move.quantity
            value = at_rate(pool, pool.quantity + quantity) - pool.value
            outside = value if move.value is None else (move.value if quantity > 0 else -move.value)
            if quantity > 0:
                pool.receive(move, value)
                yield Valued(move.move_id, value, variance=outside - value)
            else:
                _, taken = pool.issue(move, -quantity, -value)
                pool.rebase()
                yield Valued(move.move_id, value, taken, outside - value)


def at_rate(pool: PoolState, quantity: int) -> int:
    """Return the value of `quantity` at the standard rate in force, minor units."""
    return divide(quantity * (pool.rate or 0) * 10**pool.decimals, SCALE * SCALE)


def average(pool: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
    """Fold a pool that is valued as a whole."""
    for move in moves:
        if move.quantity > 0:
            value = move.value or 0
            pool.receive(move, value)
            yield Valued(move.move_id, value)
            continue
        quantity = -move.quantity
        value = pool.average(quantity)
        going_back = move.value is not None
        if move.value is not None and move.value <= pool.value and quantity != pool.quantity:
            value = move.value
        value, taken = pool.issue(move, quantity, value)
        if going_back:
            pool.rebase()
        yield _valued((move.move_id, -value, taken, 0))


def by_layer(pool: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
    """Fold a pool whose layers keep their own value."""
    for move in moves:
        if move.quantity > 0:
            value = move.value or 0
            pool.receive(move, value)
            yield Valued(move.move_id, value)
        else:
            value, taken = pool.issue(move, -move.quantity)
            yield _valued((move.move_id, -value, taken, 0))


COST_METHODS: tuple[CostMethod, ...] = (
    MovingAverage(),
    FirstInFirstOut(),
    LastInFirstOut(),
    StandardCost(),
    SpecificIdentification(),
)
"""The cost methods that the core registers."""
