"""The demo: the whole story in new books, verified."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from tests.cli.conftest import Run, rows
from wares_demo.records import prepare
from wares_demo.source import Source


def test_the_story_is_posted_and_verified(run: Run, folder: Path) -> None:
    result = run("demo", "--keep", "demo.db", "-f", "json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert set(told) == {"stock_by_category", "most_profitable", "least_profitable", "trial_balance", "verify"}
    assert sum(Decimal(row["balance"]) for row in told["trial_balance"]) == 0
    assert len(told["most_profitable"]) == len(told["least_profitable"]) == 10
    assert all(check["ok"] for check in told["verify"])
    assert "wares --db demo.db docs explain" in result.stderr
    assert {row["code"]: row["name"] for row in rows(run("--db", "demo.db", "gl", "accounts"))}[
        "1350"
    ] == "Inventory not yet detailed"

    story = prepare(Source.packaged()).story
    stock = rows(run("--db", "demo.db", "stock", "on-hand"))
    assert {(row["location"], row["sku"]): int(row["on_hand"]) for row in stock if row["on_hand"] != "0"} == story.on_hand
    assert sum(Decimal(row["value"]) for row in stock) == Decimal(told["stock_by_category"][-1]["value"])
    assert len(rows(run("--db", "demo.db", "docs", "list"))) == sum(story.documents.values())


def test_an_existing_file_is_not_touched(run: Run, folder: Path) -> None:
    (folder / "demo.db").write_text("mine")
    result = run("demo", "--keep", "demo.db")
    assert (result.exit_code, result.stderr.split(": ")[1]) == (1, "FILE_EXISTS")
    assert (folder / "demo.db").read_text() == "mine"


def test_a_folder_without_the_tables(run: Run, folder: Path) -> None:
    result = run("demo", "--full", str(folder))
    assert (result.exit_code, result.stderr.split(": ")[1]) == (1, "NO_TABLES")
