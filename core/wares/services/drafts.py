"""Documents saved without posting, and edits: annul and record again under the same number."""

from __future__ import annotations

import json
from typing import Any

from wares.documents.record import RecordInput
from wares.errors import Refused
from wares.posting.batch import Batch
from wares.posting.plan import canonical
from wares.posting.result import ExistingDocument, Revision
from wares.posting.write import body_hash_of
from wares.storage import tables as t
from wares.values import ONE_FOR_ONE, day_of
from wares.voiding.void import Annulment


def save(batch: Batch, given: RecordInput) -> ExistingDocument:
    """Save a document that posts nothing until `docs post NO`."""
    unit, ws = batch.unit, batch.ws
    batch.check_identity(given)
    party = batch.masters.party(given.party, "party") if given.party else None
    number, issued = (given.number, None) if given.number else ws.next_number("draft", "DRAFT")
    if issued is not None:
        ws.take_number("draft")
    document_id = unit.take_id()
    day = day_of(given.effective_at)
    ws.rows[t.document].append((
        unit.company_id, document_id, given.type.key, number, 1, issued, "pending", given.effective_at, unit.take_sequence(), day,
        given.due, party.id if party else None, batch.masters.main_location().id, None, given.reference, None,
        unit.head.currency, ONE_FOR_ONE, given.goods or "now", 0, 0, None, given.memo, given.key,
        body_hash_of(given.record) if given.key else None, unit.recorded_at, None, canonical(given.record),
    ))  # fmt: skip
    batch.numbers.add(number)
    if given.key:
        batch.keys[given.key] = (document_id, number, body_hash_of(given.record))
    batch.flush()
    return ExistingDocument(document_id, number)


def pending_record(batch: Batch, number: str) -> dict[str, Any]:
    """Take a pending document out again, to be posted: its record. Refused UNKNOWN_DOCUMENT, NOT_PENDING."""
    unit = batch.unit
    row = unit.row("SELECT document_id, status, record FROM document WHERE company_id = ? AND number = ?", number)
    if row is None:
        raise Refused.because("UNKNOWN_DOCUMENT", f"there is no document {number!r}", where=number, hint="wares docs list")
    if row[1] != "pending":
        raise Refused.because("NOT_PENDING", f"{number} is {row[1]}", where=number, hint="only a pending document is posted so")
    record: dict[str, Any] = json.loads(row[2])
    unit.run("DELETE FROM document WHERE company_id = ? AND document_id = ?", row[0])
    record.pop("pending", None)
    return record


def annul_for_revision(batch: Batch, given: RecordInput) -> Revision:
    """Annul the document that this one revises; what the new revision keeps of it."""
    number = given.revises or ""
    batch.flush()
    row = batch.unit.row(
        "SELECT document_id, type, issued, sequence, effective_at, revision, status FROM document WHERE company_id = ? "
        "AND number = ? ORDER BY revision DESC LIMIT 1",
        number,
    )
    if row is None:
        raise Refused.because("UNKNOWN_DOCUMENT", f"there is no document {number!r}", path="revises", hint="wares docs list")
    if row[1] != given.type.key:
        raise Refused.because("WRONG_TYPE", f"{number} is a {row[1]}", path="type", hint="a revision keeps the type")
    if given.number is not None and given.number != number:
        raise Refused.because("WRONG_NUMBER", "a revision keeps its number", path="number", hint="leave number out")
    replaced = Annulment(batch, number, "replaced")
    key = batch.reference_key(given)
    if key is not None and batch.references.get(key) == number:
        del batch.references[key]
    return Revision(number, row[2], row[3], row[4], row[5] + 1, replaced)
