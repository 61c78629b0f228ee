"""Services: hours at a rate."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.builders import (
    CreditNote,
    Purchase,
    Shelf,
    amounts,
    context,
    line,
    origin_of,
    problems,
    refusal,
    rows,
)


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("service", "REPAIR", price="60", cost="35", attributes={"increment": "0.25", "minimum": "0.5"})
    shelf.add("service", "TALK", price="90")
    return shelf


@pytest.mark.parametrize(
    ("hours", "codes"),
    [
        ("0.5", []),
        ("1.25", []),
        ("0.25", ["BELOW_MINIMUM"]),
        ("0.6", ["NOT_AN_INCREMENT"]),
        ("1.1", ["NOT_AN_INCREMENT"]),
    ],
)
def test_increment_and_minimum(shelf: Shelf, hours: str, codes: list[str]) -> None:
    assert refusal(lambda: rows(context(shelf), [line(shelf.items["REPAIR"], hours)])) == codes


def test_hours_times_rate(shelf: Shelf) -> None:
    assert amounts(rows(context(shelf), [line(shelf.items["REPAIR"], "1.75")])) == [105_00]
    assert amounts(rows(context(shelf, Purchase()), [line(shelf.items["REPAIR"], "1.75")])) == [61_25]
    assert amounts(rows(context(shelf), [line(shelf.items["TALK"], "0.1")])) == [9_00]


def test_any_part_of_the_hours_may_be_credited(shelf: Shelf) -> None:
    sold = rows(context(shelf), [line(shelf.items["REPAIR"], 2)])
    back = line(shelf.items["REPAIR"], "0.1", origin=origin_of(sold[0]))
    assert amounts(rows(context(shelf, CreditNote()), [back])) == [6_00]


@pytest.mark.parametrize(
    ("attributes", "codes"),
    [
        ({}, []),
        ({"increment": "0.25"}, []),
        ({"increment": "0"}, ["BAD_HOURS"]),
        ({"minimum": "-1", "increment": "0.0000001"}, ["BAD_HOURS", "BAD_HOURS"]),
    ],
)
def test_rules_of_the_item(shelf: Shelf, attributes: dict[str, Any], codes: list[str]) -> None:
    assert problems(shelf, shelf.add("service", "NEW", attributes=attributes)) == codes
