"""The opening state of a pool: as it stood just before a moment, worked out from what it is now and what happened since.

Nothing of this depends on how much happened before. Totals are those of now without what came since, layers that later moves took
from get it back, and the others are read when a fold comes to them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from wares.correction.facts import BEGINNING
from wares.costing.layer import Layer
from wares.costing.pool import PoolState
from wares.costmethod import CostMethod
from wares.model import Intent, Short
from wares.pools import LAYER_COLUMNS, STANDING, VALUE, Key, PoolRow, find_layers, method_of, more_layers, owed_at, uncovered
from wares.storage.tables import OF_TOTALS_MOVES
from wares.storage.unit import Reader
from wares.values import unit_value

TOOK_SHORT = (
    "(m.short > 0 AND -m.quantity > (SELECT COALESCE(SUM(c.quantity), 0) FROM consumption c WHERE c.company_id = m.company_id "
    "AND c.move_id = m.move_id AND c.estimate IS NULL))"
)
"""An issue that really took more than there was, not only one that might have."""


class Since(NamedTuple):
    """What happened to a pool from a moment on, as stored: what its opening state is worked out from."""

    quantity: int
    value: int
    taken: Mapping[int, tuple[int, int]]  # layer made before → quantity and value that were taken from it


def state_before(
    reader: Reader, row: PoolRow, start: Key, since: Since, methods: Mapping[str, CostMethod]
) -> tuple[PoolState, str]:
    """A pool just before `start`, and the method that folded it then."""
    before = (
        f"FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) < (?, ?) AND {STANDING} "
        f"AND m.intent <> {int(Intent.NEUTRAL)} "
    )
    latest = "ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 1"
    at = (row.id, *start)
    key, rate = row.first_method, row.first_rate
    method_changed = BEGINNING
    for intent, stated, method, *changed in reader.rows(
        f"SELECT m.intent, m.stated, m.method, m.effective_at, m.sequence {before} AND m.{OF_TOTALS_MOVES} "
        f"AND m.intent >= {int(Intent.REVALUED_TO)} ORDER BY m.effective_at, m.sequence",
        *at,
    ):
        if intent == Intent.METHOD_CHANGED and method != key:
            key = method
            method_changed = changed[0], changed[1]
            if method_of(methods, key).fixed_rate:
                rate = _rate_at_change(reader, f"SELECT m.quantity AS q, {VALUE} AS w {before}", (row.id, *changed), stated)
        elif intent == Intent.REVALUED_TO:
            rate = stated
    quantity, value = row.quantity - since.quantity, row.value - since.value
    base_quantity, base_value = quantity, value
    goods_back = ", ".join(
        str(int(intent)) for intent in (Intent.AS_CAME, Intent.UNCOUNTED, Intent.REVALUED_TO, Intent.REVALUED_BY)
    )
    last = reader.row(
        f"SELECT m.effective_at, m.sequence {before} AND (m.quantity > 0 OR {TOOK_SHORT} OR m.intent IN ({goods_back})) {latest}",
        *at,
    )
    anchor = max(method_changed, last or BEGINNING)
    if anchor != BEGINNING:
        issued = reader.row(
            "SELECT CAST(COALESCE(SUM(q), 0) AS BIGINT), CAST(COALESCE(SUM(w), 0) AS BIGINT) FROM "
            f"(SELECT m.quantity AS q, {VALUE} AS w {before} AND (m.effective_at, m.sequence) > (?, ?)) AS s",
            *at,
            *anchor,
        )
        assert issued is not None
        base_quantity, base_value = quantity - issued[0], value - issued[1]
    known = _known_before(reader, f"SELECT m.quantity, {VALUE}, m.move_id, m.short, m.effective_at, m.sequence {before} "
                          "AND m.quantity <> 0 ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 4", at)  # fmt: skip
    newest = method_of(methods, key).newest_first
    layers = _Layers(reader, row, start, since.taken, newest_first=newest)
    state = PoolState(
        quantity,
        value,
        base_quantity,
        base_value,
        *known,
        more=layers.more,
        find=layers.find,
        newest_first=newest,
        rate=rate,
        decimals=reader.decimals,
        owed=owed_at(reader, row.id, -quantity, start) if quantity < 0 else (),
    )
    state.changed = {layer_id: (layer, None) for layer_id, layer in layers.given_back.items()}
    return state, key


def state_without(reader: Reader, row: PoolRow, since: Since, methods: Mapping[str, CostMethod]) -> PoolState:
    """A pool as it stands now, without goods that nothing was taken from. Its layers are left where they are."""
    quantity, value = row.quantity - since.quantity, row.value - since.value
    newest_first = method_of(methods, row.method).newest_first
    return PoolState(quantity, value, quantity, value, newest_first=newest_first, rate=row.rate, decimals=reader.decimals)


def _rate_at_change(reader: Reader, moves: str, at: tuple[int, ...], fallback: int | None) -> int | None:
    """The standard rate at which a change of method began: what a unit of the pool was worth then."""
    row = reader.row(
        f"SELECT CAST(COALESCE(SUM(q), 0) AS BIGINT), CAST(COALESCE(SUM(w), 0) AS BIGINT) FROM ({moves}) AS s",
        *at,
    )
    quantity, value = row or (0, 0)
    return unit_value(value, quantity, reader.decimals) if quantity > 0 else fallback


def _known_before(reader: Reader, last_moves: str, at: tuple[int, ...]) -> tuple[int, int]:
    """Quantity and value of the last move. Of an issue that took too much: what was missing, at its estimate, whatever covered it
    since; where it was not estimated, what it took of what there was, else the move before it."""
    before = at
    while page := reader.rows(last_moves, *before):
        for quantity, value, move_id, short, *key in page:
            before = (at[0], *key)
            if not short:
                return abs(quantity), abs(value)
            owed = uncovered(reader, move_id, -quantity, value, (at[1], at[2]))
            if not owed.quantity:
                return abs(quantity), abs(value)
            if short != Short.AT_NOTHING:
                return owed.quantity, owed.estimate
            if owed.quantity < -quantity:
                return -quantity - owed.quantity, _worth_at_once(reader, move_id)
    return 0, 0


def _worth_at_once(reader: Reader, move_id: int) -> int:
    """What an issue took of what was there."""
    row = reader.row(
        "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM consumption WHERE company_id = ? AND move_id = ? AND estimate IS NULL",
        move_id,
    )
    return row[0] if row else 0


class _Layers:
    """The layers that were open just before a moment, in the order of consumption.

    What later moves took is given back at once, to layers that are read by their ids; all others are open still, untouched since,
    and are read in pages when the walk reaches them.
    """

    def __init__(
        self, reader: Reader, row: PoolRow, start: Key, taken: Mapping[int, tuple[int, int]], *, newest_first: bool
    ) -> None:
        self.newest_first = newest_first
        self.start = start
        self.given_back = self._read(reader, row.id, taken)
        for layer_id, layer in self.given_back.items():
            quantity, value = taken[layer_id]
            layer.remaining += quantity
            layer.taken -= value
        self._waiting = deque(self._ordered([*self.given_back.values()]))
        self._untouched = more_layers(reader, row.id, newest_first, before=start)
        self._find = find_layers(reader, row)
        self._last: Layer | None = None
        self._all_read = False

    @staticmethod
    def _read(reader: Reader, pool_id: int, ids: Iterable[int]) -> dict[int, Layer]:
        statement = f"SELECT {LAYER_COLUMNS} FROM layer WHERE company_id = ? AND pool_id = ? AND {reader.among('layer_id')}"
        found = [Layer(*row) for row in reader.rows(statement, pool_id, reader.listed(ids))] if ids else []
        return {layer.id: layer for layer in found}

    def _ordered(self, layers: list[Layer]) -> list[Layer]:
        return sorted(layers, key=lambda layer: layer.key, reverse=self.newest_first)

    def more(self, _last: Layer | None) -> list[Layer]:
        """The next page: open ones, and among them by age those that were given something back."""
        page = [] if self._all_read else self._untouched(self._last)
        self._all_read = not page
        found = [layer for layer in page if layer.id not in self.given_back]
        self._last = page[-1] if page else None
        while self._waiting and (self._last is None or self._in_order(self._waiting[0], self._last)):
            found.append(self._waiting.popleft())
        return self._ordered(found)

    def _in_order(self, one: Layer, other: Layer) -> bool:
        return one.key >= other.key if self.newest_first else one.key <= other.key

    def find(self, move_id: int) -> list[Layer]:
        """The layers that go back to a move, or that it brought, of those that were open then."""
        given_back = [layer for layer in self.given_back.values() if move_id in (layer.source, layer.move_id)]
        untouched = [layer for layer in self._find(move_id) if layer.id not in self.given_back and layer.arrived < self.start]
        return [*given_back, *untouched]
