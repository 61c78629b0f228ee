"""Matrices: one master, and a variant of it for each combination of the values of its axes, such as color and size.

The master has no stock and is not sold. Its variants are full items of the type that it names (`variant_type`), each
with its own SKU, stock and cost. They take name, prices and the rest from the master unless their own record gives
them:

    {"record": "item", "type": "matrix", "sku": "TEE", "price": "15",
        "attributes": {"axes": {"Color": ["Red", "Blue"], "Size": ["S", "M"]}, "variant_type": "stock"}}
    {"record": "variant", "master": "TEE", "values": {"Color": "Red", "Size": "S"}}             makes TEE-RED-S

Variants are made singly, on demand, or as the whole grid (`missing_variants`); a combination exists once. A document
line of the master is refused with a list of its variants, unless it gives the quantity of each: `"variants":
{"TEE-RED-S": 2, "TEE-BLUE-M": 1}` becomes a line per variant. `records.py` holds the record `variant`, `types.py` the
item type.
"""

from __future__ import annotations

from wares import ItemType, Question, RecordType, hookimpl
from wares_matrix.records import VariantRecord
from wares_matrix.types import Matrix

WARES_API_VERSION = 1


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Matrix()]


@hookimpl
def wares_record_types() -> list[RecordType]:
    return [VariantRecord()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="comes_in_variants",
            text="Does it come in variants, such as colors or sizes, each counted on its own?",
            type="matrix",
            because="each color or size is an item with its own stock, and a master keeps them together",
            weight=10,
        )
    ]
