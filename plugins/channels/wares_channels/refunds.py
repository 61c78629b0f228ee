"""The lines of refunds: the money, and the goods if they come back.

Matched goods return to their lot at their cost. Goods without a cost return without one: the sale waits for less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Self

from wares import JsonObject, Recorded, RecordedLine, minor, money, scaled, split, unscaled
from wares_channels.order_documents import OrderDocument
from wares_channels.transaction import Transaction, line_name
from wares_tracking.fulfilment import NOTHING, Fulfilment, fulfilments

Lines = dict[str, list[RecordedLine]]
"""Idempotency key → the sale lines of its document."""
ReadLines = Callable[[Collection[str]], Lines]


class OrderLines:
    """The sale lines of some orders, each with its fulfilment."""

    def __init__(self, lines: dict[tuple[str, str], RecordedLine], done: dict[int, Fulfilment], decimals: int) -> None:
        self._lines = lines
        self._done = done
        self.decimals = decimals

    @classmethod
    def read(
        cls, recorded: Recorded, each_part: Callable[[ReadLines], Iterable[tuple[OrderDocument, int, list[RecordedLine]]]]
    ) -> Self:
        """Read the lines: `each_part` reads the parts of the orders' documents."""

        def read(keys: Collection[str]) -> Lines:
            found: Lines = defaultdict(list)
            for line in recorded.lines(types=["cash_sale"], keys=list(keys)):
                found[line.key or ""].append(line)
            return found

        lines: dict[tuple[str, str], RecordedLine] = {}
        for document, _, found in each_part(read):
            for name in ("line", "sku", "title"):
                for line in found:
                    lines.setdefault((document.order, line_name(str(line.attributes.get(name, "")))), line)
        return cls(lines, fulfilments(recorded, {line.id for line in lines.values()}), recorded.decimals)

    def of(self, refund: Transaction) -> RecordedLine | None:
        """Return the sale line of a refund: the line of that name, else the first line of the order with that SKU or title."""
        names = (refund.line, line_name(refund.sku), line_name(refund.title))
        return next((found for name in names if name and (found := self._lines.get((refund.order, name)))), None)

    def fulfilment(self, line: RecordedLine) -> Fulfilment:
        """Return the sums of the matches and credits of a line."""
        return self._done.get(line.id, NOTHING)


def refund_lines(orders: OrderLines, channel: str, refund: Transaction) -> list[JsonObject]:
    """Return the lines of a credit note. A refund of an order that is not in the books is money alone."""
    attributes = refund.attributes(so_far=True) if refund.cumulative else refund.attributes(line=refund.line)
    sale = orders.of(refund)
    plain = {"description": refund.title or f"refund of {refund.order or channel}", "amount": f"{refund.amount:f}"}
    if sale is None:
        return [{**plain, "attributes": attributes}]
    if not refund.restock:
        item = {"item": sale.sku} if sale.sku else {}
        return [{**item, **plain, "quantity": f"{refund.quantity:f}", "attributes": {**attributes, "sale": sale.name}}]
    return _with_goods(orders, sale, refund, attributes) or [{**plain, "attributes": attributes}]


def _with_goods(orders: OrderLines, sale: RecordedLine, refund: Transaction, attributes: JsonObject) -> list[JsonObject]:
    """Return the lines of returned goods: matched units return to stock, the others only stop waiting for a cost."""
    done = orders.fulfilment(sale)
    quantity = min(scaled(refund.quantity), sale.quantity - done.credited)
    back = min(quantity, done.matched - done.restocked)
    parts = [part for part in (back, quantity - back) if part > 0]
    amounts = split(minor(refund.amount, orders.decimals), parts) if parts else []
    lines: list[JsonObject] = []
    for part, amount in zip(parts, amounts, strict=True):
        line: JsonObject = {
            "from": sale.name, "quantity": unscaled(part), "amount": money(amount, orders.decimals), "attributes": attributes,
        }  # fmt: skip
        if part == back and len(lines) == 0 and back:
            line["restock"] = True
            item = sale.sku or done.sku
            line |= {"item": item} if item is not None else {}
        else:
            line["attributes"] = {**attributes, "returned": True}
        lines.append(line)
    return lines
