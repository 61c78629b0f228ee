"""Output that cannot be written, files that may not be replaced, closed streams and signals: one line each, and true."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, jsonl, rows

WARES = [sys.executable, "-m", "wares"]
SALE = {"type": "invoice", "date": "2026-02-01", "party": "JANE", "lines": [{"item": "BOLT", "quantity": "1"}]}


def wares(*args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*WARES, *args], stderr=subprocess.PIPE, text=True, timeout=120, check=False, **options)


@pytest.fixture
def sale(folder: Path) -> Path:
    path = folder / "sale.json"
    path.write_text(json.dumps(SALE))
    return path


def numbers(run: Run) -> set[str]:
    return {row["number"] for row in rows(run("docs", "list"))}


@pytest.mark.parametrize(
    ("option", "file", "code"),
    [
        ("-o", "wares.db", "SAME_FILE"),
        ("-o", "wares.db-wal", "SAME_FILE"),
        ("-o", "wares.toml", "SAME_FILE"),
        ("-o", "sale.json", "SAME_FILE"),
        ("-o", "missing/out.json", "NO_FILE"),
        ("-o", ".", "NOT_A_FILE"),
        ("--rejects", "wares.db", "SAME_FILE"),
        ("--rejects", "wares.toml", "SAME_FILE"),
        ("--rejects", "lines.jsonl", "SAME_FILE"),
        ("--rejects", "missing/out.jsonl", "NO_FILE"),
    ],
)
def test_no_option_replaces_the_books_an_input_or_the_settings(
    shop: Run, folder: Path, sale: Path, option: str, file: str, code: str
) -> None:
    (folder / "lines.jsonl").write_text(jsonl({"record": "document", **SALE}))
    before = numbers(shop)
    command = ["docs", "post", "sale.json"] if option == "-o" else ["load", "lines.jsonl"]
    kept = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and "wares.db" not in path.name}
    refused = shop(*command, option, file, "--force")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"error: {code}: ")
    assert refused.stderr.count("\n") == 1
    assert {name: (folder / name).read_bytes() for name in kept} == kept
    assert numbers(shop) == before


def test_another_file_is_replaced_only_by_force(shop: Run, folder: Path) -> None:
    (folder / "out.csv").write_text("mine")
    (folder / "empty.csv").touch()
    assert shop("items", "list", "-o", "out.csv").stderr.startswith("error: FILE_EXISTS: ")
    assert (folder / "out.csv").read_text() == "mine"
    assert shop("items", "list", "-o", "out.csv", "--force").exit_code == 0
    assert (folder / "out.csv").read_text().startswith("sku,")
    assert shop("items", "list", "-o", "empty.csv").exit_code == 0
    assert shop("plugins", "list", "-o", "wares.toml", "--force").stderr.startswith("error: SAME_FILE: ")


def test_a_full_disk_after_the_commit_says_what_is_recorded(shop: Run, folder: Path, sale: Path) -> None:
    before = numbers(shop)
    with open("/dev/full", "w") as full:
        done = wares("docs", "post", "sale.json", cwd=folder, stdout=full)
    (new,) = numbers(shop) - before
    assert done.returncode == 1
    assert done.stderr.startswith("error: DISK_FULL: ")
    assert f"{new} is recorded" in done.stderr
    assert "run it again" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_closed_streams_are_one_line_and_nothing_is_written(shop: Run, folder: Path, sale: Path) -> None:
    before = numbers(shop)
    for command, code in (("docs post sale.json >&-", "NO_OUTPUT"), ("load - <&-", "NO_INPUT"), ("docs post - <&-", "NO_INPUT")):
        line = f"exec {sys.executable} -m wares {command}"
        done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, text=True, cwd=folder, check=False)
        assert (done.returncode, done.stderr.split(": ")[:2], done.stderr.count("\n")) == (1, ["error", code], 1)
    assert numbers(shop) == before


def test_an_encoding_that_cannot_hold_the_rows(shop: Run, folder: Path) -> None:
    shop("items", "edit", "BOLT", "--name", "Bolt \u2192 M6")
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = wares("items", "list", "-f", "csv", cwd=folder, stdout=subprocess.DEVNULL, env=environment)
    assert (done.returncode, done.stderr.split(": ")[:2]) == (1, ["error", "BAD_ENCODING"])


def test_a_terminated_load_says_where_it_stopped_and_leaves_no_part(shop: Run, folder: Path) -> None:
    many = [{"record": "document", **SALE, "lines": [{"item": "BOLT", "quantity": "0.01"}]}] * 4_000
    (folder / "many.jsonl").write_text(jsonl(*many))
    with subprocess.Popen([*WARES, "load", "many.jsonl", "-o", "out.json"], stderr=subprocess.PIPE, cwd=folder, text=True) as run:
        while _documents(folder) < 500:
            time.sleep(0.02)
        run.send_signal(signal.SIGTERM)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 143
    recorded = _documents(folder) - 4  # those of the small company
    assert err.startswith("error: TERMINATED: ")
    assert f"many.jsonl is recorded through line {recorded};" in err
    assert not [path for path in folder.iterdir() if path.name.startswith("out.json")]
    (counts,) = rows(shop("load", "many.jsonl"))
    assert (counts["posted"], counts["known"]) == (4_000 - recorded, recorded)


def _documents(folder: Path) -> int:
    connection = sqlite3.connect(folder / "wares.db")
    try:
        return int(connection.execute("SELECT COUNT(*) FROM wares_document").fetchone()[0])
    finally:
        connection.close()


def test_a_listing_into_head_ends_quietly(shop: Run, folder: Path) -> None:
    (folder / "many.jsonl").write_text(jsonl(*[{"record": "document", **SALE, "pending": True}] * 2_000))
    assert shop("load", "many.jsonl").exit_code == 0
    for listing in ("docs list", "docs list -f table", "docs list -f html"):
        command = f"{sys.executable} -m wares {listing} | head -1 >/dev/null"
        done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, cwd=folder, check=False)
        assert (done.returncode, done.stderr) == (0, "")
