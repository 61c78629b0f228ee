"""The factory as a machine of rules: hypothesis chooses the next step by what the books have become."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.core.laws.factory import (
    DAY,
    LEDGER_KINDS,
    METHODS,
    PURCHASE_KINDS,
    SALE_KINDS,
    SOURCES,
    STOCK_KINDS,
    TAKE_BACK,
    Event,
    History,
    factory,
)
from tests.core.laws.histories import LONG, QUICK, law
from tests.core.laws.looks import problems
from wares import Books

EVENT: dict[str, Any] = {
    "item": st.sampled_from(sorted(METHODS)),
    "quantity": st.integers(1, 8),
    "cents": st.integers(0, 4000),
    "pick": st.integers(0, 50),
}
MODES = st.sampled_from(["refuse", "provisional", "pending"])
SCOPES = st.sampled_from(["company", "location"])
_opened: list[Books] = []


class Factory(RuleBasedStateMachine):
    """Days are taken in a shuffled order, so that about half of what is entered acts before something that stands."""

    @initialize(mode=MODES, scope=SCOPES, days=st.permutations(range(60)))
    def begin(self, mode: str, scope: str, days: list[int]) -> None:
        if not _opened:
            _opened.append(Books.open("sqlite://"))
        self.days = list(days)
        self.history = History(factory(_opened[0].engine, _opened[0].plugins, negative_stock=mode, cost_scope=scope))
        for sku, at in (("RIM", -3), ("SPOKE", -2), ("HUB", -1)):
            self.history.enter(Event("bill", sku, 40, 2000, at * DAY, 0))

    def _enter(self, kind: str, event: dict[str, Any]) -> None:
        if self.days:
            self.history.enter(Event(kind, at=self.days.pop() * DAY, **event))

    @rule(kind=st.sampled_from(SOURCES), event=st.fixed_dictionaries(EVENT))
    def goods_come_in(self, kind: str, event: dict[str, Any]) -> None:
        self._enter(kind, event)

    @rule(kind=st.sampled_from(PURCHASE_KINDS), event=st.fixed_dictionaries(EVENT))
    def a_supplier_does_something(self, kind: str, event: dict[str, Any]) -> None:
        self._enter(kind, event)

    @rule(kind=st.sampled_from(SALE_KINDS), event=st.fixed_dictionaries(EVENT))
    def a_customer_does_something(self, kind: str, event: dict[str, Any]) -> None:
        self._enter(kind, event)

    @rule(kind=st.sampled_from(STOCK_KINDS), event=st.fixed_dictionaries(EVENT))
    def the_stockroom_does_something(self, kind: str, event: dict[str, Any]) -> None:
        self._enter(kind, event)

    @rule(kind=st.sampled_from(LEDGER_KINDS), event=st.fixed_dictionaries(EVENT))
    def the_ledger_does_something(self, kind: str, event: dict[str, Any]) -> None:
        self._enter(kind, event)

    @rule(kind=st.sampled_from(TAKE_BACK), event=st.fixed_dictionaries(EVENT))
    def something_is_taken_back(self, kind: str, event: dict[str, Any]) -> None:
        self._enter(kind, event)

    @rule(event=st.fixed_dictionaries(EVENT))
    def the_books_are_closed(self, event: dict[str, Any]) -> None:
        self._enter("close", event)

    @invariant()
    def nothing_is_wrong(self) -> None:
        if hasattr(self, "history"):
            assert problems(self.history.books) == []


TestFactory = Factory.TestCase
TestFactory.settings = (
    settings(LONG, max_examples=500, stateful_step_count=20) if law().max_examples == LONG.max_examples
    else settings(QUICK, max_examples=12, stateful_step_count=10)
)  # fmt: skip
