"""One rich little company per worker and engine. Tests damage it inside a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.core.verify.company import build_company
from wares import Books
from wares.storage.database import sql
from wares.storage.unit import Reader
from wares.testing.databases import own_database
from wares.verify import verify


class Damaged:
    """The company within a transaction that is never committed."""

    def __init__(self, books: Books, connection: Any) -> None:
        self.books = books
        self.connection = connection

    def run(self, statement: str) -> None:
        """One statement that must touch at least one row."""
        assert sql(self.connection, statement, ()).rowcount > 0, f"nothing to damage: {statement}"

    def problems(self) -> dict[str, str]:
        """Check → its first problem, of the checks that fail."""
        report = verify(Reader.open(self.connection, 1), self.books.plugins.registry)
        assert report["ok"] is not any(check["first_problem"] for check in report["checks"])
        return {check["id"]: check["first_problem"] for check in report["checks"] if not check["ok"]}


@pytest.fixture(scope="session")
def sqlite_company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    books = Books.open(f"sqlite:///{tmp_path_factory.mktemp('verify')}/company.db")
    build_company(books)
    yield books
    books.close()


@pytest.fixture(scope="session")
def postgresql_company(postgresql_url: str) -> Iterator[Books]:
    with own_database(postgresql_url) as url:
        books = Books.open(url)
        build_company(books)
        yield books
        books.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def company(request: pytest.FixtureRequest) -> Books:
    found: Books = request.getfixturevalue(f"{request.param}_company")
    return found


@pytest.fixture
def damaged(company: Books) -> Iterator[Damaged]:
    with _rolled_back(company) as damaged:
        yield damaged


@contextmanager
def _rolled_back(books: Books) -> Iterator[Damaged]:
    assert books.engine is not None
    with books.engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield Damaged(books, connection)
        finally:
            transaction.rollback()
