"""The open layers of a pool as they stood just before a moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from wares.costing.layer import Layer
from wares.inventory.pools import LAYER_COLUMNS, Key, PoolRow, find_layers, more_layers
from wares.model import FoldMove
from wares.storage.tables import OPEN
from wares.storage.unit import Reader

FEW = 20_000
"""Consumptions of layers that are looked through, however few moves came since."""


class OpeningLayers:
    """The layers that were open just before a moment, in the order of consumption.

    Those used up since are read at once, the others when the replay reaches them. The later consumptions of a layer are given back
    to it when it is read.
    """

    def __init__(self, reader: Reader, row: PoolRow, start: Key, *, newest_first: bool) -> None:
        self.reader = reader
        self.pool_id = row.id
        self.newest_first = newest_first
        self.start = start
        self.changed: dict[int, tuple[Layer, FoldMove | None]] = {}
        """The state's own: a layer that was given something back differs from the stored one, whoever takes from it."""
        self._read: dict[int, Layer] = {}  # the layers that were given something back
        self._waiting = deque(self._ordered(self._given_back(self._used_up_since())))
        self._untouched = more_layers(reader, row.id, newest_first, before=start)
        self._find = find_layers(reader, row)
        self._last: Layer | None = None
        self._all_read = False

    def more(self, _last: Layer | None) -> list[Layer]:
        """Return the next page: open layers, and among them by age those used up since."""
        page = [] if self._all_read else self._untouched(self._last)
        self._all_read = not page
        found = self._given_back(page)
        self._last = page[-1] if page else None
        while self._waiting and (self._last is None or self._in_order(self._waiting[0], self._last)):
            found.append(self._waiting.popleft())
        return self._ordered(found)

    def find(self, move_id: int) -> list[Layer]:
        """Return the layers that go back to a move, or that it brought, of those that were open then."""
        used_up = [layer for layer in self._waiting if move_id in (layer.source, layer.move_id)]
        return [*used_up, *self._given_back([layer for layer in self._find(move_id) if layer.arrived < self.start])]

    def among(self, layer_ids: Iterable[int]) -> list[Layer]:
        """Return layers by their ids, as they were then."""
        ids = sorted(layer_ids)
        statement = (
            f"SELECT {LAYER_COLUMNS} FROM wares_layer WHERE company_id = ? AND pool_id = ? AND {self.reader.among('layer_id')}"
        )
        rows = self.reader.rows(statement, self.pool_id, self.reader.listed(ids)) if ids else ()
        return self._given_back([Layer(*row) for row in rows])

    def _used_up_since(self) -> list[Layer]:
        return [
            Layer(*row)
            for row in self.reader.rows(
                f"SELECT {LAYER_COLUMNS} FROM wares_layer WHERE company_id = ? AND pool_id = ? AND exhausted_at >= ? "
                f"AND exhausted_at < {OPEN} AND (exhausted_at, exhausted_sequence) >= (?, ?) "
                "AND (effective_at, sequence) < (?, ?) AND (arrived_at, arrived_sequence) < (?, ?)",
                self.pool_id,
                self.start[0],
                *self.start,
                *self.start,
                *self.start,
            )
        ]

    def _given_back(self, layers: list[Layer]) -> list[Layer]:
        """Return these layers with later consumptions given back; the same object for each layer, whoever asks."""
        asked = {layer.id: layer for layer in layers if layer.remaining < layer.quantity and layer.id not in self._read}
        for layer_id, quantity, value in self._taken_since([*asked]) if asked else ():
            layer = asked[layer_id]
            layer.remaining += quantity
            layer.taken -= value
            self._read[layer_id] = layer
            self.changed[layer_id] = (layer, None)
        return [self._read.get(layer.id, layer) for layer in layers]

    def _taken_since(self, ids: list[int]) -> list[tuple[int, int, int]]:
        """Return layer, quantity and value of later consumptions. They are found by the layers, or by the later moves where the
        layers have more than FEW consumptions."""
        reader, listed = self.reader, self.reader.listed(ids)
        many = reader.row(
            f"SELECT 1 FROM wares_consumption WHERE company_id = ? AND {reader.among('layer_id')} LIMIT 1 OFFSET {FEW}", listed
        )
        if many is None:
            taken = "wares_consumption c CROSS JOIN wares_move m"
        else:
            taken = "wares_move m CROSS JOIN wares_consumption c"
        return reader.rows(
            f"SELECT c.layer_id, CAST(SUM(c.quantity) AS BIGINT), CAST(SUM(c.value) AS BIGINT) FROM {taken} "
            f"WHERE c.company_id = ? AND {reader.among('c.layer_id')} AND c.estimate IS NULL AND m.company_id = c.company_id "
            "AND m.move_id = c.move_id AND m.pool_id = ? AND (m.effective_at, m.sequence) >= (?, ?) GROUP BY c.layer_id",
            listed,
            self.pool_id,
            *self.start,
        )

    def _ordered(self, layers: list[Layer]) -> list[Layer]:
        return sorted(layers, key=lambda layer: layer.key, reverse=self.newest_first)

    def _in_order(self, one: Layer, other: Layer) -> bool:
        return one.key >= other.key if self.newest_first else one.key <= other.key


def stored_bases(reader: Reader, pool_id: int, layer_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return quantity and value of the base of layers."""
    rows = reader.rows(
        "SELECT layer_id, base_quantity, base_value FROM wares_layer WHERE company_id = ? AND pool_id = ? "
        f"AND {reader.among('layer_id')}",
        pool_id,
        reader.listed(sorted(layer_ids)),
    )
    return {layer_id: (quantity, value) for layer_id, quantity, value in rows}
