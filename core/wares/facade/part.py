"""The base class and the types that the parts of `Books` share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wares.catalog.items import MasterChange
from wares.errors import Refused
from wares.values import day_from_text

if TYPE_CHECKING:
    from wares.books import Books

Rows = list[dict[str, Any]]
Changes = list[MasterChange]


def day(at: str | None) -> int | None:
    """Return an `at` argument as yyyymmdd. Refused BAD_DATE."""
    if at is None:
        return None
    try:
        return day_from_text(at)
    except ValueError as error:
        raise Refused.because("BAD_DATE", str(error), path="at") from None


class Part:
    """A part of some books."""

    def __init__(self, books: Books) -> None:
        self._books = books
