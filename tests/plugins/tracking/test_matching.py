"""What waits gets its goods: which product a listing means, which lots serve it, and that nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.books import balances, dump, held, refused
from wares import Books
from wares_tracking.balances import inventory_balances
from wares_tracking.details import add_details
from wares_tracking.match_undo import undo_match
from wares_tracking.matching import match
from wares_tracking.products import Product, Products
from wares_tracking.purchases import purchases
from wares_tracking.removal import remove_stock
from wares_tracking.sale_costs import add_costs
from wares_tracking.sold import sold_in

Say = Callable[..., str]


# --- which product ---------------------------------------------------------------------------------------------------

SHELF = Products(
    [
        Product(1, "USB-2M", "USB cable 2m", True),
        Product(2, "USB-5M", "USB cable 5m", True),
        Product(3, "usb-5m ", "Old cable", True),
        Product(4, "TEA", "Tea pot", True),
        Product(5, "POT", "tea  POT", True),
        Product(6, "HELP", "An hour", False),
    ]
)


@pytest.mark.parametrize(
    ("sku", "title", "found", "candidates"),
    [
        ("USB-2M", "whatever the title says", "USB-2M", []),
        ("usb -2m", "", "USB-2M", []),
        ("", "usb CABLE 2M", "USB-2M", []),
        ("USB-5m", "", None, ["USB-5M", "usb-5m "]),
        ("", "Tea pot", None, ["TEA", "POT"]),
        ("TEA", "Tea pot", "TEA", []),
        ("", "usb cable 3m", None, []),
        ("", "", None, []),
    ],
)
def test_a_listing_means(sku: str, title: str, found: str | None, candidates: list[str]) -> None:
    result = SHELF.find(sku, title)
    assert (result.product.sku if result.product else None, [each.sku for each in result.candidates]) == (found, candidates)


def test_suggestions_have_scores_and_are_no_answer() -> None:
    assert [each["sku"] for each in SHELF.search("usb cabel 2m")][:1] == ["USB-2M"]
    assert all(LIKE_ENOUGH <= each["score"] <= 100 for each in SHELF.search("usb cable 3m"))
    assert [each["sku"] for each in SHELF.search("USB-")] == ["USB-2M", "USB-5M", "usb-5m "]


LIKE_ENOUGH = 60


# --- which lots ------------------------------------------------------------------------------------------------------


def detail(seller: Books, purchase: str, *rows: tuple[str, object, str], **options: Any) -> str:
    """Add details (sku, quantity, amount) without matching: the document."""
    lines = [{"item": sku, "quantity": quantity, "amount": amount} for sku, quantity, amount in rows]
    return str(add_details(seller, purchase, lines, rematch=False, **options).document)


def told(seller: Books, **options: Any) -> list[tuple[str, str, str, str, str]]:
    """sale, quantity, lot, date, cost of every match."""
    return [
        (row["sale"], str(row["quantity"]), row["lot"], row["date"], str(row["cogs"])) for row in match(seller, **options).matched
    ]


def test_the_oldest_purchase_goes_first_and_spills_over(seller: Books, buy: Say, sell: Say) -> None:
    """3 mugs @ 4.00 of January 9, 2 @ 5.00 of January 5: five wait, two sales; the sixth finds nothing."""
    detail(seller, buy("12.00", "2026-01-09"), ("MUG", 3, "12.00"))
    detail(seller, buy("10.00", "2026-01-05"), ("MUG", 2, "10.00"))
    sell("MUG", 4, "60.00", "2026-02-01")
    sell("MUG", 2, "30.00", "2026-02-02")
    assert told(seller) == [
        ("CS-00001#1", "2", "PD-00002#1", "2026-02-01", "10.00"),
        ("CS-00001#1", "2", "PD-00001#1", "2026-02-01", "8.00"),
        ("CS-00002#1", "1", "PD-00001#1", "2026-02-02", "4.00"),
    ]
    report = match(seller)
    assert (report.count, [(row["sale"], str(row["quantity"]), row["reason"]) for row in report.waiting]) == (
        0, [("CS-00002#1", "1", "no purchase")],
    )  # fmt: skip
    assert held(seller, "MUG") == (Decimal(0), Decimal("0.00"))


def test_the_gate_is_the_day_of_the_purchase(seller: Books, buy: Say, sell: Say) -> None:
    purchase = buy("10.00", "2026-02-02")
    detail(seller, purchase, ("MUG", 2, "10.00"))
    sell("MUG", 1, "15.00", "2026-02-01")
    assert [row["reason"] for row in match(seller).waiting] == ["bought later than sold"]
    assert refused(lambda: add_costs(seller, "CS-00001#1", lot="PD-00001#1")) == [("LATER_PURCHASE", "date")]
    seller.settings.set("match_later_purchases", "true")
    assert told(seller) == [("CS-00001#1", "1", "PD-00001#1", "2026-02-02", "5.00")]


def test_details_of_a_closed_month_still_serve_its_sales(seller: Books, buy: Say, sell: Say) -> None:
    purchase = buy("10.00", "2026-01-05")
    sell("MUG", 1, "15.00", "2026-01-20")
    seller.gl.close("2026-01-31")
    assert add_details(seller, purchase, [{"item": "MUG", "quantity": 2, "amount": "10.00"}]).matched == 1
    assert seller.docs.show("MAT-00001")["date"] == "2026-02-01"


def test_later_details_never_recost(seller: Books, buy: Say, sell: Say) -> None:
    first, second = buy("10.00", "2026-01-05"), buy("2.00", "2026-01-02")
    sell("MUG", 3, "45.00")
    add_details(seller, first, [{"item": "MUG", "quantity": 2, "amount": "10.00"}])
    add_details(seller, second, [{"item": "MUG", "quantity": 2, "amount": "2.00"}])
    matches = [row for row in seller.docs.list() if row["type"] == "match"]
    assert [str(seller.docs.show(row["number"])["cost"]) for row in matches] == ["10.00", "1.00"]


def test_undo_restores_everything(seller: Books, buy: Say, sell: Say) -> None:
    detail(seller, buy("10.00"), ("MUG", 2, "10.00"))
    sell("MUG", 1, "15.00")
    before = balances(seller)
    number = match(seller).matched[0]["document"]
    undo_match(seller, number)
    assert (balances(seller), held(seller, "MUG")) == (before, (Decimal(2), Decimal("10.00")))
    assert match(seller).count == 1
    assert refused(lambda: undo_match(seller, "CS-00001")) == [("NOT_A_MATCH", "")]


def test_an_order_is_matched_on_one_document_and_undone_line_by_line(seller: Books, buy: Say) -> None:
    """Two mugs @ 5.00 and a cup @ 4.00 of January, a pot @ 9.00 that arrives after the sale: two documents, each on its day."""
    detail(seller, buy("14.00"), ("MUG", 2, "10.00"), ("CUP", 1, "4.00"))
    detail(seller, buy("9.00", "2026-01-20"), ("POT", 1, "9.00"), date="2026-02-10")
    lines = [{"item": sku, "quantity": count, "amount": "20.00"} for sku, count in (("MUG", 2), ("POT", 1), ("CUP", 1))]
    seller.post("cash_sale", date="2026-02-01", account="1100", goods="later", lines=lines)
    found = match(seller).matched
    assert [(row["sku"], row["document"], row["line"], row["date"], str(row["cogs"])) for row in found] == [
        ("MUG", "MAT-00001", "1", "2026-02-01", "10.00"),
        ("CUP", "MAT-00001", "2", "2026-02-01", "4.00"),
        ("POT", "MAT-00002", "1", "2026-02-10", "9.00"),
    ]
    assert refused(lambda: undo_match(seller, "MAT-00001#9")) == [("UNKNOWN_LINE", "")]
    undo_match(seller, "MAT-00001#1", dry_run=True)
    undo_match(seller, "MAT-00001#1")
    assert (held(seller, "MUG")[0], held(seller, "CUP")[0], str(seller.gl.balance("5000"))) == (2, 0, "13.00")
    assert [(row["sku"], str(row["quantity"])) for row in match(seller, dry_run=True).matched] == [("MUG", "2")]
    undo_match(seller, "MAT-00001#1")
    assert (held(seller, "CUP")[0], str(seller.gl.balance("5000"))) == (1, "9.00")


def test_a_sale_is_not_matched_twice(seller: Books, buy: Say, sell: Say) -> None:
    detail(seller, buy("10.00"), ("MUG", 2, "10.00"))
    sold = sell("MUG", 1, "15.00")
    assert match(seller).count == 1
    assert match(seller).count == 0
    again = {"from": sold, "quantity": 1, "lot": "PD-00001#1"}
    assert refused(lambda: seller.post("match", lines=[again])) == [("MORE_THAN_LEFT", "lines[0].quantity")]
    assert held(seller, "MUG") == (Decimal(1), Decimal("5.00"))


def test_a_line_that_is_refused_leaves_the_others_of_its_order(seller: Books, buy: Say) -> None:
    """The cup is on its way to the shop: its lot is there, not where it is sold from."""
    detail(seller, buy("14.00"), ("MUG", 2, "10.00"), ("CUP", 1, "4.00"))
    seller.locations.add("SHOP", name="Shop")
    moved = [{"item": "CUP", "quantity": 1, "lot": "PD-00001#2"}]
    seller.post("transfer", date="2026-01-10", location="MAIN", to_location="SHOP", lines=moved)
    lines = [{"item": sku, "quantity": 1, "amount": "20.00"} for sku in ("MUG", "CUP")]
    seller.post("cash_sale", date="2026-02-01", account="1100", goods="later", lines=lines)
    report = match(seller)
    assert [row["sku"] for row in report.matched] == ["MUG"]
    assert [(row["sku"], row["reason"].startswith("refused: CUP of lot PD-00001#2 at MAIN has 0")) for row in report.waiting] == [
        ("CUP", True)
    ]


def test_a_listing_is_remembered(seller: Books, buy: Say, sell: Say) -> None:
    """What a person chose for "Blue mugs, vintage" once is chosen again, as long as that match stands."""
    detail(seller, buy("10.00"), ("MUG", 2, "10.00"))
    sell("Blue mugs, vintage", 1, "15.00")
    waiting = match(seller).waiting[0]
    assert (waiting["reason"], [each["sku"] for each in waiting["candidates"]]) == ("no product", ["MUG"])
    add_costs(seller, "CS-00001", item="MUG", lot="PD-00001#1")
    sell("blue  MUGS, vintage", 1, "15.00")
    assert [row["sku"] for row in match(seller).matched] == ["MUG"]


def test_dry_run_writes_nothing(seller: Books, buy: Say, sell: Say) -> None:
    detail(seller, buy("10.00"), ("MUG", 2, "10.00"))
    sell("MUG", 1, "15.00")
    before = dump(seller, head=False)
    assert match(seller, dry_run=True).count == 1
    assert str(add_costs(seller, "CS-00001", lot="PD-00001#1", dry_run=True).cogs) == "5.00"
    remove_stock(seller, "MUG", "1", dry_run=True)
    assert dump(seller, head=False) == before


# --- details, costs, removal, periodic -------------------------------------------------------------------------------


def test_new_products_and_the_rest_spread(seller: Books, buy: Say) -> None:
    """100.00 for three products: 40.00 stated, the rest over 1 + 2 units; freight of 10.00 by value on top of the next."""
    rows = [
        {"item": "MUG", "quantity": 1, "amount": "40.00"},
        {"item": "JUG", "name": "Jug", "quantity": 1},
        {"item": "CUP", "quantity": 2},
    ]
    done = add_details(seller, buy("100.00"), rows, spread="quantity")
    assert (str(done.amount), str(done.remaining)) == ("100.00", "0.00")
    assert [held(seller, sku)[1] for sku in ("MUG", "JUG", "CUP")] == [Decimal("40.00"), Decimal("20.00"), Decimal("40.00")]
    rows = [{"item": "POT", "quantity": 1, "amount": "30.00"}, {"item": "JUG", "quantity": 3, "unit_cost": "20.00"}]
    add_details(seller, buy("100.00"), rows, spread="value")
    assert [held(seller, sku)[1] for sku in ("POT", "JUG")] == [Decimal("33.33"), Decimal("86.67")]
    assert [each.remaining for each in purchases(seller)] == [0, 0]


def test_three_places_a_cost_comes_from(seller: Books, buy: Say, sell: Say) -> None:
    purchase = buy("10.00")
    detail(seller, purchase, ("MUG", 1, "4.00"))
    for _ in range(3):
        sell("MUG", 1, "15.00")
    assert str(add_costs(seller, "CS-00001", lot="PD-00001#1").cogs) == "4.00"
    assert str(add_costs(seller, "CS-00002", purchase=purchase, amount="5.00").cogs) == "5.00"
    done = add_costs(seller, "CS-00003", date="2026-01-20", unit_cost="3.50")
    assert (str(done.cogs), done.date, done.documents) == ("3.50", "2026-02-01", ("CP-00002", "MAT-00003"))
    assert str(seller.gl.balance("3000")) == "-3.50"
    assert refused(lambda: add_costs(seller, "CS-00003", date="2026-01-20", amount="1")) == [("HAS_ITS_COST", "")]
    assert refused(lambda: add_costs(seller, "CS-00009", date="2026-01-20", amount="1")) == [("UNKNOWN_SALE", "")]


def test_undo_in_a_closed_period(seller: Books, buy: Say, sell: Say) -> None:
    """The match of February stays as it was reported; in March the goods come back, and from then on they may be matched again."""
    detail(seller, buy("12.00"), ("MUG", 3, "12.00"))
    line = sell("MUG", 3, "45.00")
    match(seller)
    seller.gl.close("2026-02-28")
    assert refused(lambda: undo_match(seller, "MAT-00001")) == [("PERIOD_CLOSED", "")]
    undo_match(seller, "MAT-00001", date="2026-03-05")
    assert (str(seller.gl.balance("5000", at="2026-02-28")), str(seller.gl.balance("5000"))) == ("12.00", "0.00")
    (sold,) = sold_in(seller, 2026)
    assert (sold["sale"], str(sold["missing"]), str(sold["cost"])) == (line, "3", "0.00")
    assert [(row["kind"], str(row["amount"])) for row in inventory_balances(seller)["rows"]][1:] == [
        ("sale", "-12.00"), ("undone", "12.00"),
    ]  # fmt: skip
    assert match(seller).matched[0]["date"] == "2026-03-05"


def test_one_line_undone_in_a_closed_period(seller: Books, buy: Say, sell: Say) -> None:
    """Two lots serve one sale; the second is taken back in March, the first stays with it."""
    detail(seller, buy("4.00", "2026-01-05"), ("MUG", 1, "4.00"))
    detail(seller, buy("6.00", "2026-01-06"), ("MUG", 1, "6.00"))
    sell("MUG", 2, "30.00")
    match(seller)
    seller.gl.close("2026-02-28")
    undo_match(seller, "MAT-00001#2", date="2026-03-05")
    (sold,) = sold_in(seller, 2026)
    assert (str(sold["missing"]), str(sold["cost"])) == ("1", "4.00")
    assert str(seller.gl.balance("5000")) == "4.00"
