"""Laws of item-level tracking, whatever happens in whatever order (`happenings`).

`pytest tests/plugins/seller/test_laws.py --hypothesis-profile=long` tries hundreds of stories for each.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.books import balances, dump, sound
from tests.plugins.sellers.histories import Story, cents, days, few, happened, listings, shop, standing, steps
from wares import Books
from wares_channels.file_import import import_file
from wares_profit.attribution import BY
from wares_profit.profit import COLUMNS, profit
from wares_profit.tax_year import tax_year
from wares_tracking.balances import inventory_balances
from wares_tracking.match_undo import undo_match
from wares_tracking.matching import match
from wares_tracking.on_hand import in_stock
from wares_tracking.purchases import purchases
from wares_tracking.sale_lines import sale_lines
from wares_tracking.vendor_credits import open_credits

orders = st.lists(st.tuples(days, listings, few, cents, cents, cents), max_size=6)


def money_in_goods(books: Books) -> Decimal:
    """What was spent on goods: by the bank and the owner, less what suppliers credited."""

    def total(kind: str) -> Decimal:
        return sum((line["amount"] for each in standing(books, kind) for line in books.docs.show(each)["lines"]), Decimal(0))

    return total("cash_purchase") - total("supplier_credit")


def recorded(books: Books) -> dict[str, list[Any]]:
    """Every row but the list of files that were read."""
    return {table: rows for table, rows in dump(books, head=False).items() if table != "wares_source"}


chosen = settings.default.max_examples if settings.default is not None else 0
calm = settings(
    max_examples=chosen if chosen > 100 else 15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@calm
@given(steps)
def test_nothing_is_lost(sqlite_database: Engine, story: Story) -> None:
    """Σ details + remaining = purchase; COGS + in stock + removed + remaining = purchases less what vendors credited; what they owe
    stands with them; and `verify` agrees."""
    with shop(sqlite_database) as books:
        happened(books, story)
        bought = purchases(books)
        assert all(0 <= each.remaining <= each.amount for each in bought)
        inventory, undetailed, cogs = (books.gl.balance(code) for code in ("1300", "1350", "5000"))
        removed = sum((books.gl.balance(code) for code in ("5900", "3100", "6000", "5100")), Decimal(0))
        assert undetailed == Decimal(sum(each.remaining for each in bought)) / 100
        assert cogs + inventory + removed + undetailed == money_in_goods(books)
        assert books.gl.balance("2000") == Decimal(sum(each.open for each in open_credits(books))) / 100
        assert sum((row["cost"] for row in in_stock(books)), Decimal(0)) == inventory
        found = inventory_balances(books)
        assert found["balance"] == inventory + undetailed == sum((row["amount"] for row in found["rows"]), Decimal(0))
        assert all(line.matched <= line.quantity for page in sale_lines(books) for line in page)
        (figures, _, _) = tax_year(books, 2026)
        assert figures["purchases"] - figures["own_use"] - figures["removed"] - figures["cogs"] == figures["closing"]
        assert sound(books)


@calm
@given(steps)
def test_however_profit_is_looked_at_it_sums_to_the_same(sqlite_database: Engine, story: Story) -> None:
    """And what it says of sales and of the cost of goods is what the ledger says."""
    with shop(sqlite_database) as books:
        happened(books, story)
        names = ("quantity", "sales", *COLUMNS, "cogs", "profit")
        sums = {by: {name: sum((row[name] for row in profit(books, by)), Decimal(0)) for name in names} for by in BY}
        assert all(found == sums["order"] for found in sums.values())
        assert sums["order"]["sales"] - sums["order"]["refunds"] == -books.gl.balance("4000")
        posted = {"shipping": "-4100", "tips": "-4200", "discounts": "4900", "labels": "6200", "fees": "6300", "cogs": "5000"}
        for name, account in posted.items():
            sign = -1 if account.startswith("-") else 1
            assert sums["order"][name] == sign * books.gl.balance(account.removeprefix("-")), name


@calm
@given(steps)
def test_matching_again_changes_nothing_and_undo_restores_all(sqlite_database: Engine, story: Story) -> None:
    with shop(sqlite_database) as books:
        happened(books, [step for step in story if step[0] not in ("match", "undo", "cost")])
        before, stock = balances(books), in_stock(books)
        match(books)
        after = balances(books)
        assert match(books).count == 0
        assert balances(books) == after
        for number in standing(books, "match"):
            undo_match(books, number)
        assert (balances(books), in_stock(books)) == (before, stock)
        match(books)
        assert balances(books) == after
        assert sound(books)


@calm
@given(orders, steps)
def test_a_file_imported_again_changes_nothing(
    sqlite_database: Engine, tmp_path_factory: pytest.TempPathFactory, sold: list[tuple[Any, ...]], story: Story
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
