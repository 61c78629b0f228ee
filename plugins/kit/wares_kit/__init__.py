"""Kits: several items sold as one line at one price, each taken from stock on its own.

A kit has no stock of its own and is never bought. On a sale its line carries the price (its own, or with
`price_from_components` the sum of its contents' prices) and posts to the kit's own income account; below the line
stand the contents, which move goods and cost but carry no amount. The contents may be changed on the line
(`components`, per one kit) without touching the master; whatever was sold is stored with the line, and a delivery or
credit that comes from it moves those contents, in proportion, so that all parts together are exactly what was sold.

No kit stands in a kit, nor does a matrix master, a group or a calculation: each is a line of its own, no thing. An
assembly may: it is a thing on the shelf.
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
