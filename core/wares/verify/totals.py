"""Stock, pools and monthly totals against moves and values (I3, I4 and a part of I10), in one pass over the pools.

SQL sums moves and values once for each pool, location and month; the sums of a pool, of a month and of an item at a location are
made of those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from wares.model import Intent
from wares.storage.statements import SqlRow
from wares.storage.unit import Reader
from wares.values import unscaled
from wares.verify.examined import Examined
from wares.verify.finding import Finding, amount, count, item_sku, location_code, month_name, pool_name

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

_MOVED, _VALUED, _MONTH, _POOL = range(4)
_STREAMS = (
    f"SELECT pool_id, {_MOVED}, item_id, location_id, date / 100, CAST(SUM(quantity) AS BIGINT), "
    f"CAST(SUM(CASE WHEN intent <> {int(Intent.QUANTITY_ONLY)} THEN quantity ELSE 0 END) AS BIGINT) FROM wares_move "
    "WHERE company_id = ? GROUP BY pool_id, item_id, location_id, date / 100 ORDER BY pool_id",
    f"SELECT v.pool_id, {_VALUED}, m.location_id, m.date / 100, v.date / 100, CAST(SUM(v.value) AS BIGINT) FROM wares_valuation v "
    "JOIN wares_move m ON m.company_id = v.company_id AND m.move_id = v.move_id WHERE v.company_id = ? "
    "GROUP BY v.pool_id, m.location_id, m.date / 100, v.date / 100 ORDER BY v.pool_id",
    f"SELECT pool_id, {_MONTH}, location_id, period, quantity, value, posted FROM wares_pool_month WHERE company_id = ? "
    "ORDER BY pool_id",
    f"SELECT pool_id, {_POOL}, quantity, value FROM wares_pool WHERE company_id = ? ORDER BY pool_id",
)
_STOCK = "SELECT item_id, location_id, on_hand FROM wares_stock WHERE company_id = ?"


class TotalsProblems(NamedTuple):
    """The first problem of each table of totals."""

    stock: str | None
    pools: str | None
    months: str | None


class _Pool(NamedTuple):
    """A pool as stored and as its moves sum up."""

    held: int  # quantity and value as stored
    value: int
    moved: int  # sums of its moves and of their values
    valued: int


def on_hand_is_moves(reader: Examined, registry: Registry) -> Finding:
    """I3: the table `stock` is the sum of the moves, for each item and location."""
    return Finding(count(reader, "stock"), reader.once(compare_totals).stock)


def pools_are_moves(reader: Examined, registry: Registry) -> Finding:
    """I4: a pool's quantity and value are the sums of its moves and of their valuation rows; quantity 0 means value 0."""
    return Finding(count(reader, "pool"), reader.once(compare_totals).pools)


def compare_totals(reader: Reader) -> TotalsProblems:
    """Compare the totals of stock, pools and months with moves and values; the memory holds one figure for each item and place."""
    stock: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])  # item, location → on hand, moved
    for item_id, location_id, on_hand in reader.stream(_STOCK):
        stock[item_id, location_id][0] = on_hand
    pools = months = None
    for pool_id, rows in groupby(merge(*map(reader.stream, _STREAMS), key=itemgetter(0)), key=itemgetter(0)):
        pool, rest = _add_up(rows, stock)
        pools = pools or _pool_problem(reader, pool_id, pool)
        months = months or next((_month_problem(reader, pool_id, *key, *sums) for key, sums in rest.items() if any(sums)), None)
    wrong = min((key for key, (on_hand, moved) in stock.items() if on_hand != moved), default=None)
    return TotalsProblems(None if wrong is None else _stock_problem(reader, *wrong, *stock[wrong]), pools, months)


def _add_up(
    rows: Iterable[SqlRow], stock: dict[tuple[int, int], list[int]]
) -> tuple[_Pool, dict[tuple[int, int], list[int]]]:  # fmt: skip
    """Return a pool's sums, and by location and month how far its totals exceed them; add the moves to `stock`."""
    held = value = moved = valued = 0
    rest: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])  # location, month → quantity, value, posted
    for _, kind, *figures in rows:
        if kind == _MOVED:
            item_id, location_id, period, quantity, goods = figures
            moved += goods
            stock[item_id, location_id][1] += quantity
            rest[location_id, period][0] -= quantity
        elif kind == _VALUED:
            location_id, period, posted, worth = figures
            valued += worth
            rest[location_id, period][1] -= worth
            rest[location_id, posted][2] -= worth
        elif kind == _MONTH:
            location_id, period, quantity, worth, entered = figures
            sums = rest[location_id, period]
            sums[0] += quantity
            sums[1] += worth
            sums[2] += entered
        else:
            held, value = figures
    return _Pool(held, value, moved, valued), rest


def _pool_problem(reader: Reader, pool_id: int, pool: _Pool) -> str | None:
    if not pool.held and pool.value:
        return f"{pool_name(reader, pool_id)} is empty and still worth {amount(reader, pool.value)}"
    if (pool.held, pool.value) == (pool.moved, pool.valued):
        return None
    return (
        f"{pool_name(reader, pool_id)} holds {unscaled(pool.held)} at {amount(reader, pool.value)}, its moves sum to "
        f"{unscaled(pool.moved)} at {amount(reader, pool.valued)}"
    )


def _month_problem(reader: Reader, pool_id: int, location_id: int, period: int, _: int, value: int, posted: int) -> str:
    place = f"{pool_name(reader, pool_id)} at {location_code(reader, location_id)} in {month_name(period)}"
    return (
        f"the monthly total of {place} is not the sum of its moves (value over by {amount(reader, value)}, posted by "
        f"{amount(reader, posted)})"
    )


def _stock_problem(reader: Reader, item_id: int, location_id: int, on_hand: int, moved: int) -> str:
    place = f"{item_sku(reader, item_id)} at {location_code(reader, location_id)}"
    return f"{place}: on hand is {unscaled(on_hand)}, its moves sum to {unscaled(moved)}"
