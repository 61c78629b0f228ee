"""The pytest plugin: its fixtures, a contract's choice of tests, and the start of pytest without loading Wares."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

import wares_calculation
import wares_nonstock
import wares_stock
from wares import Books
from wares.testing import Clock, ItemTypeContract
from wares_calculation.types import Discount
from wares_nonstock import Expense
from wares_stock import Stock


def test_items_and_documents_get_defaults(books: Books, make_item: Callable[..., str], post: Callable[..., Any]) -> None:
    bolt = make_item("stock", price="0.35")
    post("bill", lines=[{"item": bolt, "quantity": 10, "unit_cost": "0.08"}])
    sale = post("invoice", lines=[{"item": bolt, "quantity": 4}])
    assert (str(sale.total), str(sale.cogs), sale.party) == ("1.40", "0.32", "CUSTOMER")
    assert books.stock.on_hand(bolt) == 6


def test_the_clock_gives_the_date(books: Books, clock: Clock, make_item: Callable[..., str], post: Callable[..., Any]) -> None:
    clock.set("2026-03-01T09:30")
    bolt = make_item("stock", "BOLT")
    first = post("bill", lines=[{"item": bolt, "quantity": 1}])
    clock.move(days=30)
    second = post("bill", lines=[{"item": bolt, "quantity": 1}])
    assert (first.date, second.date) == ("2026-03-01", "2026-03-31")
    assert books.docs.show(first.number)["recorded_at"] == "2026-03-01T09:30:00Z"


def test_session_of_a_host(session: Session) -> None:
    books = Books(session)
    books.items.add("stock", sku="BOLT")
    with session.begin_nested() as savepoint:
        books.items.add("stock", sku="NUT")
        savepoint.rollback()
    assert [row[0] for row in books.reading(lambda reader, _: reader.rows("SELECT sku FROM wares_item WHERE company_id = ?"))] == [
        "BOLT"
    ]


def laws_of(contract: type) -> set[str]:
    return {name for name in dir(contract) if name.startswith("test_") and getattr(contract, name) is not None}


def contract(plugin: object, item_type: object, **body: Any) -> type:
    return type("TestIt", (ItemTypeContract,), {"plugin": plugin, "item_type": item_type, "example": {"sku": "IT"}, **body})


def test_the_facts_of_a_type_choose_its_tests() -> None:
    stock, expense = laws_of(contract(wares_stock, Stock())), laws_of(contract(wares_nonstock, Expense()))
    assert stock - expense == {"test_no_cost_is_created_or_lost", "test_parts_sum_to_the_whole", "test_absorbed_cost_is_posted"}
    assert "test_expansion_is_linear" not in laws_of(contract(wares_calculation, Discount()))
    assert len(expense) >= 12


def test_a_known_gap_is_a_strict_xfail() -> None:
    gapped = contract(wares_stock, Stock(), gaps={"test_behaviour_is_pure": "not yet"})
    (mark,) = gapped.test_behaviour_is_pure.pytestmark  # type: ignore[attr-defined]  # pytest's own
    assert (mark.name, mark.kwargs) == ("xfail", {"reason": "not yet", "strict": True})
    assert not hasattr(ItemTypeContract.test_behaviour_is_pure, "pytestmark")
    with pytest.raises(TypeError, match="test_nothing"):
        contract(wares_stock, Stock(), gaps={"test_nothing": "misspelt"})


def test_pytest_starts_without_loading_wares() -> None:
    heavy = "('sqlalchemy', 'pydantic')"
    code = f"import sys, wares.testing.plugin; print([name for name in sys.modules if name.split('.')[0] in {heavy}])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
