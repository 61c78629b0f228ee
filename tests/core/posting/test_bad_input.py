"""What nobody should send: each is refused with a code and the path of the mistake, and nothing is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.books import dump, refused, sound
from tests.core.posting.shop import JANUARY, furnish
from wares import Books, Refused

DEEP: dict[str, Any] = {}
for _ in range(2000):
    DEEP = {"in": DEEP}
NAN, INFINITE = Decimal("NaN"), Decimal("Infinity")


@pytest.fixture(scope="module")
def shop(request: pytest.FixtureRequest) -> Books:
    """The furnished shop. Whatever is refused leaves it as it was, so that all the tests of this file share one."""
    from tests.conftest import make_company

    database = request.getfixturevalue("sqlite_database")
    books = Books(engine=database, company=make_company(database))
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    furnish(books)
    assert sound(books)
    return books


def bill(**line: Any) -> dict[str, Any]:
    return {"type": "bill", "party": "ACME", "lines": [{"item": "BOLT", "quantity": 1, "unit_cost": "1"} | line]}


def sale(*lines: Any, **head: Any) -> dict[str, Any]:
    return {"type": "invoice", "party": "JANE", "lines": list(lines) or [{"item": "HOUR"}]} | head


def line(**keys: Any) -> dict[str, Any]:
    return {"item": "BOLT", "quantity": 1} | keys


def stock(type: str, *lines: Any, **head: Any) -> dict[str, Any]:
    return {"type": type, "lines": list(lines) or [line()]} | head


def journal(*postings: Any, **head: Any) -> dict[str, Any]:
    return {"type": "journal", "postings": list(postings)} | head


def payment(**keys: Any) -> dict[str, Any]:
    return {"type": "payment", "direction": "in", "party": "JANE", "account": "1010", "amount": "10.00"} | keys


def credit(**keys: Any) -> dict[str, Any]:
    return {"type": "credit_note", "party": "JANE", "lines": [{"from": "I-1#1", "quantity": 1} | keys]}


def opening(*open_items: Any, **head: Any) -> dict[str, Any]:
    return {"type": "opening_balance", "open_items": list(open_items)} | head


def opened(**keys: Any) -> dict[str, Any]:
    return {"type": "invoice", "number": "X", "party": "JANE", "date": "2025-12-01", "amount": "1"} | keys


RENT = {"account": "6100", "debit": "20.00"}
BANK = {"account": "1010", "credit": "20.00"}
Q, P, A = "lines[0].quantity", "lines[0].unit_price", "lines[0].amount"

CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    # names that are not recorded
    "unknown document type": ({"type": "offer"}, "UNKNOWN_DOCUMENT_TYPE", "type"),
    "no document type": ({"type": None}, "UNKNOWN_DOCUMENT_TYPE", "type"),
    "document type is a list": ({"type": ["bill"]}, "UNKNOWN_DOCUMENT_TYPE", "type"),
    "unknown item": (sale(line(item="BOLD")), "UNKNOWN_ITEM", "lines[0].item"),
    "unknown party": (sale(party="JIM"), "UNKNOWN_PARTY", "party"),
    "no party": (sale(party=None), "NO_PARTY", "party"),
    "party of the other kind": (sale(party="ACME"), "WRONG_PARTY", "party"),
    "unknown location": (sale(location="MOON"), "UNKNOWN_LOCATION", "location"),
    "unknown location of a line": (sale(line(location="MOON")), "UNKNOWN_LOCATION", "lines[0].location"),
    "unknown account": (sale({"amount": "5.00", "account": "9999"}), "UNKNOWN_ACCOUNT", "lines[0].account"),
    "unknown account of a bill": (bill(item=None, unit_cost="1", account="9999"), "UNKNOWN_ACCOUNT", "lines[0].account"),
    "unknown bank": (payment(account="9999"), "UNKNOWN_ACCOUNT", "account"),
    "unknown key": (sale(colour="red"), "UNKNOWN_KEY", "colour"),
    "unknown line key": (sale(line(colour="red")), "UNKNOWN_KEY", "lines[0].colour"),
    "cost on a sale": (sale(line(unit_cost="5")), "UNKNOWN_KEY", "lines[0].unit_cost"),
    "price on a delivery": ({**sale(line(unit_price="5")), "type": "delivery"}, "UNKNOWN_KEY", "lines[0].unit_price"),
    "counted on an invoice": (sale(line(counted="5")), "UNKNOWN_KEY", "lines[0].counted"),
    "unknown goods": (sale(goods="soon"), "BAD_VALUE", "goods"),
    "goods that go back later": (
        {"type": "supplier_credit", "party": "ACME", "goods": "later", "lines": [{"from": "B-1#1", "quantity": 1}]},
        "BAD_VALUE",
        "goods",
    ),
    "other currency without a rate": (sale(currency="EUR"), "NO_RATE", "rate"),
    "no such currency": (sale(currency="EURO", rate="1.1"), "UNKNOWN_CURRENCY", "currency"),
    "rate of nothing": (sale(currency="EUR", rate="0"), "BAD_VALUE", "rate"),
    "rate below nothing": (sale(currency="EUR", rate="-1.1"), "BAD_VALUE", "rate"),
    "rate of own currency": (sale(rate="1.1"), "RATE_OF_OWN_CURRENCY", "rate"),
    "more decimals than the currency has": (
        sale({"description": "x", "amount": "1.5"}, currency="JPY", rate="0.0067"), "BAD_VALUE", "lines[0].amount",
    ),
    "stock document in another currency": (
        stock("adjustment", {"item": "BOLT", "quantity": "1"}, currency="EUR", rate="1.1"), "OTHER_CURRENCY", "currency",
    ),
    "payment in another currency than the invoice": (
        payment(currency="EUR", rate="1.1", apply_to=[{"number": "I-1"}]), "OTHER_CURRENCY", "currency",
    ),
    # the wrong type of item for the document
    "kit on a bill": (bill(item="TUNE-UP"), "NOT_BOUGHT", "lines[0].item"),
    "discount on a bill": (bill(item="TENOFF"), "NOT_BOUGHT", "lines[0].item"),
    "expense on an invoice": (sale(line(item="RENT")), "NOT_SOLD", "lines[0].item"),
    "calculation on the first row": (sale({"item": "TENOFF"}, line()), "FIRST_ROW", "lines[0]"),
    "master on a line": (sale(line(item="TEE")), "MASTER_ON_LINE", "lines[0].item"),
    "service adjusted": (stock("adjustment", line(item="HOUR")), "NOT_TRACKED", "lines[0].item"),
    "kit counted": (stock("count", {"item": "TUNE-UP", "counted": 1}), "NOT_TRACKED", "lines[0].item"),
    "kit transferred": (stock("transfer", line(item="TUNE-UP"), to_location="SHOP"), "NOT_TRACKED", "lines[0].item"),
    "service in an opening": (stock("opening_balance", line(item="HOUR")), "NOT_TRACKED", "lines[0].item"),
    "retired item": (sale(line(item="OLD")), "ITEM_RETIRED", "lines[0].item"),
    # stock
    "too little stock": (sale(line(quantity=91)), "INSUFFICIENT_STOCK", "lines[0]"),
    "too little in the place": (sale(line(location="SHOP")), "INSUFFICIENT_STOCK", "lines[0]"),
    "too little for both lines": (sale(line(quantity=50), line(quantity=41)), "INSUFFICIENT_STOCK", "lines[1]"),
    "too little for the kit": (sale(line(item="TUNE-UP", quantity=6)), "INSUFFICIENT_STOCK", "lines[0]"),
    "too little to transfer": (stock("transfer", line(quantity=91), to_location="SHOP"), "INSUFFICIENT_STOCK", "lines[0]"),
    "too little to take off": (stock("adjustment", line(quantity="-91")), "INSUFFICIENT_STOCK", "lines[0]"),
    "too little on that day": (sale(line(), date="2026-01-01"), "INSUFFICIENT_STOCK", "lines[0]"),
    "too little later": (sale(line(item="RIM", quantity=4), date="2026-01-06"), "LATER_SHORT", ""),
    # numbers
    "negative quantity": (sale(line(quantity=-1)), "BAD_QUANTITY", Q),
    "no quantity at all": (sale(line(quantity=0)), "BAD_QUANTITY", Q),
    "adjusted by nothing": (stock("adjustment", line(quantity=0)), "BAD_QUANTITY", Q),
    "adjustment without quantity": (stock("adjustment", {"item": "BOLT"}), "NO_QUANTITY", Q),
    "NaN": (sale(line(quantity=NAN)), "BAD_VALUE", Q),
    "NaN as text": (sale(line(quantity="NaN")), "BAD_VALUE", Q),
    "infinite": (sale(line(quantity=INFINITE)), "BAD_VALUE", Q),
    "infinite as text": (sale(line(unit_price="Infinity")), "BAD_VALUE", P),
    "1e30": (sale(line(quantity="1e30")), "BAD_VALUE", Q),
    "1E+30 as Decimal": (sale(line(quantity=Decimal("1E+30"))), "BAD_VALUE", Q),
    "1E+999999 as Decimal": (sale(line(quantity=Decimal("1E+999999"))), "BAD_VALUE", Q),
    "1E-999999 as Decimal": (sale(line(quantity=Decimal("1E-999999"))), "BAD_VALUE", Q),
    "thirty digits": (sale(line(quantity="9" * 30)), "BAD_VALUE", Q),
    "huge whole number": (sale(line(quantity=10**400)), "BAD_VALUE", Q),
    "huge whole text": (sale(line(quantity="1" + "0" * 5000)), "BAD_VALUE", Q),
    "forty decimals": (sale(line(quantity="0." + "1" * 40)), "BAD_VALUE", Q),
    "seven decimals": (sale(line(quantity="0.0000001")), "BAD_VALUE", Q),
    "float quantity": (sale(line(quantity=1.5)), "BAD_VALUE", Q),
    "float price": (sale(line(unit_price=1.0)), "BAD_VALUE", P),
    "true quantity": (sale(line(quantity=True)), "BAD_VALUE", Q),
    "thousands separator": (sale(line(unit_price="1,000.00")), "BAD_VALUE", P),
    "decimal comma": (sale(line(unit_price="1,5")), "BAD_VALUE", P),
    "underscore": (sale(line(unit_price="1_000")), "BAD_VALUE", P),
    "currency sign": (sale(line(unit_price="$5")), "BAD_VALUE", P),
    "other digits": (sale(line(unit_price="١٢")), "BAD_VALUE", P),
    "no digits": (sale(line(unit_price="")), "BAD_VALUE", P),
    "list as price": (sale(line(unit_price=["5"])), "BAD_VALUE", P),
    "negative price": (sale(line(unit_price="-5")), "BAD_VALUE", P),
    "negative cost": (bill(unit_cost="-1"), "BAD_VALUE", "lines[0].unit_cost"),
    "absurd price": (sale(line(unit_price="1000000001")), "BAD_VALUE", P),
    "absurd total": (sale({"description": "x", "quantity": "999999999", "unit_price": "999999999"}), "TOO_LARGE", ""),
    "absurd row under a discount": (
        sale({"description": "x", "quantity": "999999999", "unit_price": "999999999"}, {"item": "ALLOFF"}), "TOO_LARGE", "",
    ),
    "absurd worth found": (
        stock("adjustment", line(quantity="999999999", unit_cost="999999999")), "TOO_LARGE", "lines[0]",
    ),
    "absurd worth counted": (
        stock("count", {"item": "BARE", "counted": "999999999", "unit_cost": "999999999"}), "TOO_LARGE", "lines[0]",
    ),
    "absurd worth opened": (
        stock("opening_balance", line(quantity="999999999", unit_cost="999999999")), "TOO_LARGE", "lines[0]",
    ),
    "absurd contents": (
        sale(line(item="TUNE-UP", quantity="1000000000", components=[{"sku": "CABLE", "quantity": "1000000000"}])), "TOO_LARGE", Q,
    ),
    "absurd goods": (bill(quantity="999999999", unit_cost="999999999"), "TOO_LARGE", ""),
    "more than everything": (sale(line(discount="101")), "BAD_VALUE", "lines[0].discount"),
    "negative discount": (sale(line(discount="-1")), "BAD_VALUE", "lines[0].discount"),
    "no unit factor": (sale(line(unit_factor="0")), "BAD_VALUE", "lines[0].unit_factor"),
    "absurd unit factor": (
        bill(item="BOLT", quantity="1000000000", unit_factor="1000000000", unit_cost="0"), "BAD_QUANTITY", "lines[0].quantity",
    ),
    "a unit factor that leaves nothing": (
        stock("adjustment", line(quantity="0.000001", unit_factor="0.000001")), "BAD_QUANTITY", Q,
    ),
    "amount of half cents": (sale({"description": "x", "amount": "5.005"}), "BAD_VALUE", A),
    "negative amount": (sale({"description": "x", "amount": "-5.00"}), "BAD_VALUE", A),
    "amount and price": (sale(line(amount="5.00", unit_price="5")), "PRICE_TWICE", "lines[0]"),
    "amount and cost": (bill(amount="5.00"), "PRICE_TWICE", "lines[0]"),
    "no price known": (sale(line(item="BARE")), "NO_PRICE", P),
    "no cost known": (bill(item="BARE", unit_cost=None), "NO_PRICE", "lines[0].unit_cost"),
    "found without a cost": (stock("adjustment", line(item="BARE")), "NO_COST", "lines[0].unit_cost"),
    "counted without a cost": (stock("count", {"item": "BARE", "counted": 5}), "NO_COST", "lines[0].unit_cost"),
    "opened without a cost": (stock("opening_balance", line(item="BARE")), "NO_COST", "lines[0].unit_cost"),
    # journal and control accounts
    "unbalanced": (journal(RENT, BANK | {"credit": "19.99"}), "UNBALANCED", "postings"),
    "one-sided": (journal(RENT), "UNBALANCED", "postings"),
    "journal without postings": (journal(), "NO_POSTINGS", "postings"),
    "postings not a list": ({"type": "journal", "postings": "6100"}, "BAD_VALUE", "postings[0]"),
    "posting not an object": (journal("6100"), "BAD_VALUE", "postings[0]"),
    "posting of nothing": (journal({"account": "6100"}, BANK), "BAD_VALUE", "postings[0]"),
    "posting on both sides": (journal(RENT | {"credit": "20.00"}, BANK), "BAD_VALUE", "postings[0]"),
    "negative posting": (journal(RENT | {"debit": "-20.00"}, BANK | {"credit": "-20.00"}), "BAD_VALUE", "postings[0]"),
    "posting of a float": (journal(RENT | {"debit": 20.0}, BANK), "BAD_VALUE", "postings[0]"),
    "posting with half cents": (journal(RENT | {"debit": "20.001"}, BANK), "BAD_VALUE", "postings[0]"),
    "unknown key of a posting": (journal(RENT | {"side": "left"}, BANK), "UNKNOWN_KEY", "postings[0].side"),
    "unknown account of a posting": (journal(RENT | {"account": "9999"}, BANK), "UNKNOWN_ACCOUNT", "postings[0].account"),
    "account of a posting is a list": (journal(RENT | {"account": ["6100"]}, BANK), "BAD_VALUE", "postings[0].account"),
    "inventory by journal": (journal(RENT, BANK | {"account": "1300"}), "CONTROL_ACCOUNT", "postings[1].account"),
    "receivable by journal": (journal(RENT | {"account": "1200"}, BANK), "CONTROL_ACCOUNT", "postings[0].account"),
    "payable by journal": (journal(RENT, BANK | {"account": "2000"}), "CONTROL_ACCOUNT", "postings[1].account"),
    "not billed by journal": (journal(RENT, BANK | {"account": "2200"}), "CONTROL_ACCOUNT", "postings[1].account"),
    "not invoiced by journal": (journal(RENT, BANK | {"account": "1400"}), "CONTROL_ACCOUNT", "postings[1].account"),
    "drop ships by journal": (journal(RENT, BANK | {"account": "1450"}), "CONTROL_ACCOUNT", "postings[1].account"),
    "control account of a line": (sale({"amount": "5.00", "account": "1300"}), "CONTROL_ACCOUNT", "lines[0].account"),
    "control account of a bill's line": (
        {"type": "bill", "party": "ACME", "lines": [{"amount": "5.00", "account": "1200"}]}, "CONTROL_ACCOUNT", "lines[0].account",
    ),
    "control account of an adjustment": (stock("adjustment", line(account="2000")), "CONTROL_ACCOUNT", "lines[0].account"),
    "control account of an opening": (
        {"type": "opening_balance", "postings": [{"account": "1300", "debit": "5.00"}]}, "CONTROL_ACCOUNT", "postings[0].account",
    ),
    "control account as the bank": (payment(account="1300"), "CONTROL_ACCOUNT", "account"),
    "control account as the bank of a sale": (sale(line(), type="cash_sale", account="1200"), "CONTROL_ACCOUNT", "account"),
    # dates
    "closed period": (sale(date="2025-12-31"), "PERIOD_CLOSED", "date"),
    "no such day": (sale(date="2026-02-30"), "BAD_DATE", "date"),
    "basic format": (sale(date="20260105"), "BAD_DATE", "date"),
    "week date": (sale(date="2026-W01-1"), "BAD_DATE", "date"),
    "UTC offset": (sale(date="2026-01-05T10:00:00+01:00"), "BAD_DATE", "date"),
    "Zulu": (sale(date="2026-01-05T10:00:00Z"), "BAD_DATE", "date"),
    "year 10000": (sale(date="10000-01-01"), "BAD_DATE", "date"),
    "year 9999": (sale(date="9999-12-31"), "BAD_DATE", "date"),
    "year 1": (sale(date="0001-01-01"), "BAD_DATE", "date"),
    "no day": (sale(date=""), "BAD_DATE", "date"),
    "day as number": (sale(date=20260105), "BAD_DATE", "date"),
    "day as list": (sale(date=["2026-01-05"]), "BAD_DATE", "date"),
    "American day": (sale(date="01/05/2026"), "BAD_DATE", "date"),
    "due on no day": (sale(due="2026-02-30"), "BAD_VALUE", "due"),
    # identity
    "number twice": (sale(number="I-1"), "DUPLICATE_NUMBER", "number"),
    "number of another type": (sale(number="B-1"), "DUPLICATE_NUMBER", "number"),
    "number of a pending document": (sale(number="I-WAIT"), "DUPLICATE_NUMBER", "number"),
    "number of our series": (sale(number="INV-00099"), "NUMBER_IN_SERIES", "number"),
    "number of another series of ours": (sale(number="BILL-123456"), "NUMBER_IN_SERIES", "number"),
    "number with #": (sale(number="I#1"), "BAD_VALUE", "number"),
    "number is a number": (sale(number=17), "BAD_VALUE", "number"),
    "reference twice": (bill() | {"reference": "A-77"}, "DUPLICATE_REFERENCE", "reference"),
    "key with another body": (bill() | {"key": "b-1"}, "KEY_REUSED", "key"),
    "key is empty": (sale(key=""), "BAD_VALUE", "key"),
    # text
    "NUL": (sale(memo="a\0b"), "BAD_VALUE", "memo"),
    "NUL in an item": (sale(line(item="BO\0LT")), "BAD_VALUE", "lines[0].item"),
    "NUL in a party": (sale(party="JA\0NE"), "BAD_VALUE", "party"),
    "NUL in a from": (sale({"from": "D-\0"}), "BAD_VALUE", "lines[0].from"),
    "NUL in the memo of a posting": (journal(RENT | {"memo": "a\0b"}, BANK), "BAD_VALUE", "postings[0].memo"),
    "NUL in attributes": (sale(line(attributes={"x": "a\0"})), "BAD_VALUE", "lines[0].attributes"),
    "half a character": (sale(memo="\ud800"), "BAD_VALUE", "memo"),
    "endless memo": (sale(memo="x" * 2001), "BAD_VALUE", "memo"),
    "endless item": (sale(line(item="x" * 201)), "BAD_VALUE", "lines[0].item"),
    "memo is a number": (sale(memo=5), "BAD_VALUE", "memo"),
    # lines
    "lines missing": ({"type": "invoice", "party": "JANE"}, "NO_LINES", "lines"),
    "lines empty": ({"type": "invoice", "party": "JANE", "lines": []}, "NO_LINES", "lines"),
    "lines null": (sale(lines=None), "NO_LINES", "lines"),
    "lines an object": (sale(lines={"item": "BOLT"}), "NO_LINES", "lines"),
    "lines a text": (sale(lines="BOLT"), "NO_LINES", "lines"),
    "lines of a journal": (journal(RENT, BANK, lines=[line()]), "UNKNOWN_KEY", "lines"),
    "line not an object": (sale("BOLT"), "BAD_VALUE", "lines[0]"),
    "line null": (sale(None), "BAD_VALUE", "lines[0]"),
    "line empty": (sale({}), "EMPTY_LINE", "lines[0]"),
    "delivery without an item": ({**sale({"description": "x"}), "type": "delivery"}, "NO_ITEM", "lines[0].item"),
    "keys that are no text": (sale({"item": "HOUR", 5: "x"}), "UNKNOWN_KEY", "lines[0].5"),
    "deep attributes": (sale(line(attributes=DEEP)), "BAD_VALUE", "lines[0].attributes"),
    "attributes of an invoice": (sale(attributes={"colour": "red"}), "BAD_ATTRIBUTE", "attributes.colour"),
    "attributes with a float": (sale(line(attributes={"a": 1.5})), "BAD_VALUE", "lines[0].attributes"),
    "attributes named by numbers": (sale(line(attributes={1: "a"})), "BAD_VALUE", "lines[0].attributes"),
    "keys of a posting that are no text": (journal(RENT | {5: 1, "x": 2}, BANK), "UNKNOWN_KEY", "postings[0].5"),
    # parts of lines
    "components not a list": (sale(line(item="TUNE-UP", components={"sku": "CABLE"})), "BAD_VALUE", "lines[0].components"),
    "component not an object": (sale(line(item="TUNE-UP", components=["CABLE"])), "BAD_VALUE", "lines[0].components"),
    "component without a name": (sale(line(item="TUNE-UP", components=[{"quantity": 1}])), "BAD_VALUE", "lines[0].components"),
    "component of nothing": (
        sale(line(item="TUNE-UP", components=[{"sku": "CABLE", "quantity": 0}])), "BAD_VALUE", "lines[0].components",
    ),
    "unknown component": (
        sale(line(item="TUNE-UP", components=[{"sku": "CABEL", "quantity": 1}])), "UNKNOWN_ITEM", "lines[0].components",
    ),
    "kit in a kit": (
        sale(line(item="TUNE-UP", components=[{"sku": "TUNE-UP", "quantity": 1}])), "COMPONENT_CYCLE", "lines[0].components",
    ),
    "components of a bolt": (sale(line(components=[{"sku": "RIM", "quantity": 1}])), "NO_COMPONENTS", "lines[0].components"),
    "variants not an object": (sale(line(item="TEE", variants=["TEE-RED"])), "BAD_VALUE", "lines[0].variants"),
    "variants of a bolt": (sale(line(variants={"RIM": 1})), "NO_VARIANTS", "lines[0].variants"),
    "unknown variant": (sale(line(item="TEE", variants={"TEE-RED": 1})), "NOT_A_VARIANT", "lines[0].variants.TEE-RED"),
    "attributes a list": (sale(line(attributes=[])), "BAD_VALUE", "lines[0].attributes"),
    "restock maybe": (credit(restock="maybe"), "BAD_VALUE", "lines[0].restock"),
    # from
    "from nothing": (credit(**{"from": "I-99#1"}), "UNKNOWN_DOCUMENT", "lines[0].from"),
    "from no line": (credit(**{"from": "I-1#9"}), "UNKNOWN_LINE", "lines[0].from"),
    "from a void document": (credit(**{"from": "I-VOID#1"}), "UNKNOWN_DOCUMENT", "lines[0].from"),
    "from a pending document": (credit(**{"from": "I-WAIT#1"}), "UNKNOWN_DOCUMENT", "lines[0].from"),
    "from another party's": ({**credit(), "party": "OTHER"}, "OTHER_PARTY", "lines[0].from"),
    "from another type": (credit(**{"from": "B-1#1"}), "WRONG_ORIGIN", "lines[0].from"),
    "from where nothing comes from": (stock("adjustment", line(**{"from": "I-1#1"})), "UNKNOWN_KEY", "lines[0].from"),
    "from another item": (credit(item="RIM"), "OTHER_ITEM", "lines[0].item"),
    "from the future": (credit(**{"from": "I-2#1"}), "BEFORE_ORIGIN", "lines[0].from"),
    "more than left": (credit(quantity=11), "MORE_THAN_LEFT", Q),
    "more than left in two lines": (
        credit() | {"lines": [{"from": "I-1#1", "quantity": 6}] * 2}, "MORE_THAN_LEFT", "lines[1].quantity",
    ),
    "an overlooked receipt": ({**bill(item="TYRE"), "party": "OTHER"}, "OPEN_QUANTITY", "lines[0].from"),
    "an overlooked delivery": (sale(line(item="RIM"), party="OTHER"), "OPEN_QUANTITY", "lines[0].from"),
    # builds
    "build without components": (stock("build", line(item="EMPTY")), "NO_TRACKED_COMPONENT", "lines[0]"),
    "build of a bolt": (stock("build", line()), "NOT_AN_ASSEMBLY", "lines[0].item"),
    "build of a kit": (stock("build", line(item="TUNE-UP")), "NOT_TRACKED", "lines[0].item"),
    "build with too little": (stock("build", line(item="WHEEL", quantity=100)), "INSUFFICIENT_STOCK", "lines[0]"),
    "unbuild too many": (stock("unbuild", line(item="WHEEL", quantity=6)), "MORE_THAN_LEFT", Q),
    "unbuild from a bill": (stock("unbuild", line(item="WHEEL", **{"from": "B-1#1"})), "WRONG_ORIGIN", "lines[0].from"),
    "unbuild a bolt": (stock("unbuild", line()), "NOT_AN_ASSEMBLY", "lines[0].item"),
    # stockroom
    "counted twice": (stock("count", *[{"item": "BOLT", "counted": 5}] * 2), "COUNTED_TWICE", "lines[1]"),
    "not counted": (stock("count", {"item": "BOLT"}), "NOT_COUNTED", "lines[0].counted"),
    "counted below nothing": (stock("count", {"item": "BOLT", "counted": -1}), "BAD_VALUE", "lines[0].counted"),
    "transferred nowhere": (stock("transfer"), "NO_TARGET", "to_location"),
    "transferred to the same place": (stock("transfer", to_location="MAIN"), "SAME_LOCATION", "lines[0]"),
    "transferred to the moon": (stock("transfer", to_location="MOON"), "UNKNOWN_LOCATION", "to_location"),
    # money
    "applied too much": (payment(apply_to=[{"number": "I-2", "amount": "10.01"}]), "OVER_APPLIED", "apply_to[0]"),
    "applied more than is open": (
        payment(amount="500.00", apply_to=[{"number": "I-1", "amount": "130.01"}]), "OVER_APPLIED", "apply_to[0]",
    ),
    "applied twice to one": (
        payment(amount="200.00", apply_to=[{"number": "I-1", "amount": "100.00"}] * 2), "APPLIED_TWICE", "apply_to[1]",
    ),
    "applied to nothing": (payment(apply_to=[{"number": "I-99"}]), "UNKNOWN_DOCUMENT", "apply_to[0].number"),
    "applied to a void document": (payment(apply_to=[{"number": "I-VOID"}]), "UNKNOWN_DOCUMENT", "apply_to[0].number"),
    "applied to another party's": (payment(party="OTHER", apply_to=[{"number": "I-1"}]), "OTHER_PARTY", "apply_to[0]"),
    "applied to the other side": (
        payment(party="ACME", apply_to=[{"number": "B-1", "amount": "10.00"}]), "WRONG_TARGET", "apply_to[0]",
    ),
    "applied to a delivery": (payment(party="OTHER", apply_to=[{"number": "D-1"}]), "WRONG_TARGET", "apply_to[0]"),
    "applied to a payment": (payment(apply_to=[{"number": "P-1", "amount": "1.00"}]), "WRONG_TARGET", "apply_to[0]"),
    "apply_to not a list": (payment(apply_to="I-1"), "BAD_VALUE", "apply_to[0]"),
    "apply_to without a number": (payment(apply_to=[{"amount": "1.00"}]), "BAD_VALUE", "apply_to[0]"),
    "payment of nothing": (payment(amount="0"), "BAD_VALUE", "amount"),
    "payment without amount": (payment(amount=None), "BAD_VALUE", "amount"),
    "negative payment": (payment(amount="-5.00"), "BAD_VALUE", "amount"),
    "payment in no direction": (payment(direction="up"), "BAD_VALUE", "direction"),
    "payment without direction": (payment(direction=None), "BAD_VALUE", "direction"),
    # opening
    "opening of nothing": ({"type": "opening_balance"}, "NO_LINES", "lines"),
    "open item of no type": (opening(opened(type="offer")), "BAD_VALUE", "open_items[0].type"),
    "open item of nobody": (opening(opened(party="JIM")), "UNKNOWN_PARTY", "open_items[0].party"),
    "open item of no amount": (opening(opened(amount="0")), "BAD_VALUE", "open_items[0]"),
    "open item of later": (opening(opened(date="2026-02-01")), "BAD_VALUE", "open_items[0]"),
    "open item not an object": (opening("X"), "BAD_VALUE", "open_items[0]"),
    "open item twice": (opening(opened(), opened()), "DUPLICATE_NUMBER", "open_items[1].number"),
    "open item of our series": (opening(opened(number="INV-00077")), "NUMBER_IN_SERIES", "open_items[0].number"),
    "open item with a number already there": (opening(opened(number="I-1")), "DUPLICATE_NUMBER", "open_items[0].number"),
    # revisions
    "revises nothing": (sale(revises="I-99"), "UNKNOWN_DOCUMENT", "revises"),
    "revises another type": ({**bill(), "revises": "I-1"}, "WRONG_TYPE", "type"),
    "revises with another number": (sale(revises="I-2", number="I-22"), "WRONG_NUMBER", "number"),
    "revises a void document": (sale(revises="I-VOID"), "NOT_POSTED", ""),
    "revises what is paid": (sale(revises="I-1"), "IS_PAID", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_refused_with_code_and_path_and_nothing_written(shop: Books, case: str) -> None:
    record, code, path = CASES[case]
    record = {"date": JANUARY, **record}
    kind = record.pop("type")
    before = dump(shop)
    assert refused(lambda: shop.post(kind, **record))[0] == (code, path)
    assert dump(shop) == before
    results = shop.post_many([{"type": kind, **record}], atomic=False)
    assert [isinstance(result, Refused) for result in results] == [True]
    assert dump(shop, head=False) == {table: rows for table, rows in before.items() if table != "wares_company"}


@pytest.mark.parametrize("key", ["tax", "drop_ship", "special_order"])
def test_what_is_still_to_come_says_so(shop: Books, key: str) -> None:
    value = "VAT" if key == "tax" else True
    assert refused(lambda: shop.post("invoice", date=JANUARY, party="JANE", lines=[line(**{key: value})]))[0] == (
        "NOT_YET", f"lines[0].{key}",
    )  # fmt: skip
