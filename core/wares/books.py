"""Books: one company's items, documents, stock and ledger, for a program or a host application.

`Books.open(url)` is for a program of its own: each call is one transaction, which is retried as a whole on a conflict.
`Books(session)` works inside a host's transaction: it flushes, and never commits, rolls back, closes or opens a connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

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
from wares.model import CostChange, Posted
from wares.plugin_manager.loader import Plugins, load_plugins
from wares.posting.batch import Batch
from wares.recorded import Recorded
from wares.runtime.gc_pauses import fewer_gc_passes
from wares.services import drafts, recorder
from wares.services.company import create_company, has_company
from wares.services.dates import day
from wares.services.transactions import Transactions
from wares.services.unit_of_work import UnitOfWork
from wares.storage.commits import run_in_transaction, run_writing
from wares.storage.database import open_engine
from wares.values import JsonObject, Record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wares.loading import LoadReport

__all__ = ["Books", "UnitOfWork", "run_in_transaction"]

MAKERS_AT_ONCE = 100
"""Attempts at making a company: of those who make one at the same moment one succeeds, and the others try again."""


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
        from wares.storage.migration_source import CORE
        from wares.storage.revisions import migrate

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
            if missing_ok and has_company(connection, self.company):
                return
            code = self.company or "MAIN"
            roles = self.plugins.registry.roles()
            create_company(connection, code=code, name=name or code, currency=currency, chart=template, extra_roles=roles)

        run_writing(self.engine, make, attempts=MAKERS_AT_ONCE)

    def close(self) -> None:
        """Dispose of the engine that `open` made; a host's session stays open."""
        if self.engine is not None:
            self.engine.dispose()

    # --- documents ---------------------------------------------------------------------------------------------------------

    def post(self, type: str, /, **record: object) -> Posted:
        """Post one document (keys: the `header_keys` and `line_keys` of its type); the same `key` returns the first result.
        Raises Refused."""
        return self._post_one({"type": type, **record}, dry_run=False)

    def preview(self, type: str, /, **record: object) -> Posted:
        """Do everything that `post` does except the write; return the same object with status "preview"."""
        return self._post_one({"type": type, **record}, dry_run=True)

    def post_pending(self, number: str, *, dry_run: bool = False) -> Posted:
        """Post a document that was saved with `pending`; a draft gets its number now. Refused UNKNOWN_DOCUMENT, NOT_PENDING."""
        return self._post_made(lambda batch: drafts.pending_record(batch, number), dry_run=dry_run)

    def discard(self, number: str, *, dry_run: bool = False) -> None:
        """Delete a document that was saved with `pending` and is not to be posted. Refused UNKNOWN_DOCUMENT, NOT_PENDING."""
        self.writing(lambda work: drafts.discard(work.batch(), number), dry_run=dry_run)

    def _post_one(self, record: Mapping[str, object], *, dry_run: bool) -> Posted:
        return self._post_made(lambda _: record, dry_run=dry_run)

    def _post_made(self, make: Callable[[Batch], Mapping[str, object]], *, dry_run: bool) -> Posted:
        status = "preview" if dry_run else "posted"
        return self.writing(lambda work: recorder.record_one(work, make, status=status), dry_run=dry_run)

    def post_many(
        self, records: Iterable[Mapping[str, object]], *, atomic: bool = True, dry_run: bool = False
    ) -> list[Posted | Refused]:
        """Post documents in order, in one transaction. With `atomic` the first refusal refuses all; without, refused documents
        are skipped and stand as their Refused in the result."""
        records = list(records)
        status = "preview" if dry_run else "posted"
        return self.writing(lambda work: recorder.record_many(work, records, atomic=atomic, status=status), dry_run=dry_run)

    def void(self, number: str, *, date: str | None = None, dry_run: bool = False) -> Sequence[CostChange]:
        """Annul a posted document in its place; with `date`, reverse it on that day. Returns the changes in the cost of other
        documents (`docs.corrections` names them). Raises Refused."""
        on = day(date)
        return self.writing(lambda work: recorder.void_document(work, number, day=on), dry_run=dry_run)

    def record_documents(
        self, writing: UnitOfWork, batch: Batch, records: Sequence[Mapping[str, object]], *, atomic: bool
    ) -> list[recorder.RecordedNow | Refused]:
        """Post records within a unit, in their order; those of one call are read for together. The caller flushes the batch."""
        return recorder.record_documents(writing, batch, records, atomic=atomic)

    def void_within(self, writing: UnitOfWork, number: str, *, date: str | None = None) -> None:
        """Void a document within a unit."""
        recorder.void_document(writing, number, day=day(date))

    @contextmanager
    def recorded(self) -> Iterator[Recorded]:
        """Yield the recorded documents, lines and postings for reading, on one snapshot.

        In a host's session without a snapshot, Conflict SNAPSHOT_NEEDED at the end if others wrote meanwhile.
        """
        with self.reader() as reader, fewer_gc_passes():
            yield Recorded(reader)

    def verify(self, *, seal: str | None = None, progress: Callable[[int], None] | None = None) -> JsonObject:
        """Check every invariant: {"ok", "checks": [{"id", "title", "ok", "examined", "first_problem"}], "not_checked", "unsealed"}.

        `seal` is a seal kept outside the books (`gl.seal`), which must be found in them. `progress` is called with 1 after each
        check.
        """
        from wares.verify import verify

        return self.reading(lambda reader, _: verify(reader, self.plugins.registry, seal=seal, progress=progress))

    def load(self, records: Iterable[Record], **options: Any) -> LoadReport:
        """Record masters and documents in order; see `wares.loading.load`."""
        from wares.loading import load

        return load(self, records, **options)


@lru_cache(maxsize=1)
def default_plugins() -> Plugins:
    """Return the plugins of this process, loaded once, on first use."""
    return load_plugins()
