"""Databases of other programs, files of their owner alone, and passwords in URLs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run, rows


@pytest.fixture
def foreign(folder: Path) -> Path:
    path = folder / "bookmarks.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmark (title TEXT)")
    return path


@pytest.mark.parametrize("command", [
    ("docs", "list"), ("stock", "on-hand"), ("verify",), ("doctor",), ("db", "status"), ("db", "upgrade"),
    ("db", "upgrade", "--dry-run"), ("items", "add", "--type", "stock", "--sku", "X"), ("load", "-"), ("gl", "seal"),
    ("init",), ("init", "--dry-run"),
], ids=" ".join)  # fmt: skip
def test_a_refused_command_leaves_a_foreign_file_as_it_was(run: Run, foreign: Path, command: tuple[str, ...]) -> None:
    before = foreign.read_bytes()
    done = run("--db", str(foreign), *command, input='{"record":"party","code":"JIM"}\n')
    assert done.exit_code == (0 if command == ("db", "status") else 3 if command == ("doctor",) else 1), done.stderr
    assert foreign.read_bytes() == before
    assert [each.name for each in foreign.parent.iterdir()] == [foreign.name]


def test_tables_come_into_a_foreign_database_only_with_yes(run: Run, foreign: Path) -> None:
    asked = run("--db", str(foreign), "db", "upgrade")
    assert asked.stderr.startswith("error: NOT_CONFIRMED: the database holds tables of another program (bookmark)")
    assert "--yes" in asked.stderr
    done = rows(run("--db", str(foreign), "-f", "json", "db", "upgrade", "--yes"))
    assert all(row["up_to_date"] for row in done)
    assert run("--db", str(foreign), "db", "upgrade").exit_code == 0, "they are there now"


def test_books_come_into_a_foreign_database_only_with_yes(run: Run, foreign: Path) -> None:
    asked = run("--db", str(foreign), "init")
    assert asked.stderr.startswith("error: NOT_CONFIRMED: the database holds tables of another program (bookmark)")
    assert "wares init --yes" in asked.stderr
    assert run("--db", str(foreign), "init", "--yes").exit_code == 0
    assert run("--db", str(foreign), "docs", "list").exit_code == 0


def test_an_empty_database_is_upgraded_without_asking(run: Run, folder: Path) -> None:
    (folder / "new.db").touch()
    assert run("--db", "new.db", "db", "upgrade").exit_code == 0


def test_a_backup_is_its_owners_alone(shop: Run, folder: Path) -> None:
    assert shop("db", "backup", "copy.db").exit_code == 0
    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o600
    assert rows(shop("--db", "copy.db", "-f", "json", "docs", "list"))


URL = "postgresql://bob:s3/cr@et@127.0.0.1:1/shop"


def test_a_password_is_not_shown(run: Run, folder: Path) -> None:
    for command in (("config", "show"), ("docs", "list"), ("doctor",), ("init",), ("init", "--dry-run")):
        done = run("--db", URL, "--debug", *command)
        assert not any(part in done.output for part in ("s3", "cr@", "@et")), (command, done.output)
    assert "postgresql://bob:***@host/shop" in run("--db", "postgresql://bob:s3cret@host/shop", "config", "show").output
    assert not (folder / "wares.toml").exists()
