"""Rules of documents and costing that no worked example shows, each with its figures."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.books import balances, dump, held, refused
from wares import Books, Refused

Buy = Callable[..., Any]
INVENTORY, PAYABLE, CLEARING, COGS = "1300", "2000", "2250", "5000"
VARIANCE, BUILD_VARIANCE, REVALUATION = "5100", "5200", "5400"


def goods(books: Books, sku: str = "A", **facts: Any) -> None:
    books.items.add("stock", sku=sku, name=sku, price="30", **facts)


def sell(books: Books, quantity: object, date: str, **line: Any) -> Any:
    return books.post("invoice", date=date, party="JANE", lines=[{"item": "A", "quantity": quantity, **line}])


# --- what goods are worth that nobody priced -------------------------------------------------------------------------


def test_what_comes_back_unlinked_is_worth_what_is_known_best(books: Books, buy: Buy) -> None:
    """Nothing is known: refused. Else the item's cost, the last in the pool, what is there, what the line says; zero is a cost."""

    def comes_back(day: int, **line: Any) -> str:
        before = books.stock.value("A")
        lines = [{"item": "A", "quantity": 1, "restock": True, "amount": "30", **line}]
        books.post("credit_note", date=f"2026-01-{day:02d}", party="JANE", lines=lines)
        return str(books.stock.value("A") - before)

    goods(books)
    assert refused(lambda: comes_back(1)) == [("NO_COST", "lines[0].unit_cost")]
    books.items.edit("A", cost="4")
    assert comes_back(2) == "4.00"
    sell(books, 1, "2026-01-03")
    buy("A", 1, "7", "2026-01-04")
    sell(books, 1, "2026-01-05")
    assert comes_back(6) == "7.00"
    buy("A", 1, "10", "2026-01-07")
    assert comes_back(8) == "8.50"
    assert comes_back(9, unit_cost="2") == "2.00"
    assert comes_back(10, unit_cost="0") == "0.00"


def test_goods_issued_before_they_came_need_some_cost(books: Books, buy: Buy) -> None:
    """The last in the pool, else the item's, else they are refused."""
    books.settings.set("negative_stock", "provisional")
    goods(books)
    assert refused(lambda: sell(books, 1, "2026-01-02"))[0][0] == "NO_COST"
    books.items.edit("A", cost="4")
    assert sell(books, 1, "2026-01-02").cogs == Decimal("4.00")
    buy("A", 2, "9", "2026-01-03")
    assert sell(books, 3, "2026-01-04").cogs == Decimal("27.00")  # one that is there, two at what it had cost
    buy("A", 2, "9", "2026-01-05")


@pytest.mark.parametrize("policy", ["provisional", "pending"])
def test_goods_do_not_go_back_before_they_came(books: Books, buy: Buy, policy: str) -> None:
    books.settings.set("negative_stock", policy)
    books.locations.add("SHOP", name="The shop")
    goods(books, cost="4")
    bill = buy("A", 3, "5").number
    receipt = books.post("receipt", date="2026-01-01", party="ACME", lines=[{"item": "A", "quantity": 2, "unit_cost": "5"}]).number
    sell(books, 5, "2026-01-02")
    credit = {"date": "2026-01-03", "party": "ACME"}
    for type, keys in (
        ("supplier_credit", {**credit, "lines": [{"from": bill, "quantity": 1}]}),
        ("supplier_return", {**credit, "lines": [{"from": receipt, "quantity": 1}]}),
        ("transfer", {"date": "2026-01-03", "to_location": "SHOP", "lines": [{"item": "A", "quantity": 1}]}),
    ):
        assert refused(partial(books.post, type, **keys))[0][0] == "INSUFFICIENT_STOCK"


# --- where differences go --------------------------------------------------------------------------------------------


def test_a_late_cost_of_goods_that_went_back_is_price_variance(books: Books, buy: Buy) -> None:
    """Ten at 10.00, four sold, two sent back, and a freight of 20.00: 8.00, 4.00, and 8.00 on the four that are left."""
    goods(books, cost_method="fifo")
    bill = buy("A", 10, "10").number
    sell(books, 4, "2026-01-02")
    books.post("supplier_credit", date="2026-01-03", party="ACME", lines=[{"from": bill, "quantity": 2}])
    books.post("landed_cost", date="2026-01-04", amount="20.00", apply_to=[{"from": bill}])
    found = balances(books)
    assert (found[COGS], found[VARIANCE], found[INVENTORY]) == ("48.00", "4.00", "48.00")


def test_the_guard_of_the_average_when_goods_go_back(books: Books, buy: Buy) -> None:
    """10 at 10 and 10 at 20, 12 sold at 15: of the 120.00 left four can take 80.00 with them, the next three not 60.00."""
    goods(books)
    buy("A", 10, "10")
    dear = buy("A", 10, "20", "2026-01-02").number
    sell(books, 12, "2026-01-03")
    back = {"party": "ACME", "date": "2026-01-04"}
    books.post("supplier_credit", lines=[{"from": dear, "quantity": 4}], **back)  # 80.00 is there: taken at its receipt's cost
    assert (held(books, "A"), balances(books).get(VARIANCE)) == ((4, Decimal("40.00")), None)
    books.post("supplier_credit", lines=[{"from": dear, "quantity": 3}], **back)  # 60.00 is not: at the average
    assert (held(books, "A"), balances(books)[VARIANCE]) == ((1, Decimal("10.00")), "-30.00")
    books.post("supplier_credit", lines=[{"from": dear, "quantity": 1}], **back)  # the last: nothing stays without goods
    assert (held(books, "A"), balances(books)[VARIANCE]) == ((0, Decimal("0.00")), "-40.00")


def test_at_standard_every_difference_has_its_account(books: Books, buy: Buy) -> None:
    """Rates 10 and 50: a bill at 12, a freight of 3.00, a build of goods for 30.00, a new rate of 11, a return of what was sold."""
    goods(books, cost="10", cost_method="standard")
    books.items.add("stock", sku="P", name="P")
    buy("P", 3, "10")
    parts = [{"sku": "P", "quantity": 3}]
    books.items.add("assembly", sku="M", name="M", cost="50", cost_method="standard", components=parts)
    bill = buy("A", 10, "12").number
    assert (balances(books)[VARIANCE], books.stock.value("A")) == ("20.00", 100)
    books.post("landed_cost", date="2026-01-02", amount="3.00", apply_to=[{"from": bill}])
    assert (balances(books)[VARIANCE], balances(books)[CLEARING], books.stock.value("A")) == ("23.00", "-3.00", 100)
    books.post("build", date="2026-01-03", lines=[{"item": "M", "quantity": 1}])
    assert (balances(books)[BUILD_VARIANCE], books.stock.value("M")) == ("-20.00", 50)
    sale = sell(books, 2, "2026-01-04")
    books.post("revaluation", date="2026-01-05", lines=[{"item": "A", "unit_cost": "11"}])
    assert (sale.cogs, balances(books)[REVALUATION], books.stock.value("A")) == (20, "-8.00", 88)
    books.post("credit_note", date="2026-01-06", party="JANE", lines=[{"from": sale.number, "quantity": 2, "restock": True}])
    assert (balances(books).get(COGS), balances(books)[VARIANCE], books.stock.value("A")) == (None, "21.00", 110)
    books.post("supplier_credit", date="2026-01-07", party="ACME", lines=[{"from": bill, "quantity": 1}])
    assert (balances(books)[VARIANCE], books.stock.value("A")) == ("20.00", 99)


def test_cost_of_goods_sold_stands_on_the_later_of_delivery_and_invoice(books: Books, buy: Buy) -> None:
    goods(books)
    buy("A", 10, "5")
    books.settings.set("cogs_at", "invoice")
    delivery = books.post("delivery", date="2026-01-05", party="JANE", lines=[{"item": "A", "quantity": 2}])
    books.post("invoice", date="2026-01-10", party="JANE", lines=[{"from": delivery.number}])
    first = books.post("invoice", date="2026-01-12", party="JANE", goods="later", lines=[{"item": "A", "quantity": 3}])
    books.post("delivery", date="2026-01-20", party="JANE", lines=[{"from": first.number}])
    assert [balances(books, at=f"2026-01-{day}").get(COGS) for day in ("09", "10", "19", "20")] == [None, "10.00", "10.00", "25.00"]


# --- identity and order ----------------------------------------------------------------------------------------------


def test_a_reference_is_given_once_per_party_and_type(books: Books) -> None:
    books.parties.add("OTHER", kinds=["supplier"])
    lines = [{"description": "Rent", "amount": "5.00"}]

    def post(type: str = "bill", party: str = "ACME") -> str:
        return books.post(type, date="2026-01-05", party=party, reference="77", lines=lines).number

    first = post()
    assert refused(post) == [("DUPLICATE_REFERENCE", "reference")]
    assert post(party="OTHER")
    assert post(type="cash_purchase")
    books.void(first)
    assert post()


def test_a_refused_document_takes_no_number(books: Books) -> None:
    goods(books)
    assert refused(lambda: sell(books, 1, "2026-01-05"))[0][0] == "INSUFFICIENT_STOCK"
    posted = books.post("invoice", date="2026-01-05", party="JANE", lines=[{"description": "x", "amount": "5"}])
    assert (posted.number, posted.entries[0]["entry"]) == ("INV-00001", 1)


def test_a_preview_is_what_would_be_posted_and_writes_nothing(books: Books, buy: Buy) -> None:
    goods(books)
    buy("A", 3, "5")
    before = dump(books)
    record = {"date": "2026-01-05", "party": "JANE", "lines": [{"item": "A", "quantity": 2}]}
    preview = books.preview("invoice", **record)
    assert (preview.status, dump(books)) == ("preview", before)
    posted = books.post("invoice", **record)
    assert (preview.number, preview.cogs, preview.entries) == (posted.number, posted.cogs, posted.entries)


def test_of_one_instant_what_was_recorded_first_is_first_and_an_edit_keeps_its_place(books: Books, buy: Buy) -> None:
    """Of one day: a purchase at 4, a sale, a purchase at 10; the first is edited to 6, and the sale still comes after it alone."""
    goods(books)
    first = buy("A", 2, "4", "2026-01-05").number
    sale = sell(books, 1, "2026-01-05").number
    buy("A", 2, "10", "2026-01-05")
    lines = [{"item": "A", "quantity": 2, "unit_cost": "6"}]
    books.post("bill", revises=first, date="2026-01-05", party="ACME", lines=lines)
    assert (balances(books)[COGS], held(books, "A")) == ("6.00", (3, Decimal("26.00")))
    assert refused(lambda: sell(books, 1, "2026-01-04T23:59:59"))[0][0] == "INSUFFICIENT_STOCK"  # a bare day begins at 00:00
    assert books.docs.show(sale)["number"] == sale


def test_a_line_is_fulfilled_in_parts_and_never_twice(books: Books, buy: Buy) -> None:
    goods(books)
    buy("A", 5, "5")
    delivery = books.post("delivery", date="2026-01-05", party="JANE", lines=[{"item": "A", "quantity": 5}]).number

    def invoice(*quantities: int) -> Any:
        lines = [{"from": f"{delivery}#1", "quantity": quantity} for quantity in quantities]
        return books.post("invoice", date="2026-01-06", party="JANE", lines=lines)

    invoice(2)
    with pytest.raises(Refused, match="has 3 left, not 4"):
        invoice(4)
    with pytest.raises(Refused, match="has 1 left, not 2"):
        invoice(2, 2)
    invoice(1, 2)
    assert refused(lambda: invoice(1)) == [("MORE_THAN_LEFT", "lines[0].quantity")]


# --- refused, and why ------------------------------------------------------------------------------------------------


@pytest.fixture
def sold_out(books: Books, buy: Buy) -> Books:
    """Ten came, eight and then two were sold; two lots; goods billed that have not come."""
    goods(books, cost_method="fifo")
    buy("A", 10, "5", "2026-01-05")
    books.locations.add("SHOP", name="The shop")
    for day, quantity in (("20", 8), ("25", 2)):
        lines = [{"item": "A", "quantity": quantity}]
        books.post("invoice", number=f"I-{day}", date=f"2026-01-{day}", party="JANE", lines=lines)
    books.items.add("stock", sku="L", name="L", price="30", cost_method="specific")
    lots = [{"item": "L", "quantity": 3, "unit_cost": "5", "lot": lot} for lot in ("X", "Y")]
    books.post("bill", date="2026-01-05", party="ACME", lines=lots)
    goods(books, "N")
    lines = [{"item": "N", "quantity": 3, "unit_cost": "5"}]
    books.post("bill", number="B-LATER", date="2026-01-06", party="ACME", goods="later", lines=lines)
    return books


@pytest.mark.parametrize(
    ("type", "line", "first"),
    [
        ("invoice", {"item": "A", "quantity": 1}, "I-25"),
        ("adjustment", {"item": "A", "quantity": -5}, "I-20"),
        ("count", {"item": "A", "counted": 9}, "I-25"),
        ("transfer", {"item": "A", "quantity": 3}, "I-20"),
    ],
)
def test_a_late_document_is_refused_for_the_first_that_would_fail(
    sold_out: Books, type: str, line: dict[str, Any], first: str
) -> None:
    before = dump(sold_out)
    keys = {"invoice": {"party": "JANE"}, "transfer": {"to_location": "SHOP"}}.get(type, {})
    with pytest.raises(Refused) as refusal:
        sold_out.post(type, date="2026-01-10", lines=[line], **keys)
    assert [(issue.code, issue.where) for issue in refusal.value.issues] == [("LATER_SHORT", first)]
    assert dump(sold_out) == before


@pytest.mark.parametrize(
    ("date", "code", "named"), [(None, "LATER_SHORT", "I-20"), ("2026-02-01", "INSUFFICIENT_STOCK", "BILL-00001")]
)
def test_a_void_whose_goods_are_gone(sold_out: Books, date: str | None, code: str, named: str) -> None:
    with pytest.raises(Refused) as refusal:
        sold_out.void("BILL-00001", date=date)
    assert [(issue.code, issue.where) for issue in refusal.value.issues] == [(code, named)]
    assert "void" in refusal.value.issues[0].hint


def test_a_lot_may_be_short_though_there_is_enough(sold_out: Books) -> None:
    line = {"item": "L", "quantity": 4, "lot": "X"}
    with pytest.raises(Refused, match="L of lot X at MAIN has 3, 4 needed") as refusal:
        sold_out.post("invoice", date="2026-02-01", party="JANE", lines=[line])
    assert refusal.value.issues[0].hint == "name another lot for the rest: Y"


@pytest.mark.parametrize(
    ("origin", "code"),
    [("B-LATER", "NOT_RECEIVED"), ("I-20", "NOT_RECEIVED"), ("R-9", "UNKNOWN_DOCUMENT"), ("BILL-00001#7", "UNKNOWN_LINE")],
)
def test_freight_belongs_to_goods_that_came(sold_out: Books, origin: str, code: str) -> None:
    landed = {"date": "2026-02-01", "amount": "5", "apply_to": [{"from": origin}]}
    assert refused(lambda: sold_out.post("landed_cost", **landed)) == [(code, "apply_to[0].from")]


def test_value_is_not_changed_of_nothing_below_nothing_or_in_a_closed_period(sold_out: Books) -> None:
    def revalue(**line: Any) -> Any:
        return sold_out.post("revaluation", date="2026-02-01", lines=[line])

    assert refused(lambda: revalue(item="A", unit_cost="4")) == [("NOTHING_TO_REVALUE", "lines[0]")]
    assert refused(lambda: revalue(item="L", lot="X", amount="-16")) == [("BELOW_ZERO", "lines[0]")]
    sold_out.gl.close("2026-01-31")
    change = {"date": "2026-01-31", "lines": [{"item": "A", "cost_method": "average"}]}
    assert refused(lambda: sold_out.post("method_change", **change)) == [("PERIOD_CLOSED", "date")]


def test_a_reversal_is_final(sold_out: Books) -> None:
    sold_out.void("I-25", date="2026-02-01")
    with pytest.raises(Refused, match="I-25-R is a reversal, which is final") as refusal:
        sold_out.void("I-25-R")
    assert refusal.value.issues[0].hint == "record what it took back as a new document"
