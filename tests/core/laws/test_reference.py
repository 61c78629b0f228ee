"""The books are what the reference says, which computes them the slow and obvious way (`reference.py`).

`pytest tests/core/laws/test_reference.py --hypothesis-profile=many -n 1 -k chains` tries nine thousand histories of one kind.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, note, settings

from tests.core.laws.histories import (
    CHAINS,
    CONTENTS,
    COSTS,
    CURRENCIES,
    LONG,
    METHOD_CHANGES,
    METHODS,
    QUICK,
    TIES,
    Event,
    History,
    events,
    law,
)
from tests.core.laws.looks import stock, values
from tests.core.laws.reference import Reference
from wares import Books, unscaled

Workshop = Callable[..., Books]


def tried(times: int) -> settings:
    """So many histories in every run; the profiles `long` and `many` try as many as for the other laws."""
    chosen = law()
    return chosen if chosen.max_examples >= LONG.max_examples else settings(QUICK, max_examples=times)


def compare(books: Books, history: list[Event], *, method: str | None = None, scope: str = "company", **options: Any) -> None:
    """Enter a history, and compare stock, its value, cost of sales and cost not invoiced with those of the reference."""
    record = History(books)
    for event in history:
        note(f"{event.kind} {event.quantity} {event.item} at {event.at}: {record.enter(event)}")
    for number, each in record.standing.items():
        note(f"{number}: {each.record}")
    methods = {sku: method or own for sku, own in METHODS.items()}
    reference = Reference(methods, CONTENTS, COSTS, by_place=scope == "location", **options)
    reference.fold([each.record for each in record.in_effective_order()])
    assert values(books) == {
        name: (str(unscaled(pool.quantity)), str(pool.value))
        for name, pool in reference.pools.items()
        if pool.quantity or pool.value
    }
    assert stock(books) == {place: str(unscaled(quantity)) for place, quantity in reference.places.items() if quantity}
    assert books.gl.balance("5000") == Decimal(reference.cogs).scaleb(-2)
    assert books.gl.balance("1400") == Decimal(reference.not_invoiced).scaleb(-2)


@pytest.mark.parametrize("scope", ["company", "location"])
@pytest.mark.parametrize("method", [None, "lifo", "standard"])
@law()
@given(history=events(max_size=14))
def test_stock_and_cost_of_sales(new_workshop: Workshop, method: str | None, scope: str, history: list[Event]) -> None:
    compare(new_workshop(method=method, scope=scope), history, method=method, scope=scope)


@pytest.mark.parametrize("scope", ["company", "location"])
@tried(15)
@given(history=events(max_size=14, at=TIES))
def test_several_at_one_instant(new_workshop: Workshop, scope: str, history: list[Event]) -> None:
    """Of documents at one instant the one that was entered first is first; a bare date is the beginning of its day."""
    compare(new_workshop(scope=scope), history, scope=scope)


@pytest.mark.parametrize("scope", ["company", "location"])
@pytest.mark.parametrize("cogs_at", ["delivery", "invoice"])
@tried(15)
@given(history=events(max_size=16, others=CHAINS))
def test_chains_of_documents(new_workshop: Workshop, cogs_at: str, scope: str, history: list[Event]) -> None:
    """Deliveries and their invoices, goods that come back and their credits, orders delivered in parts, goods back to suppliers."""
    compare(new_workshop(scope=scope, cogs_at=cogs_at), history, scope=scope, at_invoice=cogs_at == "invoice")


@pytest.mark.parametrize("scope", ["company", "location"])
@tried(15)
@given(history=events(max_size=14, others=CURRENCIES))
def test_currencies(new_workshop: Workshop, scope: str, history: list[Event]) -> None:
    """Goods come at the rate of their day, and a late bill counts at the rate of its receipt."""
    compare(new_workshop(scope=scope), history, scope=scope)


@tried(25)
@given(history=events(max_size=16, others=METHOD_CHANGES))
def test_changes_of_method(new_workshop: Workshop, history: list[Event]) -> None:
    """From its instant on goods leave by another method; what is there keeps its value."""
    compare(new_workshop(), history)
