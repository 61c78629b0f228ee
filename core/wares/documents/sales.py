"""Sales: invoice, cash sale, delivery, credit note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from wares.contract.document_type import SALE_LINE_KEYS, Behaviours, DocumentType
from wares.documents.goods import BANK_KEYS, GOODS_KEYS, carries_goods
from wares.errors import Issue
from wares.model import (
    DELIVERED_NOT_INVOICED,
    Account,
    Context,
    Document,
    Intent,
    Line,
    LinkKind,
    Opens,
    Origin,
    OriginMove,
    PlannedMove,
    Row,
    RowKind,
    Side,
)


class Invoice(DocumentType):
    """Dr receivable Cr income for each line. With `goods: now` it issues undelivered goods, with `later` they await a delivery."""

    key, title, prefix = "invoice", "invoice", "INV"
    side = Side.SALE
    direction = -1
    stock_role = "cogs"
    counter_role = "receivable"
    party_kind: ClassVar[str | None] = "customer"
    any_currency = True
    header_keys = GOODS_KEYS
    line_keys = SALE_LINE_KEYS
    fulfils = {"delivery": LinkKind.INVOICE}

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        return super().moves_goods(row, ctx) and (row.line.origin is None or not self._delivered(row))

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        """Return its own moves and those that take the cost of its deliveries from delivered_not_invoiced to cost of goods sold."""
        passed = [move for row in document.rows if self._delivered(row) for move in _transfers_of_row(row, ctx, do)]
        return (*super().moves(document, ctx, do), *passed)

    def _delivered(self, row: Row) -> bool:
        origin = row.line.origin
        return origin is not None and self.fulfils.get(origin.document_type) == LinkKind.INVOICE

    def opens(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[Opens]:
        if ctx.header.goods != "later":
            return
        for row in document.rows:
            if not self._delivered(row) and carries_goods(row, document, do):
                assert row.line.item is not None
                yield Opens(row.line.number, LinkKind.DELIVER, row.line.item, row.line.quantity, 0)


def _transfers_of_row(row: Row, ctx: Context, do: Behaviours) -> Iterable[PlannedMove]:
    assert row.line.origin is not None
    return cost_transfers(row.line.origin, row.line.base_quantity, row.line, ctx, do, came_back=_came_back(row))


def clearing_account(move: OriginMove, ctx: Context) -> Account | None:
    """Return the account delivered_not_invoiced against which a move was valued; None if it was another account."""
    account = ctx.masters.account_by_id(move.counter_id) if move.counter_id else None
    return account if account is not None and DELIVERED_NOT_INVOICED in account.roles else None


def cost_transfers(
    origin: Origin, quantity: int, line: Line, ctx: Context, do: Behaviours, *, came_back: bool = False
) -> Iterable[PlannedMove]:
    """Yield the moves that take the cost of `quantity` units of a delivery (or a customer's return), oldest move first, from
    delivered_not_invoiced to cost of goods sold; for goods that came back, the other way."""
    rest = quantity
    for move in origin.moves:
        item = ctx.masters.item_by_id(move.item_id)
        part = min(rest, abs(move.quantity) - move.passed_on)
        if part <= 0 or (move.quantity > 0) != came_back:
            continue
        rest -= part
        account = clearing_account(move, ctx)
        if account is not None:
            yield PlannedMove(
                item, 0, line.location, Intent.COST_TRANSFERRED, None, DELIVERED_NOT_INVOICED, move.id, share=part,
                counter_account=account, line=line.number,
            )  # fmt: skip


class CashSale(Invoice):
    """An invoice paid at once: Dr bank instead of receivable."""

    key, title, prefix = "cash_sale", "cash sale", "CS"
    counter_role = "bank"
    party_kind = None
    header_keys = BANK_KEYS


class Delivery(DocumentType):
    """Goods leave: Dr cogs (with `cogs_at=invoice` Dr delivered_not_invoiced, if no invoice came first) Cr inventory. Alone (an
    invoice follows) or `from` an invoice with `goods: later`."""

    key, title, prefix = "delivery", "delivery", "DEL"
    side = Side.SALE
    direction = -1
    priced = False
    stock_role = "cogs"
    party_kind = "customer"
    line_keys = SALE_LINE_KEYS - {"amount", "unit_price", "discount", "account"}
    needs_item = True
    fulfils = {"invoice": LinkKind.DELIVER, "cash_sale": LinkKind.DELIVER}

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        """Return the moves; with cogs_at=invoice the cost of goods not invoiced yet goes to delivered_not_invoiced."""
        moves = super().moves(document, ctx, do)
        if ctx.settings.get("cogs_at") != "invoice":
            return moves
        waiting = {row.line.number for row in document.rows if row.line.origin is None}
        return tuple([move._replace(counter=DELIVERED_NOT_INVOICED) if move.line in waiting else move for move in moves])

    def opens(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[Opens]:
        for row in document.rows:
            if row.line.origin is None and row.pricing.kind == RowKind.ROW and row.line.item is not None:
                yield Opens(row.line.number, LinkKind.INVOICE, row.line.item, row.line.quantity, 0)


class CreditNote(DocumentType):
    """Takes back the charge of an invoice; lines with `restock` bring the goods back at their cost of issue."""

    key, title, prefix = "credit_note", "credit note", "CN"
    side = Side.SALE
    sign = -1
    direction = 1
    stock_role = "cogs"
    counter_role = "receivable"
    party_kind = "customer"
    header_keys = BANK_KEYS
    line_keys = SALE_LINE_KEYS | {"restock", "unit_cost"}
    any_currency = True
    names_items = True  # of goods matched to a sale that did not name them
    fulfils = dict.fromkeys(("invoice", "cash_sale", "customer_return"), LinkKind.CREDIT)

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        yield from super().validate(document, ctx)
        for row in document.rows:
            if row.line.given.restock and row.line.item is None:
                hint = "name the item that comes back, or leave restock out"
                yield Issue("NO_ITEM", "a line without an item brings no goods back", f"{row.line.path}.item", hint)

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        return super().moves_goods(row, ctx) and bool(row.line.given.restock) and not _came_back(row)

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        """Return its own moves and those that take goods returned to delivered_not_invoiced out of cost of goods sold."""
        back = [move for row in document.rows if _came_back(row) for move in _transfers_of_row(row, ctx, do)]
        return (*super().moves(document, ctx, do), *back)


def _came_back(row: Row) -> bool:
    """True if a customer return has brought the row's goods back already."""
    return row.line.origin is not None and row.line.origin.document_type == "customer_return"
