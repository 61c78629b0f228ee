"""The pipeline: one document from record to rows, read from top to bottom.

    record → expand → price → move → cost → map → post

Each stage is one module. The stages record, expand and price return values. From move on they fill one `NewDocument`: cost sets
the values of its moves, and map reads them. The batch holds the rows that were read and those that will be written. Posting one
document is posting a batch of one: `prepare.py` reads for the whole batch before its first document, and `Batch.flush` writes
after its last (earlier if a late document must read). A refusal at any stage leaves no trace.
"""

from __future__ import annotations

from wares.documents.expand import expand
from wares.documents.price import price
from wares.documents.record import RecordInput
from wares.posting.batch import Batch
from wares.posting.cost import cost
from wares.posting.map import map
from wares.posting.move import move
from wares.posting.post import post
from wares.posting.record import record
from wares.posting.result import NewDocument, Revision


def post_document(batch: Batch, given: RecordInput, revision: Revision | None = None) -> NewDocument:
    """Post one document into the batch. Raises Refused and leaves no trace."""
    resolved = record(batch, given, revision)
    expanded = expand(resolved.lines, resolved.ctx, batch.calls.expand_line, batch.calls.type_of)
    document = price(expanded, resolved.ctx, batch.calls.price_line)
    moved = move(batch, resolved, document, revision)
    costed = cost(batch, moved)
    try:
        mapped = map(batch, moved)
    except BaseException:
        costed.undo()
        raise
    accepted = post(batch, moved, costed, mapped)
    if batch.calls.tables.has_learners:
        batch.facts = batch.calls.tables.accepted(accepted.frozen(), batch.facts)
    return accepted
