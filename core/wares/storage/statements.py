"""SQL of the hot path: written once, run with plain tuples through the driver.

The engines differ in three spellings only: the placeholder, "is in this list", and the number of rows per statement.
`Dialect` holds them. A statement is either a text with `?`, which `sql` spells for the driver, or made here from a table;
columns always stand in the order of `table.columns`, so that a row is a plain tuple.

No spelling hides two differences: SUM of a BIGINT is NUMERIC on PostgreSQL (write `CAST(SUM(x) AS BIGINT)`), and a bare
parameter in a SELECT list has no type there (cast it too).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

from sqlalchemy import Connection, CursorResult, Table

from wares.errors import StorageError

SqlRow: TypeAlias = tuple[Any, ...]
"""A row of a SELECT or of an INSERT, a plain tuple: the statement says of which types its columns are."""

COPY_FROM = 50
"""Number of rows from which PostgreSQL gets a COPY: as fast as INSERT at 20 rows, twice as fast at 100, three times at 5,000
(measured on a local socket); below 50 the extra round trip is not worth it."""

PARAMETERS = 900
"""Parameters of one statement on SQLite, which takes 999 everywhere. A row of a multi-row insert costs two thirds of a single
one (measured: 2.0 µs for a row of seven columns and three indexes instead of 3.4)."""

MOST_SPELLINGS = 4096
"""Statements kept in the spelling of a driver; few, unless a plugin writes values into its texts."""

_TOKEN = re.compile(r"'(?:[^']|'')*'|\?|%s|%")


class _Spellings(dict[str, str]):
    """Statement written with `?` → the statement in a driver's spelling, made when it is first asked for."""

    def __init__(self, placeholder: str) -> None:
        self._placeholder = placeholder

    def __missing__(self, text: str) -> str:
        if len(self) > MOST_SPELLINGS:
            self.clear()
        self[text] = spelled = _spelled(text, self._placeholder)
        return spelled


@dataclass(frozen=True, eq=False)
class Dialect:
    """The spellings of one engine. There is one object for each engine; compare with `is` or by `name`."""

    name: str
    placeholder: str
    in_list: str
    """SQL that follows a column: "is one of the list", the list being one parameter made by `list_parameter`."""
    list_parameter: Callable[[list[object]], object]
    """Makes the one parameter of `in_list`: whole numbers or codes, not mixed; an empty list matches nothing. A text that cannot be
    a code (`wares.runtime.text`) matches nothing either; PostgreSQL would not even accept it."""
    spelled: Mapping[str, str]
    """Statement written with `?` → the statement in the driver's spelling. A `?` or `%` inside a quoted SQL string keeps its
    meaning; placeholders in the driver's spelling stay."""

    @lru_cache(maxsize=1024)  # noqa: B019  # a dialect lives as long as the process
    def insert(self, table: Table) -> str:
        """Return the INSERT of one row with every column of the table."""
        values = ", ".join([self.placeholder] * len(table.columns))
        return f'INSERT INTO "{table.name}" ({_names(table.columns.keys())}) VALUES ({values})'

    @lru_cache(maxsize=1024)  # noqa: B019  # a dialect lives as long as the process
    def upsert_add(self, table: Table, keys: tuple[str, ...], added: tuple[str, ...]) -> str:
        """Return the INSERT of one row with every column.

        If a row with these `keys` exists, each column of `added` grows by the given value and the others stay.
        """
        _require_columns(table, keys + added)
        sums = ", ".join(f'"{name}" = "{table.name}"."{name}" + excluded."{name}"' for name in added)
        return f"{self.insert(table)} ON CONFLICT ({_names(keys)}) DO UPDATE SET {sums}"

    @lru_cache(maxsize=1024)  # noqa: B019  # a dialect lives as long as the process
    def update(self, table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
        """Return the UPDATE of `columns` where all `keys` match; its parameters are the new values, then the keys."""
        _require_columns(table, keys + columns)
        changes = ", ".join(f'"{name}" = {self.placeholder}' for name in columns)
        condition = " AND ".join(f'"{name}" = {self.placeholder}' for name in keys)
        return f'UPDATE "{table.name}" SET {changes} WHERE {condition}'


def _printable(values: list[object]) -> list[object]:
    return [value for value in values if not isinstance(value, str) or value.isprintable()]


SQLITE = Dialect("sqlite", "?", " IN (SELECT value FROM json_each(?))", json.dumps, _Spellings("?"))
POSTGRESQL = Dialect("postgresql", "%s", " = ANY(%s)", _printable, _Spellings("%s"))
_DIALECTS = {dialect.name: dialect for dialect in (SQLITE, POSTGRESQL)}


def dialect_of(connection: Connection) -> Dialect:
    """Return the spellings for this connection. StorageError UNSUPPORTED_DATABASE on an unknown engine."""
    try:
        return _DIALECTS[connection.dialect.name]
    except KeyError:
        raise unsupported(connection.dialect.name) from None


def unsupported(name: str) -> StorageError:
    """Return the error for a database or driver that Wares does not run on."""
    return StorageError(
        "UNSUPPORTED_DATABASE",
        f"Wares does not run on {name}",
        hint="use sqlite:///FILE or postgresql+psycopg://HOST/DATABASE",
    )


def sql(connection: Connection, text: str, parameters: Sequence[object] = ()) -> CursorResult[Any]:
    """Run `text`, written with `?`, with one tuple of parameters, or once for each tuple of a list.

    The result has the driver's own values, whole numbers and texts, without conversion.
    """
    if isinstance(parameters, list) and not parameters:
        raise ValueError("an empty list of rows: do not run the statement at all")
    given = parameters if isinstance(parameters, list) else tuple(parameters)
    return connection.exec_driver_sql(dialect_of(connection).spelled[text], given)


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send the statements of the block to PostgreSQL in one round trip; they must return nothing and not be a COPY.

    psycopg itself raises a failure at the end of the block. On SQLite each statement runs at once.
    """
    if dialect_of(connection) is not POSTGRESQL:
        yield
        return
    if not connection.in_transaction():  # the driver would begin one that SQLAlchemy does not know of
        connection.begin()
    driver: Any = connection.connection.driver_connection
    with driver.pipeline():
        yield


def insert_tables(connection: Connection, tables: Iterable[tuple[Table, Sequence[SqlRow]]]) -> None:
    """Insert the rows of several tables in their order, each as `insert_many` does."""
    for table, rows in tables:
        insert_many(connection, table, rows)


def insert_many(connection: Connection, table: Table, rows: Sequence[SqlRow]) -> None:
    """Insert rows, tuples in the order of `table.columns`, in the connection's transaction. Without rows nothing runs.

    Errors are SQLAlchemy's, or psycopg's own from a COPY; `wares.storage.database.is_retryable` reads both.
    """
    if not rows:
        return
    dialect = dialect_of(connection)
    if dialect is POSTGRESQL and len(rows) >= COPY_FROM:
        _copy(connection, table, rows)
        return
    if dialect is SQLITE:
        block = PARAMETERS // len(table.columns)
        whole = len(rows) - len(rows) % block
        statement = _insert_block(table, block) if whole else ""
        for start in range(0, whole, block):
            connection.exec_driver_sql(statement, tuple(chain.from_iterable(rows[start : start + block])))
        rows = rows[whole:]
    if rows:
        connection.exec_driver_sql(dialect.insert(table), list(rows))


def update_many(
    connection: Connection, table: Table, keys: tuple[str, ...], columns: tuple[str, ...], rows: Sequence[SqlRow]
) -> None:
    """Set whole-number `columns` where all whole-number `keys` match; each row has the new values, then the keys.

    Without rows nothing runs. On PostgreSQL many rows take one statement.
    """
    if not rows:
        return
    dialect = dialect_of(connection)
    if dialect is POSTGRESQL and len(rows) >= COPY_FROM:
        given = tuple(map(list, zip(*rows, strict=True)))
        connection.exec_driver_sql(_update_from(table, keys, columns), given)
        return
    connection.exec_driver_sql(dialect.update(table, keys, columns), list(rows))


def _copy(connection: Connection, table: Table, rows: Sequence[SqlRow]) -> None:
    if not connection.in_transaction():  # the driver would begin one that SQLAlchemy does not know of
        connection.begin()
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(_copy_statement(table)) as copy:
            write_row = copy.write_row
            for row in rows:
                write_row(row)
    finally:
        cursor.close()


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _spelled(text: str, placeholder: str) -> str:
    if placeholder == "?":
        return text
    spelled = {"?": placeholder, placeholder: placeholder, "%": "%%"}
    return _TOKEN.sub(lambda token: spelled.get(token[0]) or token[0].replace("%", "%%"), text)


@lru_cache(maxsize=1024)
def _insert_block(table: Table, rows: int) -> str:
    insert, _, values = SQLITE.insert(table).partition("VALUES ")
    return f"{insert}VALUES {', '.join([values] * rows)}"


@lru_cache(maxsize=1024)
def _update_from(table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    _require_columns(table, keys + columns)
    changes = ", ".join(f'"{name}" = given."{name}"' for name in columns)
    lists = ", ".join(["%s::bigint[]"] * len(columns + keys))
    condition = " AND ".join(f'"{table.name}"."{name}" = given."{name}"' for name in keys)
    return f'UPDATE "{table.name}" SET {changes} FROM unnest({lists}) AS given ({_names(columns + keys)}) WHERE {condition}'


@lru_cache(maxsize=1024)
def _copy_statement(table: Table) -> str:
    return f'COPY "{table.name}" ({_names(table.columns.keys())}) FROM STDIN'


def _require_columns(table: Table, names: tuple[str, ...]) -> None:
    unknown = [name for name in names if name not in table.columns]
    if unknown:
        raise ValueError(f"table {table.name} has no column {', '.join(unknown)}")
