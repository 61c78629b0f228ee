"""The whole story as records. The tables are read once to compute the opening stock and again to make the records.

    plan = prepare(Source.packaged())
    for record in records(plan):
        ...                                  # post it
    print(plan.story.summary())

Both passes stream: sales, builds and purchases are merged by day, and only a few weeks of pending events are held.
"""

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from wares_demo import extras, masters
from wares_demo.catalogue import Catalogue, read_catalogue
from wares_demo.events import Event, Record, days_after
from wares_demo.opening import Replay, opening_documents
from wares_demo.production import builds
from wares_demo.purchasing import COMPLETE, purchases
from wares_demo.sales import sales
from wares_demo.source import Source
from wares_demo.story import Story


@dataclass(frozen=True, slots=True)
class Plan:
    """The result of the first pass over a source, from which `records` makes the records."""

    source: Source
    catalogue: Catalogue
    count: Event
    """The stock count, the last document."""
    story: Story
    """Counts and figures of the records to come."""


def prepare(source: Source) -> Plan:
    """Read the source once for its window, the catalogue in force at its start, the opening stock and the final balances."""
    first, last = window(source)
    catalogue = read_catalogue(source, at=first)
    replay = Replay()
    documents: Counter[str] = Counter()
    for event in replay.follow(_events(source, catalogue, first=first, last=last)):
        documents[event.record["type"]] += 1
    products = catalogue.by_sku()
    count = extras.stock_count(last, replay.on_hand(), products)
    for _ in replay.follow([count]):
        documents["count"] += 1
    opening = replay.opening()
    documents["opening_balance"] = sum(1 for _ in opening_documents(first, opening, products))
    told = Counter(_kind(record) for record in master_records(source, catalogue))
    story = Story(
        first=first,
        last=last,
        masters=dict(told),
        documents=dict(documents),
        opening=opening,
        on_hand=replay.on_hand(),
    )
    return Plan(source, catalogue, count, story)


def records(plan: Plan) -> Iterator[Record]:
    """Yield every record in an order in which it can be posted: masters, opening balances, documents by date."""
    yield from master_records(plan.source, plan.catalogue)
    yield from documents(plan)


def master_records(source: Source, catalogue: Catalogue) -> Iterator[Record]:
    """Yield accounts and mappings, locations, parties, items; each names only earlier records."""
    yield from masters.chart()
    yield from masters.locations()
    yield from masters.suppliers(source)
    yield from masters.customers(source)
    yield from extras.parties()
    yield from masters.items(catalogue)
    yield from extras.items()


def documents(plan: Plan) -> Iterator[Record]:
    """Yield opening balances on the day before the first event, then every event in order, then the stock count."""
    story, products = plan.story, plan.catalogue.by_sku()
    yield from opening_documents(days_after(story.first, -1), story.opening, products)
    for event in _events(plan.source, plan.catalogue, first=story.first, last=story.last):
        yield event.record
    yield plan.count.record


def window(source: Source) -> tuple[str, str]:
    """Return the days of the first and the last event of the source: a start of a build, a shipment or a due purchase."""
    complete = {order for order, status in source.rows("PurchaseOrderHeader", "PurchaseOrderID", "Status") if status == COMPLETE}
    due = source.rows("PurchaseOrderDetail", "PurchaseOrderID", "DueDate")
    days = {day for order, day in due if order in complete}
    days.update(day for (day,) in source.rows("WorkOrder", "StartDate"))
    days.update(day for (day,) in source.rows("SalesOrderHeader", "ShipDate"))
    return min(days), max(days)


def _events(source: Source, catalogue: Catalogue, *, first: str, last: str) -> Iterator[Event]:
    return heapq.merge(
        extras.revaluations(source, catalogue, after=first, until=last),
        purchases(source, catalogue, until=last),
        builds(source, catalogue),
        extras.shop_weeks(first, last),
        sales(source, catalogue, until=last),
        key=attrgetter("key"),
    )


def _kind(record: Record) -> str:
    return f"item:{record['type']}" if record["record"] == "item" else str(record["record"])
