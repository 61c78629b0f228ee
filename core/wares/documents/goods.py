"""Shared by sales and purchases: the keys of their documents, and the test for rows that carry goods."""

from __future__ import annotations

from collections.abc import Iterable

from wares.contract.document_type import HEADER_KEYS, Behaviours
from wares.model import Document, Line, LinkKind, Row, RowKind
from wares.values import share

GOODS_KEYS = HEADER_KEYS | {"goods"}
BANK_KEYS = GOODS_KEYS | {"account"}
BILL_KEYS = GOODS_KEYS
BILLS = {"bill": LinkKind.RECEIVE, "cash_purchase": LinkKind.RECEIVE}
"""Document types that charge goods which a receipt may bring later → the kind of the receipt's link."""


def _children(document: Document, number: str) -> Iterable[Row]:
    return (row for row in document.rows if row.line.parent == number and row.line.content)


def carries_goods(row: Row, document: Document, do: Behaviours) -> bool:
    """True if the row, or its contents, are tracked goods."""
    item = row.line.item
    if row.pricing.kind != RowKind.ROW or item is None:
        return False
    if do.type_of(item).tracked:
        return True
    return any(c.line.item and do.type_of(c.line.item).tracked for c in _children(document, row.line.number))


def cleared_part(line: Line, amount: int) -> int:
    """Return the line's share of an amount of its origin, rounded cumulatively over the amounts cleared before (unbilled returns
    included). The last line clears the rest, even if one in between was voided."""
    origin = line.origin
    assert origin is not None
    kind = LinkKind.RECEIVE if origin.document_type in BILLS else LinkKind.BILL
    quantity, before = origin.done.get(kind, (0, 0))
    if kind == LinkKind.BILL:
        back, worth = origin.done.get(LinkKind.RETURN, (0, 0))
        quantity, before = quantity + back, before + worth
    if line.done != quantity:  # an earlier line of this document took a part too
        before = share(amount, line.done, origin.quantity)
    return share(amount, line.done + line.quantity, origin.quantity) - before


def went_back(line: Line) -> bool:
    """True if a supplier return has sent the line's goods back already."""
    return line.origin is not None and line.origin.document_type == "supplier_return"


def held(line: Line) -> int:
    """Return the amount that returned goods hold in received_not_billed until they are credited; the last line takes the rest."""
    assert line.origin is not None
    quantity, amount = line.origin.waiting
    return share(amount, line.quantity, quantity) if quantity else 0
