"""The books under examination: a reader that keeps the readings that several checks share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection

from wares.storage.unit import Head, Reader

T = TypeVar("T")


class Examined(Reader):
    """The books during one run of the checks."""

    def __init__(self, connection: Connection, head: Head) -> None:
        super().__init__(connection, head)
        self._kept: dict[Callable[[Examined], Any], Any] = {}

    def once(self, reading: Callable[[Examined], T]) -> T:
        """Return `reading(self)`; it runs for the first check that asks, and the others get the same."""
        if reading not in self._kept:
            self._kept[reading] = reading(self)
        kept: T = self._kept[reading]
        return kept
