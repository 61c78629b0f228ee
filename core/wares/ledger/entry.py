"""Composing journal entries: pure, on the hot path.

Documents and costing make one leg for each effect. An entry keeps one posting for each account, role, line, item,
party and memo; postings of zero are left out. Amounts are minor units, debit positive, so a balanced entry sums to
zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple, TypeAlias

from wares.errors import PluginError
from wares.storage.statements import sql
from wares.storage.tables import period_total
from wares.storage.unit import Unit


class EntryRow(NamedTuple):
    """A row of table `entry`."""

    company_id: int
    entry_id: int
    number: int
    date: int
    document_id: int
    kind: str
    """`original`, `correction`, `void` or `reversal`."""
    reverses: int | None
    """The id of the entry that a void or reversal mirrors."""
    recorded_at: int
    memo: str | None
    seal: str | None
    content: str | None = None
    """The hash of the entry with its postings, made by the flush."""


def entry_row(
    unit: Unit, entry_id: int, number: int, *, day: int, document_id: int, kind: str, reverses: int | None = None,
    memo: str | None = None,
) -> EntryRow:  # fmt: skip
    """Return the row of an entry that this unit records on `day`."""
    return EntryRow(unit.company_id, entry_id, number, day, document_id, kind, reverses, unit.recorded_at, memo, None)


class Posting(NamedTuple):
    """One posting of an entry, with every fact that `posting_rows` writes."""

    account_id: int
    """The account posted to."""
    amount: int
    """Minor units of the company's currency, debit positive."""
    role: str
    """The role in which the entry reached the account."""
    line_id: int | None
    """The line that caused the posting; None for a posting of the whole document."""
    item_id: int | None
    """The item of the posting, if any."""
    party_id: int | None
    """The party of the posting, if any."""
    memo: str | None
    """The text of the posting; None = the memo of the entry."""
    currency: str
    """The code of the document's currency."""
    currency_amount: int
    """The amount in that currency, in its minor units, debit positive."""


class EntryLeg(NamedTuple):
    """One effect of a document on one account."""

    account_id: int
    amount: int
    """Minor units of the company's currency, debit positive."""
    role: str
    """The role in which the account is reached."""
    line_id: int | None = None
    item_id: int | None = None
    party_id: int | None = None
    memo: str | None = None
    currency: str | None = None
    """The code of the document's currency, where the leg has an amount in it."""
    currency_amount: int = 0
    """The amount in that currency, in its minor units, debit positive."""


leg_of = partial(tuple.__new__, EntryLeg)
"""Make a leg of a tuple of all its fields, without the call of `EntryLeg`: there are a dozen in every entry."""


def opposite_leg(
    account_id: int, amount: int, role: str, line_id: int | None, item_id: int | None, party_id: int | None, memo: str | None,
    currency: str, currency_amount: int,
) -> EntryLeg:  # fmt: skip
    """Return the leg that takes back a posting with these facts."""
    return EntryLeg(account_id, -amount, role, line_id, item_id, party_id, memo, currency, -currency_amount)


_Key = tuple[int, tuple[object, ...], str | None]
"""The identity of a posting: account id, (role, line id, item id, party id, memo), foreign currency."""


def compose(legs: Iterable[EntryLeg], *, currency: str, document_type: str) -> list[Posting]:
    """Return the postings of a balanced entry, in order of first appearance; an empty list if all of them are zero.

    `currency` is the company's. Raises PluginError UNBALANCED with the document type if the legs do not sum to zero:
    a fault of the document or item type that made the legs, never of the user.
    """
    sums: dict[_Key, int] = {}
    foreign: dict[_Key, int] = {}
    balance = 0
    for leg in legs:
        amount = leg[1]
        balance += amount
        key: _Key = (leg[0], leg[2:7], None)
        abroad = leg[7]
        if abroad is not None and abroad != currency:
            key = (leg[0], leg[2:7], abroad)
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


_posting = partial(tuple.__new__, Posting)


PostingRow: TypeAlias = tuple[int, int, int, int, int, str, int, str, int, int | None, int | None, int | None, str | None]
"""A row of `posting`: company id, entry id, position, account id, day, role, amount, currency, amount in it, item id, party id,
line id, memo."""


def posting_rows(company_id: int, entry_id: int, day: int, postings: Iterable[Posting]) -> list[PostingRow]:
    """Return the rows of one entry for the table `posting`; positions count from 1."""
    return [
        (company_id, entry_id, position, account_id, day, role, amount, currency, currency_amount, item_id, party_id, line_id, memo)
        for position, (account_id, amount, role, line_id, item_id, party_id, memo, currency, currency_amount)
        in enumerate(postings, 1)
    ]  # fmt: skip


Deltas = dict[tuple[int, int], tuple[int, int]]
"""(account id, yyyymm) → (debit, credit), both ≥ 0."""


def period_deltas(rows: Iterable[PostingRow]) -> Deltas:
    """Return the changes of the period totals that these rows of `posting` cause."""
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
