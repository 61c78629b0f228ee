"""What lots hold, and what a sale takes of them: the oldest purchase first, spilling over.

A kit takes of the lots of its contents, those that its sale recorded, and only whole kits leave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from wares import SCALE, Books, Recorded, scaled, unscaled
from wares_tracking.products import Product, Products
from wares_tracking.sale_lines import SaleLine

Content = tuple[int, int]
"""Item and quantity of what goes into one unit of a kit, in millionths."""


@dataclass(slots=True)
class Lot:
    """Goods of one purchase: what is left of them. The lot of goods that are not kept by lot is ""."""

    name: str
    left: int
    bought: int  # the day of the purchase, yyyymmdd
    arrived: int  # the day on which they came in
    vendor: str | None = None  # the party of the purchase


class Part(NamedTuple):
    """What is taken of a lot."""

    item_id: int
    lot: Lot
    quantity: int


class Consumption(NamedTuple):
    """Goods for a line of a match: of one lot, or of the lots of a kit's contents."""

    sale: SaleLine
    product: Product
    quantity: int
    parts: tuple[Part, ...]

    @property
    def day(self) -> int:
        """When they can go: the day of the sale, or on which the last of them came in."""
        return max(self.sale.day, *(part.lot.arrived for part in self.parts))

    @property
    def lots(self) -> str:
        """The names of their lots."""
        return ", ".join(part.lot.name for part in self.parts if part.lot.name)

    def line(self, skus: Mapping[int, str]) -> dict[str, Any]:
        """As a line of a match; the lots of contents stand in its attributes."""
        line: dict[str, Any] = {"from": self.sale.name, "quantity": str(unscaled(self.quantity))}
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
        """The goods stay where they were."""
        for part in self.parts:
            part.lot.left += part.quantity


class Shelf:
    """The lots of the products that sales ask for, read when first needed."""

    def __init__(self, books: Books, products: Products, *, later: bool) -> None:
        """`later` lets goods that were bought after the sale serve it."""
        self.books = books
        self.products = products
        self.later = later
        self._lots: dict[int, list[Lot]] = {}
        self._contents: dict[int, list[Content]] = {}  # by sale line

    def prepare(self, wanted: Iterable[tuple[SaleLine, Product]]) -> None:
        """Have the lots at hand of what these sales want."""
        wanted = list(wanted)
        kits = [(sale, product) for sale, product in wanted if product.is_kit]
        self._contents = self._contents_of(kits) if kits else {}
        needed = {product.id for _, product in wanted}
        needed |= {item_id for contents in self._contents.values() for item_id, _ in contents}
        missing = needed - self._lots.keys()
        if missing:
            self._lots |= lots_of(self.books, missing)

    def _contents_of(self, kits: Collection[tuple[SaleLine, Product]]) -> dict[int, list[Content]]:
        """What goes into one of each kit: as its sale recorded it, or as it is today where the sale did not know the kit."""
        with self.books.recorded() as recorded:
            found = _recorded(recorded, [sale for sale, _ in kits if sale.item_id is not None])
        for sale, product in kits:
            if sale.item_id is None:
                components = self.books.items.show(product.sku)["components"]
                found[sale.line_id] = [(self.products.by_sku[each["sku"]].id, scaled(each["quantity"])) for each in components]
        known = self.products.by_id
        return {line_id: [content for content in contents if content[0] not in known or known[content[0]].tracked]
                for line_id, contents in found.items()}  # fmt: skip

    def take(self, sale: SaleLine, product: Product) -> Iterator[Consumption]:
        """What there is for the part of a sale that waits."""
        if product.is_kit:
            yield from self._take_kits(sale, product)
            return
        for part in self._parts(sale, product.id, sale.waiting):
            yield Consumption(sale, product, part.quantity, (part,))

    def _take_kits(self, sale: SaleLine, product: Product) -> Iterator[Consumption]:
        contents = self._contents.get(sale.line_id, [])
        held = [sum(lot.left for lot in self._serving(sale, item_id)) * SCALE // each for item_id, each in contents]
        count = min([sale.waiting, *(kits // SCALE * SCALE for kits in held)])
        if count > 0 and contents:
            parts = [part for item_id, each in contents for part in self._parts(sale, item_id, each * count // SCALE)]
            yield Consumption(sale, product, count, tuple(parts))

    def _parts(self, sale: SaleLine, item_id: int, wanted: int) -> Iterator[Part]:
        for lot in self._serving(sale, item_id):
            part = min(wanted, lot.left)
            if part > 0:
                wanted -= part
                lot.left -= part
                yield Part(item_id, lot, part)

    def _serving(self, sale: SaleLine, item_id: int) -> Iterator[Lot]:
        return (lot for lot in self._lots.get(item_id, ()) if self.later or lot.bought <= sale.day)

    def why_not(self, sale: SaleLine, product: Product) -> str:
        """Why a sale waits on."""
        if product.is_kit:
            return "not all of its contents are there"
        later = any(lot.left for lot in self._lots.get(product.id, ()))
        return "bought later than sold" if later else "no purchase"


def _recorded(recorded: Recorded, sales: Collection[SaleLine]) -> dict[int, list[Content]]:
    quantities = {sale.line_id: sale.quantity for sale in sales}
    return {
        line_id: [(item_id, quantity * SCALE // quantities[line_id]) for item_id, quantity in contents]
        for line_id, contents in recorded.contents(quantities).items()
    }


def lots_of(books: Books, item_ids: Collection[int]) -> dict[int, list[Lot]]:
    """What is left of each item, by lot, oldest purchase first. A detail was bought when its purchase was."""
    found: dict[int, list[Lot]] = {item_id: [] for item_id in item_ids}
    with books.recorded() as recorded:
        for lot in recorded.lots(sorted(item_ids)):
            found[lot.item_id].append(Lot(lot.lot, lot.quantity, lot.day, lot.arrived, lot.party))
    return found
