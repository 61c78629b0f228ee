"""The reads behind `Recorded`: the one place that turns the questions of plugins into SQL over the tables of the core."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator

from wares.model import RowKind
from wares.recorded.rows import (
    GoodsValue,
    OtherSide,
    RecordedDocument,
    RecordedItem,
    RecordedLine,
    RecordedLink,
    RecordedLot,
    RecordedPosting,
)
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.values import JsonObject, day_of, times

LAST_DAY = 9999_12_31
PAGE = 4_000
"""Documents in one page of days, by default."""

_REVISES = (
    "d.number = k.number AND NOT EXISTS (SELECT 1 FROM wares_document v WHERE v.company_id = k.company_id AND v.number = k.number "
    "AND v.status = 'void' AND v.revision BETWEEN k.revision AND d.revision - 1)"
)
"""Document `d` is `k` or a later revision of it. A void document whose number was used again is another document."""
_KEY = (
    "COALESCE(d.key, CASE WHEN d.revision > 1 THEN (SELECT k.key FROM wares_document k WHERE k.company_id = d.company_id "
    f"AND k.key IS NOT NULL AND k.revision < d.revision AND {_REVISES} ORDER BY k.revision LIMIT 1) END)"
)
"""The idempotency key of a document; an edited document keeps the key of its first revision."""
_DOCUMENTS = (
    f"SELECT d.document_id, d.number, d.type, d.date, {_KEY}, y.code, d.memo FROM wares_document d "
    "LEFT JOIN wares_party y ON y.company_id = d.company_id AND y.party_id = d.party_id "
    "WHERE d.company_id = ? AND d.status = 'posted' AND {filter} ORDER BY d.date, d.effective_at, d.sequence"
)
_LINES = (
    f"SELECT l.line_id, d.document_id, d.number, l.number, d.type, d.date, {_KEY}, l.item_id, i.sku, i.name, l.quantity, l.amount, "
    "COALESCE(l.description, d.memo), l.attributes, a.code, y.code, "
    "CASE WHEN o.line_id IS NULL THEN NULL ELSE b.number || '#' || o.number END "
    "FROM wares_document d JOIN wares_line l ON l.company_id = d.company_id AND l.document_id = d.document_id "
    "LEFT JOIN wares_item i ON i.company_id = l.company_id AND i.item_id = l.item_id "
    "LEFT JOIN wares_account a ON a.company_id = l.company_id AND a.account_id = l.account_id "
    "LEFT JOIN wares_party y ON y.company_id = d.company_id AND y.party_id = d.party_id "
    "LEFT JOIN wares_line o ON o.company_id = l.company_id AND o.line_id = l.from_id "
    "LEFT JOIN wares_document b ON b.company_id = o.company_id AND b.document_id = o.document_id "
    "WHERE d.company_id = ? AND d.status = 'posted' AND l.kind = {row} AND {filter} "
    "ORDER BY d.date, d.effective_at, d.sequence, l.position"
)
_LINKS = (
    "SELECT f.origin_line_id, f.kind, f.quantity, f.amount, f.line_id, d.document_id, d.number, d.date, l.item_id, i.sku, "
    "l.lot, l.attributes FROM wares_fulfilment f JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
    "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
    "LEFT JOIN wares_item i ON i.company_id = l.company_id AND i.item_id = l.item_id "
    "WHERE f.company_id = ? AND {filter} AND d.status = 'posted' ORDER BY f.origin_line_id, f.line_id"
)
_LINKED = (
    "(SELECT COALESCE(SUM(f.quantity), 0) FROM wares_fulfilment f JOIN wares_line t ON t.company_id = f.company_id "
    "AND t.line_id = f.line_id "
    "JOIN wares_document u ON u.company_id = t.company_id AND u.document_id = t.document_id AND u.status = 'posted' "
    "WHERE f.company_id = l.company_id AND f.origin_line_id = l.line_id AND f.kind = ?)"
)
"""The quantity of a line that later documents took, in one kind of link."""
_CONTENTS = (
    "SELECT p.line_id, c.item_id, c.quantity, c.unit_factor FROM wares_line p CROSS JOIN wares_line c WHERE p.company_id = ? "
    "AND {among} "
    "AND c.company_id = p.company_id AND c.document_id = p.document_id AND c.parent_id = p.line_id "
    f"AND c.kind = {RowKind.CONTENT:d} AND c.item_id IS NOT NULL ORDER BY c.position"
)
_ROW_OF = f"CASE WHEN {{line}}.kind = {RowKind.CONTENT:d} THEN {{line}}.parent_id ELSE {{line}}.line_id END"
"""The row of a line; contents of a kit belong to the kit's row."""
_VALUES = (  # a sum for each move, so that no engine starts with all valuations of the company
    f"SELECT (SELECT {_ROW_OF.format(line='l')} FROM wares_line l WHERE l.company_id = m.company_id AND l.line_id = m.line_id), "
    "(SELECT CAST(SUM(v.value) AS BIGINT) FROM wares_valuation v WHERE v.company_id = m.company_id AND v.move_id = m.move_id) "
    "FROM wares_move m WHERE m.company_id = ? AND {among}"
)
_POOLS = "SELECT pool_id, item_id, lot, quantity FROM wares_pool WHERE company_id = ? AND {among} AND {held}"
_FIRST_MOVES = (
    "SELECT m.pool_id, COALESCE(b.date, m.date), m.effective_at, m.sequence, COALESCE(y.code, z.code), "
    "COALESCE(o.description, l.description) FROM wares_move m "
    "JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
    "LEFT JOIN wares_line l ON l.company_id = m.company_id AND l.line_id = m.line_id "
    "LEFT JOIN wares_line o ON o.company_id = l.company_id AND o.line_id = l.from_id "
    "LEFT JOIN wares_document b ON b.company_id = o.company_id AND b.document_id = o.document_id "
    "LEFT JOIN wares_party y ON y.company_id = b.company_id AND y.party_id = b.party_id "
    "LEFT JOIN wares_party z ON z.company_id = d.company_id AND z.party_id = d.party_id "
    "WHERE m.company_id = ? AND {among} "
    f"AND m.quantity > 0 AND {STANDING} "
    "ORDER BY m.effective_at, m.sequence"
)
_ENTRIES_ON = (  # the addition keeps an engine from reading every posting in the order of entries
    "SELECT DISTINCT {p}.company_id, {p}.entry_id + 0 AS entry_id FROM wares_posting {p} WHERE {p}.company_id = ? AND {among} "
    "AND {p}.date >= ? AND {p}.date <= ?"
)
_GOODS = (  # LEFT JOIN, so that no engine starts with all valuations of the company
    "SELECT v.date, d.document_id, d.number, d.type, l.number, "
    "CASE WHEN o.line_id IS NULL THEN NULL ELSE b.number || '#' || o.number END, v.value "
    "FROM wares_move m LEFT JOIN wares_valuation v ON v.company_id = m.company_id AND v.move_id = m.move_id "
    "JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
    "LEFT JOIN wares_line c ON c.company_id = m.company_id AND c.line_id = m.line_id "
    "LEFT JOIN wares_line l ON l.company_id = c.company_id AND l.line_id = " + _ROW_OF.format(line="c") + " "
    "LEFT JOIN wares_line o ON o.company_id = l.company_id AND o.line_id = l.from_id "
    "LEFT JOIN wares_document b ON b.company_id = o.company_id AND b.document_id = o.document_id "
    "WHERE m.company_id = ? AND {among} ORDER BY m.document_id, m.sequence"
)
_POSTINGS = (
    "SELECT p.date, d.number, d.type, l.line_id, l.number, y.code, COALESCE(MIN(l.description), MIN(d.memo)), "
    "CAST(SUM(p.amount) AS BIGINT), MIN(b.number || '#' || o.number) FROM wares_posting p "
    "JOIN wares_entry e ON e.company_id = p.company_id AND e.entry_id = p.entry_id "
    "JOIN wares_document d ON d.company_id = e.company_id AND d.document_id = e.document_id "
    "LEFT JOIN wares_party y ON y.company_id = d.company_id AND y.party_id = d.party_id "
    "LEFT JOIN wares_line l ON l.company_id = p.company_id AND l.line_id = p.line_id "
    "LEFT JOIN wares_line o ON o.company_id = l.company_id AND o.line_id = l.from_id "
    "LEFT JOIN wares_document b ON b.company_id = o.company_id AND b.document_id = o.document_id "
    "WHERE p.company_id = ? AND {among} AND p.date >= ? AND p.date <= ? "
    "GROUP BY p.date, d.sequence, d.number, d.type, l.line_id, l.number, y.code HAVING SUM(p.amount) <> 0 "
    "ORDER BY p.date, d.sequence, l.line_id"
)
_OTHER_SIDES = (
    "SELECT s.type, a.code, a.type, a.roles, CAST(SUM(s.amount) AS BIGINT) FROM ("
    "SELECT p.company_id, p.entry_id, p.account_id, d.type, SUM(p.amount) AS amount FROM "
    f"({_ENTRIES_ON.replace('{p}', 'g')}) t "
    "JOIN wares_posting p ON p.company_id = t.company_id AND p.entry_id = t.entry_id AND NOT ({other}) "
    "JOIN wares_entry e ON e.company_id = p.company_id AND e.entry_id = p.entry_id "
    "JOIN wares_document d ON d.company_id = e.company_id AND d.document_id = e.document_id "
    "GROUP BY p.company_id, p.entry_id, p.account_id, d.type HAVING SUM(p.amount) <> 0) s "
    "JOIN wares_account a ON a.company_id = s.company_id AND a.account_id = s.account_id "
    "GROUP BY s.type, a.code, a.type, a.roles, CASE WHEN s.amount > 0 THEN 1 ELSE 0 END ORDER BY s.type, a.code"
)


class Recorded:
    """The posted documents of one company, as its reader sees them: one snapshot, or the state within a writing unit."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.decimals: int = reader.decimals
        """Decimal places of the company's currency: `money(amount, decimals)` returns the Decimal."""
        self.currency: str = reader.head.currency
        """Code of the company's currency."""

    # --- masters ---

    def items(self, *, skus: Collection[str] | None = None, ids: Collection[int] | None = None) -> list[RecordedItem]:
        """Return items in order of SKU: all of them, or only those with these SKUs or ids."""
        condition, parameters = self._chosen(("sku", skus), ("item_id", ids))
        statement = f"SELECT item_id, sku, name, type, active FROM wares_item WHERE company_id = ? AND {condition} ORDER BY sku"
        rows = self._reader.rows(statement, *parameters)
        return [RecordedItem(id, sku, name, type, bool(active)) for id, sku, name, type, active in rows]

    def locations(self) -> dict[int, str]:
        """Return id → code of every location."""
        return dict(self._reader.rows("SELECT location_id, code FROM wares_location WHERE company_id = ? ORDER BY code"))

    # --- documents ---

    def stands(self, column: str) -> str:
        """Return an SQL condition, for statements over a plugin's own tables: the document in this column is posted. The column is
        given with its table or alias, as in `e.document_id`; that table has a column `company_id` too."""
        alias, dot, _ = column.rpartition(".")
        return (
            f"EXISTS (SELECT 1 FROM wares_document d_ WHERE d_.company_id = {alias}{dot}company_id AND d_.document_id = {column} "
            "AND d_.status = 'posted')"
        )

    def documents(
        self, *, ids: Collection[int] | None = None, numbers: Collection[str] | None = None, types: Collection[str] | None = None
    ) -> list[RecordedDocument]:
        """Return posted documents, oldest first: those with these ids, numbers and types; None does not restrict."""
        condition, parameters = self._chosen(("d.document_id", ids), ("d.number", numbers), ("d.type", types))
        return [RecordedDocument._make(row) for row in self._reader.rows(_DOCUMENTS.format(filter=condition), *parameters)]

    def day_pages(self, *, since: int = 0, until: int = LAST_DAY, size: int = PAGE) -> Iterator[tuple[int, int]]:
        """Yield ranges of days (first, last) that hold about `size` documents each."""
        days = self._reader.rows(
            "SELECT date, COUNT(*) FROM wares_document WHERE company_id = ? AND date >= ? AND date <= ? GROUP BY date "
            "ORDER BY date",
            since,
            until,
        )
        first, held = None, 0
        for index, (day, count) in enumerate(days):
            first, held = (day if first is None else first), held + count
            if held >= size or index == len(days) - 1:
                yield first, day
                first, held = None, 0

    def records(self, keys: Collection[str]) -> dict[str, JsonObject]:
        """Return idempotency key → the record posted under it, in any status of the document; unknown keys are absent."""
        statement = f"SELECT key, record FROM wares_document WHERE company_id = ? AND {self._reader.among('key')}"
        return {key: json.loads(record) for key, record in self._reader.rows(statement, self._reader.listed(keys))}

    def lines(
        self,
        *,
        types: Collection[str] = (),
        goods: str | None = None,
        since: int | None = None,
        until: int | None = None,
        documents: Collection[str] | None = None,
        document_ids: Collection[int] | None = None,
        keys: Collection[str] | None = None,
        key_prefix: str = "",
        line_ids: Collection[int] | None = None,
        without_item: bool = False,
        waiting_for: str | None = None,
    ) -> list[RecordedLine]:
        """Return rows of posted documents, oldest first: of these types, days, documents (number or id), idempotency keys, lines.

        An argument left out does not restrict. `without_item` leaves out lines with an item; `waiting_for` leaves out lines whose
        whole quantity has links of this kind.
        """
        reader = self._reader
        among, parameters = self._chosen(
            ("d.type", types or None), ("l.line_id", line_ids), ("l.document_id", document_ids),
            ("l.document_id", self._ids("number", documents)), ("l.document_id", self._ids("key", keys)),
        )  # fmt: skip
        conditions = [among]
        for condition, value in (("d.goods = ?", goods), ("d.date >= ?", since), ("d.date <= ?", until)):
            if value is not None:
                conditions.append(condition)
                parameters.append(value)
        if key_prefix:
            conditions.append(f"SUBSTR({_KEY}, 1, ?) = ?")
            parameters += [len(key_prefix), key_prefix]
        if without_item:
            conditions.append("l.item_id IS NULL")
        if waiting_for is not None:
            conditions.append(f"l.quantity > {_LINKED}")
            parameters.append(waiting_for)
        statement = _LINES.format(row=int(RowKind.ROW), filter=" AND ".join(conditions))
        return [RecordedLine._make(row) for row in reader.rows(statement, *parameters)]

    def _chosen(self, *choices: tuple[str, Collection[int] | Collection[str] | None]) -> tuple[str, list[object]]:
        """Return the condition that each column is among its values, and its parameters; None does not restrict."""
        chosen = [(column, values) for column, values in choices if values is not None]
        conditions = [self._reader.among(column) for column, _ in chosen]
        return " AND ".join(conditions or ["1 = 1"]), [self._reader.listed(values) for _, values in chosen]

    def _ids(self, column: str, chosen: Collection[str] | None) -> list[int] | None:
        """Return the ids of the documents with these numbers or keys, in all revisions. A query of its own, so that an engine finds
        the lines by document id."""
        if chosen is None:
            return None
        statement = (
            "SELECT DISTINCT d.document_id FROM wares_document k "
            f"JOIN wares_document d ON d.company_id = k.company_id AND {_REVISES} "
            f"WHERE k.company_id = ? AND {self._reader.among(f'k.{column}')}"
        )
        return [row[0] for row in self._reader.rows(statement, self._reader.listed(chosen))]

    def links(self, origin_ids: Collection[int], *, kinds: Collection[str] = ()) -> list[RecordedLink]:
        """Return the links of later documents to these lines, in the order of the lines."""
        condition, parameters = self._chosen(("f.origin_line_id", origin_ids), ("f.kind", kinds or None))
        statement = _LINKS.format(filter=condition)
        return [RecordedLink._make(row) for row in self._reader.rows(statement, *parameters)]

    # --- goods ---

    def contents(self, line_ids: Collection[int]) -> dict[int, list[tuple[int, int]]]:
        """Return line id → (item id, quantity in the item's unit) of the contents recorded with the line, as those of a kit."""
        found: dict[int, list[tuple[int, int]]] = {}
        statement = _CONTENTS.format(among=self._reader.among("p.line_id"))
        for line_id, item_id, quantity, factor in self._reader.rows(statement, self._reader.listed(line_ids)):
            found.setdefault(line_id, []).append((item_id, times(quantity, factor)))
        return found

    def values(self, document_ids: Collection[int]) -> dict[int, int]:
        """Return line id → value of the goods of these documents' rows: receipts positive, issues negative. Rows without goods are
        absent."""
        statement = _VALUES.format(among=self._reader.among("m.document_id"))
        found: dict[int, int] = {}
        for line_id, value in self._reader.rows(statement, self._reader.listed(document_ids)):
            found[line_id] = found.get(line_id, 0) + (value or 0)
        return found

    def lots(self, item_ids: Collection[int], *, gone: bool = False) -> list[RecordedLot]:
        """Return the goods on hand of these items by lot, oldest first; with `gone` also the exhausted lots."""
        reader = self._reader
        held = "1 = 1" if gone else "quantity > 0"
        pools = {
            row[0]: row[1:] for row in reader.rows(_POOLS.format(among=reader.among("item_id"), held=held), reader.listed(item_ids))
        }
        whole: dict[tuple[int, str], int] = defaultdict(int)  # a lot at several locations is one lot
        for item_id, lot, quantity in pools.values():
            whole[item_id, lot] += quantity
        statement = _FIRST_MOVES.format(among=reader.among("m.pool_id"))
        first: dict[tuple[int, str], tuple[tuple[int, int, int], RecordedLot]] = {}
        for pool_id, day, at, sequence, party, text in reader.rows(statement, reader.listed(pools)):
            item_id, lot, _ = pools[pool_id]
            of_lot = RecordedLot(item_id, lot, whole[item_id, lot], day, day_of(at), party, text)
            first.setdefault((item_id, lot), ((day, at, sequence), of_lot))
        return [lot for _, lot in sorted(first.values(), key=lambda each: each[0])]

    def goods(self, document_ids: Collection[int]) -> list[GoodsValue]:
        """Return the change of stock value by document, row and day; changes that sum to zero are left out."""
        statement = _GOODS.format(among=self._reader.among("m.document_id"))
        sums: dict[tuple[object, ...], int] = {}
        for *row, value in self._reader.rows(statement, self._reader.listed(document_ids)):
            sums[tuple(row)] = sums.get(tuple(row), 0) + (value or 0)
        return [GoodsValue._make((*row, value)) for row, value in sums.items() if value]

    # --- ledger ---

    def postings(self, roles: Collection[str], *, since: int = 0, until: int = LAST_DAY) -> list[RecordedPosting]:
        """Return the sum that each row of a document posted to accounts with one of these roles, oldest first, without sums of
        zero."""
        reader = self._reader
        accounts = reader.listed(self._accounts(roles))
        statement = _POSTINGS.format(among=reader.among("p.account_id"))
        return [RecordedPosting._make(row) for row in reader.rows(statement, accounts, since, until)]

    def other_sides(self, roles: Collection[str], *, since: int = 0, until: int = LAST_DAY) -> list[OtherSide]:
        """Return the sums on the other accounts of those entries of these days that post to accounts with one of these roles: net
        for each account within an entry, debits and credits apart."""
        reader = self._reader
        own = reader.listed(self._accounts(roles))
        statement = _OTHER_SIDES.format(among=reader.among("g.account_id"), other=reader.among("p.account_id"))
        return [
            OtherSide(document_type, code, account_type, tuple(json.loads(held)), amount)
            for document_type, code, account_type, held, amount in reader.rows(statement, own, since, until, own)
        ]

    def balance(self, roles: Collection[str], *, at: int = LAST_DAY) -> int:
        """Return the balance of the accounts with one of these roles at the end of a day, debit positive."""
        from wares.ledger.statements import totals_through

        totals = totals_through(self._reader, at if at < LAST_DAY else None)
        return sum(debit - credit for debit, credit in (totals.get(each, (0, 0)) for each in self._accounts(roles)))

    def _accounts(self, roles: Collection[str]) -> list[int]:
        rows = self._reader.rows("SELECT account_id, roles FROM wares_account WHERE company_id = ? ORDER BY account_id")
        return [account_id for account_id, held in rows if set(roles).intersection(json.loads(held))]
