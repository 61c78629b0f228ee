"""Fixtures for all tests, and the wiring of the PostgreSQL server that they share.

The controlling process keeps one server for the whole run, started by the first test that wants it; each worker has a
database of its own on it. A server that runs already is used instead when WARES_TEST_POSTGRESQL_URL names it. Where
there is none, those tests are skipped; under CI, or with WARES_TEST_REQUIRE_POSTGRESQL=1, they fail.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql_cluster

POSTGRESQL_URL = "WARES_TEST_POSTGRESQL_URL"
POSTGRESQL_REQUIRED = "WARES_TEST_REQUIRE_POSTGRESQL"
POSTGRESQL_FOLDER = "WARES_TEST_POSTGRESQL_FOLDER"  # from the controlling process to its workers


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    if is_worker or os.environ.get(POSTGRESQL_URL):
        return
    until_the_end = contextlib.ExitStack()
    config.add_cleanup(until_the_end.close)
    os.environ[POSTGRESQL_FOLDER] = str(until_the_end.enter_context(postgresql_cluster.postgresql_keeper()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "postgresql_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database that belongs to this worker alone."""
    from sqlalchemy import create_engine, make_url, text

    server_url = make_url(os.environ.get(POSTGRESQL_URL) or _started_server())
    name = f"wares_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield server_url.set(database=name).render_as_string(hide_password=False)
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()


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
