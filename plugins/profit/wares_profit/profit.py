"""The profit of each order, item, channel, vendor or month:

    sales + shipping + tips − discounts − refunds − fees − labels − cost of goods

The charges of a whole order (shipping, tips, discounts, fees, labels, refunds without a line) are spread over its lines in
proportion to their amounts, by largest remainder; the amounts of a line, over the vendors of its goods in proportion to their
quantities. So all five listings have the same sums. As long as a line waits for a part of its cost, the profit and margin of its
rows are incomplete: never 100 %.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from wares import Books, JsonObject, divide, money, split, unscaled
from wares_channels.charges import Charge, Charges
from wares_profit.attribution import LinePart, Order, line_parts, row_key
from wares_tracking.days import LAST_DAY, iso
from wares_tracking.display import Shown, decimals_of
from wares_tracking.document_keys import channel_key
from wares_tracking.sale_lines import SaleLine, sale_lines

_COLUMN = {"shipping": "shipping", "tip": "tips", "discount": "discounts", "refund": "refunds", "fee": "fees", "label": "labels"}
COLUMNS = tuple(_COLUMN.values())
"""The columns of charges, in their order."""
BEFORE = 1_00_00
"""The longest time between a charge and a later sale of its order: a year."""


class _Sums:
    """The sums of one row; minor units."""

    __slots__ = ("amounts", "complete", "quantity")

    def __init__(self) -> None:
        self.amounts: dict[str, int] = defaultdict(int)
        self.quantity = 0
        self.complete = True

    def add(self, part: LinePart) -> None:
        """Add a part of a sale line."""
        self.quantity += part.quantity
        self.amounts["cogs"] += part.cost
        self.complete = self.complete and part.complete

    def row(self, key: str, amounts: Shown[Decimal], quantities: Shown[Decimal]) -> JsonObject:
        """Return the row as the listing shows it."""
        get = self.amounts.__getitem__
        earned = get("sales") + get("shipping") + get("tips") - get("discounts") - get("refunds")
        profit = earned - get("fees") - get("labels") - get("cogs")
        margin = quantities[divide(profit * 10_000, earned) * 100] if self.complete and earned > 0 else None
        shown = {name: amounts[get(name)] for name in ("sales", *COLUMNS, "cogs")}
        return {"key": key, "quantity": quantities[self.quantity], **shown, "profit": amounts[profit], "margin": margin,
                "complete": self.complete}  # fmt: skip


def profit(books: Books, by: str, *, since: int = 0, until: int = LAST_DAY) -> list[JsonObject]:
    """Return rows of key, quantity, sales, shipping, tips, discounts, refunds, fees, labels, cogs, profit, margin, complete.

    Days are those of the sales: a later cost or refund is shown with its sale. A sold line that is no product goes by the title of
    its channel. Orders also have `channel` and `date`, since two channels may use the same number.
    """
    orders: dict[Order, list[SaleLine]] = defaultdict(list)
    for page in sale_lines(books, since=since, until=until):
        for line in page:
            orders[line.channel, line.order].append(line)
    charges = _charges(books, orders.keys(), since, until)
    orders |= {order: [] for order in _never_sold(books, [order for order in charges if order not in orders])}
    parts_of = line_parts(books, by, orders.values())
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
    parts: Mapping[str, list[LinePart]],
    sums: dict[tuple[str, str], _Sums],
) -> None:
    """Add an order to its rows."""
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
    """Add the charges of an order without sale lines on the day of the first; charges without an order on their own day."""
    first = min(charge.day for charge in charges)
    for charge in charges:
        key = row_key(by, order, None, first if order[1] else charge.day)
        sums[key, channel].amounts[_COLUMN[charge.kind]] += charge.amount


def _divide_order(
    lines: Sequence[SaleLine], charges: Iterable[Charge], parts: Mapping[str, list[LinePart]], sums: Mapping[str, _Sums]
) -> None:
    """Divide an order over several rows."""
    names = {name: line.name for line in lines for name in (line.channel_line, line.name) if name}

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


def _never_sold(books: Books, orders: Collection[Order]) -> list[Order]:
    """Return the orders that have no sale: fees without an order, refunds of unrecorded sales."""
    keys = {channel_key(channel, number, "", "sale"): (channel, number) for channel, number in orders}
    with books.recorded() as recorded:
        sold = {keys[line.key] for line in recorded.lines(types=["cash_sale"], keys=keys) if line.key in keys}
        by_hand = [number for channel, number in orders if not channel]
        sold |= {("", line.document) for line in recorded.lines(types=["cash_sale"], documents=by_hand)}
    return [order for order in orders if order not in sold]


def _charges(books: Books, orders: Collection[Order], since: int, until: int) -> dict[Order, list[Charge]]:
    """Return the charges of these orders, and of other orders that begin on these days; charges without an order by their own
    day."""
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
