"""Laws that hold for any history, in whichever order it is entered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, note

from tests.core.laws.histories import ACCOUNTS, Event, History, events, law
from tests.core.laws.looks import balances, layers, problems, stock, values
from wares import Books

Workshop = Callable[..., Books]


def entered(books: Books, history: list[Event], *, verify_each: bool = False) -> History:
    record = History(books)
    for event in history:
        outcome = record.enter(event)
        note(f"{event.kind} {event.quantity} {event.item} at {event.at}: {outcome}")
        if verify_each:
            assert problems(books) == []
    for number, each in record.standing.items():
        note(f"{number}: {each.record}")
    return record


@law()
@given(history=events(max_size=14))
def test_the_books_are_sound(new_workshop: Workshop, history: list[Event]) -> None:
    """Whatever is entered, backdated or taken back: `verify` finds nothing, after every step."""
    books = new_workshop()
    entered(books, history, verify_each=True)


@law()
@given(history=events(max_size=14))
def test_the_order_of_entering_does_not_matter(new_workshop: Workshop, history: list[Event]) -> None:
    """The same facts entered in effective order, without what was taken back, give the same stock, layers and accounts."""
    books, in_order = new_workshop(), new_workshop()
    record, other = entered(books, history), History(in_order)
    outcomes = [other.post(each.at, each.record) for each in record.in_effective_order()]
    assert outcomes == ["posted"] * len(record.standing)
    assert values(books) == values(in_order)
    assert stock(books) == stock(in_order)
    assert layers(books) == layers(in_order)
    assert balances(books) == balances(in_order)


@law()
@given(history=events(max_size=14))
def test_nothing_is_made_and_nothing_lost(new_workshop: Workshop, history: list[Event]) -> None:
    """Purchases + adjustments + labour = cost of sales + stock + variances, to the cent; credits to customers apart."""
    books = new_workshop()
    entered(books, history)
    held = balances(books)
    assert sum(Decimal(held.get(account, "0")) for account in ACCOUNTS) == 0
    assert Decimal(held.get("1300", "0")) == books.stock.value()


@law()
@given(history=events(max_size=12))
def test_taking_everything_back_leaves_nothing(new_workshop: Workshop, history: list[Event]) -> None:
    books = new_workshop()
    record = entered(books, history)
    while record.standing:
        before = len(record.standing)
        outcomes = {each.record["number"]: record.void(each.record["number"]) for each in record.in_effective_order()[::-1]}
        assert len(record.standing) < before, outcomes
    assert (balances(books), values(books), stock(books), problems(books)) == ({}, {}, {}, [])


@pytest.mark.parametrize("method", ["lifo", "standard"])
@law()
@given(history=events(max_size=10))
def test_other_methods_are_sound_too(new_workshop: Workshop, method: str, history: list[Event]) -> None:
    books = new_workshop(method=method)
    entered(books, history)
    assert problems(books) == []
