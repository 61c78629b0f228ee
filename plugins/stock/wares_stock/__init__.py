"""Stock items: items that are bought finished, kept on the shelf and sold.

This is the simplest item type and a good first plugin to read: it states its facts and leaves the rest to the defaults
of `ItemType`. With `tracked = True` the books keep a quantity on hand and its value: a purchase receives goods, and a
sale issues them by the item's `cost_method` (average, FIFO, LIFO, standard, specific), which the core checks.

A plugin is a module: pluggy calls the functions below that carry `@hookimpl` once, when the books are opened.
"""

from __future__ import annotations

from wares import ItemType, Question, hookimpl

WARES_API_VERSION = 1


class Stock(ItemType):
    """The item type with a quantity and a value on hand."""

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
