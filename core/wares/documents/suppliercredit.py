"""Supplier credit: goods go back, a return is credited, or a price comes down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wares.contract.document_type import Behaviours, row_leg, total_leg
from wares.documents.goods import BANK_KEYS, held, went_back
from wares.documents.intocost import goods_rows, part_of_cost
from wares.documents.purchases import Purchase
from wares.errors import Issue
from wares.model import Context, Document, Leg, LineInput, Link, LinkKind, Origin, Plan, Row, RowKind, ValueFact
from wares.values import money, split


class SupplierCredit(Purchase):
    """Goods go back at the cost of the receipt named: Dr payable at the credited price, Cr inventory at that cost, difference
    price_variance. With `goods: none` it is a price reduction and re-costs the bill named."""

    key, title, prefix = "supplier_credit", "supplier credit", "SC"
    sign = -1
    direction = -1
    stock_role = "price_variance"
    counter_role = "payable"
    header_keys = BANK_KEYS
    fulfils = dict.fromkeys(("bill", "cash_purchase", "supplier_return"), LinkKind.CREDIT)

    def takes_amount(self, given: LineInput, origin: Origin) -> bool:
        """True for a purchase by amount alone: each credit takes an amount of it until nothing is left."""
        return origin.item is None and given.amount is not None and given.quantity is None

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

    def clearing(self, link: Link, row: Row) -> Link:
        if _went_back(row):
            return link._replace(amount=held(row.line))
        if row.line.item is None:  # a purchase by amount is credited by amount
            return link._replace(amount=row.pricing.amount)
        return super().clearing(link, row)

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        return super().moves_goods(row, ctx) and not _went_back(row)

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs: list[Leg] = []
        goods = goods_rows(document, do)
        for row in document.rows:
            leg = row_leg(row, ctx, do)
            if leg is None:
                continue
            if _went_back(row):
                legs.extend(_clear_return(row))
                continue
            if part_of_cost(row, goods) and (ctx.header.goods == "now" or _has_moves(row)):
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
    """Yield an Issue for each line that credits more than is left of a purchase by amount, after all documents from it."""
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
            yield Issue("MORE_THAN_LEFT", message, f"{row.line.path}.amount", "lower it, or void the documents from that line")


def _went_back(row: Row) -> bool:
    """True if a supplier return has sent the row's goods back already."""
    return went_back(row.line)


def _clear_return(row: Row) -> Iterable[Leg]:
    """Yield the legs that clear the return's amount in received_not_billed; a difference to the credit is price variance."""
    line, amount = row.line, held(row.line)
    yield Leg(-amount, "received_not_billed", None, line.number, line.item, of_party=True)
    if row.pricing.amount != amount:
        yield Leg(amount - row.pricing.amount, "price_variance", None, line.number, line.item)


def _has_moves(row: Row) -> bool:
    return row.line.origin is not None and bool(row.line.origin.moves)
