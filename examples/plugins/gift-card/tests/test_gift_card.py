"""Gift cards in the books."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from wares import Books, Refused
from wares.testing import record

import gift_card
from gift_card import balance_of
from gift_card.types import ACCOUNT

plugin = gift_card  # whose books the fixtures open

Post = Callable[..., Any]


@pytest.fixture
def shop(books: Books, make_item: Callable[..., str]) -> Books:
    record(books, [ACCOUNT])
    make_item("gift_card", "GIFT", price="50")
    make_item("service", "REPAIR", price="60")
    return books


def by_role(posted: Any) -> dict[str, str]:
    return {entry["role"]: str(entry["debit"] - entry["credit"]) for entry in posted.entries}


def sell(post: Post, *codes: str, **keys: Any) -> Any:
    lines = [{"item": "GIFT", "quantity": 1, "attributes": {"code": code}} for code in codes]
    return post("cash_sale", account="1010", lines=lines, **keys)


def redeem(code: str, amount: str, *numbers: str, **keys: Any) -> dict[str, Any]:
    apply_to = [{"number": number} for number in numbers]
    keys.setdefault("party", "CUSTOMER")
    return {"type": "gift_card_redemption", "amount": amount, "attributes": {"code": code}, "apply_to": apply_to, **keys}


def spend(post: Post, code: str, amount: str, *numbers: str) -> Any:
    document = redeem(code, amount, *numbers)
    return post(document.pop("type"), **document)


def test_selling_is_a_liability_and_redeeming_a_payment(shop: Books, post: Post) -> None:
    assert by_role(sell(post, "MERRY")) == {"bank": "50.00", "gift_card_liability": "-50.00"}
    post("invoice", number="I-1", lines=[{"item": "REPAIR", "quantity": 1}])
    assert by_role(spend(post, "MERRY", "20.00", "I-1")) == {"gift_card_liability": "20.00", "receivable": "-20.00"}
    assert balance_of(shop, "MERRY") == Decimal("30.00") == -shop.gl.balance("2300")
    assert str(shop.docs.show("I-1")["settled"]) == "20.00"
    assert shop.gl.balance("1200") == Decimal("40.00")
    assert shop.verify()["ok"]


def test_a_missing_code_is_the_number_of_the_line_and_a_known_code_is_topped_up(shop: Books, post: Post) -> None:
    post("cash_sale", number="CS-1", account="1010", lines=[{"item": "GIFT", "quantity": 2}])
    assert balance_of(shop, "CS-1-1") == Decimal("100.00")
    sell(post, "MERRY")
    sell(post, "MERRY")
    assert balance_of(shop, "MERRY") == Decimal("100.00")


@pytest.mark.parametrize(
    ("code", "amount", "refusal"),
    [("MERRY", "50.01", "CARD_TOO_LOW"), ("OTHER", "1.00", "UNKNOWN_CARD"), ("MERRY", "0", "NO_AMOUNT")],
)
def test_a_redemption_above_the_balance_is_refused(shop: Books, post: Post, code: str, amount: str, refusal: str) -> None:
    sell(post, "MERRY")
    with pytest.raises(Refused, match=refusal):
        spend(post, code, amount)


def test_one_batch_does_not_spend_the_same_money_twice(shop: Books, post: Post) -> None:
    sell(post, "MERRY")
    results = shop.post_many([redeem("MERRY", "30.00"), redeem("MERRY", "30.00"), redeem("MERRY", "20.00")], atomic=False)
    assert [isinstance(result, Refused) for result in results] == [False, True, False]
    assert balance_of(shop, "MERRY") == 0


def test_a_card_sold_in_the_batch_can_be_spent_in_it(shop: Books) -> None:
    sale = {"type": "cash_sale", "account": "1010", "lines": [{"item": "GIFT", "attributes": {"code": "NEW"}}]}
    shop.post_many([sale, redeem("NEW", "50.00")])
    assert balance_of(shop, "NEW") == 0


def test_voids_and_edits_follow_the_documents(shop: Books, post: Post) -> None:
    sell(post, "MERRY", number="CS-1")
    spent = spend(post, "MERRY", "45.00")
    post("gift_card_redemption", revises=spent.number, amount="50.00", attributes={"code": "MERRY"})
    assert balance_of(shop, "MERRY") == 0
    shop.void(spent.number)
    assert balance_of(shop, "MERRY") == Decimal("50.00")
    shop.void("CS-1")
    assert balance_of(shop, "MERRY") == 0
    assert shop.verify()["ok"]


def test_a_credit_of_a_spent_card_is_refused(shop: Books, post: Post) -> None:
    post("invoice", number="I-1", lines=[{"item": "GIFT", "quantity": 2, "attributes": {"code": "MERRY"}}])
    spend(post, "MERRY", "60.00")
    with pytest.raises(Refused, match="CARD_SPENT"):
        post("credit_note", lines=[{"from": "I-1#1", "quantity": 1}])
    post("credit_note", lines=[{"from": "I-1#1", "quantity": "0.8"}])
    assert balance_of(shop, "MERRY") == 0


def test_a_misspelt_attribute_of_the_line_is_refused(shop: Books, post: Post) -> None:
    with pytest.raises(Refused, match="BAD_ATTRIBUTE"):
        post("cash_sale", account="1010", lines=[{"item": "GIFT", "attributes": {"kode": "MERRY"}}])


def test_the_report_shows_the_liability_card_by_card(shop: Books, post: Post) -> None:
    sell(post, "MERRY", "NEW", date="2026-01-05")
    spend(post, "NEW", "50.00")
    spent = spend(post, "MERRY", "20.00")

    def shown(**parameters: Any) -> list[str]:
        return [" ".join(map(str, row.values())) for row in shop.reports.run("gift_cards", **parameters)]

    assert shown() == ["MERRY 2026-01-05 50.00 20.00 30.00"]
    assert shop.gl.balance("2300") == Decimal("-30.00")
    assert shown(spent=True) == ["MERRY 2026-01-05 50.00 20.00 30.00", "NEW 2026-01-05 50.00 50.00 0.00"]
    assert shown(at="2026-01-05") == ["MERRY 2026-01-05 50.00 0.00 50.00", "NEW 2026-01-05 50.00 0.00 50.00"]
    assert shown(at="2026-01-04") == []
    shop.void(spent.number)
    assert shown() == ["MERRY 2026-01-05 50.00 0.00 50.00"]
