"""Subscriptions in the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wares import Books, Refused
from wares.testing import plugins_with, record

import subscription
from subscription.terms import months_between
from subscription.types import ACCOUNT

plugin = subscription  # whose books the fixtures open

Post = Callable[..., Any]


@pytest.fixture
def shop(books: Books, make_item: Callable[..., str]) -> Books:
    record(books, [ACCOUNT])
    make_item("subscription", "CLUB", price="100", attributes={"months": 12})
    return books


def sell(post: Post, number: str = "I-1", date: str = "2026-01-01", quantity: int = 1) -> Any:
    return post("invoice", number=number, date=date, lines=[{"item": "CLUB", "quantity": quantity}])


def state(books: Books) -> tuple[str, str]:
    """Return the deferred and the earned amount."""
    return f"{-books.gl.balance('2400'):.2f}", f"{-books.gl.balance('4000') + 0:.2f}"


def test_it_is_earned_month_by_month_and_the_last_takes_the_rest(shop: Books, post: Post) -> None:
    sell(post)
    assert state(shop) == ("100.00", "0.00")
    earned = []
    for month in range(1, 13):
        days = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
        posted = post("recognition", date=f"2026-{month:02d}-{days}")
        earned.append(str(sum(entry["credit"] for entry in posted.entries)))
    assert earned[:4] == ["8.33", "8.34", "8.33", "8.33"]
    assert state(shop) == ("0.00", "100.00")
    assert shop.verify()["ok"]


def test_one_recognition_covers_all_subscriptions(shop: Books, post: Post) -> None:
    sell(post)
    sell(post, "I-2", "2026-01-15", quantity=2)
    assert post("recognition", date="2026-03-31").total == 0
    assert state(shop) == ("241.67", "58.33")  # 25.00 of three months, 33.33 of two
    with pytest.raises(Refused, match="NOTHING_DUE"):
        post("recognition", date="2026-03-31")
    with pytest.raises(Refused, match="RECOGNISED_LATER"):
        post("recognition", date="2026-02-28")


def test_a_credit_is_taken_back_by_the_next_recognition(shop: Books, post: Post) -> None:
    sell(post)
    post("recognition", date="2026-06-30")
    post("credit_note", date="2026-07-02", lines=[{"from": "I-1#1", "quantity": 1}])
    assert state(shop) == ("-50.00", "50.00")
    post("recognition", date="2026-07-31")
    assert state(shop) == ("0.00", "0.00")
    assert shop.verify()["ok"]


def test_voids_follow_the_documents(shop: Books, post: Post) -> None:
    sell(post)
    first = post("recognition", date="2026-01-31")
    second = post("recognition", date="2026-02-28")
    shop.void(second.number)
    post("recognition", date="2026-02-28")
    assert state(shop) == ("83.33", "16.67")
    shop.void("I-1")
    post("recognition", date="2026-03-31")
    assert state(shop) == ("0.00", "0.00")
    assert shop.docs.show(first.number)["status"] == "posted"


def test_a_batch_recognises_its_own_sales(shop: Books) -> None:
    invoice = {"type": "invoice", "number": "I-1", "date": "2026-01-01", "party": "CUSTOMER", "lines": [{"item": "CLUB"}]}
    credit = {"type": "credit_note", "date": "2026-02-01", "party": "CUSTOMER", "lines": [{"from": "I-1#1", "quantity": "0.5"}]}
    months = [{"type": "recognition", "date": day} for day in ("2026-01-31", "2026-03-31")]
    shop.post_many([invoice, months[0], credit, months[1]])
    assert state(shop) == ("37.50", "12.50")


@pytest.mark.parametrize(
    ("start", "day", "months"),
    [
        (20260101, 20260130, 0),
        (20260101, 20260131, 1),
        (20260115, 20260214, 1),
        (20260131, 20260227, 1),
        (20260131, 20260228, 1),
        (20240229, 20250228, 12),
        (20260601, 20260101, -5),
    ],
)
def test_whole_months(start: int, day: int, months: int) -> None:
    assert months_between(start, day) == months


def test_zero_months_are_refused(books: Books) -> None:
    with pytest.raises(Refused, match="BAD_MONTHS"):
        books.items.add("subscription", sku="CLUB", attributes={"months": 0})


def test_books_with_its_chart_need_no_further_account() -> None:
    books = Books.open("sqlite://", chart="membership", plugins=plugins_with(subscription))
    books.parties.add("JANE", kinds=["customer"])
    books.items.add("subscription", sku="CLUB", price="120", attributes={"months": 12})
    books.post("invoice", date="2026-01-01", party="JANE", lines=[{"item": "CLUB", "quantity": 1}])
    books.post("recognition", date="2026-01-31")
    balances = {row["name"]: str(row["balance"]) for row in books.gl.trial_balance() if row["balance"]}
    assert balances == {"Members owe": "120.00", "Fees paid in advance": "-110.00", "Fees earned": "-10.00"}
    books.close()
