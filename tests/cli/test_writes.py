"""Every write, first with --dry-run and then for real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, jsonl, rows, snapshot

SALE = {"type": "invoice", "number": "I-2", "date": "2026-01-10", "party": "JANE", "lines": [{"item": "BOLT", "quantity": "5"}]}
ADD = ("items", "add", "--type", "stock", "--sku", "WASHER", "--name", "Washer", "--price", "0.02")
WRITES = (
    ("load", "more.jsonl"),
    ("load", "more.jsonl", "--all-or-nothing"),
    ADD,
    ("items", "edit", "BOLT", "--price", "0.25"),
    ("items", "retire", "TEE-RED-S"),
    ("items", "import", "items.csv"),
    ("items", "variants", "TEE", "--create"),
    ("docs", "post", "sale.json"),
    ("docs", "post", "P-1"),
    ("docs", "edit", "I-1", "edited.json"),
    ("docs", "void", "I-1"),
    ("docs", "convert", "R-1", "bill", "--date", "2026-01-20", "--number", "B-2"),
    ("gl", "map", "inventory", "1300", "--level", "item", "--of", "BOLT"),
    ("gl", "close", "2026-01-05"),
    ("gl", "seal"),
)


@pytest.fixture
def files(folder: Path) -> None:
    """Write the files that the commands read."""
    (folder / "sale.json").write_text(json.dumps(SALE, indent=2))
    (folder / "more.jsonl").write_text(jsonl({"record": "party", "code": "BOB"}, {"record": "document", **SALE}))
    (folder / "edited.json").write_text(json.dumps({**SALE, "number": None} | {"lines": [{"item": "BOLT", "quantity": "3"}]}))
    (folder / "items.csv").write_text("sku,type,name,price\nSCREW,stock,Screw,0.30\n")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("command", WRITES, ids=" ".join)
def test_a_dry_run_writes_nothing_and_the_run_something(shop: Run, folder: Path, command: tuple[str, ...]) -> None:
    before = snapshot(folder / "wares.db")
    planned = shop(*command, "--dry-run")
    assert planned.exit_code == 0, planned.stderr
    assert snapshot(folder / "wares.db") == before
    done = shop(*command)
    assert done.exit_code == 0, done.stderr
    assert snapshot(folder / "wares.db") != before
    assert shop("verify").exit_code == 0


@pytest.mark.usefixtures("files")
def test_posting_and_previewing_show_the_same(shop: Run) -> None:
    preview = rows(shop("docs", "preview", "sale.json"))
    posted = rows(shop("docs", "post", "sale.json"))
    assert (preview.pop("status"), posted.pop("status")) == ("preview", "posted")
    assert preview == posted
    assert (posted["total"], posted["cogs"]) == ("1.00", "0.40")


def test_posting_several_is_all_or_none(shop: Run, folder: Path) -> None:
    (folder / "two.jsonl").write_text(jsonl(SALE, {**SALE, "number": "I-3", "party": "NOBODY"}))
    result = shop("docs", "post", "two.jsonl")
    assert result.exit_code == 1
    assert "UNKNOWN_PARTY" in result.stderr
    assert shop("docs", "show", "I-2").exit_code == 1


def test_posting_from_standard_input_and_once_only(shop: Run) -> None:
    record = json.dumps({**SALE, "key": "once"})
    assert rows(shop("docs", "post", "-", input=record))["repeated"] is False
    assert rows(shop("docs", "post", "-", input=record))["repeated"] is True


def test_a_pending_document_gets_posted(shop: Run) -> None:
    assert rows(shop("docs", "post", "P-1"))["status"] == "posted"
    assert "NOT_PENDING" in shop("docs", "post", "P-1").stderr


@pytest.mark.usefixtures("files")
def test_edit_makes_the_next_revision(shop: Run) -> None:
    assert rows(shop("docs", "edit", "I-1", "edited.json"))["number"] == "I-1"
    shown = rows(shop("docs", "show", "I-1"))
    assert (shown["revision"], shown["total"]) == (2, "0.60")


def test_convert_takes_the_open_quantities(shop: Run) -> None:
    bill = rows(shop("docs", "convert", "R-1", "bill", "--date", "2026-01-20"))
    assert (bill["type"], bill["party"], bill["total"]) == ("bill", "ACME", "1.00")
    assert "NOTHING_LEFT" in shop("docs", "convert", "R-1", "bill", "--date", "2026-01-21").stderr


def test_void(shop: Run) -> None:
    assert rows(shop("docs", "void", "I-1"))["status"] == "void"
    assert rows(shop("stock", "on-hand", "BOLT"))[0]["on_hand"] == "110"


def test_load_keeps_good_records_and_names_refused_ones(shop: Run, folder: Path) -> None:
    bad = {"record": "item", "sku": "NEW", "type": "nosuch"}
    (folder / "mixed.jsonl").write_text(jsonl({"record": "party", "code": "BOB"}, bad) + "{oops\n")
    result = shop("load", "mixed.jsonl", "--rejects", "rejects.jsonl")
    assert result.exit_code == 1
    assert {row["record"]: (row["created"], row["refused"]) for row in json.loads(result.stdout)}["party"] == (1, 0)
    assert "mixed.jsonl:2" in result.stderr
    assert "error: BAD_JSON" in result.stderr
    assert (folder / "rejects.jsonl").read_text() == jsonl(bad) + "{oops\n"


def test_load_all_or_nothing(shop: Run, folder: Path) -> None:
    (folder / "mixed.jsonl").write_text(jsonl({"record": "party", "code": "BOB"}, {"record": "item", "sku": "NEW", "type": "no"}))
    result = shop("load", "mixed.jsonl", "--all-or-nothing", "-f", "json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads(result.stderr)["error"]["where"].startswith("mixed.jsonl:2")
    assert rows(shop("load", "-", input=jsonl({"record": "party", "code": "BOB"})))[0]["created"] == 1


def test_import_names_the_line_and_the_column(shop: Run, folder: Path) -> None:
    (folder / "items.csv").write_text("sku,type,price\nA,stock,1.00\nB,stock,much\n")
    result = shop("items", "import", "items.csv", "--rejects", "rejected.csv")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"rows": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1, "dry_run": False}
    assert "items.csv:3, column price" in result.stderr
    assert (folder / "rejected.csv").exists()


def test_items_are_set_key_by_key(shop: Run) -> None:
    shop(*ADD, "--set", "barcode=4006381333931", "--set", "accounts.inventory=1300")
    shop("items", "add", "--type", "kit", "--sku", "DUO", "--set", 'components=[{"sku":"BOLT","quantity":"2"}]',
         "--set", "attributes.price_from_components=true")  # fmt: skip
    shown = rows(shop("items", "show", "WASHER"))
    assert (shown["barcode"], shown["accounts"]) == ("4006381333931", {"inventory": "1300"})
    assert rows(shop("items", "show", "DUO"))["attributes"] == {"price_from_components": True}
    assert rows(shop("items", "edit", "WASHER", "--set", "barcode=null"))["fields"] == ["barcode"]


def test_closing_and_opening_again(shop: Run) -> None:
    rows(shop("gl", "close", "2026-01-31"))
    assert "PERIOD_CLOSED" in shop("docs", "void", "I-1").stderr
    assert shop("gl", "reopen", "2026-01-01").exit_code == 2, "without a reason"
    rows(shop("gl", "reopen", "2026-01-01", "--reason", "late bill", "--dry-run"))
    rows(shop("gl", "reopen", "2026-01-01", "--reason", "late bill"))
    rows(shop("docs", "void", "I-1"))


def test_mapping_rules(shop: Run) -> None:
    rows(shop("gl", "map", "inventory", "1300", "--level", "item", "--of", "BOLT"))
    assert [(row["level"], row["of"], row["account"]) for row in rows(shop("gl", "map"))] == [("item", "BOLT", "1300")]
    assert next(row["level"] for row in rows(shop("gl", "why", "BOLT", "inventory")) if row["won"]) == "item"
    rows(shop("gl", "map", "inventory", "--level", "item", "--of", "BOLT", "--remove"))
    assert rows(shop("gl", "map")) == []


def test_backup(shop: Run, folder: Path) -> None:
    rows(shop("db", "backup", "copy.db"))
    assert rows(shop("--db", "copy.db", "docs", "list")) == rows(shop("docs", "list"))
    assert "FILE_EXISTS" in shop("db", "backup", "copy.db").stderr


def test_restore(shop: Run, folder: Path) -> None:
    documents = rows(shop("docs", "list"))
    rows(shop("db", "backup", "copy.db"))
    rows(shop("docs", "void", "I-1"))
    assert "DATABASE_EXISTS" in shop("db", "restore", "copy.db").stderr
    before = snapshot(folder / "wares.db")
    planned = rows(shop("db", "restore", "copy.db", "--replace", "--dry-run"))
    assert planned["documents"] == len([each for each in documents if each["status"] != "pending"])
    assert snapshot(folder / "wares.db") == before
    done = rows(shop("db", "restore", "copy.db", "--replace"))
    assert done["kept_as"] == "wares.db.replaced"
    assert rows(shop("docs", "list")) == documents
    assert shop("verify").exit_code == 0
    assert (
        next(row["status"] for row in rows(shop("--db", "wares.db.replaced", "docs", "list")) if row["number"] == "I-1") == "void"
    )
    rows(shop("--db", "fresh.db", "db", "restore", "copy.db"))
    assert rows(shop("--db", "fresh.db", "docs", "list")) == documents


def test_a_file_that_is_no_backup_is_not_restored(shop: Run, folder: Path) -> None:
    (folder / "text.db").write_text("not a database, but long enough to be read as one" * 50)
    (folder / "empty.db").write_bytes(b"")
    for name, code in (("text.db", "NOT_A_BACKUP"), ("empty.db", "NOT_A_BACKUP"), ("none.db", "NO_FILE")):
        before = snapshot(folder / "wares.db")
        assert code in shop("db", "restore", name, "--replace").stderr
        assert snapshot(folder / "wares.db") == before
    assert "SAME_FILE" in shop("db", "restore", "wares.db", "--replace").stderr


def test_upgrade(shop: Run) -> None:
    assert all(row["up_to_date"] for row in rows(shop("db", "upgrade")))


def test_variants_are_created(shop: Run) -> None:
    assert [row["status"] for row in rows(shop("items", "variants", "TEE"))] == ["there", *["missing"] * 3]
    shop("items", "variants", "TEE", "--create")
    assert [row["status"] for row in rows(shop("items", "variants", "TEE"))] == ["there"] * 4


def test_plugins_are_switched_in_the_file(shop: Run, folder: Path) -> None:
    (folder / "wares.toml").write_text('# mine\ndatabase = "wares.db"\n')
    rows(shop("plugins", "disable", "matrix", "--dry-run"))
    assert "matrix" not in (folder / "wares.toml").read_text()
    assert rows(shop("plugins", "disable", "matrix"))["changed"] is True
    assert (folder / "wares.toml").read_text() == '# mine\ndatabase = "wares.db"\n\n[plugins]\ndisabled = ["matrix"]\n'
    assert {row["name"]: row["status"] for row in rows(shop("plugins", "list"))}["matrix"] == "disabled"
    rows(shop("plugins", "enable", "matrix"))
    assert {row["name"]: row["status"] for row in rows(shop("plugins", "list"))}["matrix"] == "loaded"
    assert "PLUGIN_UNKNOWN" in shop("plugins", "disable", "nosuch").stderr


def test_convert_keeps_the_currency(shop: Run) -> None:
    record = {"type": "receipt", "number": "R-9", "date": "2026-01-05", "party": "ACME", "currency": "EUR", "rate": "1.10",
              "lines": [{"item": "BOLT", "quantity": "10", "unit_cost": "2.00", "from": None}]}  # fmt: skip
    assert shop("docs", "post", "-", input=json.dumps(record)).exit_code == 0
    assert "NO_RATE" in shop("docs", "convert", "R-9", "bill", "--date", "2026-01-20").stderr
    bill = rows(shop("docs", "convert", "R-9", "bill", "--date", "2026-01-20", "--rate", "1.20", "--number", "B-9"))
    payable = next(row for row in bill["entries"] if row["role"] == "payable")
    assert (payable["credit"], payable["currency"], payable["currency_amount"]) == ("24.00", "EUR", "-20.00")
    shown = rows(shop("docs", "show", "B-9"))
    assert [shown[key] for key in ("currency", "rate", "total", "base_total")] == ["EUR", "1.2", "20.00", "24.00"]


@pytest.mark.parametrize(
    "command",
    [
        ("docs", "post", "far.json"),
        ("docs", "edit", "I-1", "far.json"),
        ("docs", "convert", "R-1", "bill", "--date", "2062-01-10"),
        ("docs", "void", "I-1", "--date", "2062-01-10"),
    ],
    ids=lambda command: command[1],
)
def test_a_date_years_away_is_asked_about(
    command: tuple[str, ...], shop: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = {"type": "invoice", "date": "2062-01-10", "party": "JANE", "lines": [{"item": "BOLT", "quantity": "1"}]}
    (folder / "far.json").write_text(json.dumps(far))
    before = shop("docs", "list").stdout
    monkeypatch.setattr("wares.cli.docs.can_ask", lambda: True)
    asked = shop(*command, input="n\n")
    assert asked.exit_code == 130  # as if interrupted
    assert "DATE_FAR_AWAY: the date is 2062-01-10, more than two years from today. Go on?" in asked.stderr
    assert shop("docs", "list").stdout == before
    assert shop(*command, "--yes").exit_code == 0
    assert shop("docs", "list").stdout != before


@pytest.mark.parametrize("command", [("post",), ("preview",), ("edit", "I-1")], ids=" ".join)
def test_a_file_of_documents_that_is_too_large_is_not_read(shop: Run, folder: Path, command: tuple[str, ...]) -> None:
    with (folder / "long.jsonl").open("wb") as file:
        file.truncate(2**40)  # a hole of a terabyte, which takes no room
    refused = shop("docs", *command, "long.jsonl")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("error: FILE_TOO_LARGE: the file has more than 16 MiB (long.jsonl); wares load")
