"""`docs explain`: every cent of a document's cost, with worked figures, and the law that sources sum to their node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wares import Books, Refused
from wares.reports import explain
from wares.reports.composition import HeldMove, compositions
from wares.reports.explain import apportion

Tree = dict[str, Any]


@pytest.fixture
def books() -> Iterator[Books]:
    yield (books := shop())
    books.close()


def shop() -> Books:
    books = Books.open("sqlite://")
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.items.put([
        {"sku": "BOLT", "type": "stock", "cost_method": "fifo"},
        {"sku": "RIM", "type": "stock", "cost_method": "average"},
        {"sku": "LABOUR", "type": "service", "price": "40", "cost": "30"},
        {"sku": "WHEEL", "type": "assembly", "cost_method": "fifo",
         "components": [{"sku": "RIM", "quantity": "1"}, {"sku": "BOLT", "quantity": "3"}, {"sku": "LABOUR", "quantity": "0.25"}]},
        {"sku": "BIKE", "type": "assembly", "cost_method": "average", "components": [{"sku": "WHEEL", "quantity": "2"}]},
        {"sku": "PAIR", "type": "kit", "price": "99",
         "components": [{"sku": "WHEEL", "quantity": "2"}, {"sku": "BOLT", "quantity": "1"}]},
    ])  # fmt: skip
    return books


def buy(books: Books, sku: str, quantity: object, unit_cost: str, day: int = 1, **head: Any) -> str:
    line = {"item": sku, "quantity": quantity, "unit_cost": unit_cost}
    return books.post("bill", date=f"2026-01-{day:02d}", party="ACME", lines=[line], **head).number


def sell(books: Books, sku: str, quantity: object, day: int = 9, **head: Any) -> str:
    line = {"item": sku, "quantity": quantity, "unit_price": "1"}
    return books.post("invoice", date=f"2026-01-{day:02d}", party="JANE", lines=[line], **head).number


def build(books: Books, sku: str, quantity: object, day: int = 5, **line: Any) -> str:
    return books.post("build", date=f"2026-01-{day:02d}", lines=[{"item": sku, "quantity": quantity, **line}]).number


def outline(nodes: Iterable[Tree], depth: int = 0) -> list[str]:
    """A tree as lines: what, quantity, cost."""
    shown = []
    for node in nodes:
        what = node.get("sku") or f"{node['document']}" + (f" {node['kind']}" if "kind" in node else "")
        quantity = "-" if node["quantity"] is None else f"{node['quantity']:f}"
        shown.append(f"{'  ' * depth}{what} {quantity} {node['cost']}")
        shown += outline(node["sources"], depth + 1)
    return shown


def check(books: Books, number: str) -> list[Tree]:
    """The law: every node's sources sum to its cost, and the lines to what the document's moves are worth."""
    trees = books.docs.explain(number)
    _check_sums(trees)
    moved = [move for move in books.stock.moves() if move["document"] == number]
    assert sum(tree["cost"] for tree in trees) == sum(abs(move["value"]) for move in moved) - _issued_into(trees, moved)
    return trees


def _check_sums(nodes: Iterable[Tree]) -> None:
    for node in nodes:
        if node["sources"]:
            assert sum(source["cost"] for source in node["sources"]) == node["cost"], outline([node])
        _check_sums(node["sources"])


def _issued_into(trees: list[Tree], moved: list[dict[str, Any]]) -> Decimal:
    """What a document's own issues put into its own outputs, which is explained there and not beside them."""
    if not any(move["quantity"] > 0 for move in moved) or not any("sku" in node for tree in trees for node in tree["sources"]):
        return Decimal(0)
    return sum((-move["value"] for move in moved if move["quantity"] < 0), Decimal(0))


def test_layers_oldest_first(books: Books) -> None:
    buy(books, "BOLT", 100, "0.08", 1, number="B-1")
    buy(books, "BOLT", 50, "0.10", 2, number="B-2")
    trees = check(books, sell(books, "BOLT", 120))
    assert outline(trees) == ["BOLT 120 10.00", "  B-1 100 8.00", "  B-2 20 2.00"]
    assert trees[0]["line"] == "1"
    assert trees[0]["sources"][0] == {"document": "B-1", "type": "bill", "quantity": 100, "cost": Decimal("8.00"), "sources": []}


def test_an_average_pool_by_what_is_left_of_each_receipt(books: Books) -> None:
    """10 @ 10, 10 @ 20, 5 out (75.00), 10 @ 30: 75.00 + 150.00 + 300.00 for 25; 5 more take 105.00."""
    buy(books, "RIM", 10, "10", 1, number="B-1")
    buy(books, "RIM", 10, "20", 2, number="B-2")
    first = check(books, sell(books, "RIM", 5, 3))
    assert outline(first) == ["RIM 5 75.00", "  B-1 2.5 25.00", "  B-2 2.5 50.00"]
    buy(books, "RIM", 10, "30", 4, number="B-3")
    second = check(books, sell(books, "RIM", 5, 5))
    assert outline(second) == ["RIM 5 105.00", "  B-1 1.5 15.00", "  B-2 1.5 30.00", "  B-3 2 60.00"]


def test_only_receipts_since_the_pool_was_last_empty(books: Books) -> None:
    buy(books, "RIM", 10, "10", 1, number="B-1")
    sell(books, "RIM", 10, 2)
    buy(books, "RIM", 3, "33.333333", 3, number="B-2")
    assert outline(check(books, sell(books, "RIM", 1, 4))) == ["RIM 1 33.33", "  B-2 1 33.33"]


def test_a_cent_that_cannot_be_split(books: Books) -> None:
    """0.05 from three equal receipts: 0.02 + 0.02 + 0.01, the remainder to the earlier."""
    for day in (1, 2, 3):
        buy(books, "RIM", 10, "0.05", day, number=f"B-{day}")
    assert outline(check(books, sell(books, "RIM", 1))) == [
        "RIM 1 0.05", "  B-1 0.333334 0.02", "  B-2 0.333333 0.02", "  B-3 0.333333 0.01",
    ]  # fmt: skip


def test_a_bill_at_another_price_is_a_source_of_its_own(books: Books) -> None:
    line = {"item": "BOLT", "quantity": 10, "unit_cost": "10"}
    books.post("receipt", number="R-1", date="2026-01-01", party="ACME", lines=[line])
    sale = sell(books, "BOLT", 5)
    bill = {"from": "R-1#1", "quantity": 10, "unit_cost": "12"}
    books.post("bill", number="B-1", date="2026-01-20", party="ACME", lines=[bill])
    assert outline(check(books, sale)) == ["BOLT 5 60.00", "  R-1 5 60.00", "    R-1 5 50.00", "    B-1 bill - 10.00"]
    assert outline(check(books, "R-1")) == ["BOLT 10 120.00", "  R-1 10 100.00", "  B-1 bill - 20.00"]


def test_a_rebate_takes_its_part_off(books: Books) -> None:
    buy(books, "BOLT", 10, "10", number="B-1")
    sale = sell(books, "BOLT", 4)
    rebate = {"from": "B-1#1", "quantity": 10, "unit_cost": "1"}
    books.post("supplier_credit", number="S-1", date="2026-01-20", party="ACME", goods="none", lines=[rebate])
    assert outline(check(books, sale)) == ["BOLT 4 36.00", "  B-1 4 36.00", "    B-1 4 40.00", "    S-1 rebate - -4.00"]


def test_builds_down_to_the_purchases_and_the_hours(books: Books) -> None:
    """A wheel: a rim at 12.00, three bolts at 0.08, a quarter of an hour at 30.00; a bike is two of them."""
    buy(books, "RIM", 4, "12", 1, number="B-1")
    buy(books, "BOLT", 5, "0.08", 1, number="B-2")
    buy(books, "BOLT", 7, "0.10", 2, number="B-3")
    wheels, bikes = build(books, "WHEEL", 4, 3), build(books, "BIKE", 2, 4)
    sale = check(books, sell(books, "BIKE", 1))
    assert outline(sale) == [
        "BIKE 1 39.55",
        f"  {bikes} 1 39.55",
        "    WHEEL 2 39.55",
        f"      {wheels} 2 39.55",
        "        RIM 2 24.00",
        "          B-1 2 24.00",
        "        BOLT 6 0.55",
        "          B-2 2.5 0.20",
        "          B-3 3.5 0.35",
        "        LABOUR 0.5 15.00",
    ]
    assert outline(check(books, wheels))[0] == "WHEEL 4 79.10"
    assert len(books.docs.explain(wheels)) == 1  # the components stand under what became of them


def test_a_kit_is_the_sum_of_its_contents(books: Books) -> None:
    buy(books, "RIM", 2, "12", number="B-1")
    buy(books, "BOLT", 7, "0.10", number="B-2")
    wheels = build(books, "WHEEL", 2)
    sale = check(books, sell(books, "PAIR", 1))
    assert outline(sale)[:3] == ["PAIR 1 39.70", "  WHEEL 2 39.60", f"    {wheels} 2 39.60"]
    assert outline(sale)[-2:] == ["  BOLT 1 0.10", "    B-2 1 0.10"]
    assert sale[0]["sources"][0]["line"] == "1.1"


def test_a_return_comes_from_the_sale_that_it_takes_back(books: Books) -> None:
    buy(books, "BOLT", 10, "10", 1, number="B-1")
    buy(books, "BOLT", 5, "20", 2, number="B-2")
    sell(books, "BOLT", 15, number="I-1")  # 200.00
    back = [{"from": "I-1#1", "quantity": "6", "restock": True}]
    credit = books.post("credit_note", date="2026-01-10", party="JANE", lines=back).number
    expected = ["BOLT 6 80.00", "  I-1 6 80.00", "    B-1 4 40.00", "    B-2 2 40.00"]
    assert outline(check(books, credit)) == expected
    again = check(books, sell(books, "BOLT", 6, 12))
    assert outline(again) == ["BOLT 6 80.00", f"  {credit} 6 80.00", *("  " + line for line in expected[1:])]


def test_goods_that_go_back_come_from_their_receipt(books: Books) -> None:
    buy(books, "RIM", 10, "10", 1, number="B-1")
    buy(books, "RIM", 10, "20", 2, number="B-2")
    lines = [{"from": "B-2#1", "quantity": "4", "unit_cost": "20"}]
    credit = books.post("supplier_credit", date="2026-01-10", party="ACME", reference="C", lines=lines).number
    assert outline(check(books, credit)) == ["RIM 4 80.00", "  B-2 4 80.00"]
    assert outline(check(books, sell(books, "RIM", 8, 11))) == ["RIM 8 110.00", "  B-1 5 50.00", "  B-2 3 60.00"]


def test_purchases_are_facts_and_other_documents_have_no_cost(books: Books) -> None:
    assert outline(check(books, buy(books, "BOLT", 10, "10"))) == ["BOLT 10 100.00"]
    assert books.docs.explain(sell(books, "LABOUR", 1)) == []
    with pytest.raises(Refused, match="UNKNOWN_DOCUMENT"):
        books.docs.explain("NOWHERE")


def test_a_tree_that_would_never_end_says_that_there_is_more(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "MOST_NODES", 3)
    buy(books, "RIM", 4, "12", number="B-1")
    buy(books, "BOLT", 12, "0.08", number="B-2")
    build(books, "WHEEL", 4)
    trees = check(books, sell(books, "WHEEL", 1))
    cut = [node for node in trees[0]["sources"][0]["sources"] if node.get("more")]
    assert {node["sku"] for node in cut} == {"RIM", "BOLT"}
    assert all(not node["sources"] for node in cut)


# --- laws ------------------------------------------------------------------------------------------------------------

amounts = st.integers(-(10**9), 10**9)


@given(amounts, st.lists(amounts, min_size=1, max_size=8))
def test_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    assert apportion(sum(weights), weights) == weights


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 50), st.integers(0, 10**6)), min_size=1, max_size=60))
def test_what_is_left_of_all_receipts_is_what_is_in_the_pool(steps: list[tuple[bool, int, int]]) -> None:
    """Values by largest remainder would drift by cents; the proportions add up to the pool's own value."""
    held: list[HeldMove] = []
    quantity = value = 0
    for move_id, (comes, moved, worth) in enumerate(steps):
        if not comes:
            moved = min(moved, quantity)
            moved, worth = -moved, -(value * moved // quantity if quantity else 0)
        quantity, value = quantity + moved, value + worth
        held.append(HeldMove(move_id, moved, worth))
    parts = compositions(held, [len(held)])[len(held)]
    assert abs(sum(part.quantity for part in parts) - quantity * 10**30) < 10**12
    assert abs(sum(part.value for part in parts) - value * 10**30) < 10**12 or not quantity


orders = st.lists(
    st.tuples(
        st.sampled_from(["buy", "sell", "build", "receive", "bill", "return", "send_back", "unbuild", "adjust"]),
        st.sampled_from(["BOLT", "RIM", "WHEEL", "BIKE", "PAIR"]),
        st.decimals("0.1", "9", places=1),
        st.decimals("0", "50", places=2),
        st.integers(1, 28),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(orders)
def test_every_cent_is_accounted_for(steps: list[tuple[str, str, Decimal, Decimal, int]]) -> None:
    """Whatever is posted, in whatever order of days: each node's sources sum to its cost."""
    books = shop()
    buy(books, "BOLT", 40, "0.33")
    buy(books, "RIM", 9, "11.11")
    build(books, "WHEEL", 5, 1)
    for verb, sku, quantity, price, day in steps:
        posted = [doc["number"] for doc in books.docs.list()]
        try:
            _post(books, verb, sku, quantity, price, f"2026-01-{day:02d}", posted[hash((quantity, price)) % len(posted)])
        except Refused:
            continue
    for doc in books.docs.list():
        check(books, doc["number"])
    books.close()


def _post(books: Books, verb: str, sku: str, quantity: Decimal, price: Decimal, date: str, origin: str) -> None:
    bought = {"item": sku, "quantity": quantity, "unit_cost": price, "from": None}
    back = {"from": f"{origin}#1", "quantity": quantity}
    kind, head, line = {
        "buy": ("bill", {"party": "ACME"}, bought),
        "receive": ("receipt", {"party": "ACME"}, bought),
        "sell": ("invoice", {"party": "JANE"}, {"item": sku, "quantity": quantity, "unit_price": "1", "from": None}),
        "build": ("build", {}, {"item": sku, "quantity": quantity}),
        "bill": ("bill", {"party": "ACME"}, {**back, "unit_cost": price}),
        "return": ("credit_note", {"party": "JANE"}, {**back, "restock": True}),
        "send_back": ("supplier_credit", {"party": "ACME"}, {**back, "unit_cost": price}),
        "unbuild": ("unbuild", {}, {"item": sku, "quantity": quantity}),
        "adjust": ("adjustment", {}, {"item": sku, "quantity": quantity if price > 25 else -quantity}),
    }[verb]
    books.post(kind, date=date, lines=[line], **head)
