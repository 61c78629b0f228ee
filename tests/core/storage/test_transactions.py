"""Transactions of Wares' own and of a host: what is committed, by whom, and what others see meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from wares.errors import Refused, StorageError
from wares.storage import tables
from wares.storage.commits import run_in_transaction, run_writing
from wares.storage.database import insert_many, read, require_configured, sql, write
from wares.storage.revisions import migrate

NewCompany = Callable[[Engine], int]
VersionOf = Callable[[Connection, int], int]

ADD_ONE = "UPDATE wares_company SET version = version + 1 WHERE company_id = ?"


def test_a_write_is_committed_at_its_end_and_gone_when_it_raises(
    engine: Engine, new_company: NewCompany, version_of: VersionOf
) -> None:
    company = new_company(engine)
    with write(engine) as connection:
        sql(connection, ADD_ONE, (company,))

    def refuse(connection: Connection) -> None:
        sql(connection, ADD_ONE, (company,))
        raise Refused.because("TOO_MUCH", "no")

    with pytest.raises(Refused):
        run_writing(engine, refuse)
    with read(engine) as connection:
        assert version_of(connection, company) == 1


def test_a_read_sees_one_snapshot_and_neither_waits_for_a_writer_nor_stops_one(
    engine: Engine, new_company: NewCompany, version_of: VersionOf
) -> None:
    company = new_company(engine)
    with read(engine) as reader:
        assert version_of(reader, company) == 0
        with write(engine) as writer:
            sql(writer, ADD_ONE, (company,))
            assert version_of(reader, company) == 0
        assert version_of(reader, company) == 0
    with read(engine) as reader:
        assert version_of(reader, company) == 1


def test_writers_at_the_same_time_wait_for_each_other_and_lose_nothing(
    engine: Engine, new_company: NewCompany, version_of: VersionOf
) -> None:
    """Each reads before it writes, which with the driver's own transactions ends in "database is locked"."""
    company = new_company(engine)
    writers, units = 4, 25
    start = threading.Barrier(writers)

    def keep_writing() -> None:
        start.wait()
        for _ in range(units):
            with write(engine) as connection:  # no retry: nothing may fail
                lock = "" if engine.dialect.name == "sqlite" else " FOR UPDATE"
                statement = f"SELECT version FROM wares_company WHERE company_id = ?{lock}"
                version = sql(connection, statement, (company,)).scalar_one()
                sql(connection, "UPDATE wares_company SET version = ? WHERE company_id = ?", (version + 1, company))

    with ThreadPoolExecutor(writers) as pool:
        for written in [pool.submit(keep_writing) for _ in range(writers)]:
            written.result()
    with read(engine) as connection:
        assert version_of(connection, company) == writers * units


def test_a_host_rolls_back_what_was_written_in_its_session(engine: Engine, new_company: NewCompany) -> None:
    company = new_company(engine)
    rows = [(company, number, f"L{number}", None, 1) for number in range(1, 301)]
    with Session(engine) as session:
        connection = session.connection()
        require_configured(connection)
        insert_many(connection, tables.location, rows)
        assert sql(connection, "SELECT COUNT(*) FROM wares_location WHERE company_id = ?", (company,)).scalar() == 300
        with read(engine) as other:
            assert sql(other, "SELECT COUNT(*) FROM wares_location WHERE company_id = ?", (company,)).scalar() == 0
        assert connection.in_transaction()
        session.rollback()
    with read(engine) as connection:
        assert sql(connection, "SELECT COUNT(*) FROM wares_location WHERE company_id = ?", (company,)).scalar() == 0


def test_a_host_may_give_up_a_part_with_a_savepoint(engine: Engine, new_company: NewCompany, version_of: VersionOf) -> None:
    company = new_company(engine)
    with Session(engine) as session, session.begin():
        sql(session.connection(), ADD_ONE, (company,))
        with session.begin_nested() as savepoint:
            sql(session.connection(), ADD_ONE, (company,))
            savepoint.rollback()
    with read(engine) as connection:
        assert version_of(connection, company) == 1


def test_a_host_with_an_unprepared_sqlite_engine_is_told_at_the_first_write(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    with Session(engine) as session, pytest.raises(StorageError, match="UNCONFIGURED_ENGINE"):
        require_configured(session.connection())
    with pytest.raises(StorageError, match="UNCONFIGURED_ENGINE"), write(engine):
        pass
    with pytest.raises(StorageError, match="UNCONFIGURED_ENGINE"):
        migrate(engine)
    engine.dispose()


def test_a_unit_of_wares_or_of_a_host_is_committed_and_its_result_returned(
    engine: Engine, new_company: NewCompany, version_of: VersionOf
) -> None:
    company = new_company(engine)
    assert run_writing(engine, lambda connection: sql(connection, ADD_ONE, (company,)).rowcount) == 1
    hosts_sessions = sessionmaker(engine)
    assert run_in_transaction(hosts_sessions, lambda session: version_of(session.connection(), company)) == 1
    assert run_in_transaction(hosts_sessions, lambda session: sql(session.connection(), ADD_ONE, (company,)).rowcount) == 1
    with read(engine) as connection:
        assert version_of(connection, company) == 2
