"""The stage "cost": every move of a document gets its value, at the end of its pool or by recosting the moves after it.

`cost` computes. `Costed.write`, which the stage post calls, writes the document, its values and the correction entries;
`undo` takes the values back. A late document first flushes the documents before it.
"""

from __future__ import annotations

from typing import Protocol

from wares.errors import Refused
from wares.inventory.backdating import reaches_elsewhere
from wares.model import PLANNED_AT_ORIGIN_COST, Intent
from wares.posting.append import AppendCosting, StockAfter, check_stock
from wares.posting.batch import Batch
from wares.posting.correction_entries import write_corrections
from wares.posting.inventory_accounts import refuse_before
from wares.posting.move import Moved
from wares.posting.write import DocumentWriter
from wares.recosting import Changes, Recosting
from wares.storage import tables as t
from wares.values import MAX_MONEY


class Costed(Protocol):
    """A document whose moves have values that are not written yet."""

    def undo(self) -> None:
        """Put every pool back to the state before the document."""

    def write(self, writer: DocumentWriter) -> None:
        """Write the document, its values, and the corrections that it causes."""


def cost(batch: Batch, moved: Moved) -> Costed:
    """Value every move of a document. Raises Refused and leaves no trace."""
    costed = _recost(batch, moved) if _acts_earlier(batch, moved) else _append(batch, moved)
    for move in moved.document.moves:
        if abs(move.value) > MAX_MONEY:
            costed.undo()
            line = moved.allocator.lines.get(move.planned.line)
            message = f"so much {move.planned.item.sku} is worth more than Wares keeps"
            raise Refused.because("TOO_LARGE", message, path=line.path if line is not None else "")
    return costed


def _acts_earlier(batch: Batch, moved: Moved) -> bool:
    """True if a move stands before the end of its pool, or if its value depends on moves that are not in the working set: a cost
    transferred with goods that came back, a return of goods some of whose returns were undone, or that came back before and may
    have been issued before they were there."""
    moves, allocator = moved.document.moves, moved.allocator
    if moved.revision is not None or moved.facts:
        return True
    seen: set[int] = set()
    for move in moves:
        pool = move.pool
        if move.at <= pool.last_at and (move.at, move.sequence) <= (pool.last_at, pool.last_sequence):
            return True
        if move.planned.intent in PLANNED_AT_ORIGIN_COST:
            origin = allocator.origin_move(move.planned.origin or 0)
            if origin.ever_taken != origin.taken_back + origin.passed_on:
                return True
            if origin.short and (origin.taken_back or origin.id in seen):
                return True
            seen.add(origin.id)
            if origin.quantity > 0 and move.planned.intent is Intent.COST_TRANSFERRED:
                return True
    return allocator.by_location and reaches_elsewhere(batch.ws, moves, allocator.origin_move, batch.flush)


# --- at the end of the pools -----------------------------------------------------------------------------------------


def _append(batch: Batch, moved: Moved) -> Costed:
    stock = check_stock(batch.ws, moved.document.moves, moved.allocator.lines)
    costing = _appended(batch, moved)
    if costing.covers:
        costing.rollback()
        batch.flush()
        if _are_passed_on(batch, costing.covers):
            return _recost(batch, moved)
        costing = _appended(batch, moved)
    return _Appended(batch, moved, costing, stock)


def _appended(batch: Batch, moved: Moved) -> AppendCosting:
    costing = AppendCosting(batch.ws, moved.allocator.methods, moved.allocator.lines, moved.allocator.origin_move)
    try:
        costing.cost(moved.document.moves)
    except BaseException:
        costing.rollback()
        raise
    return costing


def _are_passed_on(batch: Batch, issues: set[int]) -> bool:
    """True if a document transferred the cost of an issue that is covered now: recosting follows it there."""
    links = f"SELECT 1 FROM wares_move_link WHERE company_id = ? AND {batch.unit.among('origin_id')} LIMIT 1"
    return batch.unit.row(links, batch.unit.listed(sorted(issues))) is not None


class _Appended:
    """A document costed at the end of its pools."""

    def __init__(self, batch: Batch, moved: Moved, costing: AppendCosting, stock: StockAfter) -> None:
        self.batch = batch
        self.moved = moved
        self.costing = costing
        self.stock = stock

    def undo(self) -> None:
        self.costing.rollback()

    def write(self, writer: DocumentWriter) -> None:
        batch, ws, accepted = self.batch, self.batch.ws, self.moved.document
        self.costing.write()
        ws.pools.on_hand.update(self.stock.on_hand)
        ws.pools.lot_on_hand.update(self.stock.of_lots)
        writer.write()
        for move in accepted.moves:
            move.pool.last_at, move.pool.last_sequence = move.key
            ws.touch(move.pool)
        if self.costing.covers:
            batch.flush()
            covered = accepted.corrections = self.costing.covered()
            write_corrections(batch, accepted.document_id, covered, accepted.planned.header.type.key)
            batch.origins.clear()


# --- before the end of the pools -------------------------------------------------------------------------------------


def _recost(batch: Batch, moved: Moved) -> Costed:
    batch.flush()
    moves, lines = moved.document.moves, moved.allocator.lines
    hint = "date it then or later"
    refuse_before(batch.unit, [(move.pool.id, move.day) for move in moves], path="date", hint=hint)
    recosting = Recosting(batch.unit, batch.ws, batch.registry, batch.masters)
    recosting.paths = {move.id: lines[move.planned.line].path for move in moves if move.planned.line in lines}
    facts = [(fact.move_id, fact.amount, account.id) for fact, account in moved.facts]
    replaced = moved.revision.replaced if moved.revision is not None else None
    if replaced is not None:
        facts += replaced.facts
    removed = replaced.removed if replaced is not None else ()
    changes = moved.document.corrections = recosting.run(new=moves, removed=removed, facts=facts)
    return _Recosted(batch, moved, recosting, changes)


class _Recosted:
    """A document whose pools were replayed from its first move on."""

    def __init__(self, batch: Batch, moved: Moved, recosting: Recosting, changes: Changes) -> None:
        self.batch = batch
        self.moved = moved
        self.recosting = recosting
        self.changes = changes

    def undo(self) -> None:
        """Nothing to put back: the replay works on states of its own."""

    def write(self, writer: DocumentWriter) -> None:
        batch, ws, moved, accepted = self.batch, self.batch.ws, self.moved, self.moved.document
        if moved.revision is not None:
            moved.revision.replaced.write()
        writer.write()
        for fact, account in moved.facts:
            ws.rows[t.value_fact].append(
                (batch.unit.company_id, batch.unit.take_id(), fact.move_id, accepted.document_id, accepted.line_ids.get(fact.line),
                 fact.kind, fact.amount, account.id, 0)
            )  # fmt: skip
        self.recosting.write()
        write_corrections(batch, accepted.document_id, self.changes, accepted.planned.header.type.key)
        batch.flush()
        ws.forget(self.recosting.item_ids)
        batch.origins.clear()  # the values of their goods may have changed
