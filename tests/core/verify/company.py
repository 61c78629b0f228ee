"""A bicycle workshop in a fortnight: a little of everything that posts, late and taken back included."""

from __future__ import annotations

from wares import Books


def build_company(books: Books, *, sealed: bool = True) -> None:
    """Items, then two weeks of documents; the first week is sealed, everything up to 15 January closed."""
    _masters(books)
    _beginning(books)
    books.gl.close("2026-01-01")
    _first_bills(books)
    books.gl.reopen("2026-01-01", reason="an invoice of before")
    _making_and_selling(books)
    _stockroom(books)
    _late_and_taken_back(books)
    _reversed(books)
    _abroad(books)
    if sealed:
        books.gl.seal()
    books.gl.close("2026-01-15")
    books.post("invoice", number="I-9", date="2026-01-16", party="JANE", lines=[{"item": "RIM", "quantity": "1"}])
    _invoiced_later(books)


def _masters(books: Books) -> None:
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.locations.add("SHOP", name="Shop")
    books.items.add("stock", sku="RIM", cost="30", price="50")
    books.items.add("stock", sku="SPOKE", cost="0.25", price="1", cost_method="fifo")
    books.items.add("service", sku="LABOUR", cost="24", price="48")
    books.items.add("stock", sku="NUT", price="10")
    books.accounts.add("1310", name="Nuts", type="asset", roles=["inventory"])
    books.items.add("charge", sku="FREIGHT", attributes={"into_cost": True})
    components = [{"sku": "RIM", "quantity": "1"}, {"sku": "SPOKE", "quantity": "32"}, {"sku": "LABOUR", "quantity": "0.5"}]
    books.items.add("assembly", sku="WHEEL", price="120", components=components)
    contents = [{"sku": "WHEEL", "quantity": "2"}, {"sku": "SPOKE", "quantity": "4"}]
    books.items.add("kit", sku="SET", price="260", components=contents)


def _beginning(books: Books) -> None:
    old = {"type": "invoice", "number": "OLD-7", "party": "JANE", "date": "2025-12-01", "amount": "90.00"}
    books.post(
        "opening_balance", number="OB-1", date="2026-01-01", lines=[{"item": "RIM", "quantity": "5", "amount": "149.99"}],
        postings=[{"account": "1010", "debit": "500.00"}], open_items=[old],
    )  # fmt: skip


def _first_bills(books: Books) -> None:
    books.post("bill", date="2026-01-02", party="ACME", lines=[
        {"item": "RIM", "quantity": "10", "unit_cost": "31"}, {"item": "SPOKE", "quantity": "1000", "unit_cost": "0.25"},
        {"item": "FREIGHT", "amount": "7.77"},
    ])  # fmt: skip
    books.post("receipt", number="R-1", date="2026-01-03", party="ACME", lines=[
        {"item": "SPOKE", "quantity": "300", "unit_cost": "0.333333"}, {"item": "RIM", "quantity": "7", "unit_cost": "29"},
    ])  # fmt: skip


def _making_and_selling(books: Books) -> None:
    books.post("build", number="M-1", date="2026-01-04", lines=[{"item": "WHEEL", "quantity": "8", "scrapped": "1"}])
    books.post("invoice", number="I-1", date="2026-01-05", party="JANE", lines=[
        {"item": "SET", "quantity": "2"}, {"item": "RIM", "quantity": "1"},
        {"description": "fitting", "quantity": "1", "unit_price": "5"},
    ])  # fmt: skip
    half = [{"item": "SPOKE", "from": "R-1#1", "quantity": "200", "unit_cost": "0.36"}]
    books.post("bill", number="B-2", date="2026-01-06", party="ACME", lines=half)
    books.post("credit_note", date="2026-01-07", party="JANE", lines=[{"from": "I-1#1", "quantity": "1", "restock": True}])
    paid = [{"number": "OLD-7", "amount": "60.00"}]
    books.post(
        "payment", number="P-1", date="2026-01-08", direction="in", party="JANE", account="1010", amount="100", apply_to=paid
    )


def _stockroom(books: Books) -> None:
    books.post("transfer", date="2026-01-08", to_location="SHOP", lines=[{"item": "SPOKE", "quantity": "50"}])
    books.post("count", number="C-1", date="2026-01-09", location="SHOP", lines=[{"item": "SPOKE", "counted": "48"}])
    found = [{"item": "RIM", "quantity": "-1"}, {"item": "SPOKE", "quantity": "3"}]
    books.post("adjustment", number="A-1", date="2026-01-09", lines=found)
    books.post("unbuild", number="U-1", date="2026-01-10", lines=[{"item": "WHEEL", "quantity": "2", "from": "M-1"}])
    back = [{"from": "BILL-00001#1", "quantity": "2", "unit_cost": "31"}]
    books.post("supplier_credit", number="SC-1", date="2026-01-11", party="ACME", lines=back)


def _abroad(books: Books) -> None:
    euros = {"currency": "EUR", "party": "ACME"}
    came = [{"item": "SPOKE", "quantity": "100", "unit_cost": "0.30"}]
    books.post("receipt", number="R-EUR", date="2026-01-14", rate="1.1", lines=came, **euros)
    billed = [{"from": "R-EUR", "unit_cost": "0.31"}, {"description": "papers", "amount": "4.01"}]
    books.post("bill", number="B-EUR", date="2026-01-14", rate="1.2", lines=billed, **euros)
    books.post("payment", number="P-EUR", date="2026-01-15", rate="1.25", direction="out", account="1010", amount="35.01",
               apply_to=[{"number": "B-EUR"}], **euros)  # fmt: skip


def _late_and_taken_back(books: Books) -> None:
    late = [{"item": "RIM", "quantity": "2", "unit_cost": "35"}]
    books.post("receipt", number="R-2", date="2026-01-02T12:00", party="ACME", lines=late)
    billed = [{"item": "RIM", "from": "R-2#1", "quantity": "2", "unit_cost": "36"}]
    books.post("bill", number="B-3", date="2026-01-12", party="ACME", lines=billed)
    for number in ("I-2", "I-3"):
        books.post("invoice", number=number, date="2026-01-12", party="JANE", lines=[{"item": "RIM", "quantity": "2"}])
    books.void("I-2")
    books.post("invoice", revises="I-3", date="2026-01-12", party="JANE", lines=[{"item": "RIM", "quantity": "1"}])
    books.post("receipt", number="R-3", date="2026-01-13", party="ACME", lines=late)
    lot = [{"account": "1350", "amount": "50.00", "description": "a lot, to be detailed"}]
    books.post("cash_purchase", number="CP-1", date="2026-01-13", account="1010", lines=lot)
    detail = [{"from": "CP-1#1", "item": "RIM", "quantity": "1", "amount": "34.00"}]
    books.post("purchase_details", number="D-1", lines=detail)
    postings = [{"account": "6100", "debit": "20.00"}, {"account": "1010", "credit": "20.00"}]
    books.post("journal", date="2026-01-14", postings=postings)


def _reversed(books: Books) -> None:
    """Five nuts for 33.33, and all that can be done to them and taken back two days later."""
    books.post("bill", number="B-NUT", date="2026-01-10", party="ACME", lines=[{"item": "NUT", "quantity": "5", "amount": "33.33"}])
    books.post("invoice", number="I-REV", date="2026-01-11", party="JANE", lines=[{"item": "NUT", "quantity": "2"}])
    books.post("count", number="C-REV", date="2026-01-11", lines=[{"item": "NUT", "counted": "2"}])
    books.post("revaluation", number="V-REV", date="2026-01-12", lines=[{"item": "NUT", "amount": "5.00"}])
    books.post("method_change", number="MC-REV", date="2026-01-12", lines=[{"item": "NUT", "cost_method": "fifo"}])
    for number in ("I-REV", "C-REV", "V-REV", "MC-REV"):
        books.void(number, date="2026-01-13")
    books.post("reclassification", number="RC-1", date="2026-01-14", lines=[{"item": "NUT", "account": "1310"}])


def _invoiced_later(books: Books) -> None:
    """Cost waits for the invoices: of three delivered one comes back, before the others are invoiced."""
    books.settings.set("cogs_at", "invoice")
    books.post("count", number="C-9", date="2026-01-16", lines=[{"item": "NUT", "counted": "5"}])
    books.post("delivery", number="DEL-9", date="2026-01-17", party="JANE", lines=[{"item": "NUT", "quantity": "3"}])
    books.post("invoice", number="I-10", date="2026-01-18", party="JANE", lines=[{"from": "DEL-9#1", "quantity": "1"}])
    books.post("customer_return", number="CR-9", date="2026-01-19", party="JANE", lines=[{"from": "DEL-9#1", "quantity": "1"}])
    books.post("invoice", number="I-11", date="2026-01-20", party="JANE", lines=[{"from": "DEL-9#1", "quantity": "1"}])
