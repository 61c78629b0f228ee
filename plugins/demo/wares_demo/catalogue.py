"""The bicycle maker's products as the books will know them: category, unit, cost and price in force, components.

Costs. A product's cost is its standard cost in force when the story begins. 200 products (all components) have none:

- a *bought* one takes its vendor's list price divided by the number of eaches in the vendor's unit. Vendors sell by
  the carton, case, can, dozen, pack and gallon and the source has no conversion, so `EACHES` states one: a dozen is
  12 and a US gallon 128 fluid ounces by definition; a carton of 100, a case of 24, a can of 50 and a pack of 100
  inches of grip tape are this demo's assumption. Products that do have a standard cost are priced by the each
  whatever their vendor's unit says (a chain "by the dozen" costs 15.74 against a standard cost of 8.99), so no factor;
- a *built* one takes the cost of its components.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from wares_demo.figures import micros, whole
from wares_demo.source import Source

EACHES: Mapping[str, int] = {"EA": 1, "DZ": 12, "CS": 24, "CAN": 50, "CTN": 100, "PAK": 100, "GAL": 128}
"""How many of its own units a product's purchase unit holds; see the module's docstring."""

LEAST_COST = Decimal("0.01")
"""The stated cost of a product for which the source has neither a cost nor a price nor components."""

PARTS = "parts"
"""The category of products without one: nuts, tubes, paint, never sold by themselves."""


class Component(NamedTuple):
    """One row of a bill of materials in force."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Product:
    """One product; `height` is 0 for a bought one, else one more than its highest component."""

    sku: str
    name: str
    category: str
    subcategory: str
    model: str
    color: str
    size: str
    unit: str
    purchase_unit: str
    eaches: int
    cost: Decimal
    price: Decimal
    components: tuple[Component, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products by the source's id, lowest height first, and the names of the models."""

    products: Mapping[str, Product]
    models: Mapping[str, str]

    def by_sku(self) -> dict[str, Product]:
        """The same products by SKU."""
        return {product.sku: product for product in self.products.values()}

    def cost_changes(self, source: Source, *, after: str) -> Iterator[tuple[str, Product, Decimal]]:
        """(day, product, standard cost) of each standard cost that changes after a day, by day."""
        in_force = {key: product.cost for key, product in self.products.items()}
        for day, key, text in sorted(source.rows("ProductCostHistory", "StartDate", "ProductID", "StandardCost")):
            cost = Decimal(text)
            if day > after and in_force.get(key, cost) != cost:
                in_force[key] = cost
                yield day, self.products[key], cost


def read_catalogue(source: Source, *, at: str) -> Catalogue:
    """The catalogue in force on the day `at`. A product that is made but has no bill of materials is left out
    (one is: it was never built, bought or sold)."""
    components, units = _bills_of_materials(source, at=at)
    rows = _product_rows(source)
    vendors = {
        key: (Decimal(price), unit)
        for key, price, unit in source.rows("ProductVendor", "ProductID", "StandardPrice", "UnitMeasureCode")
    }
    costs = _in_force(source, "ProductCostHistory", "StandardCost", at=at)
    prices = _in_force(source, "ProductListPriceHistory", "ListPrice", at=at)
    categories = _categories(source)
    products: dict[str, Product] = {}
    for key in _lowest_first(rows, components):
        row = rows[key]
        standard = costs.get(key, row.cost)
        asked, purchase_unit = vendors.get(key, (Decimal(0), "EA"))
        eaches = 1 if row.cost else EACHES[purchase_unit]
        parts = components.get(key, ())
        rolled = sum((products[part].cost * quantity for part, quantity in parts), Decimal(0))
        category, subcategory = categories.get(row.subcategory, (PARTS, ""))
        products[key] = Product(
            sku=row.sku,
            name=row.name,
            category=category,
            subcategory=subcategory,
            model=row.model,
            color=row.color,
            size=row.size,
            unit=units.get(key, "EA"),
            purchase_unit=purchase_unit if eaches > 1 else units.get(key, "EA"),
            eaches=eaches,
            cost=micros(standard or rolled or asked / eaches) or LEAST_COST,
            price=prices.get(key, row.price),
            components=tuple(Component(products[part].sku, quantity) for part, quantity in parts),
            height=1 + max((products[part].height for part, _ in parts), default=-1),
        )
    models = source.lookup("ProductModel", "ProductModelID", "Name")
    return Catalogue(products, models)


class _Row(NamedTuple):
    sku: str
    name: str
    color: str
    size: str
    cost: Decimal
    price: Decimal
    subcategory: str
    model: str
    made: bool


def _product_rows(source: Source) -> dict[str, _Row]:
    columns = (
        "ProductID",
        "ProductNumber",
        "Name",
        "Color",
        "Size",
        "StandardCost",
        "ListPrice",
        "ProductSubcategoryID",
        "ProductModelID",
        "MakeFlag",
    )
    return {
        key: _Row(sku, name, color, size, Decimal(cost), Decimal(price), subcategory, model, made == "1")
        for key, sku, name, color, size, cost, price, subcategory, model, made in source.rows("Product", *columns)
    }


def _bills_of_materials(source: Source, *, at: str) -> tuple[dict[str, tuple[tuple[str, int], ...]], dict[str, str]]:
    """Components in force by assembly, and the unit in which each component is consumed. Rows without an assembly
    only mark top items and are skipped."""
    parts: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    units: dict[str, str] = {}
    columns = ("ProductAssemblyID", "ComponentID", "StartDate", "EndDate", "UnitMeasureCode", "PerAssemblyQty")
    for assembly, component, start, end, unit, quantity in source.rows("BillOfMaterials", *columns):
        if assembly and start <= at and (not end or end >= at):
            parts[assembly].append((component, whole(quantity)))
            units[component] = unit
    return {assembly: tuple(rows) for assembly, rows in parts.items()}, units


def _in_force(source: Source, table: str, column: str, *, at: str) -> dict[str, Decimal]:
    """By product, the value in force on `at`, or the first one of a product that comes later."""
    found: dict[str, Decimal] = {}
    for key, start, value in sorted(source.rows(table, "ProductID", "StartDate", column)):
        if start <= at or key not in found:
            found[key] = Decimal(value)
    return found


def _categories(source: Source) -> dict[str, tuple[str, str]]:
    """(category, subcategory) by the id of the subcategory; categories are written in lower case."""
    names = {key: name.lower() for key, name in source.rows("ProductCategory", "ProductCategoryID", "Name")}
    rows = source.rows("ProductSubcategory", "ProductSubcategoryID", "ProductCategoryID", "Name")
    return {key: (names[category], name) for key, category, name in rows}


def _lowest_first(rows: Mapping[str, _Row], components: Mapping[str, tuple[tuple[str, int], ...]]) -> list[str]:
    """Product ids, every component before the assemblies that use it, bought ones first."""
    heights: dict[str, int] = {}

    def height(key: str) -> int:
        if key not in heights:
            heights[key] = 1 + max((height(part) for part, _ in components.get(key, ())), default=-1)
        return heights[key]

    kept = [key for key, row in rows.items() if key in components or not row.made]
    return sorted(kept, key=lambda key: (height(key), int(key)))
