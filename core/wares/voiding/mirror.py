"""Mirrors: the moves and entries that take back the moves and entries of a document.

A mirrored move stands at the same instant and sequence as its original, and costing skips both. A mirrored entry stands on the day
of its original, or on the first open day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from wares.inventory.move import MoveRow
from wares.ledger.entry import EntryLeg, compose, entry_row, opposite_leg, posting_rows
from wares.model import OriginDocument
from wares.posting.batch import Batch
from wares.posting.write import role_of
from wares.storage import tables as t
from wares.storage.unit import Reader
from wares.values import next_day


class _Valued(NamedTuple):
    """A share of a move's value that an entry posted."""

    entry_id: int
    move_id: int
    counter_id: int
    """The account that the value came from or went to; 0 within a group of moves."""
    pool_id: int
    day: int
    """The day of the entry, yyyymmdd."""
    value: int
    """Minor units, positive into the pool."""
    item_id: int
    location_id: int
    moved: int
    """The day of the move, yyyymmdd."""
    account_id: int
    """The inventory account of the pool."""


def mirror_moves(
    batch: Batch, move_ids: Sequence[int], *, document_id: int | None = None, lines: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Write a mirror of each move; return id of the original → id of the mirror.

    A mirror belongs to the document of its original; or to `document_id`, whose line for each original line `lines` gives.
    """
    unit, ws = batch.unit, batch.ws
    mirrors: dict[int, int] = {}
    for original in _moves(unit, move_ids):
        mirror = original._replace(
            move_id=unit.take_id(), quantity=-original.quantity, counted=None, recorded_at=unit.recorded_at, annuls=original.move_id
        )
        if document_id is not None and lines is not None:
            mirror = mirror._replace(document_id=document_id, line_id=lines.get(original.line_id, 0))
        mirrors[original.move_id] = mirror.move_id
        ws.rows[t.move].append(mirror)
        ws.add_stock(mirror.item_id, mirror.location_id, mirror.quantity)
        ws.add_month(mirror.pool_id, mirror.location_id, mirror.date // 100, mirror.quantity, 0, 0)
    if mirrors:
        unit.connection.exec_driver_sql(
            unit.dialect.update(t.move, ("company_id", "move_id"), ("annulled_by",)),
            [(mirror, unit.company_id, original) for original, mirror in mirrors.items()],
        )
    return mirrors


def mirror_entries(batch: Batch, document: OriginDocument, fallen: Sequence[int], mirrors: Mapping[int, int]) -> None:
    """Mirror the own entries of the documents `fallen` (ids), and its moves' shares of each correction. `mirrors` is the result of
    `mirror_moves`."""
    unit = batch.unit
    own = unit.rows(
        f"SELECT entry_id, date FROM wares_entry WHERE company_id = ? AND {unit.among('document_id')} AND kind = 'original'",
        unit.listed(sorted(fallen)),
    )
    valued: dict[int, list[_Valued]] = defaultdict(list)
    for each in _valued(unit, sorted(mirrors)):
        valued[each.entry_id].append(each)
    for entry_id, day in own:
        legs = mirrored_legs(unit, entry_id)
        _write_entry(batch, document, day, entry_id, legs, valued.pop(entry_id, []), mirrors)
    for entry_id, shares in sorted(valued.items()):
        _write_entry(batch, document, shares[0].day, entry_id, _legs_of_shares(batch, shares), shares, mirrors)


def mirrored_legs(reader: Reader, entry_id: int) -> list[EntryLeg]:
    """Return the legs that take back all postings of an entry."""
    postings = reader.rows(
        "SELECT account_id, amount, role, line_id, item_id, party_id, memo, currency, currency_amount FROM wares_posting "
        "WHERE company_id = ? AND entry_id = ? ORDER BY position",
        entry_id,
    )
    return [opposite_leg(*posting) for posting in postings]


def _moves(reader: Reader, move_ids: Sequence[int]) -> Iterable[MoveRow]:
    if not move_ids:
        return ()
    statement = f"SELECT * FROM wares_move WHERE company_id = ? AND {reader.among('move_id')} ORDER BY move_id"
    return map(MoveRow._make, reader.rows(statement, reader.listed(move_ids)))


def _valued(reader: Reader, move_ids: Sequence[int]) -> Iterable[_Valued]:
    if not move_ids:
        return ()
    statement = (
        "SELECT v.entry_id, v.move_id, v.counter_id, v.pool_id, v.date, v.value, m.item_id, m.location_id, m.date, p.account_id "
        "FROM wares_valuation v JOIN wares_move m ON m.company_id = v.company_id AND m.move_id = v.move_id "
        "JOIN wares_pool p ON p.company_id = v.company_id AND p.pool_id = v.pool_id "
        f"WHERE v.company_id = ? AND {reader.among('v.move_id')}"
    )
    return map(_Valued._make, reader.rows(statement, reader.listed(move_ids)))


def _legs_of_shares(batch: Batch, shares: Iterable[_Valued]) -> list[EntryLeg]:
    """Return the legs that take back the moves' shares of a correction, which belongs to other documents as well."""
    legs: list[EntryLeg] = []
    for each in shares:
        legs.append(EntryLeg(each.account_id, -each.value, "inventory", item_id=each.item_id))
        if each.counter_id:
            role = role_of(batch.account_by_id(each.counter_id))
            legs.append(EntryLeg(each.counter_id, each.value, role, item_id=each.item_id))
    return legs


def _write_entry(
    batch: Batch, document: OriginDocument, day: int, reverses: int, legs: list[EntryLeg], shares: Iterable[_Valued],
    mirrors: Mapping[int, int],
) -> None:  # fmt: skip
    unit, ws = batch.unit, batch.ws
    closed = unit.head.closed_through
    day = day if day > closed else next_day(closed)
    postings = compose(legs, currency=unit.head.currency, document_type=document.type)
    entry_id, number = unit.take_id(), unit.take_entry_number()
    ws.rows[t.entry].append(entry_row(unit, entry_id, number, day=day, document_id=document.id, kind="void", reverses=reverses))
    ws.rows[t.posting] += posting_rows(unit.company_id, entry_id, day, postings)
    for of in shares:
        ws.rows[t.valuation].append((unit.company_id, mirrors[of.move_id], entry_id, of.counter_id, of.pool_id, day, -of.value))
        ws.add_month(of.pool_id, of.location_id, of.moved // 100, 0, -of.value, 0)
        ws.add_month(of.pool_id, of.location_id, day // 100, 0, 0, -of.value)
