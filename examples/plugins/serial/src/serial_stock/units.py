"""What is known of the numbers: read before a batch is planned, changed by each document that is accepted, stored with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from serial_stock.attributes import expiry_on

if TYPE_CHECKING:
    from wares import Context

TYPE = "serial"
"""The key of the item type."""
PLUGIN = "serial_stock"
"""The name of the plugin, as its entry point says it."""
NEVER = 9999_12_31


class Units(NamedTuple):
    """The facts of the plugin, for the items that a batch names."""

    expires: Mapping[tuple[int, str], int] = {}
    """(item, number) of everything that ever came in and stands → the day it expires, 0 = never; oldest first."""
    held: Mapping[tuple[int, str, int], int] = {}
    """(item, number, location) → millionths on hand."""
    of_move: Mapping[int, str] = {}
    """Move of a document that a line comes from → its number."""

    @classmethod
    def of(cls, ctx: Context) -> Units:
        """What was loaded for this batch."""
        units: Units = ctx.facts[PLUGIN]["units"]
        return units

    def on_hand(self, item: int, number: str) -> int:
        """Everywhere."""
        return sum(count for (each, name, _), count in self.held.items() if (each, name) == (item, number))

    def first_to_expire(self, item: int, location: int) -> list[tuple[str, int]]:
        """The numbers at a location with what there is of each: the first to expire first, then the oldest."""
        here = [(number, self.held.get((item, number, location), 0)) for each, number in self.expires if each == item]
        return sorted((one for one in here if one[1] > 0), key=lambda one: self.expires[item, one[0]] or NEVER)

    def moved(self, rows: Iterable[UnitRow]) -> Units:
        """What is known once these rows are accepted."""
        expires, held, of_move = dict(self.expires), dict(self.held), dict(self.of_move)
        for row in rows:
            place = (row.item_id, row.number, row.location_id)
            held[place] = held.get(place, 0) + row.quantity
            expires[place[:2]] = row.expires or expires.get(place[:2], 0)
            of_move[row.move_id] = row.number
        return Units(expires, held, of_move)


class UnitRow(NamedTuple):
    """A row of `serial_unit`, without the company."""

    move_id: int
    document_id: int
    item_id: int
    location_id: int
    number: str
    quantity: int
    expires: int


def rows_of(posted: Any) -> Iterator[UnitRow]:
    """What an accepted document does to the units; `posted` is as in `wares_rows`."""
    lines = {row.line.number: row.line for row in posted.planned.document.rows}
    for move in posted.moves:
        planned = move.planned
        if planned.item.type == TYPE and planned.quantity:
            expires = expiry_on(lines[planned.line]) if planned.quantity > 0 else 0
            yield UnitRow(
                move.id, posted.document_id, planned.item.id, planned.location.id, move.pool.lot, planned.quantity, expires
            )


def load(records: Iterable[Mapping[str, Any]], reader: Any) -> Units:
    """Everything about the items that these records name, on their lines or in the documents that they come from."""
    lines = [line for record in records for line in _lines(record)]
    skus = {line["item"] for line in lines if isinstance(line.get("item"), str)}
    numbers = {line["from"].partition("#")[0] for line in lines if isinstance(line.get("from"), str)}
    came_from = _of_documents(reader, numbers) if numbers else []
    skus |= {sku for _, _, sku in came_from}
    known = Units().moved(_of_items(reader, skus)) if skus else Units()
    return known._replace(of_move={move: number for move, number, _ in came_from})


def _lines(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    lines = record.get("lines")
    return [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, list | tuple) else []


def _of_documents(reader: Any, numbers: Iterable[str]) -> list[tuple[int, str, str]]:
    rows: list[tuple[int, str, str]] = reader.rows(
        "SELECT u.move_id, u.number, i.sku FROM serial_unit u "
        "JOIN document d ON d.company_id = u.company_id AND d.document_id = u.document_id "
        "JOIN item i ON i.company_id = u.company_id AND i.item_id = u.item_id "
        f"WHERE u.company_id = ? AND {reader.among('d.number')}",
        reader.listed(sorted(numbers)),
    )
    return rows


def _of_items(reader: Any, skus: Iterable[str]) -> list[UnitRow]:
    rows = reader.rows(
        "SELECT u.move_id, u.document_id, u.item_id, u.location_id, u.number, u.quantity, u.expires FROM serial_unit u "
        "JOIN document d ON d.company_id = u.company_id AND d.document_id = u.document_id AND d.status = 'posted' "
        "JOIN item i ON i.company_id = u.company_id AND i.item_id = u.item_id "
        f"WHERE u.company_id = ? AND {reader.among('i.sku')} ORDER BY u.move_id",
        reader.listed(sorted(skus)),
    )
    return [UnitRow(*row) for row in rows]
