"""Kits: several items sold as one line at one price, each taken from stock on its own.

A kit has no stock of its own and is never bought. On a sale its line carries the price (its own, or with
`price_from_components` the sum of its contents' prices) and posts to the kit's own income account. The contents stand
below the line; they move goods and cost but carry no amount. The line may change the contents (`components`, per one
kit) without changing the master. The contents sold are stored with the line; a delivery or credit that comes from it
moves those contents in proportion, so that all parts together are exactly the quantity sold.

A kit cannot contain a kit, a matrix master, a group or a calculation, since none of them is a physical item. It may
contain an assembly, which is kept in stock.
"""

from __future__ import annotations

from wares import ItemType, Question, hookimpl
from wares_kit.types import Kit

WARES_API_VERSION = 1


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Kit()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="sold_in_bundles",
            text="Do you sell several items together as one line, each taken from the shelf when it is sold?",
            type="kit",
            because="it is sold as one line and nothing is put together before: its contents leave stock one by one",
            weight=20,
        )
    ]
