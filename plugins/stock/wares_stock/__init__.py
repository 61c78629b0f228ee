"""Stock items: things bought finished, kept on the shelf and sold.

The plainest item there is, and a good first plugin to read: it states its facts and lets the defaults of `ItemType` do
the rest. `tracked = True` makes the books keep a quantity on hand and its value; a sale then issues goods by the
item's cost method (average, FIFO, LIFO, standard, specific: the item's `cost_method`, which the core checks), a
purchase receives them.

A plugin is a module: pluggy calls the functions below that carry `@hookimpl`, once, when books are opened.
"""

from __future__ import annotations

from wares import ItemType, Question, hookimpl

WARES_API_VERSION = 1


class Stock(ItemType):
    """A thing with a quantity and a value on hand."""

    key = "stock"
    title = "Stock item"
    summary = "Bought finished, counted on the shelf, sold at a price; its cost leaves stock when it is delivered."
    tracked = True
    example_records = ({"record": "item", "type": "stock", "sku": "BOLT", "price": "0.20", "cost": "0.08"},)


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Stock()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="kept_on_the_shelf",
            text="Do you buy it ready to sell or to use, and keep count of how many you have?",
            type="stock",
            because="it is bought finished and counted, so the books keep its quantity and its cost",
            weight=50,
        )
    ]
