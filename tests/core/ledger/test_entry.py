"""Composing entries: balanced, summed by what they are about, nothing lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.ledger.journaling import Ledger
from wares.errors import PluginError
from wares.ledger.entry import EntryLeg, compose, flush_periods, period_deltas, posting_rows
from wares.storage import tables

amounts = st.integers(-10_000, 10_000)
legs = st.lists(
    st.tuples(
        st.integers(1, 4), amounts, st.sampled_from(["cogs", "inventory"]), st.sampled_from([None, 1, 2]),
        st.sampled_from([None, 9]), st.none(), st.sampled_from([None, "note"]),
    ),
    max_size=14,
)  # fmt: skip


def test_legs_of_one_account_line_and_item_become_one_posting() -> None:
    entry = compose(
        [
            EntryLeg(1, 600, "cogs", line_id=5, item_id=7),
            EntryLeg(2, -600, "inventory", line_id=5, item_id=7),
            EntryLeg(1, 400, "cogs", line_id=5, item_id=7),
            EntryLeg(2, -400, "inventory", line_id=6, item_id=7),
            EntryLeg(3, 50, "expense"),
            EntryLeg(3, -50, "expense"),
        ],
        currency="USD",
        document_type="delivery",
    )
    assert [(leg.account_id, leg.amount, leg.line_id, leg.currency, leg.currency_amount) for leg in entry] == [
        (1, 1000, 5, "USD", 1000),
        (2, -600, 5, "USD", -600),
        (2, -400, 6, "USD", -400),
    ]


def test_amounts_in_another_currency_are_kept_beside() -> None:
    entry = compose(
        [
            EntryLeg(1, 1100, "receivable", party_id=3, currency="EUR", currency_amount=1000),
            EntryLeg(2, -1099, "income", currency="EUR", currency_amount=-1000),
            EntryLeg(4, -1, "rounding"),
            EntryLeg(5, 0, "income", currency="EUR", currency_amount=3),
            EntryLeg(6, 0, "income", currency="USD", currency_amount=0),
        ],
        currency="USD",
        document_type="invoice",
    )
    assert [(leg.account_id, leg.amount, leg.currency, leg.currency_amount) for leg in entry] == [
        (1, 1100, "EUR", 1000),
        (2, -1099, "EUR", -1000),
        (4, -1, "USD", -1),
        (5, 0, "EUR", 3),
    ]


def test_what_does_not_balance_is_a_fault_of_the_type() -> None:
    with pytest.raises(PluginError) as error:
        compose([EntryLeg(1, 100, "cogs"), EntryLeg(2, -99, "inventory")], currency="USD", document_type="rental")
    assert error.value.code == "UNBALANCED"
    assert "rental" in error.value.message


@given(legs)
def test_an_entry_balances_and_keeps_every_sum(given_legs: list[tuple[Any, ...]]) -> None:
    rest = -sum(leg[1] for leg in given_legs)
    whole = [*(EntryLeg(*leg) for leg in given_legs), EntryLeg(99, rest, "rounding")]
    entry = compose(whole, currency="USD", document_type="journal")
    assert sum(leg.amount for leg in entry) == 0
    assert all(leg.amount for leg in entry)
    wanted: Counter[tuple[Any, ...]] = Counter()
    for leg in whole:
        wanted[leg[:1] + leg[2:7]] += leg[1]
    kept = {(leg.account_id, *leg[2:7]): leg.amount for leg in entry}
    assert kept == {key: amount for key, amount in wanted.items() if amount}
    assert len(kept) == len(entry)


def test_rows_stand_in_the_order_of_the_columns() -> None:
    [leg] = compose([EntryLeg(4, 0, "income", 6, 7, 8, "note", "EUR", 3)], currency="USD", document_type="journal")
    [row] = posting_rows(1, 2, 20260131, [leg])
    assert dict(zip(tables.posting.columns.keys(), row, strict=True)) == {
        "company_id": 1, "entry_id": 2, "position": 1, "account_id": 4, "date": 20260131, "role": "income", "amount": 0,
        "currency": "EUR", "currency_amount": 3, "item_id": 7, "party_id": 8, "line_id": 6, "memo": "note",
    }  # fmt: skip


def test_period_totals_grow_by_what_is_posted(ledger: Ledger) -> None:
    cash, sales = ledger.account_id("1010"), ledger.account_id("4000")
    for day, amount in ((20260131, 700), (20260131, -200), (20260201, 50)):
        entry = compose([EntryLeg(cash, amount, "bank"), EntryLeg(sales, -amount, "income")], currency="USD", document_type="x")
        with ledger.unit() as unit:
            flush_periods(unit, period_deltas(posting_rows(unit.company_id, 1, day, entry)))
    with ledger.reader() as reader:
        rows = reader.rows("SELECT account_id, period, debit, credit FROM wares_period_total WHERE company_id = ?")
    assert sorted(rows) == [
        (cash, 202601, 700, 200),
        (cash, 202602, 50, 0),
        (sales, 202601, 200, 700),
        (sales, 202602, 0, 50),
    ]
