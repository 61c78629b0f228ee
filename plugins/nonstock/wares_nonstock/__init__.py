"""Items that are never counted: non-stock items and expenses.

A *non-stock* item is sold and bought but not physically kept: goods shipped by the supplier, shop supplies, licences.
Its purchase is an expense at once (or cost of goods sold if it is drop shipped; the document decides). An *expense* is
a cost that is only bought. It may stand in a bill of materials, where the assembly absorbs its standard cost.
"""

from __future__ import annotations

from wares import ItemType, Question, hookimpl

WARES_API_VERSION = 1


class NonStock(ItemType):
    """The item type that is sold and bought but never on hand."""

    key = "non_stock"
    title = "Non-stock item"
    summary = "Sold or bought without keeping it: shipped by others, or not worth counting. A purchase is an expense."
    example_records = ({"record": "item", "type": "non_stock", "sku": "LICENCE", "price": "12", "cost": "9.50"},)


class Expense(ItemType):
    """The item type of a cost that is bought and never sold."""

    key = "expense"
    title = "Expense"
    summary = "A cost that is only bought; in a bill of materials its standard cost becomes part of the assembly's cost."
    sold = False
    example_records = ({"record": "item", "type": "expense", "sku": "GLUE", "cost": "0.10"},)


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [NonStock(), Expense()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="sold_uncounted",
            text="Do you sell it without keeping it: delivered by someone else, or not worth counting?",
            type="non_stock",
            because="it is sold but never on your shelf: there is no quantity to keep, and buying it is an expense",
            weight=60,
        ),
        Question(
            key="only_a_cost",
            text="Is it something you only pay for and never sell?",
            type="expense",
            because="it is only bought, so it is an expense (and may be a component of an assembly)",
            weight=70,
        ),
    ]
