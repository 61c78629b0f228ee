"""A ledger to test with: a company with the general chart, and entries written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Integer, Table

from wares.ledger.accounts import AccountBook
from wares.ledger.entry import EntryLeg, compose, flush_periods, period_deltas, posting_rows
from wares.storage import tables
from wares.storage.database import read, write
from wares.storage.unit import Reader, Unit
from wares.values import day_from_text


def row(table: Table, **values: Any) -> tuple[Any, ...]:
    """A row with the values given; the other columns are null, 0 or empty text."""
    unknown = values.keys() - set(table.columns.keys())
    assert not unknown, unknown
    return tuple(
        values.get(column.name, None if column.nullable else 0 if isinstance(column.type, Integer) else "")
        for column in table.columns
    )


class Ledger:
    """One company's ledger. Days are ISO text, amounts minor units, accounts and documents named by code and number."""

    def __init__(self, engine: Engine, company_id: int) -> None:
        self.engine = engine
        self.company_id = company_id

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        with write(self.engine) as connection:
            unit = Unit.lock(connection, self.company_id)
            yield unit
            unit.save()

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        with read(self.engine) as connection:
            yield Reader.open(connection, self.company_id)

    def insert(self, table: Table, **values: Any) -> None:
        with self.unit() as unit:
            unit.insert(table, [row(table, company_id=self.company_id, **values)])

    def document(self, number: str, type: str = "journal") -> int:
        """The id of a document, made if it is not there."""
        with self.unit() as unit:
            found = unit.row("SELECT document_id FROM wares_document WHERE company_id = ? AND number = ?", number)
            if found is not None:
                return int(found[0])
            document_id = unit.take_id()
            values = {"document_id": document_id, "type": type, "number": number, "revision": 1, "record": "{}"}
            unit.insert(tables.document, [row(tables.document, company_id=self.company_id, **values)])
            return document_id

    def enter(
        self,
        day: str,
        number: str,
        *legs: tuple[str, int, str] | tuple[Any, ...],
        kind: str = "original",
        memo: str = "",
    ) -> int:
        """Write an entry of legs: account code, amount, role, then what follows in a leg of `compose`; its id."""
        document_id = self.document(number)
        date = day_from_text(day)
        with self.unit() as unit:
            book = AccountBook.load(unit)
            entry_id = unit.take_id()
            whole = [EntryLeg(book.account(leg[0]).id, *leg[1:]) for leg in legs]
            postings = compose(whole, currency=unit.head.currency, document_type="journal")
            rows = posting_rows(self.company_id, entry_id, date, postings)
            head = {"entry_id": entry_id, "number": unit.take_entry_number(), "date": date, "document_id": document_id}
            values = head | {"kind": kind, "recorded_at": unit.recorded_at, "memo": memo or None}
            unit.insert(tables.entry, [row(tables.entry, company_id=self.company_id, **values)])
            unit.insert(tables.posting, rows)
            flush_periods(unit, period_deltas(rows))
            return entry_id

    def account_id(self, code: str) -> int:
        with self.reader() as reader:
            return AccountBook.load(reader).account(code).id


def table_of(rows: Sequence[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    """Some columns of the rows, amounts as text, for comparing with a table in a test."""
    return [tuple(str(row[key]) if hasattr(row[key], "is_finite") else row[key] for key in keys) for row in rows]
