"""Fixtures for all tests: fresh books on each engine, and the PostgreSQL server that the workers share.

The controlling process keeps one server for the whole run, started by the first test that wants it; each worker has a
database of its own on it. A server that runs already is used instead when WARES_TEST_POSTGRESQL_URL names it. Where
there is none, those tests are skipped; under CI, or with WARES_TEST_REQUIRE_POSTGRESQL=1, they fail.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import postgresql_cluster

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from wares import Books

POSTGRESQL_URL = "WARES_TEST_POSTGRESQL_URL"
POSTGRESQL_REQUIRED = "WARES_TEST_REQUIRE_POSTGRESQL"
POSTGRESQL_FOLDER = "WARES_TEST_POSTGRESQL_FOLDER"  # from the controlling process to its workers


hypothesis.settings.register_profile("unhurried", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("unhurried")  # machines are noisy: no example fails for being slow


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    if is_worker or os.environ.get(POSTGRESQL_URL):
        return
    until_the_end = contextlib.ExitStack()
    config.add_cleanup(until_the_end.close)
    os.environ[POSTGRESQL_FOLDER] = str(until_the_end.enter_context(postgresql_cluster.postgresql_keeper()))


SLOW = ("docs/test_documents.py", "examples/test_plugins.py")
"""Files with tests of half a minute. They start first, so that no worker is left with one at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.as_posix().endswith(SLOW))
    for item in items:
        if "postgresql_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database that belongs to this worker alone."""
    with _database_of_its_own() as url:
        yield url


@contextlib.contextmanager
def _database_of_its_own() -> Iterator[str]:
    from wares.testing.databases import own_database

    with own_database(os.environ.get(POSTGRESQL_URL) or _started_server()) as url:
        yield url


def _started_server() -> str:
    try:
        return postgresql_cluster.postgresql_url(Path(os.environ[POSTGRESQL_FOLDER]))
    except postgresql_cluster.PostgresqlMissing as missing:
        if _is_set(POSTGRESQL_REQUIRED, otherwise=_is_set("CI", otherwise=False)):
            pytest.fail(f"{missing}; it is required by CI or {POSTGRESQL_REQUIRED}", pytrace=False)
        pytest.skip(f"{missing}; install it or set {POSTGRESQL_URL}")


def _is_set(variable: str, *, otherwise: bool) -> bool:
    value = os.environ.get(variable, "").lower()
    return value not in ("0", "false", "no") if value else otherwise


# --- books: one migrated database per worker and engine, a fresh company per test ---

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def sqlite_database() -> Iterator[Engine]:
    """A migrated database in memory, for this worker."""
    with _migrated("sqlite://") as engine:
        yield engine


@pytest.fixture(scope="session")
def sqlite_file_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database in a file, for tests with several connections."""
    with _migrated(str(tmp_path_factory.mktemp("books") / "shop.db")) as engine:
        yield engine


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[Engine]:
    """A migrated PostgreSQL database, for this worker."""
    with _database_of_its_own() as url, _migrated(url) as engine:
        yield engine


@contextlib.contextmanager
def _migrated(url: str) -> Iterator[Engine]:
    from wares.books import default_plugins
    from wares.storage.database import open_engine
    from wares.storage.migration_source import CORE
    from wares.storage.revisions import migrate

    engine = open_engine(url)
    migrate(engine, (CORE, *default_plugins().registry.migrations.values()))
    yield engine
    engine.dispose()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> Engine:
    """A migrated database on each engine; one connection at a time on SQLite."""
    found: Engine = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def new_company() -> Callable[[Engine], str]:
    """Makes one more company in a database: its code."""
    return make_company


_companies = itertools.count(1)


def make_company(engine: Engine) -> str:
    from wares.ledger.chart import GENERAL
    from wares.services.company import create_company
    from wares.storage.commits import run_writing

    code = f"C{next(_companies)}-{uuid.uuid4().hex[:6]}"
    run_writing(engine, lambda connection: create_company(connection, code=code, name=code, currency="USD", chart=GENERAL))
    return code


@pytest.fixture
def books(database: Engine, new_company: Callable[[Engine], str]) -> Books:
    """An empty company with one supplier and one customer, on each engine."""
    from wares import Books

    books = Books(engine=database, company=new_company(database))
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    return books
