"""Books: one company's items, documents, stock and ledger, for a program or a host application.

`Books.open(url)` is for a program of its own: each call is one transaction, which is retried as a whole on a conflict.
`Books(session)` works inside a host's transaction: it flushes, and never commits, rolls back, closes or opens a connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine

from wares.documents.record import RecordInput, read_document
from wares.errors import Refused
from wares.facade import (
    Accounts,
    Docs,
    Items,
    Ledger,
    Locations,
    Mappings,
    Outbox,
    Parties,
    Policies,
    Projections,
    Reports,
    Sources,
    Stock,
)
from wares.facade.part import day
from wares.model import Posted
from wares.plugin_manager.loader import Plugins, load_plugins
from wares.posting.batch import Batch
from wares.posting.fresh import FreshPosted
from wares.posting.result import ExistingDocument, NewDocument, Revision
from wares.recorded import Recorded
from wares.reports.documents import find_document
from wares.runtime.gc_pauses import fewer_gc_passes
from wares.services import outbox
from wares.services.company import create_company
from wares.services.unit_of_work import Transactions, UnitOfWork
from wares.storage.database import open_engine, run_in_transaction, run_writing
from wares.storage.unit import Reader
from wares.values import today
from wares.voiding import reverse
from wares.voiding.void import void as void_document

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wares.loading import LoadReport

__all__ = ["Books", "UnitOfWork", "run_in_transaction"]

T = TypeVar("T")

BATCH = 500
"""Documents that are read and flushed together."""


def _revises(record: object) -> bool:
    return isinstance(record, Mapping) and bool(record.get("revises"))


class Books(Transactions):
    """One company's books. Thread-safe across sessions; two threads must not use one object inside a host's session at once."""

    def __init__(
        self,
        session: Session | None = None,
        *,
        company: str | None = None,
        plugins: Plugins | None = None,
        engine: Engine | None = None,
    ) -> None:
        super().__init__(session, engine, company, plugins if plugins is not None else default_plugins())
        self.items = Items(self)
        self.parties = Parties(self)
        self.locations = Locations(self)
        self.accounts = Accounts(self)
        self.mappings = Mappings(self)
        self.settings = Policies(self)
        self.docs = Docs(self)
        self.stock = Stock(self)
        self.gl = Ledger(self)
        self.outbox = Outbox(self)
        self.sources = Sources(self)
        self.reports = Reports(self)
        self.projections = Projections(self)

    def _in(self, session: Session) -> Books:
        return Books(session, company=self.company, plugins=self.plugins)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        company: str | None = None,
        currency: str = "USD",
        chart: str = "general",
        plugins: Plugins | None = None,
        create: bool = True,
    ) -> Books:
        """Open the books in a database file or URL. With `create`, an empty database is migrated and gets its company first.

        Raises StorageError for a database that cannot be used, Refused NO_COMPANY or WHICH_COMPANY.
        """
        engine = open_engine(url, must_exist=not create)
        books = cls(engine=engine, company=company, plugins=plugins)
        if create:
            books.create(currency=currency, chart=chart, missing_ok=True)
        return books

    def create(self, *, currency: str = "USD", chart: str = "general", name: str | None = None, missing_ok: bool = False) -> None:
        """Migrate the database and make the company. With `missing_ok` an existing company is left unchanged."""
        from wares.storage.revisions import CORE, migrate

        assert self.engine is not None, "a host makes companies through wares.services.company.create_company"
        template = self.plugins.registry.charts.get(chart)
        if template is None:
            raise Refused.because(
                "UNKNOWN_CHART",
                f"there is no chart {chart!r}",
                hint=f"choose {', '.join(self.plugins.registry.charts)}",
            )
        migrate(self.engine, (CORE, *self.plugins.registry.migrations.values()))

        def make(connection: Connection) -> None:
            if missing_ok:
                code = self.company
                statement = "SELECT 1 FROM directory" + (" WHERE code = ?" if code else "") + " LIMIT 1"
                from wares.storage.database import sql

                if sql(connection, statement, (code,) if code else ()).fetchone():
                    return
            code = self.company or "MAIN"
            roles = self.plugins.registry.roles()
            create_company(connection, code=code, name=name or code, currency=currency, chart=template, extra_roles=roles)

        run_writing(self.engine, make)

    def close(self) -> None:
        """Dispose of the engine that `open` made; a host's session stays open."""
        if self.engine is not None:
            self.engine.dispose()

    # --- documents ---------------------------------------------------------------------------------------------------------

    def post(self, type: str, /, **record: Any) -> Posted:
        """Post one document (keys as in INTERFACE.md); the same `key` returns the first result. Raises Refused."""
        return self._post_one({"type": type, **record}, dry_run=False)

    def preview(self, type: str, /, **record: Any) -> Posted:
        """Do everything that `post` does except the write; return the same object with status "preview"."""
        return self._post_one({"type": type, **record}, dry_run=True)

    def post_pending(self, number: str, *, dry_run: bool = False) -> Posted:
        """Post a document that was saved with `pending`; it gets its number now. Refused UNKNOWN_DOCUMENT, NOT_PENDING."""
        from wares.services.drafts import pending_record

        return self._post_made(lambda batch: pending_record(batch, number), dry_run=dry_run)

    def _post_one(self, record: Mapping[str, Any], *, dry_run: bool) -> Posted:
        return self._post_made(lambda _: record, dry_run=dry_run)

    def _post_made(self, make: Callable[[Batch], Mapping[str, Any]], *, dry_run: bool) -> Posted:
        def unit(writing: UnitOfWork) -> Posted:
            batch = writing.batch()
            posted = self.record_documents(writing, batch, [make(batch)], atomic=True)[0]
            assert not isinstance(posted, Refused)
            batch.flush()
            return self._present(posted, writing, "preview" if dry_run else "posted")

        return self.writing(unit, dry_run=dry_run)

    def post_many(
        self, records: Iterable[Mapping[str, Any]], *, atomic: bool = True, dry_run: bool = False
    ) -> list[Posted | Refused]:
        """Post documents in order, in one transaction.

        With `atomic` the first refusal refuses all. Without it refused documents are skipped, and the result has their Refused.
        """

        records = list(records)

        def unit(writing: UnitOfWork) -> list[Posted | Refused]:
            results: list[NewDocument | ExistingDocument | Refused] = []
            for revises, group in groupby(records, _revises):
                if revises and not atomic:
                    results += [writing.apart(partial(self._record_alone, writing, record)) for record in group]
                    continue
                batch = writing.batch()
                results += self.record_documents(writing, batch, list(group), atomic=atomic)
                batch.flush()
            status = "preview" if dry_run else "posted"
            return [each if isinstance(each, Refused) else self._present(each, writing, status) for each in results]

        return self.writing(unit, dry_run=dry_run)

    def _record_alone(self, writing: UnitOfWork, record: Mapping[str, Any]) -> NewDocument | ExistingDocument:
        batch = writing.batch()
        (accepted,) = self.record_documents(writing, batch, [record], atomic=True)
        batch.flush()
        assert not isinstance(accepted, Refused)
        return accepted

    def record_documents(
        self, writing: UnitOfWork, batch: Batch, records: Sequence[Mapping[str, Any]], *, atomic: bool
    ) -> list[NewDocument | ExistingDocument | Refused]:
        """Post records within a unit, in their order; the masters of all are read together. The caller flushes."""
        read_in: list[RecordInput | Refused] = []
        for record in records:
            try:
                read_in.append(self._read(record, writing))
            except Refused as refusal:
                if atomic:
                    raise
                read_in.append(refusal)
        batch.prepare([each for each in read_in if isinstance(each, RecordInput)])
        results: list[NewDocument | ExistingDocument | Refused] = []
        for given in read_in:
            if isinstance(given, Refused):
                results.append(given)
                continue
            try:
                results.append(self._record(given, writing, batch))
            except Refused as refusal:
                if atomic:
                    raise
                results.append(refusal)
        return results

    def _read(self, record: Mapping[str, Any], writing: UnitOfWork) -> RecordInput:
        if not isinstance(record, Mapping):
            raise Refused.because("BAD_RECORD", f"a record is an object, not {type(record).__name__}", hint='{"type": ...}')
        key = record.get("type")
        kind = self.plugins.registry.document_types.get(key) if isinstance(key, str) else None
        if kind is None:
            registry = self.plugins.registry
            hint = ", ".join(sorted(registry.document_types))
            if registry.missing_plugins:
                hint = f"{hint}; not loaded: {'; '.join(registry.missing_plugins.values())}"
            raise Refused.because("UNKNOWN_DOCUMENT_TYPE", f"there is no document type {key!r}", path="type", hint=hint)
        return read_document(record, kind, writing.unit.decimals, today())

    def _record(self, given: RecordInput, writing: UnitOfWork, batch: Batch) -> NewDocument | ExistingDocument:
        from wares.services import drafts

        repeated = batch.repeated(given)
        if repeated is not None:  # before a revision annuls the document that it revises
            return repeated
        if given.pending:
            return drafts.save(batch, given)
        revision = self._annul_for_revision(given, batch) if given.revises else None
        accepted = batch.post(given, revision)
        posted = self._present(accepted, writing, "posted")
        writing.tell(outbox.POSTED, posted, self.plugins.calls.posted)
        if accepted.corrections:
            writing.tell(outbox.COST_CORRECTED, posted, self.plugins.calls.cost_corrected)
        return accepted

    def _annul_for_revision(self, given: RecordInput, batch: Batch) -> Revision | None:
        from wares.services import drafts

        return drafts.annul_for_revision(batch, given)

    def _present(self, accepted: NewDocument | ExistingDocument, writing: UnitOfWork, status: str) -> Posted:
        if isinstance(accepted, ExistingDocument):
            return self.docs.posted_in(writing.unit, accepted.number, accepted.document_id, repeated=accepted.repeated)
        return FreshPosted(accepted, accepted.planned, writing.accounts, writing.unit.decimals, status)

    def void(self, number: str, *, date: str | None = None, dry_run: bool = False) -> None:
        """Annul a posted document in its place, or with `date` reverse it on that day. Raises Refused."""
        self.writing(lambda writing: self.void_within(writing, number, date=date), dry_run=dry_run)

    def void_within(self, writing: UnitOfWork, number: str, *, date: str | None = None) -> None:
        """Void a document as `void` does, within a unit."""
        batch, on = writing.batch(), day(date)
        changes = void_document(batch, number) if on is None else reverse(batch, number, on)
        if self.plugins.calls.has_observers or outbox.is_on(writing.masters.settings):
            standing = self.docs.posted_in(writing.unit, number, find_document(writing.unit, number), repeated=False)
            document = standing.with_corrections(changes)
            writing.tell(outbox.VOIDED, document, self.plugins.calls.voided)
            if changes:
                writing.tell(outbox.COST_CORRECTED, document, self.plugins.calls.cost_corrected)

    @contextmanager
    def recorded(self) -> Iterator[Recorded]:
        """Yield the recorded documents, lines and postings for reading, on one snapshot."""
        with self._reading() as connection, fewer_gc_passes():
            yield Recorded(Reader.open(connection, self._id(connection)))

    def verify(self) -> dict[str, Any]:
        """Check every invariant of the books; return {"ok", "checks": [{"id", "title", "ok", "examined", "first_problem"}]}."""
        from wares.verify import verify

        return self.reading(lambda reader, _: verify(reader, self.plugins.registry))

    def load(self, records: Iterable[Mapping[str, Any]], **options: Any) -> LoadReport:
        """Record masters and documents in order; see `wares.loading.load`."""
        from wares.loading import load

        return load(self, records, **options)


@lru_cache(maxsize=1)
def default_plugins() -> Plugins:
    """Return the plugins of this process, loaded once, on first use."""
    return load_plugins()
