"""Accepting a planned document: move → cost → map.

All that can be refused comes before the first change. A document at the end of its pools is costed there (`inorder.py`); one that
acts earlier, or on an earlier receipt, is swept (`correction/`) and written at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wares.accepted import Accepted, Revision
from wares.areas import at_each_location, pair_transfers
from wares.correction import Sweep
from wares.costmethod import CostMethod
from wares.earlier import method_at, reaches_elsewhere
from wares.errors import Refused
from wares.inorder import InOrder, check_stock
from wares.ledger.entry import Posting, compose
from wares.model import CONTROL_ROLES, Account, AccountQuery, Intent, Item, Line, OriginMove, PlannedMove, Short, ValueFact
from wares.movement import Counter, NewMove, variance_role
from wares.planning import Planned
from wares.poolaccounts import Switch, legs_of, refuse_before, switch, switches
from wares.pools import Key, method_of
from wares.rows import Rows, write_corrections
from wares.storage import tables as t
from wares.values import MAX_MONEY
from wares.workingset import Pool

if TYPE_CHECKING:
    from wares.posting import Batch

SEQUENCE_SHIFT = 20
"""A move's sequence is its document's × 2²⁰ + its position: a million moves a document, eight billion documents."""
SHORT = {"refuse": Short.NEVER, "provisional": Short.AT_ESTIMATE, "pending": Short.AT_NOTHING}
"""The setting negative_stock → what an issue may do."""


def accept(batch: Batch, planned: Planned, revision: Revision | None) -> Accepted:
    """Cost and compose a planned document and put its rows into the batch. Raises Refused and leaves no trace."""
    return _Acceptance(batch, planned, revision).run()


class _Acceptance:
    """One planned document on its way into the working set."""

    def __init__(self, batch: Batch, planned: Planned, revision: Revision | None) -> None:
        self.batch = batch
        self.ws = batch.ws
        self.unit = batch.unit
        self.planned = planned
        self.header = planned.header
        self.plan = planned.plan
        self.revision = revision
        self.methods = batch.registry.cost_methods
        self.lines = {row.line.number: row.line for row in planned.document.rows}
        self.short = SHORT.get(planned.ctx.settings.get("negative_stock", "refuse"), Short.NEVER)
        self.by_location = planned.ctx.settings.get("cost_scope") == "location"

    def run(self) -> Accepted:
        unit, revision = self.unit, self.revision
        self._check_open_items()
        accepted = Accepted(unit.take_id(), "", self.planned)
        accepted.sequence = revision.sequence if revision else unit.take_sequence()
        accepted.line_ids = {number: unit.take_id() for number in self.lines}
        self._number(accepted)
        moves = accepted.moves = self._moves(accepted)
        legs = list(self._legs(accepted))
        if self.header.exchange is not None:
            legs = self._in_currency(legs)
        switched: list[Switch] = []
        if self.plan.new_accounts:
            switched = switches(self.ws, self.plan.new_accounts, self.header, self.lines, self._inventory_at)
            legs += legs_of(switched, accepted.line_ids)
        facts = [(fact, self._account(fact.counter, None, self.lines.get(fact.line))) for fact in self.plan.facts]
        if revision is not None or facts or self._acts_earlier(moves):
            self._accept_late(accepted, moves, legs, facts)
        else:
            self._accept_in_order(accepted, moves, legs)
        switch(self.ws, switched, self.header, accepted.document_id, accepted.sequence << SEQUENCE_SHIFT)
        return accepted

    def _acts_earlier(self, moves: list[NewMove]) -> bool:
        """Also where a cost is passed back with goods that came back: that looks at what had left, which is not at hand."""
        if any(move.key <= move.pool.last_key for move in moves):
            return True
        if any(
            move.planned.intent is Intent.PASSED_ON and self._origin_move(move.planned.origin or 0).quantity > 0 for move in moves
        ):
            return True
        return self.by_location and reaches_elsewhere(self.ws, moves, self._origin_move, self.batch.flush)

    def _number(self, accepted: Accepted) -> None:
        """The number it will carry; one of a series is taken for good only when the document is written."""
        header, revision = self.header, self.revision
        if revision is not None:
            accepted.number, accepted.issued, accepted.revision = revision.number, revision.issued, revision.revision
        elif header.number is not None:
            accepted.number = header.number
        else:
            accepted.number, accepted.issued = self.ws.next_number(header.type.key, header.type.prefix)

    def _accept_in_order(self, accepted: Accepted, moves: list[NewMove], legs: list[tuple[Any, ...]]) -> None:
        held = check_stock(self.ws, moves, self.lines)
        costing = self._costed(accepted, moves, legs)
        if costing.covers:
            costing.rollback()
            self.batch.flush()
            if self._are_passed_on(costing.covers):
                self._accept_late(accepted, moves, legs, [])
                return
            costing = self._costed(accepted, moves, legs)
        costing.write()
        self.ws.on_hand.update(held.on_hand)
        self.ws.lot_on_hand.update(held.of_lots)
        self._write(accepted)
        for move in moves:
            move.pool.last_at, move.pool.last_sequence = move.key
            self.ws.touch(move.pool)
        if costing.covers:
            self.batch.flush()
            accepted.corrections = costing.covered()
            write_corrections(self.batch, accepted.document_id, accepted.corrections, self.header.type.key)
            self.batch.origins.clear()

    def _costed(self, accepted: Accepted, moves: list[NewMove], legs: list[tuple[Any, ...]]) -> InOrder:
        """Every move costed at the end of its pool, and what is to be posted; or a refusal, and the pools as before."""
        costing = InOrder(self.ws, self.methods, self.lines, self._origin_move)
        try:
            costing.cost(moves)
            accepted.postings = self._compose(accepted, moves, legs)
        except BaseException:
            costing.rollback()
            raise
        return costing

    def _are_passed_on(self, issues: set[int]) -> bool:
        """Whether documents passed on what issues cost that are covered now: they follow, as the sweep has them do."""
        links = f"SELECT 1 FROM move_link WHERE company_id = ? AND {self.unit.among('origin_id')} LIMIT 1"
        return self.unit.row(links, self.unit.listed(sorted(issues))) is not None

    def _accept_late(
        self,
        accepted: Accepted,
        moves: list[NewMove],
        legs: list[tuple[Any, ...]],
        facts: list[tuple[ValueFact, Account]],
    ) -> None:
        batch, ws = self.batch, self.ws
        batch.flush()
        hint = "date it then or later"
        refuse_before(self.unit, [(move.pool.id, move.day) for move in moves], path="date", hint=hint)
        sweep = Sweep(self.unit, ws, batch.registry, batch.masters)
        sweep.paths = {move.id: self.lines[move.planned.line].path for move in moves if move.planned.line in self.lines}
        changed = [(fact.move_id, fact.amount, account.id) for fact, account in facts]
        replaced = self.revision.replaced if self.revision is not None else None
        if replaced is not None:
            changed += replaced.facts
        accepted.corrections = sweep.run(new=moves, removed=replaced.removed if replaced is not None else (), facts=changed)
        accepted.postings = self._compose(accepted, moves, legs)
        if replaced is not None:
            replaced.write()
        self._write(accepted)
        for fact, account in facts:
            ws.rows[t.value_fact].append(
                (self.unit.company_id, self.unit.take_id(), fact.move_id, accepted.document_id, accepted.line_ids.get(fact.line),
                 fact.kind, fact.amount, account.id, 0)
            )  # fmt: skip
        sweep.write()
        write_corrections(batch, accepted.document_id, accepted.corrections, self.header.type.key)
        batch.flush()
        ws.forget(sweep.item_ids)
        batch.origins.clear()  # what they were worth may have changed

    def _write(self, accepted: Accepted) -> None:
        if accepted.issued is not None and self.revision is None:
            self.ws.take_number(self.header.type.key)
        if accepted.postings or any(move.variance or move.value for move in accepted.moves):
            accepted.entry_id, accepted.entry_number = self.unit.take_id(), self.unit.take_entry_number()
        Rows(self.batch, accepted).write()

    # --- move ------------------------------------------------------------------------------------------------------------

    def _moves(self, accepted: Accepted) -> list[NewMove]:
        header, unit, ids = self.header, self.unit, accepted.line_ids
        moves: list[NewMove] = []
        key = header.effective_at, accepted.sequence << SEQUENCE_SHIFT
        planned_moves: Iterable[PlannedMove] = self.plan.moves
        if self.by_location:
            locations = self.batch.masters.locations.values()
            planned_moves = at_each_location(planned_moves, locations, lambda item: self._method_at(item, key).fixed_rate)
        for index, planned in enumerate(planned_moves):
            line = self.lines.get(planned.line)
            if planned.method is not None:
                path = f"{line.path}.cost_method" if line is not None else ""
                self._check_method(planned.item, planned.method, self._method_at(planned.item, key), path)
            pool = self._pool(planned, line, accepted)
            method = self.methods[pool.method]
            variance_to = None
            if planned.intent is Intent.PASSED_ON:
                variance_to = Counter(self._account("cogs", planned, line).id, "cogs")
            elif method.fixed_rate or (planned.method is not None and self.methods[planned.method].fixed_rate):
                role = variance_role(planned.intent, planned.group)
                variance_to = Counter(self._account(role, planned, line).id, role)
            moves.append(
                NewMove(
                    unit.take_id(),
                    accepted.document_id,
                    ids.get(planned.line, 0),
                    planned,
                    pool,
                    at=header.effective_at,
                    sequence=(accepted.sequence << SEQUENCE_SHIFT) + index,
                    day=header.day,
                    counter=self._counter(planned, line),
                    variance_to=variance_to,
                    group_id=ids[planned.group] if planned.group else None,
                    short=self.short if planned.may_be_short and not pool.lot else Short.NEVER,
                )
            )
        if self.by_location:
            pair_transfers(moves, header.type.key)
        return moves

    def _method_at(self, item: Item, at: Key) -> CostMethod:
        replaced = self.revision.replaced.removed if self.revision is not None else None
        return method_of(self.methods, method_at(self.ws, item, at, replaced=replaced, flush=self.batch.flush))

    def _check_method(self, item: Item, wanted: str, present: CostMethod, path: str) -> None:
        """Refuse a change to a method that is not there, that is there already, or that keeps lots where the other does not."""
        method = self.methods.get(wanted)
        if method is None:
            hint = f"the methods are {', '.join(sorted(self.methods))}"
            raise Refused.because("UNKNOWN_COST_METHOD", f"there is no cost method {wanted!r}", path=path, hint=hint)
        if method is present:
            raise Refused.because("SAME_METHOD", f"{item.sku} is costed by {wanted} already", path=path, hint="leave it out")
        if method.per_lot != present.per_lot:
            message = f"goods of {item.sku} neither get lots nor lose them by a change of method yet"
            raise Refused.because("NOT_YET", message, path=path, hint="adjust them out, and into an item of that method")

    def _counter(self, planned: PlannedMove, line: Line | None) -> Counter | None:
        if planned.counter is None:
            return None
        account = planned.counter_account or self._account(planned.counter, planned, line)
        return Counter(account.id, planned.counter)

    def _pool(self, planned: PlannedMove, line: Line | None, accepted: Accepted) -> Pool:
        """The pool of a move. Its inventory account is chosen by its first move and stays: late facts correct what stands there."""
        item = planned.item
        key = item.cost_method or "average"
        self.ws.need_item(item.id)  # an earlier document of the batch may have had it forgotten
        lot = self._lot(planned, line, accepted) if method_of(self.methods, key).per_lot else ""
        pool = self.ws.pool(item, planned.location.id if self.by_location else 0, lot, key)
        if pool.method != key:
            method_of(self.methods, pool.method)
        if pool.is_new or pool.account_id == 0:
            pool.account_id = self._account("inventory", planned, line).id
        return pool

    def _lot(self, planned: PlannedMove, line: Line | None, accepted: Accepted) -> str:
        """The lot named; goods that come back are of the lot they were; a receipt without one is its own lot."""
        if planned.lot:
            return planned.lot
        if planned.origin is not None:
            origin = self._origin_move(planned.origin)
            lot = next((pool.lot for pool in self.ws.pools_of(origin.item_id) if pool.id == origin.pool_id), "")
            if lot:
                return lot
        if planned.quantity > 0 and planned.intent is not Intent.NEUTRAL:
            return f"{accepted.number}#{planned.line}"
        area = planned.location.id if self.by_location else 0
        held = sorted(pool.lot for pool in self.ws.pools_of(planned.item.id) if pool.area_id == area and pool.state.quantity > 0)
        raise Refused.because(
            "LOT_MISSING",
            f"{planned.item.sku} is kept by lot, and the line names none",
            path=f"{line.path}.lot" if line is not None else "",
            hint=f"on hand: {', '.join(held[:10]) or 'none'}",
        )

    def _origin_move(self, move_id: int) -> OriginMove:
        for document in self.batch.origins.values():
            for line in document.lines.values():
                for move in line.moves:
                    if move.id == move_id:
                        return move
        raise AssertionError("a move takes its value from one that no line of the document comes from")

    def _check_open_items(self) -> None:
        seen: set[str] = set()
        for index, item in enumerate(self.plan.open_items):
            path = f"open_items[{index}].number"
            self.batch.refuse_own_series(item.number, path)
            if item.number in self.batch.numbers | seen or self.unit.row(
                "SELECT 1 FROM document WHERE company_id = ? AND number = ?", item.number
            ):
                raise Refused.because("DUPLICATE_NUMBER", f"there is a document {item.number} already", path=path)
            seen.add(item.number)

    # --- map -------------------------------------------------------------------------------------------------------------

    def _account(self, role: str, planned: PlannedMove | None, line: Line | None) -> Account:
        header = self.header
        if role == header.type.counter_role and header.account is not None:
            return header.account
        item = planned.item if planned is not None else (line.item if line is not None else None)
        location = planned.location if planned is not None else (line.location if line is not None else header.location)
        return self.batch.calls.account_for(AccountQuery(role, item, line, location, header.party), self.planned.ctx)

    def _inventory_at(self, line: Line, area_id: int) -> Account:
        """Where the books' rules put an item's stock, at a location where each has its own."""
        location = self.batch.masters.location_by_id(area_id) if area_id else line.location
        return self.batch.calls.account_for(AccountQuery("inventory", line.item, line, location, None), self.planned.ctx)

    def _legs(self, accepted: Accepted) -> Iterable[tuple[Any, ...]]:
        """(account id, amount, role, line id, item id, party id, memo) of every leg that does not depend on cost."""
        party_id = self.header.party.id if self.header.party else None
        for leg in self.plan.legs:
            line = self.lines.get(leg.line) if leg.line else None
            account = leg.account or self._account(leg.role, None, line)
            yield (
                account.id,
                leg.amount,
                leg.role,
                accepted.line_ids.get(leg.line) if leg.line else None,
                leg.item.id if leg.item else None,
                party_id if leg.of_party else None,
                leg.memo,
            )

    def _in_currency(self, legs: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The legs, with their amounts in the document's currency where they have one."""
        return [
            leg if planned.currency_amount is None else (*leg, self.header.currency, planned.currency_amount)
            for leg, planned in zip(legs, self.plan.legs, strict=True)
        ]

    def _compose(self, accepted: Accepted, moves: list[NewMove], legs: list[tuple[Any, ...]]) -> list[Posting]:
        for move in moves:
            if abs(move.value) > MAX_MONEY:
                line = self.lines.get(move.planned.line)
                message = f"so much {move.planned.item.sku} is worth more than Wares keeps"
                raise Refused.because("TOO_LARGE", message, path=line.path if line is not None else "")
        legs = [*legs, *self._value_legs(moves)]
        return compose(legs, currency=self.unit.head.currency, document_type=self.header.type.key)

    def _value_legs(self, moves: list[NewMove]) -> Iterable[tuple[Any, ...]]:
        """Inventory against where each part of a move's value comes from; the document's own total is one leg."""
        party_id = self.header.party.id if self.header.party else None
        own = self.header.type.counter_role
        for move in moves:
            item_id = move.planned.item.id
            if move.value:
                yield (move.pool.account_id, move.value, "inventory", move.line_id, item_id, None, None)
            for counter, value in move.parts():
                if counter is None:
                    continue
                if counter.role == own:
                    yield (counter.account_id, -value, own, None, None, party_id, self.header.memo)
                else:
                    of_party = party_id if counter.role in CONTROL_ROLES else None
                    yield (counter.account_id, -value, counter.role, move.line_id, item_id, of_party, None)
