"""Accepting a planned document: move → cost → map.

All that can be refused comes before the first change. A document at the end of its pools is costed there (`inorder.py`); one that
acts earlier, or on an earlier receipt, is swept (`correction/`) and written at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wares.errors import Refused
from wares.inventory.backdating import reaches_elsewhere
from wares.inventory.move import NewMove
from wares.ledger.entry import Posting, compose
from wares.model import CONTROL_ROLES, PLANNED_AT_ORIGIN_COST, Account, AccountQuery, Intent, Line, ValueFact
from wares.posting.correction_entries import write_corrections
from wares.posting.cost import AppendCosting, check_stock
from wares.posting.inventory_accounts import AccountChange, legs_of, refuse_before, switch, switches
from wares.posting.moves import MoveAllocator, first_sequence
from wares.posting.plan import Planned
from wares.posting.result import NewDocument, Revision
from wares.posting.write import DocumentWriter
from wares.recosting import Recosting
from wares.storage import tables as t
from wares.values import MAX_MONEY

if TYPE_CHECKING:
    from wares.posting.batch import Batch


def accept(batch: Batch, planned: Planned, revision: Revision | None) -> NewDocument:
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
        self.moving = MoveAllocator(batch, planned, revision)
        self.lines = self.moving.lines

    def run(self) -> NewDocument:
        unit, revision = self.unit, self.revision
        self._check_open_items()
        accepted = NewDocument(unit.take_id(), "", self.planned)
        accepted.sequence = revision.sequence if revision else unit.take_sequence()
        accepted.line_ids = {number: unit.take_id() for number in self.lines}
        self._number(accepted)
        moves = accepted.moves = self.moving.moves(accepted)
        legs = list(self._legs(accepted))
        if self.header.exchange is not None:
            legs = self._in_currency(legs)
        switched: list[AccountChange] = []
        if self.plan.new_accounts:
            switched = switches(self.ws, self.plan.new_accounts, self.header, self.lines, self._inventory_at)
            legs += legs_of(switched, accepted.line_ids)
        facts = [(fact, self.moving.account(fact.counter, None, self.lines.get(fact.line))) for fact in self.plan.facts]
        if revision is not None or facts or self._acts_earlier(moves):
            self._accept_late(accepted, moves, legs, facts)
        else:
            self._accept_in_order(accepted, moves, legs)
        switch(self.ws, switched, self.header, accepted.document_id, first_sequence(accepted.sequence))
        return accepted

    def _acts_earlier(self, moves: list[NewMove]) -> bool:
        """Also where a cost is passed back with goods that came back, or some of what comes back had been undone: that looks at
        moves that are not at hand."""
        if any(move.key <= move.pool.last_key for move in moves):
            return True
        for move in moves:
            if move.planned.intent in PLANNED_AT_ORIGIN_COST:
                origin = self.moving.origin_move(move.planned.origin or 0)
                if origin.ever_taken != origin.taken_back + origin.passed_on:
                    return True
                if origin.quantity > 0 and move.planned.intent is Intent.COST_TRANSFERRED:
                    return True
        return self.moving.by_location and reaches_elsewhere(self.ws, moves, self.moving.origin_move, self.batch.flush)

    def _number(self, accepted: NewDocument) -> None:
        """The number it will carry; one of a series is taken for good only when the document is written."""
        header, revision = self.header, self.revision
        if revision is not None:
            accepted.number, accepted.issued, accepted.revision = revision.number, revision.issued, revision.revision
        elif header.number is not None:
            accepted.number = header.number
        else:
            accepted.number, accepted.issued = self.ws.next_number(header.type.key, header.type.prefix)

    def _accept_in_order(self, accepted: NewDocument, moves: list[NewMove], legs: list[tuple[Any, ...]]) -> None:
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
            covered = accepted.corrections = costing.covered()
            write_corrections(self.batch, accepted.document_id, covered, self.header.type.key)
            self.batch.origins.clear()

    def _costed(self, accepted: NewDocument, moves: list[NewMove], legs: list[tuple[Any, ...]]) -> AppendCosting:
        """Every move costed at the end of its pool, and what is to be posted; or a refusal, and the pools as before."""
        costing = AppendCosting(self.ws, self.moving.methods, self.lines, self.moving.origin_move)
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
        accepted: NewDocument,
        moves: list[NewMove],
        legs: list[tuple[Any, ...]],
        facts: list[tuple[ValueFact, Account]],
    ) -> None:
        batch, ws = self.batch, self.ws
        batch.flush()
        hint = "date it then or later"
        refuse_before(self.unit, [(move.pool.id, move.day) for move in moves], path="date", hint=hint)
        sweep = Recosting(self.unit, ws, batch.registry, batch.masters)
        sweep.paths = {move.id: self.lines[move.planned.line].path for move in moves if move.planned.line in self.lines}
        changed = [(fact.move_id, fact.amount, account.id) for fact, account in facts]
        replaced = self.revision.replaced if self.revision is not None else None
        if replaced is not None:
            changed += replaced.facts
        changes = accepted.corrections = sweep.run(
            new=moves, removed=replaced.removed if replaced is not None else (), facts=changed
        )
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
        write_corrections(batch, accepted.document_id, changes, self.header.type.key)
        batch.flush()
        ws.forget(sweep.item_ids)
        batch.origins.clear()  # what they were worth may have changed

    def _write(self, accepted: NewDocument) -> None:
        if accepted.issued is not None and self.revision is None:
            self.ws.take_number(self.header.type.key)
        if accepted.postings or any(move.variance or move.value for move in accepted.moves):
            accepted.entry_id, accepted.entry_number = self.unit.take_id(), self.unit.take_entry_number()
        DocumentWriter(self.batch, accepted).write()

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

    def _inventory_at(self, line: Line, area_id: int) -> Account:
        """Where the books' rules put an item's stock, at a location where each has its own."""
        location = self.batch.masters.location_by_id(area_id) if area_id else line.location
        return self.batch.calls.account_for(AccountQuery("inventory", line.item, line, location, None), self.planned.ctx)

    def _legs(self, accepted: NewDocument) -> Iterable[tuple[Any, ...]]:
        """(account id, amount, role, line id, item id, party id, memo) of every leg that does not depend on cost."""
        party_id = self.header.party.id if self.header.party else None
        for leg in self.plan.legs:
            line = self.lines.get(leg.line) if leg.line else None
            account = leg.account or self.moving.account(leg.role, None, line)
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

    def _compose(self, accepted: NewDocument, moves: list[NewMove], legs: list[tuple[Any, ...]]) -> list[Posting]:
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
