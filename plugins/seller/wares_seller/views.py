"""What a seller looks at: balances, what was sold, what is in stock. Rows of plain values, as every listing of the books."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from wares import SCALE, Books, GoodsValue, RecordedPosting, divide, money, scaled, unscaled
from wares_seller.details import Purchase, purchases_in
from wares_seller.documents import UNDETAILED
from wares_seller.products import needing_cost
from wares_seller.sales import LAST_DAY, decimals_of, iso, sale_lines

_KINDS = {"match": "sale", "delivery": "sale", "invoice": "sale", "cash_sale": "sale", "credit_note": "return",
          "adjustment": "removed", "count": "removed", "purchase_details": "expense",
          "supplier_credit": "credit"}  # fmt: skip
"""Document type → what its goods are in Balances; the others are `goods` that came in with their items."""


def balances(books: Books, *, at: int = LAST_DAY) -> dict[str, Any]:
    """`cogs` and `balance` on top, then `rows` by date: purchases with what remains to detail, a negative row for each sale.

    The rows are what each line of a document did to inventory and to undetailed purchases together, so that they sum to the
    balance; details only move between the two and are no row.
    """
    with books.recorded() as recorded:
        bought = {each.name: each for each in purchases_in(recorded, until=at)}
        moved: dict[tuple[int, str], list[Any]] = {}
        for row in chain[RecordedPosting | GoodsValue](recorded.postings([UNDETAILED], until=at), recorded.goods(until=at)):
            moved.setdefault((row.day, row.name), [0, row])[0] += row.amount
        cogs, held = (recorded.balance(roles, at=at) for roles in (["cogs"], ["inventory", UNDETAILED]))
        decimals = recorded.decimals
    rows = [_balance_row(row, amount, bought.get(row.name), decimals) for amount, row in moved.values() if amount]
    rows.sort(key=lambda row: (row["date"], row["kind"] != "purchase"))
    return {"cogs": money(cogs, decimals), "balance": money(held, decimals), "rows": rows}


def _balance_row(row: RecordedPosting | GoodsValue, amount: int, purchase: Purchase | None, decimals: int) -> dict[str, Any]:
    shown: dict[str, Any] = {"date": iso(row.day), "document": row.name, "kind": _KINDS.get(row.type, "goods"), "of": row.origin,
                             "amount": money(amount, decimals), "remaining": None}  # fmt: skip
    if purchase is not None and row.day == purchase.day:
        of = purchase.party or purchase.description or None
        return shown | {"kind": "purchase", "of": of, "remaining": money(purchase.remaining, decimals)}
    return shown


def sold(books: Books, year: int, *, missing_cost: bool = False) -> Iterator[dict[str, Any]]:
    """A year's sale lines with their cost; with `missing_cost` only those that wait for some of it."""
    needs = needing_cost(books)
    tracked = {item["sku"]: item["type"] in needs for item in books.items.list()}
    decimals = decimals_of(books)
    for page in sale_lines(books, since=year * 10_000 + 101, until=year * 10_000 + 1231):
        for line in page:
            waiting = line.waiting if line.item_id is None or tracked.get(line.sku, True) else 0
            if missing_cost and not waiting:
                continue
            yield {
                "date": iso(line.day), "sale": line.name, "channel": line.channel or None, "order": line.order,
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
