"""The standing moves of a posted document, with their present value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from wares.inventory.pools import Key
from wares.model import Intent, OriginDocument
from wares.storage.tables import STANDING
from wares.storage.unit import Reader

TRANSFERS = (Intent.TRANSFER_OUT, Intent.TRANSFER_IN)
REVALUATIONS = (Intent.REVALUED_TO, Intent.REVALUED_BY)

Values = dict[int, int]
"""Counter account id (0 within a group of moves) → value, minor units, positive into the pool."""


class _StoredMove(NamedTuple):
    """The columns of table `move` that a reversal needs. Quantities are millionths, instants microseconds, days yyyymmdd."""

    id: int
    line_id: int
    pool_id: int
    item_id: int
    location_id: int
    quantity: int
    intent: int
    group_id: int | None
    counter_id: int | None
    share: int | None
    variance_id: int | None
    day: int
    effective_at: int
    sequence: int


class PostedMove(NamedTuple):
    """A standing move of the document that is taken back."""

    id: int
    line_id: int
    pool_id: int
    item_id: int
    location_id: int
    quantity: int
    """Millionths, positive into the pool."""
    intent: Intent
    group_id: int | None
    counter_id: int | None
    """The account that its value came from or went to."""
    share: int | None
    """The part of its group's value; for a cost passed on, the number of units, millionths."""
    variance_id: int | None
    """The account of its variance."""
    day: int
    """yyyymmdd."""
    key: Key
    """Its place in the order of the pool."""
    values: Values
    """Its present value, corrections included."""
    original_values: Values
    """Its value in the document's own entry."""


def posted_moves(reader: Reader, document: OriginDocument) -> list[PostedMove]:
    """Return the standing moves of a document, in the order in which they are taken back."""
    rows = reader.rows(
        "SELECT m.move_id, m.line_id, m.pool_id, m.item_id, m.location_id, m.quantity, m.intent, m.group_id, m.counter_id, "
        "m.share, m.variance_id, m.date, m.effective_at, m.sequence FROM wares_move m "
        f"WHERE m.company_id = ? AND m.document_id = ? AND {STANDING} ORDER BY m.sequence",
        document.id,
    )
    values: dict[int, Values] = defaultdict(lambda: defaultdict(int))
    original: dict[int, Values] = defaultdict(lambda: defaultdict(int))
    for move_id, counter_id, kind, value in reader.rows(
        "SELECT v.move_id, v.counter_id, e.kind, v.value FROM wares_move m CROSS JOIN wares_valuation v CROSS JOIN wares_entry e "
        f"WHERE m.company_id = ? AND m.document_id = ? AND {STANDING} AND v.company_id = m.company_id AND v.move_id = m.move_id "
        "AND e.company_id = v.company_id AND e.entry_id = v.entry_id",
        document.id,
    ):
        values[move_id][counter_id] += value
        if kind == "original":
            original[move_id][counter_id] += value
    return [
        PostedMove(
            of.id, of.line_id, of.pool_id, of.item_id, of.location_id, of.quantity, Intent(of.intent), of.group_id, of.counter_id,
            of.share, of.variance_id, of.day, (of.effective_at, of.sequence), dict(values[of.id]), dict(original[of.id]),
        )
        for of in _in_order_of_return(map(_StoredMove._make, rows))
    ]  # fmt: skip


def _in_order_of_return(moves: Iterable[_StoredMove]) -> list[_StoredMove]:
    """Return the moves in their own order, except that a transfer's goods leave the destination before they are back."""
    moves = list(moves)
    begins = {move.group_id: index for index, move in reversed([*enumerate(moves)])}
    places = {move.id: (begins[move.group_id] if move.intent in TRANSFERS else index) for index, move in enumerate(moves)}
    return sorted(moves, key=lambda move: (places[move.id], move.intent == Intent.TRANSFER_OUT))
