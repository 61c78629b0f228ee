"""Events, the values that the modules of the demo exchange: a dated document together with its moves of stock.

A producer of documents knows the quantities as whole numbers and states the moves beside the record, so that the
opening stock is computed without parsing records.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

Record: TypeAlias = dict[str, Any]
"""One object of the record format: JSON values only, amounts and quantities as exact decimal strings."""

MAIN = "MAIN"
SHOP = "SHOP"

# The order of events within a day: revaluations, purchases, builds, transfers, sales, returns, adjustments, payments, counts.
REVALUE, BUY, BUILD, TRANSFER, SELL, RETURN, ADJUST, PAY, COUNT = range(9)


class Move(NamedTuple):
    """A change of the stock of one item at one location."""

    location: str
    sku: str
    quantity: int
    """Whole units, positive in and negative out."""


class Key(NamedTuple):
    """The sort key of an event."""

    day: str
    """ISO date."""
    rank: int
    """Order within the day, from REVALUE to COUNT."""
    tie: int
    """Breaks ties of the rank: an order's number, a week, a product's height."""
    subtie: int = 0
    """Breaks ties of `tie`."""


class Event(NamedTuple):
    """One document record with its sort key and, in order, its moves of stock."""

    key: Key
    record: Record
    moves: tuple[Move, ...] = ()


@lru_cache(maxsize=8192)
def days_after(day: str, days: int) -> str:
    """Return the ISO date `days` after `day` (before it, if negative)."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def document(kind: str, day: str, key: str, **fields: object) -> Record:
    """Return a document record with its idempotency key, which every document of the demo carries."""
    return {"record": "document", "type": kind, "date": day, "key": key, **fields}
