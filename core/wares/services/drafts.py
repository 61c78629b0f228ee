"""Drafts: documents that are saved and post nothing until they are posted."""

from __future__ import annotations

import json

from wares.documents.record import RecordInput
from wares.errors import Refused
from wares.posting.batch import Batch
from wares.posting.identity import canonical
from wares.posting.result import ExistingDocument
from wares.posting.write import document_row
from wares.storage import tables as t
from wares.values import day_of


def save(batch: Batch, given: RecordInput) -> ExistingDocument:
    """Save a document, which posts nothing until `docs post NO`."""
    unit, ws = batch.unit, batch.ws
    batch.identities.check(given)
    party = batch.masters.party(given.party, "party") if given.party else None
    number, issued = (given.number, None) if given.number else ws.numbers.next("draft", "DRAFT")
    if issued is not None:
        ws.numbers.take("draft")
    document_id = unit.take_id()
    body_hash = batch.identities.take(given, document_id, number, with_reference=False)
    ws.rows[t.document].append(
        document_row(
            company_id=unit.company_id, document_id=document_id, type=given.type.key, number=number, issued=issued,
            revision=batch.identities.first_revision(number), status="pending", effective_at=given.effective_at,
            sequence=unit.take_sequence(), date=day_of(given.effective_at), due=given.due, party_id=party.id if party else None,
            location_id=batch.masters.main_location().id, reference=given.reference, currency=unit.head.currency,
            goods=given.goods or "now", memo=given.memo, key=given.key, body_hash=body_hash, recorded_at=unit.recorded_at,
            record=canonical(given.record),
        )
    )  # fmt: skip
    batch.flush()
    return ExistingDocument(document_id, number)


def discard(batch: Batch, number: str) -> None:
    """Delete a pending document for good; its number is free again. Refused UNKNOWN_DOCUMENT, NOT_PENDING."""
    pending_record(batch, number)


def pending_record(batch: Batch, number: str) -> dict[str, object]:
    """Delete a pending document, to be posted or discarded; return its record. Refused UNKNOWN_DOCUMENT, NOT_PENDING."""
    unit = batch.unit
    row = unit.row(
        "SELECT document_id, status, record FROM wares_document WHERE company_id = ? AND number = ? ORDER BY revision DESC LIMIT 1",
        number,
    )
    if row is None:
        raise Refused.because("UNKNOWN_DOCUMENT", f"there is no document {number!r}", where=number, hint="wares docs list")
    if row[1] != "pending":
        hint = "only a pending document is posted or discarded so"
        raise Refused.because("NOT_PENDING", f"{number} is {row[1]}", where=number, hint=hint)
    record: dict[str, object] = json.loads(row[2])
    unit.run("DELETE FROM wares_document WHERE company_id = ? AND document_id = ?", row[0])
    record.pop("pending", None)
    return record
