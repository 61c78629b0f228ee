"""The runner: verbs and fields of the format that the scenarios in `cases` do not use, missing capabilities, and its output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.capabilities import NotExpressible, Waits
from tests.scenarios.reading import read
from tests.scenarios.test_scenarios import Played, play

ROOT = Path(__file__).parents[2]
STOCK = {"verb": "receive", "qty": "10", "unit_cost": "5", "date": "2026-01-01"}
SOLD = {"verb": "deliver", "qty": "4", "date": "2026-01-02"}


def scenario(folder: Path, *events: dict[str, Any], expect: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """Return a made-up scenario of item A, read from a file."""
    items = more.pop("items", [{"item": "A", "type": "stock"}])
    path = folder / "S900-made-up.json"
    path.write_text(json.dumps({"items": items, "events": list(events), "expect": expect or [], **more}), "utf-8")
    return read(path)


def played(folder: Path, *events: dict[str, Any], expect: list[dict[str, Any]] | None = None, **more: Any) -> Played:
    made = scenario(folder, *events, expect=expect, **more)
    return play(made, made["expect"])


def gl(**amounts: str) -> list[dict[str, str]]:
    return [{"role": role, "cr" if text.startswith("-") else "dr": text.lstrip("-")} for role, text in amounts.items()]


EXPRESSIBLE: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "scrap": ([STOCK, {"verb": "scrap", "qty": "3"}], {"stock_value": "35", "gl": gl(inventory_adjustment="15", inventory="-15")}),
    "scrap to a stated account": (
        [STOCK, {"verb": "scrap", "qty": "3"}], {"on_hand": "7", "gl": gl(expense="15", inventory="-15")},
    ),
    "recompute": ([STOCK, SOLD, {"verb": "recompute"}], {"stock_value": "30", "event_value": "0"}),
    "repair_valuation": ([STOCK, {"verb": "repair_valuation", "date": "2026-02-01"}], {"stock_value": "50", "event_value": "0"}),
    "change_item of its cost": (
        [{"verb": "change_item", "unit_cost": "7"}, {"verb": "adjust", "qty": "2"}], {"stock_value": "14"},
    ),
    "change_item of its method": ([STOCK, {"verb": "change_item", "costing": "fifo"}], {"stock_value": "50", "event_value": "0"}),
    "set_default_cost at standard": (
        [STOCK, {"verb": "set_default_cost", "unit_cost": "6"}], {"stock_value": "60", "gl": gl(inventory="10", revaluation="-10")},
    ),
    "return_in without of": ([STOCK, SOLD, {"verb": "return_in", "qty": "1", "unit_cost": "4"}], {"stock_value": "34"}),
    "credit_note of an invoice": (
        [STOCK, {"verb": "sell_deliver_invoice", "qty": "2", "unit_price": "9"}, {"verb": "credit_note", "of": 2, "qty": "1"}],
        {"gl": gl(revenue="9", receivable="-9"), "event_cogs": "0"},
    ),
    "revalue by an amount": ([STOCK, {"verb": "revalue", "amount": "-8"}], {"stock_value": "42", "unit_cost": "4.20"}),
    "count without a cost": ([STOCK, {"verb": "count", "counted_qty": "11"}], {"stock_value": "55", "on_hand": "11"}),
    "transfer from MAIN": (
        [STOCK, {"verb": "transfer", "qty": "2", "from_location": "MAIN", "to_location": "W2"}], {"location": "W2", "on_hand": "2"},
    ),
    "invoice without a price": ([STOCK, SOLD, {"verb": "invoice", "qty": "4"}], {"event_value": "0"}),
    "bill at the order price": ([STOCK, {"verb": "bill", "qty": "10"}], {"gl": gl(grni="50", payable="-50")}),
    "landed cost of several": (
        [STOCK, STOCK, {"verb": "landed_cost", "of": [1, 2], "amount": "10", "basis": "quantity"}], {"stock_value": "110"},
    ),
    "serial": (
        [{**STOCK, "qty": "1", "serial": "S1"}, {**STOCK, "qty": "1", "unit_cost": "8", "serial": "S2"},
         {"verb": "deliver", "qty": "1", "serial": "S2"}], {"event_value": "-8", "stock_value": "5"},
    ),
    "cancel": ([STOCK, SOLD, {"verb": "cancel", "of": 2}], {"stock_value": "50", "event_value": "20"}),
    "an error by a name of its own": ([STOCK, {"verb": "deliver", "qty": "11", "date": "2026-01-02"}], {"error": "out_of_stock"}),
    "bill before the receipt": ([{"verb": "bill", "qty": "2", "unit_cost": "3"}], {"gl": gl(grni="6", payable="-6")}),
}  # fmt: skip
COSTING = {"set_default_cost at standard": "standard", "serial": "specific"}


@pytest.mark.parametrize("name", EXPRESSIBLE)
def test_an_expressible_scenario_passes(tmp_path: Path, name: str) -> None:
    events, figures = EXPRESSIBLE[name]
    items = [{"item": "A", "type": "stock", **({"standard_cost": "5"} if COSTING.get(name) == "standard" else {})}]
    settings = {"costing": COSTING.get(name, "average")}
    played(tmp_path, *events, expect=[{"after": len(events), **figures}], items=items, settings=settings)


def test_the_item_of_a_line_changes(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = [{**STOCK, "item": "A"}, {"verb": "change_item", "of": 1, "item": "A", "new_item": "B"}]
    expect = [{"after": 2, "item": item, "on_hand": on_hand} for item, on_hand in (("A", "0"), ("B", "10"))]
    played(tmp_path, *events, expect=expect, items=[{"item": "A"}, {"item": "B"}])


def test_a_rolled_up_cost_is_the_cost_of_the_components(tmp_path: Path) -> None:
    items = [
        {"item": "A", "type": "stock", "costing": "average"},
        {"item": "W", "type": "assembly", "standard_cost": "1", "makes": "2", "components": [{"item": "A", "qty": "3"}]},
    ]
    events = [{**STOCK, "item": "A"}, {"verb": "roll_up_cost", "item": "W"}, {"verb": "adjust", "item": "W", "qty": "4"}]
    figures = [{"after": 3, "item": "W", "stock_value": "30"}]
    told = played(tmp_path, *events, expect=figures, items=items, settings={"costing": "standard"})
    assert told.equivalents == ["a rolled-up cost is recorded as the item's cost, at standard as its rate"]


NOT_EXPRESSIBLE: dict[str, tuple[list[dict[str, Any]], dict[str, Any], str]] = {
    "verb": ([STOCK, {"verb": "teleport"}], {}, "the event teleport"),
    "name of a method": ([STOCK, {"verb": "post"}], {}, "the event post"),
    "no verb": ([{"qty": "1"}], {}, "the event without a verb"),
    "figure": ([STOCK], {"mood": "good"}, "the figure mood"),
    "role": ([STOCK], {"gl": gl(stock_variation_in="50", inventory="-50")}, "an account for stock_variation_in"),
    "field": ([STOCK, {"verb": "landed_cost", "of": 1}], {}, "without amount"),
    "event": ([STOCK, {"verb": "return_in", "of": 7, "qty": "1"}], {}, "an event that made no document"),
    "item": ([STOCK, {"verb": "adjust", "qty": "1", "item": "GHOST"}], {}, "the item GHOST"),
    "components": ([{"verb": "roll_up_cost"}], {}, "without components"),
}


@pytest.mark.parametrize("name", NOT_EXPRESSIBLE)
def test_an_inexpressible_scenario_has_a_reason(tmp_path: Path, name: str) -> None:
    events, figures, reason = NOT_EXPRESSIBLE[name]
    with pytest.raises(NotExpressible, match=reason):
        played(tmp_path, *events, expect=[{"after": len(events), **figures}])


@pytest.mark.parametrize("event", [{"verb": "sell"}, {"verb": "order"}, {"verb": "drop_ship"}, {"verb": "drop_ship_return"}])
def test_a_missing_capability_waits(tmp_path: Path, event: dict[str, Any]) -> None:
    with pytest.raises(Waits):
        played(tmp_path, {"qty": "1", "unit_cost": "1", **event})


def test_another_policy_of_the_scenario_is_named(tmp_path: Path) -> None:
    """Another policy counts only if the scenario declares that its figures depend on one."""
    expect = [{"after": 2, "stock_value": "29", "event_value": "-21", "alternatives": {"exact": {"stock_value": "30"}}}]
    told = played(tmp_path, STOCK, SOLD, expect=expect, universal=False)
    assert told.policies == ["exact: after 2 stock_value as under that policy (no event_value given for it)"]
    for universal, other in ((True, "30"), (False, "31")):
        expect[0]["alternatives"] = {"exact": {"stock_value": other}}
        with pytest.raises(AssertionError, match="stock_value of A is 30"):
            played(tmp_path, STOCK, SOLD, expect=expect, universal=universal)


def test_scenarios_of_another_folder(tmp_path: Path) -> None:
    """There is one test for each file, named by its stem, and the table is printed also if workers share the tests."""
    figures = {"S901-right": "30", "S902-wrong": "31"}
    for stem, value in figures.items():
        made = {
            "events": [STOCK | {"item": "A"}, SOLD | {"item": "A"}],
            "expect": [{"after": 2, "item": "A", "stock_value": value}],
        }
        (tmp_path / f"{stem}.json").write_text(json.dumps(made), "utf-8")
    (tmp_path / "S903-odd.json").write_text(json.dumps({"events": [{"verb": "teleport"}]}), "utf-8")
    command = [sys.executable, "-m", "pytest", "tests/scenarios/test_scenarios.py", "-n", "2", "-v", "-p", "no:cacheprovider"]
    run = subprocess.run([*command, "--scenarios", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    assert all(f"test_scenario[{stem}]" in run.stdout for stem in (*figures, "S903-odd"))
    assert "passed 1  policy 0  not expressible 1  waiting 0  failed 1" in run.stdout
    assert "not expressible: the event teleport (S903)" in run.stdout
