"""What a sweep says of recorded moves that are worth something else now. A late fact may change a million, so they are kept in one
row of whole numbers, 64 bytes each, and made into objects only for whoever looks at them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple, overload

from wares.model import CostChange


class OfPool(NamedTuple):
    """What is the same for every change in a pool."""

    item_id: int
    account_id: int


Numbers = tuple[int, int, int, int, int, int, int, int]
"""Move, document, day, the move's own day, location, pool, counter account (0: none), difference."""
_WIDTH = 8


class Changes(Sequence[CostChange]):
    """All changes of one cause, in the order in which they were found."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self.pools: dict[int, OfPool] = {}
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
        """One more; its pool is among `pools`."""
        self._numbers.extend((move_id, document_id, day, moved, location_id, pool_id, counter_id or 0, difference))

    def extend(self, numbers: list[int]) -> None:
        """Several at once, the numbers of each after those of the other (`Numbers`)."""
        self._numbers.fromlist(numbers)

    def rows(self, start: int = 0) -> Iterator[Numbers]:
        """The changes from `start` on, as plain numbers."""
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
