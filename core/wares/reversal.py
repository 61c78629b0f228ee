"""Taking a document back on a later day: what it posted is mirrored on that day, its goods come back or go out as linked returns,
and what it said of the cost of earlier receipts no longer counts. What stands before that day stays as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from wares.annulment import release, require_alone, require_no_facts
from wares.correction import Change, Sweep
from wares.errors import Refused
from wares.ledger.entry import compose, posting_rows
from wares.model import VALUE_ONLY, AccountQuery, Intent, OriginDocument, PlannedMove, Short
from wares.movement import Counter, NewMove, variance_role
from wares.origins import foreign_lines
from wares.posting import Batch
from wares.rows import role_of, write_corrections
from wares.storage import tables as t
from wares.values import iso_day, start_of

SEQUENCE_SHIFT = 20
"""As in acceptance: a move's sequence is its document's × 2²⁰ + its position."""
_CARRIED = (Intent.CARRIED_OUT, Intent.CARRIED_IN)
_STANDING = "annulled_by IS NULL AND annuls IS NULL"


class _Posted(NamedTuple):
    """A move of the document taken back, with what it is worth by counter account: all of it, and its first entry's part."""

    id: int
    line_id: int
    pool_id: int
    item_id: int
    location_id: int
    quantity: int
    intent: int
    group_id: int | None
    counter_id: int | None
    origin_id: int | None
    share: int | None
    variance_id: int | None
    parts: dict[int, int]
    first: dict[int, int]


def reverse(batch: Batch, number: str, day: int) -> list[Change]:
    """Reverse a posted document on `day`; what that changed in later ones. Raises Refused as `void` does, and NO_REVERSAL for
    documents that revalue or count: those are put right by another of their kind (what a count found changes with what arrives
    late, which goods sent back by then could not follow)."""
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


def _to_go_back(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """In their order; but what a transfer brought leaves before it is back."""
    begins = {row[7]: index for index, row in reversed([*enumerate(rows)])}
    places = {row[0]: (begins[row[7]] if row[6] in _CARRIED else index) for index, row in enumerate(rows)}
    return sorted(rows, key=lambda row: (places[row[0]], row[6] == Intent.CARRIED_OUT))


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
        self._groups: dict[int, int] = {}  # a transfer's group → that of its way back

    def run(self) -> list[Change]:
        unit, ws, batch = self.unit, self.ws, self.batch
        posted = self._posted()
        moves = [self._move(each, index) for index, each in enumerate(posted)]
        facts = unit.rows(
            "SELECT move_id, amount, counter_id FROM value_fact WHERE company_id = ? AND document_id = ? AND annulled = 0",
            self.document.id,
        )
        sweep = Sweep(unit, ws, batch.registry, batch.masters)
        changes = sweep.run(new=moves, facts=[(move_id, -amount, counter) for move_id, amount, counter in facts])
        by_id = {each.id: each for each in posted}
        for change in changes:  # what the reversal itself changed in what it takes back: a cover that is not needed any more
            if change.move_id in by_id:
                parts, counter = by_id[change.move_id].parts, change.counter_id or 0
                parts[counter] = parts.get(counter, 0) + change.difference
        self._write_document()
        lines = self._write_lines()
        self._write_moves(moves, posted, self._write_entries(moves, posted, lines), lines)
        sweep.write()
        unit.run("UPDATE value_fact SET annulled = 1 WHERE company_id = ? AND document_id = ?", self.document.id)
        release(batch, self.document, "reversed")
        write_corrections(batch, self.id, [self._on_the_day(change) for change in changes], self.document.type)
        batch.flush()
        ws.forget(sweep.item_ids)
        batch.origins.clear()
        batch.open_lines.clear()
        return changes

    def _on_the_day(self, change: Change) -> Change:
        return change._replace(day=max(change.day, self.day))

    def _free_number(self) -> str:
        base = number = f"{self.document.number}-R"
        count = 1
        while self.unit.row("SELECT 1 FROM document WHERE company_id = ? AND number = ?", number):
            count += 1
            number = f"{base}{count}"
        return number

    # --- goods -----------------------------------------------------------------------------------------------------------

    def _posted(self) -> list[_Posted]:
        unit = self.unit
        rows = unit.rows(
            "SELECT move_id, line_id, pool_id, item_id, location_id, quantity, intent, group_id, counter_id, origin_id, "
            "share, variance_id FROM move "
            f"WHERE company_id = ? AND document_id = ? AND {_STANDING} ORDER BY sequence",
            self.document.id,
        )
        for row in rows:
            if row[6] in VALUE_ONLY or row[6] == Intent.COUNTED:
                raise Refused.because(
                    "NO_REVERSAL",
                    f"{self.document.number} is a {self.document.type}, which another day does not take back",
                    where=self.document.number,
                    hint="void it in its place while its period is open, or record another",
                )
        parts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        first: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for move_id, counter_id, kind, value in unit.rows(
            "SELECT v.move_id, v.counter_id, e.kind, v.value FROM valuation v JOIN entry e ON e.company_id = v.company_id "
            "AND e.entry_id = v.entry_id JOIN move m ON m.company_id = v.company_id AND m.move_id = v.move_id "
            f"WHERE v.company_id = ? AND m.document_id = ? AND m.{_STANDING.replace('AND ', 'AND m.')}",
            self.document.id,
        ):
            parts[move_id][counter_id] += value
            if kind == "original":
                first[move_id][counter_id] += value
        return [
            _Posted._make((*row, dict(parts[row[0]]), dict(first[row[0]])))
            for row in _to_go_back(rows)
            if row[5] or row[6] == Intent.PASSED_ON
        ]

    def _move(self, posted: _Posted, index: int) -> NewMove:
        """The goods back where they were, at what they left or came at."""
        batch = self.batch
        item = batch.masters.item_by_id(posted.item_id)
        self.ws.need_items([item.id])
        pool = next(pool for pool in self.ws.pools_of(item.id) if pool.id == posted.pool_id)
        carried, passed_on = posted.intent in _CARRIED, posted.intent == Intent.PASSED_ON
        if passed_on:  # the cost of so many units less
            intent, origin = Intent.PASSED_ON, posted.origin_id
        elif posted.intent == Intent.NEUTRAL:
            intent, origin = Intent.NEUTRAL, None
        elif carried:  # a transfer the other way: what it had brought leaves first
            back = posted.intent == Intent.CARRIED_IN
            intent, origin = (Intent.CARRIED_OUT, posted.id) if back else (Intent.CARRIED_IN, None)
        else:
            intent, origin = (Intent.AS_LEFT if posted.quantity < 0 else Intent.AS_CAME), posted.id
        planned = PlannedMove(
            item, -posted.quantity, batch.masters.location_by_id(posted.location_id), intent, counter=None, origin=origin,
            lot=pool.lot, may_be_short=False, share=-(posted.share or 0) if passed_on else 0,
        )  # fmt: skip
        variance = self._counter(posted.variance_id) if passed_on else self._variance(posted)
        counter = variance if posted.group_id is not None else self._counter(posted.counter_id)
        move_id = self.unit.take_id()
        return NewMove(
            move_id, self.id, posted.line_id, planned, pool, at=self.at,
            sequence=(self.sequence << SEQUENCE_SHIFT) + index, day=self.day, variance_to=variance,
            counter=None if carried else counter, short=Short.NEVER,
            group_id=self._groups.setdefault(posted.group_id or 0, move_id) if carried else None,
        )  # fmt: skip

    def _counter(self, account_id: int | None) -> Counter | None:
        return Counter(account_id, role_of(self.batch.account_by_id(account_id))) if account_id else None

    def _variance(self, posted: _Posted) -> Counter:
        """Where it goes that goods do not leave at what they came at: the guard of the average, the standard rate."""
        role = variance_role(Intent(posted.intent), posted.group_id)
        item = self.batch.masters.item_by_id(posted.item_id)
        account = self.batch.masters.resolve_account(AccountQuery(role, item, None, None, None))
        return Counter(account.id, role)

    # --- entry -----------------------------------------------------------------------------------------------------------

    def _shares(self, move: NewMove, posted: _Posted) -> dict[int, int]:
        """The reversal's value by counter account: each part of the posted value taken back, the rest to the variance."""
        if posted.intent in _CARRIED:
            return {counter.account_id if counter else 0: value for counter, value in move.parts() if value}
        shares = {counter: -value for counter, value in posted.parts.items()}
        rest = move.value - sum(shares.values())
        if rest and move.variance_to is not None:
            shares[move.variance_to.account_id] = shares.get(move.variance_to.account_id, 0) + rest
        return {counter: value for counter, value in shares.items() if value}

    def _write_entries(self, moves: Sequence[NewMove], posted: Sequence[_Posted], lines: dict[int, int]) -> int | None:
        """The mirror of what was posted; where goods are worth something else by now, the difference is posted with it."""
        unit, ws = self.unit, self.ws
        own = unit.rows(
            "SELECT entry_id FROM entry WHERE company_id = ? AND kind = 'original' AND document_id IN "
            "(SELECT document_id FROM document WHERE company_id = entry.company_id AND (document_id = ? OR parent_id = ?)) "
            "ORDER BY entry_id",
            self.document.id, self.document.id,
        )  # fmt: skip
        legs = [leg for (entry_id,) in own for leg in self._mirror(entry_id, lines)]
        for move, each in zip(moves, posted, strict=True):
            shares = self._shares(move, each)
            mirrored = {counter: -value for counter, value in each.first.items()}
            legs.append(
                (move.pool.account_id, sum(shares.values()), "inventory", lines.get(each.line_id), each.item_id, None, None)
            )
            for counter in {*shares, *mirrored} - {0}:
                more = shares.get(counter, 0) - mirrored.get(counter, 0)
                legs.append((counter, -more, role_of(self.batch.account_by_id(counter)), None, each.item_id, None, None))
        postings = compose(legs, currency=unit.head.currency, document_type=self.document.type)
        if not postings and not any(self._shares(*pair) for pair in zip(moves, posted, strict=True)):
            return None
        entry_id, entry_number = unit.take_id(), unit.take_entry_number()
        ws.rows[t.entry].append(
            (unit.company_id, entry_id, entry_number, self.day, self.id, "reversal", own[0][0] if own else None, unit.recorded_at,
             None, None)
        )  # fmt: skip
        ws.rows[t.posting] += posting_rows(unit.company_id, entry_id, self.day, postings)
        return entry_id

    def _mirror(self, entry_id: int, lines: dict[int, int]) -> list[tuple[Any, ...]]:
        """What it posted beside inventory: that is taken from where the goods stand now, at what they are worth."""
        return [
            (account, -amount, role, lines.get(line_id), item_id, *rest, -own)
            for account, amount, role, line_id, item_id, *rest, own in self.unit.rows(
                "SELECT account_id, amount, role, line_id, item_id, party_id, memo, currency, currency_amount FROM posting "
                "WHERE company_id = ? AND entry_id = ? ORDER BY position",
                entry_id,
            )
            if role != "inventory"
        ]

    # --- rows ------------------------------------------------------------------------------------------------------------

    def _write_document(self) -> None:
        columns = list(t.document.columns.keys())
        (row,) = self.unit.rows("SELECT * FROM document WHERE company_id = ? AND document_id = ?", self.document.id)
        fields = dict(zip(columns, row, strict=True))
        fields |= {
            "document_id": self.id, "number": self.number, "revision": 1, "issued": None, "status": "reversal",
            "effective_at": self.at, "sequence": self.sequence, "date": self.day, "due": None, "reference": None,
            "reference_key": None, "total": -fields["total"], "base_total": -fields["base_total"],
            "parent_id": self.document.id, "key": None, "body_hash": None,
            "recorded_at": self.unit.recorded_at,
        }  # fmt: skip
        self.ws.rows[t.document].append(tuple(fields[column] for column in columns))

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

    def _write_moves(
        self, moves: Sequence[NewMove], posted: Sequence[_Posted], entry_id: int | None, lines: dict[int, int]
    ) -> None:
        ws, company_id, period = self.ws, self.unit.company_id, self.day // 100
        for move, each in zip(moves, posted, strict=True):
            place = each.location_id
            move.line_id = lines.get(each.line_id, 0)
            ws.rows[t.move].append(move.row(company_id, self.unit.recorded_at))
            if move.planned.origin is not None:
                ws.rows[t.move_link].append((company_id, move.planned.origin, move.id))
            ws.add_stock(each.item_id, place, move.quantity)
            ws.add_month(move.pool.id, place, period, move.quantity, move.value, move.value)
            for counter, value in self._shares(move, each).items():
                ws.rows[t.valuation].append((company_id, move.id, entry_id, counter, move.pool.id, self.day, value))
