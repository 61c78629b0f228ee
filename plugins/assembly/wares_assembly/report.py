"""The report `build_costs`: what an assembly would cost to build now, beside what those on the shelf cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field

from wares import SCALE, Attributes, Item, Recorded, Report, divide, scaled, times, unscaled
from wares_assembly.types import Assembly

if TYPE_CHECKING:
    from wares import Books, Masters, Reader


class BuildCostsParameters(Attributes):
    """What may be asked of the report."""

    at: date | None = Field(None, description="At what components cost at the end of this day (2026-01-31).")


class BuildCosts(Report):
    """One unit of each assembly by its present bill of materials: components at what one on the shelf costs, else at the cost that
    their master states, else, an assembly, at its own bill's. Nothing is shown where one of them has no cost."""

    key = "build_costs"
    title = "Build costs"
    summary = "What one of each assembly would cost to build now, beside what those on the shelf cost."
    columns = ("sku", "name", "build_cost", "unit_cost", "difference")
    Parameters = BuildCostsParameters
    example_records = (
        {"record": "item", "type": "stock", "sku": "RIM", "cost": "30"},
        {"record": "item", "type": "assembly", "sku": "WHEEL", "components": [{"sku": "RIM", "quantity": "1"}]},
    )

    def rows(self, books: Books, parameters: BuildCostsParameters) -> Iterator[Mapping[str, Any]]:
        """Every assembly in use, by SKU."""
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
    """Each assembly in use with what one would cost, millionths."""
    for found in Recorded(reader).items():
        if found.type == Assembly.key and found.active:
            item = masters.item(found.sku)
            yield item, build_cost(item, masters, shelf)


def build_cost(item: Item, masters: Masters, shelf: Mapping[str, int]) -> int | None:
    """What one unit would cost by its bill of materials, millionths; None where something in it has no cost. `shelf` is SKU →
    what one on hand costs."""
    total = 0
    for content in item.contents:
        part = masters.item_by_id(content.item_id)
        cost = shelf.get(part.sku, part.cost)
        if cost is None and part.contents:
            cost = build_cost(part, masters, shelf)
        if cost is None:
            return None
        total += times(content.quantity, cost)
    return divide(total * SCALE, item.makes) if item.contents else None
