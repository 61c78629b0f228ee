"""Laws of item-level tracking, whatever happens in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.books import balances, sound
from tests.conftest import make_company
from wares import Books, Refused
from wares_seller import views
from wares_seller.costs import remove_stock
from wares_seller.details import add_details, purchases
from wares_seller.matching import match, undo
from wares_seller.sales import sale_lines

SKUS = ("MUG", "CUP")
days = st.integers(1, 28).map(lambda day: f"2026-01-{day:02d}")
cents = st.integers(1, 5_000).map(lambda amount: f"{Decimal(amount) / 100:.2f}")
few = st.integers(1, 4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), days, cents),
        st.tuples(st.just("detail"), st.integers(0, 5), st.sampled_from(SKUS), few, cents),
        st.tuples(st.just("sell"), days, st.sampled_from((*SKUS, "mug ", "unheard of")), few, cents),
        st.tuples(st.just("match")),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.just("remove"), st.sampled_from(SKUS), few),
    ),
    max_size=14,
)


@contextmanager
def shop(engine: Engine) -> Iterator[Books]:
    books = Books(engine=engine, company=make_company(engine))
    for sku in SKUS:
        books.items.add("stock", sku=sku, name=sku.title(), cost_method="specific")
    yield books


def take(books: Books, step: tuple[Any, ...]) -> None:
    """One thing that a seller does; what the books refuse leaves them as they were."""
    kind, *said = step
    if kind == "buy":
        lines = [{"account": "1350", "amount": said[1]}]
        books.post("cash_purchase", date=said[0], account="1010", lines=lines)
    elif kind == "detail":
        bought = purchases(books)
        if bought:
            row = {"item": said[1], "quantity": said[2], "amount": said[3]}
            add_details(books, bought[said[0] % len(bought)].name, [row], rematch=False)
    elif kind == "sell":
        what = {"item": said[1]} if said[1] in SKUS else {"description": said[1]}
        line = {**what, "quantity": said[2], "amount": said[3]}
        books.post("cash_sale", date=said[0], account="1100", goods="later", lines=[line])
    elif kind == "match":
        match(books)
    elif kind == "undo":
        matches = standing(books)
        if matches:
            undo(books, matches[said[0] % len(matches)])
    else:
        remove_stock(books, said[0], str(said[1]), date="2026-01-31")


def standing(books: Books) -> list[str]:
    return [row["number"] for row in books.docs.list() if row["type"] == "match" and row["status"] == "posted"]


def happened(books: Books, story: list[tuple[Any, ...]]) -> None:
    for step in story:
        try:
            take(books, step)
        except Refused:
            continue


calm = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@calm
@given(steps)
def test_nothing_is_lost(sqlite_database: Engine, story: list[tuple[Any, ...]]) -> None:
    """Σ details + remaining = purchase; COGS + in stock + removed + remaining = purchases; and `verify` agrees."""
    with shop(sqlite_database) as books:
        happened(books, story)
        bought = purchases(books)
        assert all(0 <= each.remaining <= each.amount for each in bought)
        inventory, undetailed, cogs, removed = (books.gl.balance(code) for code in ("1300", "1350", "5000", "5900"))
        assert undetailed == Decimal(sum(each.remaining for each in bought)) / 100
        assert cogs + inventory + removed + undetailed == Decimal(sum(each.amount for each in bought)) / 100
        assert sum((row["cost"] for row in views.in_stock(books)), Decimal(0)) == inventory
        found = views.balances(books)
        assert found["balance"] == inventory + undetailed == sum((row["amount"] for row in found["rows"]), Decimal(0))
        assert all(line.matched <= line.quantity for page in sale_lines(books) for line in page)
        assert sound(books)


@calm
@given(steps)
def test_matching_again_changes_nothing_and_undo_restores_all(sqlite_database: Engine, story: list[tuple[Any, ...]]) -> None:
    with shop(sqlite_database) as books:
        happened(books, [step for step in story if step[0] not in ("match", "undo")])
        before, stock = balances(books), views.in_stock(books)
        match(books)
        after = balances(books)
        assert match(books).count == 0
        assert balances(books) == after
        for number in standing(books):
            undo(books, number)
        assert (balances(books), views.in_stock(books)) == (before, stock)
        match(books)
        assert balances(books) == after
        assert sound(books)
