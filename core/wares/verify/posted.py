"""The postings in sums: one pass over the largest table of the books, for the checks that need no single posting."""

from __future__ import annotations

from typing import NamedTuple

from wares.model import RECEIVED_NOT_BILLED
from wares.storage.unit import Reader
from wares.verify.examined import Examined


class PostedSum(NamedTuple):
    """The postings of an account in a role in a month."""

    account_id: int
    role: str
    period: int
    """The month, yyyymm."""
    debit: int
    """Minor units, as is `credit`, both positive."""
    credit: int
    first_entry: int
    """The lowest id of an entry among them."""
    lacks_party: int
    """1 if one of them names no party."""
    lacks_both: int
    """1 if one of them names neither party nor item."""


_SUMS = (
    "SELECT account_id, role, date / 100, CAST(SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS BIGINT), "
    "CAST(SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS BIGINT), MIN(entry_id), "
    "MAX(CASE WHEN party_id IS NULL THEN 1 ELSE 0 END), MAX(CASE WHEN item_id IS NULL AND party_id IS NULL THEN 1 ELSE 0 END) "
    "FROM wares_posting WHERE company_id = ? GROUP BY account_id, role, date / 100 ORDER BY account_id, role, date / 100"
)


def posted_sums(reader: Reader) -> list[PostedSum]:
    """Return the sums of all postings, by account, role and month."""
    return list(map(PostedSum._make, reader.rows(_SUMS)))


def accounts_of(reader: Examined, role: str) -> list[int]:
    """Return the accounts that were posted to in a role."""
    return sorted({each.account_id for each in reader.once(posted_sums) if each.role == role})


def received_not_billed(reader: Examined) -> list[tuple[int, int, int]]:
    """Return (document, account, sum): the document's own postings for goods received and not billed, and value facts, which count
    for the receipt whose price they correct."""
    return reader.rows(
        "SELECT document_id, account_id, CAST(SUM(amount) AS BIGINT) FROM ("
        "SELECT e.document_id, p.account_id, p.amount FROM wares_posting p CROSS JOIN wares_entry e "
        f"WHERE p.company_id = ? AND {reader.among('p.account_id')} AND p.role = '{RECEIVED_NOT_BILLED}' "
        "AND p.line_id IS NOT NULL AND p.item_id IS NOT NULL AND e.company_id = p.company_id AND e.entry_id = p.entry_id "
        "UNION ALL SELECT m.document_id, f.counter_id, -f.amount FROM wares_value_fact f CROSS JOIN wares_move m "
        "WHERE f.company_id = ? AND f.annulled = 0 AND f.kind IN ('bill', 'rebate', 'close') "
        "AND m.company_id = f.company_id AND m.move_id = f.move_id"
        ") AS t GROUP BY document_id, account_id",
        reader.listed(accounts_of(reader, RECEIVED_NOT_BILLED)), reader.company_id,
    )  # fmt: skip
