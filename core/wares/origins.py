"""Reading posted documents that new ones refer to: in `from`, in `apply_to`, or to be voided or revised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from wares.model import Intent, Item, Origin, OriginDocument, OriginMove, RowKind
from wares.storage.unit import Reader


class Items(Protocol):
    """The item look-up that reading origins needs."""

    def item_by_id(self, item_id: int) -> Item: ...
    def need_ids(self, ids: Iterable[int]) -> None: ...


class _LineRow(NamedTuple):
    id: int
    document_id: int
    number: str
    parent_id: int | None
    kind: int
    item_id: int | None
    base_id: int | None
    quantity: int
    scrapped: int
    unit_price: int | None
    discount: int
    amount: int
    goods_amount: int
    unit: str | None
    unit_factor: int
    location_id: int | None
    account_id: int | None
    from_id: int | None


_LINE_COLUMNS = (
    "line_id, document_id, number, parent_id, kind, item_id, base_id, quantity, scrapped, unit_price, discount, amount, "
    "goods_amount, unit, unit_factor, location_id, account_id, from_id"
)
_STANDING = "m.annulled_by IS NULL AND m.annuls IS NULL"


def load_origins(reader: Reader, items: Items, numbers: Iterable[str]) -> dict[str, OriginDocument]:
    """The standing revision of each of these documents with lines, moves and what was done to them. Seven queries."""
    numbers = sorted(set(numbers))
    if not numbers:
        return {}
    documents = reader.rows(
        "SELECT document_id, number, type, status, party_id, effective_at, date, goods, total, account_id FROM document "
        f"WHERE company_id = ? AND {reader.among('number')} AND status <> 'replaced'",
        reader.listed(numbers),
    )
    ids = [row[0] for row in documents]
    lines = [
        _LineRow(*row)
        for row in reader.rows(
            f"SELECT {_LINE_COLUMNS} FROM line WHERE company_id = ? AND {reader.among('document_id')} ORDER BY position",
            reader.listed(ids),
        )
    ]
    items.need_ids({line.item_id for line in lines if line.item_id is not None})
    done = _done(reader, [line.id for line in lines])
    moves = _moves(reader, lines)
    waiting = {
        line_id: (quantity, amount)
        for line_id, quantity, amount in reader.rows(
            f"SELECT line_id, quantity, amount FROM open_line WHERE company_id = ? AND {reader.among('line_id')}",
            reader.listed([line.id for line in lines]),
        )
    }
    settled = dict(
        reader.rows(
            "SELECT a.target_id, CAST(SUM(a.amount) AS BIGINT) FROM application a JOIN document d "
            "ON d.company_id = a.company_id AND d.document_id = a.document_id "
            f"WHERE a.company_id = ? AND {reader.among('a.target_id')} AND d.status = 'posted' GROUP BY a.target_id",
            reader.listed(ids),
        )
    )
    by_document: dict[int, list[_LineRow]] = defaultdict(list)
    for line in lines:
        by_document[line.document_id].append(line)
    return {
        row[1]: OriginDocument(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], settled.get(row[0], 0), row[9],
            _origins(row, by_document[row[0]], items, done, moves, waiting),
        )
        for row in documents
    }  # fmt: skip


def latest_maker(reader: Reader, item_id: int, types: Iterable[str], kind: str, before: int) -> str | None:
    """The latest line ("M-1#2") of a standing document of these types that brought the item in at or before an instant and has
    units left that no link of this kind has taken; None if there is none."""
    pools = [row[0] for row in reader.rows("SELECT pool_id FROM pool WHERE company_id = ? AND item_id = ?", item_id)]
    wanted = set(types)
    for pool_id in pools:
        after = (before, 2**62)
        while True:
            page = reader.rows(
                "SELECT m.effective_at, m.sequence, m.line_id, m.document_id FROM move m WHERE m.company_id = ? AND m.pool_id = ? "
                f"AND (m.effective_at, m.sequence) <= (?, ?) AND m.intent = {int(Intent.FROM_INPUTS)} AND {_STANDING} "
                "ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 20",
                pool_id,
                *after,
            )
            for _, _, line_id, document_id in page:
                name = _with_units_left(reader, line_id, document_id, wanted, kind)
                if name is not None:
                    return name
            if len(page) < 20:
                break
            after = (page[-1][0], page[-1][1] - 1)
    return None


def _with_units_left(reader: Reader, line_id: int, document_id: int, types: set[str], kind: str) -> str | None:
    document = reader.row("SELECT number, type FROM document WHERE company_id = ? AND document_id = ?", document_id)
    line = reader.row("SELECT number, quantity FROM line WHERE company_id = ? AND line_id = ?", line_id)
    if document is None or line is None or document[1] not in types:
        return None
    taken = _done(reader, [line_id]).get(line_id, {}).get(kind, (0, 0))[0]
    return f"{document[0]}#{line[0]}" if taken < line[1] else None


def _done(reader: Reader, lines: list[int]) -> Mapping[int, dict[str, tuple[int, int]]]:
    done: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    rows = reader.rows(
        "SELECT f.origin_line_id, f.kind, CAST(SUM(f.quantity) AS BIGINT), CAST(SUM(f.amount) AS BIGINT), "
        "CAST(SUM(l.goods_amount) AS BIGINT) FROM fulfilment f "
        "JOIN line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE f.company_id = ? AND {reader.among('f.origin_line_id')} AND d.status = 'posted' "
        "GROUP BY f.origin_line_id, f.kind",
        reader.listed(lines),
    )
    for line_id, kind, quantity, amount, charged in rows:
        done[line_id][kind] = (quantity, amount)
        if kind == "bill":
            done[line_id]["charged"] = (quantity, charged)
    _charged_before(reader, lines, done)
    return done


def _charged_before(reader: Reader, lines: list[int], done: dict[int, dict[str, tuple[int, int]]]) -> None:
    """Goods that were received or delivered from a bill or invoice are charged already."""
    for line_id, kind, quantity, amount in reader.rows(
        "SELECT line_id, kind, CAST(SUM(quantity) AS BIGINT), CAST(SUM(amount) AS BIGINT) FROM fulfilment "
        f"WHERE company_id = ? AND {reader.among('line_id')} AND kind IN ('deliver', 'receive') GROUP BY line_id, kind",
        reader.listed(lines),
    ):
        if kind == "receive":
            done[line_id]["bill"] = done[line_id]["charged"] = (quantity, amount)
        else:
            done[line_id]["invoice"] = (quantity, amount)


def _moves(reader: Reader, lines: list[_LineRow]) -> Mapping[int, list[OriginMove]]:
    """The standing moves of each line: its own, those of the line it came from, and those of lines that delivered it."""
    own = {line.id for line in lines}
    before = {line.from_id: line.id for line in lines if line.from_id is not None}
    after = {
        line_id: origin_id
        for origin_id, line_id in reader.rows(
            "SELECT origin_line_id, line_id FROM fulfilment "
            f"WHERE company_id = ? AND {reader.among('origin_line_id')} AND kind IN ('deliver', 'receive')",
            reader.listed(sorted(own)),
        )
    }
    wanted = own | set(before) | set(after)
    documents = {line.document_id for line in lines}
    others = sorted(wanted - own)
    if others:
        documents |= {
            row[0]
            for row in reader.rows(
                f"SELECT DISTINCT document_id FROM line WHERE company_id = ? AND {reader.among('line_id')}",
                reader.listed(others),
            )
        }
    rows = reader.rows(
        "SELECT m.move_id, m.line_id, m.item_id, m.location_id, m.pool_id, m.quantity, m.intent, m.group_id, "
        "m.counter_id, (SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM valuation v WHERE v.company_id = m.company_id "
        "AND v.move_id = m.move_id) FROM move m "
        f"WHERE m.company_id = ? AND {reader.among('m.document_id')} AND {_STANDING} ORDER BY m.effective_at, m.sequence",
        reader.listed(sorted(documents)),
    )
    back = moves_back(reader, [row[0] for row in rows])
    moves: dict[int, list[OriginMove]] = defaultdict(list)
    for move_id, line_id, item_id, location_id, pool_id, quantity, intent, group_id, counter_id, value in rows:
        if intent == Intent.NEUTRAL or not quantity:
            continue
        owner = line_id if line_id in own else before.get(line_id, after.get(line_id))
        quantity_back, passed_on = back.get(move_id, (0, 0))
        if owner is not None:
            moves[owner].append(
                OriginMove(
                    move_id, item_id, location_id, pool_id, quantity, intent, abs(value), quantity_back, group_id,
                    counter_id, passed_on,
                )
            )  # fmt: skip
    return moves


def moves_back(reader: Reader, moves: list[int]) -> dict[int, tuple[int, int]]:
    """Move → quantity (unsigned) of the standing moves that take their value from it, and quantity passed on."""
    if not moves:
        return {}
    rows = reader.rows(
        "SELECT k.origin_id, CAST(SUM(ABS(m.quantity)) AS BIGINT), "
        f"CAST(SUM(CASE WHEN m.intent = {int(Intent.PASSED_ON)} THEN m.share ELSE 0 END) AS BIGINT) FROM move_link k "
        "JOIN move m ON m.company_id = k.company_id AND m.move_id = k.move_id "
        "JOIN document d ON d.company_id = m.company_id AND d.document_id = m.document_id AND d.status <> 'replaced' "
        f"WHERE k.company_id = ? AND {reader.among('k.origin_id')} AND {_STANDING} GROUP BY k.origin_id",
        reader.listed(moves),
    )
    return {origin: (quantity, passed_on) for origin, quantity, passed_on in rows}


def _origins(
    document: tuple[Any, ...],
    lines: list[_LineRow],
    items: Items,
    done: Mapping[int, dict[str, tuple[int, int]]],
    moves: Mapping[int, list[OriginMove]],
    waiting: Mapping[int, tuple[int, int]],
) -> dict[str, Origin]:
    contents: dict[int, list[Origin]] = defaultdict(list)
    attached: dict[int, list[Origin]] = defaultdict(list)
    origins: dict[str, Origin] = {}
    for line in reversed(lines):  # sublines and calculations stand after what they belong to
        origin = Origin(
            line.id, f"{document[1]}#{line.number}", document[0], document[1], document[2], document[7], document[4],
            document[5], line.kind, items.item_by_id(line.item_id) if line.item_id is not None else None, line.quantity,
            line.unit_price, line.discount, line.amount, line.goods_amount, line.unit, line.unit_factor, line.account_id,
            line.location_id, done.get(line.id, {}), tuple(reversed(contents[line.id])), tuple(reversed(attached[line.id])),
            tuple(moves.get(line.id, ())), line.scrapped, waiting.get(line.id, (0, 0)),
        )  # fmt: skip
        origins[line.number] = origin
        if line.kind == RowKind.CONTENT and line.parent_id is not None:
            contents[line.parent_id].append(origin)
        elif line.kind == RowKind.CALCULATION and line.base_id is not None:
            attached[line.base_id].append(origin)
    return dict(reversed(list(origins.items())))
