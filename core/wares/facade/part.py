"""The parts of `Books` share this: each reads and writes through units of work."""

from __future__ import annotations

from typing import Any

from wares.catalog.items import MasterChange
from wares.services.transactions import Transactions

Row = dict[str, Any]
"""A row or an object with the keys that its command prints."""
Rows = list[Row]
Changes = list[MasterChange]


class Part:
    """A part of some books."""

    def __init__(self, books: Transactions) -> None:
        self._books = books
