"""Every scenario, played through `Books` and held against its figures. `conftest.py` prints the table of outcomes.

pytest tests/scenarios                         the scenarios that stand in cases/
pytest tests/scenarios --scenarios DIR         those of another folder, in the format of README.md
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
    """To the last digit; what cannot run is an expected failure with its reason, never a pass."""
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
    """What stood for something that Wares has no word for, and other policies of the scenario that the books follow."""

    equivalents: list[str]
    policies: list[str]


def play(scenario: Scenario, expect: list[dict[str, Any]]) -> Played:
    """Event by event. What stops a scenario midway comes after what could be checked until then."""
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
    """An error that the scenario expects is a refusal, of our code for it where we know the name."""
    if refusal is None:
        verbs.play(player, event)
        return
    with pytest.raises(Refused) as refused:
        verbs.play(player, event)
    codes = {issue.code for issue in refused.value.issues}
    if refusal in REFUSALS or refusal.isupper():
        assert REFUSALS.get(refusal, refusal) in codes


def test_only_what_depends_on_a_policy_has_figures_of_its_own(scenarios: list[Scenario]) -> None:
    universal = {scenario["id"] for scenario in scenarios if scenario["universal"]}
    assert not universal & OURS.keys()
