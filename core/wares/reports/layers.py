"""`stock layers`: the remainder of each receipt, now or at the end of a day."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import NamedTuple

from wares.catalog.masters import MasterBook
from wares.costing.method import CostMethod
from wares.costing.methods import COST_METHODS
from wares.reports.levels import values_of
from wares.storage.tables import OPEN
from wares.storage.unit import Reader
from wares.values import end_of, iso_instant, money, split, unit_value, unscaled


class _Left(NamedTuple):
    pool_id: int
    method: str
    lot: str
    area: str | None
    document: str
    carried_by: str
    effective_at: int
    received: int
    remaining: int
    value: int


_TAKEN_SINCE = (
    " + (SELECT CAST(COALESCE(SUM(c.{column}), 0) AS BIGINT) FROM wares_consumption c "
    "JOIN wares_move x ON x.company_id = c.company_id AND x.move_id = c.move_id WHERE c.company_id = y.company_id "
    "AND c.layer_id = y.layer_id AND c.estimate IS NULL AND x.effective_at >= {end})"
)
"""Adds the consumption by moves after the day, which the layer still had at the day's end."""


def list_layers(
    reader: Reader, masters: MasterBook, sku: str, at: int | None = None, methods: Mapping[str, CostMethod] | None = None
) -> list[dict[str, object]]:
    """Return the remainder of each receipt, pool by pool in the order of age; the values sum to the pool's value in the ledger.

    If a pool is valued as a whole, that value is split by quantity. If something was posted or revalued since, it is split by
    the values of the layers.
    """
    item = masters.item(sku)
    known = methods if methods is not None else {method.key: method for method in COST_METHODS}
    worth = values_of(reader, [item.id], at)
    rows: list[dict[str, object]] = []
    for pool_id, group in groupby(_layers_of(reader, item.id, at), key=lambda left: left.pool_id):
        layers = list(group)
        method = known.get(layers[0].method)
        values = _values_of(layers, sum(worth.get(pool_id, {}).values()), layered=method is None or method.layered)
        rows += [_row(layer, value, reader) for layer, value in zip(layers, values, strict=True)]
    return rows


def _values_of(layers: list[_Left], whole: int, *, layered: bool) -> list[int]:
    own = [layer.value for layer in layers]
    if layered and sum(own) == whole:
        return own
    by_value = layered and min(own) >= 0 and sum(own) > 0
    return split(whole, own if by_value else [layer.remaining for layer in layers])


def _layers_of(reader: Reader, item_id: int, at: int | None) -> list[_Left]:
    """Return the layers of an item's pools with a remaining quantity, now or at the end of a day."""
    end = OPEN if at is None else end_of(at)
    quantity, value = ("" if at is None else _TAKEN_SINCE.format(column=column, end=end) for column in ("quantity", "value"))
    pools = [row[0] for row in reader.rows("SELECT pool_id FROM wares_pool WHERE company_id = ? AND item_id = ?", item_id)]
    rows = reader.rows(
        "SELECT p.pool_id, p.method, p.lot, a.code, d.number, b.number, y.effective_at, y.quantity, "
        f"y.remaining{quantity}, y.value - y.taken{value} "
        "FROM wares_layer y JOIN wares_pool p ON p.company_id = y.company_id AND p.pool_id = y.pool_id "
        "JOIN wares_move m ON m.company_id = y.company_id AND m.move_id = y.move_id "
        "JOIN wares_document b ON b.company_id = m.company_id AND b.document_id = m.document_id "
        "JOIN wares_move s ON s.company_id = y.company_id AND s.move_id = y.source_id "
        "JOIN wares_document d ON d.company_id = s.company_id AND d.document_id = s.document_id "
        "LEFT JOIN wares_location a ON a.company_id = p.company_id AND a.location_id = p.area_id "
        f"WHERE y.company_id = ? AND {reader.among('y.pool_id')} AND y.exhausted_at >= ? AND y.arrived_at < ? "
        "ORDER BY p.pool_id, y.effective_at, y.sequence, y.arrived_at, y.arrived_sequence, y.layer_id",
        reader.listed(pools), end, end,
    )  # fmt: skip
    return [left for left in map(_Left._make, rows) if left.remaining > 0]


def _row(layer: _Left, value: int, reader: Reader) -> dict[str, object]:
    return {
        "document": layer.document, "effective_at": iso_instant(layer.effective_at), "received": unscaled(layer.received),
        "remaining": unscaled(layer.remaining), "value_remaining": money(value, reader.decimals),
        "unit_cost": unscaled(unit_value(value, layer.remaining, reader.decimals)),
        "location": layer.area, "lot": layer.lot or None,
        "carried_by": layer.carried_by if layer.carried_by != layer.document else None,
    }  # fmt: skip
