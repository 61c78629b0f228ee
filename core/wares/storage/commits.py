"""Transactions that Wares commits: run again as a whole on a conflict, and never done twice.

    run_writing(engine, post)                               # `post(connection)`, committed
    run_in_transaction(sessionmaker, check_out)             # `check_out(session)` of a host, committed

When the answer to a COMMIT is lost, the marks of the attempt (`wares.storage.attempt`) say whether it arrived: then its result
is returned as if the answer had come, and otherwise the unit is run again. If the outcome cannot be known, the error says so.
An interrupt that arrives at a COMMIT is raised as CommitInterrupted, which has the outcome.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from wares.errors import Conflict
from wares.storage import attempt as attempts_of
from wares.storage.attempt import WAITING_EVENTS, Attempt, CommitOutcome, outcome
from wares.storage.database import ATTEMPTS, is_certain_rollback, is_lock_timeout, retrying, write
from wares.storage.faults import faults_typed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")
logger = logging.getLogger(__name__)


class CommitInterrupted(KeyboardInterrupt):
    """An interrupt arrived at a COMMIT, which has the `outcome`."""

    def __init__(self, outcome: CommitOutcome) -> None:
        super().__init__(f"interrupted at a commit, which was {outcome.value}")
        self.outcome = outcome


def _nothing() -> None:
    """Count no commits."""


def run_writing(
    engine: Engine, unit: Callable[[Connection], T], *, attempts: int = ATTEMPTS, committed: Callable[[], None] = _nothing
) -> T:
    """Run `unit` in a transaction of its own, commit included, and run the whole again on a conflict (`retrying`).

    `committed` is called as soon as the transaction is known to be committed, also if an interrupt is raised then.

    Raises Conflict LOCK_TIMEOUT after LOCK_SECONDS of waiting for another writer; OUTCOME_UNKNOWN if the answer to the commit
    was lost and nothing tells whether it arrived.
    """

    def whole(attempt: Attempt) -> T:
        with write(engine) as connection, attempt.on(connection):
            result = unit(connection)
            attempt.end(result)
        return result

    return _exactly_once(whole, attempts=attempts, limits_waiting=True, committed=committed)


def run_in_transaction(sessionmaker: Callable[[], Session], unit: Callable[[Session], T], *, attempts: int = ATTEMPTS) -> T:
    """Run `unit(session)` in a new session of a host and commit it; run the whole again on a conflict.

    `unit` must be safe to run again: each run gets a fresh session, and nothing of the last run is in the database. When the
    answer to the commit is lost, the books say whether it arrived; a unit that wrote no books raises Conflict OUTCOME_UNKNOWN.
    """
    return _run_session(sessionmaker, unit, attempts=attempts, limits_waiting=False)


def run_own_session(sessionmaker: Callable[[], Session], unit: Callable[[Session], T], committed: Callable[[], None]) -> T:
    """Run as `run_in_transaction`, in a session over an engine of Wares' own, whose waiting is limited."""
    return _run_session(sessionmaker, unit, attempts=ATTEMPTS, limits_waiting=True, committed=committed)


def _run_session(
    sessionmaker: Callable[[], Session],
    unit: Callable[[Session], T],
    *,
    attempts: int,
    limits_waiting: bool,
    committed: Callable[[], None] = _nothing,
) -> T:
    def whole(attempt: Attempt) -> T:
        with sessionmaker() as session, attempt.within(session):
            result = unit(session)
            session.flush()
            attempt.confirm()
            attempt.events = list(session.info.get(WAITING_EVENTS, ()))
            attempt.end(result)
            session.commit()
            return result

    return _exactly_once(whole, attempts=attempts, limits_waiting=limits_waiting, committed=committed)


class _WaitedTooLong(Exception):
    """The lock was waited for as long as it may be: no further attempt is made."""


def _exactly_once(
    whole: Callable[[Attempt], T], *, attempts: int, limits_waiting: bool, committed: Callable[[], None] = _nothing
) -> T:
    """Run `whole`, commit included, until it is committed once."""
    started = time.monotonic()
    has_noted = False

    def once() -> T:
        nonlocal has_noted
        # The first wait is short, since the log shall say soon that there is one.
        seconds = attempts_of.LOCK_SECONDS - attempts_of.NOTE_SECONDS if has_noted else attempts_of.NOTE_SECONDS
        attempt = Attempt(seconds if limits_waiting else None)
        try:
            result = whole(attempt)
        except KeyboardInterrupt as stop:
            if not attempt.is_ended:
                raise
            found = _looked_up(attempt, stop)
            if found is CommitOutcome.COMMITTED:
                committed()
            raise CommitInterrupted(found) from stop
        except Exception as error:
            if attempt.is_ended and _is_of_the_database(error):
                _resolve(attempt, error)
                committed()
                return cast(T, attempt.result)
            if limits_waiting and is_lock_timeout(error):
                if has_noted:
                    raise _WaitedTooLong from error
                has_noted = True
                logger.warning("waiting for another writer of the books, %d seconds at most", attempts_of.LOCK_SECONDS)
            raise
        committed()
        return result

    try:
        with faults_typed():
            return retrying(once, attempts=attempts)
    except _WaitedTooLong as late:
        raise Conflict(
            "LOCK_TIMEOUT",
            f"another transaction has held the books for {time.monotonic() - started:.0f} seconds; nothing was written",
            retryable=True,
            hint="try again when it has ended; pg_stat_activity shows who holds them",
        ) from late.__cause__


def _is_of_the_database(error: Exception) -> bool:
    return isinstance(error, DBAPIError) or type(error).__module__.partition(".")[0] in ("psycopg", "sqlite3")


def _looked_up(attempt: Attempt, error: BaseException) -> CommitOutcome:
    """Return the outcome of a commit that ended with `error` instead of an answer."""
    try:
        found = outcome(attempt)
    except (Conflict, DBAPIError, KeyboardInterrupt) as unreachable:
        logger.info("the outcome of a commit cannot be looked up: %s", unreachable)
        found = CommitOutcome.UNKNOWN
    logger.info("a commit failed with %r; the books say that it was %s", error, found.value)
    return found


def _resolve(attempt: Attempt, error: Exception) -> None:
    """Find out what became of a commit that failed with `error`: raise `error` if it did not arrive."""
    if not attempt.marks and is_certain_rollback(error):
        raise error
    found = _looked_up(attempt, error)
    if found is CommitOutcome.ROLLED_BACK:
        raise error
    if found is CommitOutcome.UNKNOWN:
        cause = getattr(error, "orig", None) or error
        raise Conflict(
            "OUTCOME_UNKNOWN",
            f"the answer to the commit was lost, and the books may or may not have been written: {cause}",
            retryable=False,
            hint="look for it in the books (wares docs list) before you do it again; with a key it is safe to repeat",
        ) from error
    for waiting in attempt.events:
        for tell in waiting.events:
            tell()
