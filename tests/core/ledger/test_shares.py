"""What another document did to this one: its share of a correction, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.ledger.journaling import Ledger, row, table_of
from wares.ledger.shares import entries_of_document
from wares.storage import tables


class Goods:
    """Moves and valuation rows by hand, in one pool of BOLT."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        ledger.insert(tables.item, item_id=900, type="stock", sku="BOLT", name="Bolt", attributes="{}")
        self.pool(800, "1300")

    def pool(self, pool_id: int, account: str) -> None:
        values = {"pool_id": pool_id, "item_id": 900, "area_id": pool_id, "account_id": self.ledger.account_id(account)}
        self.ledger.insert(tables.pool, **values)

    def move(self, document: str, line: str, move_id: int, pool_id: int = 800) -> None:
        document_id = self.ledger.document(document)
        self.ledger.insert(tables.line, line_id=move_id + 1000, document_id=document_id, number=line)
        ids = {"move_id": move_id, "document_id": document_id, "line_id": move_id + 1000, "pool_id": pool_id}
        self.ledger.insert(tables.move, item_id=900, **ids)

    def value(self, move_id: int, entry_id: int, counter: str | None, value: int, day: int, pool_id: int = 800) -> None:
        counter_id = self.ledger.account_id(counter) if counter else 0
        values: dict[str, Any] = {
            "move_id": move_id,
            "entry_id": entry_id,
            "counter_id": counter_id,
            "pool_id": pool_id,
        }
        with self.ledger.unit() as unit:
            whole = row(tables.valuation, company_id=unit.company_id, date=day, value=value, **values)
            unit.insert(tables.valuation, [whole])


@pytest.fixture
def sold(ledger: Ledger) -> Goods:
    """10 received @ 10 and not billed; 4 sold on I-1, 2 on I-2; the bill says 12, and one entry corrects all three."""
    goods = Goods(ledger)
    receipt = ledger.enter("2026-01-05", "R-1", ("1300", 10000, "inventory", None, 900), ("2200", -10000, "received_not_billed"))
    first = ledger.enter("2026-01-10", "I-1", ("5000", 4000, "cogs", None, 900), ("1300", -4000, "inventory", None, 900))
    second = ledger.enter("2026-01-11", "I-2", ("5000", 2000, "cogs", None, 900), ("1300", -2000, "inventory", None, 900))
    goods.move("R-1", "1", 1)
    goods.move("I-1", "1", 2)
    goods.move("I-2", "2.1", 3)
    goods.value(1, receipt, "2200", 10000, 20260105)
    goods.value(2, first, "5000", -4000, 20260110)
    goods.value(3, second, "5000", -2000, 20260111)
    correction = ledger.enter(
        "2026-02-01", "B-1",
        ("1300", 800, "inventory", None, 900), ("5000", 1200, "cogs", None, 900),
        ("2200", -2000, "received_not_billed", None, 900),
        kind="correction", memo="bill B-1",
    )  # fmt: skip
    ledger.enter("2026-02-01", "B-1", ("2200", 12000, "received_not_billed"), ("2000", -12000, "payable"))
    goods.value(1, correction, "2200", 2000, 20260201)
    goods.value(2, correction, "5000", -800, 20260201)
    goods.value(3, correction, "5000", -400, 20260201)
    return goods


COLUMNS = ("entry", "date", "account", "account_name", "role", "debit", "credit", "item", "line", "caused_by")


def rows_of(goods: Goods, number: str) -> list[tuple[Any, ...]]:
    document_id = goods.ledger.document(number)
    with goods.ledger.reader() as reader:
        return table_of(entries_of_document(reader, document_id), *COLUMNS)


def test_a_sale_shows_its_entry_and_its_share_of_the_correction(sold: Goods) -> None:
    assert rows_of(sold, "I-1") == [
        (2, "2026-01-10", "5000", "Cost of goods sold", "cogs", "40.00", "0.00", "BOLT", None, None),
        (2, "2026-01-10", "1300", "Inventory", "inventory", "0.00", "40.00", "BOLT", None, None),
        (4, "2026-02-01", "1300", "Inventory", "inventory", "0.00", "8.00", "BOLT", "1", "B-1"),
        (4, "2026-02-01", "5000", "Cost of goods sold", "cogs", "8.00", "0.00", "BOLT", "1", "B-1"),
    ]


def test_the_shares_of_all_documents_are_the_correction(sold: Goods) -> None:
    shares = [share for number in ("R-1", "I-1", "I-2") for share in rows_of(sold, number) if share[-1] == "B-1"]
    assert [(share[2], share[5], share[6], share[8]) for share in shares] == [
        ("1300", "20.00", "0.00", "1"),
        ("2200", "0.00", "20.00", "1"),
        ("1300", "0.00", "8.00", "1"),
        ("5000", "8.00", "0.00", "1"),
        ("1300", "0.00", "4.00", "2.1"),
        ("5000", "4.00", "0.00", "2.1"),
    ]


def test_the_cause_shows_its_entries_whole(sold: Goods) -> None:
    rows = rows_of(sold, "B-1")
    assert [(each[0], each[2], each[5], each[6], each[9]) for each in rows] == [
        (4, "1300", "8.00", "0.00", None),
        (4, "5000", "12.00", "0.00", None),
        (4, "2200", "0.00", "20.00", None),
        (5, "2200", "120.00", "0.00", None),
        (5, "2000", "0.00", "120.00", None),
    ]


def test_a_reclassification_since_then_does_not_change_what_was_posted(sold: Goods) -> None:
    other = sold.ledger.account_id("1360")
    with sold.ledger.unit() as unit:
        unit.run(f"UPDATE wares_pool SET account_id = {other} WHERE company_id = ?")
    assert [each[2] for each in rows_of(sold, "I-1")] == ["5000", "1300", "1300", "5000"]


def test_a_value_inside_a_group_has_no_counter_account(sold: Goods) -> None:
    """A build's components and output: what the components gain leaves them for the output, in the same document."""
    sold.pool(801, "1300")
    sold.move("M-1", "1", 4, 801)
    sold.move("M-1", "1.1", 5)
    cause = sold.ledger.enter("2026-02-02", "B-9", ("1300", 100, "inventory", None, 900), ("2000", -100, "payable"))
    sold.value(4, cause, None, 30, 20260202, 801)
    sold.value(5, cause, None, -30, 20260202)
    assert [(each[2], each[5], each[6], each[8], each[9]) for each in rows_of(sold, "M-1")] == [
        ("1300", "0.30", "0.00", "1", "B-9"),
        ("1300", "0.00", "0.30", "1.1", "B-9"),
    ]
