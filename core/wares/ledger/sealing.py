"""Sealings: what a seal covers beside the chain of entries, and the check of it.

Each sealing is a row of table `sealing`. It covers, of everything recorded since the sealing before it: the content of documents
and entries (`wares.storage.content`), the mirrors of moves that were voided, the identity of the accounts that were posted to, of
items, parties, locations and pools, the closings, the currency of the books, and the seal of the last entry. Its seal is the
SHA-256 of all that and of the seal before it. So one seal kept outside the books stands for everything up to it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import NamedTuple

from wares.ledger.periods import history
from wares.ledger.seal import Sealed
from wares.ledger.seal import seal as seal_entries
from wares.storage import tables
from wares.storage.content import DOCUMENT, ENTRY, ContentKind, write_hashes
from wares.storage.unit import Reader, Unit

BLOCK = 50
"""Documents or entries of one block: a change in sealed books is found within that many."""
_BLOCK_DIGITS, _MASTER_DIGITS = 16, 8

_STANDING = {DOCUMENT: "status NOT IN ('pending', 'deleted')", ENTRY: "1 = 1"}
_MASTERS = {
    "account": (
        "SELECT account_id, code FROM wares_account WHERE company_id = ? AND company_id = ? AND account_id > ? "
        "AND account_id <= ? ORDER BY account_id"
    ),
    "type of account": (
        "SELECT a.account_id, a.code, a.type FROM wares_account a JOIN (SELECT account_id, MIN(entry_id) AS entry_id "
        "FROM wares_posting WHERE company_id = ? GROUP BY account_id) p ON p.account_id = a.account_id "
        "WHERE a.company_id = ? AND p.entry_id > ? AND p.entry_id <= ? ORDER BY a.account_id"
    ),
    "item": (
        "SELECT item_id, sku, type FROM wares_item WHERE company_id = ? AND company_id = ? AND item_id > ? AND item_id <= ? "
        "ORDER BY item_id"
    ),
    "party": (
        "SELECT party_id, code FROM wares_party WHERE company_id = ? AND company_id = ? AND party_id > ? AND party_id <= ? "
        "ORDER BY party_id"
    ),
    "location": (
        "SELECT location_id, code FROM wares_location WHERE company_id = ? AND company_id = ? AND location_id > ? "
        "AND location_id <= ? ORDER BY location_id"
    ),
    "pool": (
        "SELECT pool_id, item_id, area_id, lot, order_line_id, first_method, first_rate FROM wares_pool WHERE company_id = ? "
        "AND company_id = ? AND pool_id > ? AND pool_id <= ? ORDER BY pool_id"
    ),
    "mirror": (
        "SELECT move_id, annuls FROM wares_move WHERE company_id = ? AND company_id = ? AND move_id > ? AND move_id <= ? "
        "AND annuls IS NOT NULL ORDER BY move_id"
    ),
}
"""Master → the columns of it that never change once it is used. Names, prices and settings may change at any time. The mirrors of
moves show that a document without an entry, such as a transfer, was voided."""


class Sealing(NamedTuple):
    """A row of table `sealing`, without its company."""

    number: int
    recorded_at: int
    last_id: int
    """The last id given when it was made: it covers rows up to this id."""
    entry_number: int
    entry_seal: str
    """The last sealed entry and its seal."""
    closings: int
    """The number of closings and reopenings so far."""
    documents: int
    """The number of documents that it adds."""
    digests: str
    """JSON: kind of row → the digests of its blocks or masters, one after the other."""
    seal: str


class SealedBooks(NamedTuple):
    """The result of a sealing of the books."""

    added: int
    """The number of entries sealed."""
    entry_number: int
    """The number of the last sealed entry; 0 without entries."""
    documents: int
    """The number of documents sealed."""
    seal: str
    """The seal of the books, hexadecimal: keep it outside the books, for `verify --seal`."""


class Unsealed(NamedTuple):
    """What was recorded since the last sealing."""

    documents: int
    entries: int


def seal_books(unit: Unit) -> SealedBooks:
    """Seal everything recorded since the last sealing. Without anything new no sealing is added."""
    before = _last(unit)
    chain = seal_entries(unit)
    last_id, closings = unit.head.next_id - 1, len(history(unit))
    if before is not None and (before.last_id, before.entry_number, before.closings) == (last_id, chain.entry_number, closings):
        return SealedBooks(0, chain.entry_number, 0, before.seal)
    for kind in (DOCUMENT, ENTRY):
        _complete(unit, kind)
    sealing = _fresh(unit, before, chain, last_id, closings, unit.recorded_at)
    unit.insert(tables.sealing, [(unit.company_id, *sealing)])
    return SealedBooks(chain.added, chain.entry_number, sealing.documents, sealing.seal)


def _complete(unit: Unit, kind: ContentKind) -> None:
    """Give rows from before there were hashes the hash of their content as it stands."""
    missing = unit.rows(f"SELECT {kind.id} FROM {kind.table.name} WHERE company_id = ? AND content IS NULL ORDER BY {kind.id}")
    write_hashes(unit, kind, [row[0] for row in missing])


def _fresh(reader: Reader, before: Sealing | None, chain: Sealed, last_id: int, closings: int, recorded_at: int) -> Sealing:
    """Return the sealing that follows another, made of the rows as they stand."""
    number, after = (before.number + 1, before.last_id) if before is not None else (1, 0)
    documents = _hashes(reader, DOCUMENT, after, last_id)
    digests = {
        "document": _blocks(documents),
        "entry": _blocks(_hashes(reader, ENTRY, after, last_id)),
        **{kind: _of_masters(reader, statement, after, last_id) for kind, statement in _MASTERS.items()},
        "closing": "".join(_digest(list(each), _MASTER_DIGITS) for each in history(reader)[:closings]),
    }
    text = json.dumps(digests, separators=(",", ":"))
    head = reader.head
    facts = [
        before.seal if before is not None else "", head.company_id, head.code, head.currency, head.decimals, number, recorded_at,
        last_id, chain.entry_number, chain.seal, closings, len(documents), text,
    ]  # fmt: skip
    return Sealing(
        number, recorded_at, last_id, chain.entry_number, chain.seal, closings, len(documents), text, _digest(facts, 64)
    )  # fmt: skip


def _hashes(reader: Reader, kind: ContentKind, after: int, last_id: int) -> list[str]:
    rows = reader.rows(
        f"SELECT content FROM {kind.table.name} WHERE company_id = ? AND {kind.id} > ? AND {kind.id} <= ? AND {_STANDING[kind]} "
        f"ORDER BY {kind.id}",
        after, last_id,
    )  # fmt: skip
    return [row[0] or "" for row in rows]


def _blocks(hashes: list[str]) -> str:
    return "".join(_digest(hashes[start : start + BLOCK], _BLOCK_DIGITS) for start in range(0, len(hashes), BLOCK))


def _of_masters(reader: Reader, statement: str, after: int, last_id: int) -> str:
    rows = reader.rows(statement, reader.company_id, after, last_id)
    return "".join(_digest(list(row), _MASTER_DIGITS) for row in rows)


def _digest(facts: Iterable[object], digits: int) -> str:
    text = json.dumps(list(facts), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def _sealings(reader: Reader) -> list[Sealing]:
    columns = ", ".join(Sealing._fields)
    return [
        Sealing._make(row) for row in reader.rows(f"SELECT {columns} FROM wares_sealing WHERE company_id = ? ORDER BY number")
    ]  # fmt: skip


def _last(reader: Reader) -> Sealing | None:
    columns = ", ".join(Sealing._fields)
    row = reader.row(f"SELECT {columns} FROM wares_sealing WHERE company_id = ? ORDER BY number DESC LIMIT 1")
    return None if row is None else Sealing._make(row)


# --- the check -------------------------------------------------------------------------------------------------------


def first_broken_sealing(reader: Reader) -> str | None:
    """Make every sealing again from the rows as they stand; return a sentence about the first that differs."""
    before = None
    for sealing in _sealings(reader):
        if sealing.number != (before.number + 1 if before is not None else 1):
            return f"sealing {sealing.number - 1} is missing"
        row = reader.row("SELECT seal FROM wares_entry WHERE company_id = ? AND number = ?", sealing.entry_number)
        if sealing.entry_number and (row is None or row[0] != sealing.entry_seal):
            return f"entry {sealing.entry_number} lost the seal that sealing {sealing.number} gave it"
        chain = Sealed(0, sealing.entry_number, sealing.entry_seal)
        fresh = _fresh(reader, before, chain, sealing.last_id, sealing.closings, sealing.recorded_at)
        if fresh.digests != sealing.digests:
            return _named(reader, before.last_id if before is not None else 0, sealing, fresh)
        if fresh != sealing:
            return f"sealing {sealing.number} was changed, or the code, currency or decimals of the books were"
        before = sealing
    return _entries_without_sealing(reader, before)


def _named(reader: Reader, after: int, sealing: Sealing, fresh: Sealing) -> str:
    """Name the first rows whose digests differ from those of the sealing."""
    then, now = json.loads(sealing.digests), json.loads(fresh.digests)
    kind = next(kind for kind in now if now[kind] != then.get(kind, ""))
    digits = _BLOCK_DIGITS if kind in ("document", "entry") else _MASTER_DIGITS
    place = next(
        place for place in range(0, len(now[kind]) + len(then.get(kind, "")), digits)
        if now[kind][place : place + digits] != then.get(kind, "")[place : place + digits]
    ) // digits  # fmt: skip
    since = f"sealing {sealing.number}"
    if kind == "closing":
        return f"closing {place + 1} was changed after {since}"
    if kind in ("document", "entry"):
        return f"{_block_name(reader, kind, after, sealing.last_id, place)} was changed, added or removed after {since}"
    rows = reader.rows(_MASTERS[kind], reader.company_id, after, sealing.last_id)
    name = f"the {kind} {rows[place][1]}" if place < len(rows) else f"the last {kind} before it"
    if kind in ("pool", "mirror"):
        name = f"a {kind} (id {rows[place][0]})" if place < len(rows) else f"the last {kind} before it"
    return f"{name} was changed, or one before it was added or removed, after {since}"


def _block_name(reader: Reader, kind: str, after: int, last_id: int, place: int) -> str:
    of = DOCUMENT if kind == "document" else ENTRY
    rows = reader.rows(
        f"SELECT number FROM {of.table.name} WHERE company_id = ? AND {of.id} > ? AND {of.id} <= ? AND {_STANDING[of]} "
        f"ORDER BY {of.id} LIMIT {BLOCK} OFFSET {BLOCK * place}",
        after, last_id,
    )  # fmt: skip
    return f"one of the {len(rows)} {kind}s from {rows[0][0]} to {rows[-1][0]}" if rows else f"the last {kind} before it"


def _entries_without_sealing(reader: Reader, last: Sealing | None) -> str | None:
    """Name a sealed entry with a content after the last sealing: the row of its sealing was removed."""
    row = reader.row(
        "SELECT MIN(number) FROM wares_entry WHERE company_id = ? AND number > ? AND seal IS NOT NULL AND content IS NOT NULL",
        last.entry_number if last is not None else 0,
    )
    return None if row is None or row[0] is None else f"entry {row[0]} is sealed, and its sealing is missing"


def unsealed(reader: Reader) -> Unsealed:
    """Return how many documents and entries no sealing covers."""
    last = _last(reader)
    last_id, entry_number = (last.last_id, last.entry_number) if last is not None else (0, 0)
    documents = reader.row(
        "SELECT COUNT(*) FROM wares_document WHERE company_id = ? AND document_id > ? AND status NOT IN ('pending', 'deleted')",
        last_id,
    )
    entries = reader.row("SELECT COUNT(*) FROM wares_entry WHERE company_id = ? AND number > ?", entry_number)
    return Unsealed(documents[0] if documents else 0, entries[0] if entries else 0)


def is_known(reader: Reader, seal: str) -> bool:
    """True if a sealing, or an entry sealed before there were sealings, has this seal."""
    return any(
        reader.row(f"SELECT 1 FROM wares_{table} WHERE company_id = ? AND seal = ? LIMIT 1", seal) is not None
        for table in ("sealing", "entry")
    )
