"""The scenarios to play, and the table of their outcomes."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.reading import read

CASES = Path(__file__).parent / "cases"
OUTCOMES = ("passed", "policy", "not expressible", "waiting", "failed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--scenarios", default=str(CASES), metavar="DIR", help="folder of scenario files (S*.json)")


def _folder(config: pytest.Config) -> Path:
    # The option exists only if pytest is started on this folder, not in a run of all tests.
    return Path(config.getoption("scenarios", str(CASES)))


def _scenarios(config: pytest.Config) -> list[Path]:
    return sorted(_folder(config).glob("*.json"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "scenario" in metafunc.fixturenames:
        paths = _scenarios(metafunc.config)
        metafunc.parametrize("scenario", paths, ids=[path.stem for path in paths], indirect=True)


@pytest.fixture
def scenario(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One scenario, read from its file."""
    return read(request.param)


@pytest.fixture
def scenarios(pytestconfig: pytest.Config) -> list[dict[str, Any]]:
    """All scenarios."""
    return [read(path) for path in _scenarios(pytestconfig)]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the numbers of scenarios passed, under another policy, not expressible, waiting and failed, with the reasons."""
    outcomes: dict[str, str] = {}
    for status in ("passed", "xfailed", "failed", "error"):
        for report in terminalreporter.stats.get(status, ()):
            if "test_scenario[" in getattr(report, "nodeid", ""):
                known = str(dict(report.user_properties).get("scenario", "failed"))
                outcomes[report.nodeid.partition("[")[2].rstrip("]")] = "failed" if status in ("failed", "error") else known
    if not outcomes:
        return
    counts = Counter(outcome.partition(":")[0] for outcome in outcomes.values())
    terminalreporter.section("scenarios")
    terminalreporter.write_line("  ".join(f"{outcome} {counts[outcome]}" for outcome in OUTCOMES))
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for name, outcome in sorted(outcomes.items()):
        if outcome != "passed":
            reasons[outcome].append(name.partition("-")[0])
    for outcome in sorted(reasons, key=lambda each: (OUTCOMES.index(each.partition(":")[0]), each)):
        terminalreporter.write_line(f"  {outcome} ({', '.join(reasons[outcome])})")
