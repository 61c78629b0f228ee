"""Composing journal entries: pure, on the hot path.

Legs come from documents and costing, one for each effect; an entry keeps one posting for each account, role, line,
item, party and memo, without those that cancel out. Amounts are minor units, debit positive, so a balanced entry sums
to zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wares.errors import PluginError
from wares.storage.statements import sql
from wares.storage.tables import period_total
from wares.storage.unit import Unit


class Posting(NamedTuple):
    """A posting of an entry, complete: what `posting_rows` writes."""

    account_id: int
    amount: int
    role: str
    line_id: int | None
    item_id: int | None
    party_id: int | None
    memo: str | None
    currency: str
    currency_amount: int


def compose(legs: Iterable[tuple[Any, ...]], *, currency: str, document_type: str) -> list[Posting]:
    """The postings of a balanced entry, in the order in which their accounts first appear; empty if nothing remains.

    A leg is one effect on one account: (account id, amount, role, line id, item id, party id, memo), and where that is not the
    company's (currency, amount in it). Plain tuples, as they are made by the thousand.

    `currency` is the company's. Raises PluginError UNBALANCED, naming the document type, when the legs do not sum to
    zero: that is a fault of the document or item type that made them, never of the user.
    """
    sums: dict[tuple[Any, ...], int] = {}
    foreign: dict[tuple[Any, ...], int] = {}
    balance = 0
    for leg in legs:
        amount = leg[1]
        balance += amount
        key = (leg[0], leg[2:7], None)
        if len(leg) > 7 and leg[7] is not None and leg[7] != currency:
            key = (leg[0], leg[2:7], leg[7])
            foreign[key] = foreign.get(key, 0) + leg[8]
        sums[key] = sums.get(key, 0) + amount
    if balance:
        raise PluginError(
            "UNBALANCED",
            f"the entry of a {document_type} does not balance: debits less credits are {balance} minor units",
            hint="the plugin that registers this type of document or its lines must compose legs that sum to zero",
        )
    if not foreign:
        return [_posting((key[0], amount, *key[1], currency, amount)) for key, amount in sums.items() if amount]
    return [
        _posting((key[0], amount, *key[1], key[2] or currency, foreign[key] if key[2] else amount))
        for key, amount in sums.items()
        if amount or foreign.get(key)
    ]


_posting = Posting._make


def posting_rows(company_id: int, entry_id: int, day: int, postings: Iterable[Posting]) -> list[tuple[Any, ...]]:
    """The rows of one entry in the order of the columns of `posting`; positions count from 1."""
    return [
        (company_id, entry_id, position, of.account_id, day, of.role, of.amount, of.currency, of.currency_amount,
         of.item_id, of.party_id, of.line_id, of.memo)
        for position, of in enumerate(postings, 1)
    ]  # fmt: skip


Deltas = dict[tuple[int, int], tuple[int, int]]
"""(account id, yyyymm) → (debit, credit), both ≥ 0."""


def period_deltas(rows: Iterable[tuple[Any, ...]]) -> Deltas:
    """What rows of `posting` (as `posting_rows` makes them) add to the period totals."""
    deltas: Deltas = {}
    for row in rows:
        key = (row[3], row[4] // 100)
        amount = row[6]
        debit, credit = deltas.get(key, (0, 0))
        deltas[key] = (debit + amount, credit) if amount >= 0 else (debit, credit - amount)
    return deltas


_KEYS = ("company_id", "account_id", "period")
_TOTALS = ("debit", "credit")


def flush_periods(unit: Unit, deltas: Mapping[tuple[int, int], tuple[int, int]]) -> None:
    """Add the deltas to `period_total`, one statement for all, in key order."""
    company_id = unit.company_id
    rows = [(company_id, *key, *deltas[key]) for key in sorted(deltas)]
    if rows:
        sql(unit.connection, unit.dialect.upsert_add(period_total, _KEYS, _TOTALS), rows)
