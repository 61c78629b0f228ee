"""The profit of each item: its sales less the cost of the goods sold, both from the ledger."""

from __future__ import annotations

from collections import defaultdict

from wares.storage.unit import Reader
from wares.values import money

_EARNED = ("income", "cogs")
_SUMS = (
    "SELECT COALESCE(u.item_id, l.item_id, p.item_id), p.role, CAST(SUM(p.amount) AS BIGINT) FROM wares_posting p "
    "LEFT JOIN wares_line l ON l.company_id = p.company_id AND l.line_id = p.line_id "
    "LEFT JOIN wares_line u ON u.company_id = l.company_id AND u.line_id = l.parent_id "
    'WHERE p.company_id = ? AND {among} AND p."date" >= ? AND p."date" <= ? GROUP BY 1, 2'
)
_LAST_DAY = 9999_12_31


def profit_by_item(reader: Reader, since: int | None = None, at: int | None = None) -> list[dict[str, object]]:
    """Return sku, name, sales, cogs, profit of each item that was sold, most profitable first.

    The contents of a kit count for the kit. A correction that came later counts for the item whose cost it corrects.
    """
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    rows = reader.rows(_SUMS.format(among=reader.among("p.role")), reader.listed(_EARNED), since or 0, at or _LAST_DAY)
    for item_id, role, amount in rows:
        if item_id is not None:
            sums[item_id][role] = amount
    items = reader.rows(
        f"SELECT item_id, sku, name FROM wares_item WHERE company_id = ? AND {reader.among('item_id')}", reader.listed(sorted(sums))
    )
    found = []
    for item_id, sku, name in items:
        sales, cogs = -sums[item_id].get("income", 0), sums[item_id].get("cogs", 0)
        found.append((sales - cogs, sku, name, sales, cogs))
    return [
        {"sku": sku, "name": name, "sales": money(sales, reader.decimals), "cogs": money(cogs, reader.decimals),
         "profit": money(profit, reader.decimals)}
        for profit, sku, name, sales, cogs in sorted(found, key=lambda row: (-row[0], row[1]))
    ]  # fmt: skip
