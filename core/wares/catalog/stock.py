"""Reads of the stock tables by item: quantities, and the documents that brought the present stock in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.values import end_of, end_of_month, next_day, period_of, start_of

_POSITIONS = 20
"""Bits of a move's sequence that count positions within its document."""
_PAGE = 500


class Quantities(NamedTuple):
    """An item's stock over all locations, in millionths of its unit."""

    on_hand: int = 0
    """In stock."""
    reserved: int = 0
    """Promised to customers by open orders."""
    on_order: int = 0
    """Ordered from suppliers and not received."""


NOTHING = Quantities()


def quantities(reader: Reader, listed_ids: object) -> dict[int, Quantities]:
    """Return the stock over all locations of the items in a list made by `Reader.listed`."""
    statement = (
        "SELECT item_id, CAST(SUM(on_hand) AS BIGINT), CAST(SUM(reserved) AS BIGINT), CAST(SUM(on_order) AS BIGINT) "
        f"FROM wares_stock WHERE company_id = ? AND {reader.among('item_id')} GROUP BY item_id"
    )
    return {row[0]: Quantities._make(row[1:]) for row in reader.rows(statement, listed_ids)}


def quantities_at(reader: Reader, item_ids: Collection[int], at: int) -> dict[int, Quantities]:
    """Return the quantities on hand of these items at the end of a day, over all locations: those of now less the later moves.
    Reserved and on order are 0: they are known for now only."""
    those, listed = of_items(reader, item_ids)
    of_pool = "WHERE t.company_id = p.company_id AND t.pool_id = p.pool_id"
    later = f"(SELECT CAST(COALESCE(SUM(t.quantity), 0) AS BIGINT) FROM wares_pool_month t {of_pool} AND t.period > ?)"
    begun = (
        f"(SELECT CAST(COALESCE(SUM(t.quantity), 0) AS BIGINT) FROM wares_move t {of_pool} AND t.effective_at >= ? "
        "AND t.effective_at < ?)"
    )
    month = period_of(at)
    end, end_of_its_month = end_of(at), end_of_month(month)
    found: dict[int, int] = defaultdict(int)
    for item_id, on_hand in reader.rows(
        f"WITH held AS (SELECT p.company_id, p.pool_id, p.item_id, p.quantity, p.last_at FROM wares_pool p WHERE p.company_id = ?"
        f"{those}) SELECT p.item_id, p.quantity - CASE WHEN p.last_at < ? THEN 0 ELSE {begun} END "
        f"- CASE WHEN p.last_at < ? THEN 0 ELSE {later} END FROM held p",
        *listed, end, end, end_of_its_month, end_of_its_month, month,
    ):  # fmt: skip
        found[item_id] += on_hand
    return {item_id: Quantities(quantity) for item_id, quantity in found.items()}


def held_at(reader: Reader, item_ids: Collection[int] | None, at: int | None) -> dict[tuple[int, int, int], int]:
    """Return (item, pool, location) → millionths at the end of a day or now (None): the sums of whole months, and of the moves of
    the month begun. `item_ids` None = all items."""
    those, listed = of_items(reader, item_ids)
    by = "p.item_id, t.pool_id, t.location_id, CAST(SUM(t.quantity) AS BIGINT)"
    rows = reader.rows(
        f"SELECT {by} FROM wares_pool p CROSS JOIN wares_pool_month t WHERE p.company_id = ?{those} "
        f"AND t.company_id = p.company_id "
        "AND t.pool_id = p.pool_id AND t.period <= ? GROUP BY p.item_id, t.pool_id, t.location_id",
        *listed, last_whole_month(at),
    )  # fmt: skip
    if at is not None and not ends_a_month(at):
        rows += reader.rows(
            f"SELECT {by} FROM wares_pool p CROSS JOIN wares_move t WHERE p.company_id = ?{those} AND t.company_id = p.company_id "
            "AND t.pool_id = p.pool_id AND t.effective_at >= ? AND t.effective_at < ? "
            "GROUP BY p.item_id, t.pool_id, t.location_id",
            *listed, start_of(at // 100 * 100 + 1), end_of(at),
        )  # fmt: skip
    found: dict[tuple[int, int, int], int] = defaultdict(int)
    for item_id, pool_id, location_id, quantity in rows:
        found[item_id, pool_id, location_id] += quantity
    return found


def of_items(reader: Reader, item_ids: Collection[int] | None) -> tuple[str, tuple[object, ...]]:
    """Return the condition that pools `p` belong to these items (None = no condition), and its parameter."""
    if item_ids is None:
        return "", ()
    return f" AND {reader.among('p.item_id')}", (reader.listed(sorted(item_ids)),)


def last_whole_month(at: int | None) -> int:
    """Return the last month (yyyymm) that has ended at the end of a day; without a day, the last month of all."""
    if at is None:
        return 9999_12
    return period_of(at) if ends_a_month(at) else period_of(at) - 1


def ends_a_month(day: int) -> bool:
    """True if the day is the last of its month."""
    return period_of(next_day(day)) != period_of(day)


def on_hand(reader: Reader, item_id: int, location_id: int | None = None) -> int:
    """Return the millionths on hand, everywhere or at one location."""
    statement = "SELECT CAST(COALESCE(SUM(on_hand), 0) AS BIGINT) FROM wares_stock WHERE company_id = ? AND item_id = ?"
    if location_id is None:
        row = reader.row(statement, item_id)
    else:
        row = reader.row(f"{statement} AND location_id = ?", item_id, location_id)
    return int(row[0]) if row else 0


def received_by(reader: Reader, item_id: int, document_type: str) -> bool:
    """True if a posted document of this type brought the item in since its stock was last empty.

    The search walks the moves of all pools of the item back from the newest, document by document, because a pool may be
    empty in the middle of a transfer. Stock below zero counts as empty: earlier receipts are gone.
    """
    pools = reader.rows("SELECT pool_id, quantity FROM wares_pool WHERE company_id = ? AND item_id = ?", item_id)
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
    """Yield sequence, quantity, document type and status of the standing moves, newest first, in pages."""
    if not pools:
        return
    one = len(pools) == 1  # the index returns the moves of one pool in order; the moves of several pools are sorted
    among = "m.pool_id = ?" if one else reader.among("m.pool_id")
    statement = (
        "SELECT m.effective_at, m.sequence, m.quantity, d.type, d.status FROM wares_move m "
        "JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        f"WHERE m.company_id = ? AND {among} AND {STANDING} "
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
