"""The records before the first document: accounts, mappings, locations, parties, items.

Order matters: each record names only what came before it. Masters of matrix items come first (they have no
components), then items from the lowest to the highest, so that every component is known to its assembly. A product
whose model comes in several colours or sizes is a variant of that model's master and keeps its own SKU.
"""

from collections import defaultdict
from collections.abc import Iterator

from wares_demo.catalogue import PARTS, Catalogue, Product
from wares_demo.events import SHOP, Record
from wares_demo.figures import plain
from wares_demo.source import Source

CATEGORIES = ("bikes", "components", "clothing", "accessories", PARTS)
"""Each has its own inventory, income and cost-of-goods account, in this order: 1310, 4010 and 5010 are the bikes'."""

COST_METHODS = {"bikes": "fifo", "clothing": "fifo", "accessories": "standard"}
"""By category; the others, components and parts, are average."""

STANDARD_SUBCATEGORIES = frozenset({"Chains"})
"""Bought at a price that differs from their standard cost, so that the story has a purchase price variance."""

WITH_STANDARD = True
"""Whether items are kept at standard cost (and revalued when it changes); otherwise those above are at average."""

LETTER_SIZES = ("S", "M", "L", "XL")

INVENTORY, INCOME, COGS = 1310, 4010, 5010
STEP = 5
"""Ten would reach 1350, which the general chart has for something else."""


def chart() -> Iterator[Record]:
    """Own accounts by category beside the general chart, and the mappings that choose them."""
    ranges = ((INVENTORY, "asset", "inventory", "Inventory"), (INCOME, "income", "income", "Sales"))
    for first, kind, role, title in (*ranges, (COGS, "expense", "cogs", "Cost of goods sold")):
        for place, category in enumerate(CATEGORIES):
            code = str(first + STEP * place)
            name = f"{title}: {category}"
            yield {"record": "account", "code": code, "name": name, "type": kind, "roles": [role]}
            yield {"record": "mapping", "role": role, "level": "category", "of": category, "account": code}


def locations() -> Iterator[Record]:
    """The factory shop; MAIN is there from the start."""
    yield {"record": "location", "code": SHOP, "name": "Factory shop"}


def suppliers(source: Source) -> Iterator[Record]:
    """The vendors, by the account number that the maker gave them."""
    for code, name in source.rows("Vendor", "AccountNumber", "Name"):
        yield {"record": "party", "code": code, "name": name, "kinds": ["supplier"]}


def customers(source: Source) -> Iterator[Record]:
    """Every customer with an order. Stores have names; web customers are known by their number alone."""
    buying = {key for (key,) in source.rows("SalesOrderHeader", "CustomerID")}
    stores = source.lookup("Store", "BusinessEntityID", "Name")
    for key, store, code in source.rows("Customer", "CustomerID", "StoreID", "AccountNumber"):
        if key in buying:
            name = stores.get(store) or f"Web customer {code}"
            yield {"record": "party", "code": code, "name": name, "kinds": ["customer"]}


def items(catalogue: Catalogue) -> Iterator[Record]:
    """Matrix masters, then every product as a stock item, an assembly or a variant, components first."""
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
    """BK-M82S-38 and BK-M82B-42 are variants of BK-M82-MODEL: the longest common start, at most two segments."""
    first, last = min(product.sku for product in members), max(product.sku for product in members)
    common = 0
    while common < min(len(first), len(last)) and first[common] == last[common]:
        common += 1
    stem = "-".join(first[:common].split("-")[:2])
    return f"{stem}-MODEL"


def _families(catalogue: Catalogue) -> dict[str, list[Product]]:
    """The products of each model that has more than one."""
    families: defaultdict[str, list[Product]] = defaultdict(list)
    for product in catalogue.products.values():
        if product.model:
            families[product.model].append(product)
    return {model: members for model, members in families.items() if len(members) > 1}


def _axes(members: list[Product]) -> dict[str, list[str]]:
    """The values of both axes: colours by name, sizes from small to large."""
    colors = {product.color for product in members}
    sizes = {product.size for product in members}
    return {"Color": sorted(colors), "Size": sorted(sizes, key=_by_size)}


def _by_size(size: str) -> tuple[int, str]:
    """38 before 42, S before M before L before XL."""
    return (LETTER_SIZES.index(size), "") if size in LETTER_SIZES else (0, size)


def _item_type(product: Product) -> str:
    return "assembly" if product.components else "stock"


def cost_method(product: Product) -> str:
    """The cost method of a product's item."""
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
