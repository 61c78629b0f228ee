"""The parts of `Books` share this: each reads and writes through units of work."""

from __future__ import annotations

from wares.catalog.items import MasterChange
from wares.services.transactions import Transactions
from wares.values import JsonObject

Rows = list[JsonObject]
Changes = list[MasterChange]


class Part:
    """A part of some books."""

    def __init__(self, books: Transactions) -> None:
        self._books = books
