"""Every scenario, played through `Books` and held against its figures. `conftest.py` prints the table of outcomes.

pytest tests/scenarios                         the scenarios that stand in cases/
pytest tests/scenarios --scenarios DIR         those of another folder, in the format of README.md
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.scenarios.capabilities import NotExpressible, Waits
from tests.scenarios.expectations import REFUSALS, Moment, snapshot
from tests.scenarios.player import Event, Player
from tests.scenarios.policies import OURS
from wares import Refused

Scenario = dict[str, Any]


def test_scenario(scenario: Scenario, record_property: Callable[[str, object], None]) -> None:
    """To the last digit; what cannot run is an expected failure with its reason, never a pass."""
    ours = OURS.get(scenario["id"]) if not scenario["universal"] else None
    expect = [{**each, **(ours.figures.get(each["after"], {}) if ours else {})} for each in scenario["expect"]]
    try:
        play(scenario, expect)
    except Waits as waits:
        record_property("scenario", f"waiting: {waits}")
        pytest.xfail(f"waits for {waits}")
    except NotExpressible as reason:
        record_property("scenario", f"not expressible: {reason}")
        pytest.xfail(f"not expressible: {reason}")
    record_property("scenario", f"policy: {ours.policy}" if ours else "passed")


def play(scenario: Scenario, expect: list[dict[str, Any]]) -> None:
    """Event by event. What stops a scenario midway comes after what could be checked until then."""
    player = Player(scenario)
    try:
        for event in scenario["events"]:
            due = [each for each in expect if each["after"] == event["n"]]
            before = snapshot(player)
            _record(player, event, next((each["error"] for each in due if "error" in each), None))
            moment = Moment(player, before)
            wrong = [line for each in due for line in moment.check(each)]
            assert not wrong, "\n".join(wrong)
        broken = [check for check in player.books.verify()["checks"] if not check["ok"]]
        assert not broken, broken
    finally:
        player.books.close()


def _record(player: Player, event: Event, refusal: str | None) -> None:
    if refusal is None:
        player.play(event)
        return
    with pytest.raises(Refused) as refused:
        player.play(event)
    assert REFUSALS.get(refusal, refusal) in {issue.code for issue in refused.value.issues}


def test_only_what_depends_on_a_policy_has_figures_of_its_own(scenarios: list[Scenario]) -> None:
    universal = {scenario["id"] for scenario in scenarios if scenario["universal"]}
    assert not universal & OURS.keys()
