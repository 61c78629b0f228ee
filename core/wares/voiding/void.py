"""Void: a posted document is annulled in its place.

Entries are mirrored on their own dates (or on the first open day), and moves at the same instant and sequence. Costing skips each
pair, so that later documents are costed as if the document had never been.
"""

from __future__ import annotations

from wares.posting.batch import Batch
from wares.posting.correction_entries import write_corrections
from wares.posting.inventory_accounts import refuse_before
from wares.recosting import Changes, Recosting
from wares.storage.tables import STANDING
from wares.voiding.mirror import mirror_entries, mirror_moves
from wares.voiding.parts import annul_costs, costs_taken_back
from wares.voiding.release import release
from wares.voiding.requirements import require_alone, require_no_added_costs, require_open


class Annulment:
    """A released document whose moves and entries are not mirrored yet.

    `fallen` are the ids of the document and of its open items. `removed` (ids of its moves) and `facts` (the opposite of the costs
    that it added) are for the recosting, which also takes the moves of a document that replaces it. `write` mirrors moves and
    entries.
    """

    def __init__(self, batch: Batch, number: str, status: str) -> None:
        """Check that the document may go, and release it. Refused as by the functions of `requirements`."""
        batch.flush()
        unit = batch.unit
        self.batch = batch
        self.document = require_alone(batch, number)
        require_open(unit, self.document)
        moves = unit.rows(
            f"SELECT m.move_id, m.pool_id, m.date FROM wares_move m WHERE m.company_id = ? AND m.document_id = ? AND {STANDING}",
            self.document.id,
        )
        hint = "void it with a date: a reversal"
        refuse_before(unit, [(pool_id, day) for _, pool_id, day in moves], where=number, hint=hint)
        require_no_added_costs(unit, self.document)
        self.removed: list[int] = [row[0] for row in moves]
        self.facts: list[tuple[int, int, int]] = [*costs_taken_back(unit, self.document)]
        self.fallen = release(batch, self.document, status)
        batch.flush()
        batch.forget_origins()  # the lines that it had fulfilled are open again

    def write(self) -> None:
        """Mirror moves and entries: after the recosting has run, and before it writes."""
        mirrors = mirror_moves(self.batch, self.removed)
        mirror_entries(self.batch, self.document, self.fallen, mirrors)
        annul_costs(self.batch.unit, self.document)


def void(batch: Batch, number: str) -> Changes:
    """Annul a document in its place; return the changes of cost in later documents.

    Refused unless the document stands alone, its period is open and its goods are still there.
    """
    annulment = Annulment(batch, number, "void")
    recosting = Recosting(batch.unit, batch.ws, batch.registry, batch.masters)
    changes = recosting.run(removed=annulment.removed, facts=annulment.facts)
    annulment.write()
    recosting.write()
    write_corrections(batch, annulment.document.id, changes, annulment.document.type)
    batch.flush()
    batch.ws.forget(recosting.item_ids)
    return changes
