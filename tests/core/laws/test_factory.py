"""Laws that hold for any history of the factory, in whichever order it is entered.

`pytest tests/core/laws/test_factory.py --hypothesis-profile=long -n 2` tries thousands of histories, for half an hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.core.laws.factory import ALL, DAY, EXCHANGE, INVENTORY, RECEIVABLE, SALES, Event, History, date_of, events, factory
from tests.core.laws.histories import LONG, QUICK, law
from tests.core.laws.looks import balances, everything, layers, problems, stock, values
from wares import Books, Refused

Factory = Callable[..., Books]
Options = dict[str, str]

OPTIONS = st.sampled_from([
    {}, {"negative_stock": "provisional"}, {"negative_stock": "pending"}, {"cogs_at": "invoice"},
    {"cogs_at": "invoice", "negative_stock": "provisional"}, {"cost_scope": "location"},
    {"cost_scope": "location", "negative_stock": "provisional"}, {"cost_scope": "location", "negative_stock": "pending"},
])  # fmt: skip


def tried(times: int) -> settings:
    """So many histories in every run; the profile `long` tries as many as for the other laws."""
    chosen = law()
    return chosen if chosen.max_examples == LONG.max_examples else settings(QUICK, max_examples=times)


def entered(books: Books, history: list[Event], *, orderly: bool = False) -> History:
    record = History(books, orderly=orderly)
    for event in history:
        record.enter(event)
    return record


@tried(15)
@given(options=OPTIONS, history=events(max_size=14, kinds=(*ALL, "close")))
def test_the_books_are_sound(new_factory: Factory, options: Options, history: list[Event]) -> None:
    """Whatever is entered, backdated, edited or taken back, with periods closed in between: `verify` finds nothing at any step."""
    books = new_factory(**options)
    record = History(books)
    for event in history:
        before = dict(record.standing)
        record.enter(event)
        if record.standing != before:
            assert problems(books) == []


@tried(20)
@given(options=OPTIONS, history=events(max_size=14))
def test_the_order_of_entering_does_not_matter(new_factory: Factory, options: Options, history: list[Event]) -> None:
    """The same facts entered in effective order, without what was taken back, give the same stock, layers and accounts.

    Left out (`History.orderly`) is only what a document says of others, measured against what stands when it is recorded, and
    keeps for good: whether units that go back are billed, what is still open when a line is closed, what freight by value falls
    on, and the odd cent where one of several that clear parts of the same origin at its price is taken back. A refusal on the way
    is no exception: what only a later fact makes possible is entered again after the rest. A change to the method that is there
    already is refused, and changes nothing where it stands.
    """
    books, in_order = new_factory(**options), new_factory(**options)
    record, other = entered(books, history, orderly=True), History(in_order, orderly=True)
    refused = refused_in_order(record, other)
    assert [outcome for outcome in refused if "SAME_METHOD" not in outcome] == []
    assert (values(books), stock(books)) == (values(in_order), stock(in_order))
    assert layers(books) == layers(in_order)
    assert balances(books) == balances(in_order)


def refused_in_order(record: History, other: History) -> list[str]:
    """Enter in effective order what stands in `record`; what stays refused. What only a later fact makes possible (before its bill
    stock may not be worth so much that a revaluation could take that off) is entered again after the rest."""
    waiting, outcomes = record.in_effective_order(), [""]
    while waiting and any("refused" not in outcome for outcome in outcomes):
        outcomes = [other.replay(each) for each in waiting]
        waiting = [each for each, outcome in zip(waiting, outcomes, strict=True) if "refused" in outcome]
    return [outcome for outcome in outcomes if "refused" in outcome]


@tried(20)
@given(options=OPTIONS, history=events(max_size=14), closed=st.integers(0, 150).map(DAY.__mul__))
def test_a_closed_period_moves_corrections_not_totals(
    new_factory: Factory, options: Options, history: list[Event], closed: int
) -> None:
    """First what is before a day, then its close, then the rest: the same as with no close, but for the days of the corrections.

    Only totals are compared: under a close the corrections stand on the first open day, wherever they stood without it.
    """
    books, open_books = new_factory(**options), new_factory(**options)
    first = [event for event in history if event.at <= closed]
    record, other = entered(books, first, orderly=True), entered(open_books, first, orderly=True)
    before = balances_at(books, closed)
    record.enter(Event("close", "RIM", 1, 0, closed, 0))
    record.follow = other.follow = False  # not into what is closed
    for event in history:
        if event.at > closed and event.kind not in ("void", "edit"):
            record.enter(event)
            other.enter(event)
    assert balances_at(books, closed) == before
    assert (values(books), stock(books), layers(books)) == (values(open_books), stock(open_books), layers(open_books))
    assert balances(books) == balances(open_books)
    assert problems(books) == []


def balances_at(books: Books, at: int) -> dict[str, str]:
    day = date_of(at).isoformat()[:10]
    return {row["account"]: str(row["balance"]) for row in books.gl.trial_balance(at=day) if row["balance"]}


@tried(20)
@given(options=OPTIONS, history=events(max_size=14, kinds=(*ALL, "close")))
def test_nothing_is_made_and_nothing_lost(new_factory: Factory, options: Options, history: list[Event]) -> None:
    """Sales stand against their money alone, and what that was worth more or less when it came: all that was paid for goods is in
    stock, in cost of sales or in a variance."""
    books = new_factory(**options)
    entered(books, history)
    held = balances(books)
    assert sum(Decimal(held.get(account, "0")) for account in SALES) + exchanged_in_sales(books) == 0
    assert sum(Decimal(held.get(account, "0")) for account in INVENTORY) == books.stock.value()


def exchanged_in_sales(books: Books) -> Decimal:
    """The exchange differences of entries that move receivables."""
    entries: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in books.gl.entries():
        entries[row["entry"]][row["account"]] += row["debit"] - row["credit"]
    return sum((each[EXCHANGE] for each in entries.values() if RECEIVABLE in each), Decimal(0))


@tried(20)
@given(options=OPTIONS, history=events(max_size=12))
def test_taking_everything_back_leaves_nothing(new_factory: Factory, options: Options, history: list[Event]) -> None:
    books = new_factory(**options)
    record = entered(books, [event for event in history if event.kind not in ("reverse", "reclassify")])  # those stay
    while record.standing:
        before = len(record.standing)
        outcomes = [record.void(each.record["number"]) for each in record.in_effective_order()[::-1]]
        assert len(record.standing) < before, outcomes
    assert (balances(books), values(books), stock(books), problems(books)) == ({}, {}, {}, [])


class Previewed(History):
    """Every record is previewed before it is posted: that changes nothing, and says what posting then does."""

    def post(self, at: int, record: dict[str, Any]) -> str:
        given = {key: value for key, value in record.items() if key != "type"}
        before = everything(self.books)
        try:
            seen: Any = answer(self.books.preview(record["type"], **given))
        except Refused as refused:
            seen = f"refused: {refused.issues[0].code}"
        assert everything(self.books) == before
        outcome = super().post(at, record)
        assert seen == (outcome if self.posted is None else answer(self.posted))
        return outcome


def answer(posted: Any) -> tuple[Any, ...]:
    return posted.number, posted.date, posted.total, posted.cogs, posted.entries, posted.lines, posted.corrections


@tried(8)
@given(options=OPTIONS, history=events(max_size=10, kinds=(*ALL, "close")))
def test_a_preview_is_what_posting_does(new_factory: Factory, options: Options, history: list[Event]) -> None:
    record = Previewed(new_factory(**options))
    for event in history:
        record.enter(event)


@pytest.mark.postgresql
@tried(3)
@given(options=OPTIONS, history=events(max_size=12, kinds=(*ALL, "close")))
def test_the_engines_agree(
    sqlite_database: Engine, postgresql_database: Engine, laws_books: Books, options: Options, history: list[Event]
) -> None:
    """The same history on SQLite and on PostgreSQL leaves the same rows in every table."""
    found, code = [], f"E{uuid4().hex[:8]}"
    for engine in (sqlite_database, postgresql_database):
        books = factory(engine, laws_books.plugins, code=code, **options)
        entered(books, history)
        assert problems(books) == []
        found.append(everything(books))
    assert found[0] == found[1]


@tried(20)
@given(options=OPTIONS, history=events(max_size=14, kinds=(*ALL, "close")), at=st.integers(0, 150).map(DAY.__mul__))
def test_stock_at_a_date_is_the_ledgers(new_factory: Factory, options: Options, history: list[Event], at: int) -> None:
    """However it is told apart, now and at the end of any day: by account it is the ledger, by layer it is the pool."""
    books = new_factory(**options)
    entered(books, history)
    for day in (None, date_of(at).isoformat()[:10], "2026-01-31", "2026-03-31"):
        by = {key: books.stock.list(at=day, by=key) for key in ("location", "lot", "account", "item")}
        accounts: dict[str, Decimal] = defaultdict(Decimal)
        for row in by["account"]:
            accounts[row["account"]] += row["value"]
        ledger = {row["account"]: row["balance"] for row in books.gl.trial_balance(at=day)}
        assert {account: value for account, value in accounts.items() if value} == {
            account: ledger[account] for account in INVENTORY if ledger.get(account)
        }
        for rows in by.values():
            assert sum(row["value"] for row in rows) == sum(accounts.values())
            assert sum(row["on_hand"] for row in rows) == sum(row["on_hand"] for row in by["item"])
        moved: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in books.stock.moves(at=day):
            moved[row["sku"], row["location"]] += row["quantity"]
        assert {(row["sku"], row["location"]): row["on_hand"] for row in by["location"] if row["on_hand"]} == {
            place: quantity for place, quantity in moved.items() if quantity
        }
        listed = {row["sku"]: row["on_hand"] for row in books.items.list(at=day) if row["on_hand"] is not None}
        for row in by["item"]:
            assert Decimal(listed[row["sku"]]) == row["on_hand"]
            left = books.stock.layers(row["sku"], at=day)
            if "negative_stock" not in options:
                assert sum(layer["remaining"] for layer in left) == row["on_hand"]
                assert sum(layer["value_remaining"] for layer in left) == row["value"]
