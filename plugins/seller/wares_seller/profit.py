"""Profit of each order, item or channel: sales + shipping − discounts − refunds − fees − cost of goods.

What belongs to an order as a whole (shipping, discounts, fees, refunds of no line) is spread over its lines by what they were sold
for, by largest remainder, so that orders, items and channels sum to the same. Where a line still waits for some of its cost, profit
and margin of all it belongs to are incomplete: never 100 %.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from wares import Books, divide, money, split, unscaled
from wares_seller.products import needing_cost
from wares_seller.sales import LAST_DAY, SaleLine, decimals_of, parse_key, sale_lines

BY = ("order", "item", "channel")
COLUMNS = ("shipping", "discounts", "refunds", "fees")
_COLUMN = {"shipping": "shipping", "discount": "discounts", "refund": "refunds", "fee": "fees"}


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
        profit = get("sales") + get("shipping") - get("discounts") - get("refunds") - get("fees") - get("cogs")
        earned = get("sales") + get("shipping") - get("discounts") - get("refunds")
        margin = unscaled(divide(profit * 10_000, earned) * 100) if self.complete and earned > 0 else None
        shown = {name: money(get(name), decimals) for name in ("sales", *COLUMNS, "cogs")}
        return {"key": key, "quantity": unscaled(self.quantity), **shown, "profit": money(profit, decimals), "margin": margin,
                "complete": self.complete}  # fmt: skip


def profit(books: Books, by: str, *, since: int = 0, until: int = LAST_DAY) -> list[dict[str, Any]]:
    """Rows of key, quantity, sales, shipping, discounts, refunds, fees, cogs, profit, margin, complete.

    Days are those of the sales: a cost or refund that came later is shown with its sale. What was sold and is no product goes by
    what the channel calls it; orders also say their `channel`, as two channels may give the same number.
    """
    decimals = decimals_of(books)
    needs = needing_cost(books)
    tracked = {item["sku"]: item["type"] in needs for item in books.items.list()}
    orders: dict[tuple[str, str], list[SaleLine]] = defaultdict(list)
    for page in sale_lines(books, since=since, until=until):
        for line in page:
            orders[line.channel, line.order].append(line)
    sums: dict[tuple[str, str], _Sums] = defaultdict(_Sums)
    charges = _charges(books)
    within = set(orders)
    for order, found in charges.items():
        if order not in within and since <= min(day for _, _, _, day in found) <= until:
            orders[order] = []
    for order, lines in orders.items():
        _add_order(order, lines, charges.get(order, ()), by, sums, tracked)
    return [{**sums[key].row(key[0], decimals), **({"channel": key[1] or None} if by == "order" else {})} for key in sorted(sums)]


def _add_order(
    order: tuple[str, str],
    lines: list[SaleLine],
    charges: Iterable[tuple[str, str, int, int]],
    by: str,
    sums: dict[tuple[str, str], _Sums],
    tracked: dict[str, bool],
) -> None:
    keys = [_key(by, order, line) for line in lines]
    for key, line in zip(keys, lines, strict=True):
        into = sums[key]
        into.quantity += line.quantity
        into.amounts["sales"] += line.amount
        into.amounts["cogs"] += line.cost
        if line.waiting and (line.item_id is None or tracked.get(line.sku, True)):
            into.complete = False
    weights = [line.amount for line in lines]
    for kind, of_line, amount, _ in charges:
        column = _COLUMN[kind]
        own = [index for index, line in enumerate(lines) if of_line and line.name == of_line]
        if own:
            sums[keys[own[0]]].amounts[column] += amount
        elif lines:
            for key, part in zip(keys, split(amount, weights), strict=True):
                sums[key].amounts[column] += part
        else:
            sums[_key(by, order, None)].amounts[column] += amount


def _key(by: str, order: tuple[str, str], line: SaleLine | None) -> tuple[str, str]:
    channel, number = order
    if by == "channel":
        return channel or "-", ""
    if by == "order":
        return number, channel
    return ((line.sku or line.title or "-") if line is not None else "-"), ""


def _charges(books: Books) -> dict[tuple[str, str], list[tuple[str, str, int, int]]]:
    """Order → (kind, sale line or "", amount, day) of everything beside its sale lines: shipping, discounts, refunds, fees."""
    with books.recorded() as recorded:
        lines = recorded.lines(types=["channel_charge", "credit_note"], key_prefix="channel:")
    found: dict[tuple[str, str], list[tuple[str, str, int, int]]] = defaultdict(list)
    for line in lines:
        channel, order, _, kind = parse_key(line.key, line.document)
        kind = kind.partition(":")[0]
        if kind in _COLUMN:
            found[channel, order].append((kind, line.origin or str(line.attributes.get("sale", "")), line.amount, line.day))
    return found
