"""Cost methods: pure folds over the moves of a pool.

A method says what each move takes out or brings in, given the pool as it stood before. It is handed a `PoolState` of its own
to mutate, yields one `Valued` per move in order, and never looks ahead. Register with the hook `wares_cost_methods`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

if TYPE_CHECKING:
    from wares.costing.pool import PoolState


class Carried(NamedTuple):
    """Part of a layer on its way from one pool to another. It keeps the move that first received the goods, and that move's age."""

    source: int  # id of the move that the layer goes back to
    at: int  # age: effective instant, microseconds since 1970
    sequence: int  # age: order within the instant
    quantity: int  # millionths
    value: int  # minor units


class FoldMove(NamedTuple):
    """One move as a method sees it. `value` is given where it comes from outside the pool (stated, a return's share, a build's
    inputs) and None where the method decides it (an issue, an unpriced receipt)."""

    move_id: int
    quantity: int  # signed, millionths
    value: int | None  # minor units ≥ 0 where the value comes from outside the pool; None = the method decides
    at: int  # effective instant, microseconds since 1970
    sequence: int  # order within the instant
    layer: int | None = None  # goods going back or coming back: id of their first move, whose layer leaves (is covered) first
    carried: tuple[Carried, ...] = ()  # of a transfer from another pool: the layers that the move brings, instead of one of its own


class Taken(NamedTuple):
    """Part of a layer that an issue consumed."""

    layer: int  # id of the layer: that of the move that made it, unless another pool gave it
    quantity: int  # millionths
    value: int  # minor units


class Valued(NamedTuple):
    """A method's answer: the move's value in the pool and the layers it consumed. `variance` is the amount that was paid or got
    outside beyond that value (a standard rate takes in less than the price)."""

    move_id: int
    value: int  # signed value of the move in the pool, minor units
    taken: tuple[Taken, ...] = ()  # the parts of layers that it consumed
    variance: int = 0  # minor units, signed like `value`: the amount paid or got outside beyond `value`


class CostMethod(ABC):
    """A cost method. `key` is what items name in `cost_method`; one object serves all pools and holds no state."""

    key: ClassVar[str]
    title: ClassVar[str]
    layered: ClassVar[bool] = True
    """Whether the layers' values are the pool's value (FIFO and its like), or the pool is valued as a whole."""
    newest_first: ClassVar[bool] = False
    """Whether layers are consumed newest first."""
    by_age: ClassVar[bool] = False
    """Whether layers are consumed strictly by age, whatever they are worth: a late fact behind those that issues reached is known
    to change nothing then, without a fold."""
    per_lot: ClassVar[bool] = False
    """Whether each lot is a pool of its own (specific identification)."""
    fixed_rate: ClassVar[bool] = False
    """Whether the item's cost is the first rate in force: once the item has moved, it changes by dated revaluations only."""

    @abstractmethod
    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        """Value each move in order. `opening` belongs to this call and ends as the closing state: a method changes it only
        through its verbs (`receive`, `issue`), which keep layers and totals exact."""
