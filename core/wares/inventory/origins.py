"""The posted documents that new ones refer to: in `from`, in `apply_to`, or to void or revise them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from wares.inventory.accounts import posted_accounts, with_accounts
from wares.inventory.calculations import covers_of
from wares.inventory.origin_moves import moves_of_lines
from wares.inventory.taken import Foreign, Taken, parts_taken, parts_taken_abroad, taken_in_item_units
from wares.inventory.units import in_item_unit
from wares.model import Item, LinkKind, Origin, OriginDocument, OriginMove, RowKind
from wares.storage.statements import SqlRow
from wares.storage.unit import Reader
from wares.values import SCALE


class ItemLookUp(Protocol):
    """The item look-up that reading origins needs."""

    def item_by_id(self, item_id: int) -> Item:
        """Return the item with this id."""
        ...

    def need_ids(self, ids: Iterable[int]) -> None:
        """Read these items together, before they are asked for one by one."""
        ...


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


def load_origins(reader: Reader, items: ItemLookUp, numbers: Iterable[str]) -> dict[str, OriginDocument]:
    """Return the standing revision of each of these documents with its lines, moves and the parts that later documents took, in
    eight queries (nine where lines are in units of their own)."""
    numbers = sorted(set(numbers))
    if not numbers:
        return {}
    documents = reader.rows(
        "SELECT document_id, number, type, status, party_id, effective_at, date, goods, total, account_id, currency, rate, "
        "base_total FROM wares_document "
        f"WHERE company_id = ? AND {reader.among('number')} AND status <> 'replaced' "
        "ORDER BY revision",  # of documents with one number the last stands, the others are void
        reader.listed(numbers),
    )
    ids = [row[0] for row in documents]
    lines = [
        _LineRow(*row)
        for row in reader.rows(
            f"SELECT {_LINE_COLUMNS} FROM wares_line WHERE company_id = ? AND {reader.among('document_id')} ORDER BY position",
            reader.listed(ids),
        )
    ]
    items.need_ids({line.item_id for line in lines if line.item_id is not None})
    abroad = {row[0] for row in documents if row[10] != reader.head.currency}
    foreign = foreign_lines(reader, [line.id for line in lines if line.document_id in abroad])
    done = parts_taken(reader, [line.id for line in lines])
    moves = moves_of_lines(reader, {line.id: (line.document_id, line.from_id) for line in lines})
    waiting = {
        line_id: (quantity, amount)
        for line_id, quantity, amount in reader.rows(
            f"SELECT line_id, quantity, amount FROM wares_open_line WHERE company_id = ? AND {reader.among('line_id')}",
            reader.listed([line.id for line in lines]),
        )
    }
    settled = _settled(reader, ids)
    of_documents, of_lines = posted_accounts(reader, ids)
    by_document: dict[int, list[_LineRow]] = defaultdict(list)
    for line in lines:
        by_document[line.document_id].append(line)
    in_currency = parts_taken_abroad(reader, foreign) if foreign else {}
    in_item_units = taken_in_item_units(
        reader, [line.id for line in lines if line.unit_factor != SCALE and line.item_id is not None]
    )
    found = {}
    for row in documents:
        own, base = settled.get(row[0], (0, 0))
        origins = _origins(row, by_document[row[0]], items, done, moves, waiting, foreign)
        totals = of_documents.get(row[0], {})
        origins = with_accounts(origins, totals, of_lines)
        if row[0] in abroad:
            origins = _abroad(origins, foreign, in_currency, row[11])
        origins = {number: _in_its_unit(origin, in_item_units) for number, origin in origins.items()}
        found[row[1]] = OriginDocument(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], own, row[9], origins, row[10], row[11],
            row[12], base, totals,
        )  # fmt: skip
    return found


def _settled(reader: Reader, ids: list[int]) -> dict[int, tuple[int, int]]:
    """Return document → the amount that payments and refunds applied to it or that it applied itself, in its currency and in the
    company's."""
    return {
        document_id: (amount, base)
        for document_id, amount, base in reader.rows(
            "SELECT id, CAST(SUM(amount) AS BIGINT), CAST(SUM(base_amount) AS BIGINT) FROM ("
            "SELECT a.target_id AS id, a.amount, a.base_amount FROM wares_application a JOIN wares_document d "
            "ON d.company_id = a.company_id AND d.document_id = a.document_id "
            f"WHERE a.company_id = ? AND {reader.among('a.target_id')} AND d.status = 'posted' "
            "UNION ALL SELECT document_id, amount, base_amount FROM wares_application "
            f"WHERE company_id = ? AND {reader.among('document_id')}) AS t GROUP BY id",
            reader.listed(ids), reader.company_id, reader.listed(ids),
        )
    }  # fmt: skip


def _in_its_unit(origin: Origin, in_item_units: Mapping[int, Mapping[str, int]]) -> Origin:
    """Return a line of which parts were taken in the item's unit in that unit, others in the unit in which they are recorded."""
    taken = in_item_units.get(origin.id)
    return origin if taken is None else in_item_unit(origin, taken)


def _origins(
    document: SqlRow,
    lines: list[_LineRow],
    items: ItemLookUp,
    done: Mapping[int, Taken],
    moves: Mapping[int, list[OriginMove]],
    waiting: Mapping[int, tuple[int, int]],
    foreign: Foreign,
) -> dict[str, Origin]:
    covers = covers_of(lines, foreign)
    contents: dict[int, list[Origin]] = defaultdict(list)
    attached: dict[str, list[Origin]] = defaultdict(list)
    origins: dict[str, Origin] = {}
    for line in reversed(lines):  # sublines and calculations stand after their row
        taken = done.get(line.id, {})
        _, credited = taken.pop("credited", (0, 0))
        origin = Origin(
            line.id, f"{document[1]}#{line.number}", document[0], document[1], document[2], document[7], document[4],
            document[5], line.kind, items.item_by_id(line.item_id) if line.item_id is not None else None, line.quantity,
            line.unit_price, line.discount, line.amount, line.goods_amount, line.unit, line.unit_factor, line.account_id,
            line.location_id, taken, tuple(reversed(contents[line.id])), tuple(reversed(attached[line.number])),
            tuple(moves.get(line.id, ())), line.scrapped, waiting.get(line.id, (0, 0)), covers=covers.get(line.id, {}),
            credited=credited,
        )  # fmt: skip
        origins[line.number] = origin
        if line.kind == RowKind.CONTENT and line.parent_id is not None:
            contents[line.parent_id].append(origin)
        for number in origin.covers:
            attached[number].append(origin)
    return dict(reversed(list(origins.items())))


# --- in another currency ---------------------------------------------------------------------------------------------


def foreign_lines(reader: Reader, lines: list[int]) -> dict[int, tuple[int, int]]:
    """Return the amounts of lines in the currency of their document, where that is not the company's."""
    if not lines:
        return {}
    return {
        line_id: (amount, goods)
        for line_id, amount, goods in reader.rows(
            f"SELECT line_id, amount, goods_amount FROM wares_foreign_line WHERE company_id = ? AND {reader.among('line_id')}",
            reader.listed(lines),
        )
    }


def _abroad(origins: Mapping[str, Origin], foreign: Foreign, done: Mapping[int, Taken], rate: int) -> dict[str, Origin]:
    """Return the lines of a document in another currency in that currency, each with the same line in the company's as `base`."""

    def turned(origin: Origin) -> Origin:
        amount, goods = foreign[origin.id]
        ours = done.get(origin.id, {})
        _, credited = ours.get("credited", (0, 0))
        ours = {kind: taken for kind, taken in ours.items() if kind != "credited"}
        gone_back = (ours[kind][1] for kind in ("unbilled", LinkKind.CREDIT) if kind in ours)
        waiting = goods - sum(gone_back)  # for a credit
        return origin._replace(
            amount=amount, goods_amount=goods, done=ours, rate=rate, base=origin, waiting=(origin.waiting[0], waiting),
            credited=credited,
            contents=tuple(turned(each) for each in origin.contents), attached=tuple(turned(each) for each in origin.attached),
        )  # fmt: skip

    return {number: turned(origin) for number, origin in origins.items()}
