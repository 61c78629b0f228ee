"""Cost methods, value documents and negative stock: the figures of the accounting."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from wares import Books, Refused

INVENTORY, COGS, VARIANCE, REVALUED, CLEARING = "1300", "5000", "5100", "5400", "2250"

Balances = Callable[[], dict[str, str]]
Buy = Callable[..., Any]


def sell(books: Books, quantity: object, date: str, **line: object) -> Any:
    lines = [{"item": "A", "quantity": quantity, "unit_price": "50", **line}]
    return books.post("invoice", date=date, party="JANE", lines=lines)


def stock(books: Books, method: str, **item: Any) -> None:
    books.items.add("stock", sku="A", name="A", cost_method=method, **item)


def test_last_in_first_out(books: Books, buy: Buy) -> None:
    stock(books, "lifo")
    buy("A", 10, "10", "2026-01-01")
    buy("A", 10, "20", "2026-01-02")
    assert sell(books, 12, "2026-01-03").cogs == Decimal("220.00")
    sell(books, 2, "2026-01-01T12:00")
    assert books.stock.value("A") == Decimal("60.00")


def test_lots_are_pools_of_their_own(books: Books, buy: Buy) -> None:
    stock(books, "specific")
    first = buy("A", 10, "10", "2026-01-01")
    lines = [{"item": "A", "quantity": 10, "unit_cost": "20", "lot": "L2"}]
    books.post("bill", date="2026-01-02", party="ACME", lines=lines)
    with pytest.raises(Refused, match="LOT_MISSING"):
        sell(books, 1, "2026-01-03")
    sale = sell(books, 3, "2026-01-03", lot="L2")
    assert (sale.cogs, sell(books, 1, "2026-01-03", lot=f"{first.number}#1").cogs) == (Decimal("60.00"), Decimal("10.00"))
    with pytest.raises(Refused, match="lot L2 at MAIN has 7, 8 needed"):
        sell(books, 8, "2026-01-03", lot="L2")
    lines = [{"from": sale.number, "quantity": 1, "restock": True}]
    assert books.post("credit_note", date="2026-01-04", party="JANE", lines=lines).cogs == Decimal("-20.00")


def test_standard_cost(books: Books, buy: Buy, balances: Balances) -> None:
    """Bought at 12 against a rate of 10; the rate becomes 11; freight that comes late is variance too."""
    stock(books, "standard", cost="10")
    bill = buy("A", 10, "12")
    assert (balances()[INVENTORY], balances()[VARIANCE]) == ("100.00", "20.00")
    assert sell(books, 4, "2026-01-03").cogs == Decimal("40.00")
    books.post("revaluation", date="2026-01-04", lines=[{"item": "A", "unit_cost": "11"}])
    assert (balances()[INVENTORY], balances()[REVALUED]) == ("66.00", "-6.00")
    books.post("landed_cost", date="2026-01-05", amount="5", apply_to=[{"from": bill.number}])
    assert (balances()[INVENTORY], balances()[VARIANCE], balances()[CLEARING]) == ("66.00", "25.00", "-5.00")


def test_a_backdated_receipt_meets_the_rate_of_its_day(books: Books, buy: Buy, balances: Balances) -> None:
    stock(books, "standard", cost="10")
    buy("A", 10, "10", "2026-01-02")
    books.post("revaluation", date="2026-01-04", lines=[{"item": "A", "unit_cost": "11"}])
    buy("A", 10, "10", "2026-01-03")
    assert (balances()[INVENTORY], balances()[REVALUED]) == ("220.00", "-20.00")
    assert VARIANCE not in balances()


def test_landed_cost_acts_at_the_receipts_instant(books: Books, buy: Buy, balances: Balances) -> None:
    """10 @ 10, 10 @ 20, 1 out, landed cost 100 on the first: stock 380.00, COGS 20.00."""
    stock(books, "average")
    bill = buy("A", 10, "10", "2026-01-01")
    buy("A", 10, "20", "2026-01-02")
    sell(books, 1, "2026-01-03")
    books.parties.add("DHL", kinds=["supplier"])
    landed = books.post("landed_cost", date="2026-01-04", party="DHL", amount="100", apply_to=[{"from": bill.number}])
    assert (balances()[INVENTORY], balances()[COGS], balances().get(CLEARING)) == ("380.00", "20.00", None)
    books.void(landed.number)
    assert (balances()[INVENTORY], balances()[COGS]) == ("285.00", "15.00")


@pytest.mark.parametrize(
    ("by", "expected"),
    [("value", ["3.34", "6.66"]), ("quantity", ["6.67", "3.33"]), ("weight", ["2.00", "8.00"]), ("equal", ["5.00", "5.00"])],
)
def test_landed_cost_by(books: Books, by: str, expected: list[str]) -> None:
    books.items.add("stock", sku="A", name="A", weight="1")
    books.items.add("stock", sku="B", name="B", weight="8")
    lines = [{"item": "A", "quantity": 2, "amount": "5.01"}, {"item": "B", "quantity": 1, "amount": "9.99"}]
    receipt = books.post("receipt", date="2026-01-01", party="ACME", lines=lines)
    books.post("landed_cost", date="2026-01-02", amount="10", by=by, apply_to=[{"from": receipt.number}])
    added = [books.stock.value("A") - Decimal("5.01"), books.stock.value("B") - Decimal("9.99")]
    assert [str(amount) for amount in added] == expected


def test_revaluation_of_layers(books: Books, buy: Buy, balances: Balances) -> None:
    """Spread by value: 10 @ 10 and 10 @ 20 less 30.00 = 90.00 and 180.00; something earlier does not change the amount."""
    stock(books, "fifo")
    buy("A", 10, "10", "2026-01-01")
    buy("A", 10, "20", "2026-01-02")
    books.post("revaluation", date="2026-01-03", lines=[{"item": "A", "amount": "-30"}])
    sale = sell(books, 10, "2026-01-04")
    assert sale.cogs == Decimal("90.00")
    buy("A", 2, "5", "2026-01-01T08:00")
    assert balances()[REVALUED] == "30.00"


def test_nothing_to_revalue(books: Books) -> None:
    stock(books, "average")
    with pytest.raises(Refused, match="NOTHING_TO_REVALUE"):
        books.post("revaluation", date="2026-01-03", lines=[{"item": "A", "unit_cost": "1"}])


def test_a_change_of_method_is_value_neutral(books: Books, buy: Buy, balances: Balances) -> None:
    stock(books, "average")
    buy("A", 10, "10", "2026-01-01")
    buy("A", 10, "20", "2026-01-02")
    sell(books, 5, "2026-01-03")
    before = balances()
    books.post("method_change", date="2026-01-04", lines=[{"item": "A", "cost_method": "fifo"}])
    assert balances() == before
    buy("A", 5, "40", "2026-01-05")
    assert sell(books, 15, "2026-01-06").cogs == Decimal("225.00")
    assert books.stock.value("A") == Decimal("200.00")


def test_provisional_issues_are_trued_up_when_covered(books: Books, buy: Buy, balances: Balances) -> None:
    """−5 @ 100 covered by 1 @ 10: the other four stay −400.00."""
    books.settings.set("negative_stock", "provisional")
    stock(books, "average", cost="100")
    sale = sell(books, 5, "2026-01-03")
    assert (sale.cogs, books.stock.value("A")) == (Decimal("500.00"), Decimal("-500.00"))
    cover = buy("A", 1, "10", "2026-01-05")
    assert (balances()[COGS], books.stock.value("A")) == ("410.00", Decimal("-400.00"))
    trued = [entry for entry in books.docs.entries(sale.number) if entry["caused_by"] == cover.number]
    assert {entry["date"] for entry in trued} == {"2026-01-05"}
    buy("A", 10, "20", "2026-01-06")
    assert (balances()[COGS], books.stock.value("A")) == ("90.00", Decimal("120.00"))
    books.void(cover.number)
    assert (balances()[COGS], books.stock.value("A")) == ("100.00", Decimal("100.00"))


def test_pending_issues_have_no_cost_until_covered(books: Books, buy: Buy, balances: Balances) -> None:
    books.settings.set("negative_stock", "pending")
    stock(books, "fifo", cost="100")
    assert sell(books, 2, "2026-01-03").cogs == 0
    buy("A", 20, "3.33", "2026-01-05")
    assert (balances()[COGS], books.stock.value("A")) == ("6.66", Decimal("59.94"))


def test_builds_never_go_short(books: Books) -> None:
    books.settings.set("negative_stock", "provisional")
    stock(books, "average", cost="1")
    books.items.add("assembly", sku="M", name="M", components=[{"sku": "A", "quantity": "1"}])
    with pytest.raises(Refused, match="INSUFFICIENT_STOCK"):
        books.post("build", date="2026-01-03", lines=[{"item": "M", "quantity": 1}])
