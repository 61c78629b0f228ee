"""Looking at books from outside in tests: what is stored, whether it agrees, how a call is refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

import pytest

from wares import Books, Refused
from wares.storage import tables
from wares.storage.unit import Reader

AGREEMENTS = {
    "entries balance": "SELECT entry_id, SUM(amount) FROM wares_posting WHERE company_id = ? "
    "GROUP BY entry_id HAVING SUM(amount) <> 0",
    "pool quantity is that of its moves": (
        "SELECT p.pool_id, p.quantity FROM wares_pool p WHERE p.company_id = ? AND p.quantity <> "
        "(SELECT COALESCE(SUM(m.quantity), 0) "
        "FROM wares_move m WHERE m.company_id = p.company_id AND m.pool_id = p.pool_id)"
    ),
    "pool value is that of its valuation rows": (
        "SELECT p.pool_id, p.value FROM wares_pool p WHERE p.company_id = ? AND p.value <> (SELECT COALESCE(SUM(v.value), 0) "
        "FROM wares_valuation v WHERE v.company_id = p.company_id AND v.pool_id = p.pool_id)"
    ),
    "inventory accounts hold the value of their pools": (
        "SELECT a.code FROM wares_account a WHERE a.company_id = ? AND a.roles LIKE '%inventory\"%' AND "
        "(SELECT COALESCE(SUM(g.amount), 0) FROM wares_posting g WHERE g.company_id = a.company_id "
        "AND g.account_id = a.account_id) <> "
        "(SELECT COALESCE(SUM(p.value), 0) FROM wares_pool p WHERE p.company_id = a.company_id AND p.account_id = a.account_id)"
    ),
    "no value without quantity": "SELECT pool_id, value FROM wares_pool WHERE company_id = ? AND quantity = 0 AND value <> 0",
    "stock is the sum of moves": (
        "SELECT s.item_id, s.on_hand FROM wares_stock s WHERE s.company_id = ? AND s.on_hand <> "
        "(SELECT COALESCE(SUM(m.quantity), 0) "
        "FROM wares_move m WHERE m.company_id = s.company_id AND m.item_id = s.item_id AND m.location_id = s.location_id)"
    ),
    "nothing is oversold": "SELECT item_id, on_hand FROM wares_stock WHERE company_id = ? AND on_hand < 0",
    "layers hold the quantity of their pool": (
        "SELECT p.pool_id, p.quantity FROM wares_pool p WHERE p.company_id = ? AND p.quantity <> "
        "(SELECT COALESCE(SUM(l.remaining), 0) "
        "FROM wares_layer l WHERE l.company_id = p.company_id AND l.pool_id = p.pool_id)"
    ),
    "layers were consumed by what consumed them": (
        "SELECT l.move_id FROM wares_layer l WHERE l.company_id = ? AND (l.quantity - l.remaining, l.taken) <> "
        "(SELECT COALESCE(SUM(c.quantity), 0), COALESCE(SUM(c.value), 0) FROM wares_consumption c "
        "WHERE c.company_id = l.company_id AND c.layer_id = l.layer_id)"
    ),
    "period totals are those of postings": (
        "SELECT account_id, SUM(n) FROM (SELECT company_id, account_id, debit - credit AS n FROM wares_period_total UNION ALL "
        "SELECT company_id, account_id, -amount FROM wares_posting) AS x WHERE company_id = ? "
        "GROUP BY account_id HAVING SUM(n) <> 0"
    ),
    "pool months are those of moves": (
        "SELECT pool_id FROM (SELECT company_id, pool_id, location_id, period, quantity FROM wares_pool_month UNION ALL "
        "SELECT company_id, pool_id, location_id, date / 100, -quantity FROM wares_move) AS x WHERE company_id = ? "
        "GROUP BY pool_id, location_id, period HAVING SUM(quantity) <> 0"
    ),
    "numbers issued have no gap": (
        "SELECT s.series FROM wares_series s WHERE s.company_id = ? AND s.series <> 'draft' AND s.issued <> (SELECT "
        "COUNT(DISTINCT d.issued) FROM wares_document d WHERE d.company_id = s.company_id AND d.type = s.series "
        "AND d.issued IS NOT NULL AND d.number NOT LIKE 'DRAFT-%')"
    ),
}
"""Sentence → the rows that break it. Written apart from the program, so that a mistake must be made twice."""


def _rows(books: Books, statement: str) -> list[tuple[Any, ...]]:
    return books.reading(lambda reader, _: reader.rows(statement))


def sound(books: Books) -> bool:
    """Whether what is stored agrees, and every invariant of `verify` holds; fails with the first rows that do not."""
    for sentence, statement in AGREEMENTS.items():
        broken = _rows(books, statement)
        assert not broken, (sentence, broken[:3])
    if find_spec("wares.verify") is not None:
        problems = [check for check in books.verify()["checks"] if not check["ok"]]
        assert not problems, problems
    return True


def dump(books: Books, *, head: bool = True) -> dict[str, list[Any]]:
    """Every row of the company, by table; without its head row if not wanted."""

    def rows(reader: Reader, _: Any) -> dict[str, list[Any]]:
        return {
            table.name: sorted(map(repr, reader.rows(f'SELECT * FROM "{table.name}" WHERE company_id = ?')))
            for table in tables.metadata.sorted_tables
            if table.info["kind"] == "company" and (head or table is not tables.company_head)
        }

    return books.reading(rows)


def refused(call: Callable[[], Any]) -> list[tuple[str, str]]:
    """(code, path) of every Issue with which the call is refused; a call that is not refused fails."""
    with pytest.raises(Refused) as refusal:
        call()
    for issue in refusal.value.issues:
        assert issue.code.isupper(), issue
        assert "\n" not in str(issue), issue
        assert issue.message, issue
    return [(issue.code, issue.path) for issue in refusal.value.issues]


def balances(books: Books, *, at: str | None = None) -> dict[str, str]:
    """Account → balance, debit positive, without the accounts at zero."""
    return {row["account"]: str(row["balance"]) for row in books.gl.trial_balance(at=at) if row["balance"]}


def held(books: Books, sku: str) -> tuple[Decimal, Decimal]:
    """Quantity and value on hand."""
    return books.stock.on_hand(sku), books.stock.value(sku)
