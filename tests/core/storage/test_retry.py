"""Running a transaction again: what is worth it, on real conflicts, and when Wares gives up."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from wares.errors import Conflict, Refused, StorageError
from wares.storage.commits import run_in_transaction, run_writing
from wares.storage.database import dialect_of, is_retryable, open_engine, read, retrying, sql, write

NewCompany = Callable[[Engine], int]
VersionOf = Callable[[Connection, int], int]

ADD_ONE = "UPDATE wares_company SET version = version + 1 WHERE company_id = ?"
SET_NAME = "UPDATE wares_company SET name = ? WHERE company_id = ?"


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (errors.SerializationFailure(), True),
        (errors.DeadlockDetected(), True),
        (errors.LockNotAvailable(), True),
        (errors.AdminShutdown(), True),
        (errors.CannotConnectNow(), True),
        (errors.ConnectionFailure(), True),
        (psycopg.OperationalError("server closed the connection unexpectedly"), True),
        (OperationalError("UPDATE", None, errors.SerializationFailure()), True),
        (errors.UniqueViolation(), False),
        (errors.DiskFull(), False),
        (psycopg.ProgrammingError("wrong use"), False),
        (Conflict("BUSY", "", retryable=True), True),
        (Conflict("NUMBER_TAKEN", "", retryable=False), False),
        (Refused.because("TOO_MUCH", "no"), False),
        (StorageError("NO_DATABASE", "none"), False),
        (sqlite3.OperationalError("no such table: nothing"), False),
        (ValueError(), False),
    ],
)
def test_conflicts_and_lost_connections_are_worth_another_attempt(error: Exception, again: bool) -> None:
    assert is_retryable(error) is again


def test_a_refusal_is_not_tried_again() -> None:
    attempts = []

    def refuse() -> None:
        attempts.append(1)
        raise Refused.because("TOO_MUCH", "no")

    with pytest.raises(Refused):
        retrying(refuse)
    assert len(attempts) == 1


def test_wares_gives_up_with_a_conflict_that_the_caller_may_retry_later() -> None:
    attempts: list[int] = []
    pauses: list[float] = []

    def fail() -> None:
        attempts.append(1)
        raise OperationalError("UPDATE", None, errors.DeadlockDetected("deadlock detected"))

    with pytest.raises(Conflict) as conflict:
        retrying(fail, attempts=12, sleep=pauses.append)
    assert (conflict.value.code, conflict.value.retryable) == ("BUSY", True)
    assert len(attempts) == 12
    assert len(pauses) == 11
    assert all(0 <= pause <= 1 for pause in pauses)


def test_a_server_that_cannot_be_reached_is_named_as_such(tmp_path: Path) -> None:
    engine = open_engine(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(Conflict) as conflict:
        run_writing(engine, lambda _: None, attempts=2)
    assert conflict.value.code == "CONNECTION_LOST"


def test_a_locked_sqlite_file_is_tried_again(sqlite_engine: Engine, new_company: NewCompany, version_of: VersionOf) -> None:
    """A writer outside of Wares holds the lock for longer than SQLite waits."""
    company = new_company(sqlite_engine)
    stranger = sqlite3.connect(str(sqlite_engine.url.database), isolation_level=None, check_same_thread=False)
    stranger.execute("BEGIN IMMEDIATE")
    impatient = open_engine(str(sqlite_engine.url.database))
    with impatient.connect() as connection:
        connection.connection.cursor().execute("PRAGMA busy_timeout = 0")

    def add_one() -> None:
        with write(impatient) as connection:
            sql(connection, ADD_ONE, (company,))

    pauses: list[float] = []

    def let_the_stranger_finish(pause: float) -> None:
        pauses.append(pause)
        if len(pauses) == 3:
            stranger.execute("COMMIT")

    retrying(add_one, sleep=let_the_stranger_finish)
    assert len(pauses) == 3
    with read(sqlite_engine) as connection:
        assert version_of(connection, company) == 1
    stranger.close()
    impatient.dispose()


def test_a_serialization_failure_runs_the_hosts_unit_again(
    postgresql_engine: Engine, new_company: NewCompany, version_of: VersionOf
) -> None:
    company = new_company(postgresql_engine)
    seen: list[int] = []

    def unit(session: Session) -> None:
        connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        seen.append(version_of(connection, company))
        if len(seen) == 1:
            with write(postgresql_engine) as other:
                sql(other, ADD_ONE, (company,))
        sql(connection, ADD_ONE, (company,))

    run_in_transaction(sessionmaker(postgresql_engine), unit)
    assert seen == [0, 1]
    with read(postgresql_engine) as connection:
        assert version_of(connection, company) == 2


def test_a_conflict_that_appears_at_commit_runs_the_unit_again(postgresql_engine: Engine, new_company: NewCompany) -> None:
    """Write skew: each reads what the other writes, and only the commit of the second can tell."""
    mine, theirs = new_company(postgresql_engine), new_company(postgresql_engine)
    attempts: list[int] = []
    serializable = postgresql_engine.execution_options(isolation_level="SERIALIZABLE")
    read_version = "SELECT version FROM wares_company WHERE company_id = ?"

    def unit(connection: Connection) -> None:
        attempts.append(1)
        sql(connection, read_version, (theirs,)).all()
        if len(attempts) == 1:
            with serializable.connect() as other:
                sql(other, read_version, (mine,)).all()
                sql(other, ADD_ONE, (theirs,))
                sql(connection, ADD_ONE, (mine,))
                other.commit()
        else:
            sql(connection, ADD_ONE, (mine,))

    run_writing(serializable, unit)
    assert len(attempts) == 2


def test_of_two_in_a_deadlock_both_get_through(postgresql_engine: Engine, new_company: NewCompany, version_of: VersionOf) -> None:
    one, two = new_company(postgresql_engine), new_company(postgresql_engine)
    both_hold_their_first = threading.Barrier(2)
    attempts: list[int] = []

    def in_order(first: int, second: int) -> None:
        met = False

        def unit(connection: Connection) -> None:
            nonlocal met
            attempts.append(first)
            sql(connection, "SET LOCAL deadlock_timeout = '20ms'")
            sql(connection, ADD_ONE, (first,))
            if not met:
                met = True
                both_hold_their_first.wait(timeout=30)
            sql(connection, ADD_ONE, (second,))

        run_writing(postgresql_engine, unit)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(in_order, one, two), pool.submit(in_order, two, one)]:
            done.result(timeout=60)
    assert len(attempts) >= 3  # the one that lost; on a busy machine they may meet again
    with read(postgresql_engine) as connection:
        assert (version_of(connection, one), version_of(connection, two)) == (2, 2)


def test_a_connection_lost_in_the_middle_runs_the_unit_again(
    postgresql_engine: Engine, new_company: NewCompany, version_of: VersionOf
) -> None:
    company = new_company(postgresql_engine)
    attempts: list[int] = []

    def unit(connection: Connection) -> None:
        attempts.append(1)
        sql(connection, ADD_ONE, (company,))
        if len(attempts) == 1:
            process = sql(connection, "SELECT pg_backend_pid()").scalar_one()
            with write(postgresql_engine) as other:
                sql(other, "SELECT pg_terminate_backend(?)", (process,)).all()
        sql(connection, SET_NAME, ("Reached", company))

    run_writing(postgresql_engine, unit)
    assert len(attempts) == 2
    with read(postgresql_engine) as connection:
        assert version_of(connection, company) == 1


def test_a_lock_time_out_is_worth_another_attempt(postgresql_engine: Engine, new_company: NewCompany) -> None:
    company = new_company(postgresql_engine)
    attempts: list[int] = []
    with postgresql_engine.connect() as holder:
        sql(holder, ADD_ONE, (company,))

        def unit() -> str:
            with write(postgresql_engine) as connection:
                attempts.append(1)
                sql(connection, "SET LOCAL lock_timeout = '10ms'")
                sql(connection, ADD_ONE, (company,))
                return dialect_of(connection).name

        assert retrying(unit, sleep=lambda _: holder.rollback()) == "postgresql"
    assert len(attempts) == 2
