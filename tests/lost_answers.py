"""Connections that are cut at a COMMIT: by a proxy before PostgreSQL, by the driver's own failure on SQLite.

with proxied(postgresql_url) as (url, cutter):
    cutter.cut_next(AFTER)          # the server commits, the client gets no answer
    cutter.cut_next(BEFORE)         # the server never gets the COMMIT
"""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from wares import Books
from wares.storage import tables

BEFORE, AFTER = "before the commit arrives", "after the commit"


class Cutter:
    """Cuts the connection of the next COMMIT."""

    def __init__(self) -> None:
        self.next_cut: str | None = None
        self.cuts = 0

    def cut_next(self, where: str) -> None:
        """Cut the next COMMIT at this place, and no other."""
        self.next_cut = where
        self.cuts = 0

    def take(self) -> str | None:
        """The place at which the COMMIT under way is cut, if it is."""
        where, self.next_cut = self.next_cut, None
        self.cuts += where is not None
        return where


@contextlib.contextmanager
def failing_commits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cutter]:
    """SQLite whose COMMIT ends in an I/O error after it has committed, or in BUSY before it has."""
    cutter = Cutter()
    commit: Callable[[Any, Any], None] = SQLiteDialect_pysqlite.do_commit

    def do_commit(self: Any, connection: Any) -> None:
        where = cutter.take()
        if where is None:
            commit(self, connection)
            return
        error = sqlite3.OperationalError("disk I/O error" if where == AFTER else "database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR if where == AFTER else sqlite3.SQLITE_BUSY
        if where == AFTER:
            commit(self, connection)
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(SQLiteDialect_pysqlite, "do_commit", do_commit)
        yield cutter


def held(books: Books) -> dict[str, Any]:
    """The number of rows of each table, and the counters of the company."""

    def count(reader: Any, _: object) -> dict[str, Any]:
        head = reader.head
        rows = {
            table.name: reader.row(f'SELECT COUNT(*) FROM "{table.name}" WHERE company_id = ?')[0]
            for table in tables.metadata.sorted_tables
            if table.info["kind"] == "company"
        }
        return rows | {name: getattr(head, name) for name in ("version", "next_id", "next_sequence", "next_entry")}

    return books.reading(count)


@contextlib.contextmanager
def proxied(url: str) -> Iterator[tuple[str, Cutter]]:
    """The URL of a proxy before a PostgreSQL server, and its cutter."""
    cutter = Cutter()
    to = make_url(url)
    listener = socket.create_server(("127.0.0.1", 0))
    threads = [threading.Thread(target=_serve, args=(listener, _server_of(to.host or to.query.get("host"), to.port), cutter))]
    threads[0].start()
    via = to.set(host="127.0.0.1", port=listener.getsockname()[1], query={"sslmode": "disable", "gssencmode": "disable"})
    try:
        yield via.render_as_string(hide_password=False), cutter
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        threads[0].join()


def _server_of(host: Any, port: int | None) -> Callable[[], socket.socket]:
    def connect() -> socket.socket:
        if not str(host).startswith("/"):
            return socket.create_connection((host, port or 5432))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port or 5432}")
        return server

    return connect


def _serve(listener: socket.socket, connect: Callable[[], socket.socket], cutter: Cutter) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_Connection(client, connect(), cutter).forward, daemon=True).start()


class _Connection:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, server: socket.socket, cutter: Cutter) -> None:
        self.client, self.server, self.cutter = client, server, cutter
        self.is_cut = threading.Event()

    def forward(self) -> None:
        """Forward both ways until one side ends."""
        back = threading.Thread(target=self._back, daemon=True)
        back.start()
        with contextlib.suppress(OSError):
            while data := self.client.recv(65536):
                where = self.cutter.take() if b"COMMIT\0" in data else None
                if where == BEFORE:
                    break
                if where == AFTER:
                    self.is_cut.set()
                self.server.sendall(data)
        for end in (self.server, self.client):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        back.join()
        self.server.close()
        self.client.close()

    def _back(self) -> None:
        with contextlib.suppress(OSError):
            while data := self.server.recv(65536):
                if self.is_cut.is_set():  # the server has answered the COMMIT: the client never learns
                    break
                self.client.sendall(data)
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
