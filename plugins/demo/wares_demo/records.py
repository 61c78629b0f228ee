"""The whole story as records: read the tables once to know what must open, then again to tell it.

    plan = prepare(Source.packaged())
    for record in records(plan):
        ...                                  # post it
    print(plan.story.summary())

Both passes stream: sales, builds and purchases are merged by day, and only a few weeks of open ends are held.
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
    """A source, read once: what `records` needs to tell it, and the story it will tell."""

    source: Source
    catalogue: Catalogue
    count: Event
    story: Story


def prepare(source: Source) -> Plan:
    """Read the source once: the window, the catalogue in force at its start, the opening stock, the final balances."""
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
    """Every record in the order in which it can be posted: masters, opening balances, documents by date."""
    yield from master_records(plan.source, plan.catalogue)
    yield from documents(plan)


def master_records(source: Source, catalogue: Catalogue) -> Iterator[Record]:
    """Accounts and mappings, locations, parties, items; each names only what came before it."""
    yield from masters.chart()
    yield from masters.locations()
    yield from masters.suppliers(source)
    yield from masters.customers(source)
    yield from extras.parties()
    yield from masters.items(catalogue)
    yield from extras.items()


def documents(plan: Plan) -> Iterator[Record]:
    """Opening balances on the day before the first event, every event in order, the stock count last."""
    story, products = plan.story, plan.catalogue.by_sku()
    yield from opening_documents(days_after(story.first, -1), story.opening, products)
    for event in _events(plan.source, plan.catalogue, first=story.first, last=story.last):
        yield event.record
    yield plan.count.record


def window(source: Source) -> tuple[str, str]:
    """The days of the first and of the last event of the source: builds start, orders ship, purchases are due."""
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
