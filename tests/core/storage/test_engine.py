"""How an engine is opened and what makes it fit for Wares."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import StaticPool

from wares.errors import StorageError
from wares.storage.database import (
    configure_engine,
    database_url,
    open_engine,
    read,
    require_configured,
    require_migrated,
    write,
)
from wares.storage.migration_source import CORE
from wares.storage.migrations import HEAD
from wares.storage.revisions import migrate


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("shop.db", "sqlite:///shop.db"),
        (Path("folder/shop.db"), "sqlite:///folder/shop.db"),
        ("sqlite:///shop.db", "sqlite:///shop.db"),
        ("postgresql+psycopg://host/shop", "postgresql+psycopg://host/shop"),
        ("postgresql://host/shop", "postgresql+psycopg://host/shop"),
        ("postgres://host/shop", "postgresql+psycopg://host/shop"),
    ],
)
def test_a_file_name_or_a_url_names_a_database(given: str | Path, url: str) -> None:
    assert database_url(given).render_as_string() == url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://host/shop", "UNSUPPORTED_DATABASE"),
        ("postgresql+psycopg2://host/shop", "UNSUPPORTED_DATABASE"),
        ("sqlite+aiosqlite:///shop.db", "UNSUPPORTED_DATABASE"),
        ("not a url://", "BAD_DATABASE_URL"),
    ],
)
def test_a_url_that_wares_cannot_use_is_refused(url: str, code: str) -> None:
    with pytest.raises(StorageError) as refused:
        open_engine(url)
    assert refused.value.code == code


def test_a_missing_driver_is_named_with_the_extra_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StorageError) as refused:
        open_engine("postgresql://host/shop")
    assert refused.value.code == "DRIVER_MISSING"
    assert "wares[postgresql]" in refused.value.hint


def test_opening_creates_nothing_and_can_insist_on_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    open_engine(path)
    assert not path.exists()
    with pytest.raises(StorageError) as refused:
        open_engine(path, must_exist=True)
    assert refused.value.code == "NO_DATABASE"
    assert "wares init" in refused.value.hint


def test_sqlite_is_set_up_for_durable_concurrent_books(tmp_path: Path) -> None:
    engine = configure_engine(open_engine(tmp_path / "shop.db"))  # twice is once
    migrate(engine)
    with read(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    engine.dispose()


def test_wares_begins_each_transaction_itself_and_once(tmp_path: Path) -> None:
    engine = configure_engine(open_engine(tmp_path / "shop.db"))
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with write(engine):
        pass
    with read(engine):
        pass
    assert statements == ["BEGIN IMMEDIATE", "BEGIN"]
    engine.dispose()


def test_a_database_in_memory_works() -> None:
    engine = open_engine(":memory:")
    migrate(engine)
    with read(engine) as connection:
        require_migrated(connection)
        assert connection.execute(text("SELECT decimals FROM wares_currency WHERE code = 'JPY'")).scalar() == 0
    engine.dispose()


def test_an_engine_of_another_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine("sqlite://")
    monkeypatch.setattr(engine.dialect, "name", "mysql")
    with pytest.raises(StorageError) as refused:
        configure_engine(engine)
    assert refused.value.code == "UNSUPPORTED_DATABASE"


def test_a_sqlite_engine_that_was_not_configured_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    with engine.begin() as connection, pytest.raises(StorageError) as refused:
        require_configured(connection)
    assert refused.value.code == "UNCONFIGURED_ENGINE"
    assert "configure_engine" in refused.value.hint
    engine.dispose()


def test_a_transaction_from_before_the_configuration_is_refused_and_the_next_one_is_not(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    with engine.begin() as connection:
        configure_engine(engine)
        with pytest.raises(StorageError, match="UNCONFIGURED_ENGINE"):
            require_configured(connection)
    with engine.begin() as connection:  # the same connection, from the pool
        require_configured(connection)
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_hosts_use_of_autocommit_does_not_spoil_the_connection() -> None:
    engine = configure_engine(create_engine("sqlite://", poolclass=StaticPool))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE TABLE note (body TEXT)"))
        connection.execute(text("INSERT INTO note VALUES ('kept')"))
    with engine.connect() as connection:
        require_configured(connection)
        connection.execute(text("INSERT INTO note VALUES ('lost')"))
        connection.rollback()
        assert connection.execute(text("SELECT body FROM note")).scalars().all() == ["kept"]
    engine.dispose()


def test_a_rollback_is_not_skipped_where_the_host_asked_to_skip_those_of_autocommit() -> None:
    engine = configure_engine(create_engine("sqlite://", poolclass=StaticPool))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (body TEXT)"))
    assert engine.dialect.skip_autocommit_rollback is False


def test_a_database_without_or_with_other_tables_is_refused(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "shop.db")
    with read(engine) as connection, pytest.raises(StorageError, match="NOT_MIGRATED"):
        require_migrated(connection)
    migrate(engine)
    for revision, code in [(HEAD, None), ("0000", "NOT_MIGRATED"), ("9999", "DATABASE_NEWER")]:
        with write(engine) as connection:
            connection.execute(text(f"UPDATE {CORE.version_table} SET version_num = :revision"), {"revision": revision})
        with read(engine) as connection:
            if code is None:
                require_migrated(connection)
            else:
                with pytest.raises(StorageError, match=code):
                    require_migrated(connection)
    engine.dispose()


def test_opening_a_database_loads_neither_alembic_nor_sqlmodel() -> None:
    """They take most of a second, which every run of the command would pay."""
    program = "import sys, wares.storage.database; print({'alembic', 'sqlmodel', 'sqlalchemy.orm'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "set()"
