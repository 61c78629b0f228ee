"""Periodic mode: one entry for the cost of goods of a period."""

from __future__ import annotations

from wares import Books
from wares_profit.close_period import close_period
from wares_profit.tax_year import tax_year


def test_periodic_mode(seller: Books) -> None:
    """Opening 1,200.00 and purchases 4,170.10 are 5,370.10; 993.97 counted: the goods cost 4,376.13."""
    postings = [{"account": "1360", "debit": "1200.00"}, {"account": "3900", "credit": "1200.00"}]
    seller.post("journal", date="2025-12-31", postings=postings)
    for date, amount in (("2026-03-01", "4000.00"), ("2026-09-01", "170.10")):
        seller.post("cash_purchase", date=date, account="1010", lines=[{"account": "1360", "amount": amount}])
    done = close_period(seller, "2026-12-31", "993.97")
    assert {key: str(value) for key, value in done.items()} == {
        "date": "2026-12-31", "opening_and_purchases": "5370.10", "count": "993.97", "cogs": "4376.13", "document": "PER-00001",
    }  # fmt: skip
    assert close_period(seller, "2026-12-31", "993.97")["document"] is None
    assert (str(seller.gl.balance("5000")), str(seller.gl.balance("1360"))) == ("4376.13", "993.97")
    assert {key: str(value) for key, value in tax_year(seller, 2026)[1].items()} == {
        "mode": "periodic", "opening": "1200.00", "purchases": "4170.10", "own_use": "0.00", "removed": "0.00",
        "closing": "993.97", "cogs": "4376.13",
    }  # fmt: skip
