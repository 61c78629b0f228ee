"""What is asked of one document, item or pool is found by a key within the company, whatever the books have grown to.

SQLite plans without statistics, and takes any index that begins with the company to be good: a join, DISTINCT or ORDER BY may draw
it to one that reads all that a company has. So every statement that posting, taking back and looking up run is planned here, and
none may scan a large table or search it by the company alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from wares import Books
from wares.storage.tables import metadata

SMALL = {
    *("wares_company", "wares_currency", "wares_directory", "wares_setting", "wares_series", "wares_closing", "wares_account"),
    *("wares_mapping", "wares_location", "wares_party", "wares_item", "wares_component", "wares_source", "wares_period_total"),
    *("wares_outbox", "wares_pool_account"),
}
"""Masters, which a process keeps; totals, as many as there are accounts and months; reclassifications, which are few."""
GROWING = set(metadata.tables) - SMALL
STEP = re.compile(r"(SCAN|SEARCH) (\w+)")


class Recorded:
    """Every statement that ran, with the parameters of its first run."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.statements: dict[str, Any] = {}
        event.listen(books.engine, "before_cursor_execute", self._note)

    def _note(self, _: Any, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE", "INSERT")):
            self.statements.setdefault(statement, parameters[0] if many else parameters)

    def steps(self) -> Iterator[tuple[str, str]]:
        """Each step of the plan of each statement, with the statement."""
        assert self.books.engine is not None
        with self.books.engine.connect() as connection:
            for statement, parameters in list(self.statements.items()):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
                yield from ((step, statement) for *_, step in plan)

    def too_wide(self) -> list[str]:
        """The steps that read all of a growing table, with their statements."""
        return [f"{step}: {' '.join(statement.split())}" for step, statement in self.steps() if _is_wide(step, statement)]


def _is_wide(step: str, statement: str) -> bool:
    found = STEP.match(step)
    if found is None:
        return False
    name = found[2]
    alias = re.search(rf"(?:FROM|JOIN|,)\s+(\w+)\s+(?:AS\s+)?{name}\b", statement)
    table = alias[1] if alias is not None and name not in GROWING else name
    return table in GROWING and (found[1] == "SCAN" or step.endswith("(company_id=?)"))


@pytest.fixture
def books() -> Iterator[Books]:
    books = Books.open("sqlite://")
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.locations.add("SHOP", name="Shop")
    books.items.put([
        {"sku": "BOLT", "type": "stock", "price": "5", "cost_method": "fifo"},
        {"sku": "RIM", "type": "stock", "price": "5", "cost_method": "average"},
        {"sku": "HUB", "type": "stock", "price": "5", "cost_method": "standard", "cost": "3"},
        {"sku": "FRAME", "type": "stock", "price": "5", "cost_method": "specific"},
        {"sku": "LABOUR", "type": "service", "price": "40", "cost": "30"},
        {"sku": "WHEEL", "type": "assembly", "cost_method": "fifo",
         "components": [{"sku": "RIM", "quantity": "1"}, {"sku": "BOLT", "quantity": "3"}, {"sku": "LABOUR", "quantity": "0.25"}]},
        {"sku": "SET", "type": "kit", "price": "9",
         "components": [{"sku": "WHEEL", "quantity": "1"}, {"sku": "BOLT", "quantity": "1"}]},
    ])  # fmt: skip
    yield books
    books.close()


def trade(books: Books) -> None:
    """Buying, building, selling, going back, and what arrives late."""
    goods = [{"item": sku, "quantity": 100, "unit_cost": "2"} for sku in ("BOLT", "RIM", "HUB")]
    frames = {"item": "FRAME", "quantity": 10, "unit_cost": "2", "lot": "L1"}
    books.post("receipt", number="R-1", date="2026-01-02", party="ACME", lines=[*goods, frames])
    books.post("build", number="M-1", date="2026-01-03", lines=[{"item": "WHEEL", "quantity": 5}])
    sold = [{"item": "SET", "quantity": 2}, {"item": "HUB", "quantity": 3}, {"item": "FRAME", "quantity": 3, "lot": "L1"}]
    books.post("invoice", number="I-1", date="2026-01-04", party="JANE", lines=[*sold, {"item": "RIM", "quantity": 3}])
    books.post("delivery", number="D-1", date="2026-01-04", party="JANE", lines=[{"item": "BOLT", "quantity": 3}])
    books.post("invoice", number="I-2", date="2026-01-05", party="JANE", lines=[{"from": "D-1#1", "quantity": 2}])
    billed = [{"from": f"R-1#{line}", "quantity": 5, "unit_cost": "2.5"} for line in (1, 2, 3, 4)]
    books.post("bill", number="B-1", date="2026-01-06", party="ACME", lines=billed)
    books.post("landed_cost", number="L-1", date="2026-01-07", amount="7", by="value", apply_to=[{"from": "R-1"}])
    books.post("transfer", date="2026-01-08", to_location="SHOP", lines=[{"item": "BOLT", "quantity": 2}])
    books.post("count", date="2026-01-08", lines=[{"item": "BOLT", "counted": 20}])
    books.post("credit_note", number="C-1", date="2026-01-09", party="JANE",
               lines=[{"from": "I-1#1", "quantity": 1, "restock": True}])  # fmt: skip
    books.post("adjustment", date="2026-01-03T10:00", lines=[{"item": "RIM", "quantity": 5, "unit_cost": "1"}])
    books.post("receipt", number="R-2", date="2026-01-03T11:00", party="ACME",
               lines=[{"item": "BOLT", "quantity": 5, "unit_cost": "1"}])  # fmt: skip
    books.post("receipt", revises="R-2", date="2026-01-03T11:00", party="ACME",
               lines=[{"item": "BOLT", "quantity": 6, "unit_cost": "1"}])  # fmt: skip
    books.post("unbuild", number="U-1", date="2026-01-10", lines=[{"item": "WHEEL", "quantity": 1, "from": "M-1"}])
    revalued = [{"item": "RIM", "amount": "5"}, {"item": "HUB", "unit_cost": "4"}]
    books.post("revaluation", date="2026-01-10", lines=revalued)
    books.post("method_change", date="2026-01-10", lines=[{"item": "RIM", "cost_method": "fifo"}])
    books.post("payment", date="2026-01-11", direction="in", party="JANE", account="1010", amount="5.00",
               apply_to=[{"number": "I-1", "amount": "5.00"}])  # fmt: skip
    books.post("supplier_return", number="S-1", date="2026-01-12", party="ACME", lines=[{"from": "R-2#1", "quantity": 1}])
    books.post("customer_return", number="T-1", date="2026-01-12", party="JANE", lines=[{"from": "D-1#1", "quantity": 1}])
    books.void("C-1")
    books.void("I-2", date="2026-01-20")
    books.void("S-1")


def test_posting_and_taking_back(books: Books) -> None:
    recorded = Recorded(books)
    trade(books)
    assert len(recorded.statements) > 100
    assert recorded.too_wide() == []


def test_looking_up(books: Books) -> None:
    trade(books)
    recorded = Recorded(books)
    for number in ("R-1", "B-1", "L-1", "M-1", "U-1", "I-1", "T-1"):
        books.docs.show(number)
        books.docs.entries(number)
        assert books.docs.explain(number) is not None
    books.stock.on_hand("BOLT")
    books.stock.on_hand("BOLT", at="2026-01-05")
    books.stock.availability("SET")
    books.stock.layers("BOLT")
    books.stock.layers("BOLT", at="2026-01-05")
    books.items.show("BOLT")
    books.stock.value("BOLT", at="2026-01-05")
    books.stock.list(sku="BOLT", at="2026-01-05")
    books.gl.why("BOLT", "cogs")
    books.gl.balance("1300")
    books.gl.balance("1300", at="2026-01-05")
    list(books.gl.account("1300", since="2026-01-10"))
    assert recorded.statements
    assert recorded.too_wide() == []


def test_verify_joins_by_indexes(books: Books) -> None:
    """It reads whole tables, but none once for each row of another."""
    trade(books)
    recorded = Recorded(books)
    assert books.verify()["ok"]
    assert [step for step, _ in recorded.steps() if step.startswith("SCAN") and "JOIN" in step] == []


def test_a_statement_that_reads_all_is_found(books: Books) -> None:
    trade(books)
    recorded = Recorded(books)
    assert books.engine is not None
    with books.engine.connect() as connection:
        for statement in (
            "SELECT COUNT(*) FROM wares_move WHERE company_id = ?",
            "SELECT m.move_id FROM wares_move m WHERE m.company_id = ? AND m.quantity = 1",
            "SELECT quantity FROM wares_line WHERE quantity > ?",
            "SELECT quantity FROM wares_line WHERE company_id = ? AND line_id = 7",
        ):
            connection.exec_driver_sql(statement, (1,))
    assert len(recorded.too_wide()) == 3
