"""A small company in a folder of its own, and the command line that runs on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wares.cli.main import main

RECORDS: tuple[Mapping[str, Any], ...] = (
    {"record": "party", "code": "ACME", "name": "Acme Inc", "kinds": ["supplier"]},
    {"record": "party", "code": "JANE", "name": "Jane", "kinds": ["customer"]},
    {"record": "location", "code": "SHOP", "name": "Shop"},
    {"record": "item", "type": "stock", "sku": "BOLT", "name": "Bolt M6", "price": "0.20", "cost": "0.08", "cost_method": "fifo"},
    {"record": "item", "type": "stock", "sku": "NUT", "name": "=cmd()", "price": "0.10", "cost": "0.05"},
    {"record": "item", "type": "kit", "sku": "PAIR", "price": "0.35",
     "components": [{"sku": "BOLT", "quantity": "1"}, {"sku": "NUT", "quantity": "2"}]},
    {"record": "item", "type": "matrix", "sku": "TEE",
     "attributes": {"axes": {"Color": ["Red", "Blue"], "Size": ["S", "M"]}, "variant_type": "stock"}},
    {"record": "variant", "master": "TEE", "values": {"Color": "Red", "Size": "S"}},
    {"record": "document", "type": "bill", "number": "B-1", "date": "2026-01-05", "party": "ACME",
     "lines": [{"item": "BOLT", "quantity": "100", "unit_cost": "0.08"}, {"item": "NUT", "quantity": "50", "unit_cost": "0.05"}]},
    {"record": "document", "type": "receipt", "number": "R-1", "date": "2026-01-06", "party": "ACME",
     "lines": [{"item": "BOLT", "quantity": "10", "unit_cost": "0.10"}]},
    {"record": "document", "type": "invoice", "number": "I-1", "date": "2026-01-09", "party": "JANE", "key": "order-1",
     "lines": [{"item": "BOLT", "quantity": "10"}, {"item": "PAIR", "quantity": "2"}]},
    {"record": "document", "type": "invoice", "number": "P-1", "date": "2026-02-01", "party": "JANE", "pending": True,
     "lines": [{"item": "BOLT", "quantity": "1"}]},
)  # fmt: skip

Run = Callable[..., Result]


def jsonl(*records: Mapping[str, Any]) -> str:
    """Return records as lines of JSON."""
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's working folder, without any settings of the machine."""
    for name in [name for name in os.environ if name.startswith("WARES_") and not name.startswith("WARES_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run() -> Run:
    """`run("items", "list")` → the click Result, stdout and stderr apart."""

    def run(*args: str, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, args, input=input)

    return run


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the small company, made once for each worker."""
    folder = tmp_path_factory.mktemp("company")
    records = folder / "records.jsonl"
    records.write_text(jsonl(*RECORDS), "utf-8")
    for args in (["init"], ["load", str(records)]):
        command = [sys.executable, "-m", "wares", "--db", str(folder / "shop.db"), *args]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return folder / "shop.db"


@pytest.fixture
def shop(template: Path, folder: Path, run: Run) -> Run:
    """The command line in a folder with a copy of the small company."""
    import sqlite3

    with sqlite3.connect(template) as source, sqlite3.connect(folder / "wares.db") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    (folder / "wares.toml").write_text('database = "wares.db"\n')
    return run


def rows(result: Result) -> Any:
    """Return the JSON that a successful command printed."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def snapshot(database: Path) -> dict[str, list[Any]]:
    """Return every row of every table."""
    import sqlite3

    connection = sqlite3.connect(database)
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {table: connection.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}
    finally:
        connection.close()
