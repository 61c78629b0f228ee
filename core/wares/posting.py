"""Posting: the one pipeline, read from top to bottom.

    record → expand → price → (planning.py) → move → cost → map → post → (workingset.py)

Posting one document is posting a batch of one. A batch is read in a fixed number of queries, each document is planned against it,
and what is accepted is flushed with one statement per table. A document that acts before what its pools already hold is costed by
the sweep of `correction.py` instead of at the end of the pool; the result has the same form.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wares.catalog.masters import MasterBook
from wares.correction import Change, Sweep
from wares.costmethod import FoldMove, Valued
from wares.documents.record import RecordInput
from wares.errors import Issue, Refused
from wares.ledger.accounts import AccountBook
from wares.ledger.entry import Posting, compose, posting_rows
from wares.model import (
    CONTROL_ROLES,
    Account,
    AccountQuery,
    Intent,
    Line,
    OpenItem,
    OriginDocument,
    OriginMove,
    PlannedMove,
    ValueFact,
)
from wares.movement import NewMove, unit_worth
from wares.origins import latest_maker, load_origins
from wares.planning import OpenLine, Planned, canonical, plan_document
from wares.plugins.loader import Plugins
from wares.storage import tables as t
from wares.storage.unit import Unit
from wares.values import SCALE, iso_day, next_day, share, split, unscaled
from wares.workingset import Pool, WorkingSet

SEQUENCE_SHIFT = 20
"""A move's sequence is its document's × 2²⁰ + its position: a million moves a document, eight billion documents."""


class Accepted:
    """A document that was posted (or previewed): what `Books.post` turns into its result."""

    __slots__ = ("corrections", "document_id", "entry_id", "entry_number", "line_ids", "moves", "number", "planned", "postings",
                 "repeated", "revision", "status")  # fmt: skip

    def __init__(self, document_id: int, number: str, planned: Planned | None, *, status: str = "posted") -> None:
        self.document_id = document_id
        self.number = number
        self.planned = planned
        self.status = status
        self.revision = 1
        self.repeated = False  # the idempotency key was seen before: this is the first result
        self.entry_id: int | None = None
        self.entry_number: int | None = None
        self.line_ids: dict[str, int] = {}
        self.moves: list[NewMove] = []
        self.postings: list[Any] = []
        self.corrections: list[Change] = []


class Revision:
    """What a document keeps that replaces another: number, place in time, revision."""

    __slots__ = ("effective_at", "issued", "number", "revision", "sequence")

    def __init__(self, number: str, issued: int | None, sequence: int, effective_at: int, revision: int) -> None:
        self.number = number
        self.issued = issued
        self.sequence = sequence
        self.effective_at = effective_at
        self.revision = revision


class Batch:
    """Documents posted together in one unit."""

    def __init__(self, unit: Unit, masters: MasterBook, plugins: Plugins) -> None:
        self.unit = unit
        self.masters = masters
        self.plugins = plugins
        self.calls = plugins.calls
        self.registry = plugins.registry
        self.ws = WorkingSet(unit)
        self.origins: dict[str, OriginDocument] = {}
        self.facts: Mapping[str, Mapping[str, Any]] = {}
        self.stale: set[str] = set()  # numbers that this batch has written to and not flushed
        self.numbers: set[str] = set()
        self.keys: dict[str, tuple[int, str, str]] = {}
        self.references: dict[str, str] = {}
        self.open_lines: dict[tuple[int, int], dict[int, OpenLine]] = defaultdict(dict)
        self.accepted: list[Accepted] = []
        self.prefixes = {kind.prefix for kind in self.registry.document_types.values()}

    # --- reading ---------------------------------------------------------------------------------------------------------

    def prepare(self, given: Sequence[RecordInput]) -> None:
        """Read what these records need: a fixed number of queries, whatever their number."""
        self.masters.need_skus({sku for record in given for sku in _skus(record)})
        self.masters.need_parties({record.party for record in given if record.party})
        self._read_identities(given)
        self._read_origins({number for record in given for number in _referred(record)})
        self._read_open_lines(given)
        self.ws.need_items(self._item_ids(given))
        self.facts = self.calls.load(tuple([record.record for record in given]), self.unit)

    def _item_ids(self, given: Sequence[RecordInput]) -> set[int]:
        ids: set[int] = set()
        waiting = [item.id for record in given for sku in _skus(record) if (item := self.masters.find(sku)) is not None]
        waiting += [origin.item.id for each in self.origins.values() for origin in each.lines.values() if origin.item]
        while waiting:
            item_id = waiting.pop()
            if item_id not in ids:
                ids.add(item_id)
                item = self.masters.item_by_id(item_id)
                waiting += [edge.item_id for edge in (*item.contents, *item.by_products)]
        return ids

    def _read_identities(self, given: Sequence[RecordInput]) -> None:
        unit = self.unit
        keys = sorted({record.key for record in given if record.key})
        if keys:
            for key, document_id, number, body_hash in unit.rows(
                f"SELECT key, document_id, number, body_hash FROM document WHERE company_id = ? AND {unit.among('key')}",
                unit.listed(keys),
            ):
                self.keys[key] = (document_id, number, body_hash)
        numbers = sorted({record.number for record in given if record.number})
        if numbers:
            self.numbers |= {row[0] for row in unit.rows(
                f"SELECT number FROM document WHERE company_id = ? AND {unit.among('number')}", unit.listed(numbers)
            )}  # fmt: skip
        references = sorted({key for record in given if (key := self._reference_key(record))})
        if references:
            self.references |= dict(unit.rows(
                f"SELECT reference_key, number FROM document WHERE company_id = ? AND {unit.among('reference_key')}",
                unit.listed(references),
            ))  # fmt: skip

    def _reference_key(self, record: RecordInput) -> str | None:
        if record.reference is None:
            return None
        return f"{record.party or ''}/{record.type.key}/{record.reference}"

    def _read_origins(self, numbers: Iterable[str]) -> None:
        if not numbers:
            return
        wanted = {number for number in numbers if number not in self.origins or number in self.stale}
        if wanted & self.stale:
            self.flush()
        self.origins |= load_origins(self.unit, self.masters, wanted)

    def _read_open_lines(self, given: Sequence[RecordInput]) -> None:
        unit = self.unit
        parties = sorted({
            party.id for record in given
            if record.party and record.type.fulfils and (party := self.masters.find_party(record.party)) is not None
        })  # fmt: skip
        if not parties:
            return
        for party_id, item_id, line_id, waits_for, quantity, number, line in unit.rows(
            "SELECT o.party_id, o.item_id, o.line_id, o.waits_for, o.quantity, d.number, l.number FROM open_line o "
            "JOIN line l ON l.company_id = o.company_id AND l.line_id = o.line_id "
            "JOIN document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
            f"WHERE o.company_id = ? AND {unit.among('o.party_id')} AND o.quantity > 0 AND d.status = 'posted'",
            unit.listed(parties),
        ):
            self.open_lines[party_id, item_id][line_id] = OpenLine(line_id, waits_for, f"{number}#{line}", quantity)

    # --- one document ----------------------------------------------------------------------------------------------------

    def post(self, given: RecordInput, revision: Revision | None = None) -> Accepted:
        """Plan, cost and accept one document; rows wait for `flush`. Raises Refused and leaves no trace."""
        repeated = self._repeated(given)
        if repeated is not None:
            return repeated
        self._check_identity(given, revision)
        if given.type.takes_latest:
            given = self._with_latest_makers(given)
        self._read_origins(_referred(given))
        planned = plan_document(
            given, masters=self.masters, calls=self.calls, main=self.masters.main_location(), origins=self.origins,
            open_lines=self.open_lines, settings=self.masters.settings, facts=self.facts, head=self.unit.head,
        )  # fmt: skip
        return _Acceptance(self, planned, revision).accept()

    def _with_latest_makers(self, given: RecordInput) -> RecordInput:
        """Lines without `from` get the latest document that made their item; several lines of one item name theirs."""
        lines = []
        for line in given.lines:
            item = self.masters.find(line.item) if line.item and line.origin is None else None
            if item is not None:
                self.flush()
                (kind,) = set(given.type.fulfils.values())
                maker = latest_maker(self.unit, item.id, given.type.fulfils, kind, given.effective_at)
                line = line._replace(origin=maker)
            lines.append(line)
        return given._replace(lines=tuple(lines))

    def _repeated(self, given: RecordInput) -> Accepted | None:
        known = self.keys.get(given.key) if given.key else None
        if known is None:
            return None
        document_id, number, body_hash = known
        if body_hash != body_hash_of(given.record):
            raise Refused.because(
                "KEY_REUSED",
                f"the key {given.key!r} belongs to {number}, which says something else",
                path="key",
                hint="use a new key for another document",
            )
        found = next((each for each in self.accepted if each.document_id == document_id), None)
        accepted = found or Accepted(document_id, number, None)
        accepted.repeated = True
        return accepted

    def _check_identity(self, given: RecordInput, revision: Revision | None) -> None:
        number = given.number
        if number is not None and revision is None:
            if number in self.numbers:
                raise Refused.because(
                    "DUPLICATE_NUMBER",
                    f"there is a document {number} already",
                    path="number",
                    hint="use another number",
                )
            prefix, _, digits = number.rpartition("-")
            if digits.isdigit() and len(digits) >= 5 and prefix in self.prefixes:
                raise Refused.because(
                    "NUMBER_IN_SERIES",
                    f"numbers like {number} are given by Wares",
                    path="number",
                    hint="leave the number out, or choose another form",
                )
        key = self._reference_key(given)
        if key is not None and key in self.references:
            raise Refused.because(
                "DUPLICATE_REFERENCE",
                f"{self.references[key]} already carries the reference {given.reference!r} of this party",
                path="reference",
                hint="it was entered before",
            )

    def account_by_id(self, account_id: int) -> Account:
        """An account of the books by its id."""
        accounts = self.masters.accounts
        assert isinstance(accounts, AccountBook)
        return accounts.by_id(account_id)

    def flush(self) -> None:
        """Write everything accepted so far."""
        for table, row in self.calls.rows(tuple([a for a in self.accepted if a.planned]), self.unit) if self.ws.pending else ():
            self.ws.rows[table].append(row)
        self.ws.flush()
        self.stale.clear()


def body_hash_of(record: Mapping[str, Any]) -> str:
    """What tells two bodies under one idempotency key apart."""
    return hashlib.sha256(canonical({k: v for k, v in record.items() if k not in ("key", "record")}).encode()).hexdigest()


def _skus(record: RecordInput) -> Iterable[str]:
    for line in record.lines:
        if line.item is not None:
            yield line.item
        if line.components:
            yield from (sku for sku, _ in line.components)
        if line.variants:
            yield from (sku for sku, _ in line.variants)


def _referred(record: RecordInput) -> set[str]:
    numbers = {line.origin.partition("#")[0] for line in record.lines if line.origin}
    return numbers | {number for number, _ in record.apply_to}


class _Acceptance:
    """One planned document on its way into the working set: move → cost → map → post."""

    def __init__(self, batch: Batch, planned: Planned, revision: Revision | None) -> None:
        self.batch = batch
        self.ws = batch.ws
        self.unit = batch.unit
        self.planned = planned
        self.header = planned.header
        self.plan = planned.plan
        self.revision = revision
        self.company_id = batch.unit.company_id
        self.lines = {row.line.number: row.line for row in planned.document.rows}
        self.line_ids: dict[str, int] = {}
        self.marks: list[tuple[Pool, tuple[int, ...]]] = []
        self.marked: set[int] = set()
        self.returned: dict[int, tuple[int, int]] = {}
        self.on_hand: dict[tuple[int, int], int] = {}  # as the accepted document leaves it

    def accept(self) -> Accepted:
        """All that can be refused comes before the first change."""
        unit, header, revision = self.unit, self.header, self.revision
        sequence = revision.sequence if revision else unit.take_sequence()
        for row in self.planned.document.rows:
            self.line_ids[row.line.number] = unit.take_id()
        document_id = unit.take_id()
        self._check_open_items()
        moves = self._moves(document_id, sequence)
        legs = [*self._legs()]
        facts = [(fact, self._account(fact.counter, None, self.lines[fact.line])) for fact in self.plan.facts]
        late = bool(facts) or any(move.key <= (move.pool.last_at, move.pool.last_sequence) for move in moves)
        accepted = Accepted(document_id, "", self.planned)
        accepted.line_ids, accepted.moves = self.line_ids, moves
        if late:
            self._accept_late(accepted, moves, legs, facts, sequence)
        else:
            self._check_stock(moves)
            accepted.postings = self._cost(moves, legs)
            self.ws.on_hand.update(self.on_hand)
            self._write(accepted, sequence)
            for move in moves:
                move.pool.last_at, move.pool.last_sequence = move.key
                self.ws.touch(move.pool)
        return accepted

    def _accept_late(
        self, accepted: Accepted, moves: list[NewMove], legs: list[tuple[Any, ...]],
        facts: list[tuple[ValueFact, Account]], sequence: int,
    ) -> None:  # fmt: skip
        """The document acts before what its pools hold already, or on an earlier receipt: sweep, then write at once."""
        batch, ws = self.batch, self.ws
        batch.flush()
        sweep = Sweep(self.unit, ws, batch.registry, batch.masters)
        accepted.corrections = sweep.run(new=moves, facts=[(fact.move_id, fact.amount, account.id) for fact, account in facts])
        accepted.postings = self._compose(moves, legs)
        self._write(accepted, sequence)
        for fact, account in facts:
            ws.rows[t.value_fact].append(
                (self.company_id, self.unit.take_id(), fact.move_id, accepted.document_id, self.line_ids[fact.line], fact.kind,
                 fact.amount, account.id, 0)
            )  # fmt: skip
        sweep.write()
        write_corrections(batch, accepted.document_id, accepted.corrections, self.header.type.key)
        batch.flush()
        ws.forget(sweep.item_ids)

    # --- move ------------------------------------------------------------------------------------------------------------

    def _moves(self, document_id: int, sequence: int) -> list[NewMove]:
        moves: list[NewMove] = []
        header, unit = self.header, self.unit
        for index, planned in enumerate(self.plan.moves):
            item = planned.item
            method = self._method(planned)
            lot = planned.lot if self.batch.registry.cost_methods[method].per_lot else ""
            pool = self.ws.pool(item, lot, method)
            line = self.lines.get(planned.line)
            if pool.account_id == 0 or not (pool.state.value or pool.state.quantity):
                pool.account_id = self._account("inventory", planned, line).id
            counter = None
            if planned.counter is not None:
                counter = planned.counter_account or self._account(planned.counter, planned, line)
            moves.append(
                NewMove(
                    unit.take_id(), document_id, self.line_ids.get(planned.line, 0), planned, pool, header.effective_at,
                    (sequence << SEQUENCE_SHIFT) + index, header.day, counter.id if counter else None,
                    self.line_ids[planned.group] if planned.group else None,
                )
            )  # fmt: skip
        return moves

    def _method(self, planned: PlannedMove) -> str:
        method = planned.item.cost_method or "average"
        if method not in self.batch.registry.cost_methods:
            raise Refused.because(
                "METHOD_MISSING",
                f"the cost method {method!r} of {planned.item.sku} is not installed",
                hint="install the plugin that brings it",
            )
        return method

    def _account(self, role: str, planned: PlannedMove | None, line: Line | None) -> Account:
        header = self.header
        if role == header.type.counter_role and header.account is not None:
            return header.account
        item = planned.item if planned is not None else (line.item if line is not None else None)
        location = planned.location if planned is not None else (line.location if line is not None else header.location)
        return self.batch.calls.account_for(AccountQuery(role, item, line, location, header.party), self.planned.ctx)

    def _check_stock(self, moves: list[NewMove]) -> None:
        """Refuse what the places and lots do not hold; the moves count in their order."""
        on_hand = self.ws.on_hand
        now: dict[tuple[int, int], int] = {}
        in_pool: dict[int, int] = {}
        issues: list[Issue] = []
        for move in moves:
            planned = move.planned
            place = (planned.item.id, planned.location.id)
            held = now.get(place)
            if held is None:
                held = on_hand.get(place, 0)
            if planned.intent == Intent.COUNTED:
                move.quantity = (planned.counted or 0) - held
            now[place] = held + move.quantity
            pool_held = in_pool.get(move.pool.id, move.pool.state.quantity)
            in_pool[move.pool.id] = pool_held + (0 if planned.intent == Intent.NEUTRAL else move.quantity)
            if move.quantity < 0 and (now[place] < 0 or in_pool[move.pool.id] < 0):
                issues.append(self._short(planned, min(held, pool_held) if planned.lot else held))
        if issues:
            raise Refused(issues)
        self.on_hand = now

    def _short(self, planned: PlannedMove, held: int) -> Issue:
        line = self.lines.get(planned.line)
        return Issue(
            "INSUFFICIENT_STOCK",
            f"{planned.item.sku} at {planned.location.code} has {unscaled(held)}, {unscaled(-planned.quantity)} needed",
            path=line.path if line is not None else "",
            hint="receive or count it first, or lower the quantity",
        )

    # --- cost ------------------------------------------------------------------------------------------------------------

    def _cost(self, moves: list[NewMove], legs: list[tuple[Any, ...]]) -> list[Posting]:
        """Fold each move at the end of its pool, in order, and compose the entry. Whatever fails here rolls every pool back."""
        try:
            consumptions = []
            for move in moves:
                if move.planned.intent != Intent.NEUTRAL and move.quantity:
                    consumptions.append(self._value(move, moves))
            postings = self._compose(moves, legs)
            for fold_move, valued in consumptions:
                self.ws.add_consumption(fold_move, valued)
            return postings
        except BaseException:
            for pool, mark in reversed(self.marks):
                pool.state.rollback(mark)
            raise

    def _compose(self, moves: list[NewMove], legs: list[tuple[Any, ...]]) -> list[Posting]:
        return compose([*legs, *self._value_legs(moves)], currency=self.header.currency, document_type=self.header.type.key)

    def _value(self, move: NewMove, moves: list[NewMove]) -> tuple[FoldMove, Valued]:
        pool, state = move.pool, move.pool.state
        if pool.id not in self.marked:
            self.marked.add(pool.id)
            self.marks.append((pool, state.mark()))
        value, layer = self._incoming(move, moves)
        fold_move = FoldMove(move.id, move.quantity, value, move.at, move.sequence, layer)
        method = self.batch.registry.cost_methods[pool.method]
        valued: Valued = next(iter(method.fold(state, (fold_move,))))
        move.value = valued.value
        return fold_move, valued

    def _incoming(self, move: NewMove, moves: list[NewMove]) -> tuple[int | None, int | None]:
        """The value that comes from outside the pool, and the layer that goods going back should leave first."""
        planned, intent = move.planned, move.planned.intent
        if intent == Intent.BY_METHOD:
            return None, None
        if intent == Intent.STATED:
            return planned.stated or 0, None
        if intent == Intent.FROM_INPUTS:
            return _from_inputs(move, moves), None
        if intent in (Intent.AS_LEFT, Intent.AS_CAME):
            return self._share_of_origin(move)
        if move.quantity < 0:  # a count that found less
            return None, None
        return unit_worth(move, move.pool.state, self.header.decimals, self.lines.get(planned.line)), None

    def _share_of_origin(self, move: NewMove) -> tuple[int, int | None]:
        origin = self._origin_move(move.planned.origin or 0)
        quantity, value = self.returned.get(origin.id, (origin.taken_back, origin.value_back))
        upto = share(origin.value, quantity + abs(move.quantity), abs(origin.quantity))
        self.returned[origin.id] = (quantity + abs(move.quantity), upto)
        return upto - value, origin.id if move.quantity < 0 else None

    def _origin_move(self, move_id: int) -> OriginMove:
        for document in self.batch.origins.values():
            for line in document.lines.values():
                for move in line.moves:
                    if move.id == move_id:
                        return move
        raise AssertionError("a move takes its value from one that no line of the document comes from")

    # --- map -------------------------------------------------------------------------------------------------------------

    def _legs(self) -> Iterable[tuple[Any, ...]]:
        """(account id, amount, role, line id, item id, party id, memo) of every leg that does not depend on cost."""
        party_id = self.header.party.id if self.header.party else None
        for leg in self.plan.legs:
            line = self.lines.get(leg.line) if leg.line else None
            account = leg.account or self._account(leg.role, None, line)
            yield (
                account.id, leg.amount, leg.role, self.line_ids.get(leg.line) if leg.line else None,
                leg.item.id if leg.item else None, party_id if leg.of_party else None, leg.memo,
            )  # fmt: skip

    def _value_legs(self, moves: list[NewMove]) -> Iterable[tuple[Any, ...]]:
        """Inventory against the counter account, at each move's value."""
        party_id = self.header.party.id if self.header.party else None
        own = self.header.type.counter_role
        for move in moves:
            value = move.value
            if not value:
                continue
            item_id = move.planned.item.id
            yield (move.pool.account_id, value, "inventory", move.line_id, item_id, None, None)
            role = move.planned.counter
            if role is not None and role == own:
                yield (move.counter_id, -value, role, None, None, party_id, self.header.memo)
            elif role is not None:
                of_party = party_id if role in CONTROL_ROLES else None
                yield (move.counter_id, -value, role, move.line_id, item_id, of_party, None)

    # --- post ------------------------------------------------------------------------------------------------------------

    def _write(self, accepted: Accepted, sequence: int) -> None:
        header, unit, ws, moves, postings = self.header, self.unit, self.ws, accepted.moves, accepted.postings
        issued = self.revision.issued if self.revision else None
        if self.revision is not None:
            accepted.number, accepted.revision = self.revision.number, self.revision.revision
        elif header.number is not None:
            accepted.number = header.number
        else:
            accepted.number, issued = ws.next_number(header.type.key, header.type.prefix)
        if postings:
            accepted.entry_id, accepted.entry_number = unit.take_id(), unit.take_entry_number()
            ws.rows[t.entry].append(
                (self.company_id, accepted.entry_id, accepted.entry_number, header.day, accepted.document_id, "original", None,
                 unit.recorded_at, header.memo, None)
            )  # fmt: skip
            ws.rows[t.posting] += posting_rows(self.company_id, accepted.entry_id, header.day, postings)
        self._write_document(accepted, issued, sequence)
        self._write_lines(accepted.document_id)
        self._write_moves(accepted, moves)
        self._write_links(accepted)
        for item in self.plan.open_items:
            self._write_open_item(accepted, item)
        self.batch.accepted.append(accepted)
        self.batch.numbers.add(accepted.number)
        self.batch.stale.add(accepted.number)
        ws.pending += 1

    def _write_document(self, accepted: Accepted, issued: int | None, sequence: int) -> None:
        header, given = self.header, self.planned.given
        reference_key = self.batch._reference_key(given)
        body_hash = None
        if given.key:
            body_hash = body_hash_of(given.record)
            self.batch.keys[given.key] = (accepted.document_id, accepted.number, body_hash)
        if reference_key:
            self.batch.references[reference_key] = accepted.number
        attributes = header.attributes
        self.ws.rows[t.document].append((
            self.company_id, accepted.document_id, header.type.key, accepted.number, accepted.revision, issued, "posted",
            header.effective_at, sequence, header.day, header.due, header.party.id if header.party else None,
            header.location.id, header.account.id if header.account else None, header.reference, reference_key,
            header.currency, header.rate, header.goods, self.plan.total, None, header.memo, given.key, body_hash,
            self.unit.recorded_at, attributes.model_dump_json() if attributes is not None else None,
            canonical(given.record),
        ))  # fmt: skip

    def _write_lines(self, document_id: int) -> None:
        ids, goods = self.line_ids, self.plan.goods_amounts
        rows = self.ws.rows[t.line]
        for position, row in enumerate(self.planned.document.rows):
            line, pricing, given = row.line, row.pricing, row.line.given
            account = self.batch.masters.account(given.account).id if given.account else None
            amount = pricing.amount
            rows.append((
                self.company_id, ids[line.number], document_id, line.number, position,
                ids[line.parent] if line.parent else None, int(pricing.kind), line.item.id if line.item else None,
                ids[row.base] if row.base else None, line.quantity, given.scrapped, pricing.unit_price, pricing.discount,
                amount, goods.get(line.number, amount), given.unit, given.unit_factor, line.location.id, account,
                line.origin.id if line.origin else None, given.lot, given.description, given.memo,
                json.dumps(given.attributes, default=str) if given.attributes else None,
            ))  # fmt: skip

    def _write_moves(self, accepted: Accepted, moves: list[NewMove]) -> None:
        ws, company_id, recorded_at = self.ws, self.company_id, self.unit.recorded_at
        period = self.header.day // 100
        for move in moves:
            pool, planned = move.pool, move.planned
            ws.rows[t.move].append(move.row(company_id, recorded_at))
            if planned.origin is not None:
                ws.rows[t.move_link].append((company_id, planned.origin, move.id))
            ws.add_stock(planned.item.id, planned.location.id, move.quantity)
            ws.add_month(pool.id, planned.location.id, period, move.quantity, move.value, move.value)
            if move.value and accepted.entry_id is not None:
                ws.rows[t.valuation].append(
                    (company_id, move.id, accepted.entry_id, move.counter_id or 0, pool.id, self.header.day, move.value)
                )

    def _write_links(self, accepted: Accepted) -> None:
        ws, company_id, batch = self.ws, self.company_id, self.batch
        for link in self.plan.links:
            ws.rows[t.fulfilment].append(
                (company_id, link.origin_id, self.line_ids[link.line], link.kind, link.quantity, link.amount)
            )
            origin = self.lines[link.line].origin
            assert origin is not None
            batch.stale.add(origin.document_number)
            if link.kind in ("deliver", "invoice", "receive", "bill"):
                done = self.lines[link.line].done
                amount = share(origin.goods_amount, done + link.quantity, origin.quantity)
                amount -= share(origin.goods_amount, done, origin.quantity)
                ws.close_open_line(link.origin_id, link.quantity, amount)
                if origin.item is not None and origin.party_id is not None:
                    waiting = batch.open_lines[origin.party_id, origin.item.id]
                    if link.origin_id in waiting:
                        found = waiting[link.origin_id]
                        waiting[link.origin_id] = found._replace(quantity=found.quantity - link.quantity)
        for opens in self.plan.opens:
            if self.header.party is None:
                continue
            line_id, party_id = self.line_ids[opens.line], self.header.party.id
            ws.rows[t.open_line].append(
                (company_id, line_id, opens.waits_for, party_id, opens.item.id, opens.quantity, opens.amount)
            )
            name = f"{accepted.number}#{opens.line}"
            batch.open_lines[party_id, opens.item.id][line_id] = OpenLine(line_id, opens.waits_for, name, opens.quantity)
        for target_id, amount in self.plan.applications:
            ws.rows[t.application].append((company_id, accepted.document_id, target_id, amount))
        batch.stale.update(target.number for target, _ in self.header.apply_to)

    def _check_open_items(self) -> None:
        for item in self.plan.open_items:
            if item.number in self.batch.numbers or self.unit.row(
                "SELECT 1 FROM document WHERE company_id = ? AND number = ?", item.number
            ):
                raise Refused.because("DUPLICATE_NUMBER", f"there is a document {item.number} already", path="open_items")

    def _write_open_item(self, accepted: Accepted, item: OpenItem) -> None:
        """An unpaid invoice or bill of before, a document of its own so that payments apply to it."""
        unit, ws, header = self.unit, self.ws, self.header
        kind = self.batch.registry.document_types[item.type]
        document_id, entry_id, number = unit.take_id(), unit.take_id(), unit.take_entry_number()
        record = {"type": item.type, "number": item.number, "party": item.party.code, "date": iso_day(item.day)}
        ws.rows[t.document].append((
            self.company_id, document_id, item.type, item.number, 1, None, "posted", header.effective_at,
            unit.take_sequence(), item.day, None, item.party.id, header.location.id, None, None, None, header.currency, SCALE,
            "none", item.amount, accepted.document_id, "open item", None, None, unit.recorded_at, None, canonical(record),
        ))  # fmt: skip
        ws.rows[t.entry].append(
            (self.company_id, entry_id, number, header.day, document_id, "original", None, unit.recorded_at, None, None)
        )
        role = kind.counter_role or ""
        sign = 1 if role == "receivable" else -1
        control = self.batch.calls.account_for(AccountQuery(role, None, None, None, item.party), self.planned.ctx)
        against = self.batch.calls.account_for(AccountQuery("opening_balance", None, None, None, None), self.planned.ctx)
        legs = [
            (control.id, sign * item.amount, role, None, None, item.party.id, None),
            (against.id, -sign * item.amount, "opening_balance", None, None, None, None),
        ]
        postings = compose(legs, currency=header.currency, document_type=item.type)
        ws.rows[t.posting] += posting_rows(self.company_id, entry_id, header.day, postings)
        self.batch.numbers.add(item.number)
        self.batch.stale.add(item.number)


def _from_inputs(move: NewMove, moves: list[NewMove]) -> int:
    """The move's share of what its group's issues took out and of the costs absorbed."""
    group = [other for other in moves if other.group_id == move.group_id]
    outputs = [other for other in group if other.planned.intent == Intent.FROM_INPUTS]
    total = -sum(other.value for other in group if other.planned.intent != Intent.FROM_INPUTS)
    total += sum(other.planned.stated or 0 for other in outputs)
    return split(total, [other.planned.share for other in outputs])[outputs.index(move)]


def role_of(account: Account | None) -> str:
    """The role under which a correction is posted: the counter account's own."""
    return account.roles[0] if account is not None and account.roles else "expense"


def write_corrections(batch: Batch, document_id: int, changes: Iterable[Change], kind: str) -> None:
    """One correction entry per accounting date for all that changed, its postings summed by account and item."""
    unit, ws = batch.unit, batch.ws
    closed = unit.head.closed_through
    by_day: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_day[change.day if change.day > closed else next_day(closed)].append(change)
    for day in sorted(by_day):
        entry_id, number = unit.take_id(), unit.take_entry_number()
        legs: list[tuple[Any, ...]] = []
        for change in by_day[day]:
            legs.append((change.account_id, change.difference, "inventory", None, change.item_id, None, None))
            if change.counter_id:
                role = role_of(batch.account_by_id(change.counter_id))
                legs.append((change.counter_id, -change.difference, role, None, change.item_id, None, None))
        postings = compose(legs, currency=unit.head.currency, document_type=kind)
        ws.rows[t.entry].append(
            (unit.company_id, entry_id, number, day, document_id, "correction", None, unit.recorded_at, None, None)
        )
        ws.rows[t.posting] += posting_rows(unit.company_id, entry_id, day, postings)
        for change in by_day[day]:
            ws.rows[t.valuation].append(
                (
                    unit.company_id,
                    change.move_id,
                    entry_id,
                    change.counter_id or 0,
                    change.pool_id,
                    day,
                    change.difference,
                )
            )
            ws.add_month(change.pool_id, change.location_id, change.day // 100, 0, change.difference, 0)
            ws.add_month(change.pool_id, change.location_id, day // 100, 0, 0, change.difference)
