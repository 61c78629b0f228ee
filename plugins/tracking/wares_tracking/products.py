"""Finding the product that a channel's listing means.

In this order: the SKU exactly; the SKU without regard to case and spaces; what an earlier match said of the same listing; the
product's name. Several answers are none: they become candidates. What merely looks alike is a suggestion with a score and never an
answer, since "usb cable 2m" is not "usb cable 5m".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from wares import Books
from wares_tracking.projections import Listings
from wares_tracking.search import SearchIndex, squashed

SUGGESTIONS = 5


class Product(NamedTuple):
    """An item as listings are compared with it."""

    id: int
    sku: str
    name: str
    tracked: bool  # whether a sale of it needs a cost
    is_kit: bool = False  # whether it is nothing but its contents


class Found(NamedTuple):
    """The one product that is meant, or the several that could be."""

    product: Product | None
    candidates: tuple[Product, ...] = ()


class Products:
    """The products of the books, by all that a listing may say of them. Retired ones are not offered."""

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
        """Read them. Without `listings`, which only `find` needs, what matches said of listings is not read."""
        needs, kits = needing_cost(books), kits_of(books)
        with books.recorded() as recorded:
            items = recorded.items()
        products = [Product(item.id, item.sku, item.name, item.type in needs, item.type in kits) for item in items if item.active]
        return cls(products, _remembered(books) if listings else None)

    def find(self, sku: str, title: str) -> Found:
        """The product of a listing with this SKU and title; either may be empty."""
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

    def search(self, text: str, *, limit: int = SUGGESTIONS) -> list[dict[str, Any]]:
        """Products for a few letters typed (sku, name, score): the exact SKU, those that begin so, those that look alike."""
        found = self._index.search(text, limit=limit)
        return [{"sku": sku, "name": self.by_sku[sku].name, "score": round(score, 1)} for sku, score in found]

    def candidates(self, found: Found, sku: str, title: str) -> list[dict[str, Any]]:
        """What to choose from where no product is certain: sku, name, score."""
        if found.candidates:
            return [{"sku": each.sku, "name": each.name, "score": 100.0} for each in found.candidates]
        return self.search(title or sku) if title or sku else []


def needing_cost(books: Books) -> frozenset[str]:
    """The types of item whose sale costs goods: what is kept in stock, and what is put together from it."""
    types = books.plugins.registry.item_types
    return frozenset(key for key, kind in types.items() if kind.tracked or kind.content_types)


def kits_of(books: Books) -> frozenset[str]:
    """The types of item that are nothing but their contents."""
    types = books.plugins.registry.item_types
    return frozenset(key for key, kind in types.items() if kind.content_types and not kind.tracked)


def untracked_items(books: Books) -> frozenset[int]:
    """The items whose sale costs no goods."""
    needs = needing_cost(books)
    with books.recorded() as recorded:
        return frozenset(item.id for item in recorded.items() if item.type not in needs)


def listing_key(sku: str, title: str) -> str:
    """What stands for a listing: both texts, as they are compared."""
    return f"{squashed(sku)}\n{squashed(title)}"


def _remembered(books: Books) -> dict[str, set[int]]:
    """Listing → the products that matches which still stand gave to sales of it."""
    found: dict[str, set[int]] = defaultdict(set)
    for page in books.projections.pages(Listings.key):
        for sku, title, item_id in page:
            found[listing_key(sku, title)].add(item_id)
    return found


def _grouped(products: Iterable[tuple[str, Product]]) -> dict[str, list[Product]]:
    found: dict[str, list[Product]] = defaultdict(list)
    for text, product in products:
        found[text].append(product)
    return found


def listing_of(description: str | None, said: Mapping[str, Any]) -> tuple[str, str]:
    """SKU and title of a sale line, as its channel said them."""
    return str(said.get("sku") or ""), str(said.get("title") or description or "")
