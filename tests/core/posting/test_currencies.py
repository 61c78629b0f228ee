"""Documents in another currency than the company's: the books are in dollars, documents in euros, yen (0 decimals), dinars (3)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from tests.books import refused
from wares import Books

BANK, RECEIVABLE, INVENTORY, PAYABLE, NOT_BILLED = "1010", "1200", "1300", "2000", "2200"
SALES, COGS, VARIANCE, EXCHANGE = "4000", "5000", "5100", "7000"

Balances = Callable[[], dict[str, str]]


@pytest.fixture(autouse=True)
def goods(books: Books) -> None:
    books.items.add("stock", sku="A", name="A", price="50", cost="10")


def euros(rate: str | None = None, **keys: Any) -> dict[str, Any]:
    return {"currency": "EUR", **({"rate": rate} if rate else {}), **keys}


def entry(posted: Any) -> list[tuple[str, str, str, str]]:
    """Account, amount (debit positive), and the same with its currency."""
    return [
        (row["account"], str(row["debit"] - row["credit"]), str(row["currency_amount"]), row["currency"]) for row in posted.entries
    ]


# --- sales -----------------------------------------------------------------------------------------------------------


def test_an_invoice_stands_in_both_currencies(books: Books) -> None:
    lines = [{"description": "x", "amount": "33.33"}, {"description": "y", "amount": "66.68"}]
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=lines, **euros("1.5"))
    assert sorted(entry(sale)) == [
        (RECEIVABLE, "150.02", "100.01", "EUR"),
        (SALES, "-100.02", "-66.68", "EUR"),
        (SALES, "-50.00", "-33.33", "EUR"),
    ]
    assert (sale.currency, str(sale.total), str(sale.base_total)) == ("EUR", "100.01", "150.02")


@pytest.mark.parametrize(
    ("currency", "rate", "amount", "base"),
    [
        ("JPY", "0.0066875201", "149530", "999.98"),
        ("KWD", "3.2512", "10.005", "32.53"),
        ("VND", "0.0000392157", "1000000", "39.22"),
    ],
)
def test_each_currency_has_its_own_decimals(books: Books, currency: str, rate: str, amount: str, base: str) -> None:
    lines = [{"description": "x", "amount": amount}]
    sale = books.post("invoice", date="2026-01-02", party="JANE", currency=currency, rate=rate, lines=lines)
    assert entry(sale) == [(SALES, f"-{base}", f"-{amount}", currency), (RECEIVABLE, base, amount, currency)]
    shown = books.docs.show(sale.number)
    assert [str(shown[key]) for key in ("currency", "rate", "total", "base_total")] == [currency, rate, amount, base]
    assert (str(shown["lines"][0]["amount"]), str(shown["lines"][0]["base_amount"])) == (amount, base)


def test_prices_of_the_master_are_turned_into_the_currency_of_the_document(books: Books, buy: Callable[..., Any]) -> None:
    buy("A", 1, "10")
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=[{"item": "A", "quantity": 1}], **euros("1.25"))
    assert (str(sale.total), str(sale.base_total), str(sale.cogs)) == ("40.00", "50.00", "10.00")


def test_a_payment_settles_at_the_rate_of_its_invoice(books: Books, balances: Balances) -> None:
    """100 at 1.10, paid in thirds at other rates: the receivable ends at zero in both, the rest is exchange."""
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=[{"description": "x", "amount": "100"}], **euros("1.10"))
    for day, rate, amount in (("03", "1.20", "33.33"), ("04", "1.00", "33.33"), ("05", "1.10", "33.34")):
        books.post("payment", date=f"2026-01-{day}", direction="in", party="JANE", account=BANK, amount=amount,
                   apply_to=[{"number": sale.number}], **euros(rate))  # fmt: skip
    assert books.docs.show(sale.number)["settled"] == 100
    assert balances() == {BANK: "110.00", SALES: "-110.00"}


def test_a_payment_shows_its_exchange_difference(books: Books) -> None:
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=[{"description": "x", "amount": "100"}], **euros("1.10"))
    paid = books.post("payment", date="2026-01-05", direction="in", party="JANE", account=BANK, amount="120",
                      apply_to=[{"number": sale.number}], **euros("1.20"))  # fmt: skip
    assert entry(paid) == [
        (BANK, "144.00", "120.00", "EUR"),
        (RECEIVABLE, "-134.00", "-120.00", "EUR"),  # 110.00 of the invoice, 24.00 of open credit at its own rate
        (EXCHANGE, "-10.00", "-10.00", "USD"),
    ]
    back = books.post("refund", date="2026-01-06", direction="out", party="JANE", account=BANK, amount="20",
                      apply_to=[{"number": paid.number}], **euros("1.30"))  # fmt: skip
    assert entry(back)[1:] == [(RECEIVABLE, "24.00", "20.00", "EUR"), (EXCHANGE, "2.00", "2.00", "USD")]


def test_no_more_is_refunded_of_a_payment_than_it_left_open(books: Books) -> None:
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=[{"description": "x", "amount": "100"}])
    paid = books.post("payment", date="2026-01-05", direction="in", party="JANE", account=BANK, amount="120",
                      apply_to=[{"number": sale.number}])  # fmt: skip
    refund = {"date": "2026-01-06", "direction": "out", "party": "JANE", "account": BANK}
    issue = refused(lambda: books.post("refund", amount="21", apply_to=[{"number": paid.number, "amount": "21"}], **refund))
    assert issue[0] == ("OVER_APPLIED", "apply_to[0]")


def test_a_supplier_is_paid_likewise(books: Books, balances: Balances) -> None:
    bill = books.post("bill", date="2026-01-02", party="ACME", lines=[{"description": "x", "amount": "100"}], **euros("1.10"))
    books.post("payment", date="2026-01-05", direction="out", party="ACME", account=BANK, amount="100",
               apply_to=[{"number": bill.number}], **euros("1.20"))  # fmt: skip
    assert {account: balances().get(account) for account in (BANK, PAYABLE, EXCHANGE)} == {
        BANK: "-120.00", PAYABLE: None, EXCHANGE: "10.00",
    }  # fmt: skip


def test_a_credit_note_takes_back_at_the_rate_of_its_invoice(
    books: Books, balances: Balances, buy: Callable[..., Any]
) -> None:  # fmt: skip
    """Three for 100.00, each credited by itself: nothing is left of the invoice in either currency."""
    buy("A", 3, "10")
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=[{"item": "A", "quantity": 3, "amount": "100"}],
                      **euros("1.0007"))  # fmt: skip
    line = {"from": sale.number, "quantity": 1, "restock": True}
    credits = [books.post("credit_note", date=f"2026-02-0{day}", party="JANE", lines=[line], **euros()) for day in (1, 2, 3)]
    assert [str(each.total) for each in credits] == ["33.33", "33.34", "33.33"]
    assert sum(each.base_total for each in credits) == sale.base_total
    assert balances() == {INVENTORY: "30.00", PAYABLE: "-30.00"}


def test_a_credit_in_between_that_is_voided_leaves_no_cent(books: Books, balances: Balances) -> None:
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=[{"description": "x", "quantity": 3, "amount": "100"}],
                      **euros("1.0007"))  # fmt: skip
    credits = [
        books.post("credit_note", date="2026-02-01", party="JANE", lines=[{"from": sale.number, "quantity": 1}], **euros()).number
        for _ in range(2)
    ]
    books.void(credits[0])
    books.post("credit_note", date="2026-02-02", party="JANE", lines=[{"from": sale.number}], **euros())
    assert balances() == {}


def test_a_credit_note_has_the_rate_of_what_it_takes_back_or_its_own(books: Books) -> None:
    lines = [{"description": "x", "amount": "100"}]
    first, other = (books.post("invoice", date="2026-01-02", party="JANE", lines=lines, **euros(rate)) for rate in ("1.1", "1.2"))

    def credit(*of: str, **keys: Any) -> Any:
        return books.post("credit_note", date="2026-01-05", party="JANE", lines=[{"from": each} for each in of], **keys)

    assert refused(lambda: credit(first.number))[0] == ("OTHER_CURRENCY", "lines[0].from")
    assert refused(lambda: credit(first.number, **euros("1.3")))[0] == ("OTHER_RATE", "rate")
    assert refused(lambda: credit(first.number, other.number, **euros()))[0] == ("SEVERAL_RATES", "lines")
    assert str(credit(first.number, **euros("1.1")).base_total) == "110.00"
    goodwill = books.post("credit_note", date="2026-01-05", party="JANE", lines=[{"description": "sorry", "amount": "5"}],
                          **euros("1.3"))  # fmt: skip
    assert str(goodwill.base_total) == "6.50"


# --- purchases -------------------------------------------------------------------------------------------------------


def receive(books: Books, quantity: int, unit_cost: str, rate: str) -> str:
    lines = [{"item": "A", "quantity": quantity, "unit_cost": unit_cost}]
    return books.post("receipt", date="2026-01-02", party="ACME", lines=lines, **euros(rate)).number


def test_a_bill_at_another_rate_leaves_the_goods_alone(books: Books, balances: Balances) -> None:
    receipt = receive(books, 3, "33.33", "1.10")
    assert balances() == {INVENTORY: "109.99", NOT_BILLED: "-109.99"}
    for quantity, rate in ((1, "1.20"), (2, "1.00")):
        books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": receipt, "quantity": quantity}], **euros(rate))
    assert balances() == {INVENTORY: "109.99", PAYABLE: "-106.66", EXCHANGE: "-3.33"}


def test_only_a_price_that_differs_re_costs_at_the_rate_of_the_receipt(books: Books, balances: Balances) -> None:
    receipt = receive(books, 10, "3.00", "1.40")
    bill = books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": receipt, "unit_cost": "3.20"}], **euros("0.50"))
    assert entry(bill) == [
        (NOT_BILLED, "44.80", "44.80", "USD"), (PAYABLE, "-16.00", "-32.00", "EUR"), (EXCHANGE, "-28.80", "-28.80", "USD"),
    ]  # fmt: skip
    assert balances() == {INVENTORY: "44.80", PAYABLE: "-16.00", EXCHANGE: "-28.80"}


def test_a_service_received_before_it_is_billed(books: Books, balances: Balances) -> None:
    books.items.add("service", sku="WORK", name="Work", cost="20")
    receipt = books.post("receipt", date="2026-01-02", party="ACME", lines=[{"item": "WORK", "quantity": 1, "unit_cost": "30"}],
                         **euros("1.10"))  # fmt: skip
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": receipt.number, "unit_cost": "31"}], **euros("1.00"))
    assert {k: v for k, v in balances().items() if k != PAYABLE} == {"6000": "34.10", EXCHANGE: "-3.10"}


def test_a_charge_into_cost_comes_along(books: Books, balances: Balances) -> None:
    books.items.add("charge", sku="FREIGHT", name="Freight", attributes={"into_cost": True, "amount": "11.00"})
    bill = books.post("bill", date="2026-01-02", party="ACME", goods="later",
                      lines=[{"item": "A", "quantity": 10, "unit_cost": "3.00"}, {"item": "FREIGHT"}], **euros("1.10"))  # fmt: skip
    assert str(bill.total) == "40.00"  # 11.00 of ours are 10.00 of theirs
    books.post("receipt", date="2026-01-05", party="ACME", lines=[{"from": f"{bill.number}#1"}], **euros())
    assert balances() == {INVENTORY: "44.00", PAYABLE: "-44.00"}


def test_goods_go_back_at_what_they_came_at(books: Books, balances: Balances) -> None:
    """Received at 1.40, billed at 1.00: the credit takes both back in proportion."""
    receipt = receive(books, 3, "10", "1.40")
    bill = books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": receipt}], **euros("1.00"))
    assert balances() == {INVENTORY: "42.00", PAYABLE: "-30.00", EXCHANGE: "-12.00"}
    credit = books.post("supplier_credit", date="2026-01-06", party="ACME", lines=[{"from": bill.number, "quantity": 1}], **euros())
    assert (EXCHANGE, "4.00", "4.00", "USD") in entry(credit)
    assert balances() == {INVENTORY: "28.00", PAYABLE: "-20.00", EXCHANGE: "-8.00"}
    books.post("supplier_credit", date="2026-01-07", party="ACME", lines=[{"from": bill.number}], **euros())
    assert balances() == {}


def test_unbilled_goods_go_back_without_a_currency(books: Books, balances: Balances) -> None:
    receipt = receive(books, 3, "33.33", "1.10")
    books.post("supplier_return", date="2026-01-05", party="ACME", lines=[{"from": receipt, "quantity": 1}])
    assert balances() == {INVENTORY: "73.33", NOT_BILLED: "-73.33"}
    books.post("bill", date="2026-01-06", party="ACME", lines=[{"from": receipt}], **euros("1.10"))
    assert balances() == {INVENTORY: "73.33", PAYABLE: "-73.33"}


@pytest.mark.parametrize(
    ("unit_cost", "rate", "payable", "variance", "exchange"),
    [
        ("3.00", "1.00", "-18.00", None, "-7.20"),
        ("3.00", "1.20", "-15.60", None, "-9.60"),
        ("2.50", "1.20", "-18.00", "2.80", "-10.00"),
    ],
)
def test_the_credit_of_goods_that_went_back_is_exchange_but_for_its_price(
    books: Books, balances: Balances, unit_cost: str, rate: str, payable: str, variance: str | None, exchange: str
) -> None:  # fmt: skip
    """Ten at 3.00 came at 1.40 and were billed at 1.00; four go back, at 16.80. Half a euro less for each is 2.00 at 1.40."""
    receipt = receive(books, 10, "3.00", "1.40")
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": receipt}], **euros("1.00"))
    back = books.post("supplier_return", date="2026-01-06", party="ACME", lines=[{"from": receipt, "quantity": 4}]).number
    assert balances() == {INVENTORY: "25.20", NOT_BILLED: "16.80", PAYABLE: "-30.00", EXCHANGE: "-12.00"}
    for _ in range(2):
        line = {"from": back, "quantity": 2, "unit_cost": unit_cost}
        books.post("supplier_credit", date="2026-01-07", party="ACME", lines=[line], **euros(rate))
    expected = {INVENTORY: "25.20", PAYABLE: payable, EXCHANGE: exchange} | ({VARIANCE: variance} if variance else {})
    assert balances() == expected


def test_a_return_is_in_the_currency_of_its_receipt(books: Books) -> None:
    abroad = receive(books, 3, "10", "1.40")
    later, line = receive(books, 3, "10", "1.30"), {"item": "A", "quantity": 1, "unit_cost": "10", "from": None}
    here = books.post("receipt", date="2026-01-02", party="ACME", lines=[line]).number

    def send_back(*receipts: str, **keys: Any) -> Any:
        lines = [{"from": receipt, "quantity": 1} for receipt in receipts]
        return books.post("supplier_return", date="2026-01-05", party="ACME", lines=lines, **keys)

    assert refused(lambda: send_back(abroad, here)) == [("SEVERAL_CURRENCIES", "lines")]
    assert refused(lambda: send_back(abroad, later)) == [("SEVERAL_RATES", "lines")]
    assert refused(lambda: send_back(abroad, currency="USD")) == [("OTHER_CURRENCY", "lines[0].from")]
    shown = books.docs.show(send_back(abroad).number)
    assert (shown["currency"], str(shown["rate"]), shown["total"]) == ("EUR", "1.4", 0)
    assert books.docs.show(send_back(here).number)["currency"] == "USD"


def test_what_went_back_is_credited_in_its_currency(books: Books, balances: Balances) -> None:
    """Billed before it came, at 1.10: what goes back stands for that, and is reversed and sent back again."""
    bill = books.post("bill", date="2026-01-02", party="ACME", goods="later",
                      lines=[{"item": "A", "quantity": 10, "unit_cost": "3.00"}], **euros("1.10"))  # fmt: skip
    receipt = books.post("receipt", date="2026-01-05", party="ACME", lines=[{"from": bill.number}], **euros()).number
    for day in ("06", "08"):
        lines = [{"from": receipt, "quantity": 4}]
        back = books.post("supplier_return", date=f"2026-01-{day}", party="ACME", lines=lines).number
        assert balances() == {INVENTORY: "19.80", NOT_BILLED: "13.20", PAYABLE: "-33.00"}
        if day == "06":
            books.void(back, date="2026-01-07")
            assert balances() == {INVENTORY: "33.00", PAYABLE: "-33.00"}
    line = {"from": back, "unit_cost": "3.00"}
    assert refused(lambda: books.post("supplier_credit", date="2026-01-09", party="ACME", lines=[line])) == [
        ("OTHER_CURRENCY", "lines[0].from")]  # fmt: skip
    books.post("supplier_credit", date="2026-01-09", party="ACME", lines=[line], **euros("1.10"))
    assert balances() == {INVENTORY: "19.80", PAYABLE: "-19.80"}


def test_the_bill_of_what_is_left_after_a_return_sees_no_other_price(books: Books, balances: Balances) -> None:
    """Seven for 10001 yen, 67.01 dollars; one goes back for 9.57, which is 1429 yen and not 1428: nothing re-costs the rest."""
    yen = {"currency": "JPY", "rate": "0.0067", "party": "ACME"}
    receipt = books.post("receipt", date="2026-01-02", lines=[{"item": "A", "quantity": 7, "amount": "10001"}], **yen).number
    books.post("supplier_return", date="2026-01-03", party="ACME", lines=[{"from": receipt, "quantity": 1}])
    assert balances() == {INVENTORY: "57.44", NOT_BILLED: "-57.44"}
    bill = books.post("bill", date="2026-01-05", lines=[{"from": receipt}], **yen)
    assert (str(bill.total), balances()) == ("8572", {INVENTORY: "57.44", PAYABLE: "-57.43", EXCHANGE: "-0.01"})


def test_a_price_reduction_is_taken_off_at_the_rate_of_the_bill(books: Books, balances: Balances) -> None:
    bill = books.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "A", "quantity": 4, "unit_cost": "25"}],
                      **euros("1.10"))  # fmt: skip
    books.post("supplier_credit", date="2026-01-05", party="ACME", goods="none",
               lines=[{"from": bill.number, "amount": "10.00"}], **euros())  # fmt: skip
    assert balances() == {INVENTORY: "99.00", PAYABLE: "-99.00"}


def test_freight_in_another_currency(books: Books, balances: Balances) -> None:
    bill = books.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "A", "quantity": 4, "unit_cost": "25"}])
    cost = books.post(
        "landed_cost", date="2026-01-05", party="ACME", amount="10.00", apply_to=[{"from": bill.number}], **euros("1.1")
    )
    assert balances() == {INVENTORY: "111.00", PAYABLE: "-111.00"}
    books.post("payment", date="2026-01-06", direction="out", party="ACME", account=BANK, amount="10.00",
               apply_to=[{"number": cost.number}], **euros("1.3"))  # fmt: skip
    assert balances() == {INVENTORY: "111.00", PAYABLE: "-100.00", BANK: "-13.00", EXCHANGE: "2.00"}


def test_goods_of_a_standard_cost(books: Books, balances: Balances) -> None:
    books.items.add("stock", sku="S", name="S", cost="10", cost_method="standard")
    books.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "S", "quantity": 2, "unit_cost": "10"}], **euros("1.1"))
    assert balances() == {INVENTORY: "20.00", PAYABLE: "-22.00", VARIANCE: "2.00"}


# --- the ledger itself -----------------------------------------------------------------------------------------------


def test_a_journal_balances_in_both(books: Books) -> None:
    postings = [{"account": BANK, "credit": "0.03"}] + [{"account": "6000", "debit": "0.01", "memo": text} for text in "abc"]
    posted = books.post("journal", date="2026-01-02", postings=postings, **euros("1.5"))
    assert entry(posted) == [
        (BANK, "-0.04", "-0.03", "EUR"), ("6000", "0.02", "0.01", "EUR"), ("6000", "0.01", "0.01", "EUR"),
        ("6000", "0.01", "0.01", "EUR"),
    ]  # fmt: skip


def test_open_items_are_brought_in_and_paid(books: Books, balances: Balances) -> None:
    opened = {"type": "invoice", "number": "OLD-7", "party": "JANE", "date": "2025-12-01", "amount": "90.00"}
    books.post("opening_balance", date="2026-01-01", open_items=[opened], **euros("1.10"))
    books.post("payment", date="2026-01-05", direction="in", party="JANE", account=BANK, amount="90",
               apply_to=[{"number": "OLD-7"}], **euros("1.00"))  # fmt: skip
    assert {account: balances().get(account) for account in (BANK, RECEIVABLE, EXCHANGE)} == {
        BANK: "90.00", RECEIVABLE: None, EXCHANGE: "9.00",
    }  # fmt: skip


def test_opening_stock_is_valued_in_the_currency_of_the_books(books: Books) -> None:
    lines = [{"item": "A", "quantity": 1, "amount": "5"}]
    assert refused(lambda: books.post("opening_balance", date="2026-01-01", lines=lines, **euros("1.1")))[0] == (
        "OTHER_CURRENCY", "lines",
    )  # fmt: skip


@pytest.mark.parametrize("date", [None, "2026-03-01"])
def test_what_is_voided_leaves_nothing_in_either_currency(books: Books, balances: Balances, date: str | None) -> None:
    receipt = receive(books, 3, "10", "1.40")
    bill = books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": receipt, "unit_cost": "11"}], **euros("1.00"))
    paid = books.post("payment", date="2026-01-06", direction="out", party="ACME", account=BANK, amount="33",
                      apply_to=[{"number": bill.number}], **euros("1.20"))  # fmt: skip
    for number in (paid.number, bill.number, receipt):
        books.void(number, date=date)
    assert balances() == {}
    left: dict[str, Decimal] = {}
    for row in books.gl.entries():
        left[row["account"]] = left.get(row["account"], Decimal(0)) + row["currency_amount"]
    assert not any(left.values())


def test_an_edit_keeps_the_currency_or_changes_it(books: Books, balances: Balances) -> None:
    lines = [{"description": "x", "amount": "100"}]
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=lines, **euros("1.10"))
    books.post("invoice", date="2026-01-02", party="JANE", lines=lines, revises=sale.number, **euros("1.20"))
    assert balances() == {RECEIVABLE: "120.00", SALES: "-120.00"}
    books.post("invoice", date="2026-01-02", party="JANE", lines=lines, revises=sale.number)
    assert balances() == {RECEIVABLE: "100.00", SALES: "-100.00"}


def test_exports_have_the_amounts_of_both(books: Books) -> None:
    """As a comment on the books' own, so that their balances are those of the trial balance."""
    books.post("invoice", date="2026-01-02", party="JANE", lines=[{"description": "x", "amount": "100"}],
               currency="JPY", rate="0.0067")  # fmt: skip
    text = {format: StringIO() for format in ("beancount", "hledger", "csv")}
    for format, out in text.items():
        books.gl.export(out, format=format)
    assert "1200-Accounts-receivable  0.67 USD\n" in text["beancount"].getvalue()
    assert "    currency_amount: 100 JPY\n" in text["beancount"].getvalue()
    assert "  0.67 USD  ; role:receivable, party:JANE, currency_amount:100 JPY\n" in text["hledger"].getvalue()
    assert "receivable,0.67,0.00,JPY,100," in text["csv"].getvalue()
