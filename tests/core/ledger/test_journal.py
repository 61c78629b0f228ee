"""The journal and one account's ledger, in order and in pages."""

from __future__ import annotations

import pytest

from tests.core.ledger.journaling import Ledger, table_of
from wares.ledger import journal
from wares.ledger.accounts import AccountBook
from wares.ledger.journal import account_ledger, entries
from wares.storage import tables


@pytest.fixture(params=[1, 2, 1000], ids=lambda size: f"pages of {size}")
def pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_PAGE", request.param)


@pytest.fixture
def shop(sqlite_ledger: Ledger) -> Ledger:
    ledger = sqlite_ledger
    ledger.insert(tables.item, item_id=900, type="stock", sku="BOLT", name="Bolt", attributes="{}")
    ledger.insert(tables.party, party_id=901, code="JANE", name="Jane", kinds="[]", active=1)
    ledger.enter("2026-01-10", "I-1", ("1200", 900, "receivable", None, None, 901), ("4000", -900, "income"), memo="sale")
    ledger.enter("2026-01-05", "B-1", ("1300", 500, "inventory", None, 900), ("2000", -500, "payable", None, None, None, "net"))
    ledger.enter("2026-01-10", "I-2", ("1200", 100, "receivable"), ("4000", -100, "income"))
    ledger.enter("2026-02-01", "P-1", ("1010", 400, "bank"), ("1200", -400, "receivable"))
    return ledger


@pytest.mark.usefixtures("pages")
def test_entries_stand_by_date_then_number(shop: Ledger) -> None:
    with shop.reader() as reader:
        rows = list(entries(reader, at=20260131))
    assert table_of(rows, "date", "entry", "document", "account", "debit", "credit", "item", "party", "memo", "seal") == [
        ("2026-01-05", 2, "B-1", "1300", "5.00", "0.00", "BOLT", None, None, None),
        ("2026-01-05", 2, "B-1", "2000", "0.00", "5.00", None, None, "net", None),
        ("2026-01-10", 1, "I-1", "1200", "9.00", "0.00", None, "JANE", "sale", None),
        ("2026-01-10", 1, "I-1", "4000", "0.00", "9.00", None, None, "sale", None),
        ("2026-01-10", 3, "I-2", "1200", "1.00", "0.00", None, None, None, None),
        ("2026-01-10", 3, "I-2", "4000", "0.00", "1.00", None, None, None, None),
    ]


def test_entries_since_a_day(shop: Ledger) -> None:
    with shop.reader() as reader:
        assert [row["entry"] for row in entries(reader, since=20260110)] == [1, 1, 3, 3, 4, 4]
        assert [row["entry"] for row in entries(reader, since=20260111, at=20260131)] == []


@pytest.mark.usefixtures("pages")
def test_an_account_has_a_running_balance(shop: Ledger) -> None:
    with shop.reader() as reader:
        receivable = AccountBook.load(reader).account("1200")
        rows = list(account_ledger(reader, receivable))
        later = list(account_ledger(reader, receivable, since=20260110, at=20260110))
        after = list(account_ledger(reader, receivable, since=20260111))
    assert table_of(rows, "date", "document", "debit", "credit", "balance", "party") == [
        ("2026-01-10", "I-1", "9.00", "0.00", "9.00", "JANE"),
        ("2026-01-10", "I-2", "1.00", "0.00", "10.00", None),
        ("2026-02-01", "P-1", "0.00", "4.00", "6.00", None),
    ]
    assert [(row["kind"], str(row["balance"])) for row in later] == [
        ("opening", "0.00"),
        ("original", "9.00"),
        ("original", "10.00"),
    ]
    assert [(row["kind"], str(row["balance"])) for row in after] == [("opening", "10.00"), ("original", "6.00")]


def test_amounts_in_another_currency_show_its_places(ledger: Ledger) -> None:
    yen = ("1200", 1000, "receivable", None, None, None, None, "JPY", 1500)
    ledger.enter("2026-01-10", "I-1", yen, ("4000", -1000, "income"))
    with ledger.reader() as reader:
        rows = list(entries(reader))
    assert table_of(rows, "debit", "currency", "currency_amount") == [
        ("10.00", "JPY", "1500"),
        ("0.00", "USD", "-10.00"),
    ]
