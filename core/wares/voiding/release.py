"""The release of a document that no longer stands: its reference is free, and the lines that it fulfilled are open again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from wares.inventory.units import RETURNS
from wares.model import BROUGHT, CHARGED, LinkKind, OriginDocument
from wares.plugin_manager.registry import Registry
from wares.posting.batch import Batch
from wares.storage import tables as t
from wares.storage.unit import Reader
from wares.voiding.parts import line_ids, with_open_items


class _Fulfilled(NamedTuple):
    """A line that the document had fulfilled, and the fulfilment."""

    line_id: int
    link: str
    """The kind of the link."""
    quantity: int
    """The fulfilled quantity, millionths."""
    amount: int
    """The fulfilled amount, minor units."""
    document_type: str
    """The type of the fulfilled line's document."""
    party_id: int | None
    item_id: int | None
    ordered: int
    """The whole quantity of the fulfilled line, millionths."""
    goods_amount: int
    """The whole amount of its goods, minor units."""


class _Wait(NamedTuple):
    """The kind of document that a line waits for."""

    waits_for: str
    """The kind of link that continues the line."""
    counted: tuple[str, ...]
    """The kinds of link that count as fulfilled."""


class _Remainder(NamedTuple):
    """The open part of a line."""

    quantity: int
    amount: int


def release(batch: Batch, document: OriginDocument, status: str) -> list[int]:
    """Give the document and its open items their final status, free its reference and key, and open the lines again that it had
    fulfilled. Return the ids of the document and of the items."""
    unit = batch.unit
    fallen = with_open_items(unit, document)
    own_lines = unit.listed(line_ids(unit, document))
    unit.touch(fallen)
    unit.run(
        f"UPDATE wares_document SET status = '{status}', reference_key = NULL WHERE company_id = ? AND {unit.among('document_id')}",
        unit.listed(fallen),
    )
    unit.run(f"DELETE FROM wares_open_line WHERE company_id = ? AND {unit.among('line_id')}", own_lines)
    for line in document.lines.values():
        batch.stale.add(line.document_number)
    _reopen(batch, document)
    return fallen


def _reopen(batch: Batch, document: OriginDocument) -> None:
    """Open the lines again that the document had fulfilled.

    Where goods were delivered or received from the document that charged them, that document does not wait for another charge.
    """
    unit, ws = batch.unit, batch.ws
    for line in _fulfilled(unit, document):
        wait = _wait_of(line.link, line.document_type, batch.registry)
        if wait is None or line.party_id is None or line.item_id is None:
            continue
        rest = _remainder(unit, line, wait)
        unit.run("DELETE FROM wares_open_line WHERE company_id = ? AND line_id = ?", line.line_id)
        if rest.quantity > 0:
            row = (unit.company_id, line.line_id, wait.waits_for, line.party_id, line.item_id, rest.quantity, rest.amount)
            ws.rows[t.open_line].append(row)


def _fulfilled(reader: Reader, document: OriginDocument) -> Iterable[_Fulfilled]:
    rows = reader.rows(
        "SELECT f.origin_line_id, f.kind, f.quantity, f.amount, d.type, d.party_id, o.item_id, o.quantity, o.goods_amount "
        "FROM wares_fulfilment f JOIN wares_line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
        "JOIN wares_document d ON d.company_id = o.company_id AND d.document_id = o.document_id "
        f"WHERE f.company_id = ? AND {reader.among('f.line_id')} AND o.kind = 0 AND NOT EXISTS (SELECT 1 FROM wares_fulfilment c "
        "WHERE c.company_id = f.company_id AND c.line_id = f.origin_line_id AND c.kind IN ('receive', 'deliver'))",
        reader.listed(line_ids(reader, document)),
    )
    return map(_Fulfilled._make, rows)


def _remainder(reader: Reader, line: _Fulfilled, wait: _Wait) -> _Remainder:
    """Return the part of a line that is open once the document is gone."""
    if wait.waits_for == LinkKind.CREDIT:  # of returned goods only the charged part waits for a credit
        row = reader.row("SELECT quantity, amount FROM wares_open_line WHERE company_id = ? AND line_id = ?", line.line_id) or (
            0,
            0,
        )
        return _Remainder(row[0] + line.quantity, row[1] + line.amount)
    done = reader.row(
        "SELECT CAST(COALESCE(SUM(f.quantity), 0) AS BIGINT), CAST(COALESCE(SUM(f.amount), 0) AS BIGINT) "
        "FROM wares_fulfilment f JOIN wares_line l ON l.company_id = f.company_id "
        "AND l.line_id = f.line_id JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE f.company_id = ? AND f.origin_line_id = ? AND f.kind IN ({', '.join(repr(each) for each in wait.counted)}) "
        "AND d.status = 'posted'",
        line.line_id,
    ) or (0, 0)
    amount = line.goods_amount - done[1] if wait.waits_for in (LinkKind.RECEIVE, LinkKind.BILL) else 0
    return _Remainder(line.ordered - done[0], amount)


def _wait_of(link: str, document_type: str, registry: Registry) -> _Wait | None:
    """Return the wait of a line that lost a link of this kind; None if it waits for no document."""
    if link in (LinkKind.CLOSE, LinkKind.RETURN):
        link = continuation(document_type, registry)
    if link == LinkKind.CREDIT:
        return _Wait(link, (link,)) if document_type in RETURNS else None
    if link in CHARGED:
        return _Wait(link, (link, LinkKind.RETURN, LinkKind.CLOSE))
    return _Wait(link, (link, LinkKind.CLOSE)) if link in BROUGHT else None


def continuation(document_type: str, registry: Registry) -> str:
    """Return the kind of link that the lines of a type of document wait for: as the types that come from it name it. "" if none
    does."""
    kinds = {kind.fulfils[document_type] for kind in registry.document_types.values() if document_type in kind.fulfils}
    return next((kind for kind in _WAITS if kind in kinds), "")


_WAITS = (LinkKind.DELIVER, LinkKind.RECEIVE, LinkKind.INVOICE, LinkKind.BILL, LinkKind.CREDIT)
