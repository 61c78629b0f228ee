"""Purchases: receipt, bill, cash purchase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from wares.contract.document_type import (
    HEADER_KEYS,
    PURCHASE_LINE_KEYS,
    Behaviours,
    DocumentType,
    row_leg,
    total_leg,
)
from wares.documents.goods import BANK_KEYS, BILL_KEYS, BILLS, GOODS_KEYS, carries_goods, cleared_part
from wares.documents.intocost import goods_amounts, goods_rows, part_of_cost, refuse_accounts
from wares.errors import Issue
from wares.model import RECEIVED_NOT_BILLED, Context, Document, Leg, Link, LinkKind, Opens, Plan, Row, RowKind, Side, ValueFact
from wares.values import split


class Purchase(DocumentType):
    """The common part of receipts and bills: goods come in at their price, including charges with `into_cost`."""

    key, title, prefix = "", "", ""
    side = Side.PURCHASE
    direction = 1
    party_kind: ClassVar[str | None] = "supplier"
    any_currency = True
    header_keys = GOODS_KEYS
    line_keys = PURCHASE_LINE_KEYS
    goods_role: ClassVar[str] = "payable"
    """The counter role of a row of goods that this document itself receives."""

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        return goods_amounts(document, goods_rows(document, do))

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        refuse_accounts(document, do)
        return super().plan(document, ctx, do)

    def clearing(self, link: Link, row: Row) -> Link:
        """Return the link with its amount at the origin's price."""
        if link.kind not in (LinkKind.RECEIVE, LinkKind.BILL):
            return super().clearing(link, row)
        assert row.line.origin is not None
        return link._replace(amount=cleared_part(row.line, row.line.origin.goods_amount))

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs: list[Leg] = []
        goods = goods_rows(document, do)
        for row in document.rows:
            if row.pricing.amount:
                legs.extend(self._row_legs(row, goods, document, ctx, do))
        if self.counter_role is not None and document.total:
            legs.append(total_leg(-self.sign * document.total, ctx))
        return tuple(legs)

    def _row_legs(
        self, row: Row, goods: frozenset[str], document: Document, ctx: Context, do: Behaviours
    ) -> Iterable[Leg]:  # fmt: skip
        line, amount = row.line, row.pricing.amount
        billed = self._bills_a_receipt(row)
        if part_of_cost(row, goods):
            for role, part in self._cleared_against(row, goods, document):
                own = role != self.counter_role
                yield Leg(part, role, ctx.header.account if role == "bank" else None, line.number if own else None,
                          line.item if own else None, of_party=True)  # fmt: skip
        elif billed:
            received = _received_part(row)
            yield Leg(received, "received_not_billed", None, line.number, line.item, of_party=True)
            expense = row_leg(row._replace(pricing=row.pricing._replace(amount=amount - received)), ctx, do)
            if expense is not None:
                yield expense
        else:
            expense = row_leg(row, ctx, do)
            assert expense is not None
            yield expense
            if self.counter_role is None:
                yield Leg(-amount, self.goods_role, None, line.number, line.item, of_party=True)

    def _bills_a_receipt(self, row: Row) -> bool:
        return row.line.origin is not None and self.fulfils.get(row.line.origin.document_type) == LinkKind.BILL

    def _cleared_against(self, row: Row, goods: frozenset[str], document: Document) -> Iterable[tuple[str, int]]:
        """Return the counter roles of a row with their amounts: received_not_billed for goods of a receipt, else this document's
        own role. A charge without an origin follows the goods over which it spreads, as `goods_amounts` spreads it."""
        amount = row.pricing.amount
        if row.line.number in goods or row.line.origin is not None:
            return [(RECEIVED_NOT_BILLED if self._bills_a_receipt(row) else self.goods_role, amount)]
        covered = [document.row(number) for number in row.covers if number in goods]
        parts = split(amount, [other.pricing.amount for other in covered])
        received = sum(part for other, part in zip(covered, parts, strict=True) if self._bills_a_receipt(other))
        return [(role, part) for role, part in ((RECEIVED_NOT_BILLED, received), (self.goods_role, amount - received)) if part]


class Receipt(Purchase):
    """Goods come in at the order price, an estimate until billed: Dr inventory (expense if untracked) Cr received_not_billed.
    With `from` a bill (`goods: later`) it takes that bill's amounts."""

    key, title, prefix = "receipt", "receipt", "REC"
    stock_role = "received_not_billed"
    goods_role = "received_not_billed"
    header_keys = HEADER_KEYS
    fulfils = BILLS

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        billed = {row.line.number: cleared_part(row.line, row.line.origin.goods_amount) for row in document.rows if row.line.origin}
        return {**super().goods_values(document, ctx, do), **billed}

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs = super().compose(document._replace(rows=tuple(r for r in document.rows if r.line.origin is None)), ctx, do)
        return tuple(leg for leg in legs if leg.role != "received_not_billed" or leg.amount < 0)

    def opens(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[Opens]:
        goods = self.goods_values(document, ctx, do)
        for row in document.rows:
            line = row.line
            if line.origin is None and row.pricing.kind == RowKind.ROW and line.item is not None:
                amount = goods.get(line.number, row.pricing.amount)
                yield Opens(line.number, LinkKind.BILL, line.item, line.quantity, amount)


class Bill(Purchase):
    """Cr payable. With `goods: now` it receives the goods of lines without a receipt, with `later` they wait for one; lines `from`
    a receipt clear received_not_billed and re-cost the receipt if the price differs."""

    key, title, prefix = "bill", "bill", "BILL"
    stock_role: ClassVar[str | None] = "payable"
    counter_role = "payable"
    header_keys = BILL_KEYS
    fulfils = {"receipt": LinkKind.BILL}

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        yield from super().validate(document, ctx)
        if ctx.header.goods == "none":
            hint = "use now, or later to wait for a receipt; for a charge without goods give a line without an item"
            yield Issue("BAD_VALUE", f"a {self.title} of goods brings them now or later", "goods", hint)

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        return super().plan(document, ctx, do)._replace(facts=tuple(self._facts(document, ctx, do)))

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        return super().moves_goods(row, ctx) and row.line.origin is None

    def _row_legs(
        self, row: Row, goods: frozenset[str], document: Document, ctx: Context, do: Behaviours
    ) -> Iterable[Leg]:  # fmt: skip
        legs = super()._row_legs(row, goods, document, ctx, do)
        if ctx.header.goods != "later" or not part_of_cost(row, goods):
            return legs
        return (leg._replace(role="received_not_billed", account=None, line=row.line.number, item=row.line.item) for leg in legs)

    def _facts(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[ValueFact]:
        """Yield the difference between the billed and the received cost of goods, as value facts at the receipt's instant."""
        amounts = self.goods_values(document, ctx, do)
        for row in document.rows:
            origin = row.line.origin
            if origin is None or row.pricing.kind != RowKind.ROW or not origin.moves:
                continue
            difference = amounts.get(row.line.number, row.pricing.amount) - cleared_part(row.line, origin.goods_amount)
            parts = split(difference, [abs(move.quantity) for move in origin.moves])
            for move, part in zip(origin.moves, parts, strict=True):
                if part:
                    yield ValueFact(move.id, part, "bill", "received_not_billed", row.line.number)

    def opens(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[Opens]:
        if ctx.header.goods != "later":
            return
        amounts = self.goods_values(document, ctx, do)
        for row in document.rows:
            if row.line.origin is None and carries_goods(row, document, do):
                assert row.line.item is not None
                amount = amounts.get(row.line.number, row.pricing.amount)
                yield Opens(row.line.number, LinkKind.RECEIVE, row.line.item, row.line.quantity, amount)


class CashPurchase(Bill):
    """A bill paid at once: Cr bank."""

    key, title, prefix = "cash_purchase", "cash purchase", "CP"
    stock_role = "bank"
    goods_role = "bank"
    counter_role = "bank"
    party_kind = None
    header_keys = BANK_KEYS


def _received_part(row: Row) -> int:
    """Return the amount that the receipt posted for the part of an untracked line that is billed now."""
    assert row.line.origin is not None
    return cleared_part(row.line, row.line.origin.goods_amount)
