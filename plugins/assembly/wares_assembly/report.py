"""The report `build_costs`: the present cost of building each assembly, beside the cost of those in stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from wares import HUNDRED_PERCENT, SCALE, Attributes, Item, Record, Recorded, Report, divide, scaled, unscaled
from wares_assembly.types import Assembly

if TYPE_CHECKING:
    from wares import BooksView, Masters, Reader


class BuildCostsParameters(Attributes):
    """The parameters of the report."""

    at: date | None = Field(None, description="Use the cost of components at the end of this day (2026-01-31).")


class BuildCosts(Report):
    """The cost of one unit of each assembly by its present bill of materials. A component counts at its unit cost in stock,
    else at the cost that its master states, else (an assembly) at the cost of its own bill of materials. The cost stays
    empty if any component has none."""

    key = "build_costs"
    title = "Build costs"
    summary = "The present cost of building one of each assembly, beside the cost of those in stock."
    columns = ("sku", "name", "build_cost", "unit_cost", "difference")
    Parameters = BuildCostsParameters
    example_records = (
        {"record": "item", "type": "stock", "sku": "RIM", "cost": "30"},
        {"record": "item", "type": "assembly", "sku": "WHEEL", "components": [{"sku": "RIM", "quantity": "1"}]},
    )

    def rows(self, books: BooksView, parameters: BuildCostsParameters) -> Iterator[Record]:
        """Yield a row for each assembly in use, by SKU."""
        at = parameters.at.isoformat() if parameters.at is not None else None
        shelf = {row["sku"]: scaled(row["unit_cost"]) for row in books.stock.list(by="item", at=at) if row["on_hand"] > 0}
        for item, cost in books.reading(lambda reader, masters: list(_costs(reader, masters, shelf))):
            present = shelf.get(item.sku)
            yield {
                "sku": item.sku,
                "name": item.name,
                "build_cost": None if cost is None else unscaled(cost),
                "unit_cost": None if present is None else unscaled(present),
                "difference": None if cost is None or present is None else unscaled(cost - present),
            }


def _costs(reader: Reader, masters: Masters, shelf: Mapping[str, int]) -> Iterator[tuple[Item, int | None]]:
    """Yield each assembly in use with the cost of building one, in millionths."""
    for found in Recorded(reader).items():
        if found.type == Assembly.key and found.active:
            item = masters.item(found.sku)
            yield item, build_cost(item, masters, shelf)


def build_cost(item: Item, masters: Masters, shelf: Mapping[str, int]) -> int | None:
    """Return the cost of one unit by its bill of materials, in millionths: with losses, without set-up quantities; None if any
    component has no cost. `shelf` maps SKU → unit cost on hand, in millionths."""
    total = 0
    for content in item.contents:
        part = masters.item_by_id(content.item_id)
        cost = shelf.get(part.sku, part.cost)
        if cost is None and part.contents:
            cost = build_cost(part, masters, shelf)
        if cost is None:
            return None
        total += divide(content.quantity * cost * (HUNDRED_PERCENT + content.loss), SCALE * HUNDRED_PERCENT)
    return divide(total * SCALE, item.makes) if item.contents else None
