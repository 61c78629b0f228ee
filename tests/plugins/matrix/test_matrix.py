"""Masters, their combinations, and lines of a master."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plugins.builders import TYPES, Purchase, Shelf, amounts, context, line, problems, refusal, rows
from wares import RowKind, scaled
from wares_matrix.records import VariantRecord
from wares_matrix.types import variant_sku

AXES = {"Color": ["Red", "Blue"], "Size": ["S", "M"]}


def make_shelf() -> Shelf:
    shelf = Shelf()
    shelf.add(
        "matrix", "TEE", name="T-shirt", price="15", cost="4.50", category="shirts", weight=scaled("0.2"),
        attributes={"axes": AXES, "variant_type": "stock"},
    )  # fmt: skip
    return shelf


@pytest.fixture
def shelf() -> Shelf:
    shelf = make_shelf()
    shelf.vary("TEE", "TEE-RED-S", {"Color": "Red", "Size": "S"})
    shelf.vary("TEE", "TEE-BLUE-M", {"Color": "Blue", "Size": "M"})
    return shelf


def translated(shelf: Shelf, **record: Any) -> dict[str, Any]:
    (item,) = VariantRecord().translate({"record": "variant", "master": "TEE", **record}, shelf)
    return dict(item)


# --- variants --------------------------------------------------------------------------------------------------------


def test_a_variant_takes_missing_keys_from_the_master(shelf: Shelf) -> None:
    assert translated(shelf, values={"Size": "M", "Color": "Red"}, price="17", barcode="123") == {
        "record": "item",
        "type": "stock",
        "sku": "TEE-RED-M",
        "name": "T-shirt Red / M",
        "unit": "ea",
        "price": "17",
        "cost": "4.5",
        "weight": "0.2",
        "category": "shirts",
        "barcode": "123",
        "variant_of": {"master": "TEE", "values": {"Size": "M", "Color": "Red"}},
    }


def test_an_existing_variant_changes_only_the_keys_of_the_record(shelf: Shelf) -> None:
    assert translated(shelf, values={"Color": "Red", "Size": "S"}, price="19") == {
        "record": "item",
        "type": "stock",
        "sku": "TEE-RED-S",
        "price": "19",
        "variant_of": {"master": "TEE", "values": {"Color": "Red", "Size": "S"}},
    }


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        ({"values": {"Color": "Red", "Size": "S"}, "sku": "OTHER"}, ["VARIANT_EXISTS"]),
        ({"values": {"Color": "Green", "Size": "S"}}, ["NOT_IN_AXES"]),
        ({"values": {"Color": "Red"}}, ["NOT_IN_AXES"]),
        ({"values": {"Color": "Red", "Size": "S", "Fit": "Slim"}}, ["NOT_IN_AXES"]),
        ({"values": ["Red", "S"]}, ["BAD_VALUE"]),
        ({"values": {"Color": "Red", "Size": "M"}, "master": "TEE-RED-S"}, ["NOT_A_MASTER"]),
        ({"values": {"Color": "Red", "Size": "M"}, "master": "NONE"}, ["UNKNOWN_ITEM"]),
        ({"values": {"Color": "Red", "Size": "M"}, "master": None}, ["MISSING_KEY"]),
        ({"values": {"Color": "Red", "Size": "M"}, "type": "service"}, ["VARIANT_TYPE"]),
    ],
)
def test_refused_variants(shelf: Shelf, record: dict[str, Any], codes: list[str]) -> None:
    assert refusal(lambda: translated(shelf, **record)) == codes


def test_missing_variants_are_the_combinations_without_one(shelf: Shelf) -> None:
    missing = list(TYPES["matrix"].missing_variants(shelf.items["TEE"], shelf))
    assert missing == [
        {"record": "variant", "master": "TEE", "values": {"Color": "Red", "Size": "M"}, "sku": "TEE-RED-M"},
        {"record": "variant", "master": "TEE", "values": {"Color": "Blue", "Size": "S"}, "sku": "TEE-BLUE-S"},
    ]


@pytest.mark.parametrize(
    ("pattern", "sku"),
    [
        (None, "TEE-DARK-RED-S"),
        ("{master}.{Size}.{Color}", "TEE.S.DARK-RED"),
        ("X{Size}{Color}", "XSDARK-RED"),
    ],
)
def test_sku_pattern(pattern: str | None, sku: str) -> None:
    shelf = Shelf()
    axes = {"Color": ["Dark red"], "Size": ["S"]}
    master = shelf.add("matrix", "TEE", attributes={"axes": axes, "sku_pattern": pattern})
    assert variant_sku(master, {"Color": "Dark red", "Size": "S"}) == sku


texts = st.text("abcXYZ019 ", min_size=1, max_size=4).filter(str.strip)


@given(st.dictionaries(texts, st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_master_without_problems_can_make_its_whole_grid(axes: dict[str, list[str]]) -> None:
    """Every combination is offered once, and each offered record can be made."""
    shelf = Shelf()
    master = shelf.add("matrix", "TEE", attributes={"axes": axes})
    if problems(shelf, master):
        return
    records = list(TYPES["matrix"].missing_variants(master, shelf))
    count = 1
    for values in axes.values():
        count *= len(values)
    assert len(records) == count == len({frozenset(record["values"].items()) for record in records})
    for record in records:
        assert refusal(lambda record=record: list(VariantRecord().translate(record, shelf))) == []


# --- the master ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ({"axes": AXES}, []),
        ({"axes": {}}, ["NO_AXES"]),
        ({"axes": {"Color": []}}, ["BAD_AXIS"]),
        ({"axes": {"master": ["a"]}}, ["BAD_AXIS"]),
        ({"axes": {"Color": ["Red", " "]}}, ["BAD_AXIS"]),
        ({"axes": {"Color": ["Red", "red"]}}, ["AXIS_VALUE_TWICE"]),
        ({"axes": AXES, "variant_type": "matrix"}, ["VARIANT_TYPE"]),
        ({"axes": AXES, "sku_pattern": "{master}-{Color}"}, ["BAD_PATTERN"]),
        ({"axes": AXES, "sku_pattern": "{Color}{Size}{Fit}"}, ["BAD_PATTERN"]),
        ({"axes": AXES, "sku_pattern": "{Color}/{Size}"}, []),
    ],
)
def test_rules_of_a_master(attributes: dict[str, Any], codes: list[str]) -> None:
    shelf = Shelf()
    assert problems(shelf, shelf.add("matrix", "CAP", attributes=attributes)) == codes


def test_an_axis_of_existing_variants_cannot_be_removed(shelf: Shelf) -> None:
    from dataclasses import replace

    rules = TYPES["matrix"].Attributes.model_validate({"axes": {"Color": ["Red"], "Size": ["S", "M"]}})
    assert problems(shelf, replace(shelf.items["TEE"], attributes=rules)) == ["VARIANT_LEFT_OUT"]


# --- on a line -------------------------------------------------------------------------------------------------------


def test_the_master_on_a_line_is_refused_with_its_variants(shelf: Shelf) -> None:
    for kind in (None, Purchase()):
        ctx = context(shelf, kind)
        assert refusal(lambda ctx=ctx: rows(ctx, [line(shelf.items["TEE"])])) == ["MASTER_ON_LINE"]
    with pytest.raises(Exception, match="TEE-RED-S, TEE-BLUE-M"):
        rows(context(shelf), [line(shelf.items["TEE"])])


def test_a_quantity_per_variant_becomes_a_line_each(shelf: Shelf) -> None:
    named = [("TEE-RED-S", "2"), ("TEE-BLUE-M", "1")]
    priced = rows(context(shelf), [line(shelf.items["TEE"], None, variants=named)])
    assert [(row.line.number, row.pricing.kind) for row in priced] == [
        ("1", RowKind.HEADER), ("1.1", RowKind.ROW), ("1.2", RowKind.ROW),
    ]  # fmt: skip
    assert amounts(priced) == [0, 30_00, 15_00]
    at_9 = rows(context(shelf), [line(shelf.items["TEE"], 3, variants=named, unit_price="9")])
    assert amounts(at_9) == [0, 18_00, 9_00]
    bought = rows(context(shelf, Purchase()), [line(shelf.items["TEE"], None, variants=named, unit_cost="4")])
    assert amounts(bought) == [0, 8_00, 4_00]


@pytest.mark.parametrize(
    ("quantity", "keys", "codes"),
    [
        (None, {"variants": [("TEE-RED-S", "1"), ("NONE", "1")]}, ["NOT_A_VARIANT"]),
        (2, {"variants": [("TEE-RED-S", "1")]}, ["VARIANTS_QUANTITY"]),
        (None, {"variants": []}, ["VARIANTS_QUANTITY"]),
        (None, {"variants": [("TEE-RED-S", "1")], "amount": 10_00}, ["VARIANTS_AMOUNT"]),
    ],
)
def test_refused_variants_on_a_line(shelf: Shelf, quantity: int | None, keys: dict[str, Any], codes: list[str]) -> None:
    assert refusal(lambda: rows(context(shelf), [line(shelf.items["TEE"], quantity, **keys)])) == codes


def test_a_master_that_may_be_sold_is_a_line_of_its_own() -> None:
    shelf = Shelf()
    cap = shelf.add("matrix", "CAP", price="8", attributes={"axes": {"Color": ["Red"]}, "allow_master": True})
    assert amounts(rows(context(shelf), [line(cap, 2)])) == [16_00]
    assert refusal(lambda: rows(context(shelf, Purchase()), [line(cap, 2)])) == ["MASTER_ON_LINE"]
