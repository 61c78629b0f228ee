"""Layers and their consumption as rows of their tables."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from wares.costing.fold import Folded
from wares.costing.layer import Layer
from wares.model import FoldMove
from wares.storage.tables import OPEN


class LayerRow(NamedTuple):
    """A row of table `layer`. Quantities are millionths, values minor units, instants microseconds since 1970 (UTC)."""

    company_id: int
    pool_id: int
    layer_id: int
    effective_at: int
    sequence: int
    move_id: int
    source_id: int
    arrived_at: int
    arrived_sequence: int
    quantity: int
    value: int
    remaining: int
    taken: int
    base_quantity: int
    base_value: int
    exhausted_by: int | None
    exhausted_at: int
    exhausted_sequence: int


class ConsumptionRow(NamedTuple):
    """A row of table `consumption`. Quantities are millionths, values minor units."""

    company_id: int
    move_id: int
    layer_id: int
    quantity: int
    value: int
    estimate: int | None = None  # the value until this layer covered the part


_consumption_row = partial(tuple.__new__, ConsumptionRow)

LAYER_CHANGES = (
    "value", "remaining", "taken", "base_quantity", "base_value", "exhausted_by", "exhausted_at", "exhausted_sequence",
)  # fmt: skip
"""The columns of a layer that later moves change."""
LayerChange = tuple[int, int, int, int, int, int | None, int, int, int, int, int]
"""The values of LAYER_CHANGES, then the key: company, pool and layer."""


def layer_row(company_id: int, pool_id: int, layer: Layer, by: FoldMove | None) -> LayerRow:
    """Return the row of a new layer; `by` is the move that took from it last."""
    arrived_at, arrived_sequence = layer.arrived
    exhausted_by, exhausted_at, exhausted_sequence = _exhaustion(layer, by)
    return LayerRow(
        company_id, pool_id, layer.id, layer.at, layer.sequence, layer.move_id, layer.source, arrived_at, arrived_sequence,
        layer.quantity, layer.value, layer.remaining, layer.taken, layer.base_quantity, layer.base_value,
        exhausted_by, exhausted_at, exhausted_sequence,
    )  # fmt: skip


def consumption_rows(company_id: int, move_id: int, folded: Folded) -> list[ConsumptionRow]:
    """Return the rows of the layers that a move consumed, and of the issues that it covered."""
    rows = [_consumption_row((company_id, move_id, *part, None)) for part in folded.taken]
    for cover in folded.covers:
        rows.append(ConsumptionRow(company_id, cover.move_id, move_id, cover.quantity, cover.value, cover.estimate))
    return rows


def layer_change(company_id: int, pool_id: int, layer: Layer, by: FoldMove | None) -> LayerChange:
    """Return the values of LAYER_CHANGES and the key of a layer that is stored."""
    return (
        layer.value, layer.remaining, layer.taken, layer.base_quantity, layer.base_value, *_exhaustion(layer, by),
        company_id, pool_id, layer.id,
    )  # fmt: skip


def _exhaustion(layer: Layer, by: FoldMove | None) -> tuple[int | None, int, int]:
    if layer.remaining or by is None:
        return None, OPEN, OPEN
    return by.move_id, by.at, by.sequence
