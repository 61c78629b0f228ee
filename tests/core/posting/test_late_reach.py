"""How far a late fact reaches: what nothing later took from is not folded again, and a fold ends where all is as it was.

The cost methods here are the built-in ones, and count the moves that they are asked to value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.books import sound
from wares import Books, hookimpl
from wares.costing.method import CostMethod
from wares.costing.methods import FirstInFirstOut, LastInFirstOut, MovingAverage
from wares.costing.pool import PoolState
from wares.model import FoldMove, Valued
from wares.plugin_manager.loader import load_plugins

DAYS = 20
"""Of trade: each day ten bolts come and seven go, and another three."""


class Counted(CostMethod):
    """A method that counts the moves it values."""

    title = "counted"

    def __init__(self, of: CostMethod) -> None:
        self.of = of
        vars(self).update(key=f"{of.key}_counted", layered=of.layered, newest_first=of.newest_first, by_age=of.by_age)
        self.moves = 0

    def fold(self, opening: PoolState, moves: Iterable[FoldMove]) -> Iterator[Valued]:
        for valued in self.of.fold(opening, moves):
            self.moves += 1
            yield valued


class Methods:
    """A plugin that brings them."""

    def __init__(self) -> None:
        self.methods = [Counted(method) for method in (FirstInFirstOut(), LastInFirstOut(), MovingAverage())]

    @hookimpl
    def wares_cost_methods(self) -> list[CostMethod]:
        return [*self.methods]


class Shop:
    """Books of one item, and what a late document had folded."""

    def __init__(self, books: Books, method: Counted) -> None:
        self.books = books
        self.method = method
        books.items.add("stock", sku="BOLT", name="Bolt", cost="1", cost_method=method.key)

    def receive(self, day: int, quantity: int, unit_cost: str) -> str:
        lines = [{"item": "BOLT", "quantity": quantity, "unit_cost": unit_cost}]
        return str(self.books.post("receipt", date=on(day), party="ACME", lines=lines).number)

    def sell(self, day: int, quantity: int) -> Any:
        lines = [{"item": "BOLT", "quantity": quantity, "unit_price": "9"}]
        return self.books.post("invoice", date=on(day), party="JANE", lines=lines)

    def bill(self, receipt: str, unit_cost: str) -> None:
        lines = [{"from": f"{receipt}#1", "quantity": 10, "unit_cost": unit_cost}]
        self.books.post("bill", date=on(90), party="ACME", lines=lines)

    def trade(self) -> list[str]:
        """All that comes is gone at night."""
        receipts = []
        for day in range(1, DAYS + 1):
            receipts.append(self.receive(day, 10, f"{3 + day % 4}.07"))
            self.sell(day, 7)
            self.sell(day, 3)
        return receipts

    def folded(self) -> int:
        """Moves valued since last asked."""
        count, self.method.moves = self.method.moves, 0
        return count


def on(day: int) -> str:
    return (date(2026, 1, 1) + timedelta(days=day)).isoformat()


@pytest.fixture(params=["fifo_counted", "lifo_counted", "average_counted"])
def shop(request: pytest.FixtureRequest, database: Engine, new_company: Any) -> Iterator[Shop]:
    plugin = Methods()
    books = Books(engine=database, company=new_company(database), plugins=load_plugins(extra=[plugin]))
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    yield Shop(books, next(method for method in plugin.methods if method.key == request.param))
    assert sound(books)
    assert books.verify()["ok"]


BY_AGE = pytest.mark.parametrize("shop", ["fifo_counted", "lifo_counted"], indirect=True)


@BY_AGE
def test_a_price_of_goods_that_are_all_there_is_folded_alone(shop: Shop) -> None:
    """First in, first out leaves the last receipt, last in, first out the first."""
    untouched = [shop.receive(0, 10, "2.00")]
    for day in range(1, DAYS):
        untouched.append(shop.receive(day, 10, "3.00"))
        shop.sell(day, 10)
    shop.folded()
    shop.bill(untouched[0 if shop.method.newest_first else -1], "2.50")
    assert shop.folded() == 1
    assert shop.books.stock.value("BOLT") == Decimal("25.00")


@BY_AGE
def test_a_receipt_that_no_issue_would_have_reached_is_folded_alone(shop: Shop) -> None:
    """Behind a hundred older ones with first in, first out; below a hundred newer ones with last in, first out."""
    shop.receive(0, 100, "2.00")
    shop.receive(5, 100, "3.00")
    for day in range(6, DAYS):
        shop.sell(day, 5)
    shop.folded()
    shop.receive(3 if shop.method.newest_first else 7, 10, "9.00")
    assert shop.folded() == 1
    assert shop.books.stock.on_hand("BOLT") == Decimal(140)


@BY_AGE
def test_a_receipt_that_issues_would_have_reached_goes_where_it_belongs(shop: Shop) -> None:
    """70 are sold                        10 × 2.00 + 60 × 3.00 first in, first out; 70 × 3.00 last in
    10 at 9.00 before, or among, the sales  10 of those at 3.00 remain instead
    """
    shop.receive(0, 10, "2.00")
    shop.receive(5, 100, "3.00")
    sales = [shop.sell(day, 5) for day in range(6, DAYS)]
    before = shop.books.gl.balance("5000")
    shop.folded()
    shop.receive(7 if shop.method.newest_first else 2, 10, "9.00")
    assert shop.folded() >= len(sales) - 2
    assert shop.books.gl.balance("5000") - before == Decimal("60.00")


def test_a_fold_ends_where_all_is_as_it_was(shop: Shop) -> None:
    """The receipt of the fourth day is billed dearer: its two sales cost more, and the next receipt begins anew."""
    receipts = shop.trade()
    shop.folded()
    shop.bill(receipts[3], "9.99")
    assert shop.folded() == 4
    assert shop.books.gl.balance("5000") == sum(Decimal(10) * Decimal(f"{3 + day % 4}.07") for day in range(1, DAYS + 1)) + (
        Decimal("99.90") - Decimal("30.70")
    )


def test_a_fold_that_has_ended_goes_on_for_the_next_change(shop: Shop) -> None:
    """One landed cost on two receipts: between them nothing changes, but both are reached."""
    receipts = shop.trade()
    before = shop.books.gl.balance("5000")
    shop.books.post(
        "landed_cost", date=on(90), amount="8.00", by="value", party="ACME",
        apply_to=[{"from": receipts[3]}, {"from": receipts[15]}],
    )  # fmt: skip
    assert shop.books.gl.balance("5000") - before == Decimal("8.00")


def test_what_is_counted_later_is_counted_again(shop: Shop) -> None:
    """A receipt behind the others still changes what a count found."""
    shop.receive(0, 100, "2.00")
    shop.sell(5, 10)
    shop.books.post("count", date=on(8), lines=[{"item": "BOLT", "counted": 90}])
    shop.receive(6, 10, "2.00")
    assert shop.books.stock.on_hand("BOLT") == Decimal(90)


def test_goods_that_go_back_know_what_they_cost(shop: Shop) -> None:
    """All of a receipt is there, but a return refers to it."""
    shop.receive(0, 10, "2.00")
    receipt = shop.receive(1, 10, "2.00")
    lines = [{"from": f"{receipt}#1", "quantity": 10}]
    back = shop.books.post("supplier_return", date=on(2), party="ACME", lines=lines)
    shop.books.void(back.number)
    shop.bill(receipt, "3.00")
    assert shop.books.stock.value("BOLT") == Decimal("50.00")
