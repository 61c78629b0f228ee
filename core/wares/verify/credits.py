"""Credits mirror the documents that they take back (I17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.model import RowKind
from wares.storage.unit import Reader
from wares.verify.finding import Finding, amount, document_number

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

_CREDITED = (
    "SELECT o.document_id, l.line_id, l.kind, l.item_id, l.quantity, l.amount, "
    "CAST(COALESCE(SUM(CASE WHEN d.status = 'posted' THEN f.quantity ELSE 0 END), 0) AS BIGINT), "
    "CAST(COALESCE(SUM(CASE WHEN d.status = 'posted' THEN f.amount ELSE 0 END), 0) AS BIGINT) "
    "FROM (SELECT DISTINCT x.company_id, x.document_id FROM wares_fulfilment c "
    "JOIN wares_line x ON x.company_id = c.company_id AND x.line_id = c.origin_line_id WHERE c.company_id = ? "
    "AND c.kind = 'credit') o "
    "JOIN wares_document s ON s.company_id = o.company_id AND s.document_id = o.document_id AND s.status = 'posted' "
    "AND s.type IN ('invoice', 'cash_sale', 'bill', 'cash_purchase') "
    "JOIN wares_line l ON l.company_id = o.company_id AND l.document_id = o.document_id "
    "LEFT JOIN wares_fulfilment f ON f.company_id = l.company_id AND f.origin_line_id = l.line_id AND f.kind = 'credit' "
    "LEFT JOIN wares_line t ON t.company_id = f.company_id AND t.line_id = f.line_id "
    "LEFT JOIN wares_document d ON d.company_id = t.company_id AND d.document_id = t.document_id "
    f"WHERE l.kind IN ({RowKind.ROW:d}, {RowKind.CALCULATION:d}, {RowKind.CONTENT:d}) "
    "GROUP BY o.document_id, l.line_id, l.kind, l.item_id, l.quantity, l.amount ORDER BY o.document_id, l.line_id"
)


def credits_are_whole(reader: Reader, registry: Registry) -> Finding:
    """I17: credits take back no more than the amount of any line, and all of a document (its calculations too) once all its rows
    are credited."""
    examined = 0
    document, is_whole, rest = 0, False, 0
    for document_id, line_id, kind, item_id, quantity, whole, credited, taken in reader.stream(_CREDITED):
        if document_id != document:
            if is_whole and rest:
                return _incomplete(reader, document, rest, examined)
            document, is_whole, rest = document_id, True, 0
        examined += 1
        rest += whole - taken
        if kind == RowKind.ROW:
            done = taken == whole if item_id is None and whole else credited >= quantity
            is_whole = is_whole and done
        if kind != RowKind.CONTENT and (whole - taken if whole >= 0 else taken - whole) < 0:
            line = reader.row("SELECT number FROM wares_line WHERE company_id = ? AND line_id = ?", line_id)
            name = f"{document_number(reader, document_id)}#{line[0] if line else '?'}"
            return Finding(examined, f"{name} of {amount(reader, whole)} is credited with {amount(reader, taken)}")
    return _incomplete(reader, document, rest, examined) if is_whole and rest else Finding(examined)


def _incomplete(reader: Reader, document_id: int, rest: int, examined: int) -> Finding:
    name = document_number(reader, document_id)
    return Finding(examined, f"all rows of {name} are credited, and {amount(reader, rest)} of its amount is not")
