"""The entries of one document: its own, and its share of the corrections that other documents caused.

A correction entry is posted once for its cause and sums the corrections of many moves; the valuation rows keep the part
of each move. From these rows this module computes the effect of a later bill, landed cost or backdated receipt on one
document: the value against the pool's inventory account, and against the counter account of the move.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from wares.ledger.accounts import AccountBook
from wares.ledger.journal import JournalRow, postings_of, sides
from wares.model import Account
from wares.storage.unit import Reader
from wares.values import iso_day

_OWN = 'SELECT entry_id, number, "date", memo FROM wares_entry WHERE company_id = ? AND document_id = ? ORDER BY "date", entry_id'
_MOVES = "SELECT move_id, item_id, line_id FROM wares_move WHERE company_id = ? AND document_id = ?"
_CORRECTIONS = (
    'SELECT v.entry_id, e.number, e."date", d.number, e.memo, v.pool_id, v.counter_id, v.move_id, v.value '
    "FROM wares_valuation v JOIN wares_entry e ON e.company_id = v.company_id AND e.entry_id = v.entry_id "
    "JOIN wares_document d ON d.company_id = e.company_id AND d.document_id = e.document_id "
    "WHERE v.company_id = ? AND {among} AND e.document_id <> ? "
    'ORDER BY e."date", v.entry_id, v.move_id, v.counter_id'
)


class _Correction(NamedTuple):
    entry_id: int
    number: int
    day: int
    cause: str
    memo: str | None
    pool_id: int
    counter_id: int
    value: int
    item_id: int
    line_id: int


class _Effect(NamedTuple):
    """The identity of one row: all corrections with the same effect are summed."""

    number: int
    day: int
    cause: str
    memo: str | None
    account: Account
    role: str
    item_id: int
    line_id: int


def entries_of_document(reader: Reader, document_id: int) -> list[JournalRow]:
    """Return every posting of the document's own entries, then its share of each correction caused by another document.

    Keys: entry, date, account, account_name, role, debit, credit, item, line, memo, caused_by (the number of the
    document that caused the correction; None for its own), and party, currency, currency_amount on its own.
    """
    own = reader.rows(_OWN, document_id)
    postings = postings_of(reader, [row[0] for row in own])
    rows = [
        {"entry": number, "date": iso_day(day)} | posting | {"memo": posting["memo"] or memo, "caused_by": None}
        for entry_id, number, day, memo in own
        for posting in postings[entry_id]
    ]
    corrections = _corrections(reader, document_id)
    return rows + _shares(reader, corrections) if corrections else rows


def _corrections(reader: Reader, document_id: int) -> list[_Correction]:
    moves = {move_id: (item_id, line_id) for move_id, item_id, line_id in reader.rows(_MOVES, document_id)}
    if not moves:
        return []
    statement = _CORRECTIONS.format(among=reader.among("v.move_id"))
    found = reader.rows(statement, reader.listed(moves), document_id)
    return [_Correction._make((*row[:7], row[8], *moves[row[7]])) for row in found]


def _shares(reader: Reader, corrections: list[_Correction]) -> list[JournalRow]:
    book = AccountBook.load(reader)
    accounts = _EntryAccounts(reader, book, corrections)
    sums: dict[_Effect, int] = defaultdict(int)
    for each in corrections:
        head = (each.number, each.day, each.cause, each.memo)
        inventory = accounts.inventory(each)
        sums[_Effect(*head, inventory, "inventory", each.item_id, each.line_id)] += each.value
        if each.counter_id:
            counter = book.by_id(each.counter_id)
            sums[_Effect(*head, counter, accounts.role(each, counter), each.item_id, each.line_id)] -= each.value
    skus = _named(reader, "item", "item_id", "sku", {each.item_id for each in corrections})
    lines = _named(reader, "line", "line_id", "number", {each.line_id for each in corrections})
    return [
        {"entry": number, "date": iso_day(day), "account": account.code, "account_name": account.name, "role": role,
         **sides(value, reader.decimals), "item": skus.get(item_id), "line": lines.get(line_id), "memo": memo,
         "caused_by": cause}
        for (number, day, cause, memo, account, role, item_id, line_id), value in sums.items()
        if value
    ]  # fmt: skip


class _EntryAccounts:
    """The accounts and roles that correction entries used.

    A reclassification may have changed a pool's inventory account since; the entry keeps the account of its time.
    """

    def __init__(self, reader: Reader, book: AccountBook, corrections: list[_Correction]) -> None:
        self._book = book
        pools = f"SELECT pool_id, account_id FROM wares_pool WHERE company_id = ? AND {reader.among('pool_id')}"
        self._pools: dict[int, int] = dict(reader.rows(pools, reader.listed(sorted({each.pool_id for each in corrections}))))
        self._roles: dict[tuple[int, int], str] = {}
        self._inventory: dict[tuple[int, int | None], list[int]] = defaultdict(list)
        statement = (
            "SELECT DISTINCT entry_id, account_id, role, item_id FROM wares_posting "
            f"WHERE company_id = ? AND {reader.among('entry_id')} ORDER BY entry_id, account_id, role, item_id"
        )
        entry_ids = sorted({each.entry_id for each in corrections})
        for entry_id, account_id, role, item_id in reader.rows(statement, reader.listed(entry_ids)):
            self._roles.setdefault((entry_id, account_id), role)
            if role == "inventory":
                self._inventory[entry_id, item_id].append(account_id)

    def inventory(self, of: _Correction) -> Account:
        """Return the inventory account that the entry used for the move's pool."""
        now = self._pools[of.pool_id]
        used = self._inventory.get((of.entry_id, of.item_id), [])
        return self._book.by_id(now if now in used or len(used) != 1 else used[0])

    def role(self, of: _Correction, account: Account) -> str:
        """Return the role in which the entry reached the account."""
        return self._roles.get((of.entry_id, account.id)) or (account.roles[0] if account.roles else "")


def _named(reader: Reader, table: str, key: str, column: str, ids: set[int]) -> dict[int, str]:
    statement = f"SELECT {key}, {column} FROM wares_{table} WHERE company_id = ? AND {reader.among(key)}"
    return dict(reader.rows(statement, reader.listed(sorted(ids))))
