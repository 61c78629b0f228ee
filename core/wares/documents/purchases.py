"""Purchases: receipt, bill, cash purchase, supplier credit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import ClassVar

from wares.documents.goods import BANK_KEYS, BILL_KEYS, BILLS, GOODS_KEYS, RECEIVED, carries_goods, cleared_part
from wares.documenttype import (
    HEADER_KEYS,
    PURCHASE_LINE_KEYS,
    Behaviours,
    DocumentType,
    row_leg,
    total_leg,
)
from wares.errors import Issue, Refused
from wares.model import Context, Document, Leg, Link, Opens, Plan, Row, RowKind, Side, ValueFact
from wares.values import money, share, split


class _Purchase(DocumentType):
    """What receipts and bills share: goods come in at what is paid for them, charges with `into_cost` among it."""

    key, title, prefix = "", "", ""
    side = Side.PURCHASE
    direction = 1
    party_kind: ClassVar[str | None] = "supplier"
    any_currency = True
    header_keys = GOODS_KEYS
    line_keys = PURCHASE_LINE_KEYS
    goods_role: ClassVar[str] = "payable"
    """Role that a row of goods is cleared against when this document itself receives it."""

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        return goods_amounts(document, _goods_rows(document, do))

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        """A link says how much of its origin it clears, at the origin's price."""
        _refuse_accounts(document, do)
        plan = super().plan(document, ctx, do)
        return plan._replace(links=tuple([_clearing(link, document.row(link.line)) for link in plan.links]))

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs: list[Leg] = []
        goods = _goods_rows(document, do)
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
        if _part_of_cost(row, goods):
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
        return row.line.origin is not None and self.fulfils.get(row.line.origin.document_type) == "bill"

    def _cleared_against(self, row: Row, goods: frozenset[str], document: Document) -> Iterable[tuple[str, int]]:
        """Roles and amounts: goods of a receipt are cleared there, others by this document; a charge that comes from no other
        line goes with the goods over which it spreads, as `goods_amounts` spreads it."""
        amount = row.pricing.amount
        if row.line.number in goods or row.line.origin is not None:
            return [(RECEIVED if self._bills_a_receipt(row) else self.goods_role, amount)]
        covered = [document.row(number) for number in row.covers if number in goods]
        parts = split(amount, [other.pricing.amount for other in covered])
        received = sum(part for other, part in zip(covered, parts, strict=True) if self._bills_a_receipt(other))
        return [(role, part) for role, part in ((RECEIVED, received), (self.goods_role, amount - received)) if part]


class Receipt(_Purchase):
    """Goods come in at the order price, an estimate until billed: Dr inventory (expense if untracked) Cr received_not_billed.
    `from` a bill with `goods: later` it takes that bill's amounts."""

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
                yield Opens(line.number, "bill", line.item, line.quantity, amount)


class Bill(_Purchase):
    """Cr payable. `goods: now` receives what no receipt has, `later` waits for one; lines `from` a receipt clear
    received_not_billed and re-cost it where the price differs."""

    key, title, prefix = "bill", "bill", "BILL"
    stock_role: ClassVar[str | None] = "payable"
    counter_role = "payable"
    header_keys = BILL_KEYS
    fulfils = {"receipt": "bill"}

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        yield from super().validate(document, ctx)
        if ctx.header.goods == "none":
            hint = "use now, or later to wait for a receipt; what brings no goods is a line without an item"
            yield Issue("BAD_VALUE", f"a {self.title} of goods brings them now or later", "goods", hint)

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        return super().plan(document, ctx, do)._replace(facts=tuple(self._facts(document, ctx, do)))

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        return super().moves_goods(row, ctx) and row.line.origin is None

    def _row_legs(
        self, row: Row, goods: frozenset[str], document: Document, ctx: Context, do: Behaviours
    ) -> Iterable[Leg]:  # fmt: skip
        legs = super()._row_legs(row, goods, document, ctx, do)
        if ctx.header.goods != "later" or not _part_of_cost(row, goods):
            return legs
        return (leg._replace(role="received_not_billed", account=None, line=row.line.number, item=row.line.item) for leg in legs)

    def _facts(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[ValueFact]:
        """Where billed goods cost something else than the receipt said: the difference, at the receipt's instant."""
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
                yield Opens(row.line.number, "receive", row.line.item, row.line.quantity, amount)


class CashPurchase(Bill):
    """A bill paid at once: Cr bank."""

    key, title, prefix = "cash_purchase", "cash purchase", "CP"
    stock_role = "bank"
    goods_role = "bank"
    counter_role = "bank"
    party_kind = None
    header_keys = BANK_KEYS


class SupplierCredit(_Purchase):
    """Goods go back at the cost of the receipt named: Dr payable at the credited price, Cr inventory at that cost, difference
    price_variance. With `goods: none` it is a price reduction and re-costs the bill named."""

    key, title, prefix = "supplier_credit", "supplier credit", "SC"
    sign = -1
    direction = -1
    stock_role = "price_variance"
    counter_role = "payable"
    header_keys = BANK_KEYS
    fulfils = {"bill": "credit", "cash_purchase": "credit", "supplier_return": "credit"}

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        yield from super().validate(document, ctx)
        if ctx.header.goods == "later":
            hint = "use now, or none for a price reduction; goods that go back first are a supplier_return"
            yield Issue("BAD_VALUE", "the goods of a supplier credit do not go back later", "goods", hint)
        yield from _more_than_left(document, ctx)

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        plan = super().plan(document, ctx, do)
        if ctx.header.goods == "none":
            plan = plan._replace(facts=tuple(self._reductions(document, ctx, do)))
        return plan

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        return super().moves_goods(row, ctx) and not _went_back(row)

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs: list[Leg] = []
        goods = _goods_rows(document, do)
        for row in document.rows:
            leg = row_leg(row, ctx, do)
            if leg is None:
                continue
            if _went_back(row):
                legs.extend(_clear_return(row))
                continue
            if _part_of_cost(row, goods) and (ctx.header.goods == "now" or _has_moves(row)):
                role = "price_variance" if ctx.header.goods == "now" else "received_not_billed"
                leg = Leg(-row.pricing.amount, role, None, row.line.number, row.line.item, of_party=True)
            legs.append(leg)
        if document.total:
            legs.append(total_leg(document.total, ctx))
        return tuple(legs)

    def _reductions(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[ValueFact]:
        amounts = self.goods_values(document, ctx, do)
        for row in document.rows:
            origin = row.line.origin
            if origin is None or row.pricing.kind != RowKind.ROW or not origin.moves or _went_back(row):
                continue
            amount = amounts.get(row.line.number, row.pricing.amount)
            parts = split(amount, [abs(move.quantity) for move in origin.moves])
            for move, part in zip(origin.moves, parts, strict=True):
                if part:
                    yield ValueFact(move.id, -part, "rebate", "received_not_billed", row.line.number)


def _more_than_left(document: Document, ctx: Context) -> Iterable[Issue]:
    """More than what is left of a line without an item, after what was credited of it and what else came from it."""
    taken: dict[int, int] = defaultdict(int)
    for row in document.rows:
        origin = row.line.origin
        if origin is None or origin.item is not None:
            continue
        left = origin.amount - sum(amount for _, amount in origin.done.values()) - taken[origin.id]
        taken[origin.id] += row.pricing.amount
        if row.pricing.amount > left:
            have, want = (money(amount, ctx.decimals) for amount in (left, row.pricing.amount))
            message = f"{origin.number} has {have} left to credit, not {want}"
            yield Issue("MORE_THAN_LEFT", message, f"{row.line.path}.amount", "lower it, or void what came from that line")


def _went_back(row: Row) -> bool:
    """Whether a supplier return sent the row's goods back already."""
    return row.line.origin is not None and row.line.origin.document_type == "supplier_return"


def _clear_return(row: Row) -> Iterable[Leg]:
    """What the return left in received_not_billed is cleared; a credit of another amount is variance."""
    line, held = row.line, _held(row)
    yield Leg(-held, "received_not_billed", None, line.number, line.item, of_party=True)
    if row.pricing.amount != held:
        yield Leg(held - row.pricing.amount, "price_variance", None, line.number, line.item)


def _held(row: Row) -> int:
    """What the units credited still hold in received_not_billed; the last clear the rest."""
    line, origin = row.line, row.line.origin
    assert origin is not None
    quantity, amount = origin.waiting
    return share(amount, line.quantity, quantity) if quantity else 0


def _has_moves(row: Row) -> bool:
    return row.line.origin is not None and bool(row.line.origin.moves)


def _clearing(link: Link, row: Row) -> Link:
    if _went_back(row):
        return link._replace(amount=_held(row))
    if link.kind == "credit" and row.line.item is None:  # of an amount nothing is taken but amounts
        return link._replace(amount=row.pricing.amount)
    if link.kind not in ("receive", "bill") or row.line.origin is None:
        return link
    return link._replace(amount=cleared_part(row.line, row.line.origin.goods_amount))


def _received_part(row: Row) -> int:
    """What the receipt posted for the part of an untracked line that is billed now."""
    assert row.line.origin is not None
    return cleared_part(row.line, row.line.origin.goods_amount)


def _refuse_accounts(document: Document, do: Behaviours) -> None:
    """Goods stand on the inventory account of their pool; a line chooses where its expense goes, not that."""
    goods = _goods_rows(document, do)
    issues = [
        Issue(
            "GOODS_ACCOUNT", f"{row.line.item.sku if row.line.item else ''} is kept in stock and goes to its inventory account",
            f"{row.line.path}.account", "leave account out, or map inventory for the item",
        )
        for row in document.rows
        if row.line.given.account is not None and row.line.number in goods
    ]  # fmt: skip
    if issues:
        raise Refused(issues)


def _goods_rows(document: Document, do: Behaviours) -> frozenset[str]:
    """The numbers of the rows that are tracked goods."""
    return frozenset(
        row.line.number
        for row in document.rows
        if row.pricing.kind == RowKind.ROW and row.line.item is not None and do.type_of(row.line.item).tracked
    )


def _part_of_cost(row: Row, goods: frozenset[str]) -> bool:
    """Whether the row's amount belongs to the cost of goods: the goods' own row, or a charge into cost over such rows."""
    if row.line.number in goods:
        return True
    return row.pricing.into_cost and any(number in goods for number in row.covers)


def goods_amounts(document: Document, goods: frozenset[str]) -> dict[str, int]:
    """Row number → its value as goods: the amount of a goods' row with its part of the charges into cost; 0 for such a charge.

    A charge (or, negative, a supplier's total discount) spreads by value over the goods' rows it acts on. IAS 2.10-11.
    """
    amounts = {row.line.number: row.pricing.amount for row in document.rows if row.line.number in goods}
    own = dict(amounts)
    for row in document.rows:
        covered = [number for number in row.covers if number in goods]
        if row.pricing.into_cost and row.pricing.amount and covered:
            parts = split(row.pricing.amount, [own[number] for number in covered])
            for number, part in zip(covered, parts, strict=True):
                amounts[number] += part
            amounts[row.line.number] = 0
    return amounts
