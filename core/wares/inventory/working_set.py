"""What a batch of documents is planned against: pools, stock and numbers, read in a fixed number of queries, and the rows that
the batch will write, flushed once with one multi-row statement per table.

A refused document leaves no trace: pools roll back to their mark, everything else is written here only when it is accepted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import Any

from sqlalchemy import Table

from wares.costing.fold import Folded
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.inventory.layer_rows import LAYER_CHANGES, consumption_rows, layer_change, layer_row
from wares.inventory.pool import CHANGING, Pool
from wares.inventory.pools import PoolRow, held_of_lots, pools_of, states_now
from wares.ledger.entry import flush_periods, period_deltas
from wares.model import Item
from wares.storage import tables as t
from wares.storage.statements import COPY_FROM, together
from wares.storage.unit import Unit


class WorkingSet:
    """State and buffers of one batch inside one unit."""

    def __init__(self, unit: Unit, methods: Mapping[str, CostMethod]) -> None:
        self.unit = unit
        self.methods = methods
        self.company_id = unit.company_id
        self._pools: dict[int, dict[tuple[int, str], Pool]] = defaultdict(dict)  # item → (area, lot) → pool
        self.on_hand: dict[tuple[int, int], int] = {}
        self.lot_on_hand: dict[tuple[int, int], int] = {}  # (pool, location) of goods that are kept by lot
        self._known: set[int] = set()  # items whose pools and stock are here
        self.series: dict[str, tuple[str, int]] | None = None
        self._series_taken: dict[str, int] = {}
        self.rows: dict[Table, list[tuple[Any, ...]]] = defaultdict(list)
        self._touched: dict[int, Pool] = {}
        self._stock_delta: dict[tuple[int, int], int] = {}
        self._months: dict[tuple[int, int, int], list[int]] = {}
        self._after: list[tuple[str, tuple[Any, ...]]] = []
        self._closed: list[tuple[int, int, int, int]] = []
        self.pending = 0
        """Documents accepted and not flushed yet."""

    # --- pools -----------------------------------------------------------------------------------------------------------

    def need_items(self, item_ids: Iterable[int]) -> None:
        """Have pools and stock of these items at hand: a fixed number of queries for those not asked for before."""
        missing = sorted(set(item_ids) - self._known)
        if not missing:
            return
        unit, listed = self.unit, self.unit.listed(missing)
        self._known.update(missing)
        for item_id, location_id, on_hand in unit.rows(
            f"SELECT item_id, location_id, on_hand FROM stock WHERE company_id = ? AND {unit.among('item_id')}", listed
        ):
            self.on_hand.setdefault((item_id, location_id), on_hand)
        rows = pools_of(unit, missing)
        self.lot_on_hand |= held_of_lots(unit, [row.id for row in rows if row.lot and row.quantity])
        states = states_now(unit, rows, self.methods)
        for row in rows:
            self._pools[row.item_id][row.area_id, row.lot] = Pool(row, states[row.id], is_new=False)

    def need_item(self, item_id: int) -> None:
        """The same for one item."""
        if item_id not in self._known:
            self.need_items((item_id,))

    def pools_of(self, item_id: int) -> list[Pool]:
        """The pools of an item that is at hand (`need_items`): one, unless lots or locations are costed by themselves."""
        return list(self._pools[item_id].values())

    def pools_of_lot(self, item_id: int, lot: str) -> list[Pool]:
        """The pools of one lot: one, unless locations are costed by themselves."""
        whole = self._pools[item_id].get((0, lot))
        return [whole] if whole is not None else [pool for pool in self.pools_of(item_id) if pool.lot == lot]

    def pool(self, item: Item, area_id: int, lot: str, method: str) -> Pool:
        """The pool of an item (at a location, of a lot) that is at hand (`need_items`), made if there is none yet."""
        pool = self._pools[item.id].get((area_id, lot))
        if pool is None:
            of = self.methods[method]
            rate = self._first_rate(item, area_id) if of.fixed_rate else None
            row = PoolRow(self.unit.take_id(), item.id, area_id, lot, method, 0, method, rate, rate, 0, 0, 0, 0, 0, 0, -1, -1)
            state = PoolState(newest_first=of.newest_first, rate=rate, decimals=self.unit.decimals)
            pool = self._pools[item.id][area_id, lot] = Pool(row, state, is_new=True)
        return pool

    def _first_rate(self, item: Item, area_id: int) -> int:
        """The standard rate that a pool begins with: the item's cost; at a further location the rate that is in force elsewhere."""
        others = self.pools_of(item.id) if area_id else []
        rate = min(others, key=lambda pool: pool.id).state.rate if others else None
        return (item.cost or 0) if rate is None else rate

    def touch(self, pool: Pool) -> None:
        """The pool's row is to be written."""
        self._touched[pool.id] = pool

    def forget(self, item_ids: Iterable[int]) -> None:
        """Read these items anew when next asked: their projections were rewritten elsewhere."""
        gone = set(item_ids)
        self._known -= gone
        pools = {pool.id for item_id in gone for pool in self._pools.pop(item_id, {}).values()}
        for pool_id in pools:
            self._touched.pop(pool_id, None)
        for place in [place for place in self.lot_on_hand if place[0] in pools]:
            del self.lot_on_hand[place]
        for place in [place for place in self.on_hand if place[0] in gone]:
            del self.on_hand[place]

    # --- numbers -----------------------------------------------------------------------------------------------------------

    def next_number(self, series: str, prefix: str) -> tuple[str, int]:
        """The next number of a series, as text and as count; `take_number` takes it."""
        if self.series is None:
            self.series = {
                key: (known, number)
                for key, known, number in self.unit.rows("SELECT series, prefix, issued FROM series WHERE company_id = ?")
            }
        prefix, issued = self.series.get(series, (prefix, 0))
        self.series[series] = (prefix, issued)
        return f"{prefix}-{issued + 1:05d}", issued + 1

    def take_number(self, series: str) -> None:
        """The number that `next_number` told is used; for good once the unit commits."""
        assert self.series is not None
        prefix, issued = self.series[series]
        self.series[series] = (prefix, issued + 1)
        self._series_taken[series] = self._series_taken.get(series, 0) + 1

    # --- what is to be written ---------------------------------------------------------------------------------------------

    def add_stock(self, item_id: int, location_id: int, quantity: int) -> None:
        """So much more is on hand (less, below 0), once flushed."""
        key = (item_id, location_id)
        self._stock_delta[key] = self._stock_delta.get(key, 0) + quantity

    def add_month(self, pool_id: int, location_id: int, period: int, quantity: int, value: int, posted: int) -> None:
        """What a move adds to its pool's month: by its own date, and `posted` by that of its entry."""
        key = (pool_id, location_id, period)
        found = self._months.get(key)
        if found is None:
            self._months[key] = [quantity, value, posted]
        else:
            found[0] += quantity
            found[1] += value
            found[2] += posted

    def add_consumption(self, move_id: int, folded: Folded) -> None:
        """What a move took of layers, and what it covered."""
        self.rows[t.consumption] += consumption_rows(self.company_id, move_id, folded)

    def close_open_line(self, line_id: int, quantity: int, amount: int) -> None:
        """Part of what a line left open was done."""
        self._closed.append((quantity, amount, self.company_id, line_id))

    def method_of_item(self, item_id: int, method: str) -> None:
        """The item is costed by `method` from here on; its master says so too."""
        self.later(f"UPDATE item SET cost_method = '{method}' WHERE company_id = ? AND item_id = ?", item_id)
        self.unit.masters_changed()

    def later(self, statement: str, *parameters: Any) -> None:
        """A statement (company id first) to run with the flush, after the inserts."""
        self._after.append((statement, parameters))

    def flush(self) -> None:
        """Write everything accepted so far: one statement for each table."""
        unit, pools = self.unit, list(self._touched.values())
        changed_layers = self._take_layers(pools)
        self.rows[t.pool] += [pool.row(self.company_id) for pool in pools if pool.is_new]
        few = max(map(len, self.rows.values()), default=0) < COPY_FROM
        with together(unit.connection) if few else nullcontext():
            self._flush(pools, changed_layers)
        for statement, parameters in self._after:
            unit.run(statement, *parameters)
        unit.analyse_when_grown()
        self._after.clear()
        self.pending = 0

    def _flush(self, pools: list[Pool], changed_layers: list[tuple[Any, ...]]) -> None:
        unit, company_id = self.unit, self.company_id
        unit.touch(row[1] for row in self.rows[t.document])
        if changed_layers:
            self._update(t.layer, ("company_id", "pool_id", "layer_id"), LAYER_CHANGES, changed_layers)
        of_plugins = [table for table in self.rows if table.metadata is not t.metadata]
        for table in (*_ORDER, *of_plugins):
            rows = self.rows.get(table)
            if rows:
                unit.insert(table, rows)
        self._update_pools([pool for pool in pools if not pool.is_new])
        for pool in pools:
            pool.is_new = False
        self._upsert(t.stock, ("company_id", "item_id", "location_id"), ("on_hand",), [
            (company_id, *key, delta, 0, 0) for key, delta in self._stock_delta.items() if delta
        ])  # fmt: skip
        self._upsert(t.pool_month, ("company_id", "pool_id", "location_id", "period"), ("quantity", "value", "posted"), [
            (company_id, *key, *sums) for key, sums in self._months.items()
        ])  # fmt: skip
        flush_periods(unit, period_deltas(self.rows[t.posting]))
        self._flush_series()
        self._flush_closed()
        self.rows.clear()
        self._touched.clear()
        self._stock_delta.clear()
        self._months.clear()

    def _take_layers(self, pools: list[Pool]) -> list[tuple[Any, ...]]:
        """Put new layers among the rows; the changes of those that were there before."""
        company_id = self.company_id
        changed: list[tuple[Any, ...]] = []
        for pool in pools:
            state = pool.state
            created = {layer.id for layer in state.created}
            for layer in state.created:
                by = state.changed.get(layer.id, (None, None))[1]
                self.rows[t.layer].append(layer_row(company_id, pool.id, layer, by))
            for layer_id, (layer, by) in state.changed.items():
                if layer_id not in created:
                    changed.append(layer_change(company_id, pool.id, layer, by))
            state.created.clear()
            state.changed.clear()
        return changed

    def _update_pools(self, pools: list[Pool]) -> None:
        if pools:
            rows = [(*pool.changing(pool.state, (pool.last_at, pool.last_sequence)), self.company_id, pool.id) for pool in pools]
            self._update(t.pool, ("company_id", "pool_id"), CHANGING, rows)

    def _flush_series(self) -> None:
        if self._series_taken and self.series is not None:
            rows = [(self.company_id, key, self.series[key][0], taken) for key, taken in sorted(self._series_taken.items())]
            self._upsert(t.series, ("company_id", "series"), ("issued",), rows)
            self._series_taken.clear()

    def _flush_closed(self) -> None:
        if not self._closed:
            return
        run, spelled = self.unit.connection.exec_driver_sql, self.unit.dialect.spelled
        run(
            spelled["UPDATE open_line SET quantity = quantity - ?, amount = amount - ? WHERE company_id = ? AND line_id = ?"],
            self._closed,
        )
        run(
            spelled["DELETE FROM open_line WHERE company_id = ? AND line_id = ? AND quantity = 0"],
            [closed[2:] for closed in self._closed],
        )
        self._closed.clear()

    def _upsert(self, table: Table, keys: tuple[str, ...], added: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        if rows:
            self.unit.connection.exec_driver_sql(self.unit.dialect.upsert_add(table, keys, added), rows)

    def _update(self, table: Table, keys: tuple[str, ...], columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        self.unit.connection.exec_driver_sql(self.unit.dialect.update(table, keys, columns), rows)


_ORDER = (
    t.document, t.line, t.foreign_line, t.fulfilment, t.open_line, t.application, t.pool, t.pool_account, t.move, t.move_link,
    t.value_fact, t.layer, t.consumption, t.entry, t.posting, t.valuation, t.outbox,
)  # fmt: skip
"""Parents before children. Tables of plugins follow, in the order in which their rows came."""
