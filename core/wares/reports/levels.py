"""Quantity and value of pools at each place, now or at the end of a day: the basis of every read of stock.

The value at a date is the sum posted on or before it, so that it equals the ledger; the quantity at a date goes by effective
date. Both are sums of months, and of the moves and entries of the unfinished month: no history is replayed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from wares.catalog.stock import ends_a_month, held_at, last_whole_month, of_items
from wares.storage.statements import SqlRow
from wares.storage.unit import Reader
from wares.values import split

_SUM = "CAST(COALESCE(SUM({}), 0) AS BIGINT)"


class PoolAtPlace(NamedTuple):
    """Quantity (millionths) and value (minor units) of a pool at one place.

    A pool of the whole company has at each place the share of its value that falls on the quantity there; with
    `cost_scope=location` a pool has one place.
    """

    item_id: int
    location_id: int
    lot: str
    account_id: int
    quantity: int
    value: int


class _Pool(NamedTuple):
    id: int
    item_id: int
    area_id: int
    lot: str
    account_id: int


def levels(reader: Reader, item_ids: Collection[int] | None = None, at: int | None = None) -> list[PoolAtPlace]:
    """Return every pool of these items (None: of all) at every place where it holds or held something."""
    pools = _pools(reader, item_ids)
    accounts = _accounts_then(reader, at) if at is not None else {}
    quantities: Sums = defaultdict(dict)
    for (_, pool_id, place), quantity in held_at(reader, item_ids, at).items():
        quantities[pool_id][place] = quantity
    values = values_of(reader, item_ids, at)
    found: list[PoolAtPlace] = []
    for pool in pools:
        held = quantities.get(pool.id, {})
        worth = values.get(pool.id, {})
        places = sorted({*held, *worth})
        parts = [worth.get(place, 0) for place in places]
        if not pool.area_id and len(places) > 1:
            weights = [max(held.get(place, 0), 0) for place in places]
            parts = split(sum(parts), weights) if any(weights) else parts
        found += [
            PoolAtPlace(pool.item_id, place, pool.lot, accounts.get(pool.id, pool.account_id), held.get(place, 0), part)
            for place, part in zip(places, parts, strict=True)
        ]
    return found


def _pools(reader: Reader, item_ids: Collection[int] | None) -> list[_Pool]:
    those, listed = of_items(reader, item_ids)
    statement = f"SELECT p.pool_id, p.item_id, p.area_id, p.lot, p.account_id FROM wares_pool p WHERE p.company_id = ?{those}"
    return [_Pool(*row) for row in sorted(reader.rows(statement, *listed))]


def _accounts_then(reader: Reader, at: int) -> dict[int, int]:
    """Return pool → its account on that day, for pools whose account changed since."""
    statement = "SELECT pool_id, account_id FROM wares_pool_account WHERE company_id = ? AND since > ? ORDER BY since DESC"
    return dict(reader.rows(statement, at))


Sums = dict[int, dict[int, int]]
"""Pool → place → sum."""


def values_of(reader: Reader, item_ids: Collection[int] | None, at: int | None) -> Sums:
    """Return the minor units posted by the end of the day, by pool and place."""
    those, listed = of_items(reader, item_ids)
    found: Sums = defaultdict(dict)
    for pool_id, place, value in reader.rows(
        f"SELECT t.pool_id, t.location_id, {_SUM.format('t.posted')} FROM wares_pool p CROSS JOIN wares_pool_month t "
        f"WHERE p.company_id = ?{those} AND t.company_id = p.company_id AND t.pool_id = p.pool_id AND t.period <= ? "
        "GROUP BY t.pool_id, t.location_id",
        *listed, last_whole_month(at),
    ):  # fmt: skip
        found[pool_id][place] = value
    if at is not None and not ends_a_month(at):
        for pool_id, place, value in _of_the_month(reader, at, those, listed):
            found[pool_id][place] = found[pool_id].get(place, 0) + value
    return found


def _of_the_month(reader: Reader, at: int, those: str, listed: tuple[object, ...]) -> list[SqlRow]:
    """Return pool, place and value posted in the month of a day, until its end.

    The entries are found by the inventory accounts: values that cancel out in an entry do not change an item's value. They do
    change a place with costs of its own, since the value that a transfer carries may not be posted anywhere.
    """
    days = (at // 100 * 100, at)
    sums = f"SELECT m.pool_id, m.location_id, {_SUM.format('v.value')} FROM"
    within = f"{those} AND v.date >= ? AND v.date <= ?"
    by_location = reader.row("SELECT 1 FROM wares_setting WHERE company_id = ? AND key = 'cost_scope' AND value = 'location'")
    if by_location is not None:
        return reader.rows(
            f"{sums} wares_pool p CROSS JOIN wares_move m CROSS JOIN wares_valuation v WHERE p.company_id = ? "
            f"AND m.company_id = p.company_id "
            "AND m.pool_id = p.pool_id AND v.company_id = m.company_id AND v.move_id = m.move_id"
            f"{within} GROUP BY m.pool_id, m.location_id",
            *listed, *days,
        )  # fmt: skip
    accounts = reader.rows("SELECT account_id FROM wares_account WHERE company_id = ? AND roles LIKE '%\"inventory\"%'")
    posted = f"g.company_id = v.company_id AND {reader.among('g.account_id')} AND g.date >= ? AND g.date <= ?"
    return reader.rows(
        f"{sums} wares_valuation v JOIN wares_move m ON m.company_id = v.company_id AND m.move_id = v.move_id "
        "JOIN wares_pool p ON p.company_id = m.company_id AND p.pool_id = m.pool_id "
        f"WHERE v.company_id = ?{within} AND v.entry_id IN (SELECT g.entry_id FROM wares_posting g WHERE {posted}) "
        "GROUP BY m.pool_id, m.location_id",
        *listed, *days, reader.listed([row[0] for row in accounts]), *days,
    )  # fmt: skip
