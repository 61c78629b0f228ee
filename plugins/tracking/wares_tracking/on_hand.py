"""The listing of the products in stock, with count and cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from wares import SCALE, JsonObject, divide, scaled, unscaled

if TYPE_CHECKING:
    from wares import Books


def in_stock(books: Books, *, at: str | None = None) -> list[JsonObject]:
    """Return a row for each product with goods or value on hand."""
    with books.recorded() as recorded:
        names = {item.sku: item.name for item in recorded.items()}
    found: dict[str, list[Decimal]] = {}
    for row in books.stock.list(at=at):
        if row["on_hand"] or row["value"]:
            held = found.setdefault(row["sku"], [Decimal(0), Decimal(0)])
            held[0] += row["on_hand"]
            held[1] += row["value"]
    return [
        {"sku": sku, "name": names.get(sku), "count": count, "cost": cost, "unit_cost": _each(cost, count)}
        for sku, (count, cost) in sorted(found.items())
    ]


def _each(cost: Decimal, count: Decimal) -> Decimal | None:
    """Return the cost per unit, to six decimals, for display."""
    if not count:
        return None
    return unscaled(divide(scaled(cost) * SCALE, scaled(count)))
