"""The state of one batch of documents: pools, stock and numbers at hand, and the rows that the batch will write, flushed once with
one multi-row statement per table.

A refused document leaves no trace: pools roll back to their mark, everything else is written here only when it is accepted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import NamedTuple

from sqlalchemy import Table

from wares.costing.fold import Folded
from wares.costing.method import CostMethod
from wares.inventory.layer_rows import LAYER_CHANGES, LayerChange, consumption_rows, layer_change, layer_row
from wares.inventory.number_series import NumberSeries
from wares.inventory.pool import CHANGING, Pool
from wares.inventory.pools_at_hand import PoolsAtHand
from wares.ledger.entry import flush_periods, period_deltas
from wares.storage import tables as t
from wares.storage.content import Late, stamp, stamp_again
from wares.storage.statements import COPY_FROM, SqlRow, insert_tables, together
from wares.storage.unit import Unit


class StockRow(NamedTuple):
    """A row of table `stock`, or the amounts to add to one. Quantities are millionths."""

    company_id: int
    item_id: int
    location_id: int
    on_hand: int
    reserved: int = 0
    on_order: int = 0


class PoolMonthRow(NamedTuple):
    """A row of table `pool_month`, or the amounts to add to one. The quantity is in millionths, the values in minor units."""

    company_id: int
    pool_id: int
    location_id: int
    period: int
    quantity: int  # by effective date
    value: int  # by effective date of the move
    posted: int  # by date of the entry


class WorkingSet:
    """The pools, stock and numbers at hand for one batch inside one unit, and the rows that it will write."""

    def __init__(self, unit: Unit, methods: Mapping[str, CostMethod]) -> None:
        self.unit = unit
        self.company_id = unit.company_id
        self.pools = PoolsAtHand(unit, methods)
        self.numbers = NumberSeries(unit)
        self.rows: dict[Table, list[SqlRow]] = defaultdict(list)
        self.pending = 0  # documents accepted and not flushed yet
        self._touched: dict[int, Pool] = {}
        self._stock_delta: dict[tuple[int, int], int] = {}  # (item, location) → millionths
        self._months: dict[tuple[int, int, int], list[int]] = {}  # (pool, location, period) → quantity, value, posted
        self._after: list[tuple[str, tuple[object, ...]]] = []
        self._closed: list[tuple[int, int, int, int]] = []

    def touch(self, pool: Pool) -> None:
        """Write the pool's row with the next flush."""
        self._touched[pool.id] = pool

    def forget(self, item_ids: Iterable[int]) -> None:
        """Read these items anew when next asked: their projections were rewritten elsewhere."""
        for pool_id in self.pools.forget(item_ids):
            self._touched.pop(pool_id, None)

    def add_stock(self, item_id: int, location_id: int, quantity: int) -> None:
        """Add a quantity (below 0 less), millionths, to the stock at a location with the next flush."""
        key = (item_id, location_id)
        self._stock_delta[key] = self._stock_delta.get(key, 0) + quantity

    def add_month(self, pool_id: int, location_id: int, period: int, quantity: int, value: int, posted: int) -> None:
        """Add a move to its pool's month: quantity and value by its own date, `posted` by that of its entry."""
        key = (pool_id, location_id, period)
        found = self._months.get(key)
        if found is None:
            self._months[key] = [quantity, value, posted]
        else:
            found[0] += quantity
            found[1] += value
            found[2] += posted

    def add_consumption(self, move_id: int, folded: Folded) -> None:
        """Write the layers that a move consumed, and the issues that it covered."""
        self.rows[t.consumption] += consumption_rows(self.company_id, move_id, folded)

    def close_open_line(self, line_id: int, quantity: int, amount: int) -> None:
        """Take a quantity and its amount off the open part of a line."""
        self._closed.append((quantity, amount, self.company_id, line_id))

    def method_of_item(self, item_id: int, method: str) -> None:
        """Set the cost method in the item's master."""
        self.later(f"UPDATE wares_item SET cost_method = '{method}' WHERE company_id = ? AND item_id = ?", item_id)
        self.unit.masters_changed()

    def later(self, statement: str, *parameters: object) -> None:
        """Run a statement (company id first) with the flush, after the inserts."""
        self._after.append((statement, parameters))

    def flush(self) -> None:
        """Write everything accepted so far: one statement for each table."""
        unit, pools = self.unit, list(self._touched.values())
        changed_layers = self._take_layers(pools)
        self.rows[t.pool] += [pool.row(self.company_id) for pool in pools if pool.is_new]
        few = max(map(len, self.rows.values()), default=0) < COPY_FROM
        with together(unit.connection) if few else nullcontext():
            late = self._flush(pools, changed_layers)
        stamp_again(unit, late)
        for statement, parameters in self._after:
            unit.run(statement, *parameters)
        unit.analyse_when_grown()
        self._after.clear()
        self.pending = 0

    def _flush(self, pools: list[Pool], changed_layers: list[LayerChange]) -> Late:
        unit, company_id = self.unit, self.company_id
        unit.touch(row[1] for row in self.rows[t.document])
        if changed_layers:
            self._update(t.layer, ("company_id", "pool_id", "layer_id"), LAYER_CHANGES, changed_layers)
        late = stamp(self.rows)
        of_plugins = [table for table in self.rows if table.metadata is not t.metadata]
        insert_tables(unit.connection, [(table, self.rows[table]) for table in (*_ORDER, *of_plugins) if self.rows.get(table)])
        self._update_pools([pool for pool in pools if not pool.is_new])
        for pool in pools:
            pool.is_new = False
        self._upsert(t.stock, ("company_id", "item_id", "location_id"), ("on_hand",), [
            StockRow(company_id, *key, delta) for key, delta in self._stock_delta.items() if delta
        ])  # fmt: skip
        self._upsert(t.pool_month, ("company_id", "pool_id", "location_id", "period"), ("quantity", "value", "posted"), [
            PoolMonthRow(company_id, *key, *sums) for key, sums in self._months.items()
        ])  # fmt: skip
        flush_periods(unit, period_deltas(self.rows[t.posting]))
        self.numbers.flush()
        self._flush_closed()
        self.rows.clear()
        self._touched.clear()
        self._stock_delta.clear()
        self._months.clear()
        return late

    def _take_layers(self, pools: list[Pool]) -> list[LayerChange]:
        """Add new layers to the rows; return the changes of stored ones."""
        company_id = self.company_id
        changed: list[LayerChange] = []
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

    def _flush_closed(self) -> None:
        if not self._closed:
            return
        run, spelled = self.unit.connection.exec_driver_sql, self.unit.dialect.spelled
        run(
            spelled["UPDATE wares_open_line SET quantity = quantity - ?, amount = amount - ? WHERE company_id = ? AND line_id = ?"],
            self._closed,
        )
        run(
            spelled["DELETE FROM wares_open_line WHERE company_id = ? AND line_id = ? AND quantity = 0"],
            [closed[2:] for closed in self._closed],
        )
        self._closed.clear()

    def _upsert(self, table: Table, keys: tuple[str, ...], added: tuple[str, ...], rows: Sequence[SqlRow]) -> None:
        if rows:
            self.unit.connection.exec_driver_sql(self.unit.dialect.upsert_add(table, keys, added), rows)

    def _update(self, table: Table, keys: tuple[str, ...], columns: tuple[str, ...], rows: Sequence[SqlRow]) -> None:
        self.unit.connection.exec_driver_sql(self.unit.dialect.update(table, keys, columns), rows)


_ORDER = (
    t.document, t.line, t.foreign_line, t.fulfilment, t.open_line, t.application, t.pool, t.pool_account, t.move, t.move_link,
    t.value_fact, t.layer, t.consumption, t.entry, t.posting, t.valuation, t.outbox,
)  # fmt: skip
"""Parents before children. Tables of plugins follow, in the order in which their rows came."""
