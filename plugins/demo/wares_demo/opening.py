"""The opening stock: the least quantities with which no item ever goes negative, computed from the events.

The source's purchases do not cover its consumption (vendors sell cartons, builds take eaches). So each item opens with
exactly the shortage of its lowest running balance, replayed move by move, at its cost when the story begins.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from wares_demo.catalogue import Product
from wares_demo.events import MAIN, Event, Record, document
from wares_demo.figures import line_amount
from wares_demo.masters import CATEGORIES


class Replay:
    """The running balance per location and item, and the lowest balance below zero."""

    def __init__(self) -> None:
        self._level: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._lowest: dict[tuple[str, str], int] = {}

    def follow(self, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the same events and count the moves of each."""
        level, lowest = self._level, self._lowest
        for event in events:
            for location, sku, quantity in event.moves:
                place = (location, sku)
                level[place] = balance = level[place] + quantity
                if balance < lowest.get(place, 0):
                    lowest[place] = balance
            yield event

    def opening(self) -> dict[str, int]:
        """Return the quantity that each item needs at MAIN before the first event. Raises ValueError if an item goes negative
        at another location."""
        short = [place for place in self._lowest if place[0] != MAIN]
        if short:
            raise ValueError(f"{short[0][1]} goes negative at {short[0][0]}: transfer more to it before")
        return {sku: -balance for (_, sku), balance in sorted(self._lowest.items())}

    def on_hand(self) -> dict[tuple[str, str], int]:
        """Return the balance of each location and item after the last event, opening stock included."""
        opening = self.opening()
        balances = dict(self._level)
        for sku, quantity in opening.items():
            balances[MAIN, sku] += quantity
        return {place: balance for place, balance in sorted(balances.items()) if balance}


def opening_documents(day: str, opening: Mapping[str, int], products: Mapping[str, Product]) -> Iterator[Record]:
    """Yield one opening balance per category; the amount of a line is quantity × cost, rounded once."""
    for category in CATEGORIES:
        lines = [
            {"item": sku, "quantity": str(quantity), "amount": str(line_amount(quantity, products[sku].cost))}
            for sku, quantity in opening.items()
            if products[sku].category == category
        ]
        if lines:
            yield document("opening_balance", day, f"demo:opening:{category}", lines=lines)
