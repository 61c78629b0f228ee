"""Laws of item-level tracking, whatever happens in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.books import balances, dump, sound
from tests.conftest import make_company
from wares import Books, Refused
from wares_seller import views
from wares_seller.channel_import import import_file
from wares_seller.costs import add_label
from wares_seller.details import add_details, purchases
from wares_seller.matching import match, undo
from wares_seller.periodic import tax_year
from wares_seller.profit import BY, COLUMNS, profit
from wares_seller.reasons import REASONS
from wares_seller.removal import remove_stock
from wares_seller.sales import sale_lines

SKUS = ("MUG", "CUP")
DAYS = tuple(f"2026-01-{day:02d}" for day in range(1, 29))
days = st.sampled_from(DAYS)
cents = st.integers(1, 5_000).map(lambda amount: f"{Decimal(amount) / 100:.2f}")
few = st.integers(1, 4)
which = st.integers(0, 5)
skus = st.sampled_from(SKUS)
listings = st.sampled_from((*SKUS, "mug ", "unheard of"))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), days, cents),
        st.tuples(st.just("credit"), which, cents),
        st.tuples(st.just("detail"), which, skus, few, cents),
        st.tuples(st.just("edit"), which, skus, few, cents),
        st.tuples(st.just("sell"), days, listings, few, cents),
        st.tuples(st.just("return"), which, cents),
        st.tuples(st.just("label"), which, cents),
        st.tuples(st.just("cost"), skus, days, cents),
        st.tuples(st.just("match")),
        st.tuples(st.just("undo"), which),
        st.tuples(st.just("remove"), skus, few, st.sampled_from(tuple(REASONS))),
        st.tuples(st.just("void"), st.sampled_from(("cash_purchase", "purchase_details", "supplier_credit", "cash_sale")), which),
    ),
    max_size=16,
)
orders = st.lists(st.tuples(days, listings, few, cents, cents, cents), max_size=6)


@contextmanager
def shop(engine: Engine) -> Iterator[Books]:
    books = Books(engine=engine, company=make_company(engine))
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("ETSY", kinds=["customer"])
    for sku in SKUS:
        books.items.add("stock", sku=sku, name=sku.title(), cost_method="specific")
    yield books


def take(books: Books, step: tuple[Any, ...]) -> None:
    """One thing that a seller does; what the books refuse leaves them as they were."""
    kind, *said = step
    TAKES[kind](books, *said)


def buy(books: Books, day: str, amount: str) -> None:
    lines = [{"account": "1350", "amount": amount, "quantity": 9}]
    books.post("cash_purchase", date=day, account="1010", party="ACME", lines=lines)


def credit(books: Books, place: int, amount: str) -> None:
    bought = pick(purchases(books), place)
    lines = [{"from": bought.name, "quantity": 1, "amount": amount}]
    books.post("supplier_credit", date="2026-01-30", party="ACME", goods="none", lines=lines)


def detail(books: Books, place: int, sku: str, quantity: int, amount: str) -> None:
    row = {"item": sku, "quantity": quantity, "amount": amount}
    add_details(books, pick(purchases(books), place).name, [row], rematch=False)


def edit(books: Books, place: int, sku: str, quantity: int, amount: str) -> None:
    number = pick(standing(books, "purchase_details"), place)
    of = books.docs.show(number)["lines"][0]["from"]
    books.post("purchase_details", revises=number, lines=[{"from": of, "item": sku, "quantity": quantity, "amount": amount}])


def sell(books: Books, day: str, sku: str, quantity: int, amount: str) -> None:
    what = {"item": sku} if sku in SKUS else {"description": sku}
    line = {**what, "quantity": quantity, "amount": amount}
    books.post("cash_sale", date=day, account="1100", goods="later", lines=[line])


def give_back(books: Books, place: int, amount: str) -> None:
    """One unit of a sale comes back."""
    number = pick(standing(books, "cash_sale"), place)
    line = {"from": f"{number}#1", "quantity": 1, "amount": amount, "restock": True}
    key = f"channel:/{number}/{len(books.docs.list(type='credit_note'))}/refund"
    books.post("credit_note", date="2026-01-30", party="ETSY", account="1100", key=key, lines=[line])


def cost(books: Books, sku: str, day: str, amount: str) -> None:
    """A purchase of what waits, paid by the owner."""
    waiting = sum(line.waiting for page in sale_lines(books) for line in page if line.sku == sku)
    lines = [{"item": sku, "quantity": waiting // 1_000_000, "amount": amount}]
    books.post("cash_purchase", date=day, account="3000", lines=lines)


def void(books: Books, kind: str, place: int) -> None:
    books.void(pick(standing(books, kind), place))


TAKES: Mapping[str, Callable[..., Any]] = {
    "buy": buy, "credit": credit, "detail": detail, "edit": edit, "sell": sell, "return": give_back, "cost": cost, "match": match,
    "void": void,
    "label": lambda books, place, amount: add_label(books, pick(standing(books, "cash_sale"), place), amount),
    "undo": lambda books, place: undo(books, pick(standing(books, "match"), place)),
    "remove": lambda books, sku, quantity, reason: remove_stock(books, sku, str(quantity), reason=reason, date="2026-01-31"),
}  # fmt: skip


def pick(found: Sequence[Any], place: int) -> Any:
    """One of them; with none there is nothing to do."""
    if not found:
        raise Refused.because("NOTHING", "there is none")
    return found[place % len(found)]


def standing(books: Books, kind: str) -> list[str]:
    return [row["number"] for row in books.docs.list(type=kind, status="posted")]


def happened(books: Books, story: list[tuple[Any, ...]]) -> None:
    for step in story:
        try:
            take(books, step)
        except Refused:
            continue


def money_in_goods(books: Books) -> Decimal:
    """What was spent on goods: by the bank and the owner, less what suppliers credited."""

    def total(kind: str) -> Decimal:
        return sum((line["amount"] for each in standing(books, kind) for line in books.docs.show(each)["lines"]), Decimal(0))

    return total("cash_purchase") - total("supplier_credit")


def recorded(books: Books) -> dict[str, list[Any]]:
    """Every row but the list of files that were read."""
    return {table: rows for table, rows in dump(books, head=False).items() if table != "source"}


calm = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@calm
@given(steps)
def test_nothing_is_lost(sqlite_database: Engine, story: list[tuple[Any, ...]]) -> None:
    """Σ details + remaining = purchase; COGS + in stock + removed + remaining = purchases; and `verify` agrees."""
    with shop(sqlite_database) as books:
        happened(books, story)
        bought = purchases(books)
        assert all(0 <= each.remaining <= each.amount for each in bought)
        inventory, undetailed, cogs = (books.gl.balance(code) for code in ("1300", "1350", "5000"))
        removed = sum((books.gl.balance(code) for code in ("5900", "3100", "6000", "5100")), Decimal(0))
        assert undetailed == Decimal(sum(each.remaining for each in bought)) / 100
        assert cogs + inventory + removed + undetailed == money_in_goods(books)
        assert sum((row["cost"] for row in views.in_stock(books)), Decimal(0)) == inventory
        found = views.balances(books)
        assert found["balance"] == inventory + undetailed == sum((row["amount"] for row in found["rows"]), Decimal(0))
        assert all(line.matched <= line.quantity for page in sale_lines(books) for line in page)
        (figures, _, _) = tax_year(books, 2026)
        assert figures["purchases"] - figures["own_use"] - figures["removed"] - figures["cogs"] == figures["closing"]
        assert sound(books)


@calm
@given(steps)
def test_however_profit_is_looked_at_it_sums_to_the_same(sqlite_database: Engine, story: list[tuple[Any, ...]]) -> None:
    """And what it says of sales and of the cost of goods is what the ledger says."""
    with shop(sqlite_database) as books:
        happened(books, story)
        names = ("quantity", "sales", *COLUMNS, "cogs", "profit")
        sums = {by: {name: sum((row[name] for row in profit(books, by)), Decimal(0)) for name in names} for by in BY}
        assert all(found == sums["order"] for found in sums.values())
        assert sums["order"]["sales"] - sums["order"]["refunds"] == -books.gl.balance("4000")
        assert sums["order"]["labels"] == books.gl.balance("6200")
        assert sums["order"]["cogs"] == books.gl.balance("5000")


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
        for number in standing(books, "match"):
            undo(books, number)
        assert (balances(books), views.in_stock(books)) == (before, stock)
        match(books)
        assert balances(books) == after
        assert sound(books)


@calm
@given(orders, steps)
def test_a_file_imported_again_changes_nothing(
    sqlite_database: Engine, tmp_path_factory: pytest.TempPathFactory, sold: list[tuple[Any, ...]], story: list[tuple[Any, ...]]
) -> None:
    """Whatever happened since, and also in parts that overlap."""
    folder = tmp_path_factory.mktemp("files")
    rows = [f"A-{number % 4},{number},{','.join(map(str, row))}" for number, row in enumerate(sold)]

    def arrives(some: list[str]) -> Any:
        file = folder / "sales.csv"
        file.write_text("\n".join(["order,line,date,sku,quantity,amount,fee,label", *some]) + "\n", "utf-8")
        fields = ("order", "line", "date", "sku", "quantity", "amount", "fee", "label")
        return import_file(books, file, channel="fair", mapping={name: name for name in fields})

    with shop(sqlite_database) as books:
        first = arrives(rows)
        assert sum(first.posted.values()) == 3 * len(rows)
        happened(books, story)
        before = recorded(books)
        for some in (rows, rows[1:], rows[:2]):
            assert not arrives(some).posted
        assert recorded(books) == before
        assert sound(books)
