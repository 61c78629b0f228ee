"""Find the product of a channel's listing.

The rules apply in this order: the exact SKU; the SKU without regard to case and spaces; an earlier match of the same listing; the
product's name. Several answers of one rule are candidates and no answer. A similar name is a suggestion with a score and never an
answer, since "usb cable 2m" is not "usb cable 5m".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from wares import Books, JsonObject
from wares_tracking.listings import listing_key, matched_listings
from wares_tracking.search import SearchIndex, squashed

SUGGESTIONS = 5


class Product(NamedTuple):
    """An item that a listing may stand for."""

    id: int
    sku: str
    name: str
    tracked: bool
    """True if its sale needs a cost."""
    is_kit: bool = False
    """True if it consists of its contents alone."""


class Found(NamedTuple):
    """The product of a listing, or its candidates."""

    product: Product | None
    candidates: tuple[Product, ...] = ()


class Products:
    """The active products of the books, by SKU, by name and by listing."""

    def __init__(self, products: Iterable[Product], listings: Mapping[str, set[int]] | None = None) -> None:
        self.by_id = {product.id: product for product in products}
        self.by_sku = {product.sku: product for product in self.by_id.values()}
        self._listings = listings or {}

    @cached_property
    def _by_code(self) -> dict[str, list[Product]]:
        return _grouped((squashed(product.sku), product) for product in self.by_id.values())

    @cached_property
    def _by_name(self) -> dict[str, list[Product]]:
        return _grouped((squashed(product.name), product) for product in self.by_id.values())

    @classmethod
    def of(cls, books: Books, *, listings: bool = True) -> Products:
        """Read the products. Only `find` needs `listings`, the matches of listings."""
        needs, kits = needing_cost(books), kits_of(books)
        with books.recorded() as recorded:
            items = recorded.items()
        products = [Product(item.id, item.sku, item.name, item.type in needs, item.type in kits) for item in items if item.active]
        return cls(products, matched_listings(books) if listings else None)

    def find(self, sku: str, title: str) -> Found:
        """Return the product of a listing with this SKU and title; either may be empty."""
        exact = self.by_sku.get(sku)
        if exact is not None:
            return Found(exact)
        learnt = [self.by_id[id] for id in sorted(self._listings.get(listing_key(sku, title), ())) if id in self.by_id]
        for several in (self._by_code.get(squashed(sku), []) if sku else [], learnt, self._named(title), self._named(sku)):
            if len(several) == 1:
                return Found(several[0])
            if several:
                return Found(None, tuple(several))
        return Found(None)

    def _named(self, name: str) -> list[Product]:
        return self._by_name.get(squashed(name), []) if name else []

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex({product.sku: product.name for product in self.by_sku.values()})

    def search(self, text: str, *, limit: int = SUGGESTIONS) -> list[JsonObject]:
        """Return products (sku, name, score) for a few letters: the exact SKU, then equal beginnings, then similar names."""
        found = self._index.search(text, limit=limit)
        return [{"sku": sku, "name": self.by_sku[sku].name, "score": round(score, 1)} for sku, score in found]

    def candidates(self, found: Found, sku: str, title: str) -> list[JsonObject]:
        """Return the products (sku, name, score) to choose from if no product is certain."""
        if found.candidates:
            return [{"sku": each.sku, "name": each.name, "score": 100.0} for each in found.candidates]
        return self.search(title or sku) if title or sku else []


def needing_cost(books: Books) -> frozenset[str]:
    """Return the types of item whose sale has a cost of goods: items kept in stock, and items made of them."""
    types = books.plugins.registry.item_types
    return frozenset(key for key, kind in types.items() if kind.tracked or kind.content_types)


def kits_of(books: Books) -> frozenset[str]:
    """Return the types of item that consist of their contents alone."""
    types = books.plugins.registry.item_types
    return frozenset(key for key, kind in types.items() if kind.content_types and not kind.tracked)


def untracked_items(books: Books) -> frozenset[int]:
    """Return the ids of the items whose sale has no cost of goods."""
    needs = needing_cost(books)
    with books.recorded() as recorded:
        return frozenset(item.id for item in recorded.items() if item.type not in needs)


def skus_of(books: Books) -> set[str]:
    """Return the SKU of every item."""
    with books.recorded() as recorded:
        return {item.sku for item in recorded.items()}


def new_product(sku: str, name: str) -> JsonObject:
    """Return the record of a new product, which is kept by lot."""
    return {"record": "item", "type": "stock", "sku": sku, "name": name, "cost_method": "specific"}


def _grouped(products: Iterable[tuple[str, Product]]) -> dict[str, list[Product]]:
    found: dict[str, list[Product]] = defaultdict(list)
    for text, product in products:
        found[text].append(product)
    return found
