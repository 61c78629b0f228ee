"""What a refund takes back: money, and the goods where they come back.

Goods that were matched return to their lot at their cost. Goods that never had a cost return without one: the sale waits for less.
"""

from __future__ import annotations

from typing import Any

from wares import Recorded, RecordedLine, minor, money, scaled, split, unscaled
from wares_seller.facts import Fact
from wares_seller.sales import Done, channel_key, done_to, line_name


def refund_lines(recorded: Recorded, channel: str, fact: Fact, decimals: int) -> list[dict[str, Any]]:
    """The lines of a credit note. A refund of an order that the books do not know is money alone."""
    sale = _sale_of(recorded, channel, fact)
    plain = {"description": fact.title or f"refund of {fact.order or channel}", "amount": f"{fact.amount:f}"}
    if sale is None:
        return [plain]
    if not fact.restock:
        item = {"item": sale.sku} if sale.sku else {}
        return [{**item, **plain, "quantity": fact.quantity, "attributes": {"sale": sale.name}}]
    return _with_goods(recorded, sale, fact, decimals) or [plain]


def _with_goods(recorded: Recorded, sale: RecordedLine, fact: Fact, decimals: int) -> list[dict[str, Any]]:
    """Units that were matched come back to stock; the others only stop waiting for a cost."""
    done = done_to(recorded, [sale.id]).get(sale.id, Done())
    quantity = min(scaled(fact.quantity), sale.quantity - done.credited)
    back = min(quantity, done.matched - done.restocked)
    parts = [part for part in (back, quantity - back) if part > 0]
    amounts = split(minor(fact.amount, decimals), parts) if parts else []
    lines: list[dict[str, Any]] = []
    for part, amount in zip(parts, amounts, strict=True):
        line: dict[str, Any] = {"from": sale.name, "quantity": unscaled(part), "amount": money(amount, decimals)}
        if part == back and len(lines) == 0 and back:
            line["restock"] = True
            item = sale.sku or done.sku
            line |= {"item": item} if item is not None else {}
        else:
            line["attributes"] = {"returned": True}
        lines.append(line)
    return lines


def _sale_of(recorded: Recorded, channel: str, fact: Fact) -> RecordedLine | None:
    """The sale line that is refunded: the one that the channel calls so, else the order's first of that SKU or title."""
    names = dict.fromkeys(name for name in (fact.line, line_name(fact.sku), line_name(fact.title)) if name)
    keys = [channel_key(channel, fact.order, name, "sale") for name in names] if fact.order else []
    found = {line.key: line for line in recorded.lines(types=["cash_sale"], keys=keys)}
    return next((found[key] for key in keys if key in found), None)
