"""The records before the first document: accounts, mappings, locations, parties, items.

Order matters: each record names only earlier records. Masters of matrix items come first (they have no components),
then items from the lowest to the highest, so that each component precedes its assemblies. A product whose model comes
in several colours or sizes is a variant of that model's master and keeps its own SKU.
"""

from collections import defaultdict
from collections.abc import Iterator

from wares_demo.catalogue import PARTS, Catalogue, Product
from wares_demo.events import SHOP, Record
from wares_demo.figures import plain
from wares_demo.source import Source

CATEGORIES = ("bikes", "components", "clothing", "accessories", PARTS)
"""Categories with their own inventory, income and cost-of-goods accounts, in this order: the bikes' are 1310, 4010, 5010."""

COST_METHODS = {"bikes": "fifo", "clothing": "fifo", "accessories": "standard"}
"""Category → cost method; the others, components and parts, are at average cost."""

STANDARD_SUBCATEGORIES = frozenset({"Chains"})
"""Subcategories at standard cost that are bought at another price, so that the story has a purchase price variance."""

WITH_STANDARD = True
"""True to keep the items above at standard cost and revalue them when it changes; else they are at average cost."""

LETTER_SIZES = ("S", "M", "L", "XL")

INVENTORY, INCOME, COGS = 1310, 4010, 5010
STEP = 5
"""Distance of two account codes. Ten would reach 1350, which the general chart uses for another account."""


def chart() -> Iterator[Record]:
    """Yield accounts by category beside the general chart, and the mappings that choose them."""
    ranges = ((INVENTORY, "asset", "inventory", "Inventory"), (INCOME, "income", "income", "Sales"))
    for first, kind, role, title in (*ranges, (COGS, "expense", "cogs", "Cost of goods sold")):
        for place, category in enumerate(CATEGORIES):
            code = str(first + STEP * place)
            name = f"{title}: {category}"
            yield {"record": "account", "code": code, "name": name, "type": kind, "roles": [role]}
            yield {"record": "mapping", "role": role, "level": "category", "of": category, "account": code}


def locations() -> Iterator[Record]:
    """Yield the factory shop; MAIN exists from the start."""
    yield {"record": "location", "code": SHOP, "name": "Factory shop"}


def suppliers(source: Source) -> Iterator[Record]:
    """Yield the vendors, by the account number that the maker gave them."""
    for code, name in source.rows("Vendor", "AccountNumber", "Name"):
        yield {"record": "party", "code": code, "name": name, "kinds": ["supplier"]}


def customers(source: Source) -> Iterator[Record]:
    """Yield each customer with an order. Stores have names; web customers have only a number."""
    buying = {key for (key,) in source.rows("SalesOrderHeader", "CustomerID")}
    stores = source.lookup("Store", "BusinessEntityID", "Name")
    for key, store, code in source.rows("Customer", "CustomerID", "StoreID", "AccountNumber"):
        if key in buying:
            name = stores.get(store) or f"Web customer {code}"
            yield {"record": "party", "code": code, "name": name, "kinds": ["customer"]}


def items(catalogue: Catalogue) -> Iterator[Record]:
    """Yield matrix masters, then each product as a stock item, an assembly or a variant, components first."""
    families = _families(catalogue)
    masters: dict[str, tuple[str, tuple[str, ...]]] = {}
    for model, members in families.items():
        axes = {axis: values for axis, values in _axes(members).items() if len(values) > 1}
        sku = master_sku(members)
        masters[model] = (sku, tuple(axes))
        yield {
            "record": "item",
            "type": "matrix",
            "sku": sku,
            "name": catalogue.models[model],
            "category": members[0].category,
            "attributes": {"axes": axes, "variant_type": _item_type(members[0])},
        }
    for product in catalogue.products.values():
        facts = _item_facts(product)
        if product.model in masters:
            master, chosen = masters[product.model]
            cell = {"Color": product.color, "Size": product.size}
            values = {axis: cell[axis] for axis in chosen}
            yield {"record": "variant", "master": master, "values": values, **facts}
        else:
            yield {"record": "item", "type": _item_type(product), **facts}


def master_sku(members: list[Product]) -> str:
    """Return the SKU of a master: the longest common start of its members' SKUs, at most two segments, and MODEL. The master
    of BK-M82S-38 and BK-M82B-42 is BK-M82-MODEL."""
    first, last = min(product.sku for product in members), max(product.sku for product in members)
    common = 0
    while common < min(len(first), len(last)) and first[common] == last[common]:
        common += 1
    stem = "-".join(first[:common].split("-")[:2])
    return f"{stem}-MODEL"


def _families(catalogue: Catalogue) -> dict[str, list[Product]]:
    """Return the products by model, for models with more than one."""
    families: defaultdict[str, list[Product]] = defaultdict(list)
    for product in catalogue.products.values():
        if product.model:
            families[product.model].append(product)
    return {model: members for model, members in families.items() if len(members) > 1}


def _axes(members: list[Product]) -> dict[str, list[str]]:
    """Return the values of both axes: colours by name, sizes from small to large."""
    colors = {product.color for product in members}
    sizes = {product.size for product in members}
    return {"Color": sorted(colors), "Size": sorted(sizes, key=_by_size)}


def _by_size(size: str) -> tuple[int, str]:
    """Return the sort key of a size: 38 before 42, S before M before L before XL."""
    return (LETTER_SIZES.index(size), "") if size in LETTER_SIZES else (0, size)


def _item_type(product: Product) -> str:
    return "assembly" if product.components else "stock"


def cost_method(product: Product) -> str:
    """Return the cost method of a product's item."""
    method = COST_METHODS.get(product.category, "average")
    if product.subcategory in STANDARD_SUBCATEGORIES:
        method = "standard"
    return method if WITH_STANDARD or method != "standard" else "average"


def _item_facts(product: Product) -> Record:
    facts: Record = {
        "sku": product.sku,
        "name": product.name,
        "unit": product.unit.lower(),
        "category": product.category,
        "cost": plain(product.cost),
        "cost_method": cost_method(product),
    }
    if product.price:
        facts["price"] = plain(product.price)
    if product.components:
        facts["components"] = [{"sku": part.sku, "quantity": str(part.quantity)} for part in product.components]
    return facts
