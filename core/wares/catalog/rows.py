"""Rows of the item master and its edges as values, and back: the only module that knows the tables of items."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pydantic import ValidationError

from wares.contract.item_type import Attributes, ItemType
from wares.model import Component, ComponentKind, Item
from wares.storage import tables
from wares.storage.statements import SqlRow
from wares.storage.unit import Reader

ITEM_COLUMNS = tuple(column.name for column in tables.item.columns)[1:]  # without company_id
_ITEM = ", ".join(f"i.{name}" for name in ITEM_COLUMNS)
_EDGES = (
    "SELECT c.parent_id, c.kind, c.item_id, i.sku, c.quantity, c.price, c.share, c.attributes "
    "FROM wares_component c JOIN wares_item i ON i.company_id = c.company_id AND i.item_id = c.item_id "
    "WHERE c.company_id = ? AND {among} ORDER BY c.parent_id, c.kind, c.position"
)
_WITH_CONTENTS = (
    "WITH RECURSIVE wanted (item_id) AS ("
    "SELECT item_id FROM wares_item WHERE company_id = ? AND {among} "
    "UNION SELECT c.item_id FROM wares_component c JOIN wanted w ON c.parent_id = w.item_id "
    "WHERE c.company_id = ? AND c.kind <> 1) "
    "SELECT {columns} FROM wares_item i JOIN wanted w ON w.item_id = i.item_id WHERE i.company_id = ?"
)
"""Items and, through contents and by-products, everything below them. Variants are not read with their master: there may
be thousands, and a document names the ones that it needs."""


def select_items(
    reader: Reader, column: str, values: Iterable[int] | Iterable[str], item_types: Mapping[str, ItemType]
) -> list[Item]:
    """Return the items whose `column` (sku or item_id) is among the values, with everything in their contents: two queries."""
    statement = _WITH_CONTENTS.format(among=reader.among(column), columns=_ITEM)
    found = reader.rows(statement, reader.listed(values), reader.company_id, reader.company_id)
    return with_edges(reader, found, item_types)


def select_page(reader: Reader, where: str, parameters: tuple[object, ...], item_types: Mapping[str, ItemType]) -> list[Item]:
    """Return the items of `SELECT ... WHERE i.company_id = ? <where>`, without the items in their contents: two queries."""
    found = reader.rows(f"SELECT {_ITEM} FROM wares_item i WHERE i.company_id = ? {where}", *parameters)
    return with_edges(reader, found, item_types)


def with_edges(reader: Reader, rows: list[SqlRow], item_types: Mapping[str, ItemType]) -> list[Item]:
    """Return items from their rows, with their edges read in one query."""
    if not rows:
        return []
    edges: defaultdict[tuple[int, int], list[Component]] = defaultdict(list)
    statement = _EDGES.format(among=reader.among("c.parent_id"))
    for parent_id, kind, item_id, sku, quantity, price, share, attributes in reader.rows(
        statement, reader.listed(row[0] for row in rows)
    ):
        stored = json.loads(attributes) if attributes else None
        edge = Component(item_id, sku, quantity, price, share, stored if kind == ComponentKind.VARIANT else None)
        edges[parent_id, kind].append(edge._replace(**stored) if stored and kind == ComponentKind.CONTENT else edge)
    return [item_from(row, edges, item_types) for row in rows]


def item_from(row: SqlRow, edges: Mapping[tuple[int, int], list[Component]], item_types: Mapping[str, ItemType]) -> Item:
    """Return an item from its row (in the order of ITEM_COLUMNS) and the edges of all parents."""
    (item_id, kind, sku, name, unit, price, cost, cost_method, category, barcode, weight, volume, makes, active,
     stored) = row  # fmt: skip
    raw: Mapping[str, object] = {} if stored == "{}" else json.loads(stored)
    return Item(
        id=item_id, type=kind, sku=sku, name=name, unit=unit, price=price, cost=cost, cost_method=cost_method,
        category=category, barcode=barcode, weight=weight, volume=volume, makes=makes, active=bool(active),
        attributes=parsed_attributes(item_types.get(kind), raw), raw_attributes=raw,
        contents=tuple(edges.get((item_id, ComponentKind.CONTENT), ())),
        by_products=tuple(edges.get((item_id, ComponentKind.BY_PRODUCT), ())),
        variants=tuple(edges.get((item_id, ComponentKind.VARIANT), ())),
    )  # fmt: skip


def parsed_attributes(kind: ItemType | None, raw: Mapping[str, object]) -> Attributes | None:
    """Return stored attributes as the type's model; None while its plugin is missing or no longer accepts them."""
    if kind is None:
        return None
    if not raw:
        return _without_attributes(kind.Attributes)
    return _valid(kind.Attributes, raw)


def _valid(model: type[Attributes], raw: Mapping[str, object]) -> Attributes | None:
    try:
        return model.model_validate(raw)
    except ValidationError:
        return None


@lru_cache(maxsize=256)
def _without_attributes(model: type[Attributes]) -> Attributes | None:
    """Return the attributes of every item that has none of its own: one frozen value for each type."""
    return _valid(model, {})


def item_row(company_id: int, item: Item) -> SqlRow:
    """Return an item as a row of its table."""
    return (
        company_id, item.id, item.type, item.sku, item.name, item.unit, item.price, item.cost, item.cost_method,
        item.category, item.barcode, item.weight, item.volume, item.makes, int(item.active),
        to_json(item.raw_attributes),
    )  # fmt: skip


def edge_row(company_id: int, parent: Item, kind: ComponentKind, position: int, edge: Component) -> SqlRow:
    """Return an edge as a row of `component`."""
    values: Mapping[str, object] | None = edge.values
    if kind == ComponentKind.CONTENT:
        amounts = {"setup_quantity": edge.setup_quantity, "loss": edge.loss, "multiple": edge.multiple}
        values = {key: amount for key, amount in amounts.items() if amount} or None
    return (company_id, parent.id, int(kind), position, edge.item_id, edge.quantity, edge.price, edge.share,
            None if values is None else to_json(values))  # fmt: skip


def to_json(value: Mapping[str, object]) -> str:
    """Return JSON text for storage; keys keep their order (axes are ordered)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "{}"
