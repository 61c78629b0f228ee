"""What a refund takes back: money, and the goods where they come back.

Goods that were matched return to their lot at their cost. Goods that never had a cost return without one: the sale waits for less.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from wares import minor, money, scaled, split, unscaled
from wares_seller.facts import Fact
from wares_seller.sales import channel_key, done_to, line_name


class _Sale(NamedTuple):
    """A sale line of the order."""

    name: str
    line_id: int
    item: str | None
    quantity: int
    credited: int


def refund_lines(reader: Any, channel: str, fact: Fact, decimals: int) -> list[dict[str, Any]]:
    """The lines of a credit note. A refund of an order that the books do not know is money alone."""
    sale = _sale_of(reader, channel, fact)
    plain = {"description": fact.title or f"refund of {fact.order or channel}", "amount": f"{fact.amount:f}"}
    if sale is None:
        return [plain]
    if not fact.restock:
        item = {"item": sale.item} if sale.item else {}
        return [{**item, **plain, "quantity": fact.quantity, "attributes": {"sale": sale.name}}]
    return _with_goods(reader, sale, fact, decimals) or [plain]


def _with_goods(reader: Any, sale: _Sale, fact: Fact, decimals: int) -> list[dict[str, Any]]:
    """Units that were matched come back to stock; the others only stop waiting for a cost."""
    done = done_to(reader, [sale.line_id]).get(sale.line_id)
    quantity = min(scaled(fact.quantity), sale.quantity - sale.credited)
    back = min(quantity, done.matched - done.restocked) if done is not None else 0
    parts = [part for part in (back, quantity - back) if part > 0]
    amounts = split(minor(fact.amount, decimals), parts) if parts else []
    lines: list[dict[str, Any]] = []
    for part, amount in zip(parts, amounts, strict=True):
        line: dict[str, Any] = {"from": sale.name, "quantity": unscaled(part), "amount": money(amount, decimals)}
        if part == back and len(lines) == 0 and back:
            line["restock"] = True
            item = sale.item or _matched_item(reader, sale.line_id)
            line |= {"item": item} if item is not None else {}
        else:
            line["attributes"] = {"returned": True}
        lines.append(line)
    return lines


def _sale_of(reader: Any, channel: str, fact: Fact) -> _Sale | None:
    """The sale line that is refunded: the one that the channel calls so, else the order's first of that SKU or title."""
    names = dict.fromkeys(name for name in (fact.line, line_name(fact.sku), line_name(fact.title)) if name)
    keys = {channel_key(channel, fact.order, name, "sale"): name for name in names} if fact.order else {}
    rows = reader.rows(
        "SELECT d.key, d.number, l.line_id, l.number, i.sku, l.quantity, (SELECT CAST(COALESCE(SUM(f.quantity), 0) AS BIGINT) "
        "FROM fulfilment f JOIN line c ON c.company_id = f.company_id AND c.line_id = f.line_id "
        "JOIN document n ON n.company_id = c.company_id AND n.document_id = c.document_id WHERE f.company_id = l.company_id "
        "AND f.origin_line_id = l.line_id AND f.kind = 'credit' AND n.status = 'posted') FROM document d "
        "JOIN line l ON l.company_id = d.company_id AND l.document_id = d.document_id AND l.kind = 0 "
        "LEFT JOIN item i ON i.company_id = l.company_id AND i.item_id = l.item_id "
        f"WHERE d.company_id = ? AND {reader.among('d.key')} AND d.type = 'cash_sale' AND d.status = 'posted'",
        reader.listed(list(keys)),
    )
    found = {keys[key]: _Sale(f"{number}#{line}", line_id, item, quantity, credited)
             for key, number, line_id, line, item, quantity, credited in rows}  # fmt: skip
    return next((found[name] for name in names if name in found), None)


def _matched_item(reader: Any, line_id: int) -> str | None:
    row = reader.row(
        "SELECT i.sku FROM fulfilment f JOIN line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN item i ON i.company_id = l.company_id AND i.item_id = l.item_id "
        "WHERE f.company_id = ? AND f.origin_line_id = ? AND f.kind = 'deliver' ORDER BY f.line_id DESC LIMIT 1",
        line_id,
    )
    return row[0] if row else None
