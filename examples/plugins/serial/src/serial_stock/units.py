"""The state of numbers: read before a batch is planned, changed by each accepted document, and stored with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from wares import Recorded

from serial_stock.attributes import expiry_on

if TYPE_CHECKING:
    from wares import AcceptedDocument, Context, Reader

TYPE = "serial"
"""The key of the item type."""
PLUGIN = "serial_stock"
"""The name of the plugin, as in its entry point."""
NEVER = 9999_12_31
"""Sort key of a number that does not expire."""


class Units(NamedTuple):
    """The facts of the plugin for the items that a batch names."""

    expires: Mapping[tuple[int, str], int] = {}
    """(item, number) of all receipts that stand → expiry date as 20261231, 0 = never; oldest first."""
    held: Mapping[tuple[int, str, int], int] = {}
    """(item, number, location) → millionths on hand."""
    of_move: Mapping[int, str] = {}
    """Id of a move in the document of a line's origin → its number."""

    @classmethod
    def of(cls, ctx: Context) -> Units:
        """Return the facts loaded for this batch."""
        units: Units = ctx.facts[PLUGIN]["units"]
        return units

    def on_hand(self, item: int, number: str) -> int:
        """Return the quantity on hand at all locations, millionths."""
        return sum(count for (each, name, _), count in self.held.items() if (each, name) == (item, number))

    def first_to_expire(self, item: int, location: int) -> list[tuple[str, int]]:
        """Return the numbers at a location with the quantity of each: the first to expire first, then the oldest."""
        here = [(number, self.held.get((item, number, location), 0)) for each, number in self.expires if each == item]
        return sorted((one for one in here if one[1] > 0), key=lambda one: self.expires[item, one[0]] or NEVER)

    def moved(self, rows: Iterable[UnitRow]) -> Units:
        """Return the facts after these rows."""
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
    """The serial number, or the number of the lot."""
    quantity: int
    """Millionths; below 0 if the move takes goods out."""
    expires: int
    """Expiry date, as 20261231; 0 = never or not stated."""


def rows_of(posted: AcceptedDocument) -> Iterator[UnitRow]:
    """Yield the rows of an accepted document; `posted` is as in `wares_rows`."""
    lines = {row.line.number: row.line for row in posted.planned.document.rows}
    for move in posted.moves:
        planned = move.planned
        if planned.item.type == TYPE and planned.quantity:
            expires = expiry_on(lines[planned.line]) if planned.quantity > 0 else 0
            yield UnitRow(
                move.id, posted.document_id, planned.item.id, planned.location.id, move.pool.lot, planned.quantity, expires
            )


def load(records: Iterable[Mapping[str, Any]], reader: Reader) -> Units:
    """Load the facts of the items that these records name, on their lines or in the documents of their origins."""
    lines = [line for record in records for line in _lines(record)]
    skus = {line["item"] for line in lines if isinstance(line.get("item"), str)}
    numbers = {line["from"].partition("#")[0] for line in lines if isinstance(line.get("from"), str)}
    recorded = Recorded(reader)
    came_from = _of_documents(recorded, reader, numbers) if numbers else []
    items = {item.id for item in recorded.items(skus=skus)} | {row.item_id for row in came_from}
    known = Units().moved(_of_items(recorded, reader, items)) if items else Units()
    return known._replace(of_move={row.move_id: row.number for row in came_from})


def _lines(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    lines = record.get("lines")
    return [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, list | tuple) else []


_UNITS = "SELECT move_id, document_id, item_id, location_id, number, quantity, expires FROM serial_unit u WHERE u.company_id = ? "


def _of_documents(recorded: Recorded, reader: Reader, numbers: Iterable[str]) -> list[UnitRow]:
    documents = [document.id for document in recorded.documents(numbers=set(numbers))]
    rows = reader.rows(f"{_UNITS} AND {reader.among('u.document_id')}", reader.listed(documents))
    return [UnitRow(*row) for row in rows]


def _of_items(recorded: Recorded, reader: Reader, items: Iterable[int]) -> list[UnitRow]:
    conditions = f"{reader.among('u.item_id')} AND {recorded.stands('u.document_id')}"
    rows = reader.rows(f"{_UNITS} AND {conditions} ORDER BY u.move_id", reader.listed(items))
    return [UnitRow(*row) for row in rows]
