"""One company inside one transaction: what rooms above read and write through.

`Reader` reads. `Unit` writes: its first statement is the UPDATE of the company's head row, which makes one writer per company on
every engine; ids, sequences and entry numbers come from that row and rise in commit order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from wares.errors import Refused, StorageError
from wares.storage import tables
from wares.storage.database import POSTGRESQL, dialect_of, insert_many, sql
from wares.storage.statements import update_many
from wares.values import utc_now

STREAMED = 5_000
"""Rows of one page of a stream."""
_HEAD = (
    "company_id, code, name, currency, decimals, version, master_version, next_id, next_sequence, next_entry, closed_through, "
    "projections"
)

_TABLES = ", ".join(f'"{name}"' for name in tables.metadata.tables)
_GROWN_UP = 20
"""Bits of the next id, about 100,000 documents, from which on autovacuum has long been there."""


def find_company(connection: Connection, code: str | None = None) -> int:
    """The id of the company with this code, or of the only one. Refused NO_COMPANY / WHICH_COMPANY otherwise."""
    if code is not None:
        rows = sql(connection, "SELECT company_id FROM directory WHERE code = ?", (code,)).fetchall()
        if not rows:
            raise Refused.because("NO_COMPANY", f"there is no company {code!r}", hint="wares init --company CODE makes one")
        return int(rows[0][0])
    rows = sql(connection, "SELECT company_id, code FROM directory ORDER BY company_id LIMIT 2", ()).fetchall()
    if not rows:
        raise Refused.because("NO_COMPANY", "the database holds no company yet", hint="wares init makes one")
    if len(rows) > 1:
        raise Refused.because("WHICH_COMPANY", "the database holds several companies", hint="name one with --company CODE")
    return int(rows[0][0])


class Head:
    """The company's head row. `take_*` hand out what rises in commit order; the row is written back once, by `Unit.save`."""

    __slots__ = (
        "closed_through", "code", "company_id", "currency", "decimals", "master_version", "name", "next_entry", "next_id",
        "next_sequence", "projections", "version",
    )  # fmt: skip

    def __init__(self, row: Sequence[Any]) -> None:
        (self.company_id, self.code, self.name, self.currency, self.decimals, self.version, self.master_version,
         self.next_id, self.next_sequence, self.next_entry, self.closed_through, self.projections) = row  # fmt: skip


class Reader:
    """Reads of one company on a connection. Every query filters on `company_id`, given first."""

    def __init__(self, connection: Connection, head: Head) -> None:
        self.connection = connection
        self.dialect = dialect_of(connection)
        self.head = head
        self.company_id: int = head.company_id
        self.decimals: int = head.decimals

    @classmethod
    def open(cls, connection: Connection, company_id: int) -> Reader:
        """Read the head row without locking it."""
        row = sql(connection, f"SELECT {_HEAD} FROM company WHERE company_id = ?", (company_id,)).fetchone()
        if row is None:
            raise StorageError("NO_COMPANY", f"there is no company with id {company_id}")
        return cls(connection, Head(tuple(row)))

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """All rows of a SELECT written with `?`; the company id is always the first parameter."""
        result = sql(self.connection, statement, (self.company_id, *parameters))
        found: Any = result.cursor
        rows: list[tuple[Any, ...]] = found.fetchall()  # plain tuples, without a Row made of each
        result.close()
        return rows

    def row(self, statement: str, *parameters: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        found = sql(self.connection, statement, (self.company_id, *parameters)).fetchone()
        return None if found is None else tuple(found)

    def stream(self, statement: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """The rows of a SELECT as `rows` takes it, a page at a time: any number of them in the memory of a page."""
        result = self.connection.exec_driver_sql(
            self.dialect.spell(statement),
            (self.company_id, *parameters),
            execution_options={"stream_results": True, "max_row_buffer": STREAMED},
        )
        try:
            while page := result.fetchmany(STREAMED):
                yield from map(tuple, page)
        finally:
            result.close()

    def among(self, column: str) -> str:
        """SQL for "column is one of the list", the list being one parameter made by `listed`."""
        return self.dialect.in_list(column)

    def listed(self, values: Iterable[Any]) -> Any:
        """The parameter for `among`."""
        return self.dialect.list_parameter(list(values))


class Unit(Reader):
    """One writing transaction of one company."""

    def __init__(self, connection: Connection, head: Head) -> None:
        super().__init__(connection, head)
        self.recorded_at: int = utc_now()
        self.first_id: int = head.next_id
        self.touched: set[int] | None = None
        self._size = head.next_id.bit_length()

    @classmethod
    def lock(cls, connection: Connection, company_id: int) -> Unit:
        """Take the company's head row: the first statement of every writing transaction."""
        statement = f"UPDATE company SET version = version + 1 WHERE company_id = ? RETURNING {_HEAD}"
        row = sql(connection, statement, (company_id,)).fetchone()
        if row is None:
            raise StorageError("NO_COMPANY", f"there is no company with id {company_id}")
        return cls(connection, Head(tuple(row)))

    def touch(self, documents: Iterable[int]) -> None:
        """Note documents that this unit makes or annuls, or whose cost it corrects, where anybody follows them."""
        if self.touched is not None:
            self.touched.update(documents)

    def take_id(self) -> int:
        """A new 63-bit id, unique within the company."""
        taken: int = self.head.next_id
        self.head.next_id += 1
        return taken

    def take_sequence(self) -> int:
        """The next document sequence."""
        taken: int = self.head.next_sequence
        self.head.next_sequence += 1
        return taken

    def take_entry_number(self) -> int:
        """The next entry number."""
        taken: int = self.head.next_entry
        self.head.next_entry += 1
        return taken

    def masters_changed(self) -> None:
        """Say that items, accounts, mappings, parties, locations or settings changed, so that caches let go."""
        self.head.master_version += 1

    def run(self, statement: str, *parameters: Any) -> int:
        """Execute one statement written with `?` (company id first); the number of rows it touched."""
        return int(sql(self.connection, statement, (self.company_id, *parameters)).rowcount)

    def insert(self, table: Table, rows: list[tuple[Any, ...]]) -> None:
        """Insert rows in the order of the table's columns (company id first), one multi-row statement."""
        if rows:
            insert_many(self.connection, table, rows)

    def update(self, table: Table, keys: tuple[str, ...], columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Set whole-number columns of rows found by whole-number keys: the new values, then the keys (company id among them)."""
        update_many(self.connection, table, keys, columns, rows)

    def analyse_when_grown(self) -> None:
        """Let PostgreSQL look at the tables whenever young books have doubled. Until autovacuum comes round it knows nothing about
        them, takes any index that starts with the company to be as good as the key, and keeps such plans for the checks of
        foreign keys: posting would become slower with each document."""
        size = self.head.next_id.bit_length()
        if self.dialect is POSTGRESQL and self._size < size <= _GROWN_UP:
            self.connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {_TABLES}")
        self._size = size

    def save(self) -> None:
        """Write the head row back: the last statement of a unit."""
        head = self.head
        self.connection.exec_driver_sql(
            self.dialect.spell(
                "UPDATE company SET next_id = ?, next_sequence = ?, next_entry = ?, master_version = ?, closed_through = ?, "
                "projections = ? "
                "WHERE company_id = ?"
            ),
            (
                head.next_id,
                head.next_sequence,
                head.next_entry,
                head.master_version,
                head.closed_through,
                head.projections,
                head.company_id,
            ),
        )
