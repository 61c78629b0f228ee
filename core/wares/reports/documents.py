"""Read documents: list them, show one, and rebuild the result that `post` returned."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from wares.errors import Refused
from wares.ledger.shares import entries_of_document
from wares.model import RowKind, StoredPosted
from wares.storage.currencies import DECIMALS
from wares.storage.unit import Reader
from wares.values import JsonObject, day_from_text, iso_day, iso_instant, money, unrated, unscaled

"""A document or a part of one, with the keys that its command prints."""


def find_document(reader: Reader, number: str) -> int:
    """Return the id of the current revision of a document. Refused UNKNOWN_DOCUMENT."""
    query = "SELECT document_id FROM wares_document WHERE company_id = ? AND number = ? ORDER BY revision DESC LIMIT 1"
    row = reader.row(query, number) if number.isprintable() else None  # no other text is a number, and an engine may reject it
    if row is None:
        raise Refused.because("UNKNOWN_DOCUMENT", f"there is no document {number!r}", where=number, hint="wares docs list")
    return int(row[0])


def places(reader: Reader, currency: str) -> int:
    """Return the decimals of a document's currency."""
    return reader.decimals if currency == reader.head.currency else DECIMALS[currency]


def list_documents(
    reader: Reader,
    *,
    type: str | None = None,
    party: str | None = None,
    status: str | None = None,
    since: str | None = None,
    at: str | None = None,
    limit: int | None = None,
) -> Iterator[JsonObject]:
    """Yield number, type, date, party, status, total, currency, reference, memo, revision, in order of date and entry.

    The rows are read a page at a time.
    """
    conditions: list[str] = ["d.company_id = ?", "d.status <> 'replaced'"]
    parameters: list[str | int] = []
    for column, value in (("d.type", type), ("p.code", party), ("d.status", status)):
        if value is not None:
            conditions.append(f"{column} = ?")
            parameters.append(value)
    for comparison, text in ((">=", since), ("<=", at)):
        if text is not None:
            conditions.append(f"d.date {comparison} ?")
            parameters.append(day_from_text(text))
    rows = reader.stream(
        "SELECT d.number, d.type, d.date, p.code, d.status, d.total, d.reference, d.memo, d.revision, d.currency "
        "FROM wares_document d "
        "LEFT JOIN wares_party p ON p.company_id = d.company_id AND p.party_id = d.party_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY d.date, d.sequence, d.revision" + (f" LIMIT {int(limit)}" if limit else ""),
        *parameters,
    )
    for number, kind, day, party_code, state, total, reference, memo, revision, currency in rows:
        yield {
            "number": number, "type": kind, "date": iso_day(day), "party": party_code, "status": state,
            "total": money(total, places(reader, currency)), "currency": currency, "reference": reference, "memo": memo,
            "revision": revision,
        }  # fmt: skip


def show_document(reader: Reader, number: str) -> JsonObject:
    """Return the record as posted with every subline, amounts, cost, status and links."""
    return _shown(reader, find_document(reader, number))


def _shown(reader: Reader, document_id: int) -> JsonObject:
    row = reader.row(
        "SELECT d.number, d.type, d.status, d.revision, d.effective_at, d.due, p.code, l.code, a.code, d.reference, d.currency, "
        "d.goods, d.total, d.memo, d.key, d.recorded_at, d.record, d.attributes, d.rate, d.base_total FROM wares_document d "
        "LEFT JOIN wares_party p ON p.company_id = d.company_id AND p.party_id = d.party_id "
        "LEFT JOIN wares_location l ON l.company_id = d.company_id AND l.location_id = d.location_id "
        "LEFT JOIN wares_account a ON a.company_id = d.company_id AND a.account_id = d.account_id "
        "WHERE d.company_id = ? AND d.document_id = ?",
        document_id,
    )
    assert row is not None
    decimals = places(reader, row[10])
    record = json.loads(row[16])
    pending = row[2] == "pending"
    lines = _saved_lines(record) if pending else _lines(reader, document_id, decimals)
    settled = reader.row(
        "SELECT CAST(COALESCE(SUM(a.amount), 0) AS BIGINT) FROM wares_application a JOIN wares_document d "
        "ON d.company_id = a.company_id "
        "AND d.document_id = a.document_id WHERE a.company_id = ? AND a.target_id = ? AND d.status = 'posted'",
        document_id,
    )
    return {
        "number": row[0], "type": row[1], "status": row[2], "revision": row[3], "date": iso_instant(row[4]),
        "due": iso_day(row[5]) if row[5] else None, "party": row[6], "location": row[7], "account": row[8],
        "reference": row[9], "currency": row[10], "rate": unrated(row[18]), "goods": row[11],
        "total": money(row[12], decimals),
        "base_total": money(row[19], reader.decimals), "settled": money(settled[0] if settled else 0, decimals),
        "memo": row[13], "key": row[14],
        "recorded_at": iso_instant(row[15]) + "Z", "lines": lines, "links": _links(reader, document_id, decimals),
        "cost": money(0 if pending else sum(int(line["cost"].scaleb(reader.decimals)) for line in lines), reader.decimals),
        "attributes": json.loads(row[17]) if row[17] else {}, "record": record,
    }  # fmt: skip


def _saved_lines(record: JsonObject) -> list[JsonObject]:
    """Return the lines of a pending document as they were given: they are not priced before it is posted."""
    given = record.get("lines")
    lines = given if isinstance(given, list) else []
    return [{"line": str(at), **line} for at, line in enumerate(lines, start=1) if isinstance(line, dict)]


def _lines(reader: Reader, document_id: int, decimals: int) -> list[JsonObject]:
    values = defaultdict[int, int](int)
    for line_id, value in reader.rows(
        "SELECT m.line_id, (SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM wares_valuation v "
        "WHERE v.company_id = m.company_id "
        "AND v.move_id = m.move_id) FROM wares_move m WHERE m.company_id = ? AND m.document_id = ?",
        document_id,
    ):
        values[line_id] += value
    rows = reader.rows(
        "SELECT l.line_id, l.number, i.sku, l.kind, l.quantity, l.unit_price, l.discount, l.amount, l.unit, o.number, f.number, "
        "l.description, l.memo, l.lot, i.name, a.amount FROM wares_line l LEFT JOIN wares_foreign_line a "
        "ON a.company_id = l.company_id "
        "AND a.line_id = l.line_id LEFT JOIN wares_item i ON i.company_id = l.company_id "
        "AND i.item_id = l.item_id LEFT JOIN wares_line o ON o.company_id = l.company_id AND o.line_id = l.from_id "
        "LEFT JOIN wares_document f ON f.company_id = o.company_id AND f.document_id = o.document_id "
        "WHERE l.company_id = ? AND l.document_id = ? ORDER BY l.position",
        document_id,
    )
    return [
        {
            "line": number, "item": sku, "name": name, "kind": RowKind(kind).name.lower(), "quantity": unscaled(quantity),
            "unit_price": unscaled(price) if price is not None else None, "discount": unscaled(discount),
            "amount": money(amount if own is None else own, decimals), "base_amount": money(amount, reader.decimals),
            "cost": money(-values.get(line_id, 0), reader.decimals), "unit": unit,
            "from": f"{document}#{line}" if document else None, "description": description, "memo": memo, "lot": lot,
        }
        for line_id, number, sku, kind, quantity, price, discount, amount, unit, line, document, description, memo, lot, name, own
        in rows
    ]  # fmt: skip


def _links(reader: Reader, document_id: int, decimals: int) -> list[JsonObject]:
    """Return the lines of other documents that fulfil or return lines of this one, the payments applied, and its settlements."""
    own = [row[0] for row in reader.rows("SELECT line_id FROM wares_line WHERE company_id = ? AND document_id = ?", document_id)]
    rows = reader.rows(
        "SELECT l.line_id, f.kind, d.number, l.number, o.number, f.quantity FROM wares_fulfilment f "
        "JOIN wares_line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
        "JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE f.company_id = ? AND {reader.among('f.origin_line_id')} AND d.status = 'posted'",
        reader.listed(own),
    )
    links: list[JsonObject] = [
        {"kind": kind, "document": number, "line": line, "of": own, "quantity": unscaled(quantity)}
        for _, kind, number, line, own, quantity in sorted(rows)
    ]
    for number, amount in reader.rows(
        "SELECT d.number, a.amount FROM wares_application a JOIN wares_document d ON d.company_id = a.company_id "
        "AND d.document_id = a.document_id WHERE a.company_id = ? AND a.target_id = ? AND d.status = 'posted'",
        document_id,
    ):
        links.append({"kind": "paid", "document": number, "amount": money(amount, decimals)})
    for number, amount in reader.rows(
        "SELECT d.number, a.amount FROM wares_application a JOIN wares_document d ON d.company_id = a.company_id "
        "AND d.document_id = a.target_id WHERE a.company_id = ? AND a.document_id = ?",
        document_id,
    ):
        links.append({"kind": "settles", "document": number, "amount": money(amount, decimals)})
    return links


def as_posted(reader: Reader, number: str, document_id: int, *, repeated: bool) -> StoredPosted:
    """Return a stored document as `post` returned it."""
    shown = _shown(reader, document_id)
    entries = entries_of_document(reader, document_id)
    cogs = sum((entry["debit"] - entry["credit"] for entry in entries if entry["role"] == "cogs"), money(0, reader.decimals))
    return StoredPosted(
        id=document_id, number=number, type=shown["type"], date=shown["date"], status=shown["status"], party=shown["party"],
        currency=shown["currency"], total=shown["total"], base_total=shown["base_total"], lines=shown["lines"],
        entries=entries, cogs=cogs, repeated=repeated,
    )  # fmt: skip
