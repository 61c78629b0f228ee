"""The rows of a reversal: its document, lines, entry and moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wares.inventory.move import NewMove
from wares.inventory.origins import foreign_lines
from wares.ledger.entry import EntryLeg, compose, entry_row, posting_rows
from wares.posting.batch import Batch
from wares.posting.write import DocumentRow, role_of
from wares.storage import tables as t
from wares.voiding.mirror import mirror_moves, mirrored_legs
from wares.voiding.parts import with_open_items
from wares.voiding.posted_moves import REVALUATIONS
from wares.voiding.reversal import Reversal, TakenBack


def write_document(batch: Batch, reversal: Reversal) -> None:
    """Write the document of a reversal: its original with opposite totals."""
    (row,) = batch.unit.rows("SELECT * FROM wares_document WHERE company_id = ? AND document_id = ?", reversal.original.id)
    original = DocumentRow._make(row)
    batch.ws.rows[t.document].append(original._replace(
        document_id=reversal.id, number=reversal.number, revision=1, issued=None, status="reversal", effective_at=reversal.at,
        sequence=reversal.sequence, date=reversal.day, due=None, reference=None, reference_key=None, total=-original.total,
        base_total=-original.base_total, parent_id=reversal.original.id, key=None, body_hash=None,
        recorded_at=batch.unit.recorded_at,
    ))  # fmt: skip


def write_lines(batch: Batch, reversal: Reversal) -> dict[int, int]:
    """Write the lines of the original with opposite quantities and amounts; return line of the original → line of the reversal."""
    unit, ws = batch.unit, batch.ws
    columns = list(t.line.columns.keys())
    found = unit.rows("SELECT * FROM wares_line WHERE company_id = ? AND document_id = ? ORDER BY position", reversal.original.id)
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    ids = {fields["line_id"]: unit.take_id() for fields in rows}
    for fields in rows:
        fields |= {"document_id": reversal.id, "from_id": fields["line_id"]}
        fields |= {column: ids.get(fields[column]) for column in ("line_id", "parent_id", "base_id")}
        fields |= {column: -fields[column] for column in ("quantity", "scrapped", "amount", "goods_amount")}
        ws.rows[t.line].append(tuple(fields[column] for column in columns))
    for line_id, (amount, goods) in foreign_lines(unit, list(ids)).items():
        ws.rows[t.foreign_line].append((unit.company_id, ids[line_id], -amount, -goods))
    return ids


def write_entry(batch: Batch, reversal: Reversal, taken_back: Iterable[TakenBack], lines: Mapping[int, int]) -> int | None:
    """Write the entry of a reversal; return its id, or None if the reversal has neither postings nor values.

    It mirrors the original's own entries; where goods have another value by now, it posts the difference as well.
    """
    unit, ws = batch.unit, batch.ws
    own = _own_entries(batch, reversal)
    legs = [leg for entry_id in own for leg in _mirror(batch, entry_id, lines)]
    has_value = False
    for posted, account_id, values in taken_back:
        has_value = has_value or bool(values)
        mirrored = {counter: -value for counter, value in posted.original_values.items()}
        legs.append(EntryLeg(account_id, sum(values.values()), "inventory", lines.get(posted.line_id), posted.item_id))
        for counter in {*values, *mirrored} - {0}:
            more = values.get(counter, 0) - mirrored.get(counter, 0)
            legs.append(EntryLeg(counter, -more, role_of(batch.account_by_id(counter)), item_id=posted.item_id))
    postings = compose(legs, currency=unit.head.currency, document_type=reversal.original.type)
    if not postings and not has_value:
        return None
    entry_id, number = unit.take_id(), unit.take_entry_number()
    reverses = own[0] if own else None
    ws.rows[t.entry].append(
        entry_row(unit, entry_id, number, day=reversal.day, document_id=reversal.id, kind="reversal", reverses=reverses)
    )
    ws.rows[t.posting] += posting_rows(unit.company_id, entry_id, reversal.day, postings)
    return entry_id


def write_moves(batch: Batch, moves: Iterable[NewMove], lines: Mapping[int, int]) -> None:
    """Write the moves of a reversal, each on the reversal's line, with their effect on stock and months."""
    ws, company_id = batch.ws, batch.unit.company_id
    for move in moves:
        place = move.planned.location.id
        move.line_id = lines.get(move.line_id, 0)
        ws.rows[t.move].append(move.row(company_id, batch.unit.recorded_at))
        if move.planned.origin is not None:
            ws.rows[t.move_link].append((company_id, move.planned.origin, move.id))
        ws.add_stock(move.planned.item.id, place, move.quantity)
        ws.add_month(move.pool.id, place, move.day // 100, move.quantity, move.value, move.value)


def write_values(
    batch: Batch, reversal: Reversal, taken_back: Iterable[TakenBack], *, entry_id: int | None, lines: Mapping[int, int],
    moves: Mapping[int, int],
) -> None:  # fmt: skip
    """Write the values of a reversal's moves, and the mirrors of the revaluations that it takes back.

    `moves` maps each returned move of the original to its move of the reversal.
    """
    ws, company_id, period = batch.ws, batch.unit.company_id, reversal.day // 100
    taken_back = list(taken_back)
    revaluations = [each.posted.id for each in taken_back if each.posted.intent in REVALUATIONS]
    mirrors = mirror_moves(batch, revaluations, document_id=reversal.id, lines=lines)
    ids = {**moves, **mirrors}
    for posted, _, values in taken_back:
        for counter, value in values.items():
            ws.rows[t.valuation].append((company_id, ids[posted.id], entry_id, counter, posted.pool_id, reversal.day, value))
        if posted.id in mirrors:  # its value leaves the month of the revaluation, its posting stands in the reversal's month
            whole = sum(values.values())
            ws.add_month(posted.pool_id, posted.location_id, posted.day // 100, 0, whole, 0)
            ws.add_month(posted.pool_id, posted.location_id, period, 0, 0, whole)


def _own_entries(batch: Batch, reversal: Reversal) -> list[int]:
    """Return the ids of the entries that the original and its open items posted when they were recorded."""
    unit = batch.unit
    statement = f"SELECT entry_id FROM wares_entry WHERE company_id = ? AND {unit.among('document_id')} AND kind = 'original'"
    return sorted(row[0] for row in unit.rows(statement, unit.listed(with_open_items(unit, reversal.original))))


def _mirror(batch: Batch, entry_id: int, lines: Mapping[int, int]) -> list[EntryLeg]:
    """Return the opposite of an entry's postings, on the lines of the reversal, without those to inventory.

    Goods go back at their present value, from their present account.
    """
    return [
        leg._replace(line_id=lines.get(leg.line_id) if leg.line_id is not None else None)
        for leg in mirrored_legs(batch.unit, entry_id)
        if leg.role != "inventory"
    ]
