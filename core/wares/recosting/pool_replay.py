"""One pool on its way through a sweep: its opening state, and its moves folded in their order."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from wares.costing.fold import Cover, fold_issues, fold_move, fold_value, unfit_revaluation
from wares.costing.layer import brought_by
from wares.costing.pool import PoolState
from wares.inventory.pools import END, Key, method_of, pool_row
from wares.model import VALUE_ONLY, FoldMove
from wares.recosting.consumption_changes import Parts, Retaken, Takings
from wares.recosting.convergence import Convergence
from wares.recosting.move_pages import Covered, Page, Pages, key_of
from wares.recosting.moves import (
    AT,
    BEGINNING,
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
    VALUED,
    ReplayedMove,
    Row,
)
from wares.recosting.opening_state import (
    Layers,
    Since,
    covered_since,
    owed_then,
    rates_as_stored,
    revalued_since,
    since,
    state_before,
    state_without,
)

if TYPE_CHECKING:
    from wares.recosting.recost import Recosting

TOGETHER = 1_000
"""Plain issues that a method is given at once."""
_fold_move = partial(tuple.__new__, FoldMove)
"""A FoldMove of all its values, in half the time."""


class PoolReplay:
    """One pool on its way: its state, and the moves still to come."""

    def __init__(self, sweep: Recosting, pool_id: int, start: Key, aside: Sequence[ReplayedMove] = ()) -> None:
        """`aside` are facts that change nothing after them (`untouched_layers`): they are all that is folded, as if last."""
        self.sweep = sweep
        self.aside = aside
        row = pool_row(sweep.unit, pool_id)
        self.exists = row is not None
        self.row = row if row is not None else sweep.opened[pool_id]
        revalued = self.exists and not aside and revalued_since(sweep.unit, pool_id, start)
        # What revaluations did to each layer is not kept apart, so a pool that has some later is folded from its beginning.
        self.start = BEGINNING if revalued else start
        new = sweep.new.get(pool_id, [])
        self.last_new = max([fact.key for fact in new], default=BEGINNING)
        self.takings = Takings()
        self.made = array("q")  # stored receipts that were folded again, or taken out: their layers are written anew
        self.rewritten: list[ReplayedMove] = []  # counts that found another difference, changes back to another method
        self.method_changed = False
        self.before: dict[int, str] = {}  # change of method → the method before it, for a change back
        self.covers: list[tuple[int, Cover]] = []  # receipt, what it covers
        self.were_rates = rates_as_stored(sweep.unit, self.row, sweep.methods) if revalued and self.row.area_id else frozenset()
        self.old_covers: dict[int, dict[int, int]] = {}  # receipt → issue → what it was worth more for being covered
        self.settled = False
        """Everything after the move folded last is as it is stored."""
        self.layers: Layers | None = None
        self.places: dict[int, int]
        self.state, self.method = self._opening()
        self.of = method_of(sweep.methods, self.method)
        until = max(self.start, self.last_new, sweep.last_changed.get(pool_id, BEGINNING))
        can_settle = self.exists and not (aside or revalued or any(fact.intent in VALUE_ONLY for fact in new))
        self.settling = Convergence(self, until) if can_settle else None
        self._pages = None if aside else Pages(sweep.unit, sweep.dependencies, pool_id, self.start, new)
        self._seen_layers: set[int] = set()  # that moves took from, as stored
        self.folded = False
        self._position = 0
        self._page = Page([*aside], {}, set(), [], [])
        self.next_key = END

    def begin(self) -> None:
        """Find the first move, once the sweep knows of this run."""
        self._look_ahead()

    # --- where it stands ---

    def wake(self, key: Key) -> None:
        """A move at `key` may be worth something else."""
        if self.settling is not None:
            self.settling.until = max(self.settling.until, key)
        if self.settled:
            self.settled = False
            self._look_ahead()

    def _look_ahead(self) -> None:
        """Find the next move, on the next page if need be."""
        while not self.settled and self._position == len(self._page.moves):
            page = self._pages.turn() if self._pages is not None else None
            if page is None:
                self.next_key = END
                return
            self._open(page)
        self.next_key = END if self.settled else key_of(self._page.moves[self._position])

    def _open(self, page: Page) -> None:
        self._page, self._position = page, 0
        self._seen_layers |= page.layers
        self._free(page.covers)
        for fact in page.removed:
            self.method_changed |= fact.intent is METHOD_CHANGED
            if fact.old_quantity > 0:
                self.made.append(fact.id)
            self.takings.add(fact.id, page.taken.get(fact.id, ()), ())
            if self.settling is not None:
                self.settling.see(fact, 0, 0)
            if fact.id not in self.sweep.dropped:
                self.sweep.dropped.add(fact.id)
                self._compare_covers(fact, ())

    def _free(self, covers: Sequence[Covered]) -> None:
        """The issues' own values are without what later receipts made of them; each is told when its receipt is folded again."""
        freed = self.sweep.dependencies.freed
        for receipt_id, issue_id, difference in covers:
            self.old_covers.setdefault(receipt_id, {})[issue_id] = difference
            if (receipt_id, issue_id) not in freed:
                freed.add((receipt_id, issue_id))
                self.sweep.uncover(self.sweep.dependencies.fact(receipt_id), issue_id, difference)

    def _opening(self) -> tuple[PoolState, str]:
        unit, row, methods = self.sweep.unit, self.row, self.sweep.methods
        if not self.exists:
            self.places = {}
            newest_first = method_of(methods, row.method).newest_first
            return PoolState(newest_first=newest_first, rate=row.first_rate, decimals=unit.decimals), row.method
        if self.aside:
            stored = [fact for fact in self.aside if not fact.is_new]
            quantity, value = sum(fact.quantity for fact in stored), sum(fact.old_value for fact in stored)
            self.places = {}
            return state_without(unit, row, Since(quantity, value, {}), methods), row.method
        later = since(unit, row.id, self.start)
        owed = owed_then(unit, row, self.start, later)
        covers = covered_since(unit, owed, self.start)
        self._free(covers)
        later = later._replace(value=later.value + sum(difference for _, _, difference in covers))
        self.places = dict(later.places)
        state, method, self.layers = state_before(unit, row, self.start, later, owed, methods)
        return state, method

    # --- folding ---

    def advance(self) -> None:
        """Fold until another pool has an earlier move, or nothing more is to be folded. Plain issues need not wait for others: no
        other move has to do with them."""
        heap = self.sweep.heap
        self.folded = True
        while self.next_key != END:
            move = self._page.moves[self._position]
            if not isinstance(move, ReplayedMove):
                self._fold_issues()
            elif heap and heap[0][0] < self.next_key:
                return
            else:
                self._position += 1
                self._step(move)
            self._look_ahead()

    def _fold_issues(self) -> None:
        """Fold plain issues together, as far as there is enough for them."""
        rows, moves = self._plain()
        if not rows:
            # not enough, or nearly: what may go short is folded by itself
            at = self._position
            self._page.moves[at] = self.sweep.dependencies.known(self._page.moves[at])  # type: ignore[arg-type]
            return
        self._position += len(rows)
        pool_id, taken_before = self.row.id, self._page.taken
        changes: list[int] = []
        retaken: list[Retaken] = []
        stored = 0
        for row, (_, value, taken, variance) in zip(rows, fold_issues(self.of, self.state, moves), strict=True):
            move_id, was = row[ID], row[VALUED]
            if variance:
                self._worth(self.sweep.dependencies.known(row), value, variance)
            elif value != was:
                day = row[DAY]
                changes += (move_id, row[DOCUMENT], day, day, row[LOCATION], pool_id, row[COUNTER] or 0, value - was)
            stored += was
            before = taken_before.get(move_id, ())
            if taken != before:
                retaken.append((move_id, before, taken))
        self.sweep.changes.extend(changes)
        self.takings.extend(retaken)
        if self.settling is not None:
            self.settling.see_issues(sum([move.quantity for move in moves]), stored)

    def _plain(self) -> tuple[list[Row], list[FoldMove]]:
        """The plain issues that come next."""
        places, left = self.places, self.state.quantity
        rows: list[Row] = []
        moves: list[FoldMove] = []
        for row in islice(self._page.moves, self._position, self._position + TOGETHER):
            if isinstance(row, ReplayedMove):
                break
            quantity, place = row[QUANTITY], row[LOCATION]
            held = places.get(place, 0) + quantity
            left += quantity
            if held < 0 or left < 0:
                break
            places[place] = held
            rows.append(row)
            moves.append(_fold_move((row[ID], quantity, None, row[AT], row[SEQUENCE], None, ())))
        return rows, moves

    def _step(self, fact: ReplayedMove) -> None:
        """Fold one move; tell the sweep what it is worth."""
        if not fact.is_new and fact.old_quantity > 0 and fact.intent is not QUANTITY_ONLY:
            self.made.append(fact.id)
        if fact.intent in VALUE_ONLY:
            self._revalue(fact)
        else:
            self._move(fact)
        if not fact.is_new and (fact.quantity != fact.old_quantity or fact.method != fact.old_method):
            self.rewritten.append(fact)
        if self.settling is not None:
            self.settling.see(fact, fact.quantity, fact.value)
            if fact.quantity > 0 and fact.intent is not QUANTITY_ONLY:
                self.settled = self.settling.is_settled(fact)

    def _move(self, fact: ReplayedMove) -> None:
        intent, places, place, state = fact.intent, self.places, fact.location_id, self.state
        before = places.get(place, 0)
        if intent is COUNTED:
            fact.quantity = (fact.counted or 0) - before
        elif intent is COUNT_REVERSED:
            fact.quantity = -self.sweep.dependencies.fact(fact.origin_id or 0).quantity
        quantity = fact.quantity
        held = places[place] = before + quantity
        if intent is QUANTITY_ONLY or not quantity:
            self._without_goods(fact, held)
            return
        if quantity < 0 and not fact.short and (held < 0 or state.quantity + quantity < 0):
            self.sweep.short(fact, min(before, state.quantity))
        value, layer = (None, None) if intent is BY_METHOD else self.sweep.outside(fact, state)
        carried = self.sweep.transfers.brought(fact) if intent is TRANSFER_IN else ()
        if carried and self.settling is not None:
            self.settling.carries_otherwise |= self.sweep.transfers.brings_otherwise(fact)
        at, sequence = fact.key
        move = FoldMove(fact.id, quantity, value, at, sequence, layer, carried)
        folded = fold_move(self.of, state, move, fact.short, fact.fallback)
        self._took(fact, folded.taken)
        self._worth(fact, folded.value, folded.variance)
        if intent is TRANSFER_OUT:
            self.sweep.carried(fact, state.carried(folded.taken))
        if folded.covers or fact.id in self.old_covers:
            self.covers += [(fact.id, cover) for cover in folded.covers]
            self._compare_covers(fact, folded.covers)

    def _worth(self, fact: ReplayedMove, value: int, variance: int) -> None:
        fact.value, fact.variance = value, variance
        if variance and fact.variance_id is None:
            self.sweep.give_variance(fact)
        self.sweep.valued(fact)

    def _without_goods(self, fact: ReplayedMove, held: int) -> None:
        """A transfer inside the pool, a cost passed on, a count that found what was expected."""
        if fact.quantity < 0 and held < 0:
            self.sweep.short(fact, held - fact.quantity)
        fact.value = 0
        fact.variance = self.sweep.dependencies.passed_on(fact) if fact.intent is COST_TRANSFERRED else 0
        self._took(fact, ())
        self.sweep.valued(fact)
        self._compare_covers(fact, ())  # a count that had found goods, and covered what was owed

    def _took(self, fact: ReplayedMove, taken: Parts) -> None:
        before = self._page.taken.get(fact.id, ())
        if taken != before:
            self.takings.add(fact.id, before, taken)

    def _revalue(self, fact: ReplayedMove) -> None:
        state, of = self.state, self.of
        self.method_changed |= fact.intent is METHOD_CHANGED
        if fact.intent is not METHOD_CHANGED:
            if self.row.area_id and fact.intent is REVALUED_TO and not fact.is_new:
                self._still_means(fact)
            issue = unfit_revaluation(state, of, fact.intent, fact.stated or 0, self.sweep.masters.item_by_id(fact.item_id).sku)
            if issue is not None:
                self.sweep.refuse_revaluation(fact, issue)
        else:
            fact.method = self.before.get(fact.origin_id or 0, fact.method)
            self.before[fact.id] = self.method
        fact.value, self.method = fold_value(
            self.sweep.methods, self.method, self.state, fact.intent, fact.stated or 0, fact.method
        )
        self.of = method_of(self.sweep.methods, self.method)
        self.sweep.valued(fact)

    def _still_means(self, fact: ReplayedMove) -> None:
        """Refuse a change of method that makes a rate, which is the item's, of what one place is worth, or the other way round."""
        if self.of.fixed_rate != (fact.id in self.were_rates):
            sku = self.sweep.masters.item_by_id(fact.item_id).sku
            what = f"the standard rate of {sku}" if fact.id in self.were_rates else f"what {sku} is worth at one location"
            self.sweep.refuse_for(fact, f"sets {what}, which a change of method before it would turn into something else")

    def _compare_covers(self, fact: ReplayedMove, covers: tuple[Cover, ...]) -> None:
        old = dict(self.old_covers.get(fact.id, {}))
        for cover in covers:
            difference = cover.estimate - cover.value
            self.sweep.covered(fact, cover.move_id, difference, difference - old.pop(cover.move_id, 0))
        for move_id, difference in old.items():
            if move_id not in self.sweep.removed:  # the mirror of its moves takes that back
                self.sweep.covered(fact, move_id, 0, -difference)

    # --- at the end ---

    def give_back(self) -> None:
        """Layers of before that moves took from as stored, and that none has come to now, have it back."""
        if self.layers is not None and not self.settled:
            made = set(self.made)
            self.layers.among(
                layer_id for layer_id in self._seen_layers - self.state.changed.keys() if brought_by(layer_id) not in made
            )
