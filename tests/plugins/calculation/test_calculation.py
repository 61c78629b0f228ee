"""Rows that act on the row above: golden figures, bases, directions, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plugins.builders import CreditNote, Purchase, Shelf, amounts, context, line, lines, problems, refusal, rows
from wares import Context, RowKind, scaled
from wares_calculation.types import amount_on


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("stock", "FRAME", price="100", cost="60")
    shelf.add("stock", "BELL", price="50", cost="20")
    shelf.add("discount", "TENOFF", attributes={"percent": "10"})
    shelf.add("discount", "FIVEOFF", attributes={"amount": "5.00"})
    shelf.add("markup", "PLUS5", attributes={"percent": "5"})
    shelf.add("charge", "FREIGHT", attributes={})
    shelf.add("charge", "PACKING", attributes={"amount": "2.50"})
    shelf.add("charge", "DUTY", attributes={"percent": "4", "into_cost": True})
    shelf.add("charge", "REBATE", attributes={"percent": "-10", "into_cost": True})
    shelf.add("charge", "LESS", attributes={"reduces": True, "into_cost": True})
    shelf.add("subtotal", "SUB")
    return shelf


def sheet(shelf: Shelf, skus: str, ctx: Context | None = None) -> list[int]:
    """Return the amounts of a document of these rows, each once, in minor units (100 = 1.00)."""
    return amounts(rows(ctx or context(shelf), lines(*(line(shelf.items[sku], None) for sku in skus.split()))))


@pytest.mark.parametrize(
    ("skus", "expected"),
    [
        ("FRAME TENOFF PLUS5", [100_00, -10_00, 4_50]),  # running net: 94.50
        ("FRAME TENOFF TENOFF", [100_00, -10_00, -9_00]),
        ("FRAME FIVEOFF", [100_00, -5_00]),
        ("FRAME BELL TENOFF", [100_00, 50_00, -5_00]),  # the row above, not the document
        ("FRAME BELL SUB TENOFF", [100_00, 50_00, 0, -15_00]),
        ("FRAME SUB TENOFF BELL SUB TENOFF", [100_00, 0, -10_00, 50_00, 0, -5_00]),  # the second acts on 50
        ("FRAME PACKING", [100_00, 2_50]),
    ],
)
def test_amounts(shelf: Shelf, skus: str, expected: list[int]) -> None:
    assert sheet(shelf, skus) == expected


def test_original_base(shelf: Shelf) -> None:
    """Setting `original`: each percentage is of the row itself, 100 − 10 + 5 = 95.00."""
    original = context(shelf, calculation_base="original")
    assert sheet(shelf, "FRAME TENOFF PLUS5", original) == [100_00, -10_00, 5_00]


def test_a_change_of_the_row_above_recomputes(shelf: Shelf) -> None:
    given = lines(line(shelf.items["FRAME"], 3, unit_price="9.99"), line(shelf.items["TENOFF"], None))
    assert amounts(rows(context(shelf), given)) == [29_97, -3_00]


def test_a_fixed_amount_is_per_unit_of_its_own_quantity(shelf: Shelf) -> None:
    given = lines(line(shelf.items["FRAME"], 2), line(shelf.items["FIVEOFF"], 3), line(shelf.items["PACKING"], "0.5"))
    assert amounts(rows(context(shelf), given)) == [200_00, -15_00, 1_25]


def test_subtotal_shows_the_sum_and_adds_nothing(shelf: Shelf) -> None:
    given = lines(*(line(shelf.items[sku], None) for sku in ["FRAME", "BELL", "SUB"]))
    *_, row = rows(context(shelf), given)
    assert (row.pricing.kind, row.pricing.amount, row.pricing.unit_price) == (RowKind.SUBTOTAL, 0, scaled(150))


@pytest.mark.parametrize("sku", ["TENOFF", "FIVEOFF", "PLUS5", "FREIGHT", "SUB"])
def test_first_row_is_refused(shelf: Shelf, sku: str) -> None:
    assert refusal(lambda: sheet(shelf, sku)) == ["FIRST_ROW"]


@pytest.mark.parametrize(
    ("sku", "quantity", "keys", "codes"),
    [
        ("TENOFF", 1, {}, []),
        ("TENOFF", 2, {}, ["PERCENT_QUANTITY"]),
        ("TENOFF", None, {"unit_price": "3"}, ["PERCENT_PRICE"]),
        ("FIVEOFF", 2, {}, []),
        ("PACKING", 1, {"discount": scaled(10)}, ["DISCOUNT_ON_CALCULATION"]),
        ("FREIGHT", None, {}, ["NO_PRICE"]),
    ],
)
def test_rules_of_a_line(shelf: Shelf, sku: str, quantity: int | None, keys: dict[str, Any], codes: list[str]) -> None:
    given = lines(line(shelf.items["FRAME"]), line(shelf.items[sku], quantity, **keys))
    assert refusal(lambda: rows(context(shelf), given)) == codes


def test_the_line_may_give_the_amount(shelf: Shelf) -> None:
    """Freight differs by document; an exact amount on the line takes precedence over a percentage."""
    given = lines(
        line(shelf.items["FRAME"]),
        line(shelf.items["FREIGHT"], None, amount=12_34),
        line(shelf.items["FREIGHT"], 2, unit_price="3.10"),
        line(shelf.items["TENOFF"], None, amount=9_99),
        line(shelf.items["PACKING"], 4, unit_price="3"),
    )
    assert amounts(rows(context(shelf), given)) == [100_00, 12_34, 6_20, -9_99, 12_00]


def test_purchases(shelf: Shelf) -> None:
    """Charges may be bought: duty, a rebate and a total discount go into cost. Discounts and markups are for sales."""
    bill = context(shelf, Purchase())
    given = lines(
        line(shelf.items["FRAME"], 10),
        line(shelf.items["DUTY"], None),
        line(shelf.items["REBATE"], None),
        line(shelf.items["LESS"], None, amount=7_00),
        line(shelf.items["FREIGHT"], None, unit_cost="30"),
    )
    priced = rows(bill, given)
    assert amounts(priced) == [600_00, 24_00, -62_40, -7_00, 30_00]
    assert [row.pricing.into_cost for row in priced] == [False, True, True, True, False]
    for sku in ("TENOFF", "PLUS5"):
        assert refusal(lambda sku=sku: sheet(shelf, f"FRAME {sku}", bill)) == ["NOT_BOUGHT"]


def test_into_cost_has_no_effect_on_a_sale(shelf: Shelf) -> None:
    given = lines(line(shelf.items["FRAME"]), line(shelf.items["DUTY"], None))
    assert [row.pricing.into_cost for row in rows(context(shelf), given)] == [False, False]


def test_roles(shelf: Shelf) -> None:
    from tests.plugins.builders import TYPES

    assert {key: TYPES[key].sale_role for key in ("discount", "markup", "charge")} == {
        "discount": "discount",
        "markup": "income",
        "charge": "income",
    }


@pytest.mark.parametrize(
    ("kind", "attributes", "codes"),
    [
        ("discount", {"percent": "10"}, []),
        ("discount", {"amount": "5.00"}, []),
        ("discount", {"percent": "10", "amount": "5"}, ["BAD_CALCULATION"]),
        ("discount", {}, ["BAD_CALCULATION"]),
        ("discount", {"percent": "-10"}, ["BAD_CALCULATION"]),
        ("discount", {"percent": "0"}, ["BAD_CALCULATION"]),
        ("discount", {"percent": "100.5"}, ["BAD_CALCULATION"]),
        ("discount", {"amount": "0.0000001"}, ["BAD_CALCULATION"]),
        ("markup", {}, ["BAD_CALCULATION"]),
        ("markup", {"percent": "150"}, []),
        ("charge", {}, []),
        ("charge", {"percent": "-10"}, []),
        ("charge", {"percent": "1", "amount": "1"}, ["BAD_CALCULATION"]),
    ],
)
def test_rules_of_the_item(shelf: Shelf, kind: str, attributes: dict[str, str], codes: list[str]) -> None:
    assert problems(shelf, shelf.add(kind, "NEW", attributes=attributes)) == codes


def test_a_credit_takes_no_base_from_above(shelf: Shelf) -> None:
    """A calculation without an origin on a credit note acts on the row above it, as on any sale."""
    assert sheet(shelf, "FRAME TENOFF", context(shelf, CreditNote())) == [100_00, -10_00]


@given(st.integers(-(10**12), 10**12), st.integers(0, 100_000_000))
def test_a_percentage_is_off_by_at_most_half_a_cent(base: int, percent: int) -> None:
    assert abs(amount_on(base, percent) * 100_000_000 - base * percent) * 2 <= 100_000_000
    assert amount_on(-base, percent) == -amount_on(base, percent)
