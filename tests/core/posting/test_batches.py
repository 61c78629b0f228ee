"""Documents of one batch, one of which acts before what stands: those after it see what it left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.books import held
from wares import Books, Refused


@pytest.fixture(autouse=True)
def bolt(books: Books) -> None:
    books.items.add("stock", sku="BOLT", name="Bolt", price="5")


def bought(date: str, quantity: int, unit_cost: str) -> dict[str, Any]:
    return {
        "type": "bill",
        "date": date,
        "party": "ACME",
        "lines": [{"item": "BOLT", "quantity": quantity, "unit_cost": unit_cost}],
    }


def sold(date: str, **line: Any) -> dict[str, Any]:
    return {"type": "invoice", "date": date, "party": "JANE", "lines": [{"item": "BOLT", **line}]}


def credited(quantity: int) -> dict[str, Any]:
    line = {"from": "I-1#1", "quantity": quantity, "restock": True}
    return {"type": "credit_note", "date": "2026-01-10", "party": "JANE", "lines": [line]}


LATE = bought("2026-01-03", 10, "3")


def test_what_is_on_hand_after_a_late_receipt(books: Books) -> None:
    """10 @ 2 and, late, 10 @ 3: 15 can be sold, at 2.50; a count of 4 finds one less than the 5 left."""
    count = {"type": "count", "date": "2026-01-10", "lines": [{"item": "BOLT", "counted": 4}]}
    _, _, sale, counted = books.post_many([bought("2026-01-05", 10, "2"), LATE, sold("2026-01-09", quantity=15), count])
    assert not isinstance(sale, Refused)
    assert not isinstance(counted, Refused)
    assert sale.cogs == Decimal("37.50")
    assert [(row["account"], row["debit"] - row["credit"]) for row in counted.entries] == [
        ("1300", Decimal("-2.50")),
        ("5900", Decimal("2.50")),
    ]
    assert held(books, "BOLT") == (4, Decimal("10.00"))


def test_goods_come_back_once_at_what_they_cost_by_then(books: Books) -> None:
    """4 sold, 3 come back, and a late receipt makes the sale cost 2.50 each: one more can come back, not three."""
    first = [bought("2026-01-05", 10, "2"), {**sold("2026-01-09", quantity=4), "number": "I-1"}, credited(3), LATE]
    *_, three, one = books.post_many([*first, credited(3), credited(1)], atomic=False)
    assert isinstance(three, Refused)
    assert three.code == "MORE_THAN_LEFT"
    assert not isinstance(one, Refused)
    assert (one.cogs, held(books, "BOLT")) == (Decimal("-2.50"), (20, Decimal("50.00")))


def test_a_lot_after_a_late_receipt_of_it(books: Books) -> None:
    """Kept by lot: what a late receipt brought in can leave in the same batch."""
    books.items.add("stock", sku="LAMP", name="Lamp", cost_method="specific", price="50")

    def lamps(date: str, quantity: int) -> dict[str, Any]:
        lines = [{"item": "LAMP", "quantity": quantity, "unit_cost": "10", "lot": "L1"}]
        return {"type": "bill", "date": date, "party": "ACME", "lines": lines}

    sale = {"type": "invoice", "date": "2026-01-09", "party": "JANE", "lines": [{"item": "LAMP", "quantity": 3, "lot": "L1"}]}
    books.post_many([lamps("2026-01-05", 2), lamps("2026-01-03", 2), sale])
    assert held(books, "LAMP") == (1, Decimal("10.00"))


def test_a_refusal_names_its_record_among_several(books: Books) -> None:
    """Records are counted through the whole call, revisions included."""
    line = {"description": "Advice", "amount": "60.00"}
    right: dict[str, Any] = {"type": "invoice", "date": "2026-01-05", "party": "JANE", "lines": [line]}
    first = books.post("invoice", **{key: value for key, value in right.items() if key != "type"})
    for wrong, code in (({**right, "party": "NOBODY"}, "UNKNOWN_PARTY"), ({**right, "colour": "red"}, "UNKNOWN_KEY")):
        with pytest.raises(Refused) as refusal:
            books.post_many([right, {**right, "revises": first.number}, right, wrong])
        assert (refusal.value.code, refusal.value.where) == (code, "record 4")
        with pytest.raises(Refused) as alone:
            books.post_many([wrong])
        assert "record" not in alone.value.where
    assert len(books.docs.list()) == 1
