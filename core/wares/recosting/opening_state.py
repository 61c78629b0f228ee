"""The opening state of a pool: as it stood just before a moment, worked out from what it is now and what happened since.

Nothing of this depends on how much happened before. Totals are those of now without what came since, layers that later moves took
from get it back, and the others are read when a fold comes to them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from wares.costing.layer import Layer, Owed
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.inventory.pools import (
    LAYER_COLUMNS,
    VALUE,
    Key,
    PoolRow,
    find_layers,
    method_of,
    more_layers,
    owed_at,
    uncovered,
)
from wares.model import VALUE_ONLY, FoldMove, Intent, NegativeStock
from wares.recosting.move_pages import Covered
from wares.recosting.moves import BEGINNING
from wares.storage.tables import OF_TOTALS_MOVES, OPEN, STANDING
from wares.storage.unit import Reader
from wares.values import day_of, end_of_month, unit_value

FEW = 20_000
"""Consumptions of layers that are looked through whatever came since."""

TOOK_SHORT = (
    "(m.short > 0 AND -m.quantity > (SELECT COALESCE(SUM(c.quantity), 0) FROM consumption c WHERE c.company_id = m.company_id "
    "AND c.move_id = m.move_id AND c.estimate IS NULL))"
)
"""An issue that really took more than there was, not only one that might have."""


class Since(NamedTuple):
    """What happened to a pool from a moment on, as stored: what its opening state is worked out from."""

    quantity: int
    value: int
    places: Mapping[int, int]  # quantity by location just before


def since(reader: Reader, pool_id: int, start: Key) -> Since:
    """The sums of the months after `start`, and of what came later in its own."""
    month = day_of(start[0]) // 100
    places: dict[int, int] = defaultdict(int)
    quantity = value = 0
    for location_id, period, moved, worth in reader.rows(
        "SELECT location_id, period, quantity, value FROM pool_month WHERE company_id = ? AND pool_id = ?", pool_id
    ):
        if period > month:
            quantity += moved
            value += worth
        else:
            places[location_id] += moved
    for location_id, moved, worth in reader.rows(
        "SELECT location_id, CAST(SUM(q) AS BIGINT), CAST(SUM(w) AS BIGINT) FROM "
        f"(SELECT m.location_id, m.quantity AS q, {VALUE} AS w FROM move m WHERE m.company_id = ? AND m.pool_id = ? "
        f"AND (m.effective_at, m.sequence) >= (?, ?) AND m.effective_at < ? AND {STANDING}) AS s GROUP BY location_id",
        pool_id,
        *start,
        end_of_month(month),
    ):
        quantity += moved
        value += worth
        places[location_id] -= moved
    return Since(quantity, value, places)


def owed_then(reader: Reader, row: PoolRow, start: Key, since: Since) -> list[Owed]:
    """What issues before `start` took that was not there yet."""
    quantity = row.quantity - since.quantity
    return owed_at(reader, row.id, -quantity, start) if quantity < 0 else []


def covered_since(reader: Reader, owed: Iterable[Owed], start: Key) -> list[Covered]:
    """What receipts from `start` on made of what was owed then, as stored."""
    issues = [each.move_id for each in owed]
    return [] if not issues else [
        (layer_id, move_id, estimate - value) for layer_id, move_id, value, estimate in reader.rows(
            "SELECT c.layer_id, c.move_id, c.value, c.estimate FROM consumption c "
            "JOIN move m ON m.company_id = c.company_id AND m.move_id = c.layer_id WHERE c.company_id = ? "
            f"AND {reader.among('c.move_id')} AND c.estimate IS NOT NULL AND (m.effective_at, m.sequence) >= (?, ?)",
            reader.listed(issues),
            *start,
        )
    ]  # fmt: skip


def revalued_since(reader: Reader, pool_id: int, start: Key) -> bool:
    """Whether something acted on the pool's value as a whole from `start` on."""
    row = reader.row(
        f"SELECT 1 FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) >= (?, ?) "
        f"AND m.{OF_TOTALS_MOVES} AND m.intent IN ({', '.join(str(int(intent)) for intent in sorted(VALUE_ONLY))}) "
        f"AND {STANDING} LIMIT 1",
        pool_id,
        *start,
    )
    return row is not None


def rates_as_stored(reader: Reader, row: PoolRow, methods: Mapping[str, CostMethod]) -> frozenset[int]:
    """The revaluations that set a standard rate: where each location is costed by itself, they were made at all of them."""
    found, method = set(), row.first_method
    for move_id, intent, to in reader.rows(
        f"SELECT m.move_id, m.intent, m.method FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND m.{OF_TOTALS_MOVES} "
        f"AND m.intent IN ({int(Intent.REVALUED_TO)}, {int(Intent.METHOD_CHANGED)}) AND {STANDING} "
        "ORDER BY m.effective_at, m.sequence",
        row.id,
    ):
        if intent == Intent.METHOD_CHANGED:
            method = to
        elif method_of(methods, method).fixed_rate:
            found.add(move_id)
    return frozenset(found)


def state_before(
    reader: Reader, row: PoolRow, start: Key, since: Since, owed: Iterable[Owed], methods: Mapping[str, CostMethod]
) -> tuple[PoolState, str, Layers]:
    """A pool just before `start`, when issues `owed` something to it; the method that folded it then, and its open layers."""
    before = (
        f"FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) < (?, ?) AND {STANDING} "
        f"AND m.intent <> {int(Intent.QUANTITY_ONLY)} "
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
        str(int(intent)) for intent in (Intent.AT_RECEIPT_COST, Intent.COUNT_REVERSED, Intent.REVALUED_TO, Intent.REVALUED_BY)
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
    layers = Layers(reader, row, start, newest_first=newest)
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
        owed=owed,
        changed=layers.changed,
    )
    return state, key, layers


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
            if short != NegativeStock.AT_NOTHING:
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


class Layers:
    """The layers that were open just before a moment, in the order of consumption.

    Those used up since are read at once, the others when the walk reaches them. What moves since then took from a layer is given
    back to it when it is read.
    """

    def __init__(self, reader: Reader, row: PoolRow, start: Key, *, newest_first: bool) -> None:
        self.reader = reader
        self.pool_id = row.id
        self.newest_first = newest_first
        self.start = start
        self.changed: dict[int, tuple[Layer, FoldMove | None]] = {}
        """The state's own: a layer that was given something back differs from what is stored, whoever takes from it."""
        self._read: dict[int, Layer] = {}  # those that were given something back
        self._waiting = deque(self._ordered(self._given_back(self._used_up_since())))
        self._untouched = more_layers(reader, row.id, newest_first, before=start)
        self._find = find_layers(reader, row)
        self._last: Layer | None = None
        self._all_read = False

    def more(self, _last: Layer | None) -> list[Layer]:
        """The next page: open ones, and among them by age those used up since."""
        page = [] if self._all_read else self._untouched(self._last)
        self._all_read = not page
        found = self._given_back(page)
        self._last = page[-1] if page else None
        while self._waiting and (self._last is None or self._in_order(self._waiting[0], self._last)):
            found.append(self._waiting.popleft())
        return self._ordered(found)

    def find(self, move_id: int) -> list[Layer]:
        """The layers that go back to a move, or that it brought, of those that were open then."""
        used_up = [layer for layer in self._waiting if move_id in (layer.source, layer.move_id)]
        return [*used_up, *self._given_back([layer for layer in self._find(move_id) if layer.arrived < self.start])]

    def among(self, layer_ids: Iterable[int]) -> list[Layer]:
        """Layers by their ids, as they were then."""
        ids = sorted(layer_ids)
        statement = f"SELECT {LAYER_COLUMNS} FROM layer WHERE company_id = ? AND pool_id = ? AND {self.reader.among('layer_id')}"
        rows = self.reader.rows(statement, self.pool_id, self.reader.listed(ids)) if ids else ()
        return self._given_back([Layer(*row) for row in rows])

    def _used_up_since(self) -> list[Layer]:
        return [
            Layer(*row)
            for row in self.reader.rows(
                f"SELECT {LAYER_COLUMNS} FROM layer WHERE company_id = ? AND pool_id = ? AND exhausted_at >= ? "
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
        """These layers with what moves since took from them; the same object for each whoever asks."""
        asked = {layer.id: layer for layer in layers if layer.remaining < layer.quantity and layer.id not in self._read}
        for layer_id, quantity, value in self._taken_since([*asked]) if asked else ():
            layer = asked[layer_id]
            layer.remaining += quantity
            layer.taken -= value
            self._read[layer_id] = layer
            self.changed[layer_id] = (layer, None)
        return [self._read.get(layer.id, layer) for layer in layers]

    def _taken_since(self, ids: list[int]) -> list[tuple[int, int, int]]:
        """Layer, quantity and value that moves took since. By the layers, unless so much was ever taken from them that it is less
        to look through what moved since."""
        reader, listed = self.reader, self.reader.listed(ids)
        many = reader.row(
            f"SELECT 1 FROM consumption WHERE company_id = ? AND {reader.among('layer_id')} LIMIT 1 OFFSET {FEW}", listed
        )
        if many is None:
            taken = "consumption c CROSS JOIN move m"
        else:
            taken = "move m CROSS JOIN consumption c"
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
