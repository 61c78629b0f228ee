"""Statements, with the figures worked out by hand, at the end and in the middle of months."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.ledger.journaling import Ledger, table_of
from wares.ledger.statements import (
    balance_sheet,
    profit_loss,
    totals_before,
    totals_between,
    totals_through,
    trial_balance,
)
from wares.values import from_date


@pytest.fixture
def shop(ledger: Ledger) -> Ledger:
    """December: capital and a sale. January: 10 bought for 100.00, 6 sold for 90.00; rent. February: a late cost."""
    ledger.enter("2025-12-01", "J-1", ("1010", 100000, "bank"), ("3000", -100000, "owner_contribution"))
    ledger.enter("2025-12-30", "J-2", ("1010", 2000, "bank"), ("4000", -2000, "income"))
    ledger.enter("2026-01-05", "B-1", ("1300", 10000, "inventory"), ("2000", -10000, "payable"))
    ledger.enter("2026-01-10", "I-1", ("1200", 9000, "receivable"), ("4000", -9000, "income"))
    ledger.enter("2026-01-10", "I-1", ("5000", 6000, "cogs"), ("1300", -6000, "inventory"))
    ledger.enter("2026-01-31", "J-3", ("6000", 1500, "expense"), ("1010", -1500, "bank"))
    ledger.enter("2026-02-03", "B-2", ("5000", 1200, "cogs"), ("1300", 800, "inventory"), ("2000", -2000, "payable"))
    return ledger


def test_trial_balance(shop: Ledger) -> None:
    with shop.reader() as reader:
        rows = trial_balance(reader)
    assert table_of(rows, "account", "name", "type", "debit", "credit", "balance") == [
        ("1010", "Bank", "asset", "1020.00", "15.00", "1005.00"),
        ("1200", "Accounts receivable", "asset", "90.00", "0.00", "90.00"),
        ("1300", "Inventory", "asset", "108.00", "60.00", "48.00"),
        ("2000", "Accounts payable", "liability", "0.00", "120.00", "-120.00"),
        ("3000", "Owner's capital", "equity", "0.00", "1000.00", "-1000.00"),
        ("4000", "Sales", "income", "0.00", "110.00", "-110.00"),
        ("5000", "Cost of goods sold", "expense", "72.00", "0.00", "72.00"),
        ("6000", "Operating expenses", "expense", "15.00", "0.00", "15.00"),
    ]
    assert sum(row["debit"] for row in rows) == sum(row["credit"] for row in rows)
    assert sum(row["balance"] for row in rows) == 0


def test_trial_balance_at_a_day_within_a_month(shop: Ledger) -> None:
    with shop.reader() as reader:
        rows = trial_balance(reader, at=20260109)
    assert table_of(rows, "account", "balance") == [
        ("1010", "1020.00"),
        ("1300", "100.00"),
        ("2000", "-100.00"),
        ("3000", "-1000.00"),
        ("4000", "-20.00"),
    ]


def test_trial_balance_of_some_days_opens_with_the_balance_before(shop: Ledger) -> None:
    with shop.reader() as reader:
        rows = trial_balance(reader, since=20260110, at=20260202)
    assert table_of(rows, "account", "opening", "debit", "credit", "balance") == [
        ("1010", "1020.00", "0.00", "15.00", "1005.00"),
        ("1200", "0.00", "90.00", "0.00", "90.00"),
        ("1300", "100.00", "0.00", "60.00", "40.00"),
        ("2000", "-100.00", "0.00", "0.00", "-100.00"),
        ("3000", "-1000.00", "0.00", "0.00", "-1000.00"),
        ("4000", "-20.00", "0.00", "90.00", "-110.00"),
        ("5000", "0.00", "60.00", "0.00", "60.00"),
        ("6000", "0.00", "15.00", "0.00", "15.00"),
    ]


def test_balance_sheet_carries_results_that_no_entry_has_closed(shop: Ledger) -> None:
    with shop.reader() as reader:
        rows = balance_sheet(reader, at=20260131)
    assert table_of(rows, "section", "account", "name", "amount", "total") == [
        ("assets", "1010", "Bank", "1005.00", False),
        ("assets", "1200", "Accounts receivable", "90.00", False),
        ("assets", "1300", "Inventory", "40.00", False),
        ("assets", None, "Total assets", "1135.00", True),
        ("liabilities", "2000", "Accounts payable", "100.00", False),
        ("liabilities", None, "Total liabilities", "100.00", True),
        ("equity", "3000", "Owner's capital", "1000.00", False),
        ("equity", None, "Result of earlier years", "20.00", False),
        ("equity", None, "Result of 2026", "15.00", False),
        ("equity", None, "Total equity", "1035.00", True),
        ("liabilities_and_equity", None, "Total liabilities and equity", "1135.00", True),
    ]


def test_without_a_day_the_year_is_that_of_the_last_entry(shop: Ledger) -> None:
    with shop.reader() as reader:
        names = {row["name"]: str(row["amount"]) for row in balance_sheet(reader)}
    assert names["Result of 2026"] == "3.00"
    assert names["Total assets"] == names["Total liabilities and equity"] == "1143.00"


def test_profit_and_loss(shop: Ledger) -> None:
    with shop.reader() as reader:
        rows = profit_loss(reader, since=20260101, at=20260228)
    assert table_of(rows, "section", "account", "name", "amount", "total") == [
        ("income", "4000", "Sales", "90.00", False),
        ("income", None, "Total income", "90.00", True),
        ("cogs", "5000", "Cost of goods sold", "72.00", False),
        ("cogs", None, "Total cost of goods sold", "72.00", True),
        ("gross_profit", None, "Gross profit", "18.00", True),
        ("expenses", "6000", "Operating expenses", "15.00", False),
        ("expenses", None, "Total other expenses", "15.00", True),
        ("net_profit", None, "Net profit", "3.00", True),
    ]


def test_empty_books_have_statements(ledger: Ledger) -> None:
    with ledger.reader() as reader:
        assert trial_balance(reader) == []
        assert {str(row["amount"]) for row in balance_sheet(reader)} == {"0.00"}
        assert str(profit_loss(reader)[-1]["amount"]) == "0.00"


days = st.dates(date(2025, 12, 20), date(2026, 3, 10))
_numbers = itertools.count(1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(days, st.integers(-500, 500)), max_size=8), days, days)
def test_totals_of_any_days_are_the_postings_of_those_days(
    sqlite_ledger: Ledger, postings: list[tuple[date, int]], since: date, at: date
) -> None:
    cash, first = sqlite_ledger.account_id("1010"), from_date(since)
    with sqlite_ledger.reader() as reader:
        before = _nets(totals_before(reader, first)), _nets(totals_between(reader, first, from_date(at)))
    for day, amount in postings:
        sqlite_ledger.enter(day.isoformat(), f"J-{next(_numbers)}", ("1010", amount, "bank"), ("4000", -amount, "income"))
    with sqlite_ledger.reader() as reader:
        assert _nets(totals_before(reader, first))[cash] - before[0][cash] == sum(amount for day, amount in postings if day < since)
        if since <= at + timedelta(days=1):
            assert _nets(totals_between(reader, first, from_date(at)))[cash] - before[1][cash] == sum(
                amount for day, amount in postings if since <= day <= at
            )
        assert totals_through(reader, 20260331) == totals_through(reader, None)


def _nets(totals: dict[int, tuple[int, int]]) -> Counter[int]:
    return Counter({account_id: debit - credit for account_id, (debit, credit) in totals.items()})
