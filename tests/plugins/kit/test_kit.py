"""One priced line and the contents under it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plugins.builders import (
    TYPES,
    CreditNote,
    Purchase,
    Shelf,
    amounts,
    contents,
    context,
    line,
    origin_of,
    refusal,
    rows,
)
from wares import Item, scaled
from wares.documents.contents import split_price


def make_shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("stock", "CABLE", price="4", cost="1.50")
    shelf.add("stock", "GREASE", price="8.50", cost="3")
    shelf.add("service", "LABOUR", price="40", cost="25")
    shelf.add("kit", "TUNE-UP", price="59", components=[("CABLE", "2"), ("GREASE", "0.1"), ("LABOUR", "0.75")])
    shelf.add(
        "kit",
        "BUNDLE",
        attributes={"price_from_components": True},
        components=[("CABLE", "2"), ("GREASE", "0.1"), ("LABOUR", "0.75")],
    )
    return shelf


@pytest.fixture
def shelf() -> Shelf:
    return make_shelf()


def test_one_price_and_contents_for_the_whole_line(shelf: Shelf) -> None:
    priced = rows(context(shelf), [line(shelf.items["TUNE-UP"], 3)])
    assert amounts(priced) == [177_00]
    assert contents(priced) == {"CABLE": scaled(6), "GREASE": scaled("0.3"), "LABOUR": scaled("2.25")}
    assert [row.line.number for row in priced] == ["1", "1.1", "1.2", "1.3"]


def test_contents_edited_on_the_line_are_per_one_kit(shelf: Shelf) -> None:
    kit = shelf.items["TUNE-UP"]
    priced = rows(context(shelf), [line(kit, 2, components=[("CABLE", "3"), ("GREASE", "1")])])
    assert contents(priced) == {"CABLE": scaled(6), "GREASE": scaled(2)}
    assert amounts(priced) == [118_00]
    assert len(kit.contents) == 3  # the master is unchanged


@pytest.mark.parametrize(
    ("keys", "amount"),
    [
        ({}, 77_70),  # 2 × (2 × 4.00 + 0.1 × 8.50 + 0.75 × 40.00)
        ({"discount": scaled(10)}, 69_93),
        ({"unit_price": "30"}, 60_00),
        ({"amount": 12_34}, 12_34),
        ({"components": [("CABLE", "1")]}, 8_00),
    ],
)
def test_price_from_components(shelf: Shelf, keys: dict[str, Any], amount: int) -> None:
    assert amounts(rows(context(shelf), [line(shelf.items["BUNDLE"], 2, **keys)])) == [amount]


def test_sum_of_prices_is_rounded_once(shelf: Shelf) -> None:
    """Three contents at 0.335: 1.005 is 1.01; rounded one by one it would be 1.02."""
    for sku in "ABC":
        shelf.add("stock", sku, price="0.335")
    kit = shelf.add("kit", "ABC-KIT", attributes={"price_from_components": True}, components=[(sku, 1) for sku in "ABC"])
    assert amounts(rows(context(shelf), [line(kit)])) == [1_01]


def test_refusals(shelf: Shelf) -> None:
    shelf.add("kit", "OTHER", price="1", components=[("CABLE", "1")])
    shelf.add("stock", "UNPRICED")
    shelf.add("kit", "ODD", attributes={"price_from_components": True}, components=[("UNPRICED", "1")])
    shelf.add("discount", "OFF", attributes={"percent": "1"})
    kit = shelf.items["TUNE-UP"]

    def codes(components: list[tuple[str, str]]) -> list[str]:
        return refusal(lambda: rows(context(shelf), [line(kit, components=components)]))

    assert codes([("OTHER", "1")]) == ["CONTENT_TYPE"]
    assert codes([("OFF", "1")]) == ["CONTENT_TYPE"]
    assert codes([("TUNE-UP", "1")]) == ["COMPONENT_CYCLE"]
    assert codes([("NONE", "1")]) == ["UNKNOWN_ITEM"]
    assert codes([]) == ["NEEDS_CONTENTS"]
    assert refusal(lambda: rows(context(shelf), [line(shelf.items["ODD"])])) == ["NO_PRICE"]
    assert refusal(lambda: rows(context(shelf, Purchase()), [line(kit)])) == ["NOT_BOUGHT"]


def test_no_kit_inside_a_kit_but_an_assembly_may() -> None:
    allowed = TYPES["kit"].content_types
    assert "assembly" in allowed
    assert not {"kit", "group", "matrix", "charge", "discount", "markup", "subtotal"} & allowed


def test_a_credit_brings_back_the_contents_sold(shelf: Shelf) -> None:
    """The line sold other contents than the master has today; the credit brings those back, in proportion."""
    kit = shelf.items["TUNE-UP"]
    sold = rows(context(shelf), [line(kit, 3, components=[("CABLE", "1"), ("GREASE", "1")])])
    origin = origin_of(sold[0], within=sold)
    credit = rows(context(shelf, CreditNote()), [line(kit, 2, origin=origin)])
    assert contents(credit) == {"CABLE": scaled(2), "GREASE": scaled(2)}
    assert [row.line.origin.number for row in credit if row.line.origin] == ["X-1#1", "X-1#1.1", "X-1#1.2"]
    assert amounts(credit) == [118_00]
    changed = line(kit, 2, origin=origin, components=[("CABLE", "5")])
    assert refusal(lambda: rows(context(shelf, CreditNote()), [changed])) == ["CONTENTS_AS_SOLD"]


def test_an_order_may_be_delivered_with_other_contents(shelf: Shelf) -> None:
    """An unchanged content fulfils the ordered one; a new content, or more than the ordered quantity, stands alone."""
    kit = shelf.items["TUNE-UP"]
    ordered = rows(context(shelf), [line(kit, 2)])
    origin = origin_of(ordered[0], "sales_order", within=ordered)
    given = line(kit, 2, origin=origin, components=[("CABLE", "2"), ("GREASE", "5")])
    delivered = rows(context(shelf), [given])
    assert contents(delivered) == {"CABLE": scaled(4), "GREASE": scaled(10)}
    assert [row.line.origin is not None for row in delivered] == [True, True, False]


@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**8), min_size=1, max_size=6))
def test_parts_of_a_sale_sum_to_its_contents(sold: int, parts: list[int]) -> None:
    """In whatever parts a sale of `sold` kits is returned, the returned contents sum to the contents sold."""
    shelf = make_shelf()
    kit, total = shelf.items["TUNE-UP"], sum(parts)
    first = line(kit)._replace(quantity=total, base_quantity=total)
    sale = rows(context(shelf), [first])
    origin, done, back = origin_of(sale[0], within=sale), 0, dict.fromkeys(contents(sale), 0)
    for part in parts:
        taken = line(kit, origin=origin)._replace(quantity=part, base_quantity=part, done=done)
        for sku, quantity in contents(rows(context(shelf, CreditNote()), [taken])).items():
            assert quantity >= 0
            back[sku] += quantity
        done += part
    assert back == contents(sale)


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_contents_are_linear_in_quantity(one: int, other: int) -> None:
    shelf = make_shelf()

    def needed(quantity: int) -> dict[str, int]:
        return contents(rows(context(shelf), [line(shelf.items["TUNE-UP"], quantity)]))

    assert needed(one + other) == {sku: needed(one)[sku] + needed(other)[sku] for sku in needed(one)}


@pytest.mark.parametrize(
    ("cables", "grease", "kits"),
    [(scaled(10), scaled(10), scaled(5)), (scaled(9), scaled(10), scaled(4)), (scaled(10), 0, 0), (-scaled(1), 0, 0)],
)
def test_availability_is_the_least_over_the_contents(shelf: Shelf, cables: int, grease: int, kits: int) -> None:
    kit = shelf.items["TUNE-UP"]
    by_id = {content.item_id: {"CABLE": cables, "GREASE": grease}.get(content.sku) for content in kit.contents}
    assert TYPES["kit"].availability(kit, 0, by_id) == kits


def test_services_alone_do_not_limit_a_kit(shelf: Shelf) -> None:
    kit = shelf.add("kit", "WORK", price="1", components=[("LABOUR", "1")])
    assert TYPES["kit"].availability(kit, 0, {kit.contents[0].item_id: None}) is None


def test_a_content_named_twice_counts_twice(shelf: Shelf) -> None:
    kit = shelf.add("kit", "PAIR", price="1", components=[("CABLE", "1"), ("CABLE", "1")])
    assert TYPES["kit"].availability(kit, 0, {kit.contents[0].item_id: scaled(7)}) == scaled(3)


def of(shelf: Shelf, *named: tuple[str, str, bool]) -> list[tuple[Item, int, int | None]]:
    return [(shelf.items[s], scaled(q), shelf.items[s].price if priced else None) for s, q, priced in named]


def test_split_of_the_price(shelf: Shelf) -> None:
    """By prices (8.00, 30.00 → 59.00); by costs when a price is missing; by quantity when a cost is missing too."""
    assert split_price(59_00, of(shelf, ("CABLE", "2", True), ("LABOUR", "0.75", True))) == [12_42, 46_58]
    assert split_price(59_00, of(shelf, ("CABLE", "2", False), ("LABOUR", "0.75", True))) == [8_14, 50_86]
    shelf.add("stock", "GIFT")
    assert split_price(9_00, of(shelf, ("CABLE", "2", True), ("GIFT", "1", True))) == [6_00, 3_00]


@given(st.integers(-(10**9), 10**9), st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=1))
def test_the_split_sums_to_the_price(amount: int, named: list[tuple[int, int]]) -> None:
    item = make_shelf().items["CABLE"]
    assert sum(split_price(amount, [(item, quantity, price) for quantity, price in named])) == amount
