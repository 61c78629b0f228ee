"""Posting: the one pipeline, read from top to bottom.

    record → expand → price (planning.py) → move (moving.py) → cost → map (acceptance.py) → post (rows.py, workingset.py)

Posting one document is posting a batch of one. A batch is read in a fixed number of queries, each document is planned against it,
and what is accepted is flushed with one statement per table. A document that acts before what its pools already hold is costed by
the sweep of `correction/` instead of at the end of the pool; the result has the same form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from itertools import islice
from typing import Any

from wares.catalog.masters import MasterBook
from wares.documents.record import RecordInput
from wares.errors import Refused
from wares.inventory.origins import latest_maker, load_origins
from wares.inventory.working_set import WorkingSet
from wares.ledger.accounts import AccountBook
from wares.model import Account, OriginDocument
from wares.plugin_manager.loader import Plugins
from wares.posting.accept import accept
from wares.posting.plan import OpenLine, plan_document
from wares.posting.result import ExistingDocument, NewDocument, Revision
from wares.posting.write import body_hash_of
from wares.storage.unit import Unit
from wares.values import next_day, start_of


class Batch:
    """Documents posted together in one unit."""

    def __init__(self, unit: Unit, masters: MasterBook, plugins: Plugins) -> None:
        self.unit = unit
        self.masters = masters
        self.plugins = plugins
        self.calls = plugins.calls
        self.registry = plugins.registry
        self.ws = WorkingSet(unit, plugins.registry.cost_methods)
        self.origins: dict[str, OriginDocument] = {}
        self.facts: Mapping[str, Mapping[str, Any]] = {}
        self.stale: set[str] = set()  # numbers that this batch has written to and not flushed
        self.numbers: set[str] = set()
        self.keys: dict[str, tuple[int, str, str]] = {}
        self.references: dict[str, str] = {}
        self.open_lines: dict[tuple[int, int], dict[int, OpenLine]] = defaultdict(dict)
        self.accepted: list[NewDocument] = []
        self.flushed = 0  # how many of them are written
        self.prefixes = {kind.prefix for kind in self.registry.document_types.values()} | {"DRAFT"}

    # --- reading ---------------------------------------------------------------------------------------------------------

    def prepare(self, given: Sequence[RecordInput]) -> None:
        """Read what these records need: a fixed number of queries, whatever their number."""
        self.masters.need_skus({sku for record in given for sku in _skus(record)})
        self.masters.need_parties({record.party for record in given if record.party})
        self._read_identities(given)
        self.read_origins({number for record in given for number in _referred(record)})
        self._read_open_lines(given)
        self.ws.need_items(self._item_ids([record for record in given if record.goods in (None, "now")]))
        self.facts = self.calls.load(tuple([record.record for record in given]), self.unit)

    def _item_ids(self, given: Sequence[RecordInput]) -> set[int]:
        ids: set[int] = set()
        waiting = [item.id for record in given for sku in _skus(record) if (item := self.masters.find(sku)) is not None]
        waiting += [origin.item.id for each in self.origins.values() for origin in each.lines.values() if origin.item]
        while waiting:
            item_id = waiting.pop()
            if item_id not in ids:
                ids.add(item_id)
                item = self.masters.item_by_id(item_id)
                waiting += [edge.item_id for edge in (*item.contents, *item.by_products)]
        return ids

    def _read_identities(self, given: Sequence[RecordInput]) -> None:
        unit = self.unit
        keys = sorted({record.key for record in given if record.key})
        if keys:
            for key, document_id, number, body_hash in unit.rows(
                f"SELECT key, document_id, number, body_hash FROM document WHERE company_id = ? AND {unit.among('key')}",
                unit.listed(keys),
            ):
                self.keys[key] = (document_id, number, body_hash)
        numbers = sorted({record.number for record in given if record.number})
        if numbers:
            self.numbers |= {row[0] for row in unit.rows(
                f"SELECT number FROM document WHERE company_id = ? AND {unit.among('number')}", unit.listed(numbers)
            )}  # fmt: skip
        references = sorted({key for record in given if (key := self.reference_key(record))})
        if references:
            self.references |= dict(unit.rows(
                f"SELECT reference_key, number FROM document WHERE company_id = ? AND {unit.among('reference_key')}",
                unit.listed(references),
            ))  # fmt: skip

    def reference_key(self, record: RecordInput) -> str | None:
        if record.reference is None:
            return None
        return f"{record.party or ''}/{record.type.key}/{record.reference}"

    def read_origins(self, numbers: Iterable[str]) -> None:
        """Have the posted documents of these numbers at hand, as they stand within this batch."""
        if not numbers:
            return
        wanted = {number for number in numbers if number not in self.origins or number in self.stale}
        if wanted & self.stale:
            self.flush()
        self.origins |= load_origins(self.unit, self.masters, wanted)

    def _read_open_lines(self, given: Sequence[RecordInput]) -> None:
        unit = self.unit
        parties = sorted({
            party.id for record in given
            if record.party and record.type.fulfils and (party := self.masters.find_party(record.party)) is not None
        })  # fmt: skip
        if not parties:
            return
        for party_id, item_id, line_id, waits_for, quantity, number, line in unit.rows(
            "SELECT o.party_id, o.item_id, o.line_id, o.waits_for, o.quantity, d.number, l.number FROM open_line o "
            "JOIN line l ON l.company_id = o.company_id AND l.line_id = o.line_id "
            "JOIN document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
            f"WHERE o.company_id = ? AND {unit.among('o.party_id')} AND o.quantity > 0 AND d.status = 'posted'",
            unit.listed(parties),
        ):
            self.open_lines[party_id, item_id][line_id] = OpenLine(line_id, waits_for, f"{number}#{line}", quantity)

    # --- one document ----------------------------------------------------------------------------------------------------

    def post(self, given: RecordInput, revision: Revision | None = None) -> NewDocument:
        """Plan, cost and accept one document; rows wait for `flush`. Raises Refused and leaves no trace."""
        self.check_identity(given, revision)
        if given.type.takes_latest:
            given = self._with_latest_makers(given)
        self.read_origins(_referred(given))
        if revision is not None:  # what the annulled one touched was forgotten
            self._read_open_lines([given])
            self.ws.need_items(self._item_ids([given]))
            self.facts = self.calls.load((given.record,), self.unit)
        if given.type.dated_by_origin and given.record.get("date") is None:
            given = self._dated_by_origin(given)
        planned = plan_document(
            given, masters=self.masters, calls=self.calls, main=self.masters.main_location(), origins=self.origins,
            open_lines=self.open_lines, settings=self.masters.settings, facts=self.facts, head=self.unit.head,
        )  # fmt: skip
        accepted = accept(self, planned, revision)
        if self.calls.has_learners:
            self.facts = self.calls.accepted(accepted.frozen(), self.facts)
        return accepted

    def _dated_by_origin(self, given: RecordInput) -> RecordInput:
        """With the instant of the latest document that it comes from or receipt of a lot that it names, or the first open day."""
        closed = self.unit.head.closed_through
        found = [start_of(next_day(closed))] if closed else []
        for line in given.lines:
            number, _, own = (line.origin or "").partition("#")
            document = self.origins.get(number)
            if document is None:
                continue
            found.append(document.effective_at)
            origin = document.lines.get(own)
            item = origin.item if origin is not None and origin.item is not None else self.masters.find(line.item or "")
            if item is not None and line.lot:
                self.ws.need_items([item.id])
                pools = self.ws.pools_of_lot(item.id, line.lot)
                found += [layer.at for pool in pools for layer in islice(pool.state.layers(), 1)]
        return given._replace(effective_at=max(found, default=given.effective_at))

    def _with_latest_makers(self, given: RecordInput) -> RecordInput:
        """Lines without `from` get the latest document that made their item; several lines of one item name theirs."""
        lines = []
        for line in given.lines:
            item = self.masters.find(line.item) if line.item and line.origin is None else None
            if item is not None:
                self.flush()
                (kind,) = set(given.type.fulfils.values())
                maker = latest_maker(self.unit, item.id, given.type.fulfils, kind, given.effective_at)
                line = line._replace(origin=maker)
            lines.append(line)
        return given._replace(lines=tuple(lines))

    def repeated(self, given: RecordInput) -> NewDocument | ExistingDocument | None:
        """What its idempotency key recorded already, if it did. Refused KEY_REUSED when that says something else."""
        known = self.keys.get(given.key) if given.key else None
        if known is None:
            return None
        document_id, number, body_hash = known
        if body_hash != body_hash_of(given.record):
            raise Refused.because(
                "KEY_REUSED",
                f"the key {given.key!r} belongs to {number}, which says something else",
                path="key",
                hint="use a new key for another document",
            )
        found = next((each for each in self.accepted if each.document_id == document_id), None)
        if found is None:
            return ExistingDocument(document_id, number, repeated=True)
        again = copy(found)
        again.repeated = True
        return again

    def check_identity(self, given: RecordInput, revision: Revision | None = None) -> None:
        """Refused DUPLICATE_NUMBER, NUMBER_IN_SERIES, DUPLICATE_REFERENCE."""
        number = given.number
        if number is not None and revision is None:
            if number in self.numbers:
                raise Refused.because(
                    "DUPLICATE_NUMBER",
                    f"there is a document {number} already",
                    path="number",
                    hint="use another number",
                )
            self.refuse_own_series(number, "number")
        key = self.reference_key(given)
        if key is not None and key in self.references:
            raise Refused.because(
                "DUPLICATE_REFERENCE",
                f"{self.references[key]} already carries the reference {given.reference!r} of this party",
                path="reference",
                hint="it was entered before",
            )

    def refuse_own_series(self, number: str, path: str) -> None:
        """A typed number lies outside the series that Wares gives. Refused NUMBER_IN_SERIES."""
        prefix, _, digits = number.rpartition("-")
        if digits.isdigit() and len(digits) >= 5 and prefix in self.prefixes:
            raise Refused.because(
                "NUMBER_IN_SERIES",
                f"numbers like {number} are given by Wares",
                path=path,
                hint="leave the number out, or choose another form",
            )

    def account_by_id(self, account_id: int) -> Account:
        """An account of the books by its id."""
        accounts = self.masters.accounts
        assert isinstance(accounts, AccountBook)
        return accounts.by_id(account_id)

    def flush(self) -> None:
        """Write everything accepted so far."""
        new = self.accepted[self.flushed :]
        self.flushed = len(self.accepted)
        if new and self.calls.has_row_makers:
            for table, row in self.calls.rows(tuple([document.frozen() for document in new]), self.unit):
                self.ws.rows[table].append(row)
        self.ws.flush()
        for number in self.stale:
            self.origins.pop(number, None)
        self.stale.clear()


def _skus(record: RecordInput) -> Iterable[str]:
    for line in record.lines:
        if line.item is not None:
            yield line.item
        if line.components:
            yield from (sku for sku, _ in line.components)
        if line.variants:
            yield from (sku for sku, _ in line.variants)


def _referred(record: RecordInput) -> set[str]:
    numbers = {line.origin.partition("#")[0] for line in record.lines if line.origin}
    by_line = record.type.applies_to_lines
    return numbers | {reference.partition("#")[0] if by_line else reference for reference, _ in record.apply_to}
