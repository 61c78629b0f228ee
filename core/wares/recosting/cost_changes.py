"""The changes of one cause: stored moves that have another value now.

A late fact may change a million moves, so changes are kept as whole numbers in one array, 64 bytes each. They become objects only
for callers that look at them one by one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias, overload

from wares.model import CostChange


class ChangedPool(NamedTuple):
    """The facts that all changes in a pool share."""

    item_id: int
    account_id: int  # the pool's inventory account


ChangeRow: TypeAlias = tuple[
    int,  # move
    int,  # document
    int,  # day on which the difference arises: of the move, or of the receipt that covered it
    int,  # day of the move
    int,  # location
    int,  # pool
    int,  # counter account; 0 inside a group
    int,  # difference, minor units
]
"""A change as plain numbers. It is a plain tuple because an entry may pass through a million of them."""
_WIDTH = 8


class Changes(Sequence[CostChange]):
    """The changes in the order in which they were found."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self.pools: dict[int, ChangedPool] = {}
        self.repeated: set[int] = set()
        """Moves that may have changed more than once: they had several counters, or were covered by a later receipt."""

    def add(
        self,
        move_id: int,
        document_id: int,
        day: int,
        moved: int,
        location_id: int,
        pool_id: int,
        counter_id: int | None,
        difference: int,
    ) -> None:
        """Add one change. Its pool is among `pools`; `counter_id` is None inside a group."""
        self._numbers.extend((move_id, document_id, day, moved, location_id, pool_id, counter_id or 0, difference))

    def extend(self, numbers: list[int]) -> None:
        """Add several changes at once: the numbers of each (`ChangeRow`) follow those of the one before."""
        self._numbers.fromlist(numbers)

    def rows(self, start: int = 0) -> Iterator[ChangeRow]:
        """Yield the changes from `start` on, as plain numbers."""
        numbers = islice(self._numbers, start * _WIDTH, None) if start else iter(self._numbers)
        return zip(*[numbers] * _WIDTH, strict=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Changes) and self._numbers == other._numbers and self.pools == other.pools

    def __len__(self) -> int:
        return len(self._numbers) // _WIDTH

    @overload
    def __getitem__(self, index: int) -> CostChange: ...
    @overload
    def __getitem__(self, index: slice) -> list[CostChange]: ...
    def __getitem__(self, index: int | slice) -> CostChange | list[CostChange]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        place = range(len(self))[index] * _WIDTH
        move_id, document_id, day, moved, location_id, pool_id, counter_id, difference = self._numbers[place : place + _WIDTH]
        return CostChange(move_id, document_id, day, moved, self.pools[pool_id].item_id, location_id, pool_id,
                      self.pools[pool_id].account_id, counter_id or None, difference)  # fmt: skip
