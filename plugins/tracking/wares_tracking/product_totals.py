"""The listing of the products with their sales, cost of goods and stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares import JsonObject, money, unscaled
from wares_tracking.days import LAST_DAY, days_of
from wares_tracking.on_hand import in_stock
from wares_tracking.products import untracked_items
from wares_tracking.sale_lines import sale_lines

if TYPE_CHECKING:
    from wares import Books


def product_totals(books: Books, *, year: int | None = None) -> list[JsonObject]:
    """Return a row for each product: quantity sold (in one year, or in all), sales, cost, waiting quantity, stock.

    `sales` and `cogs` are those of channel sales. `wares channels profit --by item` shows the profit with all charges.
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
