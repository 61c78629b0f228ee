"""Files of SQLite: who may read them, how they are opened where nothing can be written, and their journal.

Opening a file does not change it. The journal becomes a write-ahead log when tables are made (`keep_log`), or before the first
writing transaction on a file that holds books.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event

BUSY_SECONDS = 30
"""Time that a SQLite writer waits for the writer before it."""

_HAS_LOG = "wares_has_log"
_HOLDS_BOOKS = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'wares_version_wares'"
_BUSY, _LOCKED = 5, 6


def readable_url(path: Path) -> URL:
    """Return the URL of a file: as it is, or as unchanging if SQLite could not make its log beside it.

    Nobody writes in such a folder. If a log is left there, its commits count, and SQLite must find the log's index too.
    """
    log = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK) or not path.exists() or (log.exists() and log.stat().st_size):
        return URL.create("sqlite", database=str(path))
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    return URL.create("sqlite", database=path.absolute().as_uri(), query=query)


def make_private_files(engine: Engine) -> None:
    """Make an engine create a missing file for its owner alone; SQLite gives the files beside it the same rights."""

    def make(_dialect: object, _record: object, arguments: list[Any], _options: object) -> None:
        if not str(arguments[0]).startswith("file:"):
            make_private(Path(arguments[0]))

    event.listen(engine, "do_connect", make)


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read and write, unless the file exists."""
    with suppress(OSError):  # the driver tells why it cannot be made
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def keep_log(driver: Any) -> None:
    """Switch the journal of a driver's connection to the write-ahead log, with retries.

    SQLite does not wait for a lock when it changes the journal, so two processes that open a new file at once collide.
    """
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            driver.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & 0xFF) not in (_BUSY, _LOCKED) or time.monotonic() > give_up_at:
                raise
            time.sleep(random.uniform(0.005, 0.05))


def keep_log_of_books(driver: Any, info: dict[Any, Any]) -> None:
    """Switch to the write-ahead log before a transaction that writes, if the file holds books; `info` is the connection's."""
    if info.get(_HAS_LOG):
        return
    with closing(driver.cursor()) as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        if mode != "wal":
            if cursor.execute(_HOLDS_BOOKS).fetchone() is None:
                return
            keep_log(driver)
    info[_HAS_LOG] = True
