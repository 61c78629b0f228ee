"""What a seller looks at: balances, what was sold, what is in stock. Rows of plain values, as every listing of the books."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from wares import SCALE, Books, GoodsValue, RecordedPosting, divide, money, scaled, unscaled
from wares_seller.details import Purchase, purchases_in
from wares_seller.documents import UNDETAILED
from wares_seller.products import untracked_items
from wares_seller.sales import LAST_DAY, decimals_of, iso, sale_lines

_KINDS = {"match": "sale", "delivery": "sale", "invoice": "sale", "cash_sale": "sale", "credit_note": "return",
          "adjustment": "removed", "count": "removed", "purchase_details": "expense",
          "supplier_credit": "credit"}  # fmt: skip
"""Document type → what its goods are in Balances; the others are `goods` that came in with their items."""


_HELD = ("inventory", UNDETAILED)


def balances(books: Books, *, year: int | None = None, at: int = LAST_DAY) -> dict[str, Any]:
    """`cogs` and `balance` on top, then `rows` by date: purchases with what remains to detail, a negative row for each sale.

    Up to a day, or of one year: then `cogs` is the year's, `opening` what was there before, `balance` that of its end. The rows are
    what each line of a document did to inventory and to undetailed purchases together, so that with the opening they sum to the
    balance; details only move between the two and are no row.
    """
    since, until = (0, at) if year is None else days_of(year)
    with books.recorded() as recorded:
        bought = {each.name: each for each in purchases_in(recorded, until=until)}
        moved: dict[tuple[int, str], list[Any]] = {}
        for row in chain[RecordedPosting | GoodsValue](
            recorded.postings([UNDETAILED], since=since, until=until), recorded.goods(since=since, until=until)
        ):
            moved.setdefault((row.day, row.name), [0, row])[0] += row.amount
        cogs, held = recorded.balance(["cogs"], at=until), recorded.balance(_HELD, at=until)
        before, opening = (
            (0, 0) if year is None else (recorded.balance(roles, at=days_of(year - 1)[1]) for roles in (["cogs"], _HELD))
        )
        decimals = recorded.decimals
    rows = [_balance_row(row, amount, bought.get(row.name), decimals) for amount, row in moved.values() if amount]
    rows.sort(key=lambda row: (row["date"], row["kind"] != "purchase"))
    top = {} if year is None else {"opening": money(opening, decimals)}
    return {**top, "cogs": money(cogs - before, decimals), "balance": money(held, decimals), "rows": rows}


def _balance_row(row: RecordedPosting | GoodsValue, amount: int, purchase: Purchase | None, decimals: int) -> dict[str, Any]:
    shown: dict[str, Any] = {"date": iso(row.day), "document": row.name, "kind": _KINDS.get(row.type, "goods"), "of": row.origin,
                             "amount": money(amount, decimals), "remaining": None}  # fmt: skip
    if row.type == "match" and amount > 0:
        return shown | {"kind": "undone"}
    if purchase is not None and row.day == purchase.day:
        of = purchase.party or purchase.description or None
        return shown | {"kind": "purchase", "of": of, "remaining": money(purchase.remaining, decimals)}
    return shown


def sold(books: Books, year: int, *, missing_cost: bool = False) -> Iterator[dict[str, Any]]:
    """A year's sale lines with their cost; with `missing_cost` only those that wait for some of it."""
    since, until = days_of(year)
    untracked, decimals = untracked_items(books), decimals_of(books)
    for page in sale_lines(books, since=since, until=until, unmatched=missing_cost):
        for line in page:
            waiting = 0 if line.item_id in untracked else line.waiting
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
    with books.recorded() as recorded:
        names = {item.sku: item.name for item in recorded.items()}
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


def products(books: Books, *, year: int | None = None) -> list[dict[str, Any]]:
    """Each product: what was sold of it (in one year, or ever), what that brought and cost, what of it waits, what is there.

    `sales` and `cogs` are those of channel sales; profit with all that belongs to it is `channels profit --by item`.
    """
    since, until = (0, LAST_DAY) if year is None else days_of(year)
    with books.recorded() as recorded:
        items, decimals = recorded.items(), recorded.decimals
    untracked = untracked_items(books)
    sums: dict[str, list[int]] = {item.sku: [0, 0, 0, 0] for item in items if item.active and item.id not in untracked}
    for page in sale_lines(books, since=since, until=until):
        for line in page:
            if line.sku in sums:
                into = sums[line.sku]
                for place, value in enumerate((line.quantity, line.amount, line.cost, line.waiting)):
                    into[place] += value
    held = {row["sku"]: row for row in in_stock(books)}
    names = {item.sku: item.name for item in items}
    nothing = {"count": unscaled(0), "cost": money(0, decimals), "unit_cost": None}
    return [
        {"sku": sku, "name": names[sku], "sold": unscaled(quantity), "sales": money(amount, decimals),
         "cogs": money(cost, decimals), "missing": unscaled(waiting), **{key: held.get(sku, nothing)[key] for key in nothing}}
        for sku, (quantity, amount, cost, waiting) in sorted(sums.items())
    ]  # fmt: skip


def days_of(year: int) -> tuple[int, int]:
    """Its first and last day."""
    return year * 10_000 + 101, year * 10_000 + 1231


def _each(cost: Any, count: Any) -> Any:
    """Cost per unit, to six places: a display."""
    if not count:
        return None
    return unscaled(divide(scaled(cost) * SCALE, scaled(count)))
