"""Pools as stored: their rows, their open layers and their issues not covered yet, now or just before a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from wares.costing.layer import Layer, Owed
from wares.costing.method import CostMethod
from wares.costing.open_layers import FindLayers, MoreLayers
from wares.costing.pool import PoolState
from wares.errors import Refused
from wares.model import Intent
from wares.storage.tables import OF_TOTALS_MOVES, OPEN, STANDING
from wares.storage.unit import Reader

Key = tuple[int, int]
"""Effective instant and sequence: the order of moves."""
END: Key = (2**62, 2**62)

LAYERS_AT_FIRST = 4
LAYERS_LATER = 256

VALUE = (
    "(SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM wares_valuation v "
    "WHERE v.company_id = m.company_id AND v.move_id = m.move_id)"
)
POOL_COLUMNS = (
    "pool_id, item_id, area_id, lot, method, account_id, first_method, first_rate, rate, quantity, value, base_quantity, "
    "base_value, known_quantity, known_value, last_at, last_sequence"
)
LAYER_COLUMNS = (
    "move_id, effective_at, sequence, quantity, value, remaining, taken, base_quantity, base_value, layer_id, source_id, "
    "arrived_at, arrived_sequence"
)
LAYER_KEY = ("effective_at", "sequence", "arrived_at", "arrived_sequence", "layer_id")
"""The order of consumption (`Layer.key`)."""


class PoolRow(NamedTuple):
    """A row of table `pool`. Quantities and rates are millionths, values minor units, instants microseconds since 1970 (UTC)."""

    id: int
    item_id: int
    area_id: int  # the location, where each is costed by itself; else 0
    lot: str  # "" unless each lot is costed by itself
    method: str
    account_id: int  # its inventory account
    first_method: str  # the cost method that the pool began with
    first_rate: int | None  # the standard rate that the pool began with
    rate: int | None  # the standard rate in force
    quantity: int
    value: int
    base_quantity: int  # `quantity` after the last change that was not an issue
    base_value: int  # `value` then
    known_quantity: int  # of the last known unit value; −1: to be read from the moves (`last_known`)
    known_value: int  # its value
    last_at: int  # instant of its last move
    last_sequence: int


def pools_of(reader: Reader, item_ids: Iterable[int]) -> list[PoolRow]:
    """Return the pools of these items."""
    rows = reader.rows(
        f"SELECT {POOL_COLUMNS} FROM wares_pool WHERE company_id = ? AND {reader.among('item_id')}", reader.listed(item_ids)
    )
    return [PoolRow(*row) for row in rows]


def held_of_lots(reader: Reader, pool_ids: list[int]) -> dict[tuple[int, int], int]:
    """Return (pool, location) → quantity on hand there, millionths, of these pools of lots."""
    if not pool_ids:
        return {}
    rows = reader.rows(
        "SELECT pool_id, location_id, CAST(SUM(quantity) AS BIGINT) FROM wares_pool_month "
        f"WHERE company_id = ? AND {reader.among('pool_id')} GROUP BY pool_id, location_id",
        reader.listed(pool_ids),
    )
    return {(pool_id, location_id): held for pool_id, location_id, held in rows}


def pool_row(reader: Reader, pool_id: int) -> PoolRow | None:
    """Return one pool; None if there is none."""
    row = reader.row(f"SELECT {POOL_COLUMNS} FROM wares_pool WHERE company_id = ? AND pool_id = ?", pool_id)
    return PoolRow(*row) if row is not None else None


def method_of(methods: Mapping[str, CostMethod], key: str) -> CostMethod:
    """Return a registered cost method. Raises Refused METHOD_MISSING."""
    method = methods.get(key)
    if method is None:
        raise Refused.because(
            "METHOD_MISSING", f"the cost method {key!r} is not installed", hint="install the plugin that brings it"
        )
    return method


def method_before(reader: Reader, pool_id: int, before: Key, *, besides: Container[int] = ()) -> str | None:
    """Return the method that a pool was last changed to before a moment, without the changes in `besides`; None if it still had its
    first one."""
    changes = reader.rows(
        f"SELECT m.move_id, m.method FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? AND m.{OF_TOTALS_MOVES} "
        f"AND (m.effective_at, m.sequence) < (?, ?) AND m.intent = {int(Intent.METHOD_CHANGED)} AND {STANDING} "
        "ORDER BY m.effective_at DESC, m.sequence DESC",
        pool_id,
        *before,
    )
    return next((method for move_id, method in changes if move_id not in besides), None)


def states_now(reader: Reader, rows: list[PoolRow], methods: Mapping[str, CostMethod]) -> dict[int, PoolState]:
    """Return the state of each pool as stored, with the few layers that are consumed first; the others are read when asked for."""
    newest = {row.id: (method := methods.get(row.method)) is not None and method.newest_first for row in rows}
    first = _first_layers(reader, [row.id for row in rows if row.quantity > 0], newest)
    states = {}
    for row in rows:
        layers = first.get(row.id, [])
        more = None if len(layers) < LAYERS_AT_FIRST else more_layers(reader, row.id, newest[row.id])
        states[row.id] = PoolState(
            row.quantity,
            row.value,
            row.base_quantity,
            row.base_value,
            row.known_quantity,
            row.known_value,
            layers,
            more,
            find=find_layers(reader, row),
            newest_first=newest[row.id],
            rate=row.rate,
            decimals=reader.decimals,
            owed=owed_at(reader, row.id, -row.quantity, END) if row.quantity < 0 else (),
        )
    return states


def _first_layers(reader: Reader, pool_ids: list[int], newest: Mapping[int, bool]) -> dict[int, list[Layer]]:
    """Return the first few open layers of each pool by one statement; each part walks the index and stops."""
    found: dict[int, list[Layer]] = defaultdict(list)
    for start in range(0, len(pool_ids), 200):
        some = pool_ids[start : start + 200]
        parts = [
            f"SELECT * FROM (SELECT pool_id, {LAYER_COLUMNS} FROM wares_layer WHERE company_id = ? AND pool_id = ? "
            f"AND exhausted_at = {OPEN} ORDER BY {_order(newest[pool_id])} LIMIT {LAYERS_AT_FIRST}) AS l"
            for pool_id in some
        ]
        parameters = [value for pool_id in some for value in (reader.company_id, pool_id)]
        for pool_id, *layer in reader.rows(" UNION ALL ".join(parts), *parameters[1:]):
            found[pool_id].append(Layer(*layer))
    for pool_id, layers in found.items():
        layers.sort(key=lambda layer: layer.key, reverse=newest[pool_id])
    return found


def _order(newest_first: bool) -> str:
    return ", ".join(f"{column} DESC" if newest_first else column for column in LAYER_KEY)


def more_layers(reader: Reader, pool_id: int, newest_first: bool, *, before: Key = END) -> MoreLayers:
    """Return a reader of the open layers that came in before a moment, in pages in the order of consumption."""
    after, start = ("<", END[0]) if newest_first else (">", -END[0])
    statement = (
        f"SELECT {LAYER_COLUMNS} FROM wares_layer WHERE company_id = ? AND pool_id = ? AND exhausted_at = {OPEN} "
        "AND (effective_at, sequence) < (?, ?) AND (arrived_at, arrived_sequence) < (?, ?) "  # the age is never later
        f"AND ({', '.join(LAYER_KEY)}) {after} (?, ?, ?, ?, ?) ORDER BY {_order(newest_first)} LIMIT {LAYERS_LATER}"
    )

    def more(last: Layer | None) -> list[Layer]:
        beyond = last.key if last is not None else (start,) * len(LAYER_KEY)
        return [Layer(*row) for row in reader.rows(statement, pool_id, *before, *before, *beyond)]

    return more


def find_layers(reader: Reader, row: PoolRow) -> FindLayers:
    """Return a reader of the open layers that go back to a move, or that it brought."""
    statement = f"SELECT {LAYER_COLUMNS} FROM wares_layer WHERE company_id = ? AND pool_id = ? AND remaining > 0 AND "

    def find(move_id: int) -> list[Layer]:
        found = reader.rows(statement + "layer_id = ?", row.id, move_id)
        if row.area_id:
            found = [*found, *reader.rows(statement + "layer_id < 0 AND ? IN (source_id, move_id)", row.id, move_id)]
        return [Layer(*each) for each in found]

    return find


def owed_at(reader: Reader, pool_id: int, missing: int, before: Key) -> list[Owed]:
    """Return the issues that took `missing` more than the pool held just before a moment, oldest first, each with its uncovered
    part."""
    owed: list[Owed] = []
    at = before
    while missing > 0:
        page = reader.rows(
            f"SELECT m.move_id, m.quantity, m.effective_at, m.sequence, {VALUE} FROM wares_move m WHERE m.company_id = ? "
            f"AND m.pool_id = ? AND (m.effective_at, m.sequence) < (?, ?) AND m.quantity < 0 AND m.short > 0 AND {STANDING} "
            "ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 200",
            pool_id,
            *at,
        )
        if not page:
            break
        for move_id, quantity, effective_at, sequence, value in page:
            at = (effective_at, sequence)
            part = uncovered(reader, move_id, -quantity, value, before)
            if part.quantity and missing > 0:
                missing -= part.quantity
                owed.append(part)
    return owed[::-1]


def uncovered(reader: Reader, move_id: int, quantity: int, value: int, before: Key) -> Owed:
    """Return the part of an issue that no receipt had covered before a moment, at its estimate."""
    estimate = -value
    for taken, worth, guess, at, sequence in reader.rows(
        "SELECT c.quantity, c.value, c.estimate, m.effective_at, m.sequence FROM wares_consumption c LEFT JOIN wares_move m "
        "ON m.company_id = c.company_id AND m.move_id = c.layer_id WHERE c.company_id = ? AND c.move_id = ?",
        move_id,
    ):
        in_time = guess is None or (at, sequence) < before
        estimate -= worth if guess is None else worth - guess
        if in_time:
            quantity -= taken
            estimate -= 0 if guess is None else guess
    return Owed(move_id, quantity, estimate)
