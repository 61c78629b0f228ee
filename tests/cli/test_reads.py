"""Every read on the small company, its JSON with the keys that scripts rely on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, rows

KEYS = {
    "items list": "sku type name unit price cost active on_hand available",
    "stock on-hand": "sku location on_hand reserved available on_order value unit_cost account",
    "stock value": "sku location on_hand reserved available on_order value unit_cost account",
    "stock value --by lot": "sku location lot on_hand reserved available on_order value unit_cost account",
    "stock value --by account --at 2026-01-08": "sku on_hand reserved available on_order value unit_cost account",
    "items list --at 2026-01-08": "sku type name unit price cost active on_hand available",
    "stock layers BOLT --at 2026-01-08": "document effective_at received remaining value_remaining unit_cost location lot",
    "stock availability PAIR --at 2026-01-08": "sku location on_hand reserved available on_order",
    "stock moves": "document line sku location quantity value effective_at recorded_at running_quantity running_value",
    "stock layers BOLT": "document effective_at received remaining value_remaining unit_cost",
    "stock availability PAIR": "sku location on_hand reserved available on_order",
    "docs list": "number type date party status total reference memo",
    "docs entries I-1": "entry date account account_name role debit credit item line memo caused_by",
    "gl accounts": "code name type roles active",
    "gl trial-balance": "account name type debit credit balance",
    "gl entries": "entry date document account debit credit memo seal",
    "gl ledger 1300": "date entry document debit credit balance",
    "gl profit-loss": "section account name amount",
    "gl balance-sheet": "section account name amount",
    "gl why BOLT inventory": "level of account won",
    "plugins list": "name distribution version status item_types hooks error",
    "db status": "owner current head up_to_date",
    "config show --origin": "key value origin",
    "items variants TEE": "sku values status",
    "which --questions": "key text type because",
}


@pytest.mark.parametrize("command", KEYS)
def test_json_has_the_keys_of_the_manual(shop: Run, command: str) -> None:
    found = rows(shop(*command.split(), "-f", "json"))
    assert found, f"{command} shows nothing"
    for row in found:
        assert set(KEYS[command].split()) <= set(row)


OBJECTS = ("items show BOLT", "docs show I-1", "docs explain I-1", "verify", "doctor", "plugins info kit")


@pytest.mark.parametrize("command", [*KEYS, *OBJECTS])
@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv", "tsv", "html"])
def test_every_read_in_every_format(shop: Run, command: str, format: str) -> None:
    result = shop("-f", format, *command.split())
    assert (result.exit_code, result.stdout.strip() != "") == (0, True), result.stderr


def test_amounts_are_exact_text_and_dates_iso(shop: Run) -> None:
    balance = {row["account"]: row["balance"] for row in rows(shop("gl", "trial-balance"))}
    assert balance["1300"] == "10.34"  # 8.00 + 2.50 + 1.00 − 12 × 0.08 − 4 × 0.05
    assert [row["date"] for row in rows(shop("docs", "list"))] == ["2026-01-05", "2026-01-06", "2026-01-09", "2026-02-01"]


def test_reads_at_a_date(shop: Run) -> None:
    before = {row["sku"]: row["on_hand"] for row in rows(shop("stock", "on-hand", "--at", "2026-01-05"))}
    assert before == {"BOLT": "100", "NUT": "50"}
    assert rows(shop("gl", "trial-balance", "--at", "2026-01-04")) == []
    assert [row["number"] for row in rows(shop("docs", "list", "--since", "2026-01-06", "--at", "2026-01-06"))] == ["R-1"]


def test_explain_is_a_tree(shop: Run) -> None:
    line = rows(shop("docs", "explain", "I-1"))[0]
    assert {"sku", "quantity", "cost", "sources"} <= set(line)
    assert {"document", "quantity", "cost", "sources"} <= set(line["sources"][0])


def test_verify_is_an_object(shop: Run) -> None:
    found = rows(shop("verify"))
    assert found["ok"] is True
    assert {"id", "title", "ok", "examined", "first_problem"} <= set(found["checks"][0])


def test_a_table_aligns_numbers_to_the_right_and_sums_the_trial_balance(shop: Run) -> None:
    lines = shop("gl", "trial-balance", "-f", "table").stdout.splitlines()
    assert len({len(line) for line in lines}) == 1, "the last column is flush right"
    assert lines[-1].split()[0] == "Total"
    assert lines[-1].split()[1] == lines[-1].split()[2]


def test_csv_has_no_formulas(shop: Run) -> None:
    table = list(csv.DictReader(io.StringIO(shop("items", "list", "-f", "csv").stdout)))
    assert {row["sku"]: row["name"] for row in table}["NUT"] == "'=cmd()"
    negative = [row["credit"] for row in csv.DictReader(io.StringIO(shop("gl", "entries", "-f", "csv").stdout))]
    assert not any(cell.startswith("'") for cell in negative)


def test_control_characters_do_not_reach_the_terminal(shop: Run) -> None:
    shop("load", "-", input=json.dumps({"record": "party", "code": "X", "name": "a\u001b[31mred"}) + "\n")
    shop("load", "-", input=json.dumps({"record": "item", "sku": "ESC", "type": "service", "name": "a\u001b[31mred"}) + "\n")
    assert "\u001b" not in shop("items", "list", "-f", "table").stdout


def test_a_file_takes_the_format_of_its_name(shop: Run, folder: Path) -> None:
    assert shop("items", "list", "-o", "items.csv").stdout == ""
    assert (folder / "items.csv").read_text().startswith("sku,type,name")
    shop("items", "list", "-o", "items.txt", "-f", "json")
    assert json.loads((folder / "items.txt").read_text())
    assert not list(folder.glob("*.part"))


def test_a_file_is_left_alone_when_the_command_fails(shop: Run, folder: Path) -> None:
    (folder / "out.json").write_text("before")
    assert shop("docs", "show", "NONE", "-o", "out.json").exit_code == 1
    assert (folder / "out.json").read_text() == "before"


def test_lists_can_be_narrowed(shop: Run) -> None:
    assert [row["sku"] for row in rows(shop("items", "list", "--type", "kit"))] == ["PAIR"]
    assert [row["sku"] for row in rows(shop("items", "list", "--text", "bolt"))] == ["BOLT"]
    assert [row["number"] for row in rows(shop("docs", "list", "--status", "pending"))] == ["P-1"]
    assert rows(shop("stock", "on-hand", "--location", "SHOP")) == []
    assert shop("stock", "on-hand", "--location", "NOWHERE").exit_code == 1


@pytest.mark.parametrize(("syntax", "has"), [("beancount", "open Assets:1300-Inventory"), ("hledger", "commodity 1000.00 USD")])
def test_export(shop: Run, syntax: str, has: str) -> None:
    result = shop("gl", "export", "--format", syntax)
    assert has in result.stdout
    assert "3 entries written" in result.stderr


def test_export_as_csv(shop: Run) -> None:
    assert shop("gl", "export", "--format", "csv").stdout.startswith("date,entry,document")


def test_a_place_does_not_go_with_rows_of_all_places(shop: Run) -> None:
    result = shop("stock", "value", "--by", "account", "--location", "SHOP")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--location does not go with --by account" in result.stderr
