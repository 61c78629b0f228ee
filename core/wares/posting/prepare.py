"""Reading for a batch: all that its records name, in a fixed number of queries, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wares.documents.record import RecordInput
from wares.inventory.origins import load_origins
from wares.posting.batch import Batch, OpenLine


def prepare(batch: Batch, given: Sequence[RecordInput]) -> None:
    """Read masters, identities, origins, open lines, pools and the facts of plugins that these records need."""
    batch.masters.need_skus({sku for record in given for sku in _skus(record)})
    batch.masters.need_parties({record.party for record in given if record.party})
    batch.identities.read(batch.unit, given)
    read_origins(batch, {number for record in given for number in referred_numbers(record)})
    read_open_lines(batch, given)
    need_items(batch, [record for record in given if record.goods in (None, "now")])
    load_facts(batch, given)


def read_origins(batch: Batch, numbers: Iterable[str]) -> None:
    """Read the posted documents of these numbers, as they stand within this batch."""
    wanted = {number for number in numbers if number not in batch.origins or number in batch.stale}
    if not wanted:
        return
    if wanted & batch.stale:
        batch.flush()
    batch.origins |= load_origins(batch.unit, batch.masters, wanted)


def read_open_lines(batch: Batch, given: Sequence[RecordInput]) -> None:
    """Read the lines that wait for documents of the kind and party of these records."""
    unit = batch.unit
    parties = sorted({
        party.id for record in given
        if record.party and record.type.fulfils and (party := batch.masters.find_party(record.party)) is not None
    })  # fmt: skip
    if not parties:
        return
    for party_id, item_id, line_id, waits_for, quantity, number, line in unit.rows(
        "SELECT o.party_id, o.item_id, o.line_id, o.waits_for, o.quantity, d.number, l.number FROM wares_open_line o "
        "JOIN wares_line l ON l.company_id = o.company_id AND l.line_id = o.line_id "
        "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE o.company_id = ? AND {unit.among('o.party_id')} AND o.quantity > 0 AND d.status = 'posted'",
        unit.listed(parties),
    ):
        batch.open_lines[party_id, item_id][line_id] = OpenLine(line_id, waits_for, f"{number}#{line}", quantity)


def need_items(batch: Batch, given: Sequence[RecordInput]) -> None:
    """Read the pools and stock of every item that these records may move: their items, those of their origins, and contents."""
    ids: set[int] = set()
    waiting = [item.id for record in given for sku in _skus(record) if (item := batch.masters.find(sku)) is not None]
    waiting += [origin.item.id for each in batch.origins.values() for origin in each.lines.values() if origin.item]
    while waiting:
        item_id = waiting.pop()
        if item_id not in ids:
            ids.add(item_id)
            item = batch.masters.item_by_id(item_id)
            waiting += [edge.item_id for edge in (*item.contents, *item.by_products)]
    batch.ws.pools.need_items(ids)


def load_facts(batch: Batch, given: Sequence[RecordInput]) -> None:
    """Have every plugin read its own facts about these records (hook `wares_load`)."""
    batch.facts = batch.calls.tables.load(tuple([record.record for record in given]), batch.unit)


def referred_numbers(record: RecordInput) -> set[str]:
    """Return the numbers of the documents that a record comes from or applies to."""
    numbers = {line.origin.partition("#")[0] for line in record.lines if line.origin}
    by_line = record.type.applies_to_lines
    return numbers | {reference.partition("#")[0] if by_line else reference for reference, _ in record.apply_to}


def _skus(record: RecordInput) -> Iterable[str]:
    for line in record.lines:
        if line.item is not None:
            yield line.item
        if line.components:
            yield from (each.sku for each in line.components)
        if line.variants:
            yield from (sku for sku, _ in line.variants)
