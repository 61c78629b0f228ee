"""The statements about an order in the rows that were read so far."""

from __future__ import annotations

from collections import OrderedDict
from decimal import Decimal

REMEMBERED = 20_000
"""Orders whose statements are remembered; the rows of one order stand near each other."""


class OrderState:
    """The statements about one order so far."""

    __slots__ = ("marketplace_tax", "seen", "stated", "total", "whole_discount")

    def __init__(self) -> None:
        self.stated: dict[str, str] = {}  # field that is stated once per order → its text
        self.seen: dict[str, int] = {}
        self.total: Decimal | None = None
        self.whole_discount = Decimal(0)
        self.marketplace_tax = Decimal(0)  # tax that the seller does not pay, and that is not booked

    def count(self, name: str) -> int:
        """Return how often the rows of the order stated a name, this time included."""
        self.seen[name] = found = self.seen.get(name, 0) + 1
        return found


class OrderStates:
    """The states of the last orders of a file."""

    def __init__(self) -> None:
        self._orders: OrderedDict[str, OrderState] = OrderedDict()

    def of(self, name: str) -> OrderState:
        """Return the state of an order; a new one if it is not remembered."""
        found = self._orders.get(name)
        if found is not None:
            self._orders.move_to_end(name)
            return found
        if len(self._orders) >= REMEMBERED:
            self._orders.popitem(last=False)
        self._orders[name] = found = OrderState()
        return found
