"""What a seller looks at: balances, what was sold, what is in stock. Rows of plain values, as every listing of the books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wares import SCALE, Books, divide, money, scaled, unscaled
from wares_seller.details import accounts_of, purchases
from wares_seller.products import needing_cost
from wares_seller.sales import sale_lines

_LAST_DAY = 9999_12_31
_KINDS = {"match": "sale", "delivery": "sale", "invoice": "sale", "cash_sale": "sale", "credit_note": "return",
          "adjustment": "removed", "count": "removed"}  # fmt: skip
"""Document type → what its goods are in Balances; the others are `goods` that came in with their items."""


def balances(books: Books, *, at: int = _LAST_DAY) -> dict[str, Any]:
    """`cogs` and `balance` on top, then `rows` by date: purchases with what remains to detail, a negative row for each sale.

    The balance is what the rows sum to, and what the accounts of inventory and of undetailed purchases hold.
    """

    def unit(reader: Any, _: Any) -> tuple[int, int, int, list[Any]]:
        moved = reader.rows(
            "SELECT d.date, d.number, d.type, CAST(SUM(v.value) AS BIGINT), MIN(o.number) FROM valuation v "
            "JOIN move m ON m.company_id = v.company_id AND m.move_id = v.move_id "
            "JOIN document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
            "LEFT JOIN line l ON l.company_id = m.company_id AND l.line_id = m.line_id "
            "LEFT JOIN line x ON x.company_id = l.company_id AND x.line_id = l.from_id "
            "LEFT JOIN document o ON o.company_id = x.company_id AND o.document_id = x.document_id "
            "WHERE v.company_id = ? AND v.date <= ? AND d.type <> 'purchase_details' "
            "GROUP BY d.document_id, d.date, d.number, d.type HAVING SUM(v.value) <> 0 ORDER BY d.date, d.document_id",
            at,
        )
        cogs = _sum(reader, accounts_of(reader, "cogs"), at)
        held = _sum(reader, accounts_of(reader, "inventory", "inventory_undetailed"), at)
        return reader.decimals, cogs, held, moved

    decimals, cogs, held, moved = books.reading(unit)
    rows: list[dict[str, Any]] = [
        {"date": _iso(each.day), "document": each.name, "kind": "purchase", "of": each.party or each.description or None,
         "amount": money(each.amount, decimals), "remaining": money(each.remaining, decimals), "_order": (each.day, 0)}
        for each in purchases(books, until=at)
    ]  # fmt: skip
    spent = _spent_otherwise(books, at)
    rows += [
        {"date": _iso(day), "document": number, "kind": "expense", "of": of, "amount": money(-amount, decimals), "remaining": None,
         "_order": (day, 1)}
        for day, number, of, amount in spent
    ]  # fmt: skip
    rows += [
        {"date": _iso(day), "document": number, "kind": _KINDS.get(kind, "goods"), "of": of, "amount": money(amount, decimals),
         "remaining": None, "_order": (day, 1)}
        for day, number, kind, amount, of in moved
    ]  # fmt: skip
    rows.sort(key=lambda row: row.pop("_order"))
    return {"cogs": money(cogs, decimals), "balance": money(held, decimals), "rows": rows}


def _spent_otherwise(books: Books, at: int) -> list[tuple[Any, ...]]:
    """What details took out of purchases and was no product: postage and the like."""
    return books.reading(lambda reader, _: reader.rows(
        "SELECT d.date, d.number, p.number, l.amount FROM fulfilment f JOIN line l ON l.company_id = f.company_id "
        "AND l.line_id = f.line_id AND l.item_id IS NULL JOIN document d ON d.company_id = l.company_id "
        "AND d.document_id = l.document_id JOIN line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
        "JOIN document p ON p.company_id = o.company_id AND p.document_id = o.document_id "
        "WHERE f.company_id = ? AND f.kind = 'detail' AND d.status = 'posted' AND d.date <= ? ORDER BY d.date, l.line_id", at
    ))  # fmt: skip


def _sum(reader: Any, accounts: list[int], at: int) -> int:
    statement = (
        f"SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM posting WHERE company_id = ? AND {reader.among('account_id')}"
    )
    return int(reader.row(f"{statement} AND date <= ?", reader.listed(accounts), at)[0])


def sold(books: Books, year: int, *, missing_cost: bool = False) -> Iterator[dict[str, Any]]:
    """A year's sale lines with their cost; with `missing_cost` only those that wait for some of it."""
    needs = needing_cost(books)
    tracked = {item["sku"]: item["type"] in needs for item in books.items.list()}
    decimals = books.reading(lambda reader, _: reader.decimals)
    for page in sale_lines(books, since=year * 10_000 + 101, until=year * 10_000 + 1231):
        for line in page:
            waiting = line.waiting if line.item_id is None or tracked.get(line.sku, True) else 0
            if missing_cost and not waiting:
                continue
            yield {
                "date": _iso(line.day), "sale": line.name, "channel": line.channel or None, "order": line.order,
                "sku": line.sku or None, "title": line.title or None, "quantity": unscaled(line.quantity),
                "amount": money(line.amount, decimals),
                "cost": money(line.cost, decimals), "missing": unscaled(waiting), "complete": not waiting,
            }  # fmt: skip


def in_stock(books: Books, *, at: str | None = None) -> list[dict[str, Any]]:
    """Count and cost of each product that is there."""
    names = {item["sku"]: item["name"] for item in books.items.list()}
    found: dict[str, list[Any]] = {}
    for row in books.stock.list(at=at):
        if row["on_hand"] or row["value"]:
            held = found.setdefault(row["sku"], [0, 0])
            held[0] += row["on_hand"]
            held[1] += row["value"]
    return [
        {"sku": sku, "name": names.get(sku), "count": count, "cost": cost, "unit_cost": _each(cost, count)}
        for sku, (count, cost) in sorted(found.items())
    ]


def _each(cost: Any, count: Any) -> Any:
    """Cost per unit, to six places: a display."""
    if not count:
        return None
    return unscaled(divide(scaled(cost) * SCALE, scaled(count)))


def _iso(day: int) -> str:
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"
