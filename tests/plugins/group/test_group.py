"""A group becomes its members' lines."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.builders import Purchase, Shelf, amounts, context, line, lines, refusal, rows
from wares import RowKind, scaled


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("stock", "TEE", price="15", cost="4")
    shelf.add("stock", "MUG", price="8", cost="2.50")
    shelf.add("discount", "TENOFF", attributes={"percent": "10"})
    shelf.add("discount", "ONEOFF", attributes={"amount": "1.00"})
    shelf.add("kit", "KIT", price="20", components=[("TEE", "1"), ("MUG", "2")])
    shelf.add("group", "OWN", components=[("TEE", "2", "9"), ("MUG", "1")])
    shelf.add("group", "LOW", components=[("TEE", "2", "9"), ("MUG", "1")], attributes={"use_group_prices": True})
    shelf.add("group", "ALL", components=[("OWN", "2"), ("KIT", "1"), ("TENOFF", "1")])
    return shelf


def test_members_at_their_own_or_the_groups_prices(shelf: Shelf) -> None:
    assert amounts(rows(context(shelf), [line(shelf.items["OWN"])])) == [0, 30_00, 8_00]
    assert amounts(rows(context(shelf), [line(shelf.items["LOW"], 3)])) == [0, 54_00, 24_00]
    assert amounts(rows(context(shelf, Purchase()), [line(shelf.items["LOW"])])) == [0, 8_00, 2_50]


def test_groups_hold_groups_kits_and_calculations(shelf: Shelf) -> None:
    priced = rows(context(shelf), [line(shelf.items["ALL"], 2)])
    assert [(row.line.number, row.line.item.sku, row.line.quantity) for row in priced if row.line.item] == [
        ("1", "ALL", scaled(2)),
        ("1.1", "OWN", scaled(4)),
        ("1.1.1", "TEE", scaled(8)),
        ("1.1.2", "MUG", scaled(4)),
        ("1.2", "KIT", scaled(2)),
        ("1.2.1", "TEE", scaled(2)),
        ("1.2.2", "MUG", scaled(4)),
        ("1.3", "TENOFF", scaled(2)),
    ]
    assert [row.pricing.kind for row in priced if row.pricing.kind == RowKind.HEADER] == [RowKind.HEADER] * 2
    assert amounts(priced) == [0, 0, 120_00, 32_00, 40_00, -4_00]  # ten percent once, of the kit's row


def test_a_fixed_calculation_counts_with_the_group(shelf: Shelf) -> None:
    group = shelf.add("group", "EACH", components=[("TEE", "1"), ("ONEOFF", "1")])
    assert amounts(rows(context(shelf), [line(group, 5)])) == [0, 75_00, -5_00]


def test_the_discount_of_a_group_line_applies_to_its_members(shelf: Shelf) -> None:
    group = shelf.add("group", "SALE", components=[("TEE", "1"), ("TENOFF", "1")])
    assert amounts(rows(context(shelf), [line(group, 2, discount=scaled(50))])) == [0, 15_00, -1_50]


def test_a_calculation_after_a_group_acts_on_its_last_row(shelf: Shelf) -> None:
    given = lines(line(shelf.items["OWN"]), line(shelf.items["TENOFF"], None))
    assert amounts(rows(context(shelf), given)) == [0, 30_00, 8_00, -80]


@pytest.mark.parametrize("keys", [{"amount": 10_00}, {"unit_price": "5"}])
def test_a_group_has_no_price(shelf: Shelf, keys: dict[str, Any]) -> None:
    assert refusal(lambda: rows(context(shelf), [line(shelf.items["OWN"], 1, **keys)])) == ["GROUP_PRICE"]
