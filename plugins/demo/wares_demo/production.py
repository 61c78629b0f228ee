"""Builds: one build document per work order, on the day it started.

`quantity` is the number of stocked units, `scrapped` of lost ones; both consume components. Within a day the lowest
assemblies come first (in the source, parents have lower numbers than the components they need). The bill of materials
in force does not change during the story, so builds name no components of their own.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from wares_demo.catalogue import Catalogue, Product
from wares_demo.events import BUILD, MAIN, Event, Key, Move, Record, document
from wares_demo.source import Source


def builds(source: Source, catalogue: Catalogue) -> Iterator[Event]:
    """Yield build documents day by day, holding one day at a time: the source's work orders are in order of date."""
    columns = ("StartDate", "WorkOrderID", "ProductID", "StockedQty", "ScrappedQty")
    for day, rows in groupby(source.rows("WorkOrder", *columns), key=itemgetter(0)):
        events = [
            _build(day, int(order), catalogue.products[product], stocked=int(stocked), scrapped=int(scrapped))
            for _, order, product, stocked, scrapped in rows
        ]
        events.sort(key=lambda event: event.key)
        yield from events


def _build(day: str, order: int, product: Product, *, stocked: int, scrapped: int) -> Event:
    line: Record = {"item": product.sku, "quantity": str(stocked)}
    if scrapped:
        line["scrapped"] = str(scrapped)
    number = f"WO-{order}"
    record = document("build", day, f"aw:{number}", number=number, lines=[line])
    consumed = [Move(MAIN, part.sku, -part.quantity * (stocked + scrapped)) for part in product.components]
    return Event(Key(day, BUILD, product.height, order), record, (*consumed, Move(MAIN, product.sku, stocked)))
