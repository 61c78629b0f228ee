"""Layers and what was taken of them, as rows of their tables."""

from __future__ import annotations

from typing import Any

from wares.costing.fold import Folded
from wares.costing.layer import Layer
from wares.model import FoldMove
from wares.storage.tables import OPEN

LAYER_CHANGES = (
    "value", "remaining", "taken", "base_quantity", "base_value", "exhausted_by", "exhausted_at", "exhausted_sequence",
)  # fmt: skip
"""The columns of a layer that later moves change."""


def layer_row(company_id: int, pool_id: int, layer: Layer, by: FoldMove | None) -> tuple[Any, ...]:
    """The row of a new layer; `by` is the move that took from it last."""
    return (
        company_id, pool_id, layer.id, layer.at, layer.sequence, layer.move_id, layer.source, *layer.arrived, layer.quantity,
        layer.value, layer.remaining, layer.taken, layer.base_quantity, layer.base_value, *_exhaustion(layer, by),
    )  # fmt: skip


def consumption_rows(company_id: int, move_id: int, folded: Folded) -> list[tuple[Any, ...]]:
    """The rows of what a move took, and of what it covered."""
    rows: list[tuple[Any, ...]] = [(company_id, move_id, layer, quantity, value, None) for layer, quantity, value in folded.taken]
    for cover in folded.covers:
        rows.append((company_id, cover.move_id, move_id, cover.quantity, cover.value, cover.estimate))
    return rows


def layer_change(company_id: int, pool_id: int, layer: Layer, by: FoldMove | None) -> tuple[Any, ...]:
    """The values of LAYER_CHANGES and the key of a layer that was there before."""
    return (
        layer.value, layer.remaining, layer.taken, layer.base_quantity, layer.base_value, *_exhaustion(layer, by),
        company_id, pool_id, layer.id,
    )  # fmt: skip


def _exhaustion(layer: Layer, by: FoldMove | None) -> tuple[int | None, int, int]:
    if layer.remaining or by is None:
        return None, OPEN, OPEN
    return by.move_id, by.at, by.sequence
