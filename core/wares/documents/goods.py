"""What sales and purchases share: the keys of their documents, and which rows carry goods."""

from __future__ import annotations

from collections.abc import Iterable

from wares.contract.document_type import HEADER_KEYS, Behaviours
from wares.model import Document, Line, Row, RowKind
from wares.values import share

GOODS_KEYS = HEADER_KEYS | {"goods"}
BANK_KEYS = GOODS_KEYS | {"account"}
BILL_KEYS = GOODS_KEYS
RECEIVED = "received_not_billed"
BILLS = {"bill": "receive", "cash_purchase": "receive"}
"""What charges goods that a receipt may bring later."""
RETURNS = frozenset({"customer_return", "supplier_return"})
"""Goods that came or went back before the paper: what had been charged of them waits for a credit."""


def _children(document: Document, number: str) -> Iterable[Row]:
    return (row for row in document.rows if row.line.parent == number and row.line.content)


def carries_goods(row: Row, document: Document, do: Behaviours) -> bool:
    """Whether goods go with this row: its own, or its contents'."""
    item = row.line.item
    if row.pricing.kind != RowKind.ROW or item is None:
        return False
    if do.type_of(item).tracked:
        return True
    return any(c.line.item and do.type_of(c.line.item).tracked for c in _children(document, row.line.number))


def cleared_part(line: Line, amount: int) -> int:
    """The line's share of an amount of its origin, cumulatively rounded over what was really cleared before (what went back
    unbilled among it): the last clears the rest, also when one in between was voided."""
    origin = line.origin
    assert origin is not None
    kind = "receive" if origin.document_type in BILLS else "bill"
    quantity, before = origin.done.get(kind, (0, 0))
    if kind == "bill":
        back, worth = origin.done.get("return", (0, 0))
        quantity, before = quantity + back, before + worth
    if line.done != quantity:  # an earlier line of this document took of it too
        before = share(amount, line.done, origin.quantity)
    return share(amount, line.done + line.quantity, origin.quantity) - before


def went_back(line: Line) -> bool:
    """Whether a supplier return sent the line's goods back already."""
    return line.origin is not None and line.origin.document_type == "supplier_return"


def held(line: Line) -> int:
    """What goods that went back still hold in received_not_billed until they are credited; the last hold the rest."""
    assert line.origin is not None
    quantity, amount = line.origin.waiting
    return share(amount, line.quantity, quantity) if quantity else 0
