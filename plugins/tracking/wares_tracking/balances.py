"""What a seller looks at: balances, what was sold, what is in stock. Rows of plain values, as every listing of the books."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from wares import SCALE, divide, money, scaled, unscaled
from wares_tracking.details import Purchase, purchases_in
from wares_tracking.documents import UNDETAILED
from wares_tracking.products import untracked_items
from wares_tracking.projections import SaleLines, StockValues
from wares_tracking.sale_lines import LAST_DAY, Shown, decimals_of, iso, items_of, names_of, sale_lines

if TYPE_CHECKING:
    from wares import Books, RecordedPosting

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
        postings = recorded.postings([UNDETAILED], since=since, until=until)
        cogs, held = recorded.balance(["cogs"], at=until), recorded.balance(_HELD, at=until)
        before, opening = (
            (0, 0) if year is None else (recorded.balance(roles, at=days_of(year - 1)[1]) for roles in (["cogs"], _HELD))
        )
        decimals = recorded.decimals
    dates, amounts = Shown(iso), Shown(partial(money, decimals=decimals))
    undetailed = {(row.day, row.name): row.amount for row in postings}
    rows: list[dict[str, Any]] = []
    for page in books.projections.pages(StockValues.key, since=since, until=until):
        for day, name, type, origin, amount in page:
            if (day, name) in undetailed:
                undetailed[day, name] += amount
            else:
                kind = "undone" if type == "match" and amount > 0 else _KINDS.get(type, "goods")
                rows.append({"date": dates[day], "document": name, "kind": kind, "of": origin, "amount": amounts[amount],
                             "remaining": None})  # fmt: skip
    first = [_undetailed_row(row, amount, bought.get(row.name), decimals) for row in postings
             if (amount := undetailed[row.day, row.name])]  # fmt: skip
    first.sort(key=lambda row: row["kind"] != "purchase")
    top = {} if year is None else {"opening": money(opening, decimals)}
    return {**top, "cogs": money(cogs - before, decimals), "balance": money(held, decimals),
            "rows": sorted([*first, *rows], key=itemgetter("date"))}  # fmt: skip


def _undetailed_row(row: RecordedPosting, amount: int, purchase: Purchase | None, decimals: int) -> dict[str, Any]:
    shown = {"date": iso(row.day), "document": row.name, "kind": _KINDS.get(row.type, "goods"), "of": row.origin,
             "amount": money(amount, decimals), "remaining": None}  # fmt: skip
    if purchase is None or row.day != purchase.day:
        return shown
    of = purchase.party or purchase.description or None
    return {**shown, "kind": "purchase", "of": of, "remaining": money(purchase.remaining, decimals)}


def sold(books: Books, year: int, *, missing_cost: bool = False) -> Iterator[dict[str, Any]]:
    """A year's sale lines with their cost; with `missing_cost` only those that wait for some of it."""
    since, until = days_of(year)
    untracked, items, decimals = untracked_items(books), items_of(books), decimals_of(books)
    dates, amounts, quantities = Shown(iso), Shown(partial(money, decimals=decimals)), Shown(unscaled)
    for page in books.projections.pages(SaleLines.key, since=since, until=until, waiting=missing_cost):
        for name, _, day, channel, order, _, sku, title, item_id, quantity, amount, matched, returned, cost, given_id in page:
            item = items.get(item_id or given_id)
            if item is not None and (item.sku != sku or not title):
                sku, title = names_of(items, item_id, given_id, sku, title)
            left = quantity - matched - returned
            waiting = left if left > 0 and item_id not in untracked else 0
            if waiting or not missing_cost:
                yield {
                    "date": dates[day], "sale": name, "channel": channel or None, "order": order, "sku": sku or None,
                    "title": title or None, "quantity": quantities[quantity], "amount": amounts[amount], "cost": amounts[cost],
                    "missing": quantities[waiting], "complete": not waiting,
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
