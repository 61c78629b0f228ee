"""`wares plugins new` and `wares plugins check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import wares_stock
from wares.cli.main import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def wares(*words: str) -> Any:
    return CliRunner().invoke(main, ["--safe-mode", "-f", "json", *words])


def test_new_writes_a_project_and_suggests_the_next_commands(folder: Path) -> None:
    planned = wares("plugins", "new", "acme-rental", "--type", "rental", "--dry-run")
    assert planned.exit_code == 0, planned.stderr
    assert not (folder / "acme-rental").exists()
    made = wares("plugins", "new", "acme-rental", "--type", "rental")
    files = [Path(row["file"]).relative_to(folder).as_posix() for row in json.loads(made.stdout)]
    assert "acme-rental/src/acme_rental/__init__.py" in files
    assert all((folder / file).is_file() for file in files)
    assert 'pip install --no-build-isolation -e "acme-rental[dev]"; pytest acme-rental' in made.stderr
    again = wares("plugins", "new", "acme-rental", "--type", "rental")
    assert (again.exit_code, json.loads(again.stderr)["error"]["code"]) == (1, "FOLDER_EXISTS")


def test_new_warns_of_a_key_that_is_taken(folder: Path) -> None:
    made = wares("plugins", "new", "acme-kits", "--type", "kit")
    assert made.exit_code == 0
    assert "has the key 'kit' already" in made.stderr


BUNDLED = ("stock", "kit", "assembly", "matrix", "calculation", "nonstock", "service", "group", "tracking", "channels")


@pytest.mark.parametrize(
    ("name", "laws"),
    [*((name, 14) for name in BUNDLED), ("profit", 13), ("bank", 1)],  # profit has one document type, bank registers nothing
)
def test_a_bundled_plugin_keeps_its_contract(folder: Path, name: str, laws: int) -> None:
    checked = wares("plugins", "check", name)
    rows = json.loads(checked.stdout)
    assert [row for row in rows if row["ok"] is False] == []
    assert checked.exit_code == 0
    assert len(rows) >= laws


def test_a_broken_plugin_gives_exit_code_3(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wares_stock.Stock, "sale_role", "income_of_the_moon")
    checked = wares("plugins", "check", "stock")
    wrong = [row for row in json.loads(checked.stdout) if row["ok"] is False]
    assert checked.exit_code == 3
    assert any(row["law"] == "roles are declared and resolve" and "income_of_the_moon" in row["problem"] for row in wrong)


def test_check_of_an_unknown_plugin_is_refused(folder: Path) -> None:
    checked = wares("plugins", "check", "nonesuch")
    assert (checked.exit_code, json.loads(checked.stderr)["error"]["code"]) == (1, "PLUGIN_UNKNOWN")
