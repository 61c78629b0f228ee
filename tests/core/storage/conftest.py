"""Databases for the storage tests: a migrated one per worker and engine, an empty one where a test migrates itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from wares.storage import tables
from wares.storage.database import insert_many, open_engine, write
from wares.storage.revisions import migrate
from wares.testing.databases import own_database

_company_ids = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(tmp_path_factory.mktemp("storage") / "books.db")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    with own_database(postgresql_url) as url:
        engine = open_engine(url)
        migrate(engine)
        yield engine
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated database; take a company of your own in it."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database that belongs to the test."""
    if request.param == "sqlite":
        engine = open_engine(tmp_path / "empty.db")
        yield engine
        engine.dispose()
        return
    with own_database(request.getfixturevalue("postgresql_url")) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def company_row(company_id: int) -> tuple[object, ...]:
    """A row of the company table whose `version` is 0."""
    values = {"company_id": company_id, "code": f"C{company_id}", "name": "Company", "currency": "USD", "decimals": 2}
    return tuple(values.get(column.name, 0) for column in tables.company_head.columns)


@pytest.fixture
def new_company() -> Callable[[Engine], int]:
    """Makes a company and returns its id."""

    def make(engine: Engine) -> int:
        company_id = next(_company_ids)
        with write(engine) as connection:
            insert_many(connection, tables.company_head, [company_row(company_id)])
        return company_id

    return make


@pytest.fixture
def version_of() -> Callable[[Connection, int], int]:
    """The version counter of a company, as that connection sees it."""

    def read_version(connection: Connection, company_id: int) -> int:
        statement = text("SELECT version FROM wares_company WHERE company_id = :company_id")
        return int(connection.execute(statement, {"company_id": company_id}).scalar_one())

    return read_version
