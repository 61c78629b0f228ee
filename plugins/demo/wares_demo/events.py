"""What passes between the rooms of the demo: a dated document together with the stock that it moves.

The producers of documents know the quantities as whole numbers, so they state the moves beside the record; the opening
stock is then computed without reading any record back.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

Record: TypeAlias = dict[str, Any]
"""One object of the record format: JSON values only, amounts and quantities as exact decimal strings."""

MAIN = "MAIN"
SHOP = "SHOP"

# The order of events within a day: what comes in, what is made, what goes out, what comes back, what is paid.
REVALUE, BUY, BUILD, TRANSFER, SELL, RETURN, ADJUST, PAY, COUNT = range(9)


class Move(NamedTuple):
    """A signed whole quantity of one item at one location."""

    location: str
    sku: str
    quantity: int


class Key(NamedTuple):
    """Where an event stands in time: the day, its rank within the day, and two numbers that break ties."""

    day: str
    rank: int
    tie: int
    subtie: int = 0


class Event(NamedTuple):
    """One document record at its place in time, with the moves it makes in order."""

    key: Key
    record: Record
    moves: tuple[Move, ...] = ()


@lru_cache(maxsize=8192)
def days_after(day: str, days: int) -> str:
    """The ISO date `days` after `day` (before it, when negative)."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def document(kind: str, day: str, key: str, **fields: Any) -> Record:
    """A document record: every document of the demo carries its idempotency key."""
    return {"record": "document", "type": kind, "date": day, "key": key, **fields}
