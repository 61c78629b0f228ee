"""Laws of documents in other currencies: entries balance, and what is cleared in one currency is cleared in the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given, note
from hypothesis import strategies as st

from tests.core.laws.histories import law
from tests.core.laws.looks import balances, problems
from wares import Books
from wares.model import Exchange
from wares.storage.currencies import DECIMALS
from wares.values import unrated

Workshop = Callable[..., Books]
BANK, RECEIVABLE, PAYABLE, NOT_BILLED = "1010", "1200", "2000", "2200"

currencies = st.sampled_from(["EUR", "JPY", "KWD"])
rates = st.one_of(st.integers(1, 5 * 10**10), st.sampled_from([10**10, 66_875_201, 31_234_567_891]))
amounts = st.integers(1, 500_000)


class Trade:
    """One trade in a currency, at rates that change from document to document."""

    def __init__(self, books: Books, currency: str) -> None:
        self.books = books
        self.currency = currency
        self.decimals = DECIMALS[currency]

    def money(self, minor: int) -> str:
        return str(Decimal(minor).scaleb(-self.decimals))

    def post(self, type: str, rate: int | None = None, **record: Any) -> Any:
        keys = {"rate": f"{unrated(rate):f}"} if rate is not None else {}
        posted = self.books.post(type, date="2026-01-05", currency=self.currency, **keys, **record)
        note(f"{posted.number} {rate}: {[(row['account'], str(row['debit'] - row['credit'])) for row in posted.entries]}")
        return posted


def abroad(books: Books, account: str) -> Decimal:
    """What postings on an account sum to in their own currencies, where that is not the company's."""
    return sum((row["currency_amount"] for row in books.gl.entries() if row["account"] == account and row["currency"] != "USD"),
               Decimal(0))  # fmt: skip


@given(rate=rates, parts=st.lists(st.integers(-(10**9), 10**9), max_size=8), decimals=st.sampled_from([0, 2, 3]))
def test_parts_come_to_what_their_sum_comes_to(rate: int, parts: list[int], decimals: int) -> None:
    """And each is less than a minor unit from its exact value."""
    exchange = Exchange(rate, decimals, 2)
    turned = exchange.parts(parts)
    assert sum(turned) == exchange.base(sum(parts))
    assert all(
        abs(each * 10**10 * 10**decimals - part * rate * 100) < 10**10 * 10**decimals
        for each, part in zip(turned, parts, strict=True)
    )


class Step(NamedTuple):
    """A part of what is left, at a rate; perhaps taken back at once."""

    part: int
    rate: int
    price: int | None
    voided: bool


steps = st.lists(st.builds(Step, amounts, rates, st.none() | amounts, st.booleans()), max_size=5)


def parts_of(whole: int, taken: list[Step]) -> Iterator[Step]:
    """Steps that take a whole in parts; the last takes the rest."""
    left = whole
    for step in [*taken, Step(whole, 10**10, None, voided=False)]:
        part = min(left, 1 + step.part % left) if step.part < whole else left
        yield step._replace(part=part)
        left -= 0 if step.voided else part
        if not left:
            return


@law()
@given(currency=currencies, rate=rates, rows=st.lists(amounts, min_size=1, max_size=4), taken=steps)
def test_payments_settle_an_invoice_in_both_currencies(
    new_workshop: Workshop, currency: str, rate: int, rows: list[int], taken: list[Step]
) -> None:
    """In as many parts and at whatever rates, some of them voided on the way: the last one leaves nothing open."""
    books = new_workshop()
    trade = Trade(books, currency)
    sale = trade.post("invoice", rate, party="JANE", lines=[{"description": "x", "amount": trade.money(row)} for row in rows])
    for step in parts_of(sum(rows), taken):
        paid = trade.post("payment", step.rate, party="JANE", direction="in", account=BANK, amount=trade.money(step.part),
                          apply_to=[{"number": sale.number}])  # fmt: skip
        if step.voided:
            books.void(paid.number)
    assert abroad(books, RECEIVABLE) == 0
    assert balances(books).get(RECEIVABLE) is None
    assert problems(books) == []


@law()
@given(currency=currencies, rate=rates, rows=st.lists(st.tuples(st.integers(1, 7), amounts), min_size=1, max_size=2), taken=steps)
def test_credits_of_all_leave_nothing(
    new_workshop: Workshop, currency: str, rate: int, rows: list[tuple[int, int]], taken: list[Step]
) -> None:
    """Line by line and in parts, some of them voided on the way."""
    books = new_workshop()
    trade = Trade(books, currency)
    lines = [{"description": "x", "quantity": quantity, "amount": trade.money(amount)} for quantity, amount in rows]
    sale = trade.post("invoice", rate, party="JANE", lines=lines)
    for number, (quantity, _) in enumerate(rows, start=1):
        for step in parts_of(quantity, taken):
            credit = trade.post("credit_note", party="JANE", lines=[{"from": f"{sale.number}#{number}", "quantity": step.part}])
            if step.voided:
                books.void(credit.number)
    assert balances(books) == {}
    assert abroad(books, RECEIVABLE) == 0
    assert problems(books) == []


@law()
@given(currency=currencies, rate=rates, quantity=st.integers(1, 9), worth=amounts, taken=steps)
def test_bills_clear_their_receipt_at_whatever_rate(
    new_workshop: Workshop, currency: str, rate: int, quantity: int, worth: int, taken: list[Step]
) -> None:
    """Billed in parts at other rates and prices: nothing stays on received_not_billed, and goods whose price does not differ keep
    the value at which they came."""
    books = new_workshop()
    trade = Trade(books, currency)
    receipt = trade.post(
        "receipt", rate, party="ACME", lines=[{"item": "SPOKE", "quantity": quantity, "amount": trade.money(worth)}]
    )
    same = True
    for step in parts_of(quantity, taken):
        price = {} if step.price is None else {"amount": trade.money(step.price)}
        bill = trade.post("bill", step.rate, party="ACME", lines=[{"from": receipt.number, "quantity": step.part, **price}])
        same = same and (step.price is None or step.voided)
        if step.voided:
            books.void(bill.number)
    assert balances(books).get(NOT_BILLED) is None
    if same:
        assert books.stock.value("SPOKE") == receipt.base_total
    assert problems(books) == []


@law()
@given(currency=currencies, rate=rates, bill_rate=rates, quantity=st.integers(1, 7), worth=amounts, taken=steps)
def test_goods_billed_and_sent_back_leave_nothing(
    new_workshop: Workshop, currency: str, rate: int, bill_rate: int, quantity: int, worth: int, taken: list[Step]
) -> None:
    """Received at one rate, billed at another, credited in parts: neither goods nor debt nor exchange difference remains."""
    books = new_workshop()
    trade = Trade(books, currency)
    line = {"item": "SPOKE", "quantity": quantity, "amount": trade.money(worth)}
    receipt = trade.post("receipt", rate, party="ACME", lines=[line])
    bill = trade.post("bill", bill_rate, party="ACME", lines=[{"from": receipt.number}])
    for step in parts_of(quantity, taken):
        credit = trade.post("supplier_credit", party="ACME", lines=[{"from": bill.number, "quantity": step.part}])
        if step.voided:
            books.void(credit.number)
    assert balances(books) == {}
    assert abroad(books, PAYABLE) == 0
    assert problems(books) == []
