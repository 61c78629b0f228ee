"""What the stock tables say of items: quantities, and which documents brought in what is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wares.storage.unit import Reader

_POSITIONS = 20
"""Bits of a move's sequence that count positions within its document."""
_PAGE = 500


class Quantities(NamedTuple):
    """An item's stock over all locations, millionths."""

    on_hand: int = 0
    reserved: int = 0
    on_order: int = 0


NOTHING = Quantities()


def quantities(reader: Reader, listed_ids: object) -> dict[int, Quantities]:
    """Stock over all locations of the items in a list made by `Reader.listed`."""
    statement = (
        "SELECT item_id, CAST(SUM(on_hand) AS BIGINT), CAST(SUM(reserved) AS BIGINT), CAST(SUM(on_order) AS BIGINT) "
        f"FROM stock WHERE company_id = ? AND {reader.among('item_id')} GROUP BY item_id"
    )
    return {row[0]: Quantities(*row[1:]) for row in reader.rows(statement, listed_ids)}


def on_hand(reader: Reader, item_id: int, location_id: int | None = None) -> int:
    """Millionths on hand, everywhere or at one location."""
    statement = "SELECT CAST(COALESCE(SUM(on_hand), 0) AS BIGINT) FROM stock WHERE company_id = ? AND item_id = ?"
    if location_id is None:
        row = reader.row(statement, item_id)
    else:
        row = reader.row(f"{statement} AND location_id = ?", item_id, location_id)
    return int(row[0]) if row else 0


def received_by(reader: Reader, item_id: int, document_type: str) -> bool:
    """Whether, since the item's stock was last empty, a document of this type that still stands brought it in.

    Walks the moves of all its pools back from the newest, a document at a time: in the middle of a transfer a pool may
    be empty. Below zero counts as empty: what came in before is gone.
    """
    pools = reader.rows("SELECT pool_id, quantity FROM pool WHERE company_id = ? AND item_id = ?", item_id)
    left = sum(quantity for _, quantity in pools)
    direction = 1 if left > 0 else -1
    current: int | None = None
    for sequence, quantity, made_by, status in _newest_moves(reader, [pool_id for pool_id, _ in pools]):
        if sequence >> _POSITIONS != current:
            if left * direction <= 0:
                return False
            current = sequence >> _POSITIONS
        if quantity > 0 and made_by == document_type and status == "posted":
            return True
        left -= quantity
    return False


def _newest_moves(reader: Reader, pools: list[int]) -> Iterator[tuple[int, int, str, str]]:
    """Sequence, quantity, document type and status of the moves that are not annulled, newest first, in pages."""
    if not pools:
        return
    one = len(pools) == 1  # the index gives the moves of one pool in order; those of several are sorted
    among = "m.pool_id = ?" if one else reader.among("m.pool_id")
    statement = (
        "SELECT m.effective_at, m.sequence, m.quantity, d.type, d.status FROM move m "
        "JOIN document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        f"WHERE m.company_id = ? AND {among} AND m.annulled_by IS NULL AND m.annuls IS NULL "
        "AND (m.effective_at, m.sequence) < (?, ?) ORDER BY m.effective_at DESC, m.sequence DESC LIMIT ?"
    )
    pool = pools[0] if one else reader.listed(pools)
    before, size = (2**62, 0), _PAGE
    while True:
        page = reader.rows(statement, pool, *before, size)
        for _, sequence, quantity, made_by, status in page:
            yield sequence, quantity, made_by, status
        if len(page) < size:
            return
        before, size = (page[-1][0], page[-1][1]), min(size * 4, 50_000)
