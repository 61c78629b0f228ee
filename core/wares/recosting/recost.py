"""The sweep of late facts: what a backdated document, a bill at another price or a void changes in what came after it.

Facts are changed first (moves added or taken out, value added to a receipt); then every pool concerned is folded again from its
first changed move, and each change is followed into what depends on it: the outputs of a build take it from their inputs, returns
from the move they return. All pools advance together in effective order, so that whatever a move depends on is final before the
move is reached; as time only goes forward, the sweep ends on any graph of items. Nothing posted is rewritten: the differences
become valuation rows and entries of their own.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

from wares.catalog.masters import MasterBook
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.errors import Issue, Refused
from wares.inventory.move import Counter, NewMove, variance_role
from wares.inventory.pool import Pool
from wares.inventory.pools import END, Key, PoolRow, pool_row
from wares.inventory.working_set import WorkingSet
from wares.model import OUTPUTS, AccountQuery, TransferredLayer
from wares.plugin_manager.registry import Registry
from wares.recosting.cost_changes import Changes, OfPool
from wares.recosting.dependencies import Dependencies
from wares.recosting.moves import (
    AT_ISSUE_COST,
    AT_RECEIPT_COST,
    BEGINNING,
    COST_TRANSFERRED,
    COUNT_REVERSED,
    STATED,
    TRANSFER_OUT,
    ReplayedMove,
)
from wares.recosting.pool_replay import PoolReplay
from wares.recosting.store import PoolProjections
from wares.recosting.transfers import Transfers
from wares.recosting.untouched_layers import stands_aside
from wares.storage.unit import Unit
from wares.values import extend, unscaled


class Recosting:
    """One sweep: `run` computes, `write` stores the projections. A refusal leaves nothing behind."""

    def __init__(self, unit: Unit, ws: WorkingSet, registry: Registry, masters: MasterBook) -> None:
        self.unit = unit
        self.ws = ws
        self.methods: dict[str, CostMethod] = registry.cost_methods
        self.masters = masters
        self.paths: Mapping[int, str] = {}  # new move → where its record asks for it
        self.takes_back = ""  # the number of the document that new moves take back
        self.new: dict[int, list[ReplayedMove]] = defaultdict(list)
        self.opened: dict[int, PoolRow] = {}
        self.removed: set[int] = set()
        self.changed: set[int] = set()  # stored moves that are taken out, or priced otherwise
        self.added: dict[int, int] = defaultdict(int)  # receipt → value that this document's facts add
        self.fact_counters: dict[int, list[tuple[int, int]]] = defaultdict(list)  # receipt → (counter, amount)
        self.dependencies = Dependencies(unit)
        self._set_aside: dict[tuple[int, int], int] = {}  # receipt, what passed on the cost of what it covered → its part of that
        self.last_changed: dict[int, Key] = {}  # by pool: the last stored move that is taken out, or valued otherwise
        self.dropped: set[int] = set()  # receipts taken out, whose covers are undone
        self.runs: dict[int, PoolReplay] = {}
        self.heap: list[tuple[Key, int]] = []
        self.changes = Changes()
        self._changed: dict[int, list[tuple[int, int]]] = defaultdict(list)  # the same by move, as far as somebody has asked
        self._looked_through = 0
        self.item_ids: set[int] = set()
        self._aside: dict[int, list[ReplayedMove]] = {}  # by pool: facts that change nothing after them
        self._given_variance: dict[int, tuple[ReplayedMove, Counter]] = {}
        self.transfers = Transfers(unit)

    def run(
        self,
        *,
        new: Sequence[NewMove] = (),
        removed: Iterable[int] = (),
        facts: Iterable[tuple[int, int, int]] = (),
    ) -> Changes:
        """Change the facts and fold what follows. `new` moves get their quantity and value; `removed` are moves taken out;
        `facts` are (receipt's move, amount, counter account). Returns every recorded move that is worth something else now.

        Raises Refused: INSUFFICIENT_STOCK when a new move is short, LATER_SHORT when a later document would be.
        """
        self.removed = self.dependencies.removed = set(removed)
        roots: dict[int, list[ReplayedMove]] = defaultdict(list)  # by pool: what is new, taken out, or valued otherwise
        for move in new:
            fact = ReplayedMove.of(move)
            self.new[fact.pool_id].append(fact)
            self.dependencies.add(fact)
            self.opened[fact.pool_id] = _opened(move.pool)
            roots[fact.pool_id].append(fact)
        for move_id, amount, counter_id in facts:
            self.added[move_id] += amount
            self.fact_counters[move_id].append((counter_id, amount))
        self.changed = self.removed | self.added.keys()
        for fact in self.dependencies.facts(self.changed):
            roots[fact.pool_id].append(fact)
            self.last_changed[fact.pool_id] = max(fact.key, self.last_changed.get(fact.pool_id, BEGINNING))
            if fact.id in self.removed and fact.origin_id is not None:
                for other in self.dependencies.returns_of(fact.origin_id):
                    if other.key > fact.key:
                        roots[other.pool_id].append(other)
                        self.last_changed[other.pool_id] = max(other.key, self.last_changed.get(other.pool_id, BEGINNING))
        self._aside = {pool_id: of_pool for pool_id, of_pool in roots.items() if self._stands_aside(pool_id, of_pool)}
        for pool_id, of_pool in roots.items():
            if pool_id not in self._aside:
                self._wake(pool_id, min(fact.key for fact in of_pool))
        self._advance()
        for pool_id, of_pool in self._aside.items():  # that nothing has come to meanwhile
            self._begin(pool_id, min(fact.key for fact in of_pool), of_pool)
        self._advance()
        for move in new:
            fact = self.dependencies.fact(move.id)
            move.quantity, move.value, move.variance = fact.quantity, fact.value, fact.variance
            if fact.id in self._given_variance:
                move.variance_to = self._given_variance[fact.id][1]
        return self.changes

    def _advance(self) -> None:
        """All pools together, in effective order; a pool goes on until another has an earlier move."""
        while self.heap:
            key, pool_id = heapq.heappop(self.heap)
            run = self.runs[pool_id]
            if run.next_key != key:  # it began earlier instead, or has been waked twice
                continue
            run.advance()
            if run.next_key != END:
                heapq.heappush(self.heap, (run.next_key, pool_id))

    def _stands_aside(self, pool_id: int, facts: Sequence[ReplayedMove]) -> bool:
        row = pool_row(self.unit, pool_id)
        taken_out = any(fact.id in self.removed for fact in facts)
        return row is not None and not taken_out and stands_aside(self.unit, row, self.methods, facts)

    def _wake(self, pool_id: int, key: Key) -> None:
        """Have a pool folded from `key` on. One that only waits for a later move yet begins earlier instead; one that has settled
        goes on."""
        run = self.runs.get(pool_id)
        if run is None or (not run.folded and key < run.start):
            aside = self._aside.pop(pool_id, ())
            self._begin(pool_id, min([key, *[fact.key for fact in aside]]))
            return
        was_settled = run.settled
        run.wake(key)
        if was_settled and run.next_key != END:
            heapq.heappush(self.heap, (run.next_key, pool_id))

    def _begin(self, pool_id: int, start: Key, aside: Sequence[ReplayedMove] = ()) -> None:
        self.runs[pool_id] = run = PoolReplay(self, pool_id, start, aside)
        self.changes.pools[pool_id] = OfPool(run.row.item_id, run.row.account_id)
        self.item_ids.add(run.row.item_id)
        run.begin()
        if run.next_key != END:
            heapq.heappush(self.heap, (run.next_key, pool_id))

    # --- what a move is given from outside its pool ---

    def outside(self, fact: ReplayedMove, state: PoolState) -> tuple[int | None, int | None]:
        """Value and first layer of a move, as `wares.costing.method.FoldMove` wants them."""
        intent = fact.intent
        if intent is STATED:
            stated = (fact.stated or 0) + fact.facts + self.added.get(fact.id, 0)
            if stated < 0:
                self._below_zero(fact)
            return stated, None
        if intent in OUTPUTS:
            return self.dependencies.share_of_inputs(fact), None
        if intent is TRANSFER_OUT:
            return None, fact.origin_id
        if intent is AT_ISSUE_COST or intent is AT_RECEIPT_COST or intent is COUNT_REVERSED:
            return self.dependencies.share_of_origin(fact), fact.origin_id
        if fact.quantity < 0:
            return None, None
        if fact.stated is not None:
            return extend(fact.quantity, fact.stated, self.unit.decimals), None
        value = state.unit_value(fact.quantity, fact.fallback, self.unit.decimals)
        if value is None:
            sku = self.masters.item_by_id(fact.item_id).sku
            path = f"{self.paths[fact.id]}.unit_cost" if fact.id in self.paths else ""
            raise Refused.because("NO_COST", f"nothing says what {sku} costs", path=path, hint="give unit_cost (0 is a cost)")
        return value, None

    def _wake_returns(self, origin_id: int, after: Key) -> None:
        for other in self.dependencies.returns_of(origin_id):
            if other.key > after:
                self._wake(other.pool_id, other.key)

    # --- what a move tells ---

    def valued(self, fact: ReplayedMove) -> None:
        """A move got its value; follow a difference into what depends on it."""
        self.dependencies.revalue(fact, fact.value)
        if fact.is_new:
            if fact.origin_id is not None:
                self._wake_returns(fact.origin_id, after=fact.key)
                undone = self.dependencies.fact(fact.origin_id)
                if undone.origin_id is not None:  # what it had come from may come back once more
                    self._wake_returns(undone.origin_id, after=fact.key)
            return
        difference, variance = fact.value - fact.old_value, fact.variance - fact.old_variance
        if fact.reverses and fact.intent is not TRANSFER_OUT and fact.intent is not COST_TRANSFERRED:
            self._record_reversal(fact, difference)
        elif variance or fact.id in self.fact_counters:
            self._record(fact, difference, variance)
        else:
            self._change(fact, fact.counter_id, difference)
        returned = fact.origin_id is not None and self.dependencies.gives(fact)  # a share may shift by a cent within it
        if difference or variance or returned or fact.quantity != fact.old_quantity:
            self._follow(fact, fact.key)

    def carried(self, fact: ReplayedMove, parts: tuple[TransferredLayer, ...]) -> None:
        """A transfer took these; where they were others before, what it brought them to is folded anew."""
        if self.transfers.took(fact, parts):
            for output in self.dependencies.outputs_of(fact):
                self._wake(output.pool_id, output.key)

    def uncover(self, cover: ReplayedMove, move_id: int, difference: int) -> None:
        """A pool is folded again from before a receipt that covered part of an issue: what that posted is set aside."""
        issue = self.dependencies.fact(move_id)
        issue.value -= difference
        issue.old_value -= difference
        for passed, part in self._passed_on_of(cover, issue, -difference):
            if not passed.is_new:
                passed.old_variance += part
                self._set_aside[cover.id, passed.id] = -part

    def covered(self, cover: ReplayedMove, move_id: int, difference: int, change: int) -> None:
        """A receipt covered part of an earlier issue; `change` is what that differs from what is stored."""
        issue = self.dependencies.fact(move_id)
        for passed, part in self._passed_on_of(cover, issue, difference):
            part -= self._set_aside.pop((cover.id, passed.id), 0)
            self.changes.repeated.add(passed.id)
            self._change(passed, passed.counter_id, part, day=cover.day)
            self._change(passed, passed.variance_id, -part, day=cover.day)
        if change:
            self.changes.repeated.add(issue.id)
            self.changes.add(
                issue.id, issue.document_id, cover.day, issue.day, issue.location_id, issue.pool_id, issue.counter_id, change
            )
            self._follow(issue, cover.key)

    def _passed_on_of(self, cover: ReplayedMove, issue: ReplayedMove, difference: int) -> list[tuple[ReplayedMove, int]]:
        """An issue is worth so much more by a receipt that came later: the part of it of each document before that which passed its
        cost on."""
        takers = [issue.id, *(other.id for other in self.dependencies.returns_of(issue.id) if other.quantity)]
        passed = [
            each for taker in takers for other in self.dependencies.returns_of(taker) if other.intent is COST_TRANSFERRED
            for each in (other, *self.dependencies.returns_of(other.id)) if each.key < cover.key
        ]  # fmt: skip
        before = [self.dependencies.passed_on(each) for each in passed]
        self.dependencies.revalue(issue, issue.worth + difference)
        return [(each, self.dependencies.passed_on(each) - was) for each, was in zip(passed, before, strict=True)]

    def _follow(self, fact: ReplayedMove, after: Key) -> None:
        if fact.group_id is not None and fact.intent not in OUTPUTS:
            for output in self.dependencies.outputs_of(fact):
                self._wake(output.pool_id, output.key)
        if self.dependencies.gives(fact):
            self._wake_returns(fact.id, after=after)

    def _record(self, fact: ReplayedMove, difference: int, variance: int) -> None:
        self.changes.repeated.add(fact.id)
        outside = difference + variance
        for counter_id, amount in self.fact_counters.get(fact.id, ()):
            self._change(fact, counter_id, amount)
            outside -= amount
        self._change(fact, fact.counter_id, outside)
        self._change(fact, fact.variance_id, -variance)

    def _record_reversal(self, fact: ReplayedMove, difference: int) -> None:
        """A reversal mirrors its origin counter by counter, corrections included; what else its goods are worth is variance."""
        for move_id, *_, counter_id, amount in self.changes.rows(self._looked_through):
            self._changed[move_id].append((counter_id, amount))
        self._looked_through = len(self.changes)
        self.changes.repeated.add(fact.id)
        mirrored = [(counter_id or None, -amount) for counter_id, amount in self._changed.get(fact.origin_id or 0, ())]
        for counter, amount in mirrored:
            self._change(fact, counter, amount)
        self._change(fact, fact.variance_id, difference - sum(amount for _, amount in mirrored))

    def _change(self, fact: ReplayedMove, counter_id: int | None, amount: int, *, day: int | None = None) -> None:
        if amount:
            self._know_pool(fact.pool_id)
            self.changes.add(
                fact.id, fact.document_id, day or fact.day, fact.day, fact.location_id, fact.pool_id, counter_id, amount
            )

    def _know_pool(self, pool_id: int) -> None:
        if pool_id not in self.changes.pools:
            row = pool_row(self.unit, pool_id)
            assert row is not None
            self.changes.pools[pool_id] = OfPool(row.item_id, row.account_id)

    def short(self, fact: ReplayedMove, held: int) -> None:
        """Refuse: the place does not hold what this move takes."""
        sku = self.masters.item_by_id(fact.item_id).sku
        place = self.masters.location_by_id(fact.location_id).code
        if fact.is_new:
            raise Refused.because(
                "INSUFFICIENT_STOCK",
                f"{sku} at {place} had {unscaled(max(held, 0))} on that day, {unscaled(-fact.quantity)} needed",
                path=self.paths.get(fact.id, ""),
                where=self.takes_back,
                hint="the goods are gone: void what took them out first, or credit what is left"
                if self.takes_back
                else "receive or count it first, or lower the quantity",
            )
        needed, left = unscaled(-fact.quantity), unscaled(max(held, 0))
        self.refuse_for(fact, f"would be short of {sku} at {place}: it takes {needed}, {left} left")

    def give_variance(self, fact: ReplayedMove) -> None:
        """The move was recorded under a method that knows no variance, and is folded by one that does."""
        role = variance_role(fact.intent, fact.group_id)
        item = self.masters.item_by_id(fact.item_id)
        fact.variance_id = self.masters.resolve_account(AccountQuery(role, item, None, None, None)).id
        self._given_variance[fact.id] = fact, Counter(fact.variance_id, role)

    def _below_zero(self, fact: ReplayedMove) -> None:
        """Refuse: goods cost nothing at least."""
        sku, path = self.masters.item_by_id(fact.item_id).sku, self.paths.get(fact.id, "")
        where = "" if fact.is_new else self._number(fact)
        raise Refused.because("BELOW_ZERO", f"{sku} would be received for less than nothing", path=path, where=where,
                              hint="lower what is taken off its cost")  # fmt: skip

    def refuse_revaluation(self, fact: ReplayedMove, issue: Issue) -> None:
        """Refuse: on its day a revaluation finds nothing to act on."""
        if fact.is_new:
            raise Refused([replace(issue, path=self.paths.get(fact.id, ""))])
        self.refuse_for(fact, f"could not revalue any more: {issue.message}")

    def refuse_for(self, fact: ReplayedMove, why: str) -> NoReturn:
        """Refuse for the sake of a later document, which is named."""
        number = self._number(fact)
        message, hint = f"{number} {why}", "change or void the later document first"
        raise Refused.because("LATER_SHORT", message, where=number, hint=hint)

    def _number(self, fact: ReplayedMove) -> str:
        row = self.unit.row("SELECT number FROM document WHERE company_id = ? AND document_id = ?", fact.document_id)
        return str(row[0]) if row else "?"

    def write(self) -> None:
        """Store pools, layers and consumptions as folded anew. After `run`, once nothing can be refused any more."""
        given_variance = [fact for fact, _ in self._given_variance.values()]
        PoolProjections(self.unit, self.ws, self.runs.values(), given_variance).write()


def _opened(pool: Pool) -> PoolRow:
    """A pool that is new with this document, as its row will be."""
    rate = pool.first_rate
    return PoolRow(
        pool.id,
        pool.item_id,
        pool.area_id,
        pool.lot,
        pool.method,
        pool.account_id,
        pool.first_method,
        rate,
        rate,
        0,
        0,
        0,
        0,
        0,
        0,
        -1,
        -1,
    )
