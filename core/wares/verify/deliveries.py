"""Goods delivered and not invoiced: a delivery, its returns, and the cost that invoices, credits and closes passed on (I9, I14).

Every such move leads to the move that issued the goods, so the checks need no documents.
"""

from __future__ import annotations

import json

from wares.model import DELIVERED_NOT_INVOICED, Intent
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.verify.finding import Finding, account_code, amount, entry_name, item_sku, move_name


def invoiced_deliveries_are_clear(reader: Reader) -> Finding:
    """I9: a delivery whose units are all invoiced, returned or closed leaves nothing on delivered_not_invoiced."""
    accounts = _accounts(reader)
    chains: dict[int, list[int]] = {}  # move that issued the goods → units not invoiced, their balance on the account
    first: dict[int, int] = {}
    came_back: set[int] = set()
    if not accounts:
        return Finding(0)
    among = ", ".join(map(str, accounts))
    for move_id, origin_id, intent, quantity, share, held in reader.stream(
        "SELECT m.move_id, m.origin_id, m.intent, m.quantity, m.share, (SELECT CAST(COALESCE(-SUM(v.value), 0) AS BIGINT) "
        "FROM wares_valuation v WHERE v.company_id = m.company_id AND v.move_id = m.move_id "
        f"AND v.counter_id IN ({among})) FROM wares_move m WHERE m.company_id = ? AND m.counter_id IN ({among}) AND {STANDING} "
        "ORDER BY m.effective_at, m.sequence"
    ):
        root = first[move_id] = first.get(origin_id, move_id)
        chain = chains.setdefault(root, [0, 0])
        if intent == Intent.COST_TRANSFERRED:
            chain[0] += (share or 0) if origin_id in came_back else -(share or 0)
        else:
            chain[0] -= quantity
        chain[1] += held
        if quantity > 0 or (intent == Intent.COST_TRANSFERRED and origin_id in came_back):
            came_back.add(move_id)
    for root, (units, held) in chains.items():
        if not units and held:
            return Finding(
                len(chains), f"{move_name(reader, root)} is invoiced and leaves {amount(reader, held)} on {DELIVERED_NOT_INVOICED}"
            )
    return Finding(len(chains))


def deliveries_are_posted(reader: Reader) -> str | None:
    """I14: the postings to delivered_not_invoiced agree with the moves of goods, entry by entry."""
    accounts = _accounts(reader)
    if not accounts:
        return None
    among = ", ".join(map(str, accounts))
    row = reader.row(
        "SELECT entry_id, account_id, item_id, CAST(SUM(posted) AS BIGINT), CAST(SUM(valued) AS BIGINT) FROM ("
        "SELECT entry_id, account_id, item_id, amount AS posted, 0 AS valued FROM wares_posting "
        f"WHERE company_id = ? AND account_id IN ({among}) UNION ALL SELECT v.entry_id, v.counter_id, m.item_id, 0, -v.value "
        "FROM wares_valuation v JOIN wares_move m ON m.company_id = v.company_id AND m.move_id = v.move_id "
        f"WHERE v.company_id = ? AND v.counter_id IN ({among})"
        ") AS t GROUP BY entry_id, account_id, item_id HAVING SUM(posted) <> SUM(valued) ORDER BY entry_id LIMIT 1",
        reader.company_id,
    )
    if row is None:
        return None
    entry_id, account_id, item_id, posted, valued = row
    return (
        f"{entry_name(reader, entry_id)} posts {amount(reader, posted)} of {item_sku(reader, item_id)} to account "
        f"{account_code(reader, account_id)}, its moves say {amount(reader, valued)}"
    )


def _accounts(reader: Reader) -> list[int]:
    """Return the accounts with the role delivered_not_invoiced that ever had a posting."""
    held = reader.rows(
        "SELECT a.account_id, a.roles FROM wares_account a WHERE a.company_id = ? AND EXISTS "
        "(SELECT 1 FROM wares_period_total t WHERE t.company_id = a.company_id AND t.account_id = a.account_id)"
    )
    return sorted(account_id for account_id, roles in held if DELIVERED_NOT_INVOICED in json.loads(roles or "[]"))
