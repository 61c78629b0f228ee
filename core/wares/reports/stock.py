"""Stock reads: on hand, value, moves, layers, availability.

A value at a date is what was posted on or before it, so that it equals the ledger; a quantity at a date goes by effective date.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from wares.catalog.listing import available, ids_below
from wares.catalog.masters import MasterBook
from wares.catalog.stock import NOTHING, Quantities
from wares.storage.unit import Reader
from wares.values import end_of, iso_instant, money, period_of, split, unit_value, unscaled

_SUM = "CAST(COALESCE(SUM({}), 0) AS BIGINT)"


def on_hand(reader: Reader, masters: MasterBook, sku: str, location: str | None, at: int | None) -> int:
    """Millionths on hand."""
    item = masters.item(sku)
    place = masters.location(location) if location is not None else None
    rows = _quantities(reader, item.id, at)
    return sum(quantity for (_, location_id), quantity in rows.items() if place is None or place.id == location_id)


def _quantities(reader: Reader, item_id: int | None, at: int | None) -> dict[tuple[int, int], int]:
    """(item, location) → millionths: closed months from the totals, the broken month from its moves."""
    one = "" if item_id is None else " AND item_id = ?"
    parameters = () if item_id is None else (item_id,)
    if at is None:
        rows = reader.rows(f"SELECT item_id, location_id, on_hand FROM stock WHERE company_id = ?{one}", *parameters)
        return {(item, location): quantity for item, location, quantity in rows}
    found: dict[tuple[int, int], int] = {}
    month = period_of(at)
    for item, location, quantity in [
        *reader.rows(
            f"SELECT p.item_id, m.location_id, {_SUM.format('m.quantity')} FROM pool_month m JOIN pool p "
            "ON p.company_id = m.company_id AND p.pool_id = m.pool_id WHERE m.company_id = ?"
            f"{one.replace('item_id', 'p.item_id')} AND m.period < ? GROUP BY p.item_id, m.location_id",
            *parameters, month,
        ),
        *reader.rows(
            f"SELECT item_id, location_id, {_SUM.format('quantity')} FROM move WHERE company_id = ?{one} "
            "AND date >= ? AND effective_at < ? GROUP BY item_id, location_id",
            *parameters, month * 100, end_of(at),
        ),
    ]:  # fmt: skip
        found[item, location] = found.get((item, location), 0) + quantity
    return found


def _values(reader: Reader, item_id: int | None, at: int | None) -> dict[tuple[int, int], int]:
    """(item, location) → minor units posted on or before `at`."""
    one = "" if item_id is None else " AND p.item_id = ?"
    parameters: tuple[Any, ...] = () if item_id is None else (item_id,)
    months = (
        f"SELECT p.item_id, m.location_id, {_SUM.format('m.posted')} FROM pool_month m JOIN pool p "
        f"ON p.company_id = m.company_id AND p.pool_id = m.pool_id WHERE m.company_id = ?{one}"
    )
    group = " GROUP BY p.item_id, m.location_id"
    found: dict[tuple[int, int], int] = {}
    if at is None:
        rows = reader.rows(months + group, *parameters)
    else:
        month = period_of(at)
        rows = reader.rows(f"{months} AND m.period < ?{group}", *parameters, month) + reader.rows(
            f"SELECT p.item_id, m.location_id, {_SUM.format('v.value')} FROM valuation v "
            "JOIN entry e ON e.company_id = v.company_id AND e.entry_id = v.entry_id "
            "JOIN move m ON m.company_id = v.company_id AND m.move_id = v.move_id "
            "JOIN pool p ON p.company_id = v.company_id AND p.pool_id = v.pool_id "
            f"WHERE v.company_id = ?{one} AND v.date >= ? AND v.date <= ?{group}",
            *parameters, month * 100, at,
        )  # fmt: skip
    for item, location, value in rows:
        found[item, location] = found.get((item, location), 0) + value
    return found


def value_of(reader: Reader, masters: MasterBook, sku: str | None, at: int | None) -> int:
    """Minor units of one item's stock, or of all."""
    item_id = masters.item(sku).id if sku is not None else None
    return sum(_values(reader, item_id, at).values())


def _accounts_then(reader: Reader, at: int) -> dict[tuple[int, int], str]:
    """(item, area) → account on that day, of those that went to another since."""
    return {
        (item, area): code
        for item, area, code in reader.rows(
            "SELECT p.item_id, p.area_id, a.code FROM pool_account x "
            "JOIN pool p ON p.company_id = x.company_id AND p.pool_id = x.pool_id "
            "JOIN account a ON a.company_id = x.company_id AND a.account_id = x.account_id "
            "WHERE x.company_id = ? AND x.since > ? ORDER BY x.since DESC",
            at,
        )
    }


def list_stock(reader: Reader, masters: MasterBook, sku: str | None, at: int | None) -> list[dict[str, Any]]:
    """One row for each item and location that holds or held something."""
    item_id = masters.item(sku).id if sku is not None else None
    quantities, values = _quantities(reader, item_id, at), _values(reader, item_id, at)
    kept = {
        (item, location): (reserved, on_order)
        for item, location, reserved, on_order in reader.rows(
            "SELECT item_id, location_id, reserved, on_order FROM stock WHERE company_id = ?"
        )
    }
    accounts = {
        (item, area): code
        for item, area, code in reader.rows(
            "SELECT p.item_id, p.area_id, a.code FROM pool p "
            "JOIN account a ON a.company_id = p.company_id AND a.account_id = p.account_id WHERE p.company_id = ?"
        )
    }
    if at is not None:
        accounts |= _accounts_then(reader, at)
    places = sorted(set(quantities) | set(values))
    if masters.settings.get("cost_scope") != "location":
        _spread_over_places(quantities, values)
    masters.need_ids({item for item, _ in places})
    rows = []
    for place in places:
        item, location = masters.item_by_id(place[0]), masters.location_by_id(place[1])
        quantity, value = quantities.get(place, 0), values.get(place, 0)
        reserved, on_order = kept.get(place, (0, 0))
        rows.append({
            "sku": item.sku, "location": location.code, "on_hand": unscaled(quantity), "reserved": unscaled(reserved),
            "available": unscaled(quantity - reserved), "on_order": unscaled(on_order),
            "value": money(value, reader.decimals), "unit_cost": unscaled(unit_value(value, quantity, reader.decimals)),
            "account": accounts.get(place, accounts.get((place[0], 0))),
        })  # fmt: skip
    return sorted(rows, key=lambda row: (row["sku"], row["location"]))


def _spread_over_places(quantities: dict[tuple[int, int], int], values: dict[tuple[int, int], int]) -> None:
    """The company is one cost area: an item's value is shown at its places in proportion to what they hold."""
    places: dict[int, list[tuple[int, int]]] = {}
    for place in sorted(set(quantities) | set(values)):
        places.setdefault(place[0], []).append(place)
    for own in places.values():
        held = [max(quantities.get(place, 0), 0) for place in own]
        if len(own) > 1 and any(held):
            total = sum(values.get(place, 0) for place in own)
            values.update(zip(own, split(total, held), strict=True))


def list_moves(reader: Reader, masters: MasterBook, sku: str | None, at: int | None) -> list[dict[str, Any]]:
    """Every move in effective order with its value and, per item, running quantity and value."""
    item_id = masters.item(sku).id if sku is not None else None
    one = "" if item_id is None else " AND m.item_id = ?"
    parameters: tuple[Any, ...] = () if item_id is None else (item_id,)
    rows = reader.rows(
        "SELECT d.number, l.number, m.item_id, m.location_id, m.quantity, "
        "(SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM valuation v WHERE v.company_id = m.company_id "
        "AND v.move_id = m.move_id), m.effective_at, m.recorded_at, m.annuls, d.type FROM move m "
        "JOIN document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        "LEFT JOIN line l ON l.company_id = m.company_id AND l.line_id = m.line_id "
        f"WHERE m.company_id = ?{one} AND m.effective_at < ? ORDER BY m.effective_at, m.sequence, m.move_id",
        *parameters, end_of(at) if at is not None else 2**62,
    )  # fmt: skip
    masters.need_ids({row[2] for row in rows})
    running: dict[int, list[int]] = {}
    listed = []
    for document, line, item, location, quantity, value, effective_at, recorded_at, annuls, kind in rows:
        sums = running.setdefault(item, [0, 0])
        sums[0] += quantity
        sums[1] += value
        listed.append({
            "document": document, "type": kind, "line": line, "sku": masters.item_by_id(item).sku,
            "location": masters.location_by_id(location).code, "quantity": unscaled(quantity),
            "value": money(value, reader.decimals), "effective_at": iso_instant(effective_at),
            "recorded_at": iso_instant(recorded_at), "running_quantity": unscaled(sums[0]),
            "running_value": money(sums[1], reader.decimals), "annuls": annuls is not None,
        })  # fmt: skip
    return listed


def list_layers(reader: Reader, masters: MasterBook, sku: str) -> list[dict[str, Any]]:
    """What is left of each receipt, oldest first. In an average pool the pool's value is shared by quantity."""
    item = masters.item(sku)
    rows = reader.rows(
        "SELECT d.number, y.effective_at, y.quantity, y.remaining, y.value - y.taken, p.value, p.pool_id, p.method FROM layer y "
        "JOIN pool p ON p.company_id = y.company_id AND p.pool_id = y.pool_id "
        "JOIN move m ON m.company_id = y.company_id AND m.move_id = y.move_id "
        "JOIN document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        "WHERE y.company_id = ? AND p.item_id = ? AND y.remaining > 0 ORDER BY y.effective_at, y.sequence",
        item.id,
    )
    shared = sum(row[4] for row in rows) != sum({row[6]: row[5] for row in rows}.values())
    values = split(rows[0][5], [row[3] for row in rows]) if shared and rows else [row[4] for row in rows]
    return [
        {
            "document": document, "effective_at": iso_instant(effective_at), "received": unscaled(received),
            "remaining": unscaled(remaining), "value_remaining": money(value, reader.decimals),
            "unit_cost": unscaled(unit_value(value, remaining, reader.decimals)),
        }
        for (document, effective_at, received, remaining, *_), value in zip(rows, values, strict=True)
    ]  # fmt: skip


def availability(reader: Reader, masters: MasterBook, sku: str) -> list[dict[str, Any]]:
    """Per location: on_hand, reserved, available, on_order; available as the item's type says (a kit by its contents), None where
    nothing of it is stocked."""
    item = masters.item(sku)
    stock: dict[int, dict[int, Quantities]] = defaultdict(dict)
    for item_id, location_id, *levels in reader.rows(
        f"SELECT item_id, location_id, on_hand, reserved, on_order FROM stock WHERE company_id = ? AND {reader.among('item_id')}",
        reader.listed(sorted(ids_below(masters, [item]))),
    ):
        stock[location_id][item_id] = Quantities(*levels)
    rows = []
    for place in masters.locations.values():
        held = stock[place.id]
        own, promised = held.get(item.id, NOTHING), available(item, held, masters)
        rows.append({
            "sku": sku, "location": place.code, "on_hand": unscaled(own.on_hand), "reserved": unscaled(own.reserved),
            "available": None if promised is None else unscaled(promised), "on_order": unscaled(own.on_order),
        })  # fmt: skip
    return rows
