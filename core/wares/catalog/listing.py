"""The reads `items list` and `items show`: plain objects whose keys scripts rely on.

The item's type computes the available quantity (`ItemType.availability`): for goods the quantity on hand less the reserved one,
for a kit the number that its scarcest content allows; items without stock have no such number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from wares.catalog.masters import MasterBook
from wares.catalog.rows import select_page
from wares.catalog.stock import NOTHING, Quantities, quantities, quantities_at
from wares.contract.item_type import ItemType
from wares.errors import WrongAnswer
from wares.model import Component, ComponentKind, Item
from wares.storage.statements import SqlRow
from wares.values import JsonObject, unscaled_text

PAGE = 1000
_TOO_DEEP = 50
_SHOWN = "i.item_id, i.type, i.sku, i.name, i.unit, i.price, i.cost, i.active, i.category, i.cost_method, i.barcode"
_UNKNOWN = ItemType()
"""Used for a type whose plugin is missing."""


class ItemFilter(NamedTuple):
    """The items that a list shows; None does not restrict."""

    type: str | None = None
    """The key of the item type."""
    category: str | None = None
    """The category, exact."""
    text: str | None = None
    """A text to find in SKU, name or barcode, in any case."""
    active: bool | None = None
    """True for items in use, False for retired ones."""


EVERYTHING = ItemFilter()


def list_items(
    masters: MasterBook, which: ItemFilter = EVERYTHING, *, at: int | None = None, after: str | None = None, page: int = PAGE
) -> Iterator[JsonObject]:
    """Yield the items in order of SKU, read page by page; `after` continues behind that SKU. With `at` (yyyymmdd) quantities are
    those at the end of that day; the master data are today's."""
    reader = masters.reader
    where, parameters = _conditions(which)
    while True:
        here = (*parameters, after) if after is not None else parameters
        beyond = " AND i.sku > ?" if after is not None else ""
        statement = f"{where}{beyond} ORDER BY i.sku LIMIT {int(page)}"
        rows = reader.rows(f"SELECT {_SHOWN} FROM wares_item i WHERE i.company_id = ? {statement}", *here)
        asked = _whole(masters, [row[0] for row in rows if _asks(row[1], masters)])
        ids = {row[0] for row in rows} | ids_below(masters, asked.values())
        stock = _stock_of(masters, ids, at)
        for row in rows:
            yield _listed(row, asked.get(row[0]), stock, masters)
        if len(rows) < page:
            return
        after = rows[-1][2]


def _asks(type_key: str, masters: MasterBook) -> bool:
    """True if the type of an item computes the available quantity itself, and so needs the whole item."""
    return type(masters.item_types.get(type_key, _UNKNOWN)).availability is not ItemType.availability


def _whole(masters: MasterBook, ids: list[int]) -> dict[int, Item]:
    reader = masters.reader
    where = f" AND {reader.among('i.item_id')}"
    items = select_page(reader, where, (reader.listed(ids),), masters.item_types) if ids else []
    return {item.id: item for item in items}


def _listed(row: SqlRow, asked: Item | None, stock: Mapping[int, Quantities], masters: MasterBook) -> JsonObject:
    if asked is not None:
        on_hand, promised = _levels(asked, stock, masters)
        return _facts(*row[1:], on_hand=on_hand, available=promised)
    if not masters.item_types.get(row[1], _UNKNOWN).tracked:
        return _facts(*row[1:], on_hand=None, available=None)
    own, reserved, _ = stock.get(row[0], NOTHING)
    held = unscaled_text(own)
    return _facts(*row[1:], on_hand=held, available=unscaled_text(own - reserved) if reserved else held)


def show_item(masters: MasterBook, sku: str) -> JsonObject:
    """Return all master data of one item. Refused UNKNOWN_ITEM."""
    item = masters.item(sku)
    stock = _stock_of(masters, ids_below(masters, [item]))
    own = stock.get(item.id, NOTHING)
    reader = masters.reader
    accounts = reader.rows(
        "SELECT m.role, a.code FROM wares_mapping m JOIN wares_account a ON a.company_id = m.company_id "
        "AND a.account_id = m.account_id WHERE m.company_id = ? AND m.level = 'item' AND m.\"of\" = ? ORDER BY m.role",
        sku,
    )
    parents = reader.rows(
        "SELECT DISTINCT c.kind, i.sku FROM wares_component c JOIN wares_item i ON i.company_id = c.company_id "
        "AND i.item_id = c.parent_id WHERE c.company_id = ? AND c.item_id = ? ORDER BY c.kind, i.sku",
        item.id,
    )
    on_hand, promised = _levels(item, stock, masters)
    facts = _facts(
        item.type, item.sku, item.name, item.unit, item.price, item.cost, item.active, item.category, item.cost_method,
        item.barcode, on_hand=on_hand, available=promised,
    )  # fmt: skip
    return {
        **facts,
        "reserved": _text(own.reserved) if _kind(item, masters).tracked else None,
        "on_order": _text(own.on_order) if _kind(item, masters).tracked else None,
        "weight": _text(item.weight),
        "volume": _text(item.volume),
        "makes": _text(item.makes),
        "attributes": dict(item.raw_attributes),
        "accounts": dict(accounts),
        "components": [_edge(edge) for edge in item.contents],
        "by_products": [_edge(edge) for edge in item.by_products],
        "variants": [{"sku": edge.sku, "values": dict(edge.values or {})} for edge in item.variants],
        "variant_of": next((parent for kind, parent in parents if kind == ComponentKind.VARIANT), None),
        "used_in": [parent for kind, parent in parents if kind == ComponentKind.CONTENT],
    }


def _conditions(which: ItemFilter) -> tuple[str, tuple[object, ...]]:
    where, parameters = "", []
    for column, value in (("type", which.type), ("category", which.category)):
        if value is not None:
            where += f" AND i.{column} = ?"
            parameters.append(value)
    if which.active is not None:
        where += f" AND i.active = {int(which.active)}"
    if which.text:
        plain = which.text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        found = "(i.{0} LIKE ? ESCAPE '!' OR LOWER(i.{0}) LIKE ? ESCAPE '!')"  # SQLite lowers ASCII only
        where += f" AND ({' OR '.join(found.format(column) for column in ('sku', 'name', 'barcode'))})"
        parameters += [f"%{plain}%", f"%{plain.lower()}%"] * 3
    return where, tuple(parameters)


def _facts(
    type_key: str, sku: str, name: str, unit: str, price: int | None, cost: int | None, active: int | bool, category: str | None,
    cost_method: str | None, barcode: str | None, *, on_hand: str | None, available: str | None,
) -> JsonObject:  # fmt: skip
    return {
        "sku": sku,
        "type": type_key,
        "name": name,
        "unit": unit,
        "price": None if price is None else unscaled_text(price),
        "cost": None if cost is None else unscaled_text(cost),
        "active": bool(active),
        "category": category,
        "cost_method": cost_method,
        "barcode": barcode,
        "on_hand": on_hand,
        "available": available,
    }


def _levels(item: Item, stock: Mapping[int, Quantities], masters: MasterBook) -> tuple[str | None, str | None]:
    """Return the quantities on hand and available as texts."""
    tracked = _kind(item, masters).tracked
    on_hand = _text(stock.get(item.id, NOTHING).on_hand) if tracked else None
    return on_hand, _text(available(item, stock, masters))


def available(item: Item, stock: Mapping[int, Quantities], masters: MasterBook, depth: int = 0) -> int | None:
    """Return the quantity of an item that can be promised from this stock, in millionths, by its type; None = no limit."""
    own = stock.get(item.id, NOTHING)
    kind, contents = _kind(item, masters), {}
    if not kind.tracked and depth <= _TOO_DEEP:
        below = (masters.item_by_id(edge.item_id) for edge in item.contents)
        contents = {content.id: available(content, stock, masters, depth + 1) for content in below}
    answer: object = kind.availability(item, own.on_hand - own.reserved, contents)
    if answer is None or type(answer) is int:
        return answer
    raise WrongAnswer(kind, "availability", "whole millionths, or None", answer)


def _stock_of(masters: MasterBook, ids: Collection[int], at: int | None = None) -> dict[int, Quantities]:
    if not ids:
        return {}
    if at is not None:
        return quantities_at(masters.reader, ids, at)
    return quantities(masters.reader, masters.reader.listed(sorted(ids)))


def ids_below(masters: MasterBook, items: Collection[Item]) -> set[int]:
    """Return the ids of these items and of the contents of untracked ones."""
    composed = [item for item in items if item.contents and not _kind(item, masters).tracked]
    masters.need_ids(edge.item_id for item in composed for edge in item.contents)
    ids = {item.id for item in items}
    while composed:
        below = [masters.item_by_id(edge.item_id) for item in composed for edge in item.contents]
        composed = [item for item in below if item.id not in ids and not _kind(item, masters).tracked]
        ids.update(item.id for item in below)
    return ids


def _kind(item: Item, masters: MasterBook) -> ItemType:
    return masters.item_types.get(item.type, _UNKNOWN)


def _edge(edge: Component) -> JsonObject:
    shown: JsonObject = {"sku": edge.sku, "quantity": _text(edge.quantity)}
    if edge.price is not None:
        shown["price"] = _text(edge.price)
    if edge.share is not None:
        shown["share"] = _text(edge.share)
    given = {"setup_quantity": edge.setup_quantity, "loss": edge.loss, "multiple": edge.multiple}
    return shown | {key: _text(value) for key, value in given.items() if value}


def _text(value: int | None) -> str | None:
    return None if value is None else unscaled_text(value)
