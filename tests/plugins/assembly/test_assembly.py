"""The plans of builds and unbuilds: moves, groups, absorbed costs, shares."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plugins.builders import (
    TYPES,
    Behaviours,
    Purchase,
    Shelf,
    contents,
    context,
    document,
    line,
    origin_of,
    refusal,
    rows,
)
from wares import HUNDRED_PERCENT, Intent, Line, Origin, OriginMove, Plan, Row, scaled
from wares_assembly.documents import Build, Unbuild


def make_shelf() -> Shelf:
    """Return a shelf with a wheel: a rim, 32 spokes, half an hour of labour at 24.00, glue for 0.10."""
    shelf = Shelf()
    shelf.add("stock", "RIM", cost="30")
    shelf.add("stock", "SPOKE", cost="0.25")
    shelf.add("stock", "OFFCUT")
    shelf.add("service", "LABOUR", cost="24")
    shelf.add("expense", "GLUE", cost="0.10")
    shelf.add("assembly", "WHEEL", components=[("RIM", "1"), ("SPOKE", "32"), ("LABOUR", "0.5"), ("GLUE", "1")])
    shelf.add("assembly", "BIKE", components=[("WHEEL", "2")])
    return shelf


@pytest.fixture
def shelf() -> Shelf:
    return make_shelf()


def plan(shelf: Shelf, *given: Line) -> Plan:
    ctx = context(shelf, Build())
    return Build().plan(document(ctx, given), ctx, Behaviours())


def plan_back(shelf: Shelf, *given: Line) -> Plan:
    ctx = context(shelf, Unbuild())
    return Unbuild().plan(document(ctx, given), ctx, Behaviours())


def moved(done: Plan) -> list[tuple[str, str, int, Intent]]:
    return [(move.line, move.item.sku, move.quantity, move.intent) for move in done.moves]


def posted(done: Plan) -> list[tuple[str, int]]:
    absorbed = [(cost.role, -cost.amount) for move in done.moves for cost in move.absorbed]
    return absorbed + [(leg.role, leg.amount) for leg in done.legs]


# --- build -----------------------------------------------------------------------------------------------------------


def test_a_build(shelf: Shelf) -> None:
    """Ten wheels: components out by their methods, wheels in from them; labour 120.00 and glue 1.00 absorbed."""
    done = plan(shelf, line(shelf.items["WHEEL"], 10))
    assert moved(done) == [
        ("1.1", "RIM", -scaled(10), Intent.BY_METHOD),
        ("1.2", "SPOKE", -scaled(320), Intent.BY_METHOD),
        ("1", "WHEEL", scaled(10), Intent.FROM_INPUTS),
    ]
    assert {(move.group, move.counter) for move in done.moves} == {("1", None)}
    assert done.moves[-1].stated == 121_00
    assert done.moves[-1].share == HUNDRED_PERCENT
    assert posted(done) == [("build_absorption", -120_00), ("build_absorption", -1_00)]
    assert [(cost.line, cost.item.sku) for cost in done.moves[-1].absorbed] == [("1.3", "LABOUR"), ("1.4", "GLUE")]


def test_every_component_is_a_subline_with_its_present_cost(shelf: Shelf) -> None:
    priced = rows(context(shelf, Build()), [line(shelf.items["WHEEL"], 2)])
    assert [(row.line.number, row.pricing.unit_price) for row in priced[1:]] == [
        ("1.1", scaled(30)),
        ("1.2", scaled("0.25")),
        ("1.3", scaled(24)),
        ("1.4", scaled("0.1")),
    ]


def test_scrapped_units_consume_components_and_are_not_received(shelf: Shelf) -> None:
    done = plan(shelf, line(shelf.items["WHEEL"], 96, scrapped=4))
    assert [move.quantity for move in done.moves] == [-scaled(100), -scaled(3200), scaled(96)]
    assert posted(done) == [("build_absorption", -1200_00), ("build_absorption", -10_00)]


def test_components_on_the_line_are_the_total_quantities_used(shelf: Shelf) -> None:
    used = [("RIM", "10"), ("SPOKE", "333"), ("LABOUR", "4.25")]
    done = plan(shelf, line(shelf.items["WHEEL"], 10, components=used))
    assert [move.quantity for move in done.moves] == [-scaled(10), -scaled(333), scaled(10)]
    assert posted(done) == [("build_absorption", -102_00)]


def test_makes(shelf: Shelf) -> None:
    """One batch of dough makes 12 loaves out of 5 kg: 7 loaves take 2.916667 kg, rounded once."""
    shelf.add("stock", "FLOUR")
    loaf = shelf.add("assembly", "LOAF", makes="12", components=[("FLOUR", "5")])
    done = plan(shelf, line(loaf, 7))
    assert [move.quantity for move in done.moves] == [-2_916_667, scaled(7)]


def test_by_products_take_their_share_of_components_and_absorbed_cost(shelf: Shelf) -> None:
    rim = ("RIM", "1")
    item = shelf.add("assembly", "CUT", components=[rim, ("LABOUR", "1")], by_products=[("OFFCUT", "3", None, "12.5")])
    done = plan(shelf, line(item, 2, scrapped=2))
    assert [(move.item.sku, move.quantity, move.share, move.stated) for move in done.moves] == [
        ("RIM", -scaled(4), 0, None),
        ("CUT", scaled(2), scaled("87.5"), 84_00),  # of 96.00 labour
        ("OFFCUT", scaled(12), scaled("12.5"), 12_00),
    ]
    fewer = plan(shelf, line(item, 2, by_products=[("OFFCUT", "1")]))
    assert [(move.item.sku, move.quantity) for move in fewer.moves[1:]] == [("CUT", scaled(2)), ("OFFCUT", scaled(1))]
    none = plan(shelf, line(item, 2, by_products=[]))
    assert [(move.item.sku, move.share) for move in none.moves[1:]] == [("CUT", HUNDRED_PERCENT)]
    assert refusal(lambda: plan(shelf, line(item, 2, by_products=[("SPOKE", "1")]))) == ["NOT_A_BY_PRODUCT"]


def test_nested_assemblies_come_from_stock(shelf: Shelf) -> None:
    assert moved(plan(shelf, line(shelf.items["BIKE"], 3))) == [
        ("1.1", "WHEEL", -scaled(6), Intent.BY_METHOD),
        ("1", "BIKE", scaled(3), Intent.FROM_INPUTS),
    ]


def test_two_lines_are_two_groups(shelf: Shelf) -> None:
    done = plan(shelf, line(shelf.items["WHEEL"], 2), line(shelf.items["BIKE"], 1, number="2"))
    assert [(move.line, move.group) for move in done.moves] == [
        ("1.1", "1"), ("1.2", "1"), ("1", "1"), ("2.1", "2"), ("2", "2"),
    ]  # fmt: skip


def test_elsewhere_an_assembly_is_stock(shelf: Shelf) -> None:
    assert contents(rows(context(shelf, Purchase()), [line(shelf.items["WHEEL"], 2, unit_cost="40")])) == {}
    assert contents(rows(context(shelf), [line(shelf.items["WHEEL"], 2, unit_price="90")])) == {}


def test_refused_builds(shelf: Shelf) -> None:
    wheel = shelf.items["WHEEL"]
    empty = shelf.add("assembly", "EMPTY")
    thoughts = shelf.add("assembly", "IDEA", components=[("LABOUR", "1")])
    shelf.add("kit", "KIT", price="1", components=[("RIM", "1")])
    shelf.add("service", "FAVOUR")

    def codes(item: Any, **keys: Any) -> list[str]:
        return refusal(lambda: plan(shelf, line(item, 1, **keys)))

    assert codes(empty) == ["NO_TRACKED_COMPONENT"]
    assert codes(thoughts) == ["NO_TRACKED_COMPONENT"]
    assert codes(empty, components=[("RIM", "1")]) == []
    assert codes(shelf.items["RIM"]) == ["NOT_AN_ASSEMBLY"]
    assert codes(shelf.items["KIT"]) == ["NOT_TRACKED"]
    assert codes(wheel, components=[("WHEEL", "1")]) == ["COMPONENT_CYCLE"]
    assert codes(wheel, components=[("KIT", "1")]) == ["CONTENT_TYPE"]
    assert codes(wheel, components=[("RIM", "1"), ("FAVOUR", "1")]) == ["NO_COST"]


def test_a_cost_of_zero_is_a_cost(shelf: Shelf) -> None:
    shelf.add("service", "FREE", cost="0")
    assert posted(plan(shelf, line(shelf.items["WHEEL"], 1, components=[("RIM", "1"), ("FREE", "1")]))) == []


# --- the item --------------------------------------------------------------------------------------------------------


def test_the_bill_of_materials_is_locked_while_built_units_are_on_hand(shelf: Shelf) -> None:
    wheel, kind = shelf.items["WHEEL"], TYPES["assembly"]
    assert kind.may_change_components(wheel, shelf) is None
    shelf.hand["WHEEL"] = scaled(3)
    assert kind.may_change_components(wheel, shelf) is None  # bought units do not lock it
    shelf.built.add("WHEEL")
    issue = kind.may_change_components(wheel, shelf)
    assert issue is not None
    assert issue.code == "COMPONENTS_LOCKED"
    shelf.hand["WHEEL"] = 0
    assert kind.may_change_components(wheel, shelf) is None


# --- unbuild ---------------------------------------------------------------------------------------------------------


def build_as_origin(shelf: Shelf, sku: str, quantity: object, **keys: Any) -> Origin:
    """Return a build as the origin of an unbuild: its lines with their moves, numbered from 1."""
    ctx = context(shelf, Build())
    built = document(ctx, [line(shelf.items[sku], quantity, **keys)])
    moves: dict[str, list[OriginMove]] = {}
    for number, move in enumerate(Build().plan(built, ctx, Behaviours()).moves, start=1):
        moves.setdefault(move.line, []).append(OriginMove(number, move.item.id, 1, 1, move.quantity, move.intent, 0, 0))
    return origin_of(built.rows[0], "build", number="M-1", within=built.rows, moves=moves)


def test_an_unbuild_takes_every_value_from_its_build(shelf: Shelf) -> None:
    origin = build_as_origin(shelf, "WHEEL", 10)
    done = plan_back(shelf, line(shelf.items["WHEEL"], 2, origin=origin))
    assert [(m.line, m.item.sku, m.quantity, m.intent, m.origin, m.counter) for m in done.moves] == [
        ("1", "WHEEL", -scaled(2), Intent.AT_RECEIPT_COST, 3, "build_variance"),
        ("1.1", "RIM", scaled(2), Intent.AT_ISSUE_COST, 1, "build_variance"),
        ("1.2", "SPOKE", scaled(64), Intent.AT_ISSUE_COST, 2, "build_variance"),
    ]
    assert posted(done) == [
        ("build_absorption", 24_00), ("build_variance", -24_00),  # 1 hour of labour
        ("build_absorption", 20), ("build_variance", -20),
    ]  # fmt: skip
    assert [(link.origin_id, link.line, link.kind, link.quantity) for link in done.links][:1] == [(100, "1", "unbuild", scaled(2))]


def test_components_of_scrapped_units_do_not_come_back(shelf: Shelf) -> None:
    """96 good of 100 begun: unbuilding all 96 returns 96 rims, and 96 % of the labour."""
    origin = build_as_origin(shelf, "WHEEL", 96, scrapped=4)
    done = plan_back(shelf, line(shelf.items["WHEEL"], 96, origin=origin))
    assert [move.quantity for move in done.moves] == [-scaled(96), scaled(96), scaled(3072)]
    assert posted(done)[:2] == [("build_absorption", 1152_00), ("build_variance", -1152_00)]


def test_an_unbuild_uses_the_components_and_costs_of_its_build(shelf: Shelf) -> None:
    origin = build_as_origin(shelf, "WHEEL", 10, components=[("RIM", "10"), ("SPOKE", "333"), ("LABOUR", "4")])
    shelf.add("service", "LABOUR", cost="99")  # today's rate does not matter
    done = plan_back(shelf, line(shelf.items["WHEEL"], 10, origin=origin))
    assert [move.quantity for move in done.moves] == [-scaled(10), scaled(10), scaled(333)]
    assert posted(done) == [("build_absorption", 96_00), ("build_variance", -96_00)]


def test_by_products_go_back_in_proportion(shelf: Shelf) -> None:
    shelf.add("assembly", "CUT", components=[("RIM", "1")], by_products=[("OFFCUT", "3", None, "10")])
    origin = build_as_origin(shelf, "CUT", 4)
    assert moved(plan_back(shelf, line(shelf.items["CUT"], 1, origin=origin))) == [
        ("1", "CUT", -scaled(1), Intent.AT_RECEIPT_COST),
        ("1", "OFFCUT", -scaled(3), Intent.AT_RECEIPT_COST),
        ("1.1", "RIM", scaled(1), Intent.AT_ISSUE_COST),
    ]


def test_refused_unbuilds(shelf: Shelf) -> None:
    origin, wheel = build_as_origin(shelf, "WHEEL", 10), shelf.items["WHEEL"]
    assert refusal(lambda: plan_back(shelf, line(wheel, 1))) == ["NO_BUILD"]
    assert refusal(lambda: plan_back(shelf, line(wheel, 3, origin=origin, done=8))) == ["MORE_THAN_LEFT"]
    assert refusal(lambda: plan_back(shelf, line(shelf.items["BIKE"], 1, origin=origin))) == ["OTHER_ITEM"]
    assert refusal(lambda: plan_back(shelf, line(shelf.items["RIM"], 1))) == ["NOT_AN_ASSEMBLY"]


@given(st.integers(0, 5), st.lists(st.integers(1, 4_000_000), min_size=1, max_size=6))
def test_parts_of_an_unbuild_sum_to_the_build(scrapped: int, parts: list[int]) -> None:
    """Unbuilds in any parts return all components and all absorbed cost without scrap, and never more with scrap."""
    shelf = make_shelf()
    total, wheel = sum(parts), shelf.items["WHEEL"]
    ctx = context(shelf, Build())
    begun = line(wheel, scrapped=scrapped)._replace(quantity=total, base_quantity=total)
    built = document(ctx, [begun])
    made = Build().plan(built, ctx, Behaviours())
    moves = {
        move.line: [OriginMove(number, move.item.id, 1, 1, move.quantity, move.intent, 0, 0)]
        for number, move in enumerate(made.moves, start=1)
    }
    origin, done, back, absorbed = origin_of(built.rows[0], "build", within=built.rows, moves=moves), 0, 0, 0
    for part in parts:
        given_line = line(wheel, origin=origin)._replace(quantity=part, base_quantity=part, done=done)
        undone = plan_back(shelf, given_line)
        back += sum(move.quantity for move in undone.moves if move.item.sku == "SPOKE")
        absorbed += sum(leg.amount for leg in undone.legs if leg.role == "build_absorption")
        assert sum(leg.amount for leg in undone.legs) == 0
        done += part
    used = -sum(move.quantity for move in made.moves if move.item.sku == "SPOKE")
    credited = sum(cost.amount for move in made.moves for cost in move.absorbed)
    assert (back == used and absorbed == credited) if not scrapped else (back <= used and absorbed <= credited)


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_build_is_linear_in_quantity(one: int, other: int) -> None:
    shelf = make_shelf()

    def used(quantity: int) -> dict[str, int]:
        return contents(_rows(shelf, quantity))

    assert used(one + other) == {sku: used(one)[sku] + used(other)[sku] for sku in used(one)}


def _rows(shelf: Shelf, quantity: int) -> tuple[Row, ...]:
    return rows(context(shelf, Build()), [line(shelf.items["WHEEL"], quantity)])


def test_facts_of_the_documents() -> None:
    assert (Build.key, Build.prefix, Unbuild.key, Unbuild.prefix) == ("build", "BLD", "unbuild", "UNB")
    assert {"scrapped", "components", "by_products"} <= Build.line_keys
    assert Unbuild.fulfils == {"build": "unbuild"}
    assert {"build_absorption", "build_variance"} <= TYPES["assembly"].roles()
