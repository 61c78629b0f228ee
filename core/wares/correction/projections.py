"""Storing what a sweep folded anew: pools, layers, consumptions, and the counts that found another difference."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from wares.correction.aside import are_last
from wares.correction.dependencies import TOGETHER
from wares.correction.facts import Fact
from wares.correction.run import Run
from wares.model import Intent
from wares.pools import END
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
            if not run.settled:
                self._write_pool(run)
            self._write_layers(run)
            self._write_consumptions(run)
            for fact in run.folded:
                if not fact.is_new and fact.quantity != fact.old_quantity:
                    self._write_count(fact)
                if not fact.is_new and fact.method != fact.old_method:
                    self._set(fact, "method", fact.method)
                if not fact.is_new and fact.id in self.given_variance:
                    self._set(fact, "variance_id", fact.variance_id)

    def _write_count(self, fact: Fact) -> None:
        delta = fact.quantity - fact.old_quantity
        self._set(fact, "quantity", fact.quantity)
        self.ws.add_stock(fact.item_id, fact.location_id, delta)
        self.ws.add_month(fact.pool_id, fact.location_id, fact.day // 100, delta, 0, 0)

    def _set(self, fact: Fact, column: str, value: int | str | None) -> None:
        statement = self.unit.dialect.update(t.move, ("company_id", "move_id"), (column,))
        self.unit.connection.exec_driver_sql(statement, (value, self.unit.company_id, fact.id))

    def _write_pool(self, run: Run) -> None:
        row, company_id = run.row, self.unit.company_id
        if run.aside and not are_last(self.unit, row.id, run.aside):
            run.state.known_quantity, run.state.known_value = row.known_quantity, row.known_value
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
        # once a run has settled, layers with something left are as stored: what took from them later took the same
        layers = [layer for layer in state.created if not (run.settled and layer.remaining)]
        as_stored = {layer.move_id for layer in state.created if run.settled and layer.remaining}
        end = run.folded[-1].key if run.settled else END
        made = [fact.id for fact in run.stored if fact.old_quantity > 0 and fact.key <= end and fact.id not in as_stored]
        named = "move_id" if run.row.area_id else "layer_id"  # the same, but for layers that a transfer brought
        for start in range(0, len(made), TOGETHER):
            unit.run(
                f"DELETE FROM layer WHERE company_id = ? AND pool_id = ? AND {unit.among(named)}",
                pool_id,
                unit.listed(made[start : start + TOGETHER]),
            )
        created = {layer.id for layer in state.created}
        by = {layer_id: move for layer_id, (_, move) in state.changed.items()}
        rows = [
            layer_change(company_id, pool_id, layer, by[layer_id])
            for layer_id, (layer, _) in state.changed.items()
            if layer_id not in created and not (run.settled and layer.remaining)
        ]
        if rows:
            statement = unit.dialect.update(t.layer, ("company_id", "pool_id", "layer_id"), LAYER_CHANGES)
            unit.connection.exec_driver_sql(statement, rows)
        self.ws.rows[t.layer] += [layer_row(company_id, pool_id, layer, by.get(layer.id)) for layer in layers]

    def _write_consumptions(self, run: Run) -> None:
        """Where a move takes from the same layers, only what it took is set; else its rows are written anew."""
        unit, company_id = self.unit, self.unit.company_id
        gone: list[int] = []
        amounts: list[tuple[int, ...]] = []
        rows: list[tuple[Any, ...]] = self.ws.rows[t.consumption]
        for move_id, before, now in run.retaken:
            if [part[0] for part in before] == [part[0] for part in now]:
                amounts += [(part[1], part[2], company_id, move_id, part[0]) for part in now]
                continue
            if before:
                gone.append(move_id)
            rows += [(company_id, move_id, *part, None) for part in now]
        for start in range(0, len(gone), TOGETHER):
            unit.run(
                f"DELETE FROM consumption WHERE company_id = ? AND {unit.among('move_id')} AND estimate IS NULL",
                unit.listed(gone[start : start + TOGETHER]),
            )
        if amounts:
            statement = unit.dialect.update(t.consumption, ("company_id", "move_id", "layer_id"), ("quantity", "value"))
            unit.connection.exec_driver_sql(statement, amounts)
        for layer_id in run.old_covers:
            unit.run("DELETE FROM consumption WHERE company_id = ? AND layer_id = ? AND estimate IS NOT NULL", layer_id)
        rows += [
            (company_id, cover.move_id, receipt_id, cover.quantity, cover.value, cover.estimate) for receipt_id, cover in run.covers
        ]
