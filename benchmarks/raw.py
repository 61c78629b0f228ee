"""The rows that Wares writes, written again by the driver alone, as the measure of posting."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event, make_url

from wares.storage.statements import POSTGRESQL

Write = tuple[str, list[tuple[Any, ...]]]
"""A statement and the rows with which it was run."""

SETTINGS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY", "cache_size = -65536")
"""The settings of SQLite, as Wares sets them."""


@contextmanager
def recording(engine: Engine) -> Iterator[list[list[Write]]]:
    """Collect the writes of each transaction of a SQLite engine in a list of its own."""
    transactions: list[list[Write]] = []

    def begin(_connection: Any) -> None:
        transactions.append([])

    def write(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            transactions[-1].append((statement, list(parameters) if many else [tuple(parameters)]))

    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", write)
    try:
        yield transactions
    finally:
        event.remove(engine, "begin", begin)
        event.remove(engine, "before_cursor_execute", write)


class RawSqlite:
    """The driver of SQLite with the settings of Wares."""

    def __init__(self, url: str) -> None:
        self.connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            "cache_size = -65536",
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def write(self, transaction: Sequence[Write]) -> None:
        """Write one transaction and commit it."""
        run = self.connection
        run.execute("BEGIN IMMEDIATE")
        for statement, rows in transaction:
            if len(rows) == 1:
                run.execute(statement, rows[0]).fetchall()
            else:
                run.executemany(statement, rows)
        run.execute("COMMIT")

    def analyse(self) -> None:
        """Do nothing: SQLite plans without statistics here, as in Wares."""


class RawPostgresql:
    """The driver of PostgreSQL: executemany, which sends its rows in a pipeline."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("+psycopg", ""))

    def write(self, transaction: Sequence[Write]) -> None:
        """Write one transaction and commit it."""
        with self.connection.cursor() as cursor:
            for statement, rows in transaction:
                spelled = POSTGRESQL.spelled[statement].encode()
                if len(rows) == 1:
                    cursor.execute(spelled, rows[0])
                else:
                    cursor.executemany(spelled, rows)
        self.connection.commit()

    def analyse(self) -> None:
        """Collect statistics, as autovacuum does within a minute and Wares as it grows: without them PostgreSQL plans the checks
        of foreign keys badly."""
        self.connection.execute("ANALYZE")
        self.connection.commit()


RAW: dict[str, type[RawSqlite] | type[RawPostgresql]] = {"SQLite": RawSqlite, "PostgreSQL": RawPostgresql}
