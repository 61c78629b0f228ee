"""Purchases of inventory that are split into products later: the details and the remainder (I15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.storage.unit import Reader
from wares.verify.examined import Examined
from wares.verify.finding import Finding, amount, count
from wares.verify.posted import accounts_of

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

_DETAILS = (
    "FROM wares_fulfilment f JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
    "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
)


def details_add_up(reader: Examined, registry: Registry) -> Finding:
    """I15: details and credits of a purchase stay within its amount, and each detail is posted out of inventory_undetailed."""
    return Finding(count(reader, "fulfilment", "kind = 'detail'"), _beyond(reader) or _not_posted(reader))


def _beyond(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT p.number, o.number, o.amount, CAST(SUM(f.amount) AS BIGINT) "
        f"{_DETAILS} JOIN wares_line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
        "JOIN wares_document p ON p.company_id = o.company_id AND p.document_id = o.document_id "
        "WHERE f.company_id = ? AND f.kind IN ('detail', 'credit') AND d.status = 'posted' "
        "GROUP BY p.number, o.number, o.amount HAVING SUM(f.amount) > o.amount AND MAX(f.kind) = 'detail' "
        "ORDER BY p.number, o.number LIMIT 1"
    )
    if row is None:
        return None
    return f"{row[0]}#{row[1]} of {amount(reader, row[2])} has details and credits of {amount(reader, row[3])}"


def _not_posted(reader: Examined) -> str | None:
    row = reader.row(
        "SELECT line_id, CAST(SUM(posted) AS BIGINT), CAST(SUM(said) AS BIGINT) FROM ("
        "SELECT CASE WHEN v.status = 'reversal' THEN c.from_id ELSE c.line_id END AS line_id, -g.amount AS posted, 0 AS said "
        "FROM wares_posting g JOIN wares_line c ON c.company_id = g.company_id AND c.line_id = g.line_id "
        "JOIN wares_document v ON v.company_id = c.company_id AND v.document_id = c.document_id "
        f"WHERE g.company_id = ? AND {reader.among('g.account_id')} AND g.role = 'inventory_undetailed' UNION ALL "
        f"SELECT f.line_id, 0, CASE WHEN d.status = 'posted' THEN f.amount ELSE 0 END {_DETAILS} "
        "WHERE f.company_id = ? AND f.kind = 'detail') AS t GROUP BY line_id HAVING SUM(posted) <> SUM(said) "
        "ORDER BY line_id LIMIT 1",
        reader.listed(accounts_of(reader, "inventory_undetailed")), reader.company_id,
    )  # fmt: skip
    if row is None:
        return None
    name = reader.row(
        "SELECT d.number, l.number FROM wares_line l JOIN wares_document d ON d.company_id = l.company_id "
        "AND d.document_id = l.document_id "
        "WHERE l.company_id = ? AND l.line_id = ?",
        row[0],
    )
    where = f"{name[0]}#{name[1]}" if name is not None else "a line that is missing"
    return f"{where} details {amount(reader, row[2])} of its purchase, the ledger took {amount(reader, row[1])} out"
