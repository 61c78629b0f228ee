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
from typing import Any, NamedTuple

from wares import Books, Recorded, RecordedLine, divide, money, split, unscaled
from wares_seller.products import untracked_items
from wares_seller.sales import LAST_DAY, SaleLine, channel_key, decimals_of, iso, parse_key, sale_lines

BY = ("order", "item", "channel", "vendor", "month")
_COLUMN = {"shipping": "shipping", "tip": "tips", "discount": "discounts", "refund": "refunds", "fee": "fees", "label": "labels"}
COLUMNS = tuple(_COLUMN.values())
UNKNOWN = "-"
BEFORE = 1_00_00
"""How long before its sale something may be said of an order: a year."""

Order = tuple[str, str]
"""Channel and number."""


class _Charge(NamedTuple):
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


class _Sums:
    """One row being summed; minor units."""

    __slots__ = ("amounts", "complete", "quantity")

    def __init__(self) -> None:
        self.amounts: dict[str, int] = defaultdict(int)
        self.quantity = 0
        self.complete = True

    def row(self, key: str, decimals: int) -> dict[str, Any]:
        """As the listing shows it."""
        get = self.amounts.__getitem__
        earned = get("sales") + get("shipping") + get("tips") - get("discounts") - get("refunds")
        profit = earned - get("fees") - get("labels") - get("cogs")
        margin = unscaled(divide(profit * 10_000, earned) * 100) if self.complete and earned > 0 else None
        shown = {name: money(get(name), decimals) for name in ("sales", *COLUMNS, "cogs")}
        return {"key": key, "quantity": unscaled(self.quantity), **shown, "profit": money(profit, decimals), "margin": margin,
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
        own = charges.get(order, ())
        alone = UNKNOWN if lines else _key(by, order, None, _first(own))
        _add_order(order, lines, own, parts_of, sums, in_channel=by == "order", alone=alone)
    decimals = decimals_of(books)
    rows = [(key, sums[key].row(key[0], decimals)) for key in sorted(sums)]
    if by != "order":
        return [row for _, row in rows]
    days = {order: min(each.day for each in (*lines, *charges.get(order, ()))) for order, lines in orders.items()}
    return [{**row, "channel": channel or None, "date": iso(days[channel, number])} for (number, channel), row in rows]


def _add_order(
    order: Order,
    lines: Sequence[SaleLine],
    charges: Iterable[_Charge],
    parts_of: Callable[[Order, SaleLine], list[_Part]],
    sums: dict[tuple[str, str], _Sums],
    *,
    in_channel: bool,
    alone: str,
) -> None:
    """Add an order to the rows it belongs to; `alone` is the row of what has no sale line."""
    channel = order[0] if in_channel else ""
    parts = {line.name: parts_of(order, line) for line in lines}
    names = {name: line.name for line in lines for name in (line.called, line.name) if name}

    def add(column: str, line: str, amount: int) -> None:
        own = parts[line]
        for part, share in zip(own, split(amount, [each.quantity for each in own]), strict=True):
            sums[part.key, channel].amounts[column] += share

    for line in lines:
        add("sales", line.name, line.amount)
        for part in parts[line.name]:
            into = sums[part.key, channel]
            into.quantity += part.quantity
            into.amounts["cogs"] += part.cost
            into.complete = into.complete and part.complete
    weights = [line.amount for line in lines]
    for charge in charges:
        column = _COLUMN[charge.kind]
        if charge.line in names:
            add(column, names[charge.line], charge.amount)
        elif lines:
            for line, share in zip(lines, split(charge.amount, weights), strict=True):
                add(column, line.name, share)
        else:
            sums[alone, channel].amounts[column] += charge.amount


def _parts(books: Books, by: str, orders: Iterable[list[SaleLine]]) -> Callable[[Order, SaleLine], list[_Part]]:
    """How the lines of these orders are divided."""
    untracked = untracked_items(books)
    with books.recorded() as recorded:
        vendors = _vendors(recorded, orders) if by == "vendor" else {}

    def whole(order: Order, line: SaleLine) -> list[_Part]:
        complete = not line.waiting or line.item_id in untracked
        return [_Part(_key(by, order, line, line.day), line.quantity, line.cost, complete)]

    def by_vendor(order: Order, line: SaleLine) -> list[_Part]:
        if line.item_id in untracked:
            return [_Part(UNKNOWN, line.quantity, line.cost, True)]
        return list(_by_vendor(line, vendors))

    return by_vendor if by == "vendor" else whole


def _key(by: str, order: Order, line: SaleLine | None, day: int) -> str:
    if by == "channel":
        return order[0] or UNKNOWN
    if by == "order":
        return order[1]
    if by == "month":
        return iso(day)[:7]
    return (line.sku or line.title or UNKNOWN) if line is not None and by == "item" else UNKNOWN


def _by_vendor(line: SaleLine, vendors: Mapping[tuple[int | None, str], str]) -> Iterator[_Part]:
    """A part for each vendor whose goods the line took, one for what no match gave; what came back lowers each in proportion."""
    quantities: dict[str, int] = defaultdict(int)
    costs: dict[str, int] = defaultdict(int)
    for taken in line.taken:
        vendor = vendors.get((taken.item_id, taken.lot or ""), UNKNOWN)
        quantities[vendor] += taken.quantity
        costs[vendor] += taken.cost
    rest = line.quantity - line.matched
    if rest > 0 or not quantities:
        quantities[UNKNOWN] += rest
        costs[UNKNOWN] += 0
    net = dict(zip(costs, split(line.cost, list(costs.values())), strict=True))
    for vendor, quantity in quantities.items():
        yield _Part(vendor, quantity, net[vendor], vendor != UNKNOWN or not line.waiting)


def _vendors(recorded: Recorded, orders: Iterable[list[SaleLine]]) -> dict[tuple[int | None, str], str]:
    """(item, lot) → from whom it was bought: the party, else what the purchase says. Goods that are not kept by lot have none."""
    items = {taken.item_id for lines in orders for line in lines for taken in line.taken if taken.item_id is not None and taken.lot}
    return {(lot.item_id, lot.lot): lot.party or lot.text or UNKNOWN for lot in recorded.lots(sorted(items), gone=True) if lot.lot}


def _first(charges: Iterable[_Charge]) -> int:
    return min(charge.day for charge in charges)


def _never_sold(books: Books, orders: Collection[Order]) -> list[Order]:
    """Those of these orders that have no sale: fees of no order, refunds of what nobody recorded."""
    keys = {channel_key(channel, number, "", "sale"): (channel, number) for channel, number in orders}
    with books.recorded() as recorded:
        sold = {keys[line.key] for line in recorded.lines(types=["cash_sale"], keys=keys) if line.key in keys}
        by_hand = [number for channel, number in orders if not channel]
        sold |= {("", line.document) for line in recorded.lines(types=["cash_sale"], documents=by_hand)}
    return [order for order in orders if order not in sold]


def _charges(books: Books, orders: Collection[Order], since: int, until: int) -> dict[Order, list[_Charge]]:
    """Order → everything beside its sale lines: shipping, tips, discounts, refunds, fees, labels. Of these orders, and of others
    that begin on these days."""
    found: dict[Order, list[_Charge]] = defaultdict(list)
    before: set[Order] = set()
    with books.recorded() as recorded:
        for first, last in recorded.day_pages(since=max(since - BEFORE, 0)):
            for line in recorded.lines(types=["channel_charge", "credit_note"], key_prefix="channel:", since=first, until=last):
                channel, number, _, _ = parse_key(line.key, line.document)
                order = channel, number
                begins = since <= line.day <= until and order not in before
                if begins or order in orders or order in found:
                    if (charge := _charge(line)) is not None:
                        found[order].append(charge)
                elif line.day < since:
                    before.add(order)
    return found


def _charge(line: RecordedLine) -> _Charge | None:
    said = line.attributes
    kind = "refund" if line.type == "credit_note" else str(said.get("kind", ""))
    if kind not in _COLUMN:
        return None
    return _Charge(kind, line.origin or said.get("sale") or said.get("line") or "", line.amount, line.day)
