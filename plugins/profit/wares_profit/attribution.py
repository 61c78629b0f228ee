"""Attribute sale lines to the rows of a profit listing: by order, item, channel, vendor or month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from wares import Books, LinkKind, Recorded, split
from wares_tracking.days import iso
from wares_tracking.products import untracked_items
from wares_tracking.sale_lines import SaleLine

BY = ("order", "item", "channel", "vendor", "month")
UNKNOWN = "-"

Order = tuple[str, str]
"""Channel and number."""


class LinePart(NamedTuple):
    """The part of a sale line that belongs to one row of the listing."""

    key: str
    quantity: int
    cost: int
    complete: bool
    """True if the part has its whole cost."""


class _LotTaken(NamedTuple):
    """The goods of one lot that a match gave to a sale line."""

    item_id: int
    lot: str
    quantity: int
    cost: int


def row_key(by: str, order: Order, line: SaleLine | None, day: int) -> str:
    """Return the key of the row of a sale line, or of a charge without one."""
    if by == "channel":
        return order[0] or UNKNOWN
    if by == "order":
        return order[1]
    if by == "month":
        return iso(day)[:7]
    return (line.sku or line.title or UNKNOWN) if line is not None and by == "item" else UNKNOWN


def line_parts(books: Books, by: str, orders: Collection[list[SaleLine]]) -> Callable[[Order, SaleLine], list[LinePart]]:
    """Return the function that divides the lines of these orders into parts."""
    untracked = untracked_items(books)

    def whole(order: Order, line: SaleLine) -> list[LinePart]:
        complete = not line.waiting or line.item_id in untracked
        return [LinePart(row_key(by, order, line, line.day), line.quantity, line.cost, complete)]

    if by != "vendor":
        return whole
    with books.recorded() as recorded:
        taken = _lots_taken(recorded, orders)
        vendors = _vendors(recorded, taken)

    def by_vendor(order: Order, line: SaleLine) -> list[LinePart]:
        if line.item_id in untracked:
            return [LinePart(UNKNOWN, line.quantity, line.cost, True)]
        return list(_vendor_parts(line, taken.get(line.line_id, ()), vendors))

    return by_vendor


def _vendor_parts(line: SaleLine, taken: Iterable[_LotTaken], vendors: Mapping[tuple[int, str], str]) -> Iterator[LinePart]:
    """Return a part for each vendor of the line's goods, and one for the quantity without a match; returned goods lower each cost
    in proportion."""
    quantities: dict[str, int] = defaultdict(int)
    costs: dict[str, int] = defaultdict(int)
    for each in taken:
        vendor = vendors.get((each.item_id, each.lot), UNKNOWN)
        quantities[vendor] += each.quantity
        costs[vendor] += each.cost
    rest = line.quantity - line.matched
    if rest > 0 or not quantities:
        quantities[UNKNOWN] += rest
        costs[UNKNOWN] += 0
    net = dict(zip(costs, split(line.cost, list(costs.values())), strict=True))
    for vendor, quantity in quantities.items():
        yield LinePart(vendor, quantity, net[vendor], vendor != UNKNOWN or not line.waiting)


def _lots_taken(recorded: Recorded, orders: Collection[list[SaleLine]]) -> dict[int, list[_LotTaken]]:
    """Return, by sale line, the goods of its matches, lot by lot."""
    links = recorded.links([line.line_id for lines in orders for line in lines if line.matched], kinds=[LinkKind.DELIVER])
    values = recorded.values({link.document_id for link in links})
    found: dict[int, list[_LotTaken]] = defaultdict(list)
    for link in links:
        found[link.origin_id].append(_LotTaken(link.item_id or 0, link.lot or "", link.quantity, -values.get(link.line_id, 0)))
    return found


def _vendors(recorded: Recorded, taken: Mapping[int, list[_LotTaken]]) -> dict[tuple[int, str], str]:
    """Return the vendor of each (item, lot): the party of the purchase, else its description. Goods that are not kept by lot have
    none."""
    items = {each.item_id for of_line in taken.values() for each in of_line if each.lot}
    return {(lot.item_id, lot.lot): lot.party or lot.text or UNKNOWN for lot in recorded.lots(sorted(items), gone=True) if lot.lot}
