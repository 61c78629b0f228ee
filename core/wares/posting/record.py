"""The stage "record": the names in one parsed record become values, as the books stand at its instant.

`documents/record.py` has parsed the record; `services/recorder.py` is the whole way of a call.
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from wares.documents.head import resolve_header
from wares.documents.lines import resolve_lines
from wares.documents.record import RecordInput
from wares.errors import Issue, Refused
from wares.inventory.latest_maker import latest_maker
from wares.model import Context, Header, Line
from wares.posting.batch import Batch, OpenLines
from wares.posting.prepare import load_facts, need_items, read_open_lines, read_origins, referred_numbers
from wares.posting.result import Revision
from wares.values import next_day, start_of


class ResolvedRecord(NamedTuple):
    """A record with its references looked up."""

    given: RecordInput
    header: Header
    ctx: Context
    lines: tuple[Line, ...]


def record(batch: Batch, given: RecordInput, revision: Revision | None) -> ResolvedRecord:
    """Check the identity of a record and look up its header and lines. Raises Refused with every Issue of the first step that
    found one."""
    batch.identities.check(given, is_revision=revision is not None)
    given = _with_latest_makers(batch, given)
    read_origins(batch, referred_numbers(given))
    if revision is not None:  # the annulment of the former revision made the batch forget them
        read_open_lines(batch, [given])
        need_items(batch, [given])
        load_facts(batch, [given])
    if given.type.dated_by_origin and given.record.get("date") is None:
        given = _dated_by_origin(batch, given)
    masters, head = batch.masters, batch.unit.head
    header = resolve_header(
        given, masters, masters.main_location(), batch.origins, head.currency, head.decimals, head.closed_through
    )
    ctx = Context(header=header, masters=masters, settings=masters.settings, facts=batch.facts)
    lines = resolve_lines(given, header, masters, batch.origins)
    refuse_overlooked(lines, header, batch.open_lines)
    return ResolvedRecord(given, header, ctx, lines)


def refuse_overlooked(lines: tuple[Line, ...], header: Header, open_lines: OpenLines) -> None:
    """Refuse a line without `from` if goods of its party and item wait for such a document. Refused OPEN_QUANTITY."""
    kinds = set(header.type.fulfils.values())
    if not open_lines or header.party is None or header.type.sign < 0:
        return
    issues = []
    for line in lines:
        if line.item is None or line.origin is not None or line.given.stands_alone:
            continue
        for waiting in open_lines.get((header.party.id, line.item.id), {}).values():
            if waiting.waits_for in kinds and waiting.quantity > 0:
                hint = f'give "from": "{waiting.name}", or "from": null if this line stands alone'
                message = f"{line.item.sku} of {waiting.name} waits for a {header.type.title}"
                issues.append(Issue("OPEN_QUANTITY", message, f"{line.path}.from", hint))
                break
    if issues:
        raise Refused(issues)


def _dated_by_origin(batch: Batch, given: RecordInput) -> RecordInput:
    """Return the record with the latest of: its origins' instants, the receipts of the lots that it names, the first open day."""
    closed = batch.unit.head.closed_through
    found = [start_of(next_day(closed))] if closed else []
    for line in given.lines:
        number, _, own = (line.origin or "").partition("#")
        document = batch.origins.get(number)
        if document is None:
            continue
        found.append(document.effective_at)
        origin = document.lines.get(own)
        item = origin.item if origin is not None and origin.item is not None else batch.masters.find(line.item or "")
        if item is not None and line.lot:
            batch.ws.pools.need_items([item.id])
            pools = batch.ws.pools.of_lot(item.id, line.lot)
            found += [layer.at for pool in pools for layer in islice(pool.state.layers(), 1)]
    return given._replace(effective_at=max(found, default=given.effective_at))


def _with_latest_makers(batch: Batch, given: RecordInput) -> RecordInput:
    """Return the record with each line that has no `from` referring to the latest document that made its item."""
    kind = given.type
    if not any(line.origin is None and kind.comes_from_latest(line) for line in given.lines):
        return given
    lines = []
    for line in given.lines:
        item = batch.masters.find(line.item) if line.item and line.origin is None and kind.comes_from_latest(line) else None
        if item is not None:
            batch.flush()
            (link,) = set(kind.fulfils.values())
            maker = latest_maker(batch.unit, item.id, kind.fulfils, link, given.effective_at)
            line = line._replace(origin=maker)
        lines.append(line)
    return given._replace(lines=tuple(lines))
