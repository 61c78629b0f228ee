"""The result of posting: a document with its entries and cost, in Decimals and codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import NamedTuple, NoReturn

from wares.errors import Issue
from wares.values import Record


class CostChange(NamedTuple):
    """A change in the value of a recorded move that a later fact caused."""

    move_id: int  # the move whose cost changed
    document_id: int  # the document of the move
    day: int  # yyyymmdd where the difference stands: the day of the move, or of the receipt that covered it
    moved: int  # yyyymmdd of the move itself
    item_id: int  # its item
    location_id: int  # its place
    pool_id: int  # its pool
    account_id: int  # the inventory account of its pool
    counter_id: int | None  # the account of the other side; None inside a group, where it is another CostChange
    difference: int  # minor units, company currency


class Posted:
    """A document that was posted or previewed. `preview` returns the same, with `status` "preview".

    Each attribute is worked out when it is first read, from the state that posting left in memory. None can be set.
    """

    id: int  # the document's id in the tables
    number: str  # its number, such as "INV-00003"
    type: str  # key of its type
    date: str  # ISO 8601, with the time where one was given
    status: str  # `posted`, `preview`, ...
    party: str | None  # code
    currency: str  # ISO 4217 code
    total: Decimal  # in `currency`
    base_total: Decimal  # in the company's currency
    lines: Sequence[Record]  # rows and sublines, amounts in `currency`
    entries: Sequence[Record]  # as `docs entries` prints them
    cogs: Decimal  # cost of goods sold in its entry, company currency
    repeated: bool = False  # the idempotency key was known: this is the first result
    corrections: Sequence[CostChange] = ()  # changes in the cost of earlier documents
    warnings: Sequence[Issue] = ()  # doubts that did not refuse it: a date years away, a payment above the open amount

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __repr__(self) -> str:
        return f"<{self.type} {self.number} {self.date} {self.status} total {self.total}>"


class StoredPosted(Posted):
    """A document read back from the books."""

    def __init__(self, **known: object) -> None:
        self.__dict__.update(known)

    def with_corrections(self, corrections: Sequence[CostChange]) -> StoredPosted:
        """Return the document with the changes that it caused in the cost of earlier documents."""
        return StoredPosted(**{**self.__dict__, "corrections": corrections})
