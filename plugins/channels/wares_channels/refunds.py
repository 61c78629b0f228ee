"""What a refund takes back: money, and the goods where they come back.

Goods that were matched return to their lot at their cost. Goods that never had a cost return without one: the sale waits for less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any, Self

from wares import Recorded, RecordedLine, minor, money, scaled, split, unscaled
from wares_channels.row_reading import Fact
from wares_tracking.sale_lines import Done, done_to, line_name

Lines = dict[str, list[RecordedLine]]
"""Idempotency key → the sale lines of its document."""


class OrderLines:
    """The sale lines of some orders, and what was done to each."""

    def __init__(self, lines: dict[tuple[str, str], RecordedLine], done: dict[int, Done], decimals: int) -> None:
        self._lines = lines
        self._done = done
        self.decimals = decimals

    @classmethod
    def read(
        cls, recorded: Recorded, each_part: Callable[[Callable[[Collection[str]], Lines]], Iterable[tuple[Any, int, Any]]]
    ) -> Self:
        """Read them: `each_part` goes through the documents of the orders."""

        def read(keys: Collection[str]) -> Lines:
            found: Lines = defaultdict(list)
            for line in recorded.lines(types=["cash_sale"], keys=list(keys)):
                found[line.key or ""].append(line)
            return found

        lines: dict[tuple[str, str], RecordedLine] = {}
        for paper, _, found in each_part(read):
            for name in ("line", "sku", "title"):
                for line in found:
                    lines.setdefault((paper.order, line_name(str(line.attributes.get(name, "")))), line)
        return cls(lines, done_to(recorded, {line.id for line in lines.values()}), recorded.decimals)

    def of(self, fact: Fact) -> RecordedLine | None:
        """The line that a fact is about: the one that the channel calls so, else the order's first of that SKU or title."""
        names = (fact.line, line_name(fact.sku), line_name(fact.title))
        return next((found for name in names if name and (found := self._lines.get((fact.order, name)))), None)

    def done(self, line: RecordedLine) -> Done:
        """What matches and credits did to a line."""
        return self._done.get(line.id, Done())


def refund_lines(orders: OrderLines, channel: str, fact: Fact) -> list[dict[str, Any]]:
    """The lines of a credit note. A refund of an order that the books do not know is money alone."""
    said = fact.said(so_far=True) if fact.cumulative else fact.said(line=fact.line)
    sale = orders.of(fact)
    plain = {"description": fact.title or f"refund of {fact.order or channel}", "amount": f"{fact.amount:f}"}
    if sale is None:
        return [{**plain, "attributes": said}]
    if not fact.restock:
        item = {"item": sale.sku} if sale.sku else {}
        return [{**item, **plain, "quantity": f"{fact.quantity:f}", "attributes": {**said, "sale": sale.name}}]
    return _with_goods(orders, sale, fact, said) or [{**plain, "attributes": said}]


def _with_goods(orders: OrderLines, sale: RecordedLine, fact: Fact, said: dict[str, Any]) -> list[dict[str, Any]]:
    """Units that were matched come back to stock; the others only stop waiting for a cost."""
    done = orders.done(sale)
    quantity = min(scaled(fact.quantity), sale.quantity - done.credited)
    back = min(quantity, done.matched - done.restocked)
    parts = [part for part in (back, quantity - back) if part > 0]
    amounts = split(minor(fact.amount, orders.decimals), parts) if parts else []
    lines: list[dict[str, Any]] = []
    for part, amount in zip(parts, amounts, strict=True):
        line: dict[str, Any] = {
            "from": sale.name, "quantity": unscaled(part), "amount": money(amount, orders.decimals), "attributes": said,
        }  # fmt: skip
        if part == back and len(lines) == 0 and back:
            line["restock"] = True
            item = sale.sku or done.sku
            line |= {"item": item} if item is not None else {}
        else:
            line["attributes"] = {**said, "returned": True}
        lines.append(line)
    return lines
