"""Charges of a channel, and the accounts that they post to."""

from __future__ import annotations

from typing import Any

from tests.books import balances, refused
from wares import Books


def test_what_a_channel_keeps_and_pays(seller: Books) -> None:
    """Shipping 5.00 collected, tax 1.20 to be passed on, 2.00 off, 3.10 fee of which 0.10 came back, 1.10 paid out."""
    kinds = {"shipping": "5.00", "tax": "1.20", "discount": "2.00", "fee": "3.10", "payout": "1.20"}
    for kind, amount in kinds.items():
        _charge(seller, kind, amount)
    _charge(seller, "fee", "-0.10")
    assert balances(seller) == {"1010": "1.20", "2100": "-1.20", "4100": "-5.00", "4900": "2.00", "6300": "3.00"}
    assert refused(lambda: _charge(seller, "gift", "1")) == [("BAD_VALUE", "lines[0].attributes.kind")]


def _charge(seller: Books, kind: str, amount: str) -> Any:
    account = {"account": "1010"} if kind == "payout" else {}
    line = {"amount": amount, "attributes": {"kind": kind}, **account}
    return seller.post("channel_charge", date="2026-02-01", account="1100", lines=[line])
