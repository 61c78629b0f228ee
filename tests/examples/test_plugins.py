"""The example plugins, each built, installed and tested as a third party's: a wheel in a folder of its own, its own tests against
the installed wheel (with its migrations on PostgreSQL), and `plugins check`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from wares.testing.contract import MOST_EXAMPLES

EXAMPLES = Path(__file__).parents[2] / "examples" / "plugins"
PROJECTS = sorted(path.parent for path in EXAMPLES.glob("*/pyproject.toml"))


def run(*command: str, folder: Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "WARES_"))}
    done = subprocess.run(
        command, cwd=folder, env={**kept, MOST_EXAMPLES: "4", **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_examples_are_found() -> None:
    assert {"gift-card", "highest-cost-first", "serial", "subscription"} <= {project.name for project in PROJECTS}


@pytest.fixture
def server(request: pytest.FixtureRequest) -> dict[str, str]:
    """The variable by which an example tries its migrations on PostgreSQL too; none if there need be no server."""
    try:
        return {"WARES_TEST_POSTGRESQL_URL": request.getfixturevalue("postgresql_url")}
    except pytest.skip.Exception:
        return {}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_an_example_is_built_installed_and_tested(project: Path, tmp_path: Path, server: dict[str, str]) -> None:
    source, site, wheels = tmp_path / project.name, tmp_path / "site", tmp_path / "wheels"
    shutil.copytree(project, source, ignore=shutil.ignore_patterns(".*", "__pycache__", "dist"))
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(source), folder=tmp_path)
    (wheel,) = wheels.glob("*.whl")
    run(*pip, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel), folder=tmp_path)
    shutil.rmtree(source / "src")  # so that the tests run against the installed package
    pytest_ = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "pythonpath=")
    passed = re.search(r"(\d+) passed", run(*pytest_, folder=source, PYTHONPATH=str(site), **server))
    assert passed is not None
    assert int(passed[1]) >= 20
    (name,) = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["wares"]
    wares = (sys.executable, "-m", "wares", "-f", "json", "plugins")
    (own,) = [row for row in json.loads(run(*wares, "list", folder=tmp_path, PYTHONPATH=str(site))) if row["name"] == name]
    assert own["status"] == "loaded", own
    checked = json.loads(run(*wares, "check", name, folder=tmp_path, PYTHONPATH=str(site)))
    assert {row["law"] for row in checked} >= {"loads strictly", "migrations go up, down and up"}
    assert [row for row in checked if row["ok"] is not True] == []
