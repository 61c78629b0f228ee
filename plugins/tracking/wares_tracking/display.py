"""The display of numbers in listings: decimals of the currency, and texts that many rows share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from wares import Books

T = TypeVar("T")


class Shown(dict[int, T]):
    """The displayed form of whole numbers. Each is made once, since the amounts, days and quantities of a listing repeat."""

    def __init__(self, make: Callable[[int], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> T:
        made = self[number] = self._make(number)
        return made


def decimals_of(books: Books) -> int:
    """Return the number of decimals of the company's currency."""
    with books.recorded() as recorded:
        return recorded.decimals
