"""The parts of posted lines that later documents took: by quantity, by amount, in another currency, in another unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from wares.model import LinkKind, RowKind
from wares.storage.unit import Reader
from wares.values import SCALE, share, times

Taken = dict[str, tuple[int, int]]
"""Kind of link → quantity and amount that later documents took of a line."""
Foreign = Mapping[int, tuple[int, int]]
"""Line → its amount and its value as goods, in the currency of its document."""


def parts_taken(reader: Reader, lines: list[int]) -> Mapping[int, Taken]:
    """Return line → kind of link → quantity and amount that standing documents took, with `charged` and `credited`."""
    done: dict[int, Taken] = defaultdict(dict)
    rows = reader.rows(
        "SELECT f.origin_line_id, f.kind, CAST(SUM(f.quantity) AS BIGINT), CAST(SUM(f.amount) AS BIGINT), "
        "CAST(SUM(l.goods_amount) AS BIGINT), CAST(SUM(l.amount) AS BIGINT) FROM wares_fulfilment f "
        "JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE f.company_id = ? AND {reader.among('f.origin_line_id')} AND d.status = 'posted' "
        "GROUP BY f.origin_line_id, f.kind",
        reader.listed(lines),
    )
    for line_id, kind, quantity, amount, charged, credited in rows:
        done[line_id][kind] = (quantity, amount)
        if kind == LinkKind.BILL:
            done[line_id]["charged"] = (quantity, charged)
        elif kind == LinkKind.CREDIT:
            done[line_id]["credited"] = (quantity, credited)
    _charged_before(reader, lines, done)
    return done


def _charged_before(reader: Reader, lines: list[int], done: dict[int, Taken]) -> None:
    """Add goods that were received or delivered from a bill or invoice as charged."""
    for line_id, kind, quantity, amount in reader.rows(
        "SELECT f.line_id, f.kind, MAX(l.quantity), CAST(SUM(f.amount) AS BIGINT) FROM wares_fulfilment f "
        "JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        f"WHERE f.company_id = ? AND {reader.among('f.line_id')} AND f.kind IN ('deliver', 'receive') GROUP BY f.line_id, f.kind",
        reader.listed(lines),
    ):
        if kind == LinkKind.RECEIVE:
            done[line_id][LinkKind.BILL] = done[line_id]["charged"] = (quantity, amount)
        else:
            done[line_id][LinkKind.INVOICE] = (quantity, amount)


def parts_taken_abroad(reader: Reader, foreign: Foreign) -> Mapping[int, Taken]:
    """Return the parts of lines that later documents took, in the lines' own currency. A document in the company's took its part in
    proportion."""
    found: dict[int, Taken] = defaultdict(dict)
    for line_id, kind, quantity, amount, taken, own, goods, charged, credited in reader.rows(
        "SELECT f.origin_line_id, f.kind, CAST(SUM(f.quantity) AS BIGINT), CAST(SUM(f.currency_amount) AS BIGINT), "
        "CAST(SUM(CASE WHEN f.currency_amount IS NULL THEN f.amount ELSE 0 END) AS BIGINT), MAX(o.amount), MAX(o.goods_amount), "
        "CAST(COALESCE(SUM(g.goods_amount), 0) AS BIGINT), CAST(COALESCE(SUM(g.amount), 0) AS BIGINT) "
        "FROM wares_fulfilment f JOIN wares_line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
        "JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        "LEFT JOIN wares_foreign_line g ON g.company_id = f.company_id AND g.line_id = f.line_id "
        f"WHERE f.company_id = ? AND {reader.among('f.origin_line_id')} AND d.status = 'posted' GROUP BY f.origin_line_id, f.kind",
        reader.listed(foreign),
    ):
        whole, whole_abroad = (own, foreign[line_id][0]) if kind == LinkKind.CREDIT else (goods, foreign[line_id][1])
        found[line_id][kind] = (quantity, (amount or 0) + (share(whole_abroad, taken, whole) if whole else 0))
        if kind == LinkKind.BILL:
            found[line_id]["charged"] = (quantity, charged)
        elif kind == LinkKind.CREDIT:
            found[line_id]["credited"] = (quantity, credited)
    for line_id, kind, quantity, amount in reader.rows(
        "SELECT f.line_id, f.kind, MAX(l.quantity), CAST(COALESCE(SUM(f.currency_amount), 0) AS BIGINT) FROM wares_fulfilment f "
        "JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        f"WHERE f.company_id = ? AND {reader.among('f.line_id')} AND f.kind IN ('deliver', 'receive', 'return') "
        "GROUP BY f.line_id, f.kind",
        reader.listed(foreign),
    ):
        if kind == LinkKind.RECEIVE:  # goods received from a bill, or delivered from an invoice, are charged
            found[line_id][LinkKind.BILL] = found[line_id]["charged"] = (quantity, amount)
        else:
            found[line_id][LinkKind.INVOICE if kind == LinkKind.DELIVER else "unbilled"] = (quantity, amount)
    return found


def taken_in_item_units(reader: Reader, lines: list[int]) -> dict[int, dict[str, int]]:
    """Return line → kind of link → quantity in the item's unit, for those of these lines (each in a unit of its own) from which a
    standing document took a part in the item's unit: such a part has no exact quantity in the line's unit."""
    if not lines:
        return {}
    found: dict[int, dict[str, int]] = defaultdict(dict)
    mixed: set[int] = set()
    for line_id, kind, factor, converted, same in reader.rows(
        "SELECT o.line_id, f.kind, o.unit_factor, "
        f"CAST(SUM(CASE WHEN l.unit_factor = {SCALE} THEN l.quantity ELSE 0 END) AS BIGINT), "
        f"CAST(SUM(CASE WHEN l.unit_factor = {SCALE} THEN 0 ELSE f.quantity END) AS BIGINT) FROM wares_fulfilment f "
        "JOIN wares_line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
        "JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE f.company_id = ? AND {reader.among('f.origin_line_id')} AND o.kind = {RowKind.ROW:d} AND d.status = 'posted' "
        "GROUP BY o.line_id, f.kind, o.unit_factor",
        reader.listed(lines),
    ):
        found[line_id][kind] = times(same, factor) + converted
        if converted:
            mixed.add(line_id)
    return {line_id: found[line_id] for line_id in mixed}
