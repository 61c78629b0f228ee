"""The listing of the sale lines of a year with their cost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from wares import JsonObject, money, unscaled
from wares_tracking.days import days_of, iso
from wares_tracking.display import Shown, decimals_of
from wares_tracking.products import untracked_items
from wares_tracking.sale_lines import SaleLines, items_of, names_of

if TYPE_CHECKING:
    from wares import Books


def sold_in(books: Books, year: int, *, missing_cost: bool = False) -> Iterator[JsonObject]:
    """Return the rows of a year's sale lines; with `missing_cost` only lines that wait for a part of their cost."""
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
