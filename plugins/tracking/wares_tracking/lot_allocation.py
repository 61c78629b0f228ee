"""Allocate lots to sale lines: the oldest purchase first, then the next.

A kit takes the lots of its contents, as its sale recorded them, and only whole kits leave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from wares import SCALE, Books, JsonObject, Recorded, scaled, unscaled
from wares_tracking.lots import Lot, lots_of
from wares_tracking.products import Product, Products
from wares_tracking.sale_lines import SaleLine

Content = tuple[int, int]
"""Item and quantity of a content of one kit, in millionths."""


class LotPart(NamedTuple):
    """A quantity out of one lot."""

    item_id: int
    lot: Lot
    quantity: int


class Allocation(NamedTuple):
    """Goods for one line of a match: of one lot, or of the lots of a kit's contents."""

    sale: SaleLine
    product: Product
    quantity: int
    parts: tuple[LotPart, ...]

    @property
    def day(self) -> int:
        """Return the first day on which the goods can leave: the day of the sale, or of the last receipt among them."""
        return max(self.sale.day, *(part.lot.arrived for part in self.parts))

    @property
    def lots(self) -> str:
        """Return the names of the lots."""
        return ", ".join(part.lot.name for part in self.parts if part.lot.name)

    def line(self, skus: Mapping[int, str]) -> JsonObject:
        """Return the line of a match; the lots of a kit's contents stand in its attributes."""
        line: dict[str, object] = {"from": self.sale.name, "quantity": str(unscaled(self.quantity))}
        if self.sale.item_id is None:
            line["item"] = self.product.sku
        if self.product.is_kit:
            of: dict[str, dict[str, str]] = {}
            for part in self.parts:
                if part.lot.name:
                    of.setdefault(skus[part.item_id], {})[part.lot.name] = str(unscaled(part.quantity))
            return {**line, "attributes": {"lots": of}} if of else line
        return {**line, "lot": self.parts[0].lot.name} if self.parts[0].lot.name else line

    def put_back(self) -> None:
        """Return the goods to their lots."""
        for part in self.parts:
            part.lot.left += part.quantity


class LotAllocator:
    """The lots of the products that sales need, read when first needed."""

    def __init__(self, books: Books, products: Products, *, later: bool) -> None:
        """`later` allows goods that were bought after the sale."""
        self.books = books
        self.products = products
        self.later = later
        self._lots: dict[int, list[Lot]] = {}
        self._contents: dict[int, list[Content]] = {}  # by sale line

    def prepare(self, wanted: Iterable[tuple[SaleLine, Product]]) -> None:
        """Read the lots that these sales need."""
        wanted = list(wanted)
        kits = [(sale, product) for sale, product in wanted if product.is_kit]
        self._contents = self._contents_of(kits) if kits else {}
        needed = {product.id for _, product in wanted}
        needed |= {item_id for contents in self._contents.values() for item_id, _ in contents}
        missing = needed - self._lots.keys()
        if missing:
            self._lots |= lots_of(self.books, missing)

    def _contents_of(self, kits: Collection[tuple[SaleLine, Product]]) -> dict[int, list[Content]]:
        """Return the contents of one of each kit: as its sale recorded them, or as they are today if the sale did not name the
        kit."""
        with self.books.recorded() as recorded:
            found = _recorded_contents(recorded, [sale for sale, _ in kits if sale.item_id is not None])
        for sale, product in kits:
            if sale.item_id is None:
                components = self.books.items.show(product.sku)["components"]
                found[sale.line_id] = [(self.products.by_sku[each["sku"]].id, scaled(each["quantity"])) for each in components]
        known = self.products.by_id
        return {line_id: [content for content in contents if content[0] not in known or known[content[0]].tracked]
                for line_id, contents in found.items()}  # fmt: skip

    def allocate(self, sale: SaleLine, product: Product) -> Iterator[Allocation]:
        """Return the goods on hand for the waiting quantity of a sale."""
        if product.is_kit:
            yield from self._allocate_kits(sale, product)
            return
        for part in self._parts(sale, product.id, sale.waiting):
            yield Allocation(sale, product, part.quantity, (part,))

    def _allocate_kits(self, sale: SaleLine, product: Product) -> Iterator[Allocation]:
        contents = self._contents.get(sale.line_id, [])
        held = [sum(lot.left for lot in self._serving(sale, item_id)) * SCALE // each for item_id, each in contents]
        count = min([sale.waiting, *(kits // SCALE * SCALE for kits in held)])
        if count > 0 and contents:
            parts = [part for item_id, each in contents for part in self._parts(sale, item_id, each * count // SCALE)]
            yield Allocation(sale, product, count, tuple(parts))

    def _parts(self, sale: SaleLine, item_id: int, wanted: int) -> Iterator[LotPart]:
        for lot in self._serving(sale, item_id):
            part = min(wanted, lot.left)
            if part > 0:
                wanted -= part
                lot.left -= part
                yield LotPart(item_id, lot, part)

    def _serving(self, sale: SaleLine, item_id: int) -> Iterator[Lot]:
        return (lot for lot in self._lots.get(item_id, ()) if self.later or lot.bought <= sale.day)

    def why_not(self, sale: SaleLine, product: Product) -> str:
        """Return the reason for which a sale waits on."""
        if product.is_kit:
            return "not all of its contents are there"
        later = any(lot.left for lot in self._lots.get(product.id, ()))
        return "bought later than sold" if later else "no purchase"


def _recorded_contents(recorded: Recorded, sales: Collection[SaleLine]) -> dict[int, list[Content]]:
    quantities = {sale.line_id: sale.quantity for sale in sales}
    return {
        line_id: [(item_id, quantity * SCALE // quantities[line_id]) for item_id, quantity in contents]
        for line_id, contents in recorded.contents(quantities).items()
    }
