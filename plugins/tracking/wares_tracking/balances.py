"""The balances of a seller's inventory: purchases with their undetailed rest, and the cost of each sale."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from wares import JsonObject, money
from wares_tracking.days import LAST_DAY, days_of, iso
from wares_tracking.display import Shown
from wares_tracking.documents import UNDETAILED
from wares_tracking.purchases import Purchase, purchases_in
from wares_tracking.stock_values import StockValues

if TYPE_CHECKING:
    from wares import Books, RecordedPosting

_KINDS = {"match": "sale", "delivery": "sale", "invoice": "sale", "cash_sale": "sale", "credit_note": "return",
          "adjustment": "removed", "count": "removed", "purchase_details": "expense",
          "supplier_credit": "credit"}  # fmt: skip
"""Document type → kind of the row. The rows of all other types are `goods` that came in with their items."""
_HELD = ("inventory", UNDETAILED)


def inventory_balances(books: Books, *, year: int | None = None, at: int = LAST_DAY) -> JsonObject:
    """Return `cogs`, `balance` and the `rows` by date: purchases with their undetailed rest, a negative row for each sale.

    The figures reach up to a day, or cover one year. For a year `cogs` is that of the year, `opening` the balance before it and
    `balance` the balance at its end. A row is the change of inventory and undetailed purchases together by one line of a document,
    so that the rows and the opening sum to the balance. Details only move value between the two and are no row.
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
    rows: list[JsonObject] = []
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


def _undetailed_row(row: RecordedPosting, amount: int, purchase: Purchase | None, decimals: int) -> JsonObject:
    shown = {"date": iso(row.day), "document": row.name, "kind": _KINDS.get(row.type, "goods"), "of": row.origin,
             "amount": money(amount, decimals), "remaining": None}  # fmt: skip
    if purchase is None or row.day != purchase.day:
        return shown
    of = purchase.party or purchase.description or None
    return {**shown, "kind": "purchase", "of": of, "remaining": money(purchase.remaining, decimals)}
