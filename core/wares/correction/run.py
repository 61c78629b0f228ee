"""One pool on its way through a sweep: its opening state, and its moves folded one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from wares.correction.dependencies import TOGETHER
from wares.correction.facts import (
    BEGINNING,
    BY_METHOD,
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    COUNTED,
    METHOD_CHANGED,
    NEUTRAL,
    PASSED_ON,
    REVALUED_TO,
    UNCOUNTED,
    Fact,
)
from wares.correction.opening import Since, state_before, state_without
from wares.correction.settling import Settling
from wares.costing.fold import Cover, fold_move, fold_value, unfit_revaluation
from wares.costing.layer import brought_by
from wares.costing.pool import PoolState
from wares.costmethod import FoldMove
from wares.model import VALUE_ONLY
from wares.pools import END, STANDING, Key, method_of, pool_row

if TYPE_CHECKING:
    from wares.correction.sweep import Sweep

Parts = tuple[tuple[int, int, int], ...]
"""What a move took: layer, quantity, value."""


class Retaken(NamedTuple):
    """A move that takes something else from the layers than is stored."""

    move_id: int
    before: Parts
    now: Parts


class Run:
    """One pool on its way: its state, and the moves still to come."""

    def __init__(self, sweep: Sweep, pool_id: int, start: Key, aside: Sequence[Fact] = ()) -> None:
        """`aside` are facts that change nothing after them (`wares.correction.aside`): they are all that is folded, as if last."""
        self.sweep = sweep
        self.start = start
        self.aside = aside
        row = pool_row(sweep.unit, pool_id)
        self.exists = row is not None
        self.row = row if row is not None else sweep.opened[pool_id]
        self.stored = [fact for fact in aside if not fact.is_new] if aside else self._stored()
        if any(fact.intent in VALUE_ONLY for fact in self.stored):
            # What revaluations did to each layer is not kept apart, so a pool that has some later is folded from its beginning.
            self.start = BEGINNING
            self.stored = self._stored()
        kept = [fact for fact in self.stored if fact.id not in sweep.removed]
        self.facts = sorted([*kept, *sweep.new.get(pool_id, ())], key=lambda fact: fact.key)
        self.were_rates = self._rates_as_stored() if self.row.area_id else frozenset()
        self.old_covers = self._old_covers()
        self.taken_before = self._taken_before()
        self.state, self.method = self._opening()
        self.of = method_of(sweep.methods, self.method)
        self.before: dict[int, str] = {}  # change of method → the method before it, for a change back
        self.places = self._places()
        self.position = 0
        self.retaken = [Retaken(fact.id, parts, ()) for fact in self.stored
                        if fact.id in sweep.removed and (parts := self.taken_before.get(fact.id))]  # fmt: skip
        self.covers: list[tuple[int, Cover]] = []  # receipt, what it covers
        self.settled = False
        """Everything after the move folded last is as it is stored."""
        changed = [fact.key for fact in (*self.facts, *self.stored) if fact.is_new or fact.id in sweep.changed]
        # a layer that a transfer brought has an age of its own, so that its arrival is not the end of what differs
        can_settle = self.exists and not (self.row.area_id or aside or self.old_covers)
        can_settle = can_settle and not any(fact.intent in VALUE_ONLY for fact in (*self.facts, *self.stored))
        self.settling = Settling(self, max([start, *changed])) if can_settle else None

    def wake(self, key: Key) -> None:
        """A move at `key` may be worth something else."""
        self.settled = False
        if self.settling is not None:
            self.settling.until = max(self.settling.until, key)

    @property
    def folded(self) -> list[Fact]:
        """The moves that were folded: what comes after them is as it was."""
        return self.facts[: self.position]

    def _stored(self) -> list[Fact]:
        return [
            self.sweep.dependencies.known(row)
            for row in self.sweep.unit.rows(
                f"SELECT {COLUMNS} FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) >= (?, ?) "
                f"AND {STANDING} ORDER BY m.effective_at, m.sequence",
                self.row.id,
                *self.start,
            )
        ]

    def _rates_as_stored(self) -> frozenset[int]:
        """The revaluations that set a standard rate: where each location is costed by itself, they were made at all of them."""
        found, method = set(), self.row.first_method
        for fact in self.stored:
            if fact.method is not None:
                method = fact.method
            elif fact.intent is REVALUED_TO and method_of(self.sweep.methods, method).fixed_rate:
                found.add(fact.id)
        return frozenset(found)

    def _taken_before(self) -> dict[int, Parts]:
        """Issue → what it took from layers, as stored, covers apart."""
        reader, found = self.sweep.unit, dict[int, Parts]()
        issues = [fact.id for fact in self.stored if fact.quantity < 0]
        for start in range(0, len(issues), TOGETHER):
            for move_id, layer_id, quantity, value in reader.rows(
                "SELECT move_id, layer_id, quantity, value FROM consumption "
                f"WHERE company_id = ? AND {reader.among('move_id')} AND estimate IS NULL",
                reader.listed(issues[start : start + TOGETHER]),
            ):
                part = (layer_id, quantity, value)
                found[move_id] = (part,) if move_id not in found else tuple(sorted((*found[move_id], part)))
        return found

    def _old_covers(self) -> dict[int, dict[int, int]]:
        """Receipt → issue → the difference posted when it was covered; the issues' own values are freed of it."""
        reader, found, freed = self.sweep.unit, defaultdict[int, dict[int, int]](dict), self.sweep.dependencies.freed
        receipts = [fact.id for fact in self.stored if fact.quantity > 0]
        for layer_id, move_id, value, estimate in reader.rows(
            "SELECT layer_id, move_id, value, estimate FROM consumption "
            f"WHERE company_id = ? AND {reader.among('layer_id')} AND estimate IS NOT NULL",
            reader.listed(receipts),
        ) if receipts else ():  # fmt: skip
            found[layer_id][move_id] = estimate - value
            if layer_id not in freed:
                self.sweep.uncover(self.sweep.dependencies.fact(layer_id), move_id, estimate - value)
        self.dropped = [layer_id for layer_id in found if layer_id in self.sweep.removed and layer_id not in freed]
        freed.update(found)
        return found

    def drop_covers(self) -> None:
        """Receipts that are taken out cover nothing any more."""
        for layer_id in self.dropped:
            self._compare_covers(self.sweep.dependencies.fact(layer_id), ())

    def _opening(self) -> tuple[PoolState, str]:
        goods = [fact for fact in self.stored if fact.intent is not NEUTRAL]
        covers = sum(difference for issues in self.old_covers.values() for difference in issues.values())
        since = Since(
            quantity=sum(fact.quantity for fact in goods),
            value=sum(fact.old_value for fact in goods) + covers,
            taken=self._taken_from_before(),
        )
        if not self.exists:
            row, method = self.row, method_of(self.sweep.methods, self.row.method)
            return PoolState(newest_first=method.newest_first, rate=row.first_rate, decimals=self.sweep.unit.decimals), row.method
        if self.aside:
            return state_without(self.sweep.unit, self.row, since, self.sweep.methods), self.row.method
        return state_before(self.sweep.unit, self.row, self.start, since, self.sweep.methods)

    def _taken_from_before(self) -> dict[int, tuple[int, int]]:
        """Layer made before `start` → quantity and value that were taken from it since."""
        found: dict[int, tuple[int, int]] = {}
        made_since = {fact.id for fact in self.stored}
        for parts in self.taken_before.values():
            for layer_id, quantity, value in parts:
                if brought_by(layer_id) not in made_since:
                    before = found.get(layer_id, (0, 0))
                    found[layer_id] = (before[0] + quantity, before[1] + value)
        return found

    def _places(self) -> dict[int, int]:
        """Quantity by location just before `start`."""
        places: dict[int, int] = defaultdict(int)
        for location_id, quantity in self.sweep.unit.rows(
            "SELECT location_id, CAST(SUM(quantity) AS BIGINT) FROM pool_month WHERE company_id = ? AND pool_id = ? "
            "GROUP BY location_id",
            self.row.id,
        ):
            places[location_id] = quantity
        for fact in self.stored:
            places[fact.location_id] -= fact.old_quantity
        return places

    @property
    def next_key(self) -> Key:
        return self.facts[self.position].key if self.position < len(self.facts) and not self.settled else END

    def step(self) -> None:
        """Fold the next move; tell the sweep what it is worth."""
        fact = self.facts[self.position]
        self.position += 1
        intent = fact.intent
        if intent in VALUE_ONLY:
            self._revalue(fact)
            return
        places, place, state = self.places, fact.location_id, self.state
        if intent is COUNTED:
            fact.quantity = (fact.counted or 0) - places[place]
        elif intent is UNCOUNTED:
            fact.quantity = -self.sweep.dependencies.fact(fact.origin_id or 0).quantity
        quantity = fact.quantity
        held = places[place] = places[place] + quantity
        if intent is NEUTRAL or not quantity:
            self._without_goods(fact, held)
            return
        if quantity < 0 and not fact.short and (held < 0 or state.quantity + quantity < 0):
            self.sweep.short(fact, min(held - quantity, state.quantity))
        value, layer = (None, None) if intent is BY_METHOD else self.sweep.outside(fact, state)
        carried = self.sweep.transfers.brought(fact) if intent is CARRIED_IN else ()
        at, sequence = fact.key
        move = FoldMove(fact.id, quantity, value, at, sequence, layer, carried)
        folded = fold_move(self.of, state, move, fact.short, fact.fallback)
        fact.value, fact.variance = folded.value, folded.variance
        if fact.variance and fact.variance_id is None:
            self.sweep.give_variance(fact)
        self._took(fact, folded.taken)
        self.sweep.valued(fact)
        if intent is CARRIED_OUT:
            self.sweep.carried(fact, state.carried(folded.taken))
        if folded.covers or fact.id in self.old_covers:
            self.covers += [(fact.id, cover) for cover in folded.covers]
            self._compare_covers(fact, folded.covers)
        if quantity > 0 and self.settling is not None:
            self.settled = self.settling.is_settled(fact)

    def _without_goods(self, fact: Fact, held: int) -> None:
        """A transfer inside the pool, a cost passed on, a count that found what was expected."""
        if fact.quantity < 0 and held < 0:
            self.sweep.short(fact, held - fact.quantity)
        fact.value = 0
        fact.variance = self.sweep.dependencies.passed_on(fact) if fact.intent is PASSED_ON else 0
        self._took(fact, ())
        self.sweep.valued(fact)
        self._compare_covers(fact, ())  # a count that had found goods, and covered what was owed

    def _took(self, fact: Fact, taken: Parts) -> None:
        before = self.taken_before.get(fact.id, ())
        if taken != before:
            now = taken if len(taken) == 1 else tuple(sorted(taken))
            if now != before:
                self.retaken.append(Retaken(fact.id, before, now))

    def _revalue(self, fact: Fact) -> None:
        state, of = self.state, self.of
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

    def _still_means(self, fact: Fact) -> None:
        """Refuse a change of method that makes a rate, which is the item's, of what one place is worth, or the other way round."""
        if self.of.fixed_rate != (fact.id in self.were_rates):
            sku = self.sweep.masters.item_by_id(fact.item_id).sku
            what = f"the standard rate of {sku}" if fact.id in self.were_rates else f"what {sku} is worth at one location"
            self.sweep.refuse_for(fact, f"sets {what}, which a change of method before it would turn into something else")

    def _compare_covers(self, fact: Fact, covers: tuple[Cover, ...]) -> None:
        old = dict(self.old_covers.get(fact.id, {}))
        for cover in covers:
            difference = cover.estimate - cover.value
            self.sweep.covered(fact, cover.move_id, difference, difference - old.pop(cover.move_id, 0))
        for move_id, difference in old.items():
            if move_id not in self.sweep.removed:  # the mirror of its moves takes that back
                self.sweep.covered(fact, move_id, 0, -difference)
