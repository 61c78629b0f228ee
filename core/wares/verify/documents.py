"""Documents against the ledger: entries, voids, numbers (I7, I8, I12)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wares.model import Intent, Side
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.verify.finding import (
    Finding,
    account_code,
    amount,
    count,
    document_number,
    entry_name,
    item_sku,
    move_name,
)
from wares.verify.stock import MADE_BY, RESTATED

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

POSTS_NOTHING = "('pending', 'deleted')"
TAKEN_BACK = "('void', 'replaced')"
"""Statuses of documents annulled on their own day; a document reversed on a later day stands until that day."""
# SQLite joins in the order of a CROSS JOIN, and would else begin with every entry or value: documents that were taken back and
# corrections are few.
REVALUED = f"({int(Intent.REVALUED_TO)}, {int(Intent.REVALUED_BY)})"
"""Intents of moves that a reversal removes from the fold; a reversal takes back other moves by moves of its own."""


# --- I7 --------------------------------------------------------------------------------------------------------------


def entries_and_documents(reader: Reader, registry: Registry) -> Finding:
    """I7: every entry has its document, and every document that must post a non-zero amount has its entry."""
    examined = count(reader, "document") + count(reader, "entry")
    row = reader.row(
        "SELECT e.entry_id, d.status FROM wares_entry e LEFT JOIN wares_document d ON d.company_id = e.company_id "
        f"AND d.document_id = e.document_id WHERE e.company_id = ? AND (d.status IS NULL OR d.status IN {POSTS_NOTHING}) "
        "ORDER BY e.entry_id LIMIT 1"
    )
    if row is not None:
        return Finding(examined, f"{entry_name(reader, row[0])}: its document is {row[1] or 'missing'}")
    row = reader.row(
        "SELECT v.move_id FROM wares_valuation v LEFT JOIN wares_entry e ON e.company_id = v.company_id "
        "AND e.entry_id = v.entry_id "
        "WHERE v.company_id = ? AND e.entry_id IS NULL ORDER BY v.move_id LIMIT 1"
    )
    if row is not None:
        return Finding(examined, f"{move_name(reader, row[0])} is valued by an entry that is missing")
    return Finding(examined, _document_without_entry(reader, registry))


_NOT_CORRECTED = (
    "AND NOT EXISTS (SELECT 1 FROM wares_valuation v JOIN wares_entry x ON x.company_id = v.company_id AND x.entry_id = v.entry_id "
    "WHERE v.company_id = m.company_id AND v.move_id = m.move_id AND x.kind <> 'original')"
)


def _document_without_entry(reader: Reader, registry: Registry) -> str | None:
    """Return the first document that lacks an entry. A count without a difference needs none, even if a correction values its moves
    later."""
    statement = (
        "SELECT d.number, d.type, d.base_total, d.record, "
        "EXISTS (SELECT 1 FROM wares_move m JOIN wares_layer l ON l.company_id = m.company_id AND l.pool_id = m.pool_id "
        f"AND {MADE_BY} WHERE m.company_id = d.company_id AND m.document_id = d.document_id AND l.value <> 0 "
        f"AND {RESTATED} = 0 {_NOT_CORRECTED}), "
        "EXISTS (SELECT 1 FROM wares_move m "
        "CROSS JOIN wares_consumption c "  # CROSS JOIN: SQLite would start with every consumption
        "WHERE m.company_id = d.company_id AND m.document_id = d.document_id AND c.company_id = m.company_id "
        "AND c.move_id = m.move_id AND c.value <> 0 "
        f"{_NOT_CORRECTED}) "
        f"FROM wares_document d WHERE d.company_id = ? AND d.status NOT IN {POSTS_NOTHING} AND NOT EXISTS "
        "(SELECT 1 FROM wares_entry e WHERE e.company_id = d.company_id AND e.document_id = d.document_id "
        "AND e.kind IN ('original', 'reversal')) ORDER BY d.document_id"
    )
    for number, kind, total, record, received, issued in reader.stream(statement):
        if total and _posts_its_total(kind, registry):
            return f"{number} has no entry, though its total is {amount(reader, total)}"
        if json.loads(record).get("postings"):
            return f"{number} has no entry, though it states postings"
        if received or issued:
            return f"{number} has no entry, though its goods have a value"
    return None


def _posts_its_total(kind: str, registry: Registry) -> bool:
    """False for quotes and orders, which have a total and post nothing, and for types that are not installed."""
    found = registry.document_types.get(kind)
    if found is None:
        return False
    trade = found.side in (Side.SALE, Side.PURCHASE)
    return not trade or found.counter_role is not None or found.stock_role is not None


# --- I8 --------------------------------------------------------------------------------------------------------------


def voids_cancel(reader: Reader, registry: Registry) -> Finding:
    """I8: a document taken back leaves nothing: entry and mirror cancel by account, each move and its mirror cancel, and every
    correction posts exactly the sum of its valuation rows."""
    examined = count(reader, "document", f"status IN {TAKEN_BACK}") + count(reader, "entry", "kind <> 'original'")
    problem = _originals(reader) or _reversals(reader) or _mirrors(reader) or _corrections(reader) or _standing(reader)
    return Finding(examined, problem)


def _originals(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT COALESCE(d.parent_id, d.document_id) AS whole, p.account_id, CAST(SUM(p.amount) AS BIGINT) FROM wares_document d "
        "CROSS JOIN wares_entry e CROSS JOIN wares_posting p "
        "LEFT JOIN wares_entry o ON o.company_id = e.company_id AND o.entry_id = e.reverses_id "
        f"WHERE d.company_id = ? AND d.status IN {TAKEN_BACK} AND (e.kind = 'original' OR o.kind = 'original') "
        "AND e.company_id = d.company_id AND e.document_id = d.document_id AND p.company_id = e.company_id "
        "AND p.entry_id = e.entry_id "
        "GROUP BY COALESCE(d.parent_id, d.document_id), p.account_id HAVING SUM(p.amount) <> 0 ORDER BY whole, p.account_id LIMIT 1"
    )
    if row is None:
        return None
    account = account_code(reader, row[1])
    return f"{document_number(reader, row[0])} was taken back and leaves {amount(reader, row[2])} on account {account}"


def _reversals(reader: Reader) -> str | None:
    """Check that documents reversed on a later day leave nothing, by account, corrections included. Inventory and variance accounts
    count together, because goods may leave at another value than they came at."""
    own = "d.company_id = ? AND d.status IN ('reversed', 'reversal')"
    of_moves = "FROM wares_document d CROSS JOIN wares_move m CROSS JOIN wares_valuation v CROSS JOIN wares_entry e "
    joined = (
        f"{own} AND m.company_id = d.company_id AND m.document_id = d.document_id AND v.company_id = m.company_id "
        "AND v.move_id = m.move_id AND e.company_id = v.company_id AND e.entry_id = v.entry_id AND e.kind = 'correction'"
    )
    whole = (  # a reversal belongs to its original; an open item to its opening balance, unless it was reversed alone
        "COALESCE((SELECT MAX(r.parent_id) FROM wares_document r WHERE r.company_id = d.company_id "
        "AND r.parent_id = d.document_id AND r.status = 'reversal'), d.parent_id, d.document_id)"
    )
    row = reader.row(
        "SELECT whole, CASE WHEN a.roles LIKE '%\"inventory\"%' OR a.roles LIKE '%_variance%' THEN 0 ELSE a.account_id END "
        "AS place, CAST(SUM(t.amount) AS BIGINT) FROM ("
        f"SELECT d.company_id, {whole} AS whole, p.account_id, p.amount FROM wares_document d CROSS JOIN wares_entry e "
        f"CROSS JOIN wares_posting p WHERE {own} AND e.company_id = d.company_id AND e.document_id = d.document_id "
        "AND e.kind IN ('original', 'reversal') AND p.company_id = e.company_id AND p.entry_id = e.entry_id "
        f"UNION ALL SELECT d.company_id, {whole}, p.account_id, v.value {of_moves}"
        f"CROSS JOIN wares_pool p WHERE {joined} AND p.company_id = v.company_id AND p.pool_id = v.pool_id "
        f"UNION ALL SELECT d.company_id, {whole}, v.counter_id, -v.value {of_moves}WHERE v.counter_id <> 0 AND {joined}"
        ") AS t JOIN wares_account a ON a.company_id = t.company_id AND a.account_id = t.account_id "
        "GROUP BY whole, place HAVING SUM(t.amount) <> 0 ORDER BY whole, place LIMIT 1",
        reader.company_id, reader.company_id,
    )  # fmt: skip
    if row is None:
        return None
    account = f"account {account_code(reader, row[1])}" if row[1] else "inventory and variances"
    return f"{document_number(reader, row[0])} was reversed and leaves {amount(reader, row[2])} on {account}"


def _mirrors(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT m.move_id, CAST(COALESCE((SELECT SUM(v.value) FROM wares_valuation v WHERE v.company_id = m.company_id "
        "AND v.move_id IN (m.move_id, m.annulled_by)), 0) AS BIGINT) AS rest, x.move_id, x.annuls "
        "FROM wares_move m LEFT JOIN wares_move x ON x.company_id = m.company_id AND x.move_id = m.annulled_by "
        "AND x.annuls = m.move_id "
        "AND x.quantity = -m.quantity AND x.pool_id = m.pool_id AND x.location_id = m.location_id "
        "AND x.effective_at = m.effective_at AND x.sequence = m.sequence "
        "WHERE m.company_id = ? AND m.annulled_by IS NOT NULL AND (x.move_id IS NULL OR COALESCE((SELECT SUM(v.value) "
        "FROM wares_valuation v WHERE v.company_id = m.company_id AND v.move_id IN (m.move_id, m.annulled_by)), 0) <> 0) "
        "ORDER BY m.move_id LIMIT 1"
    )
    if row is None:
        return None
    problem = f"leaves {amount(reader, row[1])} of value" if row[2] is not None else "has no mirror that is its opposite"
    return f"{move_name(reader, row[0])} was annulled and {problem}"


def _corrections(reader: Reader) -> str | None:
    """Check that the counter postings of corrections, and of their mirrors, equal the counters of their valuation rows."""
    entries = (
        "(SELECT e.company_id, e.entry_id FROM wares_entry e LEFT JOIN wares_entry o ON o.company_id = e.company_id "
        "AND o.entry_id = e.reverses_id WHERE e.company_id = ? AND (e.kind = 'correction' OR o.kind = 'correction')) e"
    )
    row = reader.row(
        "SELECT entry_id, account_id, item_id, CAST(SUM(posted) AS BIGINT), CAST(SUM(valued) AS BIGINT) FROM ("
        f"SELECT p.entry_id, p.account_id, p.item_id, p.amount AS posted, 0 AS valued FROM {entries} CROSS JOIN wares_posting p "
        "WHERE p.company_id = e.company_id AND p.entry_id = e.entry_id AND p.role <> 'inventory' "
        f"UNION ALL SELECT v.entry_id, v.counter_id, m.item_id, 0, -v.value FROM {entries} CROSS JOIN wares_valuation v "
        "CROSS JOIN wares_move m WHERE v.company_id = e.company_id AND v.entry_id = e.entry_id "
        "AND m.company_id = v.company_id AND m.move_id = v.move_id AND v.counter_id <> 0"
        ") AS t GROUP BY entry_id, account_id, item_id HAVING SUM(posted) <> SUM(valued) ORDER BY entry_id LIMIT 1",
        reader.company_id,
    )
    if row is None:
        return None
    entry_id, account_id, item_id, posted, valued = row
    return (
        f"{entry_name(reader, entry_id)} corrects {item_sku(reader, item_id)} on account {account_code(reader, account_id)} by "
        f"{amount(reader, posted)}, its valuation rows say {amount(reader, valued)}"
    )


def _standing(reader: Reader) -> str | None:
    """Check that moves and value facts stand if their document stands, and only then."""
    row = reader.row(
        "SELECT m.move_id, d.status FROM wares_move m JOIN wares_document d ON d.company_id = m.company_id "
        "AND d.document_id = m.document_id "
        f"WHERE m.company_id = ? AND CASE WHEN {STANDING} THEN 'posted' ELSE 'taken back' END "
        f"<> CASE WHEN d.status IN {TAKEN_BACK} THEN 'taken back' WHEN d.status NOT IN ('reversed', 'reversal') THEN d.status "
        f"WHEN m.intent IN {REVALUED} THEN 'taken back' ELSE 'posted' "
        "END ORDER BY m.move_id LIMIT 1"
    )
    if row is not None:
        return f"{move_name(reader, row[0])}: the document is {row[1]}, the move says otherwise"
    row = reader.row(
        "SELECT f.move_id, d.number, d.status FROM wares_value_fact f JOIN wares_document d ON d.company_id = f.company_id "
        "AND d.document_id = f.document_id WHERE f.company_id = ? "
        "AND f.annulled <> CASE WHEN d.status = 'posted' THEN 0 ELSE 1 END ORDER BY f.fact_id LIMIT 1"
    )
    if row is not None:
        return f"{row[1]} is {row[2]}, its value fact on {move_name(reader, row[0])} is not"
    return None


# --- I12 -------------------------------------------------------------------------------------------------------------


def numbers_have_no_gap(reader: Reader, registry: Registry) -> Finding:
    """I12: the documents of each series have the numbers 1, 2, 3 ... up to the last number issued, and so have the entries."""
    examined = 0
    series = {key: (prefix, issued) for key, prefix, issued in reader.rows(
        "SELECT series, prefix, issued FROM wares_series WHERE company_id = ? AND series <> 'draft'"
    )}  # fmt: skip
    last = dict.fromkeys(series, 0)
    statement = (
        "SELECT DISTINCT type, issued, number FROM wares_document WHERE company_id = ? AND issued IS NOT NULL "
        "AND status <> 'pending' "
        "ORDER BY type, issued"
    )
    for kind, issued, number in reader.stream(statement):
        examined += 1
        if kind not in series:
            return Finding(examined, f"{number} carries number {issued} of a series that was never begun")
        prefix, _ = series[kind]
        expected = last[kind] + 1
        if issued != expected:
            gap = f"{prefix}-{expected:05d}"
            return Finding(examined, f"{gap} was issued and is missing" if issued > expected else f"{number} stands twice")
        if number != f"{prefix}-{issued:05d}":
            return Finding(examined, f"{number} was issued as {prefix}-{issued:05d}")
        last[kind] = issued
    for kind, (prefix, issued) in sorted(series.items()):
        if last[kind] != issued:
            return Finding(examined, f"{prefix}-{last[kind] + 1:05d} was issued and is missing")
    return Finding(examined, _entry_numbers(reader))


def _entry_numbers(reader: Reader) -> str | None:
    row = reader.row("SELECT COUNT(*), MIN(number), MAX(number) FROM wares_entry WHERE company_id = ?")
    issued = reader.head.next_entry - 1
    if row is None or (row[0] == issued and (not issued or (row[1] == 1 and row[2] == issued))):
        return None
    expected = 0
    for (number,) in reader.stream("SELECT number FROM wares_entry WHERE company_id = ? ORDER BY number"):
        expected += 1
        if number != expected:
            break
    else:
        expected += 1
    return f"entry {expected} is missing, or a number before it stands twice; {issued} were issued"
