"""Absorbed costs: a type takes a cost that is not goods into the value of goods that come in, and its role is credited."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from wares import (
    Absorbed,
    Books,
    CostContext,
    CostPlan,
    Intent,
    Item,
    ItemType,
    Line,
    Location,
    PlannedMove,
    PluginError,
    absorb,
    goods_moves,
    hookimpl,
)
from wares.testing import company, plugins_with, post

INVENTORY, PAYABLE, NOT_BILLED, ABSORBED, VARIANCE = "1300", "2000", "2200", "5300", "5100"


class Welded(ItemType):
    """A type of goods: welding costs 50.00 a line, whenever goods come in at a known value."""

    key, title, tracked = "welded", "welded goods", True

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        if ctx.value is None or ctx.document.sign < 0 or line.item is None:
            return CostPlan(goods_moves(line, ctx))
        return CostPlan(goods_moves(line, ctx), (Absorbed(50_00, "build_absorption", line.item),))

    def roles(self) -> frozenset[str]:
        return super().roles() | {"build_absorption"}


class Brings:
    __name__ = "brings"

    def __init__(self, kind: ItemType) -> None:
        self.kind = kind

    @hookimpl
    def wares_item_types(self) -> list[ItemType]:
        return [self.kind]


def new_books(kind: ItemType, **item: Any) -> Books:
    books = company(plugins_with(Brings(kind)))
    books.items.add(kind.key, sku="GATE", price="100", **item)
    return books


@pytest.fixture
def books() -> Iterator[Books]:
    with_welding = new_books(Welded())
    yield with_welding
    with_welding.close()


def balances(books: Books) -> dict[str, Decimal]:
    return {row["account"]: row["balance"] for row in books.gl.trial_balance() if row["balance"]}


def sound(books: Books) -> None:
    broken = [check for check in books.verify()["checks"] if not check["ok"]]
    assert broken == []


def bill(books: Books, amount: str = "10.00", day: int = 5, quantity: int = 1, **keys: Any) -> Any:
    return post(books, "bill", date=f"2026-01-{day:02d}", lines=[{"item": "GATE", "quantity": quantity, "amount": amount}], **keys)


def test_a_bill_of_10_makes_stock_worth_60_and_credits_the_role(books: Books) -> None:
    posted = bill(books)
    assert books.stock.value("GATE") == 60
    assert {row["role"]: row["debit"] - row["credit"] for row in posted.entries} == {
        "inventory": 60, "payable": -10, "build_absorption": -50,
    }  # fmt: skip
    assert [row["item"] for row in posted.entries if row["role"] == "build_absorption"] == ["GATE"]
    assert len(posted.entries) == 3
    sound(books)


def test_its_cost_goes_with_the_goods(books: Books) -> None:
    bill(books, quantity=2)
    sale = post(books, "invoice", number="I-1", date="2026-01-09", lines=[{"item": "GATE", "quantity": 1}])
    assert (sale.cogs, books.stock.value("GATE")) == (30, 30)
    assert sum(row["cost"] for row in books.docs.explain("I-1") if not row.get("depth")) >= 30
    sound(books)


def test_a_receipt_is_billed_later_at_another_price(books: Books) -> None:
    post(books, "receipt", number="R-1", date="2026-01-05", lines=[{"item": "GATE", "quantity": 1, "unit_cost": "10"}])
    assert balances(books) == {INVENTORY: 60, NOT_BILLED: -10, ABSORBED: -50}
    post(books, "bill", date="2026-01-06", lines=[{"from": "R-1#1", "unit_cost": "12"}])
    assert balances(books) == {INVENTORY: 62, PAYABLE: -12, ABSORBED: -50}
    sound(books)


def test_a_bill_in_another_currency_absorbs_company_currency(books: Books) -> None:
    bill(books, currency="EUR", rate="1.20")
    assert balances(books) == {INVENTORY: 62, PAYABLE: -12, ABSORBED: -50}
    sound(books)


def test_a_late_bill_corrects_the_sales_after_it(books: Books) -> None:
    bill(books, "70.00", day=8)
    post(books, "invoice", date="2026-01-09", lines=[{"item": "GATE", "quantity": 1}])
    assert books.gl.balance("5000") == 120
    bill(books, "10.00", day=4)
    assert (books.gl.balance("5000"), books.stock.value("GATE")) == (90, 90)
    assert balances(books)[ABSORBED] == -100
    sound(books)


@pytest.mark.parametrize("date", [None, "2026-01-20"])
def test_a_void_takes_the_absorbed_cost_back(books: Books, date: str | None) -> None:
    bill(books, number="B-1")
    bill(books, "20.00", day=6)
    books.void("B-1", date=date)
    assert balances(books) == {INVENTORY: 70, PAYABLE: -20, ABSORBED: -50}
    sound(books)


def test_an_edit_absorbs_anew(books: Books) -> None:
    bill(books, number="B-1")
    bill(books, "30.00", revises="B-1")
    assert balances(books) == {INVENTORY: 80, PAYABLE: -30, ABSORBED: -50}
    sound(books)


def test_what_goes_back_to_the_supplier_leaves_the_absorbed_cost_as_variance(books: Books) -> None:
    bill(books, number="B-1")
    post(books, "supplier_credit", date="2026-01-09", lines=[{"from": "B-1#1"}])
    assert balances(books) == {ABSORBED: -50, VARIANCE: 50}
    sound(books)


def test_a_standard_rate_turns_it_into_variance() -> None:
    books = new_books(Welded(), cost_method="standard", cost="10")
    bill(books)
    assert balances(books) == {INVENTORY: 10, PAYABLE: -10, ABSORBED: -50, VARIANCE: 50}
    sound(books)


class AbsorbsAlways(Welded):
    """Absorbs on sales too, where no goods take the cost up."""

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        assert line.item is not None
        return CostPlan(goods_moves(line, ctx), (self.absorbed(line.item),))

    def absorbed(self, item: Item) -> Any:
        return Absorbed(50_00, "build_absorption", item)


class AbsorbsLess(AbsorbsAlways):
    def absorbed(self, item: Item) -> Any:
        return Absorbed(-1, "build_absorption", item)


class AbsorbsWithoutRole(AbsorbsAlways):
    def absorbed(self, item: Item) -> Any:
        return (50_00, None, item)


def test_only_goods_that_come_in_take_a_cost_up() -> None:
    books = new_books(AbsorbsAlways())
    bill(books)
    with pytest.raises(PluginError, match=r"brings .* returned .* from wares_cost_line; it must return a CostPlan") as caught:
        post(books, "invoice", date="2026-01-09", lines=[{"item": "GATE", "quantity": 1}])
    assert caught.value.code == "PLUGIN_RETURNED"


@pytest.mark.parametrize("kind", [AbsorbsLess(), AbsorbsWithoutRole()], ids=lambda kind: type(kind).__name__)
def test_a_cost_that_cannot_be_absorbed_is_an_answer_of_the_plugin(kind: ItemType) -> None:
    with pytest.raises(PluginError) as caught:
        bill(new_books(kind))
    assert (caught.value.code, caught.value.plugin) == ("PLUGIN_RETURNED", "brings")


# --- the split over several moves ------------------------------------------------------------------------------------


class TestAbsorb:
    item: ClassVar[Item] = Item(type="stock", sku="A", name="A")
    place: ClassVar[Location] = Location(1, "MAIN", "MAIN")

    def move(self, intent: Intent, stated: int = 0, share: int = 0, quantity: int = 1) -> PlannedMove:
        return PlannedMove(self.item, quantity, self.place, intent, stated, share=share)

    def costs(self, *amounts: int) -> list[Absorbed]:
        return [Absorbed(amount, f"role_{place}", self.item, str(place)) for place, amount in enumerate(amounts)]

    def test_outputs_take_it_by_their_shares_and_each_cost_is_credited_in_full(self) -> None:
        issue = self.move(Intent.BY_METHOD, quantity=-5)
        moves = absorb([issue, self.move(Intent.FROM_INPUTS, share=2), self.move(Intent.FROM_INPUTS, share=1)], self.costs(50, 51))
        assert [move.stated for move in moves] == [0, 67, 34]
        assert [[cost.amount for cost in move.absorbed] for move in moves] == [[], [50, 17], [34]]

    def test_goods_at_a_stated_value_take_it_by_value(self) -> None:
        moves = absorb([self.move(Intent.STATED, 3_00), self.move(Intent.STATED, 1_00)], self.costs(10))
        assert [move.stated for move in moves] == [3_08, 1_02]
        assert [move.stated for move in absorb([self.move(Intent.STATED), self.move(Intent.STATED)], self.costs(10))] == [5, 5]

    def test_without_goods_that_come_in_nothing_takes_it(self) -> None:
        with pytest.raises(ValueError, match="no move brings goods in"):
            absorb([self.move(Intent.BY_METHOD, quantity=-1)], self.costs(1))
