"""Laws that hold for any history, in whichever order it is entered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, note

from tests.core.laws.histories import ACCOUNTS, CONTENTS, COSTS, METHODS, Event, History, events, law
from tests.core.laws.reference import Reference
from wares import Books, unscaled

Workshop = Callable[..., Books]


def stock(books: Books) -> dict[tuple[str, str], str]:
    """(sku, place) → quantity, those on hand."""
    return {(row["sku"], row["location"]): str(row["on_hand"]) for row in books.stock.list() if Decimal(row["on_hand"])}


def values(books: Books) -> dict[str, tuple[str, str]]:
    """sku → quantity and value of its pool."""
    statement = (
        "SELECT i.sku, p.quantity, p.value FROM pool p JOIN item i ON i.company_id = p.company_id AND i.item_id = p.item_id "
        "WHERE p.company_id = ? AND (p.quantity <> 0 OR p.value <> 0)"
    )
    rows = books.reading(lambda reader, _: reader.rows(statement))
    return {sku: (str(unscaled(quantity)), str(value)) for sku, quantity, value in rows}


def layers(books: Books, *, with_value: bool) -> list[tuple[Any, ...]]:
    statement = (
        "SELECT i.sku, d.number, l.remaining, l.value, l.taken FROM layer l JOIN move m ON m.company_id = l.company_id "
        "AND m.move_id = l.move_id JOIN item i ON i.company_id = m.company_id AND i.item_id = m.item_id "
        "JOIN document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        "WHERE l.company_id = ? AND l.remaining > 0 ORDER BY i.sku, l.effective_at, l.sequence"
    )
    rows = books.reading(lambda reader, _: reader.rows(statement))
    return [row if with_value else row[:3] for row in rows]


def balances(books: Books) -> dict[str, str]:
    return {row["account"]: str(row["balance"]) for row in books.gl.trial_balance() if row["balance"]}


def problems(books: Books) -> list[tuple[str, str]]:
    return [(check["id"], check["first_problem"]) for check in books.verify()["checks"] if not check["ok"]]


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
def test_the_books_are_what_the_reference_says(new_workshop: Workshop, history: list[Event]) -> None:
    books = new_workshop()
    record = entered(books, history)
    reference = Reference(METHODS, CONTENTS, COSTS)
    reference.fold([each.record for each in record.in_effective_order()])
    expected = {
        sku: (str(unscaled(pool.quantity)), str(pool.value)) for sku, pool in reference.pools.items() if pool.quantity or pool.value
    }
    assert values(books) == expected
    assert stock(books) == {place: str(unscaled(quantity)) for place, quantity in reference.places.items() if quantity}
    assert books.gl.balance("5000") == Decimal(reference.cogs).scaleb(-2)


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
    assert layers(books, with_value=True) == layers(in_order, with_value=True)
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
