"""The stage "post": the number is taken, and document, entry and values go into the buffers of the batch."""

from __future__ import annotations

from wares.posting.batch import Batch
from wares.posting.cost import Costed
from wares.posting.inventory_accounts import change_accounts
from wares.posting.map import Mapped
from wares.posting.move import Moved, first_sequence
from wares.posting.result import NewDocument
from wares.posting.write import DocumentWriter


def post(batch: Batch, moved: Moved, costed: Costed, mapped: Mapped) -> NewDocument:
    """Write a document that is costed and mapped; its rows wait for the flush of the batch."""
    accepted, header = moved.document, moved.document.planned.header
    accepted.postings = mapped.postings
    if accepted.issued is not None and moved.revision is None:
        batch.ws.numbers.take(header.type.key)
    if accepted.postings or any(move.variance or move.value for move in accepted.moves):
        accepted.entry_id, accepted.entry_number = batch.unit.take_id(), batch.unit.take_entry_number()
    costed.write(DocumentWriter(batch, accepted))
    if mapped.account_changes:
        change_accounts(batch.ws, mapped.account_changes, header, accepted.document_id, first_sequence(accepted.sequence))
    return accepted
