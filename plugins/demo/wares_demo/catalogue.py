"""The bicycle maker's products: category, unit, cost and price in force, components.

Costs. A product's cost is its standard cost in force when the story begins. 200 products (all components) have none:

- a *bought* one takes its vendor's list price divided by the number of eaches in the vendor's unit. Vendors sell by
  the carton, case, can, dozen, pack and gallon and the source has no conversion, so `EACHES` states one: a dozen is
  12 and a US gallon 128 fluid ounces by definition; a carton of 100, a case of 24, a can of 50 and a pack of 100
  inches of grip tape are this demo's assumption. A product with a standard cost has a price per each, even if its
  vendor's unit is another (a chain "by the dozen" costs 15.74 against a standard cost of 8.99), so it takes no factor;
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
"""Purchase unit → number of the product's own units in it; see the module's docstring."""

LEAST_COST = Decimal("0.01")
"""Cost of a product for which the source has neither a cost nor a price nor components."""

PARTS = "parts"
"""The category of products without one: nuts, tubes, paint, never sold by themselves."""


class Component(NamedTuple):
    """One row of a bill of materials in force."""

    sku: str
    quantity: int
    """Whole units of the component in one assembly."""


@dataclass(frozen=True, slots=True)
class Product:
    """One product, with its cost and price in force."""

    sku: str
    name: str
    category: str
    """In lower case; `PARTS` for a product without one."""
    subcategory: str
    """Empty for a product without one, as are model, color and size."""
    model: str
    """The source's id of the model."""
    color: str
    size: str
    unit: str
    """Unit in which it is stocked and consumed: EA unless a bill of materials says otherwise."""
    purchase_unit: str
    """Unit in which its vendor sells it."""
    eaches: int
    """Number of its own units in a purchase unit."""
    cost: Decimal
    """Cost of one unit in USD, at most six decimals."""
    price: Decimal
    """List price of one unit in USD; 0 if it is not sold."""
    components: tuple[Component, ...]
    """Bill of materials of one unit; empty for a bought product."""
    height: int
    """0 for a bought product, else one more than its highest component."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products and models in force at the start of the story."""

    products: Mapping[str, Product]
    """The source's id → product, lowest height first."""
    models: Mapping[str, str]
    """The source's id of a model → its name."""

    def by_sku(self) -> dict[str, Product]:
        """Return the products by SKU."""
        return {product.sku: product for product in self.products.values()}

    def cost_changes(self, source: Source, *, after: str) -> Iterator[tuple[str, Product, Decimal]]:
        """Yield (day, product, new standard cost) for each change of a standard cost after the day `after`, by day."""
        in_force = {key: product.cost for key, product in self.products.items()}
        for day, key, text in sorted(source.rows("ProductCostHistory", "StartDate", "ProductID", "StandardCost")):
            cost = Decimal(text)
            if day > after and in_force.get(key, cost) != cost:
                in_force[key] = cost
                yield day, self.products[key], cost


def read_catalogue(source: Source, *, at: str) -> Catalogue:
    """Read the catalogue in force on the day `at`. It omits a made product without a bill of materials (there is one; it was
    never built, bought or sold)."""
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
    """Return the components in force by assembly, and the unit in which each component is consumed. Skips rows without an
    assembly, which only mark top items."""
    parts: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    units: dict[str, str] = {}
    columns = ("ProductAssemblyID", "ComponentID", "StartDate", "EndDate", "UnitMeasureCode", "PerAssemblyQty")
    for assembly, component, start, end, unit, quantity in source.rows("BillOfMaterials", *columns):
        if assembly and start <= at and (not end or end >= at):
            parts[assembly].append((component, whole(quantity)))
            units[component] = unit
    return {assembly: tuple(rows) for assembly, rows in parts.items()}, units


def _in_force(source: Source, table: str, column: str, *, at: str) -> dict[str, Decimal]:
    """Return by product the value in force on the day `at`, or the first value of a product that comes later."""
    found: dict[str, Decimal] = {}
    for key, start, value in sorted(source.rows(table, "ProductID", "StartDate", column)):
        if start <= at or key not in found:
            found[key] = Decimal(value)
    return found


def _categories(source: Source) -> dict[str, tuple[str, str]]:
    """Return (category in lower case, subcategory) by the id of the subcategory."""
    names = {key: name.lower() for key, name in source.rows("ProductCategory", "ProductCategoryID", "Name")}
    rows = source.rows("ProductSubcategory", "ProductSubcategoryID", "ProductCategoryID", "Name")
    return {key: (names[category], name) for key, category, name in rows}


def _lowest_first(rows: Mapping[str, _Row], components: Mapping[str, tuple[tuple[str, int], ...]]) -> list[str]:
    """Return the product ids, bought ones first and each component before the assemblies that use it."""
    heights: dict[str, int] = {}

    def height(key: str) -> int:
        if key not in heights:
            heights[key] = 1 + max((height(part) for part, _ in components.get(key, ())), default=-1)
        return heights[key]

    kept = [key for key, row in rows.items() if key in components or not row.made]
    return sorted(kept, key=lambda key: (height(key), int(key)))
