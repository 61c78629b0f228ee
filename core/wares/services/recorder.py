"""Recording: records become documents within a unit of work, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from itertools import groupby

from wares.documents.record import RecordInput, read_document
from wares.errors import Refused
from wares.model import CostChange, Posted
from wares.posting.batch import Batch
from wares.posting.fresh import FreshPosted
from wares.posting.pipeline import post_document
from wares.posting.prepare import prepare
from wares.posting.result import ExistingDocument, NewDocument
from wares.reports.documents import as_posted, find_document
from wares.services import drafts, outbox
from wares.services.unit_of_work import UnitOfWork
from wares.values import Record, today
from wares.voiding.reverse import reverse
from wares.voiding.revise import annul_for_revision
from wares.voiding.void import void

RecordedNow = NewDocument | ExistingDocument
"""A document that was accepted now, or that the tables hold already."""


def record_one(work: UnitOfWork, make: Callable[[Batch], Mapping[str, object]], *, status: str) -> Posted:
    """Record the document that `make` gives, and write it. Raises Refused."""
    batch = work.batch()
    (recorded,) = record_documents(work, batch, [make(batch)], atomic=True)
    assert not isinstance(recorded, Refused)
    batch.flush()
    return present(work, recorded, status)


def record_many(work: UnitOfWork, records: Sequence[Mapping[str, object]], *, atomic: bool, status: str) -> list[Posted | Refused]:
    """Record documents and write them: those between revisions in one batch, a revision in one of its own."""
    results: list[RecordedNow | Refused] = []
    for revises, group in groupby(records, _revises):
        if revises and not atomic:
            results += [work.apart(partial(record_alone, work, record)) for record in group]
            continue
        batch = work.batch()
        results += record_documents(work, batch, list(group), atomic=atomic, before=len(results), of=len(records))
        batch.flush()
    return [each if isinstance(each, Refused) else present(work, each, status) for each in results]


def record_alone(work: UnitOfWork, record: Mapping[str, object]) -> RecordedNow:
    """Record one document in a batch of its own, and write it. Raises Refused."""
    batch = work.batch()
    (recorded,) = record_documents(work, batch, [record], atomic=True)
    batch.flush()
    assert not isinstance(recorded, Refused)
    return recorded


def record_documents(
    work: UnitOfWork, batch: Batch, records: Sequence[Record], *, atomic: bool, before: int = 0, of: int = 0
) -> list[RecordedNow | Refused]:
    """Record documents in their order; those of one call are read for together. The caller flushes the batch.

    With `atomic` the first refusal is raised, and names its record where there are several (`of`, with `before` of them in
    earlier calls); without, a refused document stands as its Refused in the result.
    """
    given: list[RecordInput | Refused] = []
    day = today()
    for number, record in enumerate(records, 1 + before):
        try:
            given.append(_read(work, record, day))
        except Refused as refusal:
            if atomic:
                raise _naming(refusal, number, max(of, len(records))) from refusal
            given.append(refusal)
    prepare(batch, [each for each in given if isinstance(each, RecordInput)])
    results: list[RecordedNow | Refused] = []
    for number, each in enumerate(given, 1 + before):
        if isinstance(each, Refused):
            results.append(each)
            continue
        try:
            results.append(_record(work, batch, each))
        except Refused as refusal:
            if atomic:
                raise _naming(refusal, number, max(of, len(records))) from refusal
            results.append(refusal)
    return results


def _naming(refusal: Refused, number: int, of: int) -> Refused:
    """Return the refusal of the record with this number, named by each issue if it is one of several."""
    if of < 2:
        return refusal
    name = f"record {number}"
    return Refused([replace(issue, where=f"{name}, {issue.where}" if issue.where else name) for issue in refusal.issues])


def present(work: UnitOfWork, recorded: RecordedNow, status: str) -> Posted:
    """Return the result of posting for a recorded document."""
    if isinstance(recorded, ExistingDocument):
        return as_posted(work.unit, recorded.number, recorded.document_id, repeated=recorded.repeated)
    return FreshPosted(recorded, recorded.planned, work.accounts, work.unit.decimals, status)


def void_document(work: UnitOfWork, number: str, *, day: int | None) -> Sequence[CostChange]:
    """Annul a posted document in its place, or reverse it on `day`; tell observers and the outbox.

    Returns the changes in the cost of other documents. Raises Refused.
    """
    batch, calls = work.batch(), work.plugins.calls
    changes = void(batch, number) if day is None else reverse(batch, number, day)
    if work.is_heard:
        document = as_posted(work.unit, number, find_document(work.unit, number), repeated=False).with_corrections(changes)
        work.tell(outbox.VOIDED, document, calls.events.voided)
        if changes:
            work.tell(outbox.COST_CORRECTED, document, calls.events.cost_corrected)
    return changes


def _revises(record: object) -> bool:
    return isinstance(record, Mapping) and bool(record.get("revises"))


def _read(work: UnitOfWork, record: Mapping[str, object], day: int) -> RecordInput:
    if not isinstance(record, Mapping):
        raise Refused.because("BAD_RECORD", f"a record is an object, not {type(record).__name__}", hint='{"type": ...}')
    registry, key = work.plugins.registry, record.get("type")
    kind = registry.document_types.get(key) if isinstance(key, str) else None
    if kind is None:
        hint = ", ".join(sorted(registry.document_types))
        if registry.missing_plugins:
            hint = f"{hint}; not loaded: {'; '.join(registry.missing_plugins.values())}"
        raise Refused.because("UNKNOWN_DOCUMENT_TYPE", f"there is no document type {key!r}", path="type", hint=hint)
    return read_document(record, kind, work.unit.decimals, day)


def _record(work: UnitOfWork, batch: Batch, given: RecordInput) -> RecordedNow:
    repeated = _repeated(batch, given)
    if repeated is not None:  # before a revision annuls the document that it revises
        return repeated
    if given.pending:
        return drafts.save(batch, given)
    revision = annul_for_revision(batch, given) if given.revises else None
    accepted = post_document(batch, given, revision)
    if work.is_heard:
        posted = present(work, accepted, "posted")
        work.tell(outbox.POSTED, posted, work.plugins.calls.events.posted)
        if accepted.corrections:
            work.tell(outbox.COST_CORRECTED, posted, work.plugins.calls.events.cost_corrected)
    return accepted


def _repeated(batch: Batch, given: RecordInput) -> RecordedNow | None:
    """Return the document that the record's idempotency key recorded, if any. Refused KEY_REUSED."""
    known = batch.identities.known(given)
    if known is None:
        return None
    found = next((each for each in batch.accepted if each.document_id == known.document_id), None)
    if found is None:
        return ExistingDocument(known.document_id, known.number, repeated=True)
    again = copy(found)
    again.repeated = True
    return again
