"""Reverse: a posted document is taken back on a later day, by a document of its own.

The reversal mirrors the original's postings on that day, its goods come back or go out as linked returns, and the costs that it
added to other receipts no longer count. Everything before that day stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wares.errors import Refused
from wares.inventory.move import NewMove
from wares.model import Intent, OriginDocument
from wares.posting.batch import Batch
from wares.posting.correction_entries import write_corrections
from wares.posting.inventory_accounts import refuse_before
from wares.recosting import Changes, Recosting
from wares.values import iso_day
from wares.voiding.method_changes import change_methods_back
from wares.voiding.parts import annul_costs, costs_taken_back
from wares.voiding.posted_moves import REVALUATIONS, PostedMove, posted_moves
from wares.voiding.release import release
from wares.voiding.requirements import require_alone, require_no_added_costs
from wares.voiding.returned_goods import Returned, opposite_values, return_goods, values_of_return
from wares.voiding.reversal import Reversal, ReversalMoves, TakenBack
from wares.voiding.reversal_rows import write_document, write_entry, write_lines, write_moves, write_values


class _Plan(NamedTuple):
    """The moves of a reversal."""

    returned: list[Returned]
    revaluations: list[PostedMove]
    """Posted revaluations, which are mirrored: recosting takes their value from the stock or the sales where it rests now."""
    methods: list[NewMove]
    """Moves that change the method of pools back."""


def reverse(batch: Batch, number: str, day: int) -> Changes:
    """Reverse a posted document on `day`; return the changes of cost in later documents. Raises Refused as `void` does."""
    batch.flush()
    document = require_alone(batch, number, undone_may_stay=True)
    require_no_added_costs(batch.unit, document)
    _require_day(batch, document, day)
    reversal = Reversal.of(batch, document, day)
    moves = ReversalMoves(batch, reversal)
    plan = _planned(moves)
    costs = costs_taken_back(batch.unit, document)
    _require_accounts(batch, reversal, plan)
    recosting = Recosting(batch.unit, batch.ws, batch.registry, batch.masters)
    recosting.takes_back = number
    new = [*[each.move for each in plan.returned], *plan.methods]
    changes = recosting.run(new=new, removed=[each.id for each in plan.revaluations], facts=costs)
    _correct_values(plan.returned, changes)
    _write(batch, reversal, plan, _taken_back(moves, plan))
    annul_costs(batch.unit, document)
    release(batch, document, "reversed")
    recosting.write()
    write_corrections(batch, reversal.id, changes, document.type, not_before=day)
    batch.flush()
    batch.ws.forget(recosting.item_ids)
    batch.forget_origins()
    return changes


def _require_day(batch: Batch, document: OriginDocument, day: int) -> None:
    """Require an open day on or after that of the document. Refused PERIOD_CLOSED, BEFORE_ORIGIN."""
    if day <= batch.unit.head.closed_through:
        closed = iso_day(batch.unit.head.closed_through)
        raise Refused.because("PERIOD_CLOSED", f"the books are closed through {closed}", path="date", hint="choose a later day")
    if day < document.day:
        hint = f"reverse it on {iso_day(document.day)} or later"
        raise Refused.because("BEFORE_ORIGIN", f"{document.number} stands on {iso_day(document.day)}", path="date", hint=hint)


def _require_accounts(batch: Batch, reversal: Reversal, plan: _Plan) -> None:
    """Require that no pool of the document came to its present account after the day. Refused BEFORE_RECLASSIFICATION."""
    pools = {each.posted.pool_id for each in plan.returned} | {each.pool_id for each in plan.revaluations}
    pools |= {move.pool.id for move in plan.methods}
    hint = "reverse it on that day or later"
    moves = [(pool_id, reversal.day) for pool_id in pools]
    refuse_before(batch.unit, moves, where=reversal.original.number, path="date", hint=hint)


def _planned(moves: ReversalMoves) -> _Plan:
    posted = posted_moves(moves.batch.unit, moves.reversal.original)
    goods = [each for each in posted if each.quantity or each.intent in (Intent.COST_TRANSFERRED, Intent.COUNTED)]
    revaluations = [each for each in posted if each.intent in REVALUATIONS]
    methods = [each for each in posted if each.intent == Intent.METHOD_CHANGED]
    return _Plan(return_goods(moves, goods), revaluations, list(change_methods_back(moves, methods)))


def _correct_values(returned: Iterable[Returned], changes: Changes) -> None:
    """Add the changes that the reversal causes in its own original: a cover of negative stock that is not needed any more."""
    by_id = {each.posted.id: each.posted for each in returned}
    for move_id, *_, counter, difference in changes.rows():
        if move_id in by_id:
            values = by_id[move_id].values
            values[counter] = values.get(counter, 0) + difference


def _taken_back(moves: ReversalMoves, plan: _Plan) -> list[TakenBack]:
    """Return all posted moves with a value to take back. The moves have their values: recosting has run."""
    goods = [TakenBack(each.posted, each.move.pool.account_id, values_of_return(each)) for each in plan.returned]
    revaluations = [TakenBack(each, moves.pool_of(each).account_id, opposite_values(each)) for each in plan.revaluations]
    return [*goods, *revaluations]


def _write(batch: Batch, reversal: Reversal, plan: _Plan, taken_back: list[TakenBack]) -> None:
    write_document(batch, reversal)
    lines = write_lines(batch, reversal)
    entry_id = write_entry(batch, reversal, taken_back, lines)
    write_moves(batch, [*[each.move for each in plan.returned], *plan.methods], lines)
    ids = {each.posted.id: each.move.id for each in plan.returned}
    write_values(batch, reversal, taken_back, entry_id=entry_id, lines=lines, moves=ids)
