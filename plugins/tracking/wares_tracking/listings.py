"""Listings of channels: the SKU and title under which a channel sells a product, and the products that matches gave to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from wares import LinkKind, Projected, Projection
from wares_tracking.search import squashed

if TYPE_CHECKING:
    from wares import Books, Recorded


class Listings(Projection):
    """The listings of sale lines without an item, each with an item that a match gave to the line. Values: SKU, title, id of the
    item."""

    key = "seller_listings"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        found = recorded.lines(types=["cash_sale"], goods="later", document_ids=documents, without_item=True)
        lines = {line.id: line for line in found}
        for link in recorded.links(lines, kinds=[LinkKind.DELIVER]) if lines else ():
            line = lines[link.origin_id]
            if link.item_id is not None:
                yield Projected(line.document_id, line.day, [*listing_of(line.description, line.attributes), link.item_id])


def listing_of(description: str | None, attributes: Mapping[str, object]) -> tuple[str, str]:
    """Return SKU and title of a sale line, as its channel states them."""
    return str(attributes.get("sku") or ""), str(attributes.get("title") or description or "")


def listing_key(sku: str, title: str) -> str:
    """Return the text under which equal listings are found."""
    return f"{squashed(sku)}\n{squashed(title)}"


def matched_listings(books: Books) -> dict[str, set[int]]:
    """Return, by listing, the ids of the products that standing matches gave to its sales."""
    found: dict[str, set[int]] = defaultdict(set)
    for page in books.projections.pages(Listings.key):
        for sku, title, item_id in page:
            found[listing_key(sku, title)].add(item_id)
    return found
