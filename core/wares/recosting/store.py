"""Storing the results of a recosting: pools, layers, consumptions, and the moves whose own rows change."""

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
    """The projections of the pools of one recosting."""

    def __init__(self, unit: Unit, ws: WorkingSet, replays: Iterable[PoolReplay], given_variance: Iterable[ReplayedMove]) -> None:
        self.unit = unit
        self.ws = ws
        self.replays = replays
        self.given_variance = given_variance  # moves that got a variance account

    def write(self) -> None:
        """Store pools, layers and consumptions as replayed, and the moves that found another quantity, method or account."""
        for replay in self.replays:
            replay.give_layers_back()
            if not replay.converged:
                self._write_pool(replay)
            self._write_layers(replay)
            replay.consumptions.clear(self.unit)
            self._write_covers(replay)
            for move in replay.rewritten:
                if move.quantity != move.old_quantity:
                    self._write_count(move)
                if move.method != move.old_method:
                    self._set(move, "method", move.method)
        self.ws.flush()  # the new moves, which consumptions refer to
        for replay in self.replays:
            replay.consumptions.write(self.unit)
        for move in self.given_variance:
            if not move.is_new:
                self._set(move, "variance_id", move.variance_id)

    def _write_count(self, move: ReplayedMove) -> None:
        delta = move.quantity - move.old_quantity
        self._set(move, "quantity", move.quantity)
        self.ws.add_stock(move.item_id, move.location_id, delta)
        self.ws.add_month(move.pool_id, move.location_id, move.day // 100, delta, 0, 0)

    def _set(self, move: ReplayedMove, column: str, value: int | str | None) -> None:
        statement = self.unit.dialect.update(t.move, ("company_id", "move_id"), (column,))
        self.unit.connection.exec_driver_sql(statement, (value, self.unit.company_id, move.id))

    def _write_pool(self, replay: PoolReplay) -> None:
        request, fold, company_id = replay.request, replay.fold, self.unit.company_id
        row, state = request.row, fold.state
        if request.untouched and not are_last(self.unit, row.id, request.untouched):
            state.know(row.known_quantity, row.known_value)
        if fold.method_changed:
            self.ws.method_of_item(row.item_id, fold.method)
        last = max((row.last_at, row.last_sequence), replay.last_new)
        pool = Pool(row._replace(method=fold.method), state, is_new=request.is_new)
        pool.last_at, pool.last_sequence = last
        if pool.is_new:
            self.ws.rows[t.pool].append(pool.row(company_id))
        else:
            self.unit.connection.exec_driver_sql(
                self.unit.dialect.update(t.pool, ("company_id", "pool_id"), CHANGING),
                (*pool.changing(state, last), company_id, row.id),
            )

    def _write_layers(self, replay: PoolReplay) -> None:
        unit, company_id, row, state = self.unit, self.unit.company_id, replay.request.row, replay.fold.state
        pool_id, converged = row.id, replay.converged
        # after convergence, layers with something left are as stored: later moves took the same from them
        layers = [layer for layer in state.created if not (converged and layer.remaining)]
        as_stored = {layer.move_id for layer in state.created if converged and layer.remaining}
        receipts = [move_id for move_id in replay.receipts if move_id not in as_stored]
        self._delete_layers(pool_id, "move_id" if row.area_id else "layer_id", receipts)
        if converged and row.area_id:  # a transfer may have brought layers that are used up beside layers that are not
            self._delete_layers(pool_id, "layer_id", [layer.id for layer in layers])
        created = {layer.id for layer in state.created}
        unit.update(t.layer, ("company_id", "pool_id", "layer_id"), LAYER_CHANGES, [
            layer_change(company_id, pool_id, layer, move)
            for layer_id, (layer, move) in state.changed.items()
            if layer_id not in created and not (converged and layer.remaining)
        ])  # fmt: skip
        for layer in layers:
            self.ws.rows[t.layer].append(layer_row(company_id, pool_id, layer, state.changed.get(layer.id, (None, None))[1]))

    def _delete_layers(self, pool_id: int, named: str, ids: list[int]) -> None:
        for start in range(0, len(ids), TOGETHER):
            self.unit.run(
                f"DELETE FROM wares_layer WHERE company_id = ? AND pool_id = ? AND {self.unit.among(named)}",
                pool_id,
                self.unit.listed(ids[start : start + TOGETHER]),
            )

    def _write_covers(self, replay: PoolReplay) -> None:
        """Write the covers of receipts that have or had one. A pool with stored covers is replayed to its end."""
        unit, company_id = self.unit, self.unit.company_id
        for receipt_id in replay.covers.stored:
            unit.run("DELETE FROM wares_consumption WHERE company_id = ? AND layer_id = ? AND estimate IS NOT NULL", receipt_id)
        self.ws.rows[t.consumption] += [
            (company_id, cover.move_id, receipt_id, cover.quantity, cover.value, cover.estimate)
            for receipt_id, cover in replay.covers.replayed
        ]
