"""Every scenario, played through `Books` and compared with its figures. `conftest.py` prints the table of outcomes.

pytest tests/scenarios                         the scenarios in cases/
pytest tests/scenarios --scenarios DIR         the scenarios of another folder, in the format of README.md
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.scenarios import verbs
from tests.scenarios.capabilities import NotExpressible, Waits
from tests.scenarios.expectations import REFUSALS, Moment, snapshot
from tests.scenarios.player import Event, Player
from tests.scenarios.policies import OURS, described
from wares import Refused

Scenario = dict[str, Any]


def test_scenario(scenario: Scenario, record_property: Callable[[str, object], None]) -> None:
    """Compare to the last digit; a scenario that cannot run is an expected failure with its reason, never a pass."""
    ours = OURS.get(scenario["id"]) if not scenario["universal"] else None
    expect = [{**each, **(ours.figures.get(each["after"], {}) if ours else {})} for each in scenario["expect"]]
    try:
        played = play(scenario, expect)
    except Waits as waits:
        record_property("scenario", f"waiting: {waits}")
        pytest.xfail(f"waits for {waits}")
    except NotExpressible as reason:
        record_property("scenario", f"not expressible: {reason}")
        pytest.xfail(f"not expressible: {reason}")
    policies = [described(ours, scenario["expect"]), *played.policies] if ours is not None else played.policies
    stated = "; ".join(played.equivalents)
    if policies:
        record_property("scenario", f"policy: {'; '.join(policies)}")
    else:
        record_property("scenario", f"passed: {stated}" if stated else "passed")


class Played(NamedTuple):
    """The outcome of a scenario that was played to its end."""

    equivalents: list[str]
    """Equivalents used for events that Wares cannot express directly."""
    policies: list[str]
    """Other policies of the scenario that the books follow."""


def play(scenario: Scenario, expect: list[dict[str, Any]]) -> Played:
    """Play the events one by one and check the figures after each, so that all figures before a stop are checked."""
    player = Player(scenario)
    policies: list[str] = []
    try:
        for event in scenario["events"]:
            due = [each for each in expect if each["after"] == event["n"]]
            before = snapshot(player)
            _record(player, event, next((each["error"] for each in due if "error" in each), None))
            moment = Moment(player, before)
            wrong = [line for each in due for line in moment.check(each)]
            assert not wrong, "\n".join(wrong)
            policies += moment.policies
        broken = [check for check in player.books.verify()["checks"] if not check["ok"]]
        assert not broken, broken
        return Played(list(player.equivalents), policies)
    finally:
        player.books.close()


def _record(player: Player, event: Event, refusal: str | None) -> None:
    """Record an event; an error that the scenario expects must be a refusal, with our code for it if the name is known."""
    if refusal is None:
        verbs.play(player, event)
        return
    with pytest.raises(Refused) as refused:
        verbs.play(player, event)
    codes = {issue.code for issue in refused.value.issues}
    if refusal in REFUSALS or refusal.isupper():
        assert REFUSALS.get(refusal, refusal) in codes


def test_only_scenarios_that_depend_on_a_policy_have_our_figures(scenarios: list[Scenario]) -> None:
    universal = {scenario["id"] for scenario in scenarios if scenario["universal"]}
    assert not universal & OURS.keys()
