"""Each location costed by itself (`cost_scope=location`): what stock is worth where it lies, and what transfers carry along."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from wares import Books, Intent, Item, PlannedMove, Posted, Refused
from wares.errors import PluginError
from wares.inventory.move import NewMove
from wares.inventory.transfers import at_each_location, pair_transfers
from wares.model import Location, NegativeStock

INVENTORY, COGS, VARIANCE = "1300", "5000", "5100"
Balances = Callable[[], dict[str, str]]


@pytest.fixture
def two_places(books: Books) -> Books:
    books.settings.set("cost_scope", "location")
    books.locations.add("SHOP", name="The shop")
    books.locations.add("DEPOT", name="The depot")
    return books


def item(books: Books, method: str, **facts: Any) -> None:
    books.items.add("stock", sku="A", price="50", cost_method=method, **facts)


def buy(books: Books, number: str, quantity: object, unit_cost: str, day: str, place: str = "MAIN") -> Any:
    lines = [{"item": "A", "quantity": quantity, "unit_cost": unit_cost, "from": None}]
    return books.post("receipt", number=number, date=f"2026-01-{day}", party="ACME", location=place, lines=lines)


def move(books: Books, quantity: object, day: str, *, to: str = "SHOP", place: str = "MAIN", **more: Any) -> Any:
    lines = [{"item": "A", "quantity": quantity, **more}]
    return books.post("transfer", number=f"T-{day}", date=f"2026-01-{day}", location=place, to_location=to, lines=lines)


def sell(books: Books, quantity: object, day: str, place: str = "SHOP", **more: Any) -> Decimal:
    lines = [{"item": "A", "quantity": quantity, "from": None, **more}]
    posted: Posted = books.post("invoice", number=f"I-{day}", date=f"2026-01-{day}", party="JANE", location=place, lines=lines)
    return posted.cogs


def worth(books: Books) -> dict[str, tuple[str, str]]:
    """Place → quantity and value there."""
    return {
        row["location"]: (str(row["on_hand"]), str(row["value"])) for row in books.stock.list() if row["on_hand"] or row["value"]
    }


def cogs(books: Books) -> str:
    return str(books.gl.balance(COGS))


def test_each_place_sells_what_it_bought(two_places: Books) -> None:
    item(two_places, "average")
    buy(two_places, "R-1", 10, "10", "01")
    buy(two_places, "R-2", 10, "30", "02", "SHOP")
    assert sell(two_places, 5, "03") == Decimal("150.00")
    assert worth(two_places) == {"MAIN": ("10", "100.00"), "SHOP": ("5", "150.00")}


def test_layers_keep_the_age_of_their_receipts(two_places: Books) -> None:
    """What the transfer brought is older than what the shop had bought itself, and is sold first: 10 @ 10, 5 @ 20, then 30."""
    item(two_places, "fifo")
    buy(two_places, "R-1", 10, "10", "01")
    buy(two_places, "R-2", 10, "20", "02")
    buy(two_places, "R-3", 5, "30", "03", "SHOP")
    move(two_places, 15, "04")
    assert worth(two_places) == {"MAIN": ("5", "100.00"), "SHOP": ("20", "350.00")}
    assert sell(two_places, 12, "05") == Decimal("140.00")
    assert sell(two_places, 5, "06") == Decimal("120.00")  # 3 @ 20, 2 @ 30


def test_last_in_first_out_goes_by_age_too(two_places: Books) -> None:
    """The shop's own purchase of the 3rd is newer than what arrived on the 4th."""
    item(two_places, "lifo")
    buy(two_places, "R-1", 10, "10", "01")
    buy(two_places, "R-2", 10, "20", "02")
    buy(two_places, "R-3", 5, "30", "03", "SHOP")
    move(two_places, 15, "04")  # 10 @ 20, 5 @ 10
    assert sell(two_places, 17, "05") == Decimal("370.00")  # 5 @ 30, 10 @ 20, 2 @ 10


def test_there_and_back_again(two_places: Books) -> None:
    """The rest of a layer and what comes back of it are of one age; what came from elsewhere meanwhile is newer."""
    item(two_places, "fifo")
    buy(two_places, "R-1", 3, "10", "01")
    move(two_places, 2, "02")
    buy(two_places, "R-2", 1, "50", "03")
    move(two_places, 2, "04", to="MAIN", place="SHOP")
    assert sell(two_places, 3, "05", "MAIN") == Decimal("30.00")
    assert worth(two_places) == {"MAIN": ("1", "50.00")}


def test_an_average_is_carried_to_the_cent(two_places: Books) -> None:
    """100.00 for three: one takes 33.33, and the two that stay 66.67; together they are what was paid."""
    item(two_places, "average")
    two_places.post("bill", date="2026-01-01", party="ACME", lines=[{"item": "A", "quantity": 3, "amount": "100.00"}])
    move(two_places, 1, "02")
    assert worth(two_places) == {"MAIN": ("2", "66.67"), "SHOP": ("1", "33.33")}
    move(two_places, 2, "03")
    assert worth(two_places) == {"SHOP": ("3", "100.00")}


def test_accounts_of_places(two_places: Books, balances: Balances) -> None:
    """A transfer posts between the inventory accounts of its places, and nothing where both have the same."""
    two_places.accounts.add("1310", name="Stock in the shop", type="asset", roles=["inventory"])
    two_places.mappings.add("inventory", "1310", level="location", of="SHOP")
    item(two_places, "fifo")
    buy(two_places, "R-1", 10, "10", "01")
    entries = move(two_places, 4, "02").entries
    assert [(row["account"], str(row["debit"]), str(row["credit"])) for row in entries] == [
        ("1300", "0.00", "40.00"),
        ("1310", "40.00", "0.00"),
    ]
    assert move(two_places, 1, "03", to="DEPOT").entries == []
    held = balances()
    assert (held[INVENTORY], held["1310"]) == ("60.00", "40.00")
    rows = two_places.stock.list(at="2026-01-02")
    assert [(row["location"], row["account"], str(row["value"])) for row in rows] == [
        ("MAIN", "1300", "60.00"),
        ("SHOP", "1310", "40.00"),
    ]


def test_a_late_receipt_goes_through_transfers(two_places: Books) -> None:
    """MAIN → SHOP → DEPOT: each takes the older goods now, and gives back when the receipt is voided."""
    item(two_places, "fifo")
    buy(two_places, "R-1", 5, "10", "10")
    move(two_places, 5, "11")
    move(two_places, 5, "12", place="SHOP", to="DEPOT")
    sell(two_places, 4, "13", "DEPOT")
    buy(two_places, "R-0", 2, "20", "09")
    assert (cogs(two_places), worth(two_places)) == ("60.00", {"MAIN": ("2", "20.00"), "DEPOT": ("1", "10.00")})
    two_places.void("R-0")
    assert (cogs(two_places), worth(two_places)) == ("40.00", {"DEPOT": ("1", "10.00")})


def test_the_same_value_in_other_layers_is_followed(two_places: Books) -> None:
    """The transfer is worth 20.00 before and after, but of 5 + 15 it is 15 + 5: what the shop sells first is another layer."""
    item(two_places, "fifo")
    buy(two_places, "R-1", 1, "5", "03")
    buy(two_places, "R-2", 1, "15", "05")
    move(two_places, 2, "06")
    sell(two_places, 1, "07")
    buy(two_places, "R-0", 1, "15", "01")
    two_places.void("R-2")
    assert (cogs(two_places), worth(two_places)) == ("15.00", {"SHOP": ("1", "5.00")})


def test_freight_reaches_what_was_sold_elsewhere(two_places: Books) -> None:
    """12.00 on ten, of which six went to the shop and three of those are sold."""
    item(two_places, "average")
    buy(two_places, "R-1", 10, "10", "01")
    move(two_places, 6, "02")
    sell(two_places, 3, "03")
    two_places.post("landed_cost", date="2026-01-04", amount="12.00", by="value", apply_to=[{"from": "R-1"}])
    assert (cogs(two_places), worth(two_places)) == ("33.60", {"MAIN": ("4", "44.80"), "SHOP": ("3", "33.60")})


def test_a_closed_month_keeps_its_value_by_place(two_places: Books) -> None:
    item(two_places, "average")
    buy(two_places, "R-1", 10, "10", "01")
    move(two_places, 6, "02")
    two_places.gl.close("2026-01-31")
    lines = [{"from": "R-1#1", "item": "A", "quantity": 10, "unit_cost": "12"}]
    two_places.post("bill", date="2026-03-01", party="ACME", lines=lines)
    at = {row["location"]: str(row["value"]) for row in two_places.stock.list(at="2026-01-31")}
    assert at == {"MAIN": "40.00", "SHOP": "60.00"}
    assert worth(two_places) == {"MAIN": ("4", "48.00"), "SHOP": ("6", "72.00")}


def test_a_transfer_covers_what_its_place_owed(two_places: Books) -> None:
    """Four sold at the estimate of 9, two @ 10 and two @ 20 come after them; the fifth waits at 20."""
    two_places.settings.set("negative_stock", "provisional")
    item(two_places, "fifo", cost="9")
    buy(two_places, "R-1", 2, "10", "01")
    buy(two_places, "R-2", 3, "20", "02")
    assert sell(two_places, 4, "03") == Decimal("36.00")
    move(two_places, 5, "04")
    assert (cogs(two_places), worth(two_places)) == ("60.00", {"SHOP": ("1", "20.00")})


def test_a_transfer_never_goes_short(two_places: Books) -> None:
    two_places.settings.set("negative_stock", "provisional")
    item(two_places, "fifo", cost="9")
    buy(two_places, "R-1", 2, "10", "01", "SHOP")
    with pytest.raises(Refused) as refused:
        move(two_places, 1, "02")
    assert refused.value.code == "INSUFFICIENT_STOCK"


def test_standards_are_the_same_everywhere(two_places: Books, balances: Balances) -> None:
    """A rate is the item's: it changes at every place, also where nothing lies; a transfer makes no variance."""
    item(two_places, "standard", cost="10")
    buy(two_places, "R-1", 10, "10", "01")
    move(two_places, 4, "02")
    two_places.post("revaluation", date="2026-01-03", lines=[{"item": "A", "unit_cost": "11"}])
    assert worth(two_places) == {"MAIN": ("6", "66.00"), "SHOP": ("4", "44.00")}
    move(two_places, 4, "04", place="SHOP", to="DEPOT")
    assert worth(two_places) == {"MAIN": ("6", "66.00"), "DEPOT": ("4", "44.00")}
    two_places.locations.add("NEW")
    move(two_places, 1, "05", to="NEW")
    assert worth(two_places)["NEW"] == ("1", "11.00")
    assert VARIANCE not in balances()


def test_a_method_changes_everywhere(two_places: Books) -> None:
    item(two_places, "average")
    for day, (place, cost) in enumerate((("MAIN", "10"), ("MAIN", "20"), ("SHOP", "30"), ("SHOP", "40")), start=1):
        buy(two_places, f"R-{day}", 1, cost, f"0{day}", place)
    two_places.post("method_change", date="2026-01-05", lines=[{"item": "A", "cost_method": "fifo"}])
    assert worth(two_places) == {"MAIN": ("2", "30.00"), "SHOP": ("2", "70.00")}
    assert sell(two_places, 1, "06") == Decimal("35.00")
    buy(two_places, "R-5", 1, "5", "07", "DEPOT")
    buy(two_places, "R-6", 1, "7", "08", "DEPOT")
    assert sell(two_places, 1, "09", "DEPOT") == Decimal("5.00")


def test_lots_of_places(two_places: Books) -> None:
    item(two_places, "specific")
    lines = [{"item": "A", "quantity": 4, "unit_cost": "10", "lot": "L1", "from": None}]
    two_places.post("receipt", date="2026-01-01", party="ACME", lines=lines)
    move(two_places, 1, "02", lot="L1")
    assert sell(two_places, 1, "03", lot="L1") == Decimal("10.00")
    with pytest.raises(Refused) as refused:
        sell(two_places, 1, "04", lot="L1")
    assert refused.value.code == "INSUFFICIENT_STOCK"
    assert worth(two_places) == {"MAIN": ("3", "30.00")}


def test_goods_go_back_from_where_they_were_carried_to(two_places: Books) -> None:
    """The shop returns goods of R-2: they leave from what came of R-2, though R-1's are older."""
    item(two_places, "fifo")
    buy(two_places, "R-1", 2, "10", "01")
    buy(two_places, "R-2", 2, "20", "02")
    move(two_places, 4, "03")
    lines = [{"from": "R-2#1", "quantity": 1, "location": "SHOP"}]
    two_places.post("supplier_return", date="2026-01-04", party="ACME", lines=lines)
    assert worth(two_places) == {"SHOP": ("3", "40.00")}


def test_a_transfer_is_voided_in_its_place(two_places: Books) -> None:
    item(two_places, "fifo")
    buy(two_places, "R-1", 2, "10", "01")
    move(two_places, 2, "02")
    two_places.void("T-02")
    assert worth(two_places) == {"MAIN": ("2", "20.00")}
    move(two_places, 2, "03")
    sell(two_places, 1, "04")
    with pytest.raises(Refused) as refused:
        two_places.void("T-03")
    assert refused.value.code == "LATER_SHORT"


@pytest.mark.parametrize(("method", "sold"), [("fifo", "10.00"), ("average", "22.50"), ("standard", "12.00")])
def test_a_transfer_is_reversed_on_a_later_day(two_places: Books, balances: Balances, method: str, sold: str) -> None:
    """It brings the goods back with their ages: what is sold first is the oldest again, and the ledger has not moved."""
    item(two_places, method, cost="12")
    buy(two_places, "R-1", 1, "10", "01")
    move(two_places, 1, "02")
    buy(two_places, "R-2", 1, "35", "03")
    before = balances()
    two_places.void("T-02", date="2026-01-04")
    assert balances() == before
    assert str(sell(two_places, 1, "05", "MAIN")) == sold


def test_explain_goes_back_to_the_receipts(two_places: Books) -> None:
    item(two_places, "fifo")
    buy(two_places, "R-1", 1, "10", "01")
    buy(two_places, "R-2", 1, "20", "02")
    move(two_places, 2, "03")
    move(two_places, 2, "04", place="SHOP", to="DEPOT")
    sell(two_places, 1, "05", "DEPOT")
    (sale,) = two_places.docs.explain("I-05")
    assert [(source["document"], str(source["cost"])) for source in sale["sources"]] == [("R-1", "10.00")]
    (transfer,) = two_places.docs.explain("T-04")
    assert str(transfer["cost"]) == "30.00"
    assert [(source["sku"], str(source["cost"])) for source in transfer["sources"]] == [("A", "30.00")]


@pytest.mark.parametrize("quantities", [(-2, 2), (-2, 2, -2, 2), (-2,), (2,), (2, -2), (-2, 1)])
def test_a_document_type_plans_both_legs_of_a_transfer(quantities: tuple[int, ...]) -> None:
    """Out and then in, of one quantity: a plugin whose document does otherwise is named."""
    place, item_ = Location(1, "MAIN", "Main"), Item(id=7, type="stock", sku="A", name="A")
    planned = [PlannedMove(item_, quantity, place, Intent.QUANTITY_ONLY, counter=None) for quantity in quantities]
    carried = list(at_each_location(planned, [place], lambda _: False))
    moves = [
        NewMove(100 + index, 1, 1, each, None, at=0, sequence=index, day=0, counter=None,  # type: ignore[arg-type]  # no pool yet
                variance_to=None, group_id=None, short=NegativeStock.NEVER)
        for index, each in enumerate(carried)
    ]  # fmt: skip
    if quantities[:2] == (-2, 2):
        pair_transfers(moves, "haul")
        assert [move.group_id for move in moves] == [100, 100, 102, 102][: len(moves)]
    else:
        with pytest.raises(PluginError) as error:
            pair_transfers(moves, "haul")
        assert error.value.code == "UNPAIRED"
        assert "'haul'" in str(error.value)


def test_the_scope_is_fixed_by_the_first_move(two_places: Books) -> None:
    item(two_places, "fifo")
    two_places.mappings.add("inventory", INVENTORY, level="location", of="SHOP")
    with pytest.raises(Refused) as refused:
        two_places.settings.set("cost_scope", "company")
    assert refused.value.code == "LOCATION_INVENTORY"
    buy(two_places, "R-1", 1, "10", "01")
    with pytest.raises(Refused) as refused:
        two_places.settings.set("cost_scope", "company")
    assert refused.value.code == "SCOPE_FIXED"


def test_a_transfer_of_more_layers_than_go_into_one_round_trip(books: Books) -> None:
    books.settings.set("cost_scope", "location")
    books.parties.add("V", kinds=["supplier"])
    books.locations.add("THERE")
    books.items.add("stock", sku="MANY", cost_method="fifo")
    for first in (0, 40):
        lines = [{"item": "MANY", "quantity": 1, "unit_cost": f"{first + step}.00"} for step in range(40)]
        books.post("receipt", date="2026-01-01", party="V", lines=lines)
    books.post("transfer", date="2026-01-02", to_location="THERE", lines=[{"item": "MANY", "quantity": 80}])
    assert len(books.stock.layers("MANY")) == 80
    assert books.verify()["ok"]
