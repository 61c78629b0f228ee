"""Returns of goods apart from their credit: customer return and supplier return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wares.contract.document_type import HEADER_KEYS, STOCK_LINE_KEYS, Behaviours, DocumentType
from wares.documents.sales import clearing_account
from wares.errors import Issue
from wares.model import DELIVERED_NOT_INVOICED, Context, Document, Leg, Link, LinkKind, Opens, PlannedMove, Row, RowKind, Side
from wares.values import share


class CustomerReturn(DocumentType):
    """Goods of a delivery come back at their cost of issue: Dr inventory Cr the account that the delivery debited. A credit note
    `from` the return moves no goods; it takes the units that had been invoiced."""

    key, title, prefix = "customer_return", "customer return", "CR"
    side = Side.SALE
    sign = -1
    direction = 1
    priced = False
    stock_role = "cogs"
    party_kind = "customer"
    needs_item = True
    line_keys = STOCK_LINE_KEYS | {"from", "unit_cost", "components"}
    fulfils = {"delivery": LinkKind.RETURN}

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        rows = {row.line.number: row for row in document.rows}
        return tuple([_as_debited(move, rows[move.line], ctx) for move in super().moves(document, ctx, do)])

    def opens(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[Opens]:
        """Yield the invoiced units, which wait for the customer's credit; all units of a line without an origin."""
        for row in document.rows:
            line, origin = row.line, row.line.origin
            if row.pricing.kind != RowKind.ROW or line.item is None:
                continue
            waiting = 0 if origin is None else max(0, origin.quantity - origin.done.get(LinkKind.INVOICE, (0, 0))[0] - line.done)
            if line.quantity > waiting:
                yield Opens(line.number, LinkKind.CREDIT, line.item, line.quantity - waiting, 0)


def _as_debited(move: PlannedMove, row: Row, ctx: Context) -> PlannedMove:
    """Return the move with the counter account of the delivery's move."""
    line = row.line
    left = next((each for each in line.origin.moves if each.id == move.origin), None) if line.origin is not None else None
    if left is None:
        return move
    account = clearing_account(left, ctx)
    return move._replace(counter=DELIVERED_NOT_INVOICED, counter_account=account) if account is not None else move


class SupplierReturn(DocumentType):
    """Goods of a receipt go back: Dr received_not_billed, Cr inventory at the cost taken out, difference price_variance.
    Unbilled units count at the order price, billed units at the bill's price until a supplier credit `from` the return clears
    them. The return has the currency and the rate of its receipt."""

    key, title, prefix = "supplier_return", "supplier return", "SR"
    side = Side.PURCHASE
    sign = -1
    direction = -1
    priced = False
    stock_role = "price_variance"
    party_kind = "supplier"
    needs_item = True
    header_keys = HEADER_KEYS
    line_keys = STOCK_LINE_KEYS | {"from"}
    any_currency = True
    fulfils = {"receipt": LinkKind.RETURN}

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        for row in document.rows:
            if row.line.origin is None and row.pricing.kind == RowKind.ROW:
                yield Issue(
                    "NEEDS_FROM", "goods go back to the receipt they came with", f"{row.line.path}.from", 'give "from": "R-1#1"'
                )

    def clearing(self, link: Link, row: Row) -> Link:
        """Return the link with the amount of the unbilled units, which no longer wait for a bill."""
        return link._replace(amount=worth_of(row)[0])

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        """Return row number → amount of the returned goods in received_not_billed."""
        return {row.line.number: sum(worth_of(row)[:2]) for row in document.rows if row.line.origin is not None}

    def opens(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[Opens]:
        """Yield the billed units, which wait for the supplier's credit."""
        for row in document.rows:
            if row.line.origin is not None and row.line.item is not None:
                _, paid, quantity = worth_of(row)
                if quantity:
                    yield Opens(row.line.number, LinkKind.CREDIT, row.line.item, quantity, paid)

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs: list[Leg] = []
        rows = {row.line.number: row for row in document.rows}
        for number, amount in self.goods_values(document, ctx, do).items():
            if amount:
                item = rows[number].line.item
                legs.append(Leg(amount, "received_not_billed", None, number, item, of_party=True))
                legs.append(Leg(-amount, "price_variance", None, number, item))
        return tuple(legs)


def worth_of(row: Row) -> tuple[int, int, int]:
    """Return the amounts of the returned units in received_not_billed (unbilled units at the order price, billed units at the
    bills' price) and the quantity of billed units."""
    line, origin = row.line, row.line.origin
    assert origin is not None
    billed, charged = origin.done.get("charged", (0, 0))
    unbilled = max(0, min(line.quantity, origin.quantity - billed - line.done))
    cleared = billed + min(line.done, origin.quantity - billed)
    before = origin.done.get(LinkKind.BILL, (0, 0))[1] + origin.done.get(LinkKind.RETURN, (0, 0))[1]
    if line.done != origin.done.get(LinkKind.RETURN, (0, 0))[0]:  # an earlier line of this document took a part too
        before = share(origin.goods_amount, cleared, origin.quantity)
    paid = line.quantity - unbilled
    ordered = share(origin.goods_amount, cleared + unbilled, origin.quantity) - before if unbilled else 0
    return ordered, (share(charged, paid, billed) if billed else 0), paid


RETURN_TYPES = (CustomerReturn(), SupplierReturn())
