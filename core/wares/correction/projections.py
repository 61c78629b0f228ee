"""Storing what a sweep folded anew: pools, layers, consumptions, and the counts that found another difference."""

from __future__ import annotations

from collections.abc import Container, Iterable

from wares.correction.facts import Fact
from wares.correction.run import Run
from wares.model import Intent
from wares.storage import tables as t
from wares.storage.unit import Unit
from wares.workingset import CHANGING, LAYER_CHANGES, Pool, WorkingSet, layer_change, layer_row


class Projections:
    """The projections of the pools of one sweep."""

    def __init__(self, unit: Unit, ws: WorkingSet, runs: Iterable[Run], given_variance: Container[int]) -> None:
        self.unit = unit
        self.ws = ws
        self.runs = runs
        self.given_variance = given_variance  # moves that found out where their variance goes

    def write(self) -> None:
        """Store pools, layers and consumptions as folded anew, and the counts that found another difference."""
        for run in self.runs:
            self._write_pool(run)
            self._write_layers(run)
            self._write_consumptions(run)
            for fact in run.facts:
                if not fact.is_new and fact.quantity != fact.old_quantity:
                    self._write_count(fact)
                if not fact.is_new and fact.id in self.given_variance:
                    self._set(fact, "variance_id", fact.variance_id)

    def _write_count(self, fact: Fact) -> None:
        delta = fact.quantity - fact.old_quantity
        self._set(fact, "quantity", fact.quantity)
        self.ws.add_stock(fact.item_id, fact.location_id, delta)
        self.ws.add_month(fact.pool_id, fact.location_id, fact.day // 100, delta, 0, 0)

    def _set(self, fact: Fact, column: str, value: int | None) -> None:
        statement = self.unit.dialect.update(t.move, ("company_id", "move_id"), (column,))
        self.unit.connection.exec_driver_sql(statement, (value, self.unit.company_id, fact.id))

    def _write_pool(self, run: Run) -> None:
        row, company_id = run.row, self.unit.company_id
        if any(fact.intent is Intent.METHOD_CHANGED for fact in (*run.facts, *run.stored)):
            self.ws.method_of_item(row.item_id, run.method)
        last = max([(row.last_at, row.last_sequence), *[fact.key for fact in run.facts[-1:]]])
        pool = Pool(row._replace(method=run.method), run.state, is_new=not run.exists)
        pool.last_at, pool.last_sequence = last
        if pool.is_new:
            self.ws.rows[t.pool].append(pool.row(company_id))
        else:
            self.unit.connection.exec_driver_sql(
                self.unit.dialect.update(t.pool, ("company_id", "pool_id"), CHANGING),
                (*pool.changing(run.state, last), company_id, row.id),
            )

    def _write_layers(self, run: Run) -> None:
        unit, company_id, state, pool_id = self.unit, self.unit.company_id, run.state, run.row.id
        unit.run(
            "DELETE FROM layer WHERE company_id = ? AND pool_id = ? AND (effective_at, sequence) >= (?, ?)", pool_id, *run.start
        )
        created = {layer.move_id for layer in state.created}
        by = {move_id: move for move_id, (_, move) in state.changed.items()}
        opening = {move_id: layer for move_id, (layer, _) in state.changed.items() if move_id not in created}
        rows = [layer_change(company_id, pool_id, layer, by.get(move_id)) for move_id, layer in opening.items()]
        if rows:
            statement = unit.dialect.update(t.layer, ("company_id", "pool_id", "move_id"), LAYER_CHANGES)
            unit.connection.exec_driver_sql(statement, rows)
        self.ws.rows[t.layer] += [layer_row(company_id, pool_id, layer, by.get(layer.move_id)) for layer in state.created]

    def _write_consumptions(self, run: Run) -> None:
        unit = self.unit
        gone = [fact.id for fact in run.stored if fact.quantity < 0 or fact.old_quantity < 0]
        for chunk in range(0, len(gone), 20_000):
            unit.run(
                f"DELETE FROM consumption WHERE company_id = ? AND {unit.among('move_id')} AND estimate IS NULL",
                unit.listed(gone[chunk : chunk + 20_000]),
            )
        for layer_id in run.old_covers:
            unit.run("DELETE FROM consumption WHERE company_id = ? AND layer_id = ? AND estimate IS NOT NULL", layer_id)
        self.ws.rows[t.consumption] += run.consumed
