"""Files of SQLite: opening one changes nothing, they are their owner's alone, and problems of a file have codes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from wares import Books, StorageError
from wares.runtime.secrets_in_urls import without_password
from wares.storage.database import open_engine, read, require_migrated, sql
from wares.storage.faults import typed
from wares.storage.revisions import migrate

JOURNAL: dict[str, Any] = {"postings": [{"account": "6100", "debit": "1.00"}, {"account": "1010", "credit": "1.00"}]}


def foreign_file(path: Path) -> Path:
    """A database of another program."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmark (title TEXT)")
        connection.execute("INSERT INTO bookmark VALUES ('kept')")
    return path


def empty_file(path: Path) -> Path:
    path.touch()
    return path


def state_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {each.name: (each.stat().st_mtime_ns, each.read_bytes()) for each in folder.iterdir()}


CALLS: dict[str, Callable[[Books], object]] = {
    "read": lambda books: books.docs.list(),
    "verify": lambda books: books.verify(),
    "write": lambda books: books.post("journal", **JOURNAL),
    "run": lambda books: books.run(lambda within: within.post("journal", **JOURNAL)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("make", [foreign_file, empty_file])
def test_what_is_refused_on_a_file_of_others_leaves_it_as_it_was(
    tmp_path: Path, make: Callable[[Path], Path], call: Callable[[Books], object]
) -> None:
    path = make(tmp_path / "other.db")
    before = state_of(tmp_path)
    books = Books.open(str(path), create=False)
    with pytest.raises(StorageError, match="NOT_MIGRATED"):
        call(books)
    books.close()
    assert state_of(tmp_path) == before


def test_a_file_that_is_no_database_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam, " * 100)
    before = state_of(tmp_path)
    for call in (CALLS["read"], CALLS["write"], lambda books: books.create()):
        with pytest.raises(StorageError, match="NOT_A_DATABASE"):
            call(Books.open(str(path), create=False))
    assert state_of(tmp_path) == before


def test_a_copy_of_books_gets_its_log_back_at_the_first_write(tmp_path: Path) -> None:
    """A backup is one file, without the log."""
    Books.open(str(tmp_path / "shop.db")).close()
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")

    def mode() -> str:
        with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
            return str(connection.execute("PRAGMA journal_mode").fetchone()[0])

    books = Books.open(str(tmp_path / "shop.db"), create=False)
    books.docs.list()
    assert mode() == "delete"
    books.post("journal", **JOURNAL)
    books.close()
    assert mode() == "wal"


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        books = Books.open(str(tmp_path / "shop.db"))
        books.post("journal", **JOURNAL)
        modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"shop.db": 0o600, "shop.db-wal": 0o600, "shop.db-shm": 0o600}
    books.close()
    (tmp_path / "shop.db").chmod(0o640)
    Books.open(str(tmp_path / "shop.db")).close()
    assert (tmp_path / "shop.db").stat().st_mode & 0o777 == 0o640, "the rights that somebody gave stay"


READ_ONLY = """
import os, sys
from wares import Books, StorageError

def look(path):
    books = Books.open(path, create=False)
    print(len(books.docs.list()), books.verify()["ok"])
    try:
        books.post("journal", postings=[{"account": "6100", "debit": "1.00"}, {"account": "1010", "credit": "1.00"}])
    except StorageError as error:
        print(error.code)

look(sys.argv[1])  # a copy that can be written: from here on all modules are imported
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
look(sys.argv[2])
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("name", ["shop.db", "a b#c?d%20.db"])
def test_books_in_a_folder_without_writing_can_be_read(open_folder: Path, name: str) -> None:
    folder = open_folder / "archive"
    folder.mkdir()
    books = Books.open(str(folder / name))
    books.post("journal", **JOURNAL)
    books.close()
    shutil.copy(folder / name, open_folder / "copy.db")
    (folder / name).chmod(0o444)
    folder.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(open_folder / "copy.db"), str(folder / name)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
    finally:
        folder.chmod(0o755)
    assert done.stdout.split("\n")[:3] == ["1 True", "1 True", "READ_ONLY"], done.stderr
    assert [each.name for each in folder.iterdir()] == [name]


def test_a_full_disk_has_a_code_and_nothing_is_written(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "shop.db")
    migrate(engine)
    books = Books(engine=engine)
    books.create()
    engine.dispose()

    def fill(session: Session) -> None:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    lines = JOURNAL["postings"] * 2000
    with engine.connect() as connection:  # the pool hands the same connection out again
        fill(Session(connection))
    for call in (
        lambda: books.post("journal", postings=lines),
        lambda: books.run(lambda within: within.post("journal", postings=lines)),
        lambda: _post_in_a_session(books, lines),
    ):
        with pytest.raises(StorageError) as full:
            call()
        assert (full.value.code, full.value.hint) == ("DISK_FULL", "make room and run it again")
        assert books.docs.list() == []
    engine.dispose()


def _post_in_a_session(books: Books, lines: list[Any]) -> None:
    with Session(books.engine) as session, session.begin():
        Books(session).post("journal", postings=lines)


@pytest.mark.parametrize(("sqlstate", "code"), [("53100", "DISK_FULL"), ("25006", "READ_ONLY"), ("22012", None)])
def test_a_server_says_so_too(sqlstate: str, code: str | None) -> None:
    class FromServer(Exception):
        sqlstate: str

    cause = FromServer("could not extend file")
    cause.sqlstate = sqlstate
    found = typed(OperationalError("INSERT", {}, cause))
    assert (found.code if found else None) == code


PASSWORDS = ["s3cret", "s3/cret", "s3@cret", "s3:cret", "s3?cret", "s3#cret", "s3 cret"]
URLS = [
    "postgresql://bob:{}@host/name",
    "postgresql://bob:{}@host:port/name",
    "postgresql:/bob:{}@host/name",
    "postgresql:bob:{}@host/name",
    "postgresql//bob:{}@host/name",
    "postgres://:{}@host/name",
    "postgresql://host:5432x/name?user=bob&password={}",
    "bob:{}@host/name",
    "://bob:{}@host",
    "mysql://bob:{}@host/name",
]


@pytest.mark.parametrize(("url", "password"), [
    (url, password) for url in URLS for password in PASSWORDS if not ("?" in url and "@" in password)
])  # fmt: skip
def test_a_malformed_url_does_not_show_its_password(tmp_path: Path, url: str, password: str) -> None:
    given = url.format(password)
    parts = [part for part in ("s3", "cret") if part in password]
    assert not any(part in without_password(given) for part in parts if "?" not in url), without_password(given)
    try:
        engine = open_engine(given, must_exist=True)
    except StorageError as error:
        told = f"{error.message} {error.hint} {error.where} {error!r} {error.__cause__}"
        assert not any(part in told for part in parts), told
    else:
        assert "cret" not in repr(engine), repr(engine)
        assert engine.url.host == "host"


def test_a_url_is_shown_without_its_password() -> None:
    assert without_password("postgresql://bob:pw@host/name") == "postgresql://bob:***@host/name"
    assert (
        without_password("postgresql://host/name?password=pw&sslmode=require")
        == "postgresql://host/name?password=***&sslmode=require"
    )
    assert without_password("folder/shop.db") == "folder/shop.db"


def test_a_read_of_books_that_are_there_still_sees_one_snapshot(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "shop.db")
    migrate(engine)
    with read(engine) as connection:
        require_migrated(connection)
        assert sql(connection, "PRAGMA journal_mode", ()).scalar() == "wal"
    engine.dispose()
