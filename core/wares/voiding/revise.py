"""Revise: a posted document is annulled in its place, to be recorded again under its number."""

from __future__ import annotations

from wares.documents.record import RecordInput
from wares.errors import Refused
from wares.posting.batch import Batch
from wares.posting.result import Revision
from wares.voiding.void import Annulment


def annul_for_revision(batch: Batch, given: RecordInput) -> Revision:
    """Annul the document that a record revises; return the facts of it that the new revision keeps.

    Refused UNKNOWN_DOCUMENT, WRONG_TYPE, WRONG_NUMBER, IS_OPEN_ITEM, and as `void` is.
    """
    number = given.revises or ""
    batch.flush()
    row = batch.unit.row(
        "SELECT document_id, type, issued, sequence, effective_at, revision, status, parent_id FROM wares_document "
        "WHERE company_id = ? AND number = ? ORDER BY revision DESC LIMIT 1",
        number,
    )
    if row is None:
        raise Refused.because("UNKNOWN_DOCUMENT", f"there is no document {number!r}", path="revises", hint="wares docs list")
    _, type, issued, sequence, effective_at, revision, status, parent_id = row
    if type != given.type.key:
        raise Refused.because("WRONG_TYPE", f"{number} is a {type}", path="type", hint="a revision keeps the type")
    if given.number is not None and given.number != number:
        raise Refused.because("WRONG_NUMBER", "a revision keeps its number", path="number", hint="leave number out")
    if parent_id is not None and status == "posted":
        message = f"{number} was brought in by an opening balance, and is no document of its own"
        raise Refused.because("IS_OPEN_ITEM", message, path="revises", hint="edit the opening balance, or void the open item")
    replaced = Annulment(batch, number, "replaced")
    batch.identities.release_reference(given, number)
    return Revision(number, issued, sequence, effective_at, revision + 1, replaced)
