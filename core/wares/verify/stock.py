"""The layers of stock and the issues that consume them (I5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.costing.layer import PARTS_SHIFT
from wares.model import VALUE_ONLY, Intent
from wares.storage.tables import OF_TOTALS_MOVES, OPEN, STANDING
from wares.storage.unit import Reader
from wares.values import unscaled
from wares.verify.finding import (
    Finding,
    amount,
    count,
    move_name,
)

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

_VALUES = "FROM wares_valuation v WHERE v.company_id = m.company_id AND v.move_id = m.move_id"
WORTH = f"(SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) {_VALUES})"

RESTATED = (
    "CASE WHEN EXISTS (SELECT 1 FROM wares_move r WHERE r.company_id = l.company_id AND r.pool_id = l.pool_id "
    f"AND r.{OF_TOTALS_MOVES} AND r.intent IN ({', '.join(str(int(intent)) for intent in sorted(VALUE_ONLY))})) THEN 1 ELSE 0 END"
)
"""1 if the layers of the pool may differ in value from their receipts: revalued, or under another method; else 0."""

_CARRIED = f"m.intent = {int(Intent.TRANSFER_IN)}"
_FIRST = f"-(m.move_id * {1 << PARTS_SHIFT})"
MADE_BY = f"(l.layer_id = m.move_id OR l.layer_id BETWEEN {_FIRST} AND {_FIRST} + {(1 << PARTS_SHIFT) - 1})"
"""Condition: the move made the layer, by its id (`wares.costing.layer`). No index leads from a move to the layers of a transfer."""
_TAKEN_FROM_LAYERS = (  # + keeps SQLite from walking the index by layers; the type lets it join by an index of its own
    "SELECT CAST(+layer_id AS BIGINT) AS layer_id, CAST(SUM(quantity) AS BIGINT) AS used, CAST(SUM(value) AS BIGINT) AS used_value "
    "FROM wares_consumption WHERE company_id = ? GROUP BY +layer_id"
)


def layers_add_up(reader: Reader, registry: Registry) -> Finding:
    """I5: consumed + remaining = received for every layer, every issue is consumed in full, and exhausted layers name the move that
    exhausted them."""
    examined = count(reader, "layer") + count(reader, "consumption")
    checks = (_layer_sums, _carried_sums, _layers_missing, _issue_sums, _exhausted_marks)
    return Finding(examined, next((problem for check in checks if (problem := check(reader))), None))


def _layer_sums(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT move_id, quantity, value, remaining, taken, used, used_value, received, worth, restated, stands FROM ("
        "SELECT l.move_id, l.quantity, l.value, l.remaining, l.taken, COALESCE(c.used, 0) AS used, "
        "COALESCE(c.used_value, 0) AS used_value, "
        f"CASE WHEN {_CARRIED} THEN l.quantity ELSE m.quantity END AS received, "
        f"CASE WHEN {_CARRIED} THEN l.value ELSE {WORTH} END AS worth, "
        f"{RESTATED} AS restated, CASE WHEN {STANDING} AND l.pool_id = m.pool_id AND l.arrived_at = m.effective_at "
        "AND l.arrived_sequence = m.sequence "
        "THEN 1 ELSE 0 END AS stands "
        "FROM wares_layer l JOIN wares_move m ON m.company_id = l.company_id AND m.move_id = l.move_id "
        f"LEFT JOIN ({_TAKEN_FROM_LAYERS}) AS c ON c.layer_id = l.layer_id WHERE l.company_id = ?"
        ") AS t WHERE remaining < 0 OR used + remaining <> quantity OR used_value <> taken OR received <> quantity "
        "OR (worth <> value AND restated = 0) OR stands = 0 ORDER BY move_id LIMIT 1",
        reader.company_id,
    )
    if row is None:
        return None
    move_id, quantity, value, remaining, taken, used, used_value, received, worth, restated, stands = row
    name = f"the layer of {move_name(reader, move_id)}"
    if not stands:
        return f"{name} belongs to a move that does not stand there any more"
    if received != quantity or (worth != value and not restated):
        return (
            f"{name} says {unscaled(quantity)} at {amount(reader, value)}, its receipt {unscaled(received)} at "
            f"{amount(reader, worth)}"
        )
    return (
        f"{name} received {unscaled(quantity)}: {unscaled(used)} consumed and {unscaled(remaining)} remaining; taken "
        f"{amount(reader, taken)}, consumed at {amount(reader, used_value)}"
    )


def _carried_sums(reader: Reader) -> str | None:
    """Check that the layers of a transfer sum to the quantity and value of the transfer."""
    row = reader.row(
        "SELECT move_id, quantity, value, received, worth FROM ("
        "SELECT m.move_id, CAST(SUM(l.quantity) AS BIGINT) AS quantity, CAST(SUM(l.value) AS BIGINT) AS value, "
        f"m.quantity AS received, {WORTH} AS worth, {RESTATED} AS restated "
        "FROM wares_layer l JOIN wares_move m ON m.company_id = l.company_id AND m.move_id = l.move_id "
        f"WHERE l.company_id = ? AND {_CARRIED} GROUP BY m.company_id, m.move_id, m.quantity, l.company_id, l.pool_id"
        ") AS t WHERE quantity <> received OR (value <> worth AND restated = 0) ORDER BY move_id LIMIT 1"
    )
    if row is None:
        return None
    move_id, quantity, value, received, worth = row
    return (
        f"the layers of {move_name(reader, move_id)} hold {unscaled(quantity)} at {amount(reader, value)}, the transfer brought "
        f"{unscaled(received)} at {amount(reader, worth)}"
    )


def _layers_missing(reader: Reader) -> str | None:
    row = reader.row(
        f"SELECT m.move_id FROM wares_move m WHERE m.company_id = ? AND m.quantity > 0 AND m.intent <> {int(Intent.QUANTITY_ONLY)} "
        f"AND {STANDING} AND NOT EXISTS (SELECT 1 FROM wares_layer l WHERE l.company_id = m.company_id AND l.pool_id = m.pool_id "
        f"AND {MADE_BY}) ORDER BY m.move_id LIMIT 1"
    )
    return f"{move_name(reader, row[0])} came in and made no layer" if row else None


def _issue_sums(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT move_id, quantity, worth, used, used_value FROM ("
        f"SELECT m.move_id, m.quantity, m.short, {WORTH} AS worth, COALESCE(c.used, 0) AS used, "
        "COALESCE(c.used_value, 0) AS used_value FROM wares_move m LEFT JOIN "
        "(SELECT move_id, CAST(SUM(quantity) AS BIGINT) AS used, "
        "CAST(SUM(value) AS BIGINT) AS used_value FROM wares_consumption WHERE company_id = ? GROUP BY move_id) AS c "
        "ON c.move_id = m.move_id "
        f"WHERE m.company_id = ? AND m.quantity < 0 AND m.intent <> {int(Intent.QUANTITY_ONLY)} AND {STANDING}"
        ") AS t WHERE used > -quantity OR (used < -quantity AND short = 0) OR (used = -quantity AND used_value <> -worth) "
        "ORDER BY move_id LIMIT 1",
        reader.company_id,
    )
    if row is None:
        return None
    move_id, quantity, worth, used, used_value = row
    return (
        f"{move_name(reader, move_id)} took {unscaled(-quantity)} at {amount(reader, -worth)}, its layers gave {unscaled(used)} at "
        f"{amount(reader, used_value)}"
    )


def _exhausted_marks(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT l.move_id FROM wares_layer l LEFT JOIN wares_move x ON x.company_id = l.company_id AND x.move_id = l.exhausted_by "
        "LEFT JOIN wares_consumption c ON c.company_id = l.company_id AND c.move_id = l.exhausted_by AND c.layer_id = l.layer_id "
        "WHERE l.company_id = ? AND CASE WHEN l.remaining > 0 "
        f"THEN l.exhausted_by IS NOT NULL OR l.exhausted_at <> {OPEN} OR l.exhausted_sequence <> {OPEN} "
        "ELSE (c.layer_id IS NULL AND l.exhausted_by <> l.move_id) OR x.effective_at <> l.exhausted_at "
        "OR x.sequence <> l.exhausted_sequence END "
        "ORDER BY l.move_id LIMIT 1"
    )
    if row is None:
        row = reader.row(
            "SELECT l.move_id FROM wares_consumption c JOIN wares_move m ON m.company_id = c.company_id AND m.move_id = c.move_id "
            "JOIN wares_layer l ON l.company_id = c.company_id AND l.pool_id = m.pool_id AND l.layer_id = c.layer_id "
            "WHERE c.company_id = ? AND (m.effective_at > l.exhausted_at "
            "OR (m.effective_at = l.exhausted_at AND m.sequence > l.exhausted_sequence)) ORDER BY l.move_id LIMIT 1"
        )
    return f"the layer of {move_name(reader, row[0])} is marked as exhausted by a move that did not finish it" if row else None
