"""Taking a posted document back: void in its place, and the edit that records it again as a new revision.

A void annuls: entries are mirrored on their own dates (or the first open day), moves get a mirror at the same instant and sequence,
the fold skips the pair, and what came later is costed as if the document had never been.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from wares.documents.goods import RETURNS
from wares.errors import Refused
from wares.inventory.move import MoveRow
from wares.ledger.entry import EntryLeg, compose, entry_row, opposite_leg, posting_rows
from wares.model import OriginDocument
from wares.posting.batch import Batch
from wares.posting.correction_entries import write_corrections
from wares.posting.inventory_accounts import refuse_before
from wares.posting.prepare import read_origins
from wares.posting.write import role_of
from wares.recosting import Changes, Recosting
from wares.storage import tables as t
from wares.storage.tables import STANDING
from wares.storage.unit import Unit
from wares.values import iso_day, next_day


class Annulment:
    """A posted document on its way out. Making one checks that it may go and frees what it held (its reference, what it had
    fulfilled); `removed` and `facts` are for the sweep, which also folds what replaces it; `write` mirrors what it posted."""

    def __init__(self, batch: Batch, number: str, status: str) -> None:
        batch.flush()
        unit = batch.unit
        self.batch = batch
        self.document = require_alone(batch, number)
        _require_open(unit, self.document)
        moves = unit.rows(
            f"SELECT m.move_id, m.pool_id, m.date FROM move m WHERE m.company_id = ? AND m.document_id = ? AND {STANDING}",
            self.document.id,
        )
        hint = "void it with a date: a reversal"
        refuse_before(unit, [(pool_id, day) for _, pool_id, day in moves], where=number, hint=hint)
        require_no_facts(unit, self.document)
        self.removed: list[int] = [row[0] for row in moves]
        self.facts: list[tuple[int, int, int]] = [
            (move_id, -amount, counter)
            for move_id, amount, counter in unit.rows(
                "SELECT move_id, amount, counter_id FROM value_fact WHERE company_id = ? AND document_id = ? AND annulled = 0",
                self.document.id,
            )
        ]
        release(batch, self.document, status)
        batch.flush()
        batch.forget_origins()  # the lines that it had fulfilled are open again

    def write(self) -> None:
        """Mirror moves and entries. After the sweep has run, before it writes."""
        mirrors = mirror_moves(self.batch, self.removed)
        _mirror_entries(self.batch, self.document, mirrors)
        self.batch.unit.run("UPDATE value_fact SET annulled = 1 WHERE company_id = ? AND document_id = ?", self.document.id)


def require_no_facts(unit: Unit, document: OriginDocument) -> None:
    """Freight on goods of a document would stay on its clearing account when they go. Refused HAS_FOLLOWERS."""
    row = unit.row(
        "SELECT d.number FROM value_fact f JOIN document d ON d.company_id = f.company_id AND d.document_id = f.document_id "
        f"WHERE f.company_id = ? AND {unit.among('f.move_id')} AND f.annulled = 0 AND f.document_id <> ? LIMIT 1",
        _ids_of(unit, "move", document),
        document.id,
    )
    if row is not None:
        message = f"{row[0]} is part of what goods of {document.number} cost"
        raise Refused.because("HAS_FOLLOWERS", message, where=document.number, hint=f"void {row[0]} first, and record it again")


def _ids_of(unit: Unit, what: str, document: OriginDocument) -> Any:
    """The ids of a document's moves or lines, as a parameter of `among`. They are read first: a join would let an engine without
    statistics begin with those of all documents."""
    rows = unit.rows(f"SELECT {what}_id FROM {what} WHERE company_id = ? AND document_id = ?", document.id)
    return unit.listed(row[0] for row in rows)


def void(batch: Batch, number: str) -> Changes:
    """Annul a document in its place. Refused unless it stands alone, its period is open and its goods are still there.

    Returns what the void changed in later documents.
    """
    annulment = Annulment(batch, number, "void")
    sweep = Recosting(batch.unit, batch.ws, batch.registry, batch.masters)
    changes = sweep.run(removed=annulment.removed, facts=annulment.facts)
    annulment.write()
    sweep.write()
    write_corrections(batch, annulment.document.id, changes, annulment.document.type)
    batch.flush()
    batch.ws.forget(sweep.item_ids)
    return changes


def _require_open(unit: Unit, document: OriginDocument) -> None:
    day = unit.row("SELECT MIN(date) FROM entry WHERE company_id = ? AND document_id = ?", document.id)
    first = min(document.day, (day[0] if day and day[0] else document.day))
    if first <= unit.head.closed_through:
        raise Refused.because(
            "PERIOD_CLOSED",
            f"{document.number} stands on {iso_day(first)}, and the books are closed through {iso_day(unit.head.closed_through)}",
            where=document.number,
            hint="void it with a date after that: a reversal",
        )


def require_alone(
    batch: Batch, number: str, *, undone_may_stay: bool = False
) -> OriginDocument:  # fmt: skip
    """The posted document, if nothing was built on it (but what was undone on a later day, if that may stay). Refused
    UNKNOWN_DOCUMENT, NOT_POSTED, NOT_VOIDABLE, HAS_FOLLOWERS, IS_PAID."""
    unit = batch.unit
    read_origins(batch, [number])
    document = batch.origins.get(number)
    if document is None:
        raise Refused.because("UNKNOWN_DOCUMENT", f"there is no document {number!r}", where=number, hint="wares docs list")
    if document.status != "posted":
        hint = "record what it took back as a new document" if document.status == "reversal" else "only a posted document is voided"
        what = "a reversal, which is final" if document.status == "reversal" else document.status
        raise Refused.because("NOT_POSTED", f"{number} is {what}", where=number, hint=hint)
    kind = batch.registry.document_types.get(document.type)
    if kind is not None and not kind.voidable:
        hint = f"record another {kind.title}"
        raise Refused.because("NOT_VOIDABLE", f"{number} is a {kind.title}, which is not taken back", where=number, hint=hint)
    later = unit.row(
        "SELECT d.number FROM fulfilment f JOIN line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE f.company_id = ? AND {unit.among('f.origin_line_id')} AND d.status = 'posted' LIMIT 1",
        _ids_of(unit, "line", document),
    )
    if later is not None:
        raise Refused.because("HAS_FOLLOWERS", f"{later[0]} comes from {number}", where=number, hint=f"void {later[0]} first")
    undone = " AND d.status <> 'reversed'" if undone_may_stay else ""
    taken = unit.row(
        "SELECT d.number FROM move_link k "
        f"JOIN move m ON m.company_id = k.company_id AND m.move_id = k.move_id AND {STANDING} "
        "JOIN document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        f"WHERE k.company_id = ? AND {unit.among('k.origin_id')} AND m.document_id <> ?{undone} LIMIT 1",
        _ids_of(unit, "move", document),
        document.id,
    )
    if taken is not None:
        raise Refused.because(
            "HAS_FOLLOWERS", f"{taken[0]} took goods of {number} back", where=number, hint=f"void {taken[0]} first"
        )
    paid = unit.row(
        "SELECT d.number FROM application a JOIN document d ON d.company_id = a.company_id AND d.document_id = a.document_id "
        f"WHERE a.company_id = ? AND {unit.among('a.target_id')} AND d.status = 'posted' LIMIT 1",
        unit.listed([document.id]),
    )
    if paid is not None:
        raise Refused.because("IS_PAID", f"{paid[0]} is applied to {number}", where=number, hint=f"void {paid[0]} first")
    child = unit.row(
        "SELECT a.document_id FROM application a JOIN document d ON d.company_id = a.company_id AND d.document_id = a.document_id "
        f"WHERE a.company_id = ? AND {unit.among('a.target_id')} AND d.status = 'posted' LIMIT 1",
        unit.listed(_with_open_items(unit, document)[1:]),
    )
    if child is not None:
        raise Refused.because("IS_PAID", f"open items of {number} are paid", where=number, hint="void the payments first")
    return document


def mirror_moves(
    batch: Batch, move_ids: list[int], *, document_id: int | None = None, lines: Mapping[int, int] | None = None
) -> dict[int, int]:
    """A mirror for each move, at the same instant and sequence, of the same document (or another, whose lines stand for its own);
    original → mirror."""
    unit, ws = batch.unit, batch.ws
    mirrors: dict[int, int] = {}
    for row in unit.rows(
        f"SELECT * FROM move WHERE company_id = ? AND {unit.among('move_id')} ORDER BY move_id", unit.listed(move_ids)
    ) if move_ids else ():  # fmt: skip
        original = MoveRow._make(row)
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


def _mirror_entries(batch: Batch, document: OriginDocument, mirrors: dict[int, int]) -> None:
    """Mirror the document's own entry, and every correction that its moves took part in."""
    unit = batch.unit
    own = unit.rows(
        f"SELECT entry_id, date FROM entry WHERE company_id = ? AND {unit.among('document_id')} AND kind = 'original'",
        unit.listed(_with_open_items(unit, document)),
    )
    own_ids = {entry_id for entry_id, _ in own}
    values: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in unit.rows(
        "SELECT v.entry_id, v.move_id, v.counter_id, v.pool_id, v.date, v.value, m.item_id, m.location_id, m.date, p.account_id "
        "FROM valuation v JOIN move m ON m.company_id = v.company_id AND m.move_id = v.move_id "
        "JOIN pool p ON p.company_id = v.company_id AND p.pool_id = v.pool_id "
        f"WHERE v.company_id = ? AND {unit.among('v.move_id')}",
        unit.listed(sorted(mirrors)),
    ) if mirrors else ():  # fmt: skip
        values[row[0]].append(row)
    for entry_id, day in own:
        postings = unit.rows(
            "SELECT account_id, amount, role, line_id, item_id, party_id, memo, currency, currency_amount FROM posting "
            "WHERE company_id = ? AND entry_id = ? ORDER BY position",
            entry_id,
        )
        legs = [opposite_leg(*posting) for posting in postings]
        _write_entry(batch, document, day, entry_id, legs, values.pop(entry_id, []), mirrors)
    for entry_id in sorted(set(values) - own_ids):
        legs = []
        for row in values[entry_id]:
            legs.append(EntryLeg(row[9], -row[5], "inventory", item_id=row[6]))
            if row[2]:
                legs.append(EntryLeg(row[2], row[5], role_of(batch.account_by_id(row[2])), item_id=row[6]))
        _write_entry(batch, document, values[entry_id][0][4], entry_id, legs, values[entry_id], mirrors)


def _write_entry(
    batch: Batch, document: OriginDocument, day: int, reverses: int, legs: list[EntryLeg],
    values: list[tuple[Any, ...]], mirrors: dict[int, int],
) -> None:  # fmt: skip
    unit, ws = batch.unit, batch.ws
    closed = unit.head.closed_through
    day = day if day > closed else next_day(closed)
    postings = compose(legs, currency=unit.head.currency, document_type=document.type)
    entry_id, number = unit.take_id(), unit.take_entry_number()
    ws.rows[t.entry].append(entry_row(unit, entry_id, number, day=day, document_id=document.id, kind="void", reverses=reverses))
    ws.rows[t.posting] += posting_rows(unit.company_id, entry_id, day, postings)
    for _, move_id, counter_id, pool_id, _, value, _, location_id, moved, _ in values:
        ws.rows[t.valuation].append((unit.company_id, mirrors[move_id], entry_id, counter_id, pool_id, day, -value))
        ws.add_month(pool_id, location_id, moved // 100, 0, -value, 0)
        ws.add_month(pool_id, location_id, day // 100, 0, 0, -value)


def _with_open_items(unit: Unit, document: OriginDocument) -> list[int]:
    """The document, and the open items that an opening balance brought, which share its fate."""
    items = unit.rows("SELECT document_id FROM document WHERE company_id = ? AND parent_id = ?", document.id)
    return [document.id, *[row[0] for row in items]]


def release(batch: Batch, document: OriginDocument, status: str) -> None:
    """The document no longer stands: its reference and key are free, what it fulfilled is open again."""
    unit = batch.unit
    fallen = _with_open_items(unit, document)
    unit.touch(fallen)
    unit.run(
        f"UPDATE document SET status = '{status}', reference_key = NULL WHERE company_id = ? AND {unit.among('document_id')}",
        unit.listed(fallen),
    )
    unit.run(f"DELETE FROM open_line WHERE company_id = ? AND {unit.among('line_id')}", _ids_of(unit, "line", document))
    for line in document.lines.values():
        batch.stale.add(line.document_number)
    _reopen(batch, document)


def _waits_for(kind: str, origin_type: str) -> tuple[str, tuple[str, ...]] | None:
    """What an origin waits for when a link of this kind is undone, and the kinds of link that count against it."""
    if kind == "close":
        kind = _LATER[origin_type]
    if kind == "credit":
        return ("credit", ("credit",)) if origin_type in RETURNS else None
    if kind == "return":
        kind = "bill" if origin_type == "receipt" else "invoice"
    if kind in ("bill", "invoice"):
        return kind, (kind, "return", "close")
    return (kind, (kind, "close")) if kind in ("deliver", "receive") else None


_LATER = {
    "receipt": "bill", "delivery": "invoice", "invoice": "deliver", "cash_sale": "deliver", "bill": "receive",
    "cash_purchase": "receive", "customer_return": "credit", "supplier_return": "credit",
}  # fmt: skip
"""What the lines of a document wait for, where something of them was closed."""


def _reopen(batch: Batch, document: OriginDocument) -> None:
    """What the document had fulfilled waits again; not for a charge where goods came from what had charged them."""
    unit, ws = batch.unit, batch.ws
    for origin_id, kind, quantity, worth, origin_type, party_id, item_id, whole, goods in unit.rows(
        "SELECT f.origin_line_id, f.kind, f.quantity, f.amount, d.type, d.party_id, o.item_id, o.quantity, o.goods_amount "
        "FROM fulfilment f JOIN line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
        "JOIN document d ON d.company_id = o.company_id AND d.document_id = o.document_id "
        f"WHERE f.company_id = ? AND {unit.among('f.line_id')} AND o.kind = 0 AND NOT EXISTS (SELECT 1 FROM fulfilment c "
        "WHERE c.company_id = f.company_id AND c.line_id = f.origin_line_id AND c.kind IN ('receive', 'deliver'))",
        _ids_of(unit, "line", document),
    ):
        waits = _waits_for(kind, origin_type)
        if waits is None or party_id is None or item_id is None:
            continue
        waits_for, kinds = waits
        done = unit.row(
            "SELECT CAST(COALESCE(SUM(f.quantity), 0) AS BIGINT), CAST(COALESCE(SUM(f.amount), 0) AS BIGINT) "
            "FROM fulfilment f JOIN line l ON l.company_id = f.company_id "
            "AND l.line_id = f.line_id JOIN document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
            f"WHERE f.company_id = ? AND f.origin_line_id = ? AND f.kind IN ({', '.join(repr(each) for each in kinds)}) "
            "AND d.status = 'posted'",
            origin_id,
        ) or (0, 0)
        still = whole - done[0]
        amount = goods - done[1] if waits_for in ("receive", "bill") else 0
        if waits_for == "credit":  # of a return only what had been paid for waits
            row = unit.row("SELECT quantity, amount FROM open_line WHERE company_id = ? AND line_id = ?", origin_id)
            left = row if row is not None else (0, 0)
            still, amount = left[0] + quantity, left[1] + worth
        unit.run("DELETE FROM open_line WHERE company_id = ? AND line_id = ?", origin_id)
        if still > 0:
            ws.rows[t.open_line].append((unit.company_id, origin_id, waits_for, party_id, item_id, still, amount))
