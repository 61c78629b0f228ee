"""The books are what the reference says, which computes them the slow and obvious way (`reference.py`).

`python -m tests.core.laws.many chains 9000` tries many histories of one kind (`kinds.py`).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.core.laws.histories import LONG, METHODS, QUICK, Event, History, events, law
from tests.core.laws.kinds import KINDS, differences
from wares import Books

Workshop = Callable[..., Books]


def tried(times: int) -> settings:
    """So many histories in every run; the profile `long` tries as many as for the other laws."""
    chosen = law()
    return chosen if chosen.max_examples == LONG.max_examples else settings(QUICK, max_examples=times)


def enter(books: Books, history: list[Event]) -> History:
    record = History(books)
    for event in history:
        note(f"{event.kind} {event.quantity} {event.item} at {event.at}: {record.enter(event)}")
    for number, each in record.standing.items():
        note(f"{number}: {each.record}")
    return record


@pytest.mark.parametrize("scope", ["company", "location"])
@pytest.mark.parametrize("method", [None, "lifo", "standard"])
@law()
@given(history=events(max_size=14))
def test_stock_and_cost_of_sales(new_workshop: Workshop, method: str | None, scope: str, history: list[Event]) -> None:
    options = {"scope": scope} | ({"method": method} if method is not None else {})
    assert differences(enter(new_workshop(**options), history), options) == {}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"plain"}))
@tried(30)
@given(drawn=st.data())
def test_every_kind_of_history(new_workshop: Workshop, kind: str, drawn: st.DataObject) -> None:
    options = drawn.draw(st.sampled_from(KINDS[kind].options))
    items = drawn.draw(st.lists(st.sampled_from(sorted(METHODS)), min_size=1, max_size=2, unique=True))
    history = drawn.draw(
        events(max_size=16, others=KINDS[kind].others, at=KINDS[kind].at, sources=KINDS[kind].sources, items=items)
    )
    assert differences(enter(new_workshop(**options), history), options) == {}
