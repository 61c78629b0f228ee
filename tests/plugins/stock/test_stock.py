"""Stock items: the moves of a sale and of a purchase."""

from __future__ import annotations

import pytest

from tests.plugins.builders import TYPES, Purchase, Sale, Shelf, context, line
from wares import CostContext, DocumentType, Intent, PlannedMove, scaled


def moves(kind: DocumentType, value: int | None) -> tuple[PlannedMove, ...]:
    shelf = Shelf()
    bolt = shelf.add("stock", "BOLT", price="0.20", cost="0.08")
    return TYPES["stock"].cost(line(bolt, 10), CostContext(context(shelf, kind), value)).moves


@pytest.mark.parametrize(
    ("kind", "value", "quantity", "intent", "stated", "counter"),
    [
        (Sale(), None, -10, Intent.BY_METHOD, None, "cogs"),
        (Purchase(), 80, 10, Intent.STATED, 80, None),
    ],
)
def test_moves(
    kind: DocumentType, value: int | None, quantity: int, intent: Intent, stated: int | None, counter: str | None
) -> None:
    (move,) = moves(kind, value)
    assert (move.quantity, move.intent, move.stated, move.counter) == (scaled(quantity), intent, stated, counter)


def test_facts() -> None:
    stock = TYPES["stock"]
    assert (stock.tracked, stock.sold, stock.bought, stock.content_types) == (True, True, True, frozenset())
