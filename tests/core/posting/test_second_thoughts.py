"""Slips that are asked about or refused, pending documents that are given up, and the corrections that a preview shows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.books import dump, refused, sound
from wares import Books


def codes(warnings: object) -> list[str]:
    assert isinstance(warnings, tuple)
    return [warning.code for warning in warnings]


def invoice(books: Books, *lines: Mapping[str, object], **more: object) -> str:
    return books.post("invoice", date="2026-01-10", party="JANE", lines=list(lines), **more).number


def listed(books: Books, number: str) -> list[dict[str, Any]]:
    return [each for each in books.docs.list() if each["number"] == number]


def test_a_fixed_discount_above_its_base_is_refused_unless_allowed(books: Books) -> None:
    """45.00 off 30.00."""
    books.items.add("stock", sku="OIL", cost="1", price="30")
    books.items.add("discount", sku="OFF", attributes={"amount": "45"})
    books.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "OIL", "quantity": 5, "unit_cost": "1"}])
    lines: list[dict[str, object]] = [{"item": "OIL", "quantity": 1}, {"item": "OFF"}]
    assert refused(lambda: invoice(books, *lines)) == [("DISCOUNT_ABOVE_BASE", "lines[1]")]
    assert books.docs.show(invoice(books, lines[0], {"item": "OFF", "amount": "30.00"}))["total"] == 0
    books.settings.set("discount_above_base", "allow")
    assert books.docs.show(invoice(books, *lines))["total"] == -15


def test_a_payment_above_the_open_amount_says_so(books: Books) -> None:
    number = invoice(books, {"description": "Advice", "amount": "60.00"})
    paid = {"direction": "in", "party": "JANE", "account": "1010", "amount": "100.00", "apply_to": [{"number": number}]}
    (warning,) = books.post("payment", date="2026-01-11", **paid).warnings
    assert (warning.code, warning.path) == ("PAID_ABOVE_OPEN", "amount")
    assert warning.message.startswith("40.00 USD is more than is open")
    ahead = {**paid, "apply_to": []}
    assert books.post("payment", date="2026-01-12", **ahead).warnings == ()  # money ahead, on purpose


def test_a_date_years_away_is_doubted(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wares.posting.fresh.today", lambda: 20260115)
    line = [{"description": "Advice", "amount": "60.00"}]
    found = {
        date: codes(books.preview("invoice", date=date, party="JANE", lines=line).warnings)
        for date in ("2024-01-15", "2024-01-14", "2028-01-15", "2062-01-10")
    }
    far = ["DATE_FAR_AWAY"]
    assert found == {"2024-01-15": [], "2024-01-14": far, "2028-01-15": [], "2062-01-10": far}


def test_a_close_names_pending_documents_and_a_day_in_the_future(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wares.facade.ledger.today", lambda: 20260115)
    line = {"description": "Advice", "amount": "60.00"}
    draft = invoice(books, line, pending=True)
    assert books.gl.close("2026-01-09", dry_run=True) == ()
    (inside,) = books.gl.close("2026-01-10", dry_run=True)
    assert (inside.code, draft in inside.message) == ("PENDING_INSIDE", True)
    assert codes(books.gl.close("2026-01-16", dry_run=True)) == ["CLOSED_AHEAD", "PENDING_INSIDE"]


def test_a_pending_document_is_shown_whole_and_can_be_discarded(books: Books) -> None:
    before = dump(books, head=False)
    line = {"description": "Advice", "amount": "60.00"}
    draft = invoice(books, line, pending=True, memo="ask first", number="LATER")
    shown = books.docs.show(draft)
    assert (shown["status"], shown["memo"], shown["lines"]) == ("pending", "ask first", [{"line": "1", **line}])
    books.discard(draft, dry_run=True)
    assert books.docs.show(draft)["status"] == "pending"
    books.discard(draft)
    assert dump(books, head=False) == before
    assert refused(lambda: books.discard(draft)) == [("UNKNOWN_DOCUMENT", "")]
    assert refused(lambda: books.discard(invoice(books, line, number="LATER"))) == [("NOT_PENDING", "")]


def test_the_typed_number_of_a_void_document_can_be_used_again(books: Books) -> None:
    """The void invoice stays in the books under its number; every name means the one that stands."""
    line = {"description": "Advice", "amount": "60.00"}
    invoice(books, line, number="A-7", key="first")
    assert refused(lambda: invoice(books, line, number="A-7")) == [("DUPLICATE_NUMBER", "number")]
    books.void("A-7")
    invoice(books, {**line, "amount": "70.00"}, number="A-7")
    assert [(each["status"], each["total"]) for each in listed(books, "A-7")] == [("void", 60), ("posted", 70)]
    shown = books.docs.show("A-7")
    assert (shown["status"], shown["total"], shown["revision"]) == ("posted", 70, 2)
    assert refused(lambda: invoice(books, line, number="A-7")) == [("DUPLICATE_NUMBER", "number")]
    with books.recorded() as recorded:
        assert [(line.amount, line.key) for line in recorded.lines(documents=["A-7"])] == [(7000, None)]
        assert recorded.lines(keys=["first"]) == []
    books.post("credit_note", date="2026-01-11", party="JANE", lines=[{"from": "A-7#1", "amount": "10.00"}])
    books.post("payment", date="2026-01-12", direction="in", party="JANE", account="1010", amount="60.00",
               apply_to=[{"number": "A-7"}])  # fmt: skip
    assert sound(books)
    books.void("PAY-00001")
    books.void("CN-00001")
    books.void("A-7")
    draft = invoice(books, line, number="A-7", pending=True)
    assert books.docs.show(draft)["status"] == "pending"
    books.post_pending(draft)
    assert books.docs.show("A-7")["revision"] == 3
    assert sound(books)


def test_an_open_item_can_take_the_number_of_a_void_opening(books: Books) -> None:
    opening = {"date": "2026-01-01", "open_items": [
        {"type": "invoice", "number": "OLD-1", "party": "JANE", "date": "2025-12-01", "amount": "25.00"}
    ]}  # fmt: skip
    first = books.post("opening_balance", **opening)
    assert refused(lambda: books.post("opening_balance", **opening)) == [("DUPLICATE_NUMBER", "open_items[0].number")]
    books.void(first.number)
    books.post("opening_balance", **opening)
    assert [each["status"] for each in listed(books, "OLD-1")] == ["void", "posted"]
    assert sound(books)


OPENING: dict[str, Any] = {"number": "OB-1", "date": "2025-12-31", "postings": [{"account": "3000", "credit": "50"}],
                           "open_items": [
    {"type": "invoice", "number": "OLD-7", "party": "JANE", "date": "2025-12-01", "amount": "90.00"},
    {"type": "bill", "number": "OLD-8", "party": "ACME", "date": "2025-12-02", "amount": "40.00"},
]}  # fmt: skip
LATER = "2026-02-01"


def worth(books: Books) -> dict[str, str]:
    return {row["account"]: str(row["balance"]) for row in books.gl.trial_balance() if row["balance"]}


@pytest.mark.parametrize("whole", [None, LATER], ids=["void", "reversed"])
@pytest.mark.parametrize("alone", [None, LATER], ids=["void-alone", "reversed-alone"])
def test_an_open_item_taken_back_alone_is_not_taken_back_again_with_its_opening(
    books: Books, alone: str | None, whole: str | None
) -> None:
    books.post("opening_balance", **OPENING)
    assert worth(books) == {"1200": "90.00", "2000": "-40.00", "3000": "-50.00"}
    books.void("OLD-7", date=alone)
    assert worth(books) == {"2000": "-40.00", "3000": "-50.00", "3900": "90.00"}
    assert sound(books)
    books.void("OB-1", date=whole)
    assert worth(books) == {}
    assert sound(books)


def test_the_number_of_an_open_item_used_again_stays_when_the_opening_goes(books: Books) -> None:
    books.post("opening_balance", **OPENING)
    books.void("OLD-7")
    invoice(books, {"description": "Advice", "amount": "10.00"}, number="OLD-7")
    books.void("OB-1")
    assert worth(books) == {"1200": "10.00", "4000": "-10.00"}
    assert books.docs.show("OLD-7")["status"] == "posted"
    assert sound(books)


def test_an_open_item_is_mended_with_its_opening_balance(books: Books) -> None:
    books.post("opening_balance", **OPENING)
    line = {"description": "Advice", "amount": "95.00"}
    assert refused(lambda: invoice(books, line, revises="OLD-7")) == [("IS_OPEN_ITEM", "revises")]
    (first, second) = OPENING["open_items"]
    books.post("opening_balance", **OPENING | {"revises": "OB-1", "open_items": [first | {"amount": "95.00"}]})
    assert worth(books) == {"1200": "95.00", "3000": "-50.00", "3900": "-45.00"}
    assert [(each["status"], each["total"]) for each in listed(books, "OLD-7")] == [("posted", 95)]
    assert books.docs.show("OLD-8")["status"] == "replaced"
    assert sound(books)
    books.post("opening_balance", **OPENING | {"revises": "OB-1", "open_items": [second]})
    assert worth(books) == {"2000": "-40.00", "3000": "-50.00", "3900": "90.00"}
    assert sound(books)


def test_an_open_item_cannot_have_the_number_of_its_opening_balance(books: Books) -> None:
    assert refused(lambda: books.post("opening_balance", **OPENING | {"number": "OLD-7"})) == [
        ("DUPLICATE_NUMBER", "open_items[0].number")
    ]
    books.post("opening_balance", **OPENING)
    named = [OPENING["open_items"][0] | {"number": "OB-1"}]
    edit = {key: value for key, value in OPENING.items() if key != "number"} | {"revises": "OB-1", "open_items": named}
    assert refused(lambda: books.post("opening_balance", **edit)) == [("DUPLICATE_NUMBER", "open_items[0].number")]
    assert sound(books)


def test_a_key_answers_with_its_own_document_after_the_number_was_used_again(books: Books) -> None:
    first, second = ({"description": "Advice", "amount": amount} for amount in ("40.00", "60.00"))
    invoice(books, first, number="A-1", key="one")
    books.void("A-1")
    invoice(books, second, number="A-1", key="two")
    again = books.post("invoice", date="2026-01-10", party="JANE", lines=[first], number="A-1", key="one")
    assert (again.repeated, again.status, again.total) == (True, "void", 40)


def test_a_preview_shows_the_corrections_of_other_documents(books: Books) -> None:
    """Ten at 10.00, four sold: freight of 20.00 adds 8.00 to the cost of the sale. A dry run of its void takes them back."""
    books.items.add("stock", sku="OIL", price="30")
    goods = [{"item": "OIL", "quantity": 10, "unit_cost": "10"}]
    receipt = books.post("receipt", date="2026-01-02", party="ACME", lines=goods).number
    sale = invoice(books, {"item": "OIL", "quantity": 4})
    freight = {"date": "2026-01-11", "amount": "20.00", "apply_to": [{"from": receipt}]}
    preview = books.docs.corrections(books.preview("landed_cost", **freight).corrections)

    def of_sale(rows: list[dict[str, object]]) -> dict[object, object]:
        return {row["account"]: row["amount"] for row in rows if row["document"] == sale}

    assert of_sale(preview) == {"1300": Decimal("-8.00"), "5000": Decimal("8.00")}
    assert books.gl.balance("5000") == 40
    number = books.post("landed_cost", **freight).number
    taken_back = books.docs.corrections(books.void(number, dry_run=True))
    assert of_sale(taken_back) == {"1300": Decimal("8.00"), "5000": Decimal("-8.00")}
    assert books.gl.balance("5000") == 48
