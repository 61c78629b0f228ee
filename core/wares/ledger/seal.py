"""Sealing: a hash chain over the entries, so that what was changed behind the program's back is found.

Entries are sealed in batches, in order of number. An entry's seal is the SHA-256 of the seal before it and of
everything the entry and its postings say; the first hangs on the company. Whoever changes a sealed entry must rewrite
every seal after it, and cannot rewrite the one that was printed or mailed away: keep the last seal outside the books.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from wares.storage.unit import Reader, Unit

_PAGE = 1000
_ENTRIES = (
    'SELECT entry_id, seal, number, "date", document_id, kind, reverses_id, recorded_at, memo FROM entry '
    "WHERE company_id = ? AND entry_id > ? ORDER BY entry_id LIMIT ?"
)
_POSTINGS = (
    'SELECT entry_id, position, account_id, "date", role, amount, currency, currency_amount, item_id, party_id, '
    "line_id, memo FROM posting WHERE company_id = ? AND {among} ORDER BY entry_id, position"
)


class Sealed(NamedTuple):
    """What a sealing did: how many entries it added, and the last sealed entry with its seal."""

    added: int
    entry_number: int
    seal: str


class SealCheck(NamedTuple):
    """What a check of the chain found; `problem` names the first entry that was changed."""

    ok: bool
    examined: int
    entry_number: int | None
    problem: str | None


def seal(unit: Unit) -> Sealed:
    """Seal every entry that is not sealed yet."""
    number, before, entry_id = _last_sealed(unit)
    added = 0
    for batch in _batches(unit, entry_id):
        seals = []
        for entry_id, _, content in batch:
            before = _seal_of(before, content)
            number = content[0][0]
            seals.append((before, unit.company_id, entry_id))
        update = unit.dialect.spell("UPDATE entry SET seal = ? WHERE company_id = ? AND entry_id = ?")
        unit.connection.exec_driver_sql(update, seals)
        added += len(seals)
    return Sealed(added, number, before)


def check_seals(reader: Reader) -> SealCheck:
    """Compute the chain anew from the first entry to the last sealed one."""
    _, _, last_id = _last_sealed(reader)
    before = _genesis(reader)
    examined = 0
    for batch in _batches(reader, 0):
        for entry_id, stored, content in batch:
            if entry_id > last_id:
                return SealCheck(True, examined, None, None)
            examined += 1
            number = content[0][0]
            if stored is None:
                return SealCheck(False, examined, number, f"entry {number} lost its seal, though later ones are sealed")
            if stored != _seal_of(before, content):
                message = f"entry {number} was changed after it was sealed, or one just before it was removed"
                return SealCheck(False, examined, number, message)
            before = stored
    return SealCheck(True, examined, None, None)


def _seal_of(before: str, content: tuple[Any, ...]) -> str:
    text = json.dumps([before, *content], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _genesis(reader: Reader) -> str:
    return hashlib.sha256(f"wares:{reader.company_id}:{reader.head.code}".encode()).hexdigest()


def _last_sealed(reader: Reader) -> tuple[int, str, int]:
    found = reader.row(
        "SELECT number, seal, entry_id FROM entry WHERE company_id = ? AND seal IS NOT NULL ORDER BY entry_id DESC LIMIT 1"
    )
    return (found[0], found[1], found[2]) if found is not None else (0, _genesis(reader), 0)


def _batches(reader: Reader, after_id: int) -> Iterator[list[tuple[int, str | None, tuple[Any, ...]]]]:
    """Entries after an id, in pages: (entry id, its seal, what is sealed: its own facts, then those of each
    posting)."""
    statement = _POSTINGS.format(among=reader.among("entry_id"))
    while page := reader.rows(_ENTRIES, after_id, _PAGE):
        postings: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for entry_id, *facts in reader.rows(statement, reader.listed([row[0] for row in page])):
            postings[entry_id].append(tuple(facts))
        yield [(row[0], row[1], (row[2:], *postings[row[0]])) for row in page]
        after_id = page[-1][0]
