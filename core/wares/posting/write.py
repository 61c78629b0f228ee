"""Writing an accepted document into the buffers of its batch: document, lines, moves, links, entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from wares.documents.exchange import InBase
from wares.inventory.move import NewMove
from wares.inventory.units import RETURNS
from wares.ledger.entry import EntryLeg, compose, entry_row, posting_rows
from wares.model import BROUGHT, CHARGED, Account, AccountQuery, Line, LinkKind, OpenItem, Origin, Row
from wares.posting.batch import Batch, OpenLine
from wares.posting.identity import canonical, reference_key_of
from wares.posting.result import NewDocument
from wares.storage import tables as t
from wares.values import ONE_FOR_ONE, iso_day, share


class DocumentRow(NamedTuple):
    """A row of table `document`. Money is minor units, days are yyyymmdd, instants microseconds since 1970 (UTC)."""

    company_id: int
    document_id: int
    type: str
    number: str
    revision: int
    issued: int | None
    """The count within the series, where Wares gave the number."""
    status: str
    """`posted`, `pending`, `reversal`; later `void`, `replaced`, `reversed`."""
    effective_at: int
    sequence: int
    date: int
    due: int | None
    party_id: int | None
    location_id: int | None
    account_id: int | None
    reference: str | None
    reference_key: str | None
    currency: str
    rate: int
    goods: str
    total: int
    base_total: int
    parent_id: int | None
    memo: str | None
    key: str | None
    body_hash: str | None
    recorded_at: int
    attributes: str | None
    record: str
    content: str | None = None
    """The hash of what is written with it, made by the flush."""


def document_row(
    *,
    company_id: int,
    document_id: int,
    type: str,
    number: str,
    status: str,
    effective_at: int,
    sequence: int,
    date: int,
    location_id: int,
    currency: str,
    recorded_at: int,
    record: str,
    revision: int = 1,
    issued: int | None = None,
    due: int | None = None,
    party_id: int | None = None,
    account_id: int | None = None,
    reference: str | None = None,
    reference_key: str | None = None,
    rate: int = ONE_FOR_ONE,
    goods: str = "none",
    total: int = 0,
    base_total: int = 0,
    parent_id: int | None = None,
    memo: str | None = None,
    key: str | None = None,
    body_hash: str | None = None,
    attributes: str | None = None,
) -> DocumentRow:
    """Return the row of a document of this company."""
    return DocumentRow(
        company_id, document_id, type, number, revision, issued, status, effective_at, sequence, date, due, party_id, location_id,
        account_id, reference, reference_key, currency, rate, goods, total, base_total, parent_id, memo, key, body_hash,
        recorded_at, attributes, record,
    )  # fmt: skip


class DocumentWriter:
    """Writes the rows of one accepted document."""

    def __init__(self, batch: Batch, accepted: NewDocument) -> None:
        self.batch = batch
        self.ws = batch.ws
        self.unit = batch.unit
        self.company_id = batch.unit.company_id
        self.accepted = accepted
        self.planned = accepted.planned
        self.header = accepted.planned.header
        self.plan = accepted.planned.plan
        self.line_ids = accepted.line_ids
        self.lines = {row.line.number: row.line for row in self.planned.document.rows}
        exchange = self.header.exchange
        self.rate = ONE_FOR_ONE if exchange is None else exchange.rate

    def write(self) -> None:
        """Write all rows of the document, its moves and its entry; corrections of other documents come after."""
        accepted, header, unit, ws, batch = self.accepted, self.header, self.unit, self.ws, self.batch
        if accepted.entry_id is not None:
            ws.rows[t.entry].append(
                entry_row(
                    unit, accepted.entry_id, accepted.entry_number or 0, day=header.day, document_id=accepted.document_id,
                    kind="original", memo=header.memo,
                )
            )  # fmt: skip
            ws.rows[t.posting] += posting_rows(self.company_id, accepted.entry_id, header.day, accepted.postings)
        self._write_document(accepted)
        self._write_lines(accepted.document_id)
        self._write_moves(accepted, accepted.moves)
        self._write_links(accepted)
        for item in self.plan.open_items:
            self._write_open_item(accepted, item)
        batch.accepted.append(accepted)
        batch.stale.add(accepted.number)
        ws.pending += 1

    def _write_document(self, accepted: NewDocument) -> None:
        header, given, plan = self.header, self.planned.given, self.plan
        attributes = header.attributes
        body_hash = self.batch.identities.take(given, accepted.document_id, accepted.number, with_reference=True)
        self.ws.rows[t.document].append(
            document_row(
                company_id=self.company_id, document_id=accepted.document_id, type=header.type.key, number=accepted.number,
                revision=accepted.revision, issued=accepted.issued, status="posted", effective_at=header.effective_at,
                sequence=accepted.sequence, date=header.day, due=header.due, party_id=header.party.id if header.party else None,
                location_id=header.location.id, account_id=header.account.id if header.account else None,
                reference=header.reference, reference_key=reference_key_of(given), currency=header.currency, rate=self.rate,
                goods=header.goods, total=plan.total, base_total=plan.total if plan.base_total is None else plan.base_total,
                memo=header.memo, key=given.key, body_hash=body_hash, recorded_at=self.unit.recorded_at,
                attributes=attributes.model_dump_json() if attributes is not None else None, record=canonical(given.record),
            )
        )  # fmt: skip

    def _write_lines(self, document_id: int) -> None:
        ids, goods = self.line_ids, self.plan.goods_amounts
        rows = self.ws.rows[t.line]
        recorded = self.planned.document.rows
        if self.planned.based is not None:
            recorded = self._write_foreign(self.planned.based)
        for position, row in enumerate(recorded):
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

    def _write_foreign(self, based: InBase) -> tuple[Row, ...]:
        """Return the rows in the company's currency; their amounts in the document's go into table `foreign_line`."""
        rows = self.planned.document.rows
        self.ws.rows[t.foreign_line] += [
            (self.company_id, self.line_ids[row.line.number], row.pricing.amount, based.worth[row.line.number]) for row in rows
        ]
        return tuple(row._replace(pricing=row.pricing._replace(amount=based.amounts[row.line.number])) for row in rows)

    def _write_moves(self, accepted: NewDocument, moves: Sequence[NewMove]) -> None:
        ws, company_id, recorded_at = self.ws, self.company_id, self.unit.recorded_at
        period = self.header.day // 100
        for move in moves:
            pool, planned = move.pool, move.planned
            if planned.method is not None:
                ws.method_of_item(planned.item.id, pool.method)
            ws.rows[t.move].append(move.row(company_id, recorded_at))
            if planned.origin is not None:
                ws.rows[t.move_link].append((company_id, planned.origin, move.id))
            ws.add_stock(planned.item.id, planned.location.id, move.quantity)
            ws.add_month(pool.id, planned.location.id, period, move.quantity, move.value, move.value)
            for counter, value in move.parts():
                counter_id = counter.account_id if counter is not None else 0
                ws.rows[t.valuation].append((company_id, move.id, accepted.entry_id, counter_id, pool.id, self.header.day, value))

    def _write_links(self, accepted: NewDocument) -> None:
        ws, company_id, batch = self.ws, self.company_id, self.batch
        for link in self.plan.links:
            ws.rows[t.fulfilment].append(
                (company_id, link.origin_id, self.line_ids[link.line], link.kind, link.quantity, link.amount, link.currency_amount)
            )
            origin = self.lines[link.line].origin
            assert origin is not None
            batch.stale.add(origin.document_number)
            if link.kind in BROUGHT or link.kind in CHARGED:
                cleared = link.amount if link.kind in (LinkKind.RECEIVE, LinkKind.BILL) else 0
                self._close(origin, link.quantity, cleared)
            elif link.kind == LinkKind.CLOSE or (link.kind == LinkKind.CREDIT and origin.document_type in RETURNS):
                self._close(origin, link.quantity, link.amount)
            elif link.kind == LinkKind.RETURN:
                self._close(origin, _uncharged(origin, self.lines[link.line], link.quantity), link.amount)
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
            worth = amount
            if self.header.exchange is not None:
                worth = next(target for target, *_ in self.header.apply_to if target.id == target_id).base_of(amount)
            ws.rows[t.application].append((company_id, accepted.document_id, target_id, amount, worth))
        batch.stale.update(target.number for target, *_ in self.header.apply_to)

    def _close(self, origin: Origin, quantity: int, amount: int) -> None:
        """Lower the open quantity and amount of a line that this document continues."""
        if not quantity:
            return
        self.ws.close_open_line(origin.id, quantity, amount)
        if origin.item is not None and origin.party_id is not None:
            waiting = self.batch.open_lines[origin.party_id, origin.item.id]
            if origin.id in waiting:
                found = waiting[origin.id]
                waiting[origin.id] = found._replace(quantity=found.quantity - quantity)

    def _write_open_item(self, accepted: NewDocument, item: OpenItem) -> None:
        """Write an unpaid invoice or bill from before the opening as a document of its own, so that payments apply to it."""
        unit, ws, header = self.unit, self.ws, self.header
        kind = self.batch.registry.document_types[item.type]
        amount = header.in_base(item.amount)
        document_id, entry_id, number = unit.take_id(), unit.take_id(), unit.take_entry_number()
        record = {"type": item.type, "number": item.number, "party": item.party.code, "date": iso_day(item.day)}
        ws.rows[t.document].append(
            document_row(
                company_id=self.company_id, document_id=document_id, type=item.type, number=item.number,
                revision=self.batch.identities.first_revision(item.number), status="posted",
                effective_at=header.effective_at, sequence=unit.take_sequence(), date=item.day, party_id=item.party.id,
                location_id=header.location.id, currency=header.currency, rate=self.rate, total=item.amount, base_total=amount,
                parent_id=accepted.document_id, memo="open item", recorded_at=unit.recorded_at, record=canonical(record),
            )
        )  # fmt: skip
        ws.rows[t.entry].append(entry_row(unit, entry_id, number, day=header.day, document_id=document_id, kind="original"))
        role = kind.counter_role or ""
        sign = 1 if role == "receivable" else -1
        control = self.batch.calls.account_for(AccountQuery(role, None, None, None, item.party), self.planned.ctx)
        against = self.batch.calls.account_for(AccountQuery("opening_balance", None, None, None, None), self.planned.ctx)
        own = (header.currency, sign * item.amount)
        legs = [
            EntryLeg(control.id, sign * amount, role, None, None, item.party.id, None, *own),
            EntryLeg(against.id, -sign * amount, "opening_balance"),
        ]
        postings = compose(legs, currency=unit.head.currency, document_type=item.type)
        ws.rows[t.posting] += posting_rows(self.company_id, entry_id, header.day, postings)
        self.batch.identities.numbers.add(item.number)
        self.batch.stale.add(item.number)


def _uncharged(origin: Origin, line: Line, quantity: int) -> int:
    """Return the part of a returned quantity that had not been billed or invoiced, in the unit in which the origin is recorded."""
    left = origin.quantity - _charged(origin) - line.done
    stated = origin.stated
    if stated is None or line.quantity < left:
        return max(0, min(quantity, left)) if stated is None else quantity
    return max(0, stated.quantity - _charged(stated) - share(stated.quantity, line.done, origin.quantity)) if left > 0 else 0


def _charged(origin: Origin) -> int:
    return origin.done.get(LinkKind.BILL, origin.done.get(LinkKind.INVOICE, (0, 0)))[0]


def role_of(account: Account | None) -> str:
    """Return the role under which a correction posts to a counter account: the account's own first role."""
    return account.roles[0] if account is not None and account.roles else "expense"
