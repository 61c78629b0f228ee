"""Rows that must say the same as the rows they were made from, and the counters of the books (I20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.storage.unit import Reader
from wares.values import unscaled
from wares.verify.finding import Finding, count, document_number, item_sku, location_code, move_name
from wares.verify.statuses import wrong_status

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

_OF_MIRROR = (
    "item_id", "date", "intent", "stated", "origin_id", "group_id", "share", "fallback_cost", "counter_id", "variance_id", "short",
    "method",
)  # fmt: skip
"""Columns in which a mirror is its original (`documents.voids_cancel` compares the others)."""


def rows_agree(reader: Reader, registry: Registry) -> Finding:
    """I20: statuses, mirrors, open lines, references, estimates, ages of goods and closings agree with their documents and moves;
    nothing is reserved, and the counters of the books are above all that was numbered."""
    examined = count(reader, "open_line") + count(reader, "stock") + count(reader, "closing")
    checks = (wrong_status, _mirrors, _open_lines, _references, _estimates, _layers, _reserved, _closings, _counters)
    return Finding(examined, next((problem for check in checks if (problem := check(reader))), None))


_ANNULLED = "annulled_by IS NOT NULL"


def _mirrors(reader: Reader) -> str | None:
    differs = " OR ".join(f"m.{name} IS DISTINCT FROM x.{name}" for name in _OF_MIRROR)
    if reader.dialect.name == "sqlite":
        differs = differs.replace("IS DISTINCT FROM", "IS NOT")
    row = reader.row(
        "SELECT m.move_id FROM wares_move m JOIN wares_move x ON x.company_id = m.company_id AND x.move_id = m.annulled_by "
        f"WHERE m.company_id = ? AND m.{_ANNULLED} AND ({differs}) ORDER BY m.move_id LIMIT 1"
    )
    return f"{move_name(reader, row[0])} was annulled by a mirror that says otherwise of it" if row else None


def _open_lines(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT d.number, l.number FROM wares_open_line o "
        "LEFT JOIN wares_line l ON l.company_id = o.company_id AND l.line_id = o.line_id "
        "LEFT JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        "WHERE o.company_id = ? AND (d.party_id IS NULL OR d.party_id <> o.party_id OR l.item_id IS NULL "
        "OR l.item_id <> o.item_id) ORDER BY o.line_id LIMIT 1"
    )
    return f"{row[0]}#{row[1]} waits for another party or item than it has" if row else None


def _references(reader: Reader) -> str | None:
    """Check that a document holds its reference while it stands, so that the same bill is not entered twice."""
    row = reader.row(
        "SELECT document_id FROM (SELECT d.document_id, d.reference_key, CASE WHEN d.status = 'posted' AND d.reference IS NOT NULL "
        "THEN COALESCE(p.code, '') || '/' || d.type || '/' || d.reference END AS fresh FROM wares_document d "
        "LEFT JOIN wares_party p ON p.company_id = d.company_id AND p.party_id = d.party_id "
        "WHERE d.company_id = ? AND (d.reference IS NOT NULL OR d.reference_key IS NOT NULL)) AS t "
        "WHERE COALESCE(reference_key, '') <> COALESCE(fresh, '') ORDER BY document_id LIMIT 1"
    )
    return f"{document_number(reader, row[0])} holds another reference than it carries" if row else None


def _estimates(reader: Reader) -> str | None:
    """Check that goods taken from a layer carry an estimate only if they left before the layer came."""
    row = reader.row(
        "SELECT c.move_id FROM wares_consumption c JOIN wares_move m ON m.company_id = c.company_id AND m.move_id = c.move_id "
        "JOIN wares_layer l ON l.company_id = c.company_id AND l.pool_id = m.pool_id AND l.layer_id = c.layer_id "
        "WHERE c.company_id = ? AND c.estimate IS NOT NULL AND (l.arrived_at < m.effective_at "
        "OR (l.arrived_at = m.effective_at AND l.arrived_sequence < m.sequence)) ORDER BY c.move_id LIMIT 1"
    )
    return f"{move_name(reader, row[0])} has an estimate for goods that were there" if row else None


def _layers(reader: Reader) -> str | None:
    """Check that the goods of a layer are as old as the move that first received them."""
    row = reader.row(
        "SELECT l.move_id FROM wares_layer l LEFT JOIN wares_move s ON s.company_id = l.company_id AND s.move_id = l.source_id "
        "WHERE l.company_id = ? AND (s.move_id IS NULL OR s.effective_at <> l.effective_at OR s.sequence <> l.sequence "
        "OR s.item_id <> (SELECT p.item_id FROM wares_pool p WHERE p.company_id = l.company_id AND p.pool_id = l.pool_id)) "
        "ORDER BY l.move_id LIMIT 1"
    )
    return f"the layer of {move_name(reader, row[0])} is of another age than its goods" if row else None


def _reserved(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT item_id, location_id, reserved, on_order FROM wares_stock WHERE company_id = ? "
        "AND (reserved <> 0 OR on_order <> 0) ORDER BY item_id, location_id LIMIT 1"
    )
    if row is None:
        return None
    item_id, location_id, reserved, on_order = row
    place = f"{item_sku(reader, item_id)} at {location_code(reader, location_id)}"
    return f"{place}: {unscaled(reserved)} reserved and {unscaled(on_order)} on order, and no document reserves or orders goods"


def _closings(reader: Reader) -> str | None:
    last = 0
    for number, action in reader.rows("SELECT number, action FROM wares_closing WHERE company_id = ? ORDER BY number"):
        if number != last + 1:
            return f"closing {last + 1} is missing"
        if action not in ("close", "reopen"):
            return f"closing {number} is neither a closing nor a reopening"
        last = number
    return None


def _counters(reader: Reader) -> str | None:
    """Check the counters from which ids and sequences are taken."""
    for counter, table, column in (
        ("next_id", "document", "document_id"),
        ("next_id", "line", "line_id"),
        ("next_id", "move", "move_id"),
        ("next_id", "entry", "entry_id"),
        ("next_id", "item", "item_id"),
        ("next_sequence", "document", "sequence"),
    ):
        row = reader.row(f"SELECT MAX({column}) FROM wares_{table} WHERE company_id = ?")
        if row and row[0] is not None and row[0] >= getattr(reader.head, counter):
            return f"{counter} of the books is {getattr(reader.head, counter)}, and {table} has {column} {row[0]} already"
    return None
