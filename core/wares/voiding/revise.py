"""Revisions: a posted document is annulled, to be recorded again under its number."""

from __future__ import annotations

from wares.documents.record import RecordInput
from wares.errors import Refused
from wares.posting.batch import Batch
from wares.posting.result import Revision
from wares.voiding.void import Annulment


def annul_for_revision(batch: Batch, given: RecordInput) -> Revision:
    """Annul the document that this one revises; return the facts that the new revision keeps of it."""
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
    batch.identities.release_reference(given, number)
    return Revision(number, row[2], row[3], row[4], row[5] + 1, replaced)
