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
    """Part of a layer on its way from one pool to another: it keeps the move that it goes back to, and that move's age."""

    source: int  # move id
    at: int
    sequence: int
    quantity: int
    value: int


class FoldMove(NamedTuple):
    """One move as a method sees it. `quantity` is signed millionths; `value` is minor units ≥ 0 where it comes from outside
    the pool (stated, a return's share, a build's inputs), None where the method must say (an issue, an unpriced receipt)."""

    move_id: int
    quantity: int
    value: int | None
    at: int  # effective instant
    sequence: int
    layer: int | None = None  # goods going back or coming back: the move they come from, whose layer leaves (is covered) first
    carried: tuple[Carried, ...] = ()  # what another pool gave: the layers that the move brings, instead of one of its own


class Taken(NamedTuple):
    """Part of a layer that an issue consumed."""

    layer: int  # the id of the layer: that of the move that made it, unless another pool gave it
    quantity: int
    value: int


class Valued(NamedTuple):
    """A method's answer: the move's signed value in the pool, minor units, and the layers it consumed. `variance` is what the
    outside world paid or got beyond that value, signed alike (a standard rate takes in less than the price)."""

    move_id: int
    value: int
    taken: tuple[Taken, ...] = ()
    variance: int = 0


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
