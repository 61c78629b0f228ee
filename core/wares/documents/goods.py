"""What sales and purchases share: the keys of their documents, and which rows carry goods."""

from __future__ import annotations

from collections.abc import Iterable

from wares.documenttype import HEADER_KEYS, Behaviours
from wares.model import Document, Row, RowKind

GOODS_KEYS = HEADER_KEYS | {"goods"}
BANK_KEYS = GOODS_KEYS | {"account"}
BILL_KEYS = GOODS_KEYS
RECEIVED = "received_not_billed"


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
