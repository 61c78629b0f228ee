"""Profit of each order, item, channel, vendor or month:

    sales + shipping + tips − discounts − refunds − fees − labels − cost of goods

What belongs to an order as a whole (shipping, tips, discounts, fees, labels, refunds of no line) is spread over its lines by what
they were sold for, by largest remainder; what belongs to a line, over the vendors of its goods by their quantity. So all five ways
of looking sum to the same. Where a line still waits for some of its cost, profit and margin of all it belongs to are incomplete:
never 100 %.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from wares import Books, Recorded, RecordedLine, divide, money, split, unscaled
from wares_tracking.products import untracked_items
from wares_tracking.projections import Charges
from wares_tracking.sale_lines import LAST_DAY, SaleLine, Shown, channel_key, decimals_of, iso, sale_lines

BY = ("order", "item", "channel", "vendor", "month")
_COLUMN = {"shipping": "shipping", "tip": "tips", "discount": "discounts", "refund": "refunds", "fee": "fees", "label": "labels"}
COLUMNS = tuple(_COLUMN.values())
UNKNOWN = "-"
BEFORE = 1_00_00
"""How long before its sale something may be said of an order: a year."""

Order = tuple[str, str]
"""Channel and number."""


class Charge(NamedTuple):
    """What was said of an order beside its sale lines; of one of them where `line` names it, as we do or as the channel does."""

    kind: str
    line: str
    amount: int
    day: int


class _Part(NamedTuple):
    """The part of a sale line that belongs to one row of the listing."""

    key: str
    quantity: int
    cost: int
    complete: bool


class _Taken(NamedTuple):
    """What a match gave to a sale line out of one lot."""

    item_id: int
    lot: str
    quantity: int
    cost: int


class _Sums:
    """One row being summed; minor units."""

    __slots__ = ("amounts", "complete", "quantity")

    def __init__(self) -> None:
        self.amounts: dict[str, int] = defaultdict(int)
        self.quantity = 0
        self.complete = True

    def add(self, part: _Part) -> None:
        """Goods that belong to this row."""
        self.quantity += part.quantity
        self.amounts["cogs"] += part.cost
        self.complete = self.complete and part.complete

    def row(self, key: str, amounts: Shown[Decimal], quantities: Shown[Decimal]) -> dict[str, Any]:
        """As the listing shows it."""
        get = self.amounts.__getitem__
        earned = get("sales") + get("shipping") + get("tips") - get("discounts") - get("refunds")
        profit = earned - get("fees") - get("labels") - get("cogs")
        margin = quantities[divide(profit * 10_000, earned) * 100] if self.complete and earned > 0 else None
        shown = {name: amounts[get(name)] for name in ("sales", *COLUMNS, "cogs")}
        return {"key": key, "quantity": quantities[self.quantity], **shown, "profit": amounts[profit], "margin": margin,
                "complete": self.complete}  # fmt: skip


def profit(books: Books, by: str, *, since: int = 0, until: int = LAST_DAY) -> list[dict[str, Any]]:
    """Rows of key, quantity, sales, shipping, tips, discounts, refunds, fees, labels, cogs, profit, margin, complete.

    Days are those of the sales: a cost or refund that came later is shown with its sale. What was sold and is no product goes by
    what the channel calls it. Orders also say their `channel` and `date`, as two channels may give the same number.
    """
    orders: dict[Order, list[SaleLine]] = defaultdict(list)
    for page in sale_lines(books, since=since, until=until):
        for line in page:
            orders[line.channel, line.order].append(line)
    charges = _charges(books, orders.keys(), since, until)
    orders |= {order: [] for order in _never_sold(books, [order for order in charges if order not in orders])}
    parts_of = _parts(books, by, orders.values())
    sums: dict[tuple[str, str], _Sums] = defaultdict(_Sums)
    for order, lines in orders.items():
        own, channel = charges.get(order, ()), order[0] if by == "order" else ""
        if lines:
            _add_order(channel, lines, own, {line.name: parts_of(order, line) for line in lines}, sums)
        else:
            _add_alone(channel, own, by, order, sums)
    amounts, quantities = Shown(partial(money, decimals=decimals_of(books))), Shown(unscaled)
    rows = [(key, sums[key].row(key[0], amounts, quantities)) for key in sorted(sums)]
    if by != "order":
        return [row for _, row in rows]
    days = {order: min(each.day for each in (*lines, *charges.get(order, ()))) for order, lines in orders.items()}
    return [{**row, "channel": channel or None, "date": iso(days[channel, number])} for (number, channel), row in rows]


def _add_order(
    channel: str,
    lines: Sequence[SaleLine],
    charges: Iterable[Charge],
    parts: Mapping[str, list[_Part]],
    sums: dict[tuple[str, str], _Sums],
) -> None:
    """Add an order to the rows it belongs to."""
    keys = {part.key for own in parts.values() for part in own}
    if len(keys) > 1:
        _divide_order(lines, charges, parts, {key: sums[key, channel] for key in keys})
        return
    into = sums[keys.pop(), channel]
    for line in lines:
        into.amounts["sales"] += line.amount
        for part in parts[line.name]:
            into.add(part)
    for charge in charges:
        into.amounts[_COLUMN[charge.kind]] += charge.amount


def _add_alone(channel: str, charges: Sequence[Charge], by: str, order: Order, sums: dict[tuple[str, str], _Sums]) -> None:
    """Add what was said of an order without sale lines, on the day it was first heard of; what is of no order, on its own day."""
    first = min(charge.day for charge in charges)
    for charge in charges:
        key = _key(by, order, None, first if order[1] else charge.day)
        sums[key, channel].amounts[_COLUMN[charge.kind]] += charge.amount


def _divide_order(
    lines: Sequence[SaleLine], charges: Iterable[Charge], parts: Mapping[str, list[_Part]], sums: Mapping[str, _Sums]
) -> None:
    """Add an order that belongs to several rows."""
    names = {name: line.name for line in lines for name in (line.called, line.name) if name}

    def add(column: str, line: str, amount: int) -> None:
        own = parts[line]
        for part, share in zip(own, split(amount, [each.quantity for each in own]), strict=True):
            sums[part.key].amounts[column] += share

    for line in lines:
        add("sales", line.name, line.amount)
        for part in parts[line.name]:
            sums[part.key].add(part)
    weights = [line.amount for line in lines]
    for charge in charges:
        column = _COLUMN[charge.kind]
        if charge.line in names:
            add(column, names[charge.line], charge.amount)
            continue
        for line, share in zip(lines, split(charge.amount, weights), strict=True):
            add(column, line.name, share)


def _parts(books: Books, by: str, orders: Collection[list[SaleLine]]) -> Callable[[Order, SaleLine], list[_Part]]:
    """How the lines of these orders are divided."""
    untracked = untracked_items(books)

    def whole(order: Order, line: SaleLine) -> list[_Part]:
        complete = not line.waiting or line.item_id in untracked
        return [_Part(_key(by, order, line, line.day), line.quantity, line.cost, complete)]

    if by != "vendor":
        return whole
    with books.recorded() as recorded:
        taken = _taken(recorded, orders)
        vendors = _vendors(recorded, taken)

    def by_vendor(order: Order, line: SaleLine) -> list[_Part]:
        if line.item_id in untracked:
            return [_Part(UNKNOWN, line.quantity, line.cost, True)]
        return list(_by_vendor(line, taken.get(line.line_id, ()), vendors))

    return by_vendor


def _key(by: str, order: Order, line: SaleLine | None, day: int) -> str:
    if by == "channel":
        return order[0] or UNKNOWN
    if by == "order":
        return order[1]
    if by == "month":
        return iso(day)[:7]
    return (line.sku or line.title or UNKNOWN) if line is not None and by == "item" else UNKNOWN


def _by_vendor(line: SaleLine, taken: Iterable[_Taken], vendors: Mapping[tuple[int, str], str]) -> Iterator[_Part]:
    """A part for each vendor whose goods the line took, one for what no match gave; what came back lowers each in proportion."""
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
        yield _Part(vendor, quantity, net[vendor], vendor != UNKNOWN or not line.waiting)


def _taken(recorded: Recorded, orders: Collection[list[SaleLine]]) -> dict[int, list[_Taken]]:
    """Sale line → what its matches took, lot by lot."""
    links = recorded.links([line.line_id for lines in orders for line in lines if line.matched], kinds=["deliver"])
    values = recorded.values({link.document_id for link in links})
    found: dict[int, list[_Taken]] = defaultdict(list)
    for link in links:
        found[link.origin_id].append(_Taken(link.item_id or 0, link.lot or "", link.quantity, -values.get(link.line_id, 0)))
    return found


def _vendors(recorded: Recorded, taken: Mapping[int, list[_Taken]]) -> dict[tuple[int, str], str]:
    """(item, lot) → from whom it was bought: the party, else what the purchase says. Goods that are not kept by lot have none."""
    items = {each.item_id for of_line in taken.values() for each in of_line if each.lot}
    return {(lot.item_id, lot.lot): lot.party or lot.text or UNKNOWN for lot in recorded.lots(sorted(items), gone=True) if lot.lot}


def _never_sold(books: Books, orders: Collection[Order]) -> list[Order]:
    """Those of these orders that have no sale: fees of no order, refunds of what nobody recorded."""
    keys = {channel_key(channel, number, "", "sale"): (channel, number) for channel, number in orders}
    with books.recorded() as recorded:
        sold = {keys[line.key] for line in recorded.lines(types=["cash_sale"], keys=keys) if line.key in keys}
        by_hand = [number for channel, number in orders if not channel]
        sold |= {("", line.document) for line in recorded.lines(types=["cash_sale"], documents=by_hand)}
    return [order for order in orders if order not in sold]


def _charges(books: Books, orders: Collection[Order], since: int, until: int) -> dict[Order, list[Charge]]:
    """Order → everything beside its sale lines: shipping, tips, discounts, refunds, fees, labels. Of these orders, and of others
    that begin on these days; what is of no order by its own day."""
    found: dict[Order, list[Charge]] = defaultdict(list)
    before: set[Order] = set()
    for page in books.projections.pages(Charges.key, since=max(since - BEFORE, 0)):
        for channel, number, kind, line, amount, day in page:
            order, is_within = (channel, number), since <= day <= until
            if is_within if not number else order in orders or order in found or (is_within and order not in before):
                found[order].append(Charge(kind, line, amount, day))
            elif day < since:
                before.add(order)
    return found


def charge_of(line: RecordedLine) -> Charge | None:
    """What a line of a charge or credit note says of its order; None of a line that is no part of its profit."""
    said = line.attributes
    kind = "refund" if line.type == "credit_note" else str(said.get("kind", ""))
    if kind not in _COLUMN:
        return None
    return Charge(kind, line.origin or said.get("sale") or said.get("line") or "", line.amount, line.day)
