"""Taking a document back on a later day: what it posted is mirrored on that day, its goods come back or go out as linked returns,
and what it said of the worth of goods no longer counts. What stands before that day stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from wares.errors import Refused
from wares.inventory.move import NewMove
from wares.inventory.origins import foreign_lines
from wares.ledger.entry import EntryLeg, compose, entry_row, opposite_leg, posting_rows
from wares.model import OriginDocument
from wares.posting.batch import Batch
from wares.posting.correction_entries import write_corrections
from wares.posting.inventory_accounts import refuse_before
from wares.posting.write import DocumentRow, role_of
from wares.recosting import Changes, Recosting
from wares.storage import tables as t
from wares.values import iso_day, start_of
from wares.voiding.returned_goods import CARRIED, PostedMove, WayBack
from wares.voiding.void import mirror_moves, release, require_alone, require_no_facts


def reverse(batch: Batch, number: str, day: int) -> Changes:
    """Reverse a posted document on `day`; what that changed in later ones. Raises Refused as `void` does."""
    batch.flush()
    document = require_alone(batch, number, undone_may_stay=True)
    require_no_facts(batch.unit, document)
    if day <= batch.unit.head.closed_through:
        closed = iso_day(batch.unit.head.closed_through)
        raise Refused.because("PERIOD_CLOSED", f"the books are closed through {closed}", path="date", hint="choose a later day")
    if day < document.day:
        hint = f"reverse it on {iso_day(document.day)} or later"
        raise Refused.because("BEFORE_ORIGIN", f"{number} stands on {iso_day(document.day)}", path="date", hint=hint)
    return _Reversal(batch, document, day).run()


class _Reversal:
    def __init__(self, batch: Batch, document: OriginDocument, day: int) -> None:
        self.batch = batch
        self.unit = batch.unit
        self.ws = batch.ws
        self.document = document
        self.day = day
        self.id = batch.unit.take_id()
        self.sequence = batch.unit.take_sequence()
        self.at = max(start_of(day), document.effective_at)
        self.number = self._free_number()
        self.back = WayBack(batch, document, id=self.id, at=self.at, day=day, sequence=self.sequence)

    def run(self) -> Changes:
        unit, ws, batch, back = self.unit, self.ws, self.batch, self.back
        facts = unit.rows(
            "SELECT move_id, amount, counter_id FROM value_fact WHERE company_id = ? AND document_id = ? AND annulled = 0",
            self.document.id,
        )
        concerned = {each.pool_id for each in (*back.posted, *back.revalued)} | {move.pool.id for move in back.changed_back}
        hint = "reverse it on that day or later"
        refuse_before(unit, [(pool_id, self.day) for pool_id in concerned], where=self.document.number, path="date", hint=hint)
        sweep = Recosting(unit, ws, batch.registry, batch.masters)
        sweep.takes_back = self.document.number
        changes = sweep.run(
            new=[*back.moves, *back.changed_back],
            removed=[each.id for each in back.revalued],
            facts=[(move_id, -amount, counter) for move_id, amount, counter in facts],
        )
        by_id = {each.id: each for each in back.posted}
        for move_id, *_, counter, difference in changes.rows():
            if move_id in by_id:  # the reversal itself changed what it takes back: a cover that is not needed any more
                parts = by_id[move_id].parts
                parts[counter] = parts.get(counter, 0) + difference
        self._write_document()
        lines = self._write_lines()
        self._write_moves(self._write_entries(lines), lines)
        unit.run("UPDATE value_fact SET annulled = 1 WHERE company_id = ? AND document_id = ?", self.document.id)
        release(batch, self.document, "reversed")
        sweep.write()
        write_corrections(batch, self.id, changes, self.document.type, not_before=self.day)
        batch.flush()
        ws.forget(sweep.item_ids)
        batch.forget_origins()
        return changes

    def _free_number(self) -> str:
        base = number = f"{self.document.number}-R"
        count = 1
        while self.unit.row("SELECT 1 FROM document WHERE company_id = ? AND number = ?", number):
            count += 1
            number = f"{base}{count}"
        return number

    # --- entry -----------------------------------------------------------------------------------------------------------

    def _taken_back(self) -> Iterator[tuple[PostedMove, int, dict[int, int]]]:
        """What the document had moved or revalued, with its pool's account and the reversal's value by counter account."""
        for move, posted in zip(self.back.moves, self.back.posted, strict=True):
            yield posted, move.pool.account_id, _shares(move, posted)
        for posted in self.back.revalued:
            yield posted, self.back.pool_of(posted).account_id, _opposite(posted)

    def _write_entries(self, lines: dict[int, int]) -> int | None:
        """The mirror of what was posted; where goods are worth something else by now, the difference is posted with it."""
        unit, ws = self.unit, self.ws
        parts = unit.rows("SELECT document_id FROM document WHERE company_id = ? AND parent_id = ?", self.document.id)
        statement = f"SELECT entry_id FROM entry WHERE company_id = ? AND {unit.among('document_id')} AND kind = 'original'"
        own = sorted(unit.rows(statement, unit.listed([self.document.id, *(row[0] for row in parts)])))
        legs = [leg for (entry_id,) in own for leg in self._mirror(entry_id, lines)]
        has_value = False
        for posted, account_id, shares in self._taken_back():
            has_value = has_value or bool(shares)
            mirrored = {counter: -value for counter, value in posted.first.items()}
            legs.append(EntryLeg(account_id, sum(shares.values()), "inventory", lines.get(posted.line_id), posted.item_id))
            for counter in {*shares, *mirrored} - {0}:
                more = shares.get(counter, 0) - mirrored.get(counter, 0)
                legs.append(EntryLeg(counter, -more, role_of(self.batch.account_by_id(counter)), item_id=posted.item_id))
        postings = compose(legs, currency=unit.head.currency, document_type=self.document.type)
        if not postings and not has_value:
            return None
        entry_id, entry_number = unit.take_id(), unit.take_entry_number()
        reverses = own[0][0] if own else None
        ws.rows[t.entry].append(
            entry_row(unit, entry_id, entry_number, day=self.day, document_id=self.id, kind="reversal", reverses=reverses)
        )
        ws.rows[t.posting] += posting_rows(unit.company_id, entry_id, self.day, postings)
        return entry_id

    def _mirror(self, entry_id: int, lines: dict[int, int]) -> list[EntryLeg]:
        """Return the opposite of its postings but those to inventory: goods go back at their present value, from their present
        account."""
        return [
            opposite_leg(account, amount, role, lines.get(line_id), item_id, *rest)
            for account, amount, role, line_id, item_id, *rest in self.unit.rows(
                "SELECT account_id, amount, role, line_id, item_id, party_id, memo, currency, currency_amount FROM posting "
                "WHERE company_id = ? AND entry_id = ? ORDER BY position",
                entry_id,
            )
            if role != "inventory"
        ]

    # --- rows ------------------------------------------------------------------------------------------------------------

    def _write_document(self) -> None:
        (row,) = self.unit.rows("SELECT * FROM document WHERE company_id = ? AND document_id = ?", self.document.id)
        original = DocumentRow._make(row)
        reversal = original._replace(
            document_id=self.id, number=self.number, revision=1, issued=None, status="reversal", effective_at=self.at,
            sequence=self.sequence, date=self.day, due=None, reference=None, reference_key=None, total=-original.total,
            base_total=-original.base_total, parent_id=self.document.id, key=None, body_hash=None,
            recorded_at=self.unit.recorded_at,
        )  # fmt: skip
        self.ws.rows[t.document].append(reversal)

    def _write_lines(self) -> dict[int, int]:
        """The same lines with quantities and amounts turned round; original's line → line of the reversal."""
        columns = list(t.line.columns.keys())
        found = self.unit.rows("SELECT * FROM line WHERE company_id = ? AND document_id = ? ORDER BY position", self.document.id)
        rows = [dict(zip(columns, row, strict=True)) for row in found]
        ids = {fields["line_id"]: self.unit.take_id() for fields in rows}
        for fields in rows:
            fields |= {"document_id": self.id, "from_id": fields["line_id"]}
            fields |= {column: ids.get(fields[column]) for column in ("line_id", "parent_id", "base_id")}
            fields |= {column: -fields[column] for column in ("quantity", "scrapped", "amount", "goods_amount")}
            self.ws.rows[t.line].append(tuple(fields[column] for column in columns))
        for line_id, (amount, goods) in foreign_lines(self.unit, list(ids)).items():
            self.ws.rows[t.foreign_line].append((self.unit.company_id, ids[line_id], -amount, -goods))
        return ids

    def _write_moves(self, entry_id: int | None, lines: dict[int, int]) -> None:
        ws, company_id, period = self.ws, self.unit.company_id, self.day // 100
        for move in (*self.back.moves, *self.back.changed_back):
            place = move.planned.location.id
            move.line_id = lines.get(move.line_id, 0)
            ws.rows[t.move].append(move.row(company_id, self.unit.recorded_at))
            if move.planned.origin is not None:
                ws.rows[t.move_link].append((company_id, move.planned.origin, move.id))
            ws.add_stock(move.planned.item.id, place, move.quantity)
            ws.add_month(move.pool.id, place, period, move.quantity, move.value, move.value)
        ids = {posted.id: move.id for move, posted in zip(self.back.moves, self.back.posted, strict=True)}
        revalued = [each.id for each in self.back.revalued]
        ids |= mirror_moves(self.batch, revalued, document_id=self.id, lines=lines)
        for posted, _, shares in self._taken_back():
            for counter, value in shares.items():
                ws.rows[t.valuation].append((company_id, ids[posted.id], entry_id, counter, posted.pool_id, self.day, value))
            if posted.id in revalued:  # its value leaves the month of the revaluation, its posting stands in that of the reversal
                ws.add_month(posted.pool_id, posted.location_id, posted.day // 100, 0, sum(shares.values()), 0)
                ws.add_month(posted.pool_id, posted.location_id, period, 0, 0, sum(shares.values()))


def _opposite(posted: PostedMove) -> dict[int, int]:
    return {counter: -value for counter, value in posted.parts.items() if value}


def _shares(move: NewMove, posted: PostedMove) -> dict[int, int]:
    """The reversal's value by counter account: each part of the posted value taken back, the rest to the variance."""
    if posted.intent in CARRIED:
        return {counter.account_id if counter else 0: value for counter, value in move.parts() if value}
    shares = {counter: -value for counter, value in posted.parts.items()}
    rest = move.value - sum(shares.values())
    if rest and move.variance_to is not None:
        shares[move.variance_to.account_id] = shares.get(move.variance_to.account_id, 0) + rest
    return {counter: value for counter, value in shares.items() if value}
