"""Transactions: how a program's own books and a host's session run a unit of reading or writing.

A program's own transaction is retried whole on a conflict. In a host's, Wares works inside a savepoint and never commits, rolls
back, closes or opens a connection; a conflict is the host's to retry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from sqlalchemy import Connection, Engine

from wares.catalog.masters import MasterBook
from wares.errors import Conflict, WaresError
from wares.plugin_manager.loader import Plugins
from wares.runtime.gc_pauses import fewer_gc_passes
from wares.services.after_commit import after_commit
from wares.services.consistent_reads import Seen, read_consistently
from wares.services.master_cache import MasterCache
from wares.services.unit_of_work import UnitOfWork
from wares.storage.commits import run_own_session, run_writing
from wares.storage.database import is_lock_timeout, is_retryable, read, require_configured, require_migrated
from wares.storage.faults import typed
from wares.storage.unit import Reader, Unit, find_company

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")


class _DryRun(Exception):
    """Rolls back the transaction of a dry run."""


class ReachedLine(NamedTuple):
    """The last line of a file whose transaction is committed."""

    name: str
    line: int


class Transactions:
    """One company's database, through an engine of its own or a host's session."""

    def __init__(self, session: Session | None, engine: Engine | None, company: str | None, plugins: Plugins) -> None:
        if (session is None) == (engine is None):
            raise TypeError("Books takes a session (a host's own transaction) or comes from Books.open")
        self.session = session
        self.engine = engine
        self.company = company
        self.plugins = plugins
        self._company_id: int | None = None
        self._masters = MasterCache(plugins)
        self._plugins_are_current = False
        self._refuses_writing: WaresError | None = None
        self._sees_one_state = False
        self.commits = 0
        """The transactions that these books have committed."""
        self.reached: ReachedLine | None = None
        """The line through which an importer has recorded its file, for the message of an interruption."""

    def _in(self, session: Session) -> Self:
        """Return the same company in a session, with the same plugins."""
        raise NotImplementedError  # Books makes itself

    def run(self, unit: Callable[[Self], T]) -> T:
        """Do several things as one: `unit` gets books in one transaction, and its result is returned once that is committed.

        It begins with the lock of the company's one writer, so that everything that `unit` reads stands until it is committed.
        A conflict runs the whole of it again, so it must be safe to repeat; an exception undoes all of it. Inside a host's
        session it is a savepoint, and committing or running again remains the host's.
        """
        if self.session is not None:
            with _conflicts_named(), self.session.begin_nested():
                return self._locked(self.session, unit)
        from sqlalchemy.orm import Session, sessionmaker

        make = sessionmaker(self.engine, class_=Session)
        return run_own_session(make, lambda session: self._locked(session, unit), self._count)

    def _locked(self, session: Session, unit: Callable[[Self], T]) -> T:
        """Run `unit` once the company's head row is locked, so that nobody changes what it reads before it writes."""
        connection = session.connection()
        require_configured(connection)
        Unit.lock(connection, self._id(connection))
        return unit(self._in(session))

    # --- reading -----------------------------------------------------------------------------------------------------------

    def reading_together(self, unit: Callable[[Self], T], *, refusal: WaresError) -> T:
        """Return `unit(books)`, whose reads all see one state, whatever is committed meanwhile.

        Each call that writes raises `refusal`. `unit` may be run again. Raises Conflict SNAPSHOT_NEEDED as `reading`.
        """
        from sqlalchemy.orm import Session

        def within(session: Session) -> T:
            books = self._in(session)
            books._refuses_writing = refusal
            books._sees_one_state = True
            return unit(books)

        if self.session is not None:
            session = self.session
            return self._consistently(lambda _: within(session))
        with self._connection() as connection:
            return within(Session(connection, join_transaction_mode="rollback_only"))

    def reading(self, unit: Callable[[Reader, MasterBook], T]) -> T:
        """Return `unit(reader, masters)` of one state of the books.

        A host's session without a snapshot may run `unit` again. It raises Conflict SNAPSHOT_NEEDED if others write without pause.
        """

        def naming(reader: Reader) -> T:
            with fewer_gc_passes(), self.plugins.blame.naming():
                return unit(reader, self._masters.of(reader))

        return self._consistently(naming)

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Yield a reader of one state of the books.

        Raises Conflict SNAPSHOT_NEEDED at the end if a host's session has no snapshot and others wrote meanwhile.
        """
        with self._connection() as connection:
            reader = self._reader(connection)
            seen = Seen(reader)
            yield reader
            if self.session is not None and not self._sees_one_state:
                seen.require_present()

    def _consistently(self, unit: Callable[[Reader], T]) -> T:
        with self._connection() as connection:
            if self.session is None or self._sees_one_state:
                return unit(self._reader(connection))
            return read_consistently(lambda: self._reader(connection), unit)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        if self.session is not None:
            yield self.session.connection()
        else:
            assert self.engine is not None
            with read(self.engine) as connection:
                yield connection

    def _reader(self, connection: Connection) -> Reader:
        return Reader.open(connection, self._id(connection))

    # --- writing -----------------------------------------------------------------------------------------------------------

    def writing(self, unit: Callable[[UnitOfWork], T], *, dry_run: bool = False) -> T:
        """Return `unit(work)`, run in one transaction of this company; `dry_run` does everything but the commit.

        Owned books retry it whole on a conflict; in a host's transaction a conflict raises Conflict(retryable=True).
        """
        if self._refuses_writing is not None:
            raise self._refuses_writing
        if self.session is not None:
            return self._write_hosted(self.session, unit, dry_run)
        assert self.engine is not None
        return self._write_owned(self.engine, unit, dry_run)

    def _write_owned(self, engine: Engine, unit: Callable[[UnitOfWork], T], dry_run: bool) -> T:
        done: list[tuple[UnitOfWork, T]] = []

        def whole(connection: Connection) -> None:
            done.clear()  # an attempt before met a conflict
            done.append(self._do(connection, unit, dry_run))
            if dry_run:
                raise _DryRun

        try:
            run_writing(engine, whole, committed=self._count)
        except _DryRun:
            self._masters.drop()
            return done[0][1]
        except BaseException:
            self._masters.drop()
            raise
        work, result = done[0]
        self._masters.keep(work.masters)
        for tell in work.events:
            tell()
        return result

    def _write_hosted(self, session: Session, unit: Callable[[UnitOfWork], T], dry_run: bool) -> T:
        session.flush()
        connection = session.connection()
        require_configured(connection)
        self._masters.drop()
        with _conflicts_named(), connection.begin_nested() as savepoint:
            work, result = self._do(connection, unit, dry_run)
            if dry_run:
                savepoint.rollback()
        if work.events and not dry_run:
            after_commit(session, work.events)
        return result

    def note_reached(self, name: str, line: int) -> None:
        """Note that a file is recorded through this line, so that a command that is interrupted says so."""
        self.reached = ReachedLine(name, line)

    def _count(self) -> None:
        self.commits += 1

    def _do(self, connection: Connection, unit: Callable[[UnitOfWork], T], dry_run: bool) -> tuple[UnitOfWork, T]:
        """Lock the company, run the unit and write what it left for the end."""
        previews_in_host = dry_run and self.session is not None  # its savepoint goes, the host's transaction stays
        locked = Unit.lock(connection, self._id(connection), marks=not previews_in_host)
        if locked.head.projections and not dry_run:
            locked.touched = set()
        self._require_current(connection)
        work = UnitOfWork(locked, self._masters.of(locked), self.plugins)
        with fewer_gc_passes(), self.plugins.blame.naming():
            result = unit(work)
        work.save()
        return work, result

    def _require_current(self, connection: Connection) -> None:
        """Require that the tables of plugins are migrated; checked once."""
        if self.plugins.registry.migrations and not self._plugins_are_current:
            from wares.storage.revisions import require_current

            require_current(connection, self.plugins.registry.migrations.values())
            self._plugins_are_current = True

    def _id(self, connection: Connection) -> int:
        if self._company_id is None:
            require_migrated(connection)
            self._company_id = find_company(connection, self.company)
        return self._company_id


@contextmanager
def _conflicts_named() -> Iterator[None]:
    """Raise a conflict of a host's transaction as Conflict BUSY or LOCK_TIMEOUT, which the host retries; a full disk as such."""
    try:
        yield
    except Exception as error:
        known = typed(error)
        if known is not None:
            raise known from error
        if not is_retryable(error) or isinstance(error, Conflict):
            raise
        code, reason = ("LOCK_TIMEOUT", "was not ready in time") if is_lock_timeout(error) else ("BUSY", "was faster")
        raise Conflict(code, f"another writer {reason}: {error}", retryable=True, hint="run the unit again") from error
