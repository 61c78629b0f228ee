"""Transactions: how a program's own books and a host's session run a unit of reading or writing.

A program's own transaction is retried whole on a conflict. In a host's, Wares works inside a savepoint and never commits, rolls
back, closes or opens a connection; a conflict is the host's to retry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy import Connection, Engine

from wares.catalog.items import MasterChange
from wares.catalog.masters import MasterBook
from wares.errors import Conflict, Refused, WaresError
from wares.ledger.accounts import AccountBook
from wares.model import Posted
from wares.plugin_manager.loader import Plugins
from wares.posting.batch import Batch
from wares.runtime.gc_pauses import fewer_gc_passes
from wares.services import outbox, projections
from wares.services.after_commit import after_commit
from wares.storage.database import is_retryable, read, require_configured, require_migrated, run_in_transaction, run_writing
from wares.storage.unit import Reader, Unit, find_company

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")


class UnitOfWork:
    """What a writing call works with: the unit, the masters, the plugins, and a batch when it posts."""

    def __init__(self, unit: Unit, masters: MasterBook, plugins: Plugins) -> None:
        self.unit = unit
        self.masters = masters
        self.plugins = plugins
        self.events: list[Callable[[], None]] = []
        self.outgoing: list[outbox.Waiting] = []

    def tell(self, event: str, document: Posted, observers: Callable[[Any], None]) -> None:
        """Something happened to a document: for the outbox with this transaction, for observers once it is committed."""
        if outbox.is_on(self.masters.settings):
            self.outgoing.append(outbox.event_of(event, document, self.unit.decimals))
        if self.plugins.calls.has_observers:
            self.events.append(lambda: observers(document))

    def write_outgoing(self) -> None:
        """Write the rows that wait for the outbox."""
        if self.outgoing:
            outbox.write(self.unit, self.outgoing)
            self.outgoing = []

    def save(self) -> None:
        """Write what was kept for the end of the transaction."""
        self.write_outgoing()
        if self.unit.touched:
            projections.follow(self.unit, self.plugins.registry.projections)
        self.unit.save()

    def batch(self) -> Batch:
        return Batch(self.unit, self.masters, self.plugins)

    def created(self, items: Iterable[MasterChange | Refused]) -> None:
        """Tell observers of items that are new, once this is committed."""
        if self.plugins.calls.has_observers:
            for change in items:
                if isinstance(change, MasterChange) and change.action == "created":
                    item = self.masters.item(change.sku)
                    self.events.append(partial(self.plugins.calls.item_created, item))

    def apart(self, do: Callable[[], T]) -> T | Refused:
        """Do what takes several steps, so that a refusal in a later one undoes the earlier; the refusal, if it is refused."""
        head, told, outgoing = copy(self.unit.head), len(self.events), len(self.outgoing)
        try:
            with self.unit.connection.begin_nested():
                return do()
        except Refused as refusal:
            self.unit.head = head
            del self.events[told:]
            del self.outgoing[outgoing:]
            self.masters = MasterBook(self.unit, AccountBook.load(self.unit), self.plugins.registry.item_types)
            self.masters.changed = True
            return refusal

    @property
    def accounts(self) -> AccountBook:
        accounts = self.masters.accounts
        assert isinstance(accounts, AccountBook)
        return accounts


class _Rollback(Exception):
    """Carries the result of a dry run out of its transaction."""

    def __init__(self, result: Any) -> None:
        super().__init__("dry run")
        self.result = result


class Transactions:
    """One company's database, through an engine of our own or a host's session."""

    def __init__(self, session: Session | None, engine: Engine | None, company: str | None, plugins: Plugins) -> None:
        if (session is None) == (engine is None):
            raise TypeError("Books takes a session (a host's own transaction) or comes from Books.open")
        self.session = session
        self.engine = engine
        self.company = company
        self.plugins = plugins
        self._company_id: int | None = None
        self._kept: MasterBook | None = None
        self._plugins_are_current = False
        self._refuses_writing: WaresError | None = None

    def _in(self, session: Session) -> Self:
        """The same company in a session, with the same plugins."""
        raise NotImplementedError  # Books makes itself

    def run(self, unit: Callable[[Self], T]) -> T:
        """Do several things as one: `unit` gets books in one transaction, and what it returns is returned once that is committed.

        A conflict runs the whole of it again, so it must be safe to repeat; whatever it raises undoes all of it. Inside a host's
        session it is a savepoint, and committing or running again remains the host's.
        """
        if self.session is not None:
            with self.session.begin_nested():
                return unit(self._in(self.session))
        from sqlalchemy.orm import Session, sessionmaker

        make = sessionmaker(self.engine, class_=Session)
        return run_in_transaction(make, lambda session: unit(self._in(session)))

    @contextmanager
    def snapshot(self, refusal: WaresError) -> Iterator[Self]:
        """Books that see one state whatever happens meanwhile; they answer every wish to write with `refusal`."""
        from sqlalchemy.orm import Session

        with self._reading() as connection:
            if self.session is not None:
                books = self._in(self.session)
            else:
                books = self._in(Session(connection, join_transaction_mode="rollback_only"))
            books._refuses_writing = refusal
            yield books

    def reading(self, unit: Callable[[Reader, MasterBook], T]) -> T:
        """Run `unit(reader, masters)` on one snapshot."""
        with self._reading() as connection:
            reader = Reader.open(connection, self._id(connection))
            with fewer_gc_passes(), self.plugins.blame.naming():
                return unit(reader, self._masters(reader))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self.session is not None:
            yield self.session.connection()
        else:
            assert self.engine is not None
            with read(self.engine) as connection:
                yield connection

    def writing(self, unit: Callable[[UnitOfWork], T], *, dry_run: bool = False) -> T:
        """Run `unit(writing)` in one transaction of this company; with `dry_run` everything but the commit.

        Owned books retry it whole on a conflict; in a host's transaction a conflict raises Conflict(retryable=True).
        """
        if self._refuses_writing is not None:
            raise self._refuses_writing
        if self.session is not None:
            return self._write_hosted(unit, dry_run)
        assert self.engine is not None
        done: list[UnitOfWork] = []

        def whole(connection: Connection) -> T:
            done.clear()
            writing = self._begin(connection, dry_run)
            with fewer_gc_passes(), self.plugins.blame.naming():
                result = unit(writing)
            writing.save()
            if dry_run:
                raise _Rollback(result)
            done.append(writing)
            return result

        try:
            result = run_writing(self.engine, whole)
        except _Rollback as dry:
            self._kept = None
            return dry.result  # type: ignore[no-any-return]  # an exception is not generic; this one carries what unit returned
        except BaseException:
            self._kept = None
            raise
        self._keep(done[0])
        for fire in done[0].events:
            fire()
        return result

    def _begin(self, connection: Connection, dry_run: bool) -> UnitOfWork:
        unit = Unit.lock(connection, self._id(connection))
        if unit.head.projections and not dry_run:
            unit.touched = set()
        if self.plugins.registry.migrations and not self._plugins_are_current:
            from wares.storage.revisions import require_current

            require_current(connection, self.plugins.registry.migrations.values())
            self._plugins_are_current = True
        return UnitOfWork(unit, self._masters(unit), self.plugins)

    def _write_hosted(self, unit: Callable[[UnitOfWork], T], dry_run: bool) -> T:
        assert self.session is not None
        self.session.flush()
        connection = self.session.connection()
        require_configured(connection)
        try:
            with connection.begin_nested() as savepoint:
                writing = self._begin(connection, dry_run)
                with fewer_gc_passes(), self.plugins.blame.naming():
                    result = unit(writing)
                writing.save()
                if dry_run:
                    savepoint.rollback()
        except Exception as error:
            self._kept = None
            if is_retryable(error) and not isinstance(error, Conflict):
                raise Conflict("BUSY", f"another writer was faster: {error}", retryable=True, hint="run the unit again") from error
            raise
        self._kept = None
        if writing.events and not dry_run:
            after_commit(self.session, writing.events)
        return result

    def _id(self, connection: Connection) -> int:
        if self._company_id is None:
            require_migrated(connection)
            self._company_id = find_company(connection, self.company)
        return self._company_id

    def _masters(self, reader: Reader) -> MasterBook:
        kept = self._kept  # another thread may let go of it meanwhile
        if kept is not None:
            accounts = kept.accounts
            assert isinstance(accounts, AccountBook)
            return kept.fresh(reader, accounts.fresh(reader))
        return MasterBook(reader, AccountBook.load(reader), self.plugins.registry.item_types)

    def _keep(self, writing: UnitOfWork) -> None:
        self._kept = writing.masters if not writing.masters.changed else None
