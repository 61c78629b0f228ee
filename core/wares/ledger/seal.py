"""Sealing: a hash chain over the entries, which reveals changes made outside the program.

Entries are sealed in batches, in order of number. An entry's seal is the SHA-256 of the previous seal and of all facts
of the entry and its postings; the first seal depends on the company. To change a sealed entry unnoticed, somebody must
rewrite every later seal, and cannot rewrite a printed or mailed one: keep the last seal outside the books.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from wares.storage.unit import Reader, Unit

_PAGE = 1000
_ENTRIES = (
    'SELECT entry_id, seal, number, "date", document_id, kind, reverses_id, recorded_at, memo FROM wares_entry '
    "WHERE company_id = ? AND entry_id > ? ORDER BY entry_id LIMIT ?"
)
_POSTINGS = (
    'SELECT entry_id, position, account_id, "date", role, amount, currency, currency_amount, item_id, party_id, '
    "line_id, memo FROM wares_posting WHERE company_id = ? AND {among} ORDER BY entry_id, position"
)


class Sealed(NamedTuple):
    """The result of a sealing."""

    added: int
    """The number of entries sealed."""
    entry_number: int
    """The number of the last sealed entry; 0 without entries."""
    seal: str
    """The seal of that entry, hexadecimal."""


class SealCheck(NamedTuple):
    """The result of a check of the chain."""

    ok: bool
    """True if every seal is right."""
    examined: int
    """The number of sealed entries checked."""
    entry_number: int | None
    """The number of the first entry with a wrong seal."""
    problem: str | None
    """A sentence about that entry."""


class _Entry(NamedTuple):
    id: int
    seal: str | None
    number: int
    content: tuple[object, ...]  # the facts that the seal covers: of the entry, then of each posting


def seal(unit: Unit) -> Sealed:
    """Seal every entry that is not sealed yet."""
    number, before, entry_id = _last_sealed(unit)
    added = 0
    for batch in _batches(unit, entry_id):
        seals = []
        for entry in batch:
            before = _seal_of(before, entry.content)
            number = entry.number
            seals.append((before, unit.company_id, entry.id))
        update = unit.dialect.spelled["UPDATE wares_entry SET seal = ? WHERE company_id = ? AND entry_id = ?"]
        unit.connection.exec_driver_sql(update, seals)
        added += len(seals)
    return Sealed(added, number, before)


def check_seals(reader: Reader) -> SealCheck:
    """Compute the chain again from the first entry to the last sealed one and compare."""
    _, _, last_id = _last_sealed(reader)
    if not last_id:
        return SealCheck(True, 0, None, None)
    before = _genesis(reader)
    examined = 0
    for batch in _batches(reader, 0):
        for entry_id, stored, number, content in batch:
            if entry_id > last_id:
                return SealCheck(True, examined, None, None)
            examined += 1
            if stored is None:
                return SealCheck(False, examined, number, f"entry {number} lost its seal, though later ones are sealed")
            if stored != _seal_of(before, content):
                message = f"entry {number} was changed after it was sealed, or one just before it was removed"
                return SealCheck(False, examined, number, message)
            before = stored
    return SealCheck(True, examined, None, None)


def _seal_of(before: str, content: tuple[object, ...]) -> str:
    text = json.dumps([before, *content], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _genesis(reader: Reader) -> str:
    return hashlib.sha256(f"wares:{reader.company_id}:{reader.head.code}".encode()).hexdigest()


def _last_sealed(reader: Reader) -> tuple[int, str, int]:
    found = reader.row(
        "SELECT number, seal, entry_id FROM wares_entry WHERE company_id = ? AND seal IS NOT NULL ORDER BY entry_id DESC LIMIT 1"
    )
    return (found[0], found[1], found[2]) if found is not None else (0, _genesis(reader), 0)


def _batches(reader: Reader, after_id: int) -> Iterator[list[_Entry]]:
    """Yield the entries after an id, in pages."""
    statement = _POSTINGS.format(among=reader.among("entry_id"))
    while page := reader.rows(_ENTRIES, after_id, _PAGE):
        postings: dict[int, list[tuple[object, ...]]] = defaultdict(list)
        for entry_id, *facts in reader.rows(statement, reader.listed([row[0] for row in page])):
            postings[entry_id].append(tuple(facts))
        yield [_Entry(row[0], row[1], row[2], (row[2:], *postings[row[0]])) for row in page]
        after_id = page[-1][0]
