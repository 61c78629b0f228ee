"""Storing what a sweep folded anew: pools, layers, consumptions, and the counts that found another difference."""

from __future__ import annotations

from collections.abc import Iterable

from wares.inventory.layer_rows import LAYER_CHANGES, layer_change, layer_row
from wares.inventory.pool import CHANGING, Pool
from wares.inventory.working_set import WorkingSet
from wares.recosting.dependencies import TOGETHER
from wares.recosting.moves import ReplayedMove
from wares.recosting.pool_replay import PoolReplay
from wares.recosting.untouched_layers import are_last
from wares.storage import tables as t
from wares.storage.unit import Unit


class PoolProjections:
    """The projections of the pools of one sweep."""

    def __init__(self, unit: Unit, ws: WorkingSet, runs: Iterable[PoolReplay], given_variance: Iterable[ReplayedMove]) -> None:
        self.unit = unit
        self.ws = ws
        self.runs = runs
        self.given_variance = given_variance  # moves that found out where their variance goes

    def write(self) -> None:
        """Store pools, layers and consumptions as folded anew, and the counts that found another difference."""
        for run in self.runs:
            run.give_back()
            if not run.settled:
                self._write_pool(run)
            self._write_layers(run)
            run.takings.clear(self.unit)
            self._write_covers(run)
            for fact in run.rewritten:
                if fact.quantity != fact.old_quantity:
                    self._write_count(fact)
                if fact.method != fact.old_method:
                    self._set(fact, "method", fact.method)
        self.ws.flush()  # the moves that are new
        for run in self.runs:
            run.takings.write(self.unit)
        for fact in self.given_variance:
            if not fact.is_new:
                self._set(fact, "variance_id", fact.variance_id)

    def _write_count(self, fact: ReplayedMove) -> None:
        delta = fact.quantity - fact.old_quantity
        self._set(fact, "quantity", fact.quantity)
        self.ws.add_stock(fact.item_id, fact.location_id, delta)
        self.ws.add_month(fact.pool_id, fact.location_id, fact.day // 100, delta, 0, 0)

    def _set(self, fact: ReplayedMove, column: str, value: int | str | None) -> None:
        statement = self.unit.dialect.update(t.move, ("company_id", "move_id"), (column,))
        self.unit.connection.exec_driver_sql(statement, (value, self.unit.company_id, fact.id))

    def _write_pool(self, run: PoolReplay) -> None:
        row, company_id = run.row, self.unit.company_id
        if run.aside and not are_last(self.unit, row.id, run.aside):
            run.state.known_quantity, run.state.known_value = row.known_quantity, row.known_value
        if run.method_changed:
            self.ws.method_of_item(row.item_id, run.method)
        last = max((row.last_at, row.last_sequence), run.last_new)
        pool = Pool(row._replace(method=run.method), run.state, is_new=not run.exists)
        pool.last_at, pool.last_sequence = last
        if pool.is_new:
            self.ws.rows[t.pool].append(pool.row(company_id))
        else:
            self.unit.connection.exec_driver_sql(
                self.unit.dialect.update(t.pool, ("company_id", "pool_id"), CHANGING),
                (*pool.changing(run.state, last), company_id, row.id),
            )

    def _write_layers(self, run: PoolReplay) -> None:
        unit, company_id, state, pool_id = self.unit, self.unit.company_id, run.state, run.row.id
        # once a run has settled, layers with something left are as stored: what took from them later took the same
        layers = [layer for layer in state.created if not (run.settled and layer.remaining)]
        as_stored = {layer.move_id for layer in state.created if run.settled and layer.remaining}
        self._delete_layers(
            pool_id, "move_id" if run.row.area_id else "layer_id", [each for each in run.made if each not in as_stored]
        )
        if run.settled and run.row.area_id:  # a transfer may have brought some that are used up, and some that are not
            self._delete_layers(pool_id, "layer_id", [layer.id for layer in layers])
        created = {layer.id for layer in state.created}
        unit.update(t.layer, ("company_id", "pool_id", "layer_id"), LAYER_CHANGES, [
            layer_change(company_id, pool_id, layer, move)
            for layer_id, (layer, move) in state.changed.items()
            if layer_id not in created and not (run.settled and layer.remaining)
        ])  # fmt: skip
        for layer in layers:
            self.ws.rows[t.layer].append(layer_row(company_id, pool_id, layer, state.changed.get(layer.id, (None, None))[1]))

    def _delete_layers(self, pool_id: int, named: str, ids: list[int]) -> None:
        for start in range(0, len(ids), TOGETHER):
            self.unit.run(
                f"DELETE FROM layer WHERE company_id = ? AND pool_id = ? AND {self.unit.among(named)}",
                pool_id,
                self.unit.listed(ids[start : start + TOGETHER]),
            )

    def _write_covers(self, run: PoolReplay) -> None:
        """What receipts cover, where they covered something or do now. A pool with covers of before is folded to its end."""
        unit, company_id = self.unit, self.unit.company_id
        for receipt_id in run.old_covers:
            unit.run("DELETE FROM consumption WHERE company_id = ? AND layer_id = ? AND estimate IS NOT NULL", receipt_id)
        self.ws.rows[t.consumption] += [
            (company_id, cover.move_id, receipt_id, cover.quantity, cover.value, cover.estimate) for receipt_id, cover in run.covers
        ]
