"""One company inside one transaction: the objects that the rooms above read and write through.

`Reader` reads. `Unit` writes. Its first statement is the UPDATE of the company's head row, which admits one writer per company
on every engine; ids, sequences and entry numbers come from that row and rise in commit order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

from sqlalchemy import Connection, Table

from wares.errors import Refused, StorageError
from wares.storage import tables
from wares.storage.attempt import LOCK_TIMEOUT, MARKED, attempt_of
from wares.storage.database import POSTGRESQL, dialect_of, insert_many, sql
from wares.storage.statements import SqlRow, update_many
from wares.values import utc_now

STREAMED = 5_000
"""Rows of one page of a stream."""
_HEAD = (
    "company_id, code, name, currency, decimals, version, master_version, next_id, next_sequence, next_entry, closed_through, "
    "projections"
)
_LOCK = f"UPDATE wares_company SET version = version + 1 WHERE company_id = ? RETURNING {_HEAD}"
_LOCK_MARKED = f"UPDATE wares_company SET {MARKED} WHERE company_id = ? RETURNING {_HEAD}"
_LOCK_LIMITED = f"UPDATE wares_company SET {MARKED} WHERE company_id = ?{LOCK_TIMEOUT} RETURNING {_HEAD}"

_TABLES = ", ".join(f'"{name}"' for name in tables.metadata.tables)
_UNITS = "wares_units"
_GROWN_UP = 20
"""Bits of the next id from which autovacuum has surely run: about 100,000 documents."""


def find_company(connection: Connection, code: str | None = None) -> int:
    """Return the id of the company with this code, or of the only company. Refused NO_COMPANY, WHICH_COMPANY."""
    if code is not None:
        rows = sql(connection, "SELECT company_id FROM wares_directory WHERE code = ?", (code,)).fetchall()
        if not rows:
            raise Refused.because("NO_COMPANY", f"there is no company {code!r}", hint="wares init --company CODE makes one")
        return int(rows[0][0])
    rows = sql(connection, "SELECT company_id, code FROM wares_directory ORDER BY company_id LIMIT 2", ()).fetchall()
    if not rows:
        raise Refused.because("NO_COMPANY", "the database holds no company yet", hint="wares init makes one")
    if len(rows) > 1:
        raise Refused.because("WHICH_COMPANY", "the database holds several companies", hint="name one with --company CODE")
    return int(rows[0][0])


def units_begun(connection: Connection, company_id: int) -> int:
    """Return the number of units of a company that began on this connection, in this transaction or before."""
    units: dict[int, int] = connection.info.get(_UNITS, {})
    return units.get(company_id, 0)


class Head:
    """The company's head row: its currency, closing day and counters. `Unit.save` writes it back once."""

    __slots__ = (
        "closed_through", "code", "company_id", "currency", "decimals", "master_version", "name", "next_entry", "next_id",
        "next_sequence", "projections", "version",
    )  # fmt: skip

    def __init__(self, row: SqlRow) -> None:
        (self.company_id, self.code, self.name, self.currency, self.decimals, self.version, self.master_version,
         self.next_id, self.next_sequence, self.next_entry, self.closed_through, self.projections) = row  # fmt: skip


class Reader:
    """Reads one company on a connection. Every query filters on `company_id`, its first parameter."""

    def __init__(self, connection: Connection, head: Head) -> None:
        self.connection = connection
        self.dialect = dialect_of(connection)
        self.head = head
        self.company_id: int = head.company_id
        self.decimals: int = head.decimals

    @classmethod
    def open(cls, connection: Connection, company_id: int) -> Self:
        """Read the head row without locking it."""
        row = sql(connection, f"SELECT {_HEAD} FROM wares_company WHERE company_id = ?", (company_id,)).fetchone()
        if row is None:
            raise StorageError("NO_COMPANY", f"there is no company with id {company_id}")
        return cls(connection, Head(tuple(row)))

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return all rows of a SELECT written with `?`; the company id is always the first parameter."""
        result = self.connection.exec_driver_sql(self.dialect.spelled[statement], (self.company_id, *parameters))
        found: Any = result.cursor
        rows: list[SqlRow] = found.fetchall()  # plain tuples: a Row object for each would cost time
        result.close()
        return rows

    def row(self, statement: str, *parameters: object) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        found = self.connection.exec_driver_sql(self.dialect.spelled[statement], (self.company_id, *parameters)).fetchone()
        return None if found is None else tuple(found)

    def stream(self, statement: str, *parameters: object, page: int = STREAMED) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a SELECT written as for `rows`; only a page of so many is in memory at a time."""
        result = self.connection.exec_driver_sql(
            self.dialect.spelled[statement],
            (self.company_id, *parameters),
            execution_options={"stream_results": True, "max_row_buffer": page},
        )
        try:
            first = result.fetchmany(1)  # SQLAlchemy has read it already
            yield from map(tuple, first)
            found: Any = result.cursor  # its rows are plain tuples, as in `rows`
            while first and (rows := found.fetchmany(page)):
                yield from rows
        finally:
            result.close()

    def among(self, column: str) -> str:
        """Return SQL for "column is one of the list", the list being one parameter made by `listed`."""
        return column + self.dialect.in_list

    def listed(self, values: Iterable[object]) -> object:
        """Return the parameter for `among`."""
        return self.dialect.list_parameter(list(values))


class Unit(Reader):
    """One writing transaction of one company. `take_*` hand out numbers that rise in commit order."""

    def __init__(self, connection: Connection, head: Head) -> None:
        super().__init__(connection, head)
        self.recorded_at: int = utc_now()
        self.first_id: int = head.next_id
        self.touched: set[int] | None = None
        self._size = head.next_id.bit_length()

    @classmethod
    def lock(cls, connection: Connection, company_id: int, *, marks: bool = True) -> Unit:
        """Lock the company's head row: the first statement of every writing transaction.

        In a transaction that Wares commits the same statement marks the row (`wares.storage.attempt`) and limits the wait.
        """
        units: dict[int, int] = connection.info.setdefault(_UNITS, {})
        units[company_id] = units.get(company_id, 0) + 1
        attempt = attempt_of(connection) if marks else None
        if attempt is None:
            row = sql(connection, _LOCK, (company_id,)).fetchone()
        elif attempt.lock_timeout is None or dialect_of(connection) is not POSTGRESQL:
            row = sql(connection, _LOCK_MARKED, (attempt.token, attempt.token, company_id)).fetchone()
        else:
            parameters = attempt.token, attempt.token, company_id, attempt.lock_timeout
            row = sql(connection, _LOCK_LIMITED, parameters).fetchone()
        if row is None:
            raise StorageError("NO_COMPANY", f"there is no company with id {company_id}")
        head = Head(tuple(row))
        if attempt is not None:
            attempt.note(connection, company_id, head.version)
        return cls(connection, head)

    def touch(self, documents: Iterable[int]) -> None:
        """Note documents that this unit makes or annuls, or whose cost it corrects, if a projection follows them."""
        if self.touched is not None:
            self.touched.update(documents)

    def take_id(self) -> int:
        """Return a new 63-bit id, unique within the company."""
        taken: int = self.head.next_id
        self.head.next_id += 1
        return taken

    def take_ids(self, count: int) -> range:
        """Return so many new ids, rising."""
        first: int = self.head.next_id
        self.head.next_id += count
        return range(first, first + count)

    def take_sequence(self) -> int:
        """Return the next document sequence."""
        taken: int = self.head.next_sequence
        self.head.next_sequence += 1
        return taken

    def take_entry_number(self) -> int:
        """Return the next entry number."""
        taken: int = self.head.next_entry
        self.head.next_entry += 1
        return taken

    def masters_changed(self) -> None:
        """Count a change of items, accounts, mappings, parties, locations or settings, so that caches are dropped."""
        self.head.master_version += 1

    def run(self, statement: str, *parameters: object) -> int:
        """Execute one statement written with `?` (company id first); return the number of rows it touched."""
        result = self.connection.exec_driver_sql(self.dialect.spelled[statement], (self.company_id, *parameters))
        return int(result.rowcount)

    def insert(self, table: Table, rows: list[SqlRow]) -> None:
        """Insert rows in the order of the table's columns (company id first), many rows in one statement."""
        if rows:
            insert_many(self.connection, table, rows)

    def update(self, table: Table, keys: tuple[str, ...], columns: tuple[str, ...], rows: list[SqlRow]) -> None:
        """Set whole-number columns of rows found by whole-number keys; each row has the new values, then the keys
        (company id among them)."""
        update_many(self.connection, table, keys, columns, rows)

    def analyse_when_grown(self) -> None:
        """Run ANALYZE on PostgreSQL whenever young books have doubled.

        Before the first autovacuum PostgreSQL has no statistics, treats any index that starts with the company as equal to the
        key, and keeps such plans for the checks of foreign keys: posting would become slower with each document.
        """
        size = self.head.next_id.bit_length()
        if self.dialect is POSTGRESQL and self._size < size <= _GROWN_UP:
            self.connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {_TABLES}")
        self._size = size

    def save(self) -> None:
        """Write the head row back: the last statement of a unit."""
        head = self.head
        self.connection.exec_driver_sql(
            self.dialect.spelled[
                "UPDATE wares_company SET next_id = ?, next_sequence = ?, next_entry = ?, master_version = ?, closed_through = ?, "
                "projections = ? "
                "WHERE company_id = ?"
            ],
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
