"""The fold of one pool in a replay: each move gets its quantity, value and consumptions on the pool's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice

from wares.costing.fold import fold_issues, fold_move, fold_value, unfit_revaluation
from wares.inventory.outside_value import BY_COST_METHOD
from wares.inventory.pools import PoolRow, method_of
from wares.model import VALUE_ONLY, FoldMove
from wares.recosting.consumption_changes import ConsumptionChanges, Parts, Retaken
from wares.recosting.covers import Covers
from wares.recosting.host import Host
from wares.recosting.moves import (
    AT,
    BY_METHOD,
    COST_TRANSFERRED,
    COUNT_REVERSED,
    COUNTED,
    COUNTER,
    DAY,
    DOCUMENT,
    ID,
    LOCATION,
    METHOD_CHANGED,
    QUANTITY,
    QUANTITY_ONLY,
    REVALUED_TO,
    SEQUENCE,
    TRANSFER_IN,
    TRANSFER_OUT,
    VALUE_OF,
    ReplayedMove,
    StoredMove,
)
from wares.recosting.opening_state import OpeningState

TOGETHER = 1_000
"""Plain issues that a method is given at once."""
_fold_move = partial(tuple.__new__, FoldMove)
"""Make a FoldMove of all its values, in half the time of the class."""


class PoolFold:
    """The state of one pool, and the fold of moves on it."""

    def __init__(
        self,
        host: Host,
        opening: OpeningState,
        *,
        row: PoolRow,
        rates: frozenset[int],
        covers: Covers,
        consumptions: ConsumptionChanges,
    ) -> None:
        """`rates` are the stored revaluations that set a standard rate, where each location is costed by itself."""
        self._host = host
        self._pool_id = row.id
        self._by_location = bool(row.area_id)
        self._rates = rates
        self._covers = covers
        self._consumptions = consumptions
        self.state = opening.state
        self.method = opening.method
        self.method_changed = False  # a change of method was replayed, or removed
        self.transfers_differ = False  # a transfer brought other layers than are stored, with ages of their own
        self.stored: Mapping[int, Parts] = {}  # issue → its stored consumptions, for the moves that come next
        self._cost_method = method_of(host.methods, opening.method)
        self._method_before: dict[int, str] = {}  # change of method → the method before it, for a change back
        self._on_hand = opening.on_hand

    # --- plain issues ---

    def plain_issues(self, moves: Sequence[StoredMove | ReplayedMove], position: int) -> tuple[list[StoredMove], list[FoldMove]]:
        """Return the plain issues from `position` on, as far as the pool and their locations hold enough for them."""
        on_hand, left = self._on_hand, self.state.quantity
        rows: list[StoredMove] = []
        issues: list[FoldMove] = []
        for row in islice(moves, position, position + TOGETHER):
            if isinstance(row, ReplayedMove):
                break
            quantity, location_id = row[QUANTITY], row[LOCATION]
            held = on_hand.get(location_id, 0) + quantity
            left += quantity
            if held < 0 or left < 0:
                break
            on_hand[location_id] = held
            rows.append(row)
            issues.append(_fold_move((row[ID], quantity, None, row[AT], row[SEQUENCE], None, (), None)))
        return rows, issues

    def fold_issues(self, rows: Sequence[StoredMove], issues: Sequence[FoldMove]) -> int:
        """Fold plain issues together; return the sum of their stored values."""
        pool_id, taken_before = self._pool_id, self.stored
        changes: list[int] = []
        retaken: list[Retaken] = []
        total = 0
        for row, (move_id, value, taken, variance) in zip(rows, fold_issues(self._cost_method, self.state, issues), strict=True):
            stored = row[VALUE_OF]
            if variance:
                self._value(self._host.dependencies.known(row), value, variance)
            elif value != stored:
                day = row[DAY]
                changes += (
                    move_id, row[DOCUMENT], day, day, row[LOCATION], pool_id, row[COUNTER] or 0, value - stored,
                )  # fmt: skip
            total += stored
            before = taken_before.get(move_id, ())
            if taken != before:
                retaken.append((move_id, before, taken))
        self._host.changes.extend(changes)
        self._consumptions.extend(retaken)
        return total

    # --- one move ---

    def fold(self, move: ReplayedMove) -> None:
        """Fold one move, and tell the host its value."""
        if move.intent in VALUE_ONLY:
            self._revalue(move)
        else:
            self._move(move)

    def _move(self, move: ReplayedMove) -> None:
        intent, location_id, state, host = move.intent, move.location_id, self.state, self._host
        before = self._on_hand.get(location_id, 0)
        if intent is COUNTED:
            move.quantity = (move.counted or 0) - before
        elif intent is COUNT_REVERSED:
            move.quantity = -host.dependencies.move(move.origin_id or 0).quantity
        quantity = move.quantity
        held = self._on_hand[location_id] = before + quantity
        if intent is QUANTITY_ONLY or not quantity:
            self._without_value(move, held)
            return
        if quantity < 0 and not move.short and (held < 0 or state.quantity + quantity < 0):
            host.refusals.short(move, min(before, state.quantity))
        value, layer, unit = BY_COST_METHOD if intent is BY_METHOD else host.outside_value(move, state, self._cost_method)
        transferred = host.transfers.brought(move) if intent is TRANSFER_IN else ()
        if transferred:
            self.transfers_differ |= host.transfers.brings_otherwise(move)
        at, sequence = move.key
        folding = FoldMove(move.id, quantity, value, at, sequence, layer, transferred, unit)
        folded = fold_move(self._cost_method, state, folding, move.short, move.fallback)
        self._consumed(move, folded.taken)
        self._value(move, folded.value, folded.variance)
        if intent is TRANSFER_OUT:
            host.transferred(move, state.carried(folded.taken))
        self._covers.replay(move, folded.covers)

    def _value(self, move: ReplayedMove, value: int, variance: int) -> None:
        move.value, move.variance = value, variance
        if variance and move.variance_id is None:
            self._host.give_variance(move)
        self._host.valued(move)

    def _without_value(self, move: ReplayedMove, held: int) -> None:
        """Fold a transfer inside the pool, a transfer of cost, or a count that found what was expected."""
        if move.quantity < 0 and held < 0:
            self._host.refusals.short(move, held - move.quantity)
        move.value = 0
        move.variance = self._host.dependencies.cost_passed_on(move) if move.intent is COST_TRANSFERRED else 0
        self._consumed(move, ())
        self._host.valued(move)
        self._covers.compare(move, ())  # the stored count may have found goods, and covered an issue

    def _consumed(self, move: ReplayedMove, taken: Parts) -> None:
        before = self.stored.get(move.id, ())
        if taken != before:
            self._consumptions.add(move.id, before, taken)

    # --- the pool as a whole ---

    def _revalue(self, move: ReplayedMove) -> None:
        host = self._host
        if move.intent is METHOD_CHANGED:
            self.method_changed = True
            move.method = self._method_before.get(move.origin_id or 0, move.method)
            self._method_before[move.id] = self.method
        else:
            if self._by_location and move.intent is REVALUED_TO and not move.is_new:
                self._check_rate(move)
            issue = unfit_revaluation(self.state, self._cost_method, move.intent, move.stated or 0, host.refusals.sku(move))
            if issue is not None:
                host.refusals.revaluation(move, issue)
        move.value, self.method = fold_value(host.methods, self.method, self.state, move.intent, move.stated or 0, move.method)
        self._cost_method = method_of(host.methods, self.method)
        host.valued(move)

    def _check_rate(self, move: ReplayedMove) -> None:
        """Refuse a change of method that turns a standard rate, which is the item's, into the value at one location, or back."""
        if self._cost_method.fixed_rate != (move.id in self._rates):
            sku = self._host.refusals.sku(move)
            what = f"the standard rate of {sku}" if move.id in self._rates else f"what {sku} is worth at one location"
            why = f"sets {what}, which a change of method before it would turn into something else"
            self._host.refusals.for_later(move, why)
