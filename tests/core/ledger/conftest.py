"""A migrated database per worker and engine, and in it a fresh company with the general chart for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.core.ledger.journaling import Ledger, row
from wares.ledger.chart import GENERAL, install
from wares.storage import tables
from wares.storage.database import insert_many, open_engine, write
from wares.storage.revisions import migrate
from wares.testing.databases import own_database

_company_ids = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_ledger_engine() -> Iterator[Engine]:
    engine = open_engine("sqlite://")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_ledger_engine(postgresql_url: str) -> Iterator[Engine]:
    with own_database(postgresql_url) as url:
        engine = open_engine(url)
        migrate(engine)
        yield engine
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue(f"{request.param}_ledger_engine")
    return found


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    """A company in US dollars with the general chart, on each engine."""
    return new_ledger(engine)


@pytest.fixture
def sqlite_ledger(sqlite_ledger_engine: Engine) -> Ledger:
    """The same on SQLite only, where the engine does not matter."""
    return new_ledger(sqlite_ledger_engine)


def new_ledger(engine: Engine) -> Ledger:
    company_id = next(_company_ids)
    head = {"code": f"C{company_id}", "name": 'Test & "Sons"', "currency": "USD", "decimals": 2}
    counters = {"next_id": 1, "next_sequence": 1, "next_entry": 1}
    with write(engine) as connection:
        company = row(tables.company_head, company_id=company_id, **head, **counters)
        insert_many(connection, tables.company_head, [company])
    ledger = Ledger(engine, company_id)
    with ledger.unit() as unit:
        install(unit, GENERAL)
    return ledger
