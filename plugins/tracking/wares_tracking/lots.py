"""The lots of items and their quantities on hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wares import Books


@dataclass(slots=True)
class Lot:
    """The goods on hand of one purchase. Goods that are not kept by lot have the lot ""."""

    name: str
    left: int
    """The quantity on hand, in millionths."""
    bought: int
    """The day of the purchase, yyyymmdd."""
    arrived: int
    """The day of the receipt."""
    vendor: str | None = None
    """The party of the purchase."""


def lots_of(books: Books, item_ids: Collection[int]) -> dict[int, list[Lot]]:
    """Return the lots of each item, oldest purchase first. The day of a detail's purchase is the day on which it was bought."""
    found: dict[int, list[Lot]] = {item_id: [] for item_id in item_ids}
    with books.recorded() as recorded:
        for lot in recorded.lots(sorted(item_ids)):
            found[lot.item_id].append(Lot(lot.lot, lot.quantity, lot.day, lot.arrived, lot.party))
    return found
