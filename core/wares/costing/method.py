"""Cost methods: pure folds over the moves of a pool.

A method gives the value that each move takes out or brings in, from the pool as it stood before. It is handed a `PoolState` of its
own to mutate, yields one `Valued` per move in order, and never looks ahead. Register with the hook `wares_cost_methods`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from wares.costing.pool import PoolState
from wares.model import FoldMove, Valued


class CostMethod(ABC):
    """A cost method. `key` is its name in the key `cost_method` of items; one object serves all pools and holds no state."""

    key: ClassVar[str]
    title: ClassVar[str]
    layered: ClassVar[bool] = True
    """True if the layers' values are the pool's value (FIFO and its like); False if the pool is valued as a whole."""
    newest_first: ClassVar[bool] = False
    """True if layers are consumed newest first."""
    by_age: ClassVar[bool] = False
    """True if layers are consumed strictly by age, whatever their value: a late fact behind the layers that issues reached then
    changes nothing, which is known without a fold."""
    per_lot: ClassVar[bool] = False
    """True if each lot is a pool of its own (specific identification)."""
    fixed_rate: ClassVar[bool] = False
    """True if the item's cost is the first rate in force: once the item has moved, the rate changes by dated revaluations only."""

    @abstractmethod
    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        """Value each move in order. `opening` belongs to this call and ends as the closing state: a method changes it only
        through its verbs (`receive`, `issue`), which keep layers and totals exact."""
