"""Items that are never counted."""

from __future__ import annotations

import pytest

from tests.plugins.builders import TYPES, Purchase, Sale, Shelf, amounts, context, line, refusal, rows
from wares import CostContext, CostPlan


@pytest.mark.parametrize("kind", [Sale(), Purchase()])
def test_neither_moves_goods(kind: Sale | Purchase) -> None:
    shelf = Shelf()
    for key in ("non_stock", "expense"):
        item = shelf.add(key, key.upper(), price="5", cost="3")
        assert TYPES[key].cost(line(item, 2), CostContext(context(shelf, kind), 6_00)) == CostPlan()


def test_an_expense_is_only_bought() -> None:
    shelf = Shelf()
    power, licence = shelf.add("expense", "POWER", cost="3"), shelf.add("non_stock", "LICENCE", price="5", cost="3")
    assert amounts(rows(context(shelf, Purchase()), [line(power, 2), line(licence, 2)])) == [6_00, 6_00]
    assert amounts(rows(context(shelf), [line(licence, 2)])) == [10_00]
    assert refusal(lambda: rows(context(shelf), [line(power)])) == ["NOT_SOLD"]


def test_a_purchase_is_an_expense() -> None:
    assert {TYPES[key].purchase_role for key in ("non_stock", "expense")} == {"expense"}
