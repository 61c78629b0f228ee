"""Exports are read by the real programs, which find the balances that our trial balance shows."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.core.ledger.journaling import Ledger
from wares.ledger.export import EXPORTS, account_names, export_beancount, export_csv, export_hledger
from wares.ledger.records import put_accounts
from wares.ledger.statements import trial_balance
from wares.storage import tables

NASTY = 'He said "no"; a\\b (c) [d] | e,\n  f: \u2028 ✓ ; ) *'


@pytest.fixture
def shop(sqlite_ledger: Ledger) -> Ledger:
    """Awkward names, codes, memos and numbers, entries out of order, several on a day."""
    ledger = sqlite_ledger
    with ledger.unit() as unit:
        names = [("13.10", "Räder & Ñandú"), ("13-10", "Räder Ñandú"), ("x/y", 'a "b"; c'), ("車", "車輪"), ("ß", "ß")]
        put_accounts(unit, [{"code": code, "name": name, "type": "asset"} for code, name in names])
    ledger.insert(tables.item, item_id=900, type="stock", sku=NASTY, name="Bolt", attributes="{}")
    ledger.insert(tables.party, party_id=901, code=NASTY, name="Jane", kinds="[]", active=1)
    ledger.enter("2026-01-10", "I-1", ("1200", 901, "receivable", None, None, 901), ("4000", -901, "income"), memo=NASTY)
    ledger.enter("2026-01-05", NASTY, ("1300", 500, "inventory", None, 900), ("2000", -500, "payable", None, None, None, NASTY))
    ledger.enter("2026-01-10", "I-2", ("1200", 100, "receivable"), ("4000", -100, "income"), kind="correction")
    for code, _ in names:
        ledger.enter("2026-02-01", f"J {code}", (code, 1, "bank"), ("3000", -1, "owner_contribution"))
    ledger.enter("2026-02-02", "J-0", ("13.10", 250, "bank"), ("13-10", -250, "bank"))
    return ledger


def program(name: str, *beside: Path) -> str:
    found = next((str(folder / name) for folder in beside if (folder / name).exists()), None) or shutil.which(name)
    if found is None:
        if os.environ.get("CI", "").lower() not in ("", "0", "false", "no"):
            pytest.fail(f"{name} is not installed; CI runs it", pytrace=False)
        pytest.skip(f"{name} is not installed: its reading of the export is not checked")
    return found


def our_balances(ledger: Ledger) -> dict[str, Decimal]:
    with ledger.reader() as reader:
        names = account_names(reader)
        return {names[row["account"]]: row["balance"] for row in trial_balance(reader) if row["balance"]}


def test_beancount_reads_the_same_balances(shop: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "books.beancount"
    with shop.reader() as reader, file.open("w", encoding="utf-8") as out:
        assert export_beancount(reader, out) == 9
    check = subprocess.run(
        [program("bean-check", Path(sys.executable).parent), str(file)], capture_output=True, text=True, timeout=60
    )
    assert (check.returncode, check.stdout + check.stderr) == (0, "")
    loader = pytest.importorskip("beancount.loader")
    entries, errors, _ = loader.load_file(str(file))
    assert errors == []
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            assert posting.units.currency == "USD"
            balances[posting.account] += posting.units.number
    assert {name: amount for name, amount in balances.items() if amount} == our_balances(shop)


def test_hledger_reads_the_same_balances(shop: Ledger, tmp_path: Path) -> None:
    hledger = program("hledger")
    file = tmp_path / "books.journal"
    with shop.reader() as reader, file.open("w", encoding="utf-8") as out:
        assert export_hledger(reader, out) == 9
    environment = os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    run = [hledger, "-f", str(file), "balance", "--flat", "--no-total", "-O", "csv", "--strict"]
    balance = subprocess.run(run, capture_output=True, text=True, timeout=60, env=environment)
    assert (balance.returncode, balance.stderr) == (0, "")
    rows = list(csv.reader(io.StringIO(balance.stdout)))[1:]
    assert {name: Decimal(amount.removesuffix(" USD")) for name, amount in rows if amount != "0"} == our_balances(shop)
    codes = [hledger, "-f", str(file), "codes"]
    listed = subprocess.run(codes, capture_output=True, text=True, timeout=60, env=environment).stdout.splitlines()
    assert "I-1" in listed
    assert len(listed) == 9


def test_csv_holds_every_posting(shop: Ledger) -> None:
    out = io.StringIO()
    with shop.reader() as reader:
        assert export_csv(reader, out) == 18
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        balances[row["account"]] += Decimal(row["debit"]) - Decimal(row["credit"])
    with shop.reader() as reader:
        assert {code: amount for code, amount in balances.items() if amount} == {
            row["account"]: row["balance"] for row in trial_balance(reader) if row["balance"]
        }
    assert rows[0]["document"] == NASTY
    assert rows[0]["item"] == NASTY


@pytest.mark.parametrize("format", list(EXPORTS))
def test_an_export_stops_at_the_day_asked_for(shop: Ledger, format: str) -> None:
    out = io.StringIO()
    with shop.reader() as reader:
        written = EXPORTS[format](reader, out, 20260109)
    assert written == (2 if format == "csv" else 1)
    assert "2026-01-10" not in out.getvalue()


@pytest.mark.parametrize("format", list(EXPORTS))
def test_empty_books_are_exported(sqlite_ledger: Ledger, format: str, tmp_path: Path) -> None:
    file = tmp_path / "books"
    with sqlite_ledger.reader() as reader, file.open("w", encoding="utf-8") as out:
        assert EXPORTS[format](reader, out, None) == 0
    if format == "beancount":
        bean_check = program("bean-check", Path(sys.executable).parent)
        assert subprocess.run([bean_check, str(file)], timeout=60).returncode == 0
