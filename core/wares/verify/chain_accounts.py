"""Chains of documents, account by account: a clearing account is cleared on the account that was posted (I18)."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from wares.model import DELIVERED_NOT_INVOICED, Intent
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.verify.examined import Examined
from wares.verify.finding import Finding, account_code, amount, document_number, move_name
from wares.verify.posted import received_not_billed

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry


_LINKED = (
    "SELECT DISTINCT o.document_id, l.document_id FROM wares_fulfilment f "
    "JOIN wares_line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
    "JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
    "JOIN wares_document d ON d.company_id = o.company_id AND d.document_id = o.document_id "
    "WHERE f.company_id = ? AND (f.kind IN ('receive', 'bill', 'return', 'close') "
    "OR (f.kind = 'credit' AND d.type IN ('bill', 'cash_purchase', 'supplier_return')))"
)


def accounts_are_clear(reader: Examined, registry: Registry) -> Finding:
    """I18: a completed chain of receipts and bills leaves nothing on any of its accounts, and the cost of a delivery that is
    invoiced in full was transferred in full."""
    held = _held_by_chains(reader)
    for (document_id, account_id), left in held.items():
        if left:
            message = f"leaves {amount(reader, left)} on account {account_code(reader, account_id)}"
            return Finding(len(held), f"the chain of {document_number(reader, document_id)} is complete and {message}")
    return Finding(len(held), _not_transferred(reader))


def _held_by_chains(reader: Examined) -> dict[tuple[int, int], int]:
    """Return (first document, account) → the sum that each chain without open lines posted to it."""
    above: dict[int, int] = {}

    def first_of(document_id: int) -> int:
        while (up := above.get(document_id, document_id)) != document_id:
            above[document_id] = above.get(up, up)
            document_id = up
        return document_id

    for origin, document in reader.stream(_LINKED):
        one, other = sorted((first_of(origin), first_of(document)))
        above[other] = one
    for reversed_id, reversal_id in reader.rows(
        "SELECT parent_id, document_id FROM wares_document WHERE company_id = ? AND status = 'reversal'"
    ):
        above[first_of(reversal_id)] = first_of(reversed_id)
    waiting = {
        first_of(row[0])
        for row in reader.rows(
            "SELECT DISTINCT l.document_id FROM wares_open_line o JOIN wares_line l ON l.company_id = o.company_id "
            "AND l.line_id = o.line_id "
            "WHERE o.company_id = ? AND o.waits_for IN ('bill', 'receive', 'credit')"
        )
    }
    held: dict[tuple[int, int], int] = defaultdict(int)
    for document_id, account_id, value in reader.once(received_not_billed):
        root = first_of(document_id)
        if root not in waiting:
            held[root, account_id] += value
    return held


def _not_transferred(reader: Reader) -> str | None:
    """Return a sentence about a delivery that nothing waits for, and whose cost was not transferred to cost of goods sold."""
    accounts = [
        account_id
        for account_id, roles in reader.rows("SELECT account_id, roles FROM wares_account WHERE company_id = ?")
        if DELIVERED_NOT_INVOICED in json.loads(roles or "[]")
    ]
    if not accounts:
        return None
    among = ", ".join(map(str, accounts))
    owner = "COALESCE(l.parent_id, l.line_id)"
    of_line = f"FROM wares_fulfilment f WHERE f.company_id = l.company_id AND f.origin_line_id = {owner} AND f.kind"
    row = reader.row(
        "SELECT move_id FROM (SELECT m.move_id, m.quantity + COALESCE((SELECT CAST(SUM(t.share) AS BIGINT) FROM wares_move_link k "
        f"JOIN wares_move t ON t.company_id = k.company_id AND t.move_id = k.move_id AND t.intent = {int(Intent.COST_TRANSFERRED)} "
        "AND t.annulled_by IS NULL AND t.annuls IS NULL "
        "JOIN wares_document y ON y.company_id = t.company_id AND y.document_id = t.document_id AND y.status = 'posted' "
        "WHERE k.company_id = m.company_id AND k.origin_id = m.move_id), 0) AS rest "
        "FROM wares_move m JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        "AND d.status = 'posted' "
        "JOIN wares_line l ON l.company_id = m.company_id AND l.line_id = m.line_id "
        f"WHERE m.company_id = ? AND m.counter_id IN ({among}) AND m.quantity < 0 AND {STANDING} "
        f"AND NOT EXISTS (SELECT 1 FROM wares_open_line o WHERE o.company_id = l.company_id AND o.line_id = {owner}) "
        f"AND NOT EXISTS (SELECT 1 {of_line} IN ('return', 'close')) AND EXISTS (SELECT 1 {of_line} = 'invoice')"
        ") AS x WHERE rest <> 0 ORDER BY move_id LIMIT 1"
    )
    return (
        None
        if row is None
        else f"{move_name(reader, row[0])} is invoiced, and its cost is not transferred from {DELIVERED_NOT_INVOICED}"
    )
