"""Histories that once broke an invariant, as small as they can be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wares import Books, Refused


@pytest.fixture
def books() -> Books:
    books = Books.open("sqlite://")
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.items.add("stock", sku="BOLT", cost="1", price="2")
    books.items.add("stock", sku="HUB", cost="5", price="9")
    books.items.add("assembly", sku="WHEEL", price="90", components=[{"sku": "HUB", "quantity": "1"}])
    books.items.add("charge", sku="FREIGHT", attributes={"into_cost": True})
    return books


def problems(books: Books) -> list[tuple[str, str]]:
    return [(check["id"], check["first_problem"]) for check in books.verify()["checks"] if not check["ok"]]


def balance(books: Books, account: str) -> str:
    return str(books.gl.balance(account))


def receive(books: Books, number: str, item: str, quantity: str, amount: str, day: int = 1) -> None:
    lines = [{"item": item, "quantity": quantity, "amount": amount}]
    books.post("receipt", number=number, date=f"2026-01-{day:02d}", party="ACME", lines=lines)


def bill(books: Books, number: str, *lines: dict[str, Any], day: int = 25) -> None:
    books.post("bill", number=number, date=f"2026-01-{day:02d}", party="ACME", lines=list(lines))


def test_freight_that_only_the_bill_knows_clears_with_its_goods(books: Books) -> None:
    """100.00 received, billed with 10.00 of freight: 110.00 are owed, nothing waits for a bill."""
    receive(books, "R-1", "BOLT", "10", "100.00")
    bill(books, "B-1", {"from": "R-1#1", "item": "BOLT", "quantity": "10", "amount": "100.00"}, {"item": "FREIGHT", "amount": "10"})
    assert (balance(books, "2000"), balance(books, "2200"), balance(books, "1300")) == ("-110.00", "0.00", "110.00")
    assert problems(books) == []


def test_a_bill_in_between_is_voided_and_the_last_cent_still_clears(books: Books) -> None:
    """1.00 for three, billed singly as 0.33, 0.34, 0.33; whichever is voided and billed again, nothing is left."""
    for which in ("1", "2", "3"):
        receive(books, f"R-{which}", "BOLT", "3", "1.00")
        for each in ("1", "2", "3"):
            bill(books, f"B-{which}{each}", {"from": f"R-{which}#1", "item": "BOLT", "quantity": "1"})
        books.void(f"B-{which}{which}")
        assert problems(books) == []
        bill(books, f"B-{which}4", {"from": f"R-{which}#1", "item": "BOLT", "quantity": "1"})
        assert (balance(books, "2200"), problems(books)) == ("0.00", [])


def test_a_return_in_between_is_voided(books: Books) -> None:
    """The later return takes what the first n + 1 of them are worth; the voided one leaves no layer behind."""
    bill(books, "B-1", {"item": "BOLT", "quantity": "3", "amount": "1.00"}, day=1)
    books.post("invoice", number="I-1", date="2026-01-02", party="JANE", lines=[{"item": "BOLT", "quantity": "3"}])
    for day in (3, 4, 5):
        books.post("credit_note", number=f"C-{day}", date=f"2026-01-{day:02d}", party="JANE",
                   lines=[{"from": "I-1#1", "quantity": "1", "restock": True}])  # fmt: skip
    books.void("C-4")
    assert str(books.stock.on_hand("BOLT")) == "2"
    assert (str(books.stock.value("BOLT")), problems(books)) == ("0.67", [])


def test_one_bill_re_costs_a_component_and_the_assembly_bought_later(books: Books) -> None:
    """The wheel's pool waits for its own change on the 20th, and is then reached on the 5th through the build."""
    receive(books, "R-1", "HUB", "4", "20.00", day=1)
    books.post("build", date="2026-01-05", lines=[{"item": "WHEEL", "quantity": "2"}])
    books.post("invoice", date="2026-01-06", party="JANE", lines=[{"item": "WHEEL", "quantity": "1"}])
    receive(books, "R-2", "WHEEL", "1", "6.00", day=20)
    bill(books, "B-1", {"from": "R-2#1", "item": "WHEEL", "quantity": "1", "amount": "8.00"},
         {"from": "R-1#1", "item": "HUB", "quantity": "4", "amount": "28.00"})  # fmt: skip
    assert (str(books.stock.value("WHEEL")), balance(books, "5000"), problems(books)) == ("15.00", "7.00", [])


def test_a_count_that_first_agreed_and_then_did_not(books: Books) -> None:
    """An earlier sale arrives late: the count finds one more than the books, by a correction alone."""
    bill(books, "B-1", {"item": "BOLT", "quantity": "3", "amount": "3.00"}, day=1)
    books.post("count", date="2026-01-05", lines=[{"item": "BOLT", "counted": "3"}])
    books.post("invoice", date="2026-01-04", party="JANE", lines=[{"item": "BOLT", "quantity": "1"}])
    assert (str(books.stock.on_hand("BOLT")), str(books.stock.value("BOLT")), problems(books)) == ("3", "3.00", [])


def sell(books: Books, number: str, item: str, quantity: str, day: int) -> None:
    lines = [{"item": item, "quantity": quantity, "from": None}]
    books.post("invoice", number=number, date=f"2026-01-{day:02d}", party="JANE", lines=lines)


def test_a_late_sale_ahead_of_what_was_owed_is_taken_back(books: Books) -> None:
    """What covers the late sale is no correction of its own once the sale is gone."""
    books.settings.set("negative_stock", "provisional")
    sell(books, "I-1", "BOLT", "5", day=2)
    bill(books, "B-1", {"item": "BOLT", "quantity": "3", "amount": "7.00"}, day=3)
    sell(books, "I-2", "BOLT", "1", day=1)
    assert problems(books) == []
    books.void("I-2")
    assert (balance(books, "5000"), problems(books)) == ("9.00", [])


def test_two_receipts_cover_one_sale_at_once(books: Books) -> None:
    """Both came before the sale was owed anew: one correction entry, one row of it for the sale."""
    books.settings.set("negative_stock", "provisional")
    sell(books, "I-1", "BOLT", "9", day=2)
    bill(
        books,
        "B-1",
        {"item": "BOLT", "quantity": "3", "amount": "7.00"},
        {"item": "BOLT", "quantity": "3", "amount": "8.00"},
        day=3,
    )
    sell(books, "I-2", "BOLT", "2", day=1)
    assert problems(books) == []


def test_an_issue_that_might_have_been_short_is_no_new_base(books: Books) -> None:
    """Average, 0.10 over seven: a late sale in between leaves what the fold from the beginning leaves."""
    books.settings.set("negative_stock", "provisional")
    bill(books, "B-1", {"item": "BOLT", "quantity": "7", "amount": "0.10"}, day=1)
    for number, day in (("I-1", 2), ("I-2", 3), ("I-3", 5), ("I-4", 6), ("I-5", 4)):
        sell(books, number, "BOLT", "1", day=day)
    assert problems(books) == []


def test_goods_found_while_a_sale_is_owed_are_worth_its_estimate(books: Books) -> None:
    """The bill that had covered the sale is voided: what was found after it is worth 5.00 each again, not what the bill said."""
    books.settings.set("negative_stock", "provisional")
    sell(books, "I-1", "HUB", "6", day=1)
    bill(books, "B-1", {"item": "HUB", "quantity": "29", "amount": "2.24"}, day=2)
    books.post("adjustment", date="2026-01-03", lines=[{"item": "HUB", "quantity": "3"}])
    books.void("B-1")
    assert (str(books.stock.on_hand("HUB")), balance(books, "5900"), problems(books)) == ("-3", "-15.00", [])


# --- found by the factory's histories ---


def purchase(books: Books, number: str, item: str, quantity: str, amount: str, day: int, **line: Any) -> None:
    bill(books, number, {"item": item, "quantity": quantity, "amount": amount, "from": None, **line}, day=day)


def change_method(books: Books, item: str, method: str, day: int) -> None:
    books.post("method_change", date=f"2026-01-{day:02d}", lines=[{"item": item, "cost_method": method}])


def test_a_change_to_the_standard_stands_before_a_receipt(books: Books) -> None:
    """The rate is the item's cost, 1.00: what the later receipt paid beyond it becomes variance by a correction."""
    purchase(books, "B-1", "BOLT", "1", "9.00", day=20)
    change_method(books, "BOLT", "standard", day=10)
    assert (str(books.stock.value("BOLT")), balance(books, "5100"), problems(books)) == ("1.00", "8.00", [])


def test_a_receipt_stands_before_a_change_from_the_standard(books: Books) -> None:
    """Recorded when FIFO is in force, folded by the standard of its day: the supplier is owed the price all the same."""
    books.items.add("stock", sku="TYRE", cost="6", cost_method="standard")
    change_method(books, "TYRE", "fifo", day=20)
    purchase(books, "B-1", "TYRE", "1", "9.00", day=10)
    assert (balance(books, "2000"), balance(books, "5100"), problems(books)) == ("-9.00", "3.00", [])


def test_the_rate_at_which_a_change_of_method_began(books: Books) -> None:
    """8 for 1.00 change to the standard: 0.125 each. A late sale after the change meets that rate, not none."""
    purchase(books, "B-1", "BOLT", "8", "1.00", day=1)
    change_method(books, "BOLT", "standard", day=10)
    sell(books, "I-1", "BOLT", "1", day=20)
    sell(books, "I-2", "BOLT", "1", day=15)
    assert (str(books.stock.value("BOLT")), problems(books)) == ("0.75", [])


def test_goods_that_cost_nothing_are_revalued(books: Books) -> None:
    """Their receipt still has no entry, and needs none."""
    purchase(books, "B-1", "BOLT", "2", "0.00", day=1)
    books.post("revaluation", date="2026-01-05", lines=[{"item": "BOLT", "unit_cost": "3"}])
    books.post("method_change", date="2026-01-06", lines=[{"item": "BOLT", "cost_method": "fifo"}])
    assert (str(books.stock.value("BOLT")), problems(books)) == ("6.00", [])


@pytest.mark.parametrize(("item", "amount", "code"), [("TYRE", "5", "STANDARD_NEEDS_RATE"), ("BOLT", "-9", "BELOW_ZERO")])
def test_a_late_revaluation_is_refused_as_one_in_order(books: Books, item: str, amount: str, code: str) -> None:
    books.items.add("stock", sku="TYRE", cost="6", cost_method="standard")
    purchase(books, "B-1", item, "2", "8.00", day=1)
    purchase(books, "B-2", item, "2", "8.00", day=9)
    with pytest.raises(Refused) as refused:
        books.post("revaluation", date="2026-01-05", lines=[{"item": item, "amount": amount}])
    assert refused.value.issues[0].code == code


def test_a_lot_is_taken_from_where_it_is(books: Books) -> None:
    """The shop has another lot of the same item; that does not help. A count is of the lot, too."""
    books.locations.add("SHOP", name="Shop")
    books.items.add("stock", sku="FRAME", cost="5", cost_method="specific")
    purchase(books, "B-1", "FRAME", "3", "15.00", day=1, lot="L1", location="SHOP")
    purchase(books, "B-2", "FRAME", "3", "18.00", day=2, lot="L2")
    with pytest.raises(Refused, match="INSUFFICIENT_STOCK"):
        books.post("adjustment", date="2026-01-05", lines=[{"item": "FRAME", "quantity": "-1", "lot": "L2", "location": "SHOP"}])
    books.post("transfer", date="2026-01-06", to_location="SHOP", lines=[{"item": "FRAME", "quantity": "2", "lot": "L2"}])
    books.post("count", date="2026-01-07", location="SHOP", lines=[{"item": "FRAME", "counted": "1", "lot": "L2"}])
    assert (str(books.stock.on_hand("FRAME")), str(books.stock.value("FRAME")), problems(books)) == ("5", "27.00", [])


@pytest.mark.parametrize("mode", ["provisional", "pending"])
def test_standard_items_owed_are_worth_the_standard(books: Books, mode: str) -> None:
    """Two sales of one each at a rate of 6.00, covered by 2 for 20.00: cost of sales 12.00, variance 8.00."""
    books.settings.set("negative_stock", mode)
    books.items.add("stock", sku="TYRE", cost="6", price="9", cost_method="standard")
    sell(books, "I-1", "TYRE", "1", day=1)
    sell(books, "I-2", "TYRE", "1", day=2)
    purchase(books, "B-1", "TYRE", "2", "20.00", day=3)
    assert (balance(books, "5000"), balance(books, "5100"), balance(books, "1300"), problems(books)) == (
        "12.00",
        "8.00",
        "0.00",
        [],
    )


def test_a_reversed_purchase_at_standard_and_a_rate_that_changes_before_it(books: Books) -> None:
    """25.00 paid against a rate of 6.00, taken back; the rate was 1.00 all along: neither supplier nor variance keeps a cent."""
    books.items.add("stock", sku="TYRE", cost="6", cost_method="standard")
    purchase(books, "B-1", "TYRE", "1", "25.00", day=10)
    books.void("B-1", date="2026-01-20")
    books.post("revaluation", date="2026-01-05", lines=[{"item": "TYRE", "unit_cost": "1"}])
    assert (balance(books, "2000"), balance(books, "5100"), problems(books)) == ("0.00", "0.00", [])


def test_goods_of_a_reversed_purchase_were_revalued_before(books: Books) -> None:
    """FIFO, bought for 20.00, written down by 5.00, taken back: the supplier gets 20.00, the rest is variance."""
    books.items.add("stock", sku="RIM", cost="6", cost_method="fifo")
    purchase(books, "B-1", "RIM", "1", "20.00", day=1)
    books.void("B-1", date="2026-01-20")
    books.post("revaluation", date="2026-01-05", lines=[{"item": "RIM", "amount": "-5"}])
    assert (balance(books, "2000"), balance(books, "5100"), balance(books, "5400")) == ("0.00", "-5.00", "5.00")
    assert problems(books) == []


def test_a_sale_that_was_short_is_reversed(books: Books) -> None:
    """The bill had covered it at 7.00; the goods come back first, so that nothing was ever owed."""
    books.settings.set("negative_stock", "provisional")
    purchase(books, "B-1", "BOLT", "1", "7.00", day=20)
    sell(books, "I-1", "BOLT", "1", day=5)
    books.void("I-1", date="2026-01-10")
    assert (balance(books, "5000"), str(books.stock.value("BOLT"))) == ("0.00", "7.00")
    assert problems(books) == []


def test_what_is_found_after_a_sale_without_a_cost(books: Books) -> None:
    """Nothing was estimated, so the last known cost is still the item's: 1.00 each, also for what is found late."""
    books.settings.set("negative_stock", "pending")
    sell(books, "I-1", "BOLT", "1", day=1)
    for day in (9, 5):
        books.post("adjustment", date=f"2026-01-{day:02d}", lines=[{"item": "BOLT", "quantity": "1"}])
    assert (balance(books, "5000"), str(books.stock.value("BOLT")), problems(books)) == ("1.00", "1.00", [])


def test_an_edited_bill_takes_of_its_receipt_what_it_had_taken(books: Books) -> None:
    """16.49 for 29: four of them clear 2.27, not what follows after the five of the first revision."""
    receive(books, "R-1", "BOLT", "29", "16.49")
    bill(books, "B-1", {"from": "R-1#1", "quantity": "5", "amount": "1.00"})
    books.post("bill", revises="B-1", date="2026-01-25", party="ACME", lines=[{"from": "R-1#1", "quantity": "4", "amount": "1.00"}])
    assert (balance(books, "2200"), str(books.stock.value("BOLT")), problems(books)) == ("-14.22", "15.22", [])


def test_a_count_that_agreed_is_reversed(books: Books) -> None:
    """A receipt of before arrives late, and it finds one too few, which its reversal gives back."""
    books.post("count", number="C-1", date="2026-01-05", lines=[{"item": "BOLT", "counted": "0"}])
    books.void("C-1", date="2026-01-10")
    receive(books, "R-1", "BOLT", "1", "18.00", day=2)
    assert (str(books.stock.on_hand("BOLT")), problems(books)) == ("1", [])


def test_freight_cannot_make_goods_cost_less_than_nothing(books: Books) -> None:
    purchase(books, "B-1", "BOLT", "1", "1.00", day=1)
    with pytest.raises(Refused, match="BELOW_ZERO"):
        books.post("landed_cost", date="2026-01-05", amount="-2", apply_to=[{"from": "B-1"}])
    assert problems(books) == []


def test_a_count_that_had_covered_a_sale_agrees_now(books: Books) -> None:
    """It had found the 3 that were sold short; the goods had come before, only entered late: nothing is covered twice."""
    books.settings.set("negative_stock", "pending")
    sell(books, "I-1", "HUB", "3", day=5)
    books.post("count", date="2026-01-09", lines=[{"item": "HUB", "counted": "0"}])
    purchase(books, "B-1", "HUB", "3", "18.00", day=1)
    assert (balance(books, "5000"), str(books.stock.value("HUB")), problems(books)) == ("18.00", "0.00", [])


def test_goods_that_were_billed_at_nothing_are_received_at_nothing(books: Books) -> None:
    lines = [{"item": "HUB", "quantity": "3", "amount": "0.00", "from": None}]
    books.post("bill", number="B-1", date="2026-01-01", party="ACME", goods="later", lines=lines)
    receipt = books.post("receipt", date="2026-01-02", party="ACME", lines=[{"from": "B-1#1", "quantity": "1"}])
    assert (str(receipt.total), problems(books)) == ("0.00", [])


def test_the_last_unit_clears_its_receipt_billed_or_gone_back(books: Books) -> None:
    """1.00 for eight: seven billed clear 0.88, the last goes back for 0.12; and one back, then seven billed."""
    for number in ("R-1", "R-2"):
        receive(books, number, "BOLT", "8", "1.00")
    bill(books, "B-1", {"from": "R-1#1", "quantity": "7", "amount": "1.00"})
    for number in ("R-1", "R-2"):
        books.post("supplier_return", date="2026-01-26", party="ACME", lines=[{"from": f"{number}#1", "quantity": "1"}])
    bill(books, "B-2", {"from": "R-2#1", "quantity": "7", "amount": "1.00"}, day=27)
    assert (balance(books, "2200"), problems(books)) == ("0.00", [])


def test_what_came_from_its_bill_is_not_billed_again(books: Books) -> None:
    """Nor is what was delivered from its invoice invoiced again."""
    lines = [{"item": "HUB", "quantity": "3", "amount": "9.00", "from": None}]
    books.post("bill", number="B-1", date="2026-01-01", party="ACME", goods="later", lines=lines)
    books.post("receipt", number="R-1", date="2026-01-02", party="ACME", lines=[{"from": "B-1#1"}])
    books.post("invoice", number="I-1", date="2026-01-03", party="JANE", goods="later", lines=lines)
    books.post("delivery", number="D-1", date="2026-01-04", party="JANE", lines=[{"from": "I-1#1"}])
    for kind, party, origin in (("bill", "ACME", "R-1#1"), ("invoice", "JANE", "D-1#1")):
        with pytest.raises(Refused, match="MORE_THAN_LEFT"):
            books.post(kind, date="2026-01-05", party=party, lines=[{"from": origin, "quantity": "1", "amount": "1.00"}])
    assert (balance(books, "2000"), balance(books, "2200"), problems(books)) == ("-9.00", "0.00", [])


def test_a_receipt_with_freight_is_not_edited_under_it(books: Books) -> None:
    """The freight would stay with the revision that is gone."""
    receive(books, "R-1", "BOLT", "2", "8.00")
    books.post("landed_cost", number="L-1", date="2026-01-05", amount="2", apply_to=[{"from": "R-1"}])
    edited = {"item": "BOLT", "quantity": "4", "amount": "8.00"}
    with pytest.raises(Refused, match="HAS_FOLLOWERS"):
        books.post("receipt", revises="R-1", date="2026-01-01", party="ACME", lines=[edited])
    books.void("L-1")
    books.post("receipt", revises="R-1", date="2026-01-01", party="ACME", lines=[edited])
    assert (str(books.stock.value("BOLT")), problems(books)) == ("8.00", [])


def test_which_method_an_item_has_is_asked_of_its_day(books: Books) -> None:
    """FIFO since the 20th: before that it is average, and a change to FIFO on the 10th leaves the later one without effect."""
    books.items.add("stock", sku="RIM", cost="1", price="2")
    purchase(books, "B-1", "RIM", "1", "1.00", day=1)
    purchase(books, "B-2", "RIM", "2", "1.01", day=2)
    change_method(books, "RIM", "fifo", day=20)
    with pytest.raises(Refused, match="SAME_METHOD"):
        change_method(books, "RIM", "average", day=10)
    change_method(books, "RIM", "fifo", day=10)
    with pytest.raises(Refused, match="SAME_METHOD"):
        change_method(books, "RIM", "fifo", day=25)
    for number, day in (("I-1", 15), ("I-2", 26), ("I-3", 23)):
        sell(books, number, "RIM", "1", day=day)
    assert (str(books.stock.value("RIM")), balance(books, "5000"), problems(books)) == ("0.00", "2.01", [])


@pytest.fixture
def two_places(books: Books) -> Books:
    """A bolt at average with 2 for 2.00 here and 2 for 6.00 in the shop, each costed by itself."""
    books.settings.set("cost_scope", "location")
    books.locations.add("SHOP", name="Shop")
    purchase(books, "B-1", "BOLT", "2", "2.00", day=1)
    purchase(books, "B-2", "BOLT", "2", "6.00", day=1, location="SHOP")
    return books


def revalue(books: Books, number: str, unit_cost: str, day: int) -> None:
    books.post("revaluation", number=number, date=f"2026-01-{day:02d}", lines=[{"item": "BOLT", "unit_cost": unit_cost}])


def test_a_late_revaluation_means_what_it_meant_on_its_day(two_places: Books) -> None:
    """At standard since the 20th: on the 10th a unit cost was still what goods are worth at one location."""
    change_method(two_places, "BOLT", "standard", day=20)
    revalue(two_places, "REV", "2", day=10)
    assert [str(row["value"]) for row in two_places.stock.list(by="location")] == ["4.00", "6.00"]
    assert problems(two_places) == []


@pytest.mark.parametrize("first", ["average", "standard"])
def test_a_rate_for_all_and_a_value_for_one_do_not_change_places(two_places: Books, first: str) -> None:
    """What a revaluation says of one location cannot become the item's rate, nor the other way round: the change is refused."""
    if first == "standard":
        change_method(two_places, "BOLT", "standard", day=5)
    revalue(two_places, "REV", "2", day=20)
    value = str(two_places.stock.value())
    with pytest.raises(Refused, match=r"LATER_SHORT.*REV sets"):
        change_method(two_places, "BOLT", "fifo" if first == "standard" else "standard", day=10)
    assert (str(two_places.stock.value()), problems(two_places)) == (value, [])


@pytest.mark.parametrize("order", [("D-1", "B-3", "RET"), ("D-1", "RET", "B-3"), ("B-3", "D-1", "RET")])
@pytest.mark.parametrize(("returned", "shop"), [(10, "9.00"), (25, "11.00")])
def test_goods_sold_short_come_back_elsewhere(two_places: Books, order: tuple[str, ...], returned: int, shop: str) -> None:
    """Three sold where two are: the third at 1.00, until on the 20th it is covered at 3.00. What comes back to the shop before
    that is worth 3.00, what comes back later 5.00, in whichever order it is entered."""
    two_places.settings.set("negative_stock", "provisional")
    enter: dict[str, Callable[[], object]] = {
        "D-1": lambda: two_places.post("delivery", number="D-1", date="2026-01-05", party="JANE",
                                       lines=[{"item": "BOLT", "quantity": "3", "from": None}]),
        "B-3": lambda: purchase(two_places, "B-3", "BOLT", "1", "3.00", day=20),
        "RET": lambda: two_places.post("customer_return", date=f"2026-01-{returned:02d}", party="JANE", location="SHOP",
                                       lines=[{"from": "D-1#1", "quantity": "3"}]),
    }  # fmt: skip
    for number in order:
        enter[number]()
    places = {row["location"]: (str(row["on_hand"]), str(row["value"])) for row in two_places.stock.list(sku="BOLT", by="location")}
    assert places["SHOP"] == ("5", shop)
    assert problems(two_places) == []


def test_goods_do_not_come_back_before_they_went(books: Books) -> None:
    """Invoiced on the 5th, delivered on the 20th: a credit on the 10th brings nothing back; likewise what came after its bill."""
    purchase(books, "B-1", "BOLT", "2", "2.00", day=1)
    line = {"item": "BOLT", "quantity": "2", "amount": "9.00", "from": None}
    books.post("invoice", number="I-1", date="2026-01-05", party="JANE", goods="later", lines=[line])
    books.post("delivery", date="2026-01-20", party="JANE", lines=[{"from": "I-1#1"}])
    books.post("bill", number="B-2", date="2026-01-05", party="ACME", goods="later", lines=[line])
    books.post("receipt", date="2026-01-20", party="ACME", lines=[{"from": "B-2#1"}])
    back = {"credit_note": {"party": "JANE", "lines": [{"from": "I-1#1", "quantity": "1", "restock": True}]},
            "supplier_credit": {"party": "ACME", "lines": [{"from": "B-2#1", "quantity": "1"}]}}  # fmt: skip
    for kind, record in back.items():
        with pytest.raises(Refused, match="BEFORE_ORIGIN"):
            books.post(kind, date="2026-01-10", **record)
        books.post(kind, date="2026-01-21", **record)
    assert problems(books) == []


# --- found by comparing many histories with the reference ---


@pytest.mark.parametrize("method", ["fifo", "lifo"])
def test_goods_that_go_back_to_a_supplier_do_not_set_the_last_known_cost(books: Books, method: str) -> None:
    """5 at 0.75 are recorded late, before 4 of the first go back: nothing else was bought later, so 2 that are found when all
    is sold are worth 0.75 each."""
    books.items.add("stock", sku="PIN", price="9", cost_method=method)
    receive(books, "R-1", "PIN", "8", "21.84", day=1)
    receive(books, "R-2", "PIN", "6", "11.44", day=2)
    books.post("supplier_return", date="2026-01-06", party="ACME", lines=[{"from": "R-1#1", "quantity": "4"}])
    receive(books, "R-3", "PIN", "5", "3.75", day=4)
    assert problems(books) == []
    sell(books, "I-1", "PIN", "15", day=7)
    books.post("adjustment", date="2026-01-08", lines=[{"item": "PIN", "quantity": "2"}])
    assert (str(books.stock.value("PIN")), problems(books)) == ("1.50", [])


def test_the_exact_cost_of_goods_found_after_a_late_count(books: Books) -> None:
    """28 are worth 107.27, 7 of them are left by a count, and 20 come for 36.65: 27 at 63.47. 24 leave, 4 are found at 9.40. A
    late count of 3 before that of 7 finds 4 anew at 15.32, so that 27 are worth 63.46: the four are worth 9.40 still, and their
    exact unit value is another one."""
    books.items.add("stock", sku="RIM", cost="3", price="9")
    purchase(books, "B-1", "RIM", "28", "107.27", 1)
    purchase(books, "B-2", "RIM", "20", "36.65", 10)
    for day, counted in ((12, "3"), (15, "7")):
        books.post("count", date=f"2026-01-{day}", lines=[{"item": "RIM", "counted": counted}])
    purchase(books, "B-3", "RIM", "1", "10.11", 20)
    for day, counted in ((8, "7"), (7, "3")):
        books.post("count", date=f"2026-01-{day:02d}", lines=[{"item": "RIM", "counted": counted}])
        assert problems(books) == []
