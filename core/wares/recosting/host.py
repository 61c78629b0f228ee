"""The host of a pool's replay: the services that the driver (`recost`) gives to each pool, and that lead to the other pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.inventory.outside_value import OutsideValue
from wares.inventory.pools import Key, PoolRow
from wares.model import TransferredLayer
from wares.recosting.cost_changes import Changes
from wares.recosting.dependencies import Dependencies
from wares.recosting.moves import BEGINNING, ReplayedMove
from wares.recosting.refusals import Refusals
from wares.recosting.transfers import Transfers
from wares.storage.unit import Unit


class ReplayRequest(NamedTuple):
    """One pool that is to be replayed from a moment on."""

    row: PoolRow
    is_new: bool  # the document opens the pool
    start: Key
    new: Sequence[ReplayedMove] = ()  # moves that are new in this pool
    untouched: Sequence[ReplayedMove] = ()  # moves that change no later move: then only they are folded, as if last
    last_changed: Key = BEGINNING  # the last stored move that is removed or valued otherwise


class Host(Protocol):
    """The services of the driver."""

    unit: Unit
    methods: Mapping[str, CostMethod]
    dependencies: Dependencies
    transfers: Transfers
    refusals: Refusals
    uncovered: set[int]
    """Removed moves whose covers are undone already."""

    @property
    def changes(self) -> Changes:
        """The changes of stored moves found so far."""
        ...

    def outside_value(self, move: ReplayedMove, state: PoolState, method: CostMethod) -> OutsideValue:
        """Return the value of a move as far as it comes from outside its pool."""
        ...

    def valued(self, move: ReplayedMove) -> None:
        """Take note of a move's value: record the difference, and follow it into the moves that depend on it."""
        ...

    def transferred(self, move: ReplayedMove, parts: tuple[TransferredLayer, ...]) -> None:
        """Take note of the layers that a transfer took out."""
        ...

    def cover_set_aside(self, receipt: ReplayedMove, issue_id: int, difference: int) -> None:
        """Take a stored cover out of the value of its issue: the pool is replayed from before the receipt."""
        ...

    def covered(self, receipt: ReplayedMove, issue_id: int, difference: int, change: int) -> None:
        """Take note that a receipt covers part of an issue. `difference` is the value that it adds, `change` the part of that
        which differs from the stored cover."""
        ...

    def give_variance(self, move: ReplayedMove) -> None:
        """Give a variance account to a move recorded under a method that knows no variance, and folded now by one that does."""
        ...
