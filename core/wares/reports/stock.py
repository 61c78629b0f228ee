"""Read stock: on hand, value, moves, availability. The value at a date equals the ledger's (`wares.reports.levels`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice

from wares.catalog.listing import available, ids_below
from wares.catalog.masters import MasterBook
from wares.catalog.stock import NOTHING, Quantities, held_at
from wares.catalog.stock import on_hand as on_hand_now
from wares.reports.levels import PoolAtPlace, levels, values_of
from wares.storage.statements import SqlRow
from wares.storage.unit import STREAMED, Reader
from wares.values import end_of, iso_instant, money, unit_value, unscaled


def on_hand(reader: Reader, masters: MasterBook, sku: str, location: str | None, at: int | None) -> int:
    """Return the quantity on hand in millionths."""
    item = masters.item(sku)
    place = masters.location(location) if location is not None else None
    if at is None:
        return on_hand_now(reader, item.id, place.id if place is not None else None)
    held = held_at(reader, [item.id], at)
    return sum(quantity for (_, _, location_id), quantity in held.items() if place is None or place.id == location_id)


def value_of(reader: Reader, masters: MasterBook, sku: str | None, at: int | None) -> int:
    """Return the value of one item's stock, or of all, in minor units."""
    item_ids = [masters.item(sku).id] if sku is not None else None
    return sum(value for places in values_of(reader, item_ids, at).values() for value in places.values())


BY = ("location", "lot", "account", "item")
"""The keys by which a list of stock may be split, beside the item."""


def list_stock(
    reader: Reader, masters: MasterBook, sku: str | None = None, at: int | None = None, by: str = "location"
) -> list[dict[str, object]]:
    """Return one row for each item at each place (or of each lot there, on each account, or for the item alone) with stock.

    Rows that held stock before are included. The quantities reserved and on order are the present ones, and not shown at a date.
    """
    held = levels(reader, [masters.item(sku).id] if sku is not None else None, at)
    masters.need_ids({each.item_id for each in held})
    codes = dict(reader.rows("SELECT account_id, code FROM wares_account WHERE company_id = ?"))
    groups: dict[tuple[str, ...], list[PoolAtPlace]] = defaultdict(list)
    for each in held:
        found, place = masters.item_by_id(each.item_id).sku, masters.location_by_id(each.location_id).code
        key = {"location": (place,), "lot": (place, each.lot), "account": (codes[each.account_id],), "item": ()}[by]
        groups[found, *key].append(each)
    kept = _promised(reader) if at is None and by in ("location", "item") else {}
    return [_stock_row(key, groups[key], by, kept, codes, reader) for key in sorted(groups)]


Promised = dict[tuple[int, int], tuple[int, int]]
"""(item, location) → reserved and on order."""


def _promised(reader: Reader) -> Promised:
    rows = reader.rows(
        "SELECT item_id, location_id, reserved, on_order FROM wares_stock WHERE company_id = ? AND (reserved <> 0 OR on_order <> 0)"
    )
    return {(item, location): (reserved, on_order) for item, location, reserved, on_order in rows}


def _stock_row(
    key: tuple[str, ...], held: list[PoolAtPlace], by: str, kept: Promised, codes: dict[int, str], reader: Reader
) -> dict[str, object]:
    quantity, value = sum(each.quantity for each in held), sum(each.value for each in held)
    places = {(each.item_id, each.location_id) for each in held}
    reserved, on_order = (sum(kept.get(place, (0, 0))[index] for place in places) for index in (0, 1))
    accounts = sorted({codes[each.account_id] for each in held if each.value} or {codes[each.account_id] for each in held})
    row: dict[str, object] = {"sku": key[0]}
    if by in ("location", "lot"):
        row["location"] = key[1]
    if by == "lot":
        row["lot"] = key[2] or None
    return row | {
        "on_hand": unscaled(quantity), "reserved": unscaled(reserved), "available": unscaled(quantity - reserved),
        "on_order": unscaled(on_order), "value": money(value, reader.decimals),
        "unit_cost": unscaled(unit_value(value, quantity, reader.decimals)), "account": ", ".join(accounts),
    }  # fmt: skip


def list_moves(reader: Reader, masters: MasterBook, sku: str | None = None, at: int | None = None) -> Iterator[dict[str, object]]:
    """Yield every move in effective order with its value and, per item, running quantity and value; read a page at a time."""
    end = end_of(at) if at is not None else 2**62
    one = () if sku is None else (masters.item(sku).id,)
    source = "wares_move m WHERE m.company_id = ?"
    if one:
        source = (
            "wares_pool p JOIN wares_move m ON m.company_id = p.company_id AND m.pool_id = p.pool_id "
            "WHERE p.company_id = ? AND p.item_id = ?"
        )
    statement = (
        "SELECT d.number, l.number, m.item_id, m.location_id, m.quantity, "
        "(SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM wares_valuation v WHERE v.company_id = m.company_id "
        "AND v.move_id = m.move_id), m.effective_at, m.recorded_at, m.annuls, d.type FROM (SELECT m.* FROM "
        f"{source} AND m.effective_at < ?) m "
        "JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        "LEFT JOIN wares_line l ON l.company_id = m.company_id AND l.line_id = m.line_id "
        "ORDER BY m.effective_at, m.sequence, m.move_id"
    )
    running: dict[int, list[int]] = {}
    rows = reader.stream(statement, *one, end)
    while page := list(islice(rows, STREAMED)):
        masters.need_ids({row[2] for row in page})
        for row in page:
            yield _move_row(row, running, reader, masters)


def _move_row(row: SqlRow, running: dict[int, list[int]], reader: Reader, masters: MasterBook) -> dict[str, object]:
    document, line, item, location, quantity, value, effective_at, recorded_at, annuls, kind = row
    sums = running.setdefault(item, [0, 0])
    sums[0] += quantity
    sums[1] += value
    return {
        "document": document, "type": kind, "line": line, "sku": masters.item_by_id(item).sku,
        "location": masters.location_by_id(location).code, "quantity": unscaled(quantity),
        "value": money(value, reader.decimals), "effective_at": iso_instant(effective_at),
        "recorded_at": iso_instant(recorded_at), "running_quantity": unscaled(sums[0]),
        "running_value": money(sums[1], reader.decimals), "annuls": annuls is not None,
    }  # fmt: skip


def availability(reader: Reader, masters: MasterBook, sku: str, at: int | None = None) -> list[dict[str, object]]:
    """Return on_hand, reserved, available, on_order by location.

    The item's type decides the available quantity (a kit's follows from its contents); None if nothing of the item is stocked.
    At a date reserved and on_order are 0, since only the present ones are known.
    """
    item = masters.item(sku)
    ids = ids_below(masters, [item])
    stock = _stock_now(reader, ids) if at is None else _stock_then(reader, ids, at)
    rows = []
    for place in masters.locations.values():
        held = stock[place.id]
        own, promised = held.get(item.id, NOTHING), available(item, held, masters)
        rows.append({
            "sku": sku, "location": place.code, "on_hand": unscaled(own.on_hand), "reserved": unscaled(own.reserved),
            "available": None if promised is None else unscaled(promised), "on_order": unscaled(own.on_order),
        })  # fmt: skip
    return rows


Stock = dict[int, dict[int, Quantities]]
"""Location → item → quantities."""


def _stock_now(reader: Reader, item_ids: Collection[int]) -> Stock:
    stock: Stock = defaultdict(dict)
    for item_id, location_id, *quantities in reader.rows(
        f"SELECT item_id, location_id, on_hand, reserved, on_order FROM wares_stock WHERE company_id = ? "
        f"AND {reader.among('item_id')}",
        reader.listed(sorted(item_ids)),
    ):
        stock[location_id][item_id] = Quantities(*quantities)
    return stock


def _stock_then(reader: Reader, item_ids: Collection[int], at: int) -> Stock:
    stock: Stock = defaultdict(dict)
    for held in levels(reader, item_ids, at):
        before = stock[held.location_id].get(held.item_id, NOTHING)
        stock[held.location_id][held.item_id] = Quantities(before.on_hand + held.quantity)
    return stock
