"""The moves that return the goods of a reversed document.

Goods come back or go out as linked returns, so that a late cost of the original is a late cost of the return.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wares.inventory.move import Counter, NewMove, variance_role
from wares.model import AccountQuery, Intent, PlannedMove
from wares.posting.batch import Batch
from wares.posting.write import role_of
from wares.voiding.posted_moves import TRANSFERS, PostedMove, Values
from wares.voiding.reversal import ReversalMoves


class Returned(NamedTuple):
    """A posted move of goods, and the move of the reversal that takes it back."""

    posted: PostedMove
    move: NewMove


def return_goods(moves: ReversalMoves, posted: Iterable[PostedMove]) -> list[Returned]:
    """Make the moves that take the goods back to their places, at the value at which they left or came."""
    groups: dict[int, int] = {}  # the group of a transfer → the group of its return
    return [Returned(each, _return(moves, each, groups)) for each in posted]


def values_of_return(returned: Returned) -> Values:
    """Return the value of the reversing move by counter account.

    Each part of the posted value goes back to its account, and the difference to the present value to the variance account.
    """
    posted, move = returned
    if posted.intent in TRANSFERS:
        return {counter.account_id if counter else 0: value for counter, value in move.parts() if value}
    values = opposite_values(posted)
    rest = move.value - sum(values.values())
    if rest and move.variance_to is not None:
        values[move.variance_to.account_id] = values.get(move.variance_to.account_id, 0) + rest
    return {counter: value for counter, value in values.items() if value}


def opposite_values(posted: PostedMove) -> Values:
    """Return the opposite of a move's present value by counter account, without zeros."""
    return {counter: -value for counter, value in posted.values.items() if value}


def _return(moves: ReversalMoves, posted: PostedMove, groups: dict[int, int]) -> NewMove:
    batch, pool = moves.batch, moves.pool_of(posted)
    transferred, cost_only = posted.intent in TRANSFERS, posted.intent == Intent.COST_TRANSFERRED
    intent, origin = _intent_and_origin(posted)
    planned = PlannedMove(
        moves.item_of(posted), -posted.quantity, batch.masters.location_by_id(posted.location_id), intent, counter=None,
        origin=origin, lot=pool.lot, may_be_short=False, share=-(posted.share or 0) if cost_only else 0,
    )  # fmt: skip
    variance = _counter(batch, posted.variance_id) if cost_only else _variance(moves, posted)
    counter = variance if posted.group_id is not None else _counter(batch, posted.counter_id)
    move_id = batch.unit.take_id()
    return moves.make(
        posted, planned, pool=pool, id=move_id, variance_to=variance, counter=None if transferred else counter,
        group_id=groups.setdefault(posted.group_id or 0, move_id) if transferred else None,
    )  # fmt: skip


def _intent_and_origin(posted: PostedMove) -> tuple[Intent, int | None]:
    """Return the intent of the reversing move, and the id of the move that it refers to."""
    match posted.intent:
        case Intent.COST_TRANSFERRED:
            return Intent.COST_TRANSFERRED, posted.id
        case Intent.QUANTITY_ONLY:
            return Intent.QUANTITY_ONLY, None
        case Intent.COUNTED:
            return Intent.COUNT_REVERSED, posted.id
        case Intent.TRANSFER_IN:
            return Intent.TRANSFER_OUT, posted.id
        case Intent.TRANSFER_OUT:
            return Intent.TRANSFER_IN, None
    return (Intent.AT_ISSUE_COST if posted.quantity < 0 else Intent.AT_RECEIPT_COST), posted.id


def _counter(batch: Batch, account_id: int | None) -> Counter | None:
    return Counter(account_id, role_of(batch.account_by_id(account_id))) if account_id else None


def _variance(moves: ReversalMoves, posted: PostedMove) -> Counter:
    """Return the account for the difference between the value at which goods came and the value at which they leave.

    A difference arises from the guard of the average, or from a standard rate.
    """
    counter = _counter(moves.batch, posted.counter_id)
    role = variance_role(posted.intent, posted.group_id, (counter.role,) if counter is not None else ())
    account = moves.batch.masters.resolve_account(AccountQuery(role, moves.item_of(posted), None, None, None))
    return Counter(account.id, role)
