"""The opening stock: what must have been there so that nothing ever goes short, computed from the events themselves.

The source's purchases do not cover what it consumed (vendors sell cartons, builds take eaches), so each item opens
with exactly its lowest running balance, replayed move by move, valued at its cost when the story begins.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from wares_demo.catalogue import Product
from wares_demo.events import MAIN, Event, Record, document
from wares_demo.figures import line_amount
from wares_demo.masters import CATEGORIES


class Replay:
    """The running balance per location and item, and how far below zero each went."""

    def __init__(self) -> None:
        self._level: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._lowest: dict[tuple[str, str], int] = {}

    def follow(self, events: Iterable[Event]) -> Iterator[Event]:
        """The same events, each counted as it passes."""
        level, lowest = self._level, self._lowest
        for event in events:
            for location, sku, quantity in event.moves:
                place = (location, sku)
                level[place] = balance = level[place] + quantity
                if balance < lowest.get(place, 0):
                    lowest[place] = balance
            yield event

    def opening(self) -> dict[str, int]:
        """The quantity that each item needs at MAIN before the first event; elsewhere nothing may ever be short."""
        short = [place for place in self._lowest if place[0] != MAIN]
        if short:
            raise ValueError(f"{short[0][1]} goes short at {short[0][0]}: more must be transferred before")
        return {sku: -balance for (_, sku), balance in sorted(self._lowest.items())}

    def on_hand(self) -> dict[tuple[str, str], int]:
        """The balance of each location and item after the last event, opening stock included."""
        opening = self.opening()
        balances = dict(self._level)
        for sku, quantity in opening.items():
            balances[MAIN, sku] += quantity
        return {place: balance for place, balance in sorted(balances.items()) if balance}


def opening_documents(day: str, opening: Mapping[str, int], products: Mapping[str, Product]) -> Iterator[Record]:
    """One opening balance per category, its lines valued quantity × cost and rounded once."""
    for category in CATEGORIES:
        lines = [
            {"item": sku, "quantity": str(quantity), "amount": str(line_amount(quantity, products[sku].cost))}
            for sku, quantity in opening.items()
            if products[sku].category == category
        ]
        if lines:
            yield document("opening_balance", day, f"demo:opening:{category}", lines=lines)
