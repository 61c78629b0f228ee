"""The rows that belong to a posted document, by id.

The ids are read before they are used in a condition: with a join, an engine without statistics would begin with the rows of all
documents.
"""

from __future__ import annotations

from typing import NamedTuple

from wares.model import OriginDocument
from wares.storage.unit import Reader, Unit


class AddedCost(NamedTuple):
    """A cost that a document added to an earlier receipt."""

    move_id: int
    """The move of the receipt."""
    amount: int
    """Minor units."""
    counter_id: int
    """The account that the cost comes from."""


def move_ids(reader: Reader, document: OriginDocument) -> list[int]:
    """Return the ids of a document's moves."""
    return [row[0] for row in reader.rows("SELECT move_id FROM wares_move WHERE company_id = ? AND document_id = ?", document.id)]


def line_ids(reader: Reader, document: OriginDocument) -> list[int]:
    """Return the ids of a document's lines."""
    return [row[0] for row in reader.rows("SELECT line_id FROM wares_line WHERE company_id = ? AND document_id = ?", document.id)]


def with_open_items(reader: Reader, document: OriginDocument) -> list[int]:
    """Return the ids of a posted document and of the open items that it brought as an opening balance and that still stand: they
    are taken back with it."""
    items = reader.rows(
        "SELECT document_id FROM wares_document WHERE company_id = ? AND parent_id = ? AND status = 'posted'",
        document.id,
    )
    return [document.id, *sorted(row[0] for row in items)]


def costs_taken_back(reader: Reader, document: OriginDocument) -> list[AddedCost]:
    """Return the opposite of each cost that a document added to earlier receipts."""
    rows = reader.rows(
        "SELECT move_id, amount, counter_id FROM wares_value_fact WHERE company_id = ? AND document_id = ? AND annulled = 0",
        document.id,
    )
    return [AddedCost(move_id, -amount, counter_id) for move_id, amount, counter_id in rows]


def annul_costs(unit: Unit, document: OriginDocument) -> None:
    """Mark the costs that a document added to earlier receipts as taken back."""
    unit.run("UPDATE wares_value_fact SET annulled = 1 WHERE company_id = ? AND document_id = ?", document.id)
