"""Errors: one line with a code, an exit code, no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tests.cli.conftest import Run, jsonl
from wares.cli.errors import issues_of, line_of
from wares.cli.main import main
from wares.errors import Issue, PluginError

REFUSED = (
    ("docs show NONE", "UNKNOWN_DOCUMENT"),
    ("docs explain NONE", "UNKNOWN_DOCUMENT"),
    ("items show NONE", "UNKNOWN_ITEM"),
    ("items edit NONE --name x", "UNKNOWN_ITEM"),
    ("items retire BOLT", "HAS_STOCK"),
    ("items variants BOLT", "NO_VARIANTS"),
    ("stock layers NONE", "UNKNOWN_ITEM"),
    ("gl ledger 9999", "UNKNOWN_ACCOUNT"),
    ("gl why BOLT nosuch", "UNKNOWN_ROLE"),
    ("gl map inventory 4000", "ROLE_NOT_ALLOWED"),
    ("plugins info nosuch", "PLUGIN_UNKNOWN"),
    ("docs post none.json", "NO_FILE"),
    ("docs post NONE", "UNKNOWN_DOCUMENT"),
    ("load none.jsonl", "NO_FILE"),
    ("items import none.csv", "NO_FILE"),
    ("which --answers none.json", "NO_FILE"),
    ("--db none.db items list", "NO_DATABASE"),
    ("--db notes.txt items list", "NOT_A_DATABASE"),
    ("--db mysql://host/db items list", "UNSUPPORTED_DATABASE"),
    ("--company OTHER items list", "NO_COMPANY"),
    ("items list -o none/such.csv", "NO_FILE"),
    ("items list -o items.xlsx", "NO_FORMAT"),
    ("docs post .", "NOT_A_FILE"),
)


@pytest.fixture(autouse=True)
def notes(folder: Path) -> None:
    (folder / "notes.txt").write_text("no database at all\n" * 100)


@pytest.mark.parametrize(("command", "code"), REFUSED, ids=[command for command, _ in REFUSED])
def test_refusals_are_one_line_and_exit_with_1(shop: Run, command: str, code: str) -> None:
    result = shop(*command.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {code}: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(("command", "code"), REFUSED, ids=[command for command, _ in REFUSED])
def test_with_json_the_error_is_an_object(shop: Run, command: str, code: str) -> None:
    result = shop("-f", "json", *command.split())
    error = json.loads(result.stderr)["error"]
    assert (result.exit_code, error["code"]) == (1, code)
    assert {"code", "message", "hint", "plugin", "where"} <= set(error)


@pytest.mark.parametrize(
    "command",
    ["nosuch", "items nosuch", "items list --nosuch", "items show", "items list --at yesterday", "items list -f xml",
     "stock moves --at 2026-02-30", "gl reopen 2026-01-01", "items add --sku X", "items edit BOLT --set barcode",
     "gl map inventory", "completion tcsh"],
)  # fmt: skip
def test_wrong_usage_exits_with_2(shop: Run, command: str) -> None:
    result = shop(*command.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: USAGE: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_mistyped_command_gets_a_suggestion(run: Run) -> None:
    assert "did you mean items?" in run("itms", "list").stderr


def test_every_issue_has_its_line(shop: Run) -> None:
    lines = [{"item": "BOLD"}, {"item": "BOLT", "quantity": "-1"}]
    document = {"type": "invoice", "party": "NOBODY", "lines": lines, "colour": "red"}
    result = shop("docs", "post", "-", input=json.dumps(document))
    codes = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert codes == ["UNKNOWN_KEY", "BAD_QUANTITY"]
    assert "(lines[1].quantity)" in result.stderr


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "NO_RECORDS"), (b"{oops", "TRUNCATED"), (b"[1, 2]", "NOT_AN_OBJECT"), (b"\xff\xfe\x00\x01", "NOT_UTF8"),
     (b"\x00\x01\x02\x03" * 100, "NOT_UTF8"), (b'{"record": "item", "sku": "X"}', "NOT_A_DOCUMENT"),
     (b'{"type": "nosuch"}', "UNKNOWN_DOCUMENT_TYPE"), (b"{}", "UNKNOWN_DOCUMENT_TYPE"),
     (b'{"type": "invoice", "type": "bill"}', "BAD_JSON"), (b'{"type": "invoice", "amount": NaN}', "BAD_JSON")],
)  # fmt: skip
def test_files_without_a_document(shop: Run, folder: Path, content: bytes, code: str) -> None:
    (folder / "file.json").write_bytes(content)
    result = shop("docs", "post", "file.json")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {code}: "), result.stderr


def test_a_binary_file_is_not_loaded(shop: Run, folder: Path) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    result = shop("load", "picture.png")
    assert result.exit_code == 1
    assert "error: NOT_UTF8" in result.stderr


def test_problems_found_exit_with_3(shop: Run, folder: Path) -> None:
    import sqlite3

    with sqlite3.connect(folder / "wares.db") as connection:
        connection.execute("UPDATE wares_posting SET amount = amount + 1 WHERE position = 1")
    connection.close()
    result = shop("verify")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["ok"] is False


def test_doctor_and_config_check_exit_with_3(run: Run, folder: Path) -> None:
    (folder / "wares.toml").write_text('databse = "x.db"\n')
    assert run("config", "check").exit_code == 3
    found = run("doctor")
    assert found.exit_code == 3
    assert {check["id"] for check in json.loads(found.stdout)["checks"] if not check["ok"]} == {"settings", "database"}


def test_a_wrong_setting_names_its_origin(run: Run, folder: Path) -> None:
    (folder / "wares.toml").write_text('format = "xml"\n')
    result = run("items", "list")
    assert (result.exit_code, result.stderr.split(": ")[1]) == (1, "SETTING_INVALID")
    assert "wares.toml" in result.stderr


def broken(error: BaseException) -> click.Command:
    @click.command()
    def fails() -> None:
        raise error

    return fails


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command `fails` that raises the given error."""

    def run(error: BaseException, *args: str) -> Result:
        def load(name: str, **_: bool) -> click.Command | None:
            return broken(error) if name == "fails" else None

        monkeypatch.setattr("wares.cli.main.load_command", load)
        return CliRunner().invoke(main, [*args, "fails"])

    return run


@pytest.mark.parametrize("error", [ValueError("boom"), KeyError("x"), RecursionError(), AssertionError()])
def test_a_defect_is_one_line_too(fails: Run, error: Exception) -> None:
    result = fails(error)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: INTERNAL: ")
    assert "--debug" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in fails(error, "--debug").stderr


def test_interrupted_is_130(fails: Run) -> None:
    assert fails(KeyboardInterrupt()).exit_code == 130
    assert fails(click.Abort()).exit_code == 130


def test_a_plugin_is_named(fails: Run) -> None:
    result = fails(PluginError("PLUGIN_RAISED", "it raised", plugin="rental"))
    assert result.stderr == "error: PLUGIN_RAISED: it raised [plugin rental]\n"


def test_a_full_disk_and_a_refusing_database() -> None:
    import sqlite3

    from sqlalchemy.exc import OperationalError

    full = issues_of(OSError(28, "No space left on device", "out.csv"))[0][0]
    assert (full.code, full.where) == ("DISK_FULL", "out.csv")
    refused = issues_of(OperationalError("INSERT", {}, sqlite3.OperationalError("disk I/O error")))[0][0]
    assert (refused.code, refused.message) == ("DATABASE", "the database refused: disk I/O error")


def test_a_line_has_the_problem_its_place_and_a_hint() -> None:
    issue = Issue("UNKNOWN_ITEM", "there is no item\n'BOLD'", path="lines[0].item", where="I-1#1", hint="did you mean BOLT?")
    assert line_of(issue) == "error: UNKNOWN_ITEM: there is no item 'BOLD' (I-1#1, lines[0].item); did you mean BOLT?"


def test_refused_lines_of_a_load_are_json_too(shop: Run) -> None:
    result = shop("load", "-", "-f", "json", input=jsonl({"record": "nosuch"}, {"record": "party"}))
    objects = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    assert [one["error"]["code"] for one in objects] == ["UNKNOWN_RECORD", "MISSING_KEY"]


def test_files_nested_too_deeply_are_refused_like_any_that_cannot_be_read(run: Run, folder: Path) -> None:
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "deep.toml").write_text("a = " + "[" * 100_000)
    assert "BAD_JSON" in run("which", "--answers", "deep.json").stderr
    (folder / "wares.toml").write_text((folder / "deep.toml").read_text())
    assert "CONFIG_FILE" in run("docs", "list").stderr
