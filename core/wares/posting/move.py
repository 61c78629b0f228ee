"""The stage "move": the document type plans the effects of a document; each move gets its identity, its place in time, its pool and
lot, and the accounts that its value comes from or goes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple

from wares.costing.method import CostMethod
from wares.documents.credits import over_credited
from wares.documents.exchange import in_base, with_currency
from wares.documents.record import RecordInput
from wares.errors import Refused
from wares.inventory.backdating import method_at
from wares.inventory.move import Counter, NewMove, variance_role
from wares.inventory.pool import Pool
from wares.inventory.pools import Key, method_of
from wares.inventory.transfers import at_each_location, pair_transfers
from wares.model import (
    CONTROL_ROLES,
    PLANNED_AT_ORIGIN_COST,
    Account,
    AccountQuery,
    Context,
    Document,
    Intent,
    Item,
    Line,
    NegativeStock,
    OriginMove,
    PlannedMove,
    ValueFact,
)
from wares.plugin_manager.answers import issues_of
from wares.plugin_manager.calls import Calls
from wares.posting.batch import Batch
from wares.posting.record import ResolvedRecord
from wares.posting.result import NewDocument, Planned, Revision

SEQUENCE_SHIFT = 20
"""A move's sequence is its document's × 2²⁰ + its position: a million moves a document, eight billion documents."""
SHORT = {"refuse": NegativeStock.NEVER, "provisional": NegativeStock.AT_ESTIMATE, "pending": NegativeStock.AT_NOTHING}
"""The setting negative_stock → the rule for an issue of more than is on hand."""


_query = partial(tuple.__new__, AccountQuery)


def first_sequence(document: int) -> int:
    """Return the sequence of a document's first move, from that of the document."""
    return document << SEQUENCE_SHIFT


class Moved(NamedTuple):
    """A planned document whose moves stand in their pools, without values."""

    document: NewDocument
    allocator: MoveAllocator
    facts: list[tuple[ValueFact, Account]]
    """Its facts about the value of earlier receipts, each with the account that the value comes from."""
    revision: Revision | None


def move(batch: Batch, resolved: ResolvedRecord, document: Document, revision: Revision | None) -> Moved:
    """Plan a priced document and place its moves. Raises Refused; takes no number of a series yet."""
    planned = _plan(resolved.given, resolved.ctx, document, batch.calls)
    if issues := list(over_credited(document, batch.origins)):
        raise Refused(issues)
    _check_open_items(batch, planned, revision)
    allocator = MoveAllocator(batch, planned, revision)
    accepted = _identified(batch, planned, allocator.lines, revision)
    accepted.moves = allocator.moves(accepted)
    facts = [(fact, allocator.account(fact.counter, None, allocator.lines.get(fact.line))) for fact in planned.plan.facts]
    return Moved(accepted, allocator, facts, revision)


def _plan(given: RecordInput, ctx: Context, document: Document, calls: Calls) -> Planned:
    """Validate a priced document and plan its effects. Raises Refused with the Issues of its type and of every veto together."""
    header, kind = ctx.header, ctx.header.type
    issues = [*issues_of(kind, "validate", kind.validate(document, ctx)), *calls.before_post(document, ctx)]
    if issues:
        raise Refused(issues)
    if header.exchange is None:
        return Planned(given, header, ctx, document, calls.plan(kind, document, ctx))
    based = in_base(document, ctx, calls)
    in_currency = with_currency(calls.plan(kind, based.document, based.ctx), document, based)
    return Planned(given, header, ctx, document, in_currency, based)


def _identified(batch: Batch, planned: Planned, lines: Mapping[str, Line], revision: Revision | None) -> NewDocument:
    """Give the document its id, number, place in time, and the ids of its lines. The next number of a series is taken for good when
    the document is written."""
    unit, header = batch.unit, planned.header
    accepted = NewDocument(unit.take_id(), "", planned)
    accepted.sequence = revision.sequence if revision else unit.take_sequence()
    accepted.line_ids = dict(zip(lines, unit.take_ids(len(lines)), strict=True))
    if revision is not None:
        accepted.number, accepted.issued, accepted.revision = revision.number, revision.issued, revision.revision
    elif header.number is not None:
        accepted.number, accepted.revision = header.number, batch.identities.first_revision(header.number)
    else:
        accepted.number, accepted.issued = batch.ws.numbers.next(header.type.key, header.type.prefix)
    return accepted


def _check_open_items(batch: Batch, planned: Planned, revision: Revision | None) -> None:
    seen = {planned.header.number if revision is None else revision.number}
    batch.identities.read_numbers(batch.unit, {item.number for item in planned.plan.open_items})
    for index, item in enumerate(planned.plan.open_items):
        path = f"open_items[{index}].number"
        batch.identities.refuse_own_series(item.number, path)
        if item.number in batch.identities.numbers | seen:
            raise Refused.because("DUPLICATE_NUMBER", f"there is a document {item.number} already", path=path)
        seen.add(item.number)


class MoveAllocator:
    """Places the moves of one planned document, and finds the account that holds a role for it."""

    def __init__(self, batch: Batch, planned: Planned, revision: Revision | None) -> None:
        self.batch = batch
        self.ws = batch.ws
        self.planned = planned
        self.header = planned.header
        self.revision = revision
        self.methods = batch.registry.cost_methods
        self.lines = {row.line.number: row.line for row in planned.document.rows}
        self.short = SHORT.get(planned.ctx.settings.get("negative_stock", "refuse"), NegativeStock.NEVER)
        self.by_location = planned.ctx.settings.get("cost_scope") == "location"

    def moves(self, accepted: NewDocument) -> list[NewMove]:
        """Return the document's moves, without values. Raises Refused."""
        header, unit, ids = self.header, self.batch.unit, accepted.line_ids
        moves: list[NewMove] = []
        first = first_sequence(accepted.sequence)
        key = header.effective_at, first
        planned_moves: Iterable[PlannedMove] = self.planned.plan.moves
        if self.by_location:
            locations = self.batch.masters.locations.values()
            planned_moves = at_each_location(planned_moves, locations, lambda item: self._method_at(item, key).fixed_rate)
        for index, planned in enumerate(planned_moves):
            line = self.lines.get(planned.line)
            if planned.method is not None:
                path = f"{line.path}.cost_method" if line is not None else ""
                self._check_method(planned.item, planned.method, self._method_at(planned.item, key), path)
            if planned.intent in PLANNED_AT_ORIGIN_COST:
                self._check_origin(planned, line)
            pool = self._pool(planned, line, accepted)
            method = self.methods[pool.method]
            variance_to = None
            if planned.intent is Intent.COST_TRANSFERRED:
                variance_to = Counter(self._cogs_account(planned, line).id, "cogs")
            elif method.fixed_rate or (planned.method is not None and self.methods[planned.method].fixed_rate):
                role = variance_role(planned.intent, planned.group, (planned.counter or "",))
                variance_to = Counter(self.account(role, planned, line).id, role)
            moves.append(
                NewMove(
                    unit.take_id(),
                    accepted.document_id,
                    ids.get(planned.line, 0),
                    planned,
                    pool,
                    at=header.effective_at,
                    sequence=first + index,
                    day=header.day,
                    counter=self._counter(planned, line),
                    variance_to=variance_to,
                    group_id=ids[planned.group] if planned.group else None,
                    short=self.short if planned.may_be_short and not pool.lot else NegativeStock.NEVER,
                )
            )
        if self.by_location:
            pair_transfers(moves, header.type.key)
        return moves

    def _check_origin(self, planned: PlannedMove, line: Line | None) -> None:
        """Refuse a move whose value comes from a later one: goods invoiced before they were delivered. Refused BEFORE_ORIGIN."""
        if self.origin_move(planned.origin or 0).effective_at > self.header.effective_at:
            path, sku = f"{line.path}.from" if line is not None else "from", planned.item.sku
            message, hint = f"{sku} had not moved yet on that day", "date it when the goods had moved, or later"
            raise Refused.because("BEFORE_ORIGIN", message, path=path, hint=hint)

    def _method_at(self, item: Item, at: Key) -> CostMethod:
        replaced = self.revision.replaced.removed if self.revision is not None else None
        return method_of(self.methods, method_at(self.ws, item, at, replaced=replaced, flush=self.batch.flush))

    def _check_method(self, item: Item, wanted: str, present: CostMethod, path: str) -> None:
        """Refuse a change to a method that is unknown or in force already, or between a method by lot and one without lots."""
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
        account = planned.counter_account or self._account_at_issue(planned, line) or self.account(planned.counter, planned, line)
        return Counter(account.id, planned.counter)

    def _cogs_account(self, planned: PlannedMove, line: Line | None) -> Account:
        """Return the account of cost of goods sold for a cost that is transferred: for goods that came back, the one to which the
        invoice had transferred it."""
        row = self.batch.unit.row(
            "SELECT t.variance_id FROM wares_move b JOIN wares_move_link k ON k.company_id = b.company_id "
            "AND k.origin_id = b.origin_id "
            "JOIN wares_move t ON t.company_id = k.company_id AND t.move_id = k.move_id "
            f"AND t.intent = {int(Intent.COST_TRANSFERRED)} AND t.annulled_by IS NULL AND t.annuls IS NULL "
            "WHERE b.company_id = ? AND b.move_id = ? ORDER BY t.effective_at, t.sequence LIMIT 1",
            planned.origin,
        )
        return self.batch.account_by_id(row[0]) if row is not None and row[0] else self.account("cogs", planned, line)

    def _account_at_issue(self, planned: PlannedMove, line: Line | None) -> Account | None:
        """Return the account to which goods that come back were issued by another line than the one they come from."""
        if planned.intent is not Intent.AT_ISSUE_COST or planned.origin is None:
            return None
        if line is not None and line.origin is not None and planned.counter in line.origin.accounts:
            return None
        counter_id = self.origin_move(planned.origin).counter_id
        account = self.batch.account_by_id(counter_id) if counter_id else None
        return account if account is not None and not CONTROL_ROLES.intersection(account.roles) else None

    def _pool(self, planned: PlannedMove, line: Line | None, accepted: NewDocument) -> Pool:
        """Return the pool of a move. The first move of a pool chooses its inventory account; corrections post to it later."""
        item = planned.item
        key = item.cost_method or "average"
        self.ws.pools.need_item(item.id)  # an earlier document of the batch may have had it forgotten
        lot = self._lot(planned, line, accepted) if method_of(self.methods, key).per_lot else ""
        pool = self.ws.pools.pool(item, planned.location.id if self.by_location else 0, lot, key)
        if pool.method != key:
            method_of(self.methods, pool.method)
        if pool.is_new or pool.account_id == 0:
            pool.account_id = self.account("inventory", planned, line).id
        return pool

    def _lot(self, planned: PlannedMove, line: Line | None, accepted: NewDocument) -> str:
        """Return the lot that the line names, else the lot of the goods that come back; a receipt without a lot makes its own."""
        if planned.lot:
            return planned.lot
        if planned.origin is not None:
            origin = self.origin_move(planned.origin)
            lot = next((pool.lot for pool in self.ws.pools.of_item(origin.item_id) if pool.id == origin.pool_id), "")
            if lot:
                return lot
        if planned.quantity > 0 and planned.intent is not Intent.QUANTITY_ONLY:
            return f"{accepted.number}#{planned.line}"
        area = planned.location.id if self.by_location else 0
        held = sorted(
            pool.lot for pool in self.ws.pools.of_item(planned.item.id) if pool.area_id == area and pool.state.quantity > 0
        )
        path, hint = (f"{line.path}.lot" if line is not None else ""), f"on hand: {', '.join(held[:10]) or 'none'}"
        if line is not None and line.content:
            path = f"{line.path}.components"
            hint = f'give it among the components: {{"sku": "{planned.item.sku}", "quantity": ..., "lot": ...}}; {hint}'
        raise Refused.because("LOT_MISSING", f"{planned.item.sku} is kept by lot, and the line names none", path=path, hint=hint)

    def origin_move(self, move_id: int) -> OriginMove:
        """Return the posted move with this id, of a line that the document comes from."""
        for document in self.batch.origins.values():
            for line in document.lines.values():
                for move in line.moves:
                    if move.id == move_id:
                        return move
        raise AssertionError("a move takes its value from one that no line of the document comes from")

    def account(self, role: str, planned: PlannedMove | None, line: Line | None) -> Account:
        """Return the account that holds a role for a move, for a line, or for the document."""
        header = self.header
        if role == header.type.counter_role and header.account is not None:
            return header.account
        if line is None or line.origin is not None:
            taken = self._account_of_origin(role, planned, line)
            if taken is not None:
                return self.batch.account_by_id(taken)
        item = planned.item if planned is not None else (line.item if line is not None else None)
        location = planned.location if planned is not None else (line.location if line is not None else header.location)
        return self.batch.calls.account_for(_query((role, item, line, location, header.party)), self.planned.ctx)

    def _account_of_origin(self, role: str, planned: PlannedMove | None, line: Line | None) -> int | None:
        """Return the account that the line which a line comes from used for a role, or (without a line) the documents that the
        document takes back for their total; None if they used none, or several. The account of stock is that of the pool."""
        if role == "inventory":
            return None
        if line is not None:
            return line.origin.accounts.get(role) if line.origin is not None else None
        if planned is not None or role != self.header.type.counter_role or self.header.type.sign > 0:
            return None
        used = {each.origin.accounts.get(role) for each in self.lines.values() if each.origin is not None}
        return used.pop() if len(used) == 1 else None
