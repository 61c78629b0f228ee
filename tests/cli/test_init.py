"""New books, and the settings file beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, rows


def test_init_makes_books_and_prints_their_place(run: Run, folder: Path) -> None:
    made = rows(run("init", "--currency", "EUR"))
    assert (made["database"], made["company"], made["currency"]) == ("wares.db", "MAIN", "EUR")
    assert 'database = "wares.db"' in (folder / "wares.toml").read_text()
    assert rows(run("gl", "trial-balance")) == []
    assert rows(run("verify"))["ok"] is True


def test_init_overwrites_nothing(run: Run, folder: Path) -> None:
    rows(run("init"))
    again = run("init")
    assert (again.exit_code, again.stderr.split(": ")[1]) == (1, "BOOKS_EXIST")
    elsewhere = run("--db", "other.db", "init")
    assert elsewhere.stderr.split(": ")[1] == "CONFIG_EXISTS"
    assert not (folder / "other.db").exists()


def test_a_second_company(run: Run) -> None:
    rows(run("init", "--company", "EAST"))
    rows(run("--company", "WEST", "init", "--currency", "JPY"))
    assert rows(run("items", "list")) == []
    assert rows(run("items", "list", "--company", "WEST")) == []
    assert run("items", "list", "--company", "NORTH").exit_code == 1


@pytest.mark.parametrize(("args", "code"), [(("--currency", "GOLD"), "UNKNOWN_CURRENCY"), (("--chart", "none"), "UNKNOWN_CHART")])
def test_a_refused_init_leaves_nothing(run: Run, folder: Path, args: tuple[str, ...], code: str) -> None:
    result = run("init", *args)
    assert (result.exit_code, result.stderr.split(": ")[1]) == (1, code)
    assert [path.name for path in folder.iterdir() if path.is_file()] == []


def test_a_dry_run_makes_nothing(run: Run, folder: Path) -> None:
    assert rows(run("init", "--dry-run"))["dry_run"] is True
    assert [path.name for path in folder.iterdir() if path.is_file()] == []


def test_a_password_is_not_written_or_shown(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database cannot be reached here; the test reads the output on the way."""
    result = run("--db", "postgresql://wares:secret@127.0.0.1:1/wares", "init", "-f", "json")
    assert result.exit_code == 1
    assert "secret" not in result.stdout + result.stderr
    assert not (folder / "wares.toml").exists()
