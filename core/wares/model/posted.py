"""The result of posting: a document with its entries and cost, in Decimals and codes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any


class Posted:
    """A document that was posted or previewed. `preview` returns the same, with `status` "preview".

    Each attribute is worked out when it is first read, from the state that posting left in memory.
    """

    id: int
    number: str
    type: str  # key of its type
    date: str  # ISO 8601, with the time where one was given
    status: str  # `posted`, `preview`, ...
    party: str | None  # code
    currency: str  # ISO 4217 code
    total: Decimal  # in `currency`
    base_total: Decimal  # in the company's currency
    lines: list[dict[str, Any]]  # rows and sublines, amounts in `currency`
    entries: list[dict[str, Any]]  # as `docs entries` prints them
    cogs: Decimal  # cost of goods sold in its entry, company currency
    repeated: bool = False  # the idempotency key was known: this is the first result
    corrections: Sequence[Any] = ()  # changes in the cost of earlier documents

    def __repr__(self) -> str:
        return f"<{self.type} {self.number} {self.date} {self.status} total {self.total}>"


class StoredPosted(Posted):
    """A document read back from the books."""

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)
