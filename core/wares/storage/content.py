"""The content of a document and of an entry: a hash over the facts that were written with it, kept in its row.

The hash is the SHA-256 of a JSON array: the row itself, then an array of rows for each table of `DOCUMENT` or `ENTRY`, in the order
of their keys. Columns that change by right are left out (`OMITTED`). A flush hashes the rows that it writes; `verify` and the seal
hash the rows that stand in the tables (`contents`), and the two must be one. The hash has no key: it reveals a change by somebody
who does not make it anew, and the seal reveals the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from pydantic_core import to_json
from sqlalchemy import Table

from wares.storage import tables as t
from wares.storage.statements import SQLITE, SqlRow
from wares.storage.unit import Reader, Unit

PAGE = 200
"""Documents or entries, or rows of them, of one page of a stream: they may be long."""
LAST = 2**62
"""Above every id."""

OMITTED: Mapping[Table, Mapping[str, str]] = {
    t.document: {
        "status": "a void, an edit or a reversal changes it",
        "reference_key": "a void frees it",
        "content": "it is the hash itself",
    },
    t.move: {
        "annulled_by": "a void in its place names its mirror",
        "method": "a change back of the cost method follows the change that it takes back",
        "variance_id": "a late fact may bring the first difference from a standard rate",
    },
    t.value_fact: {"annulled": "a void marks it"},
    t.entry: {"seal": "a seal comes later", "content": "it is the hash itself"},
}
"""Table → column → the reason why a hash does not cover it."""

_COUNTS = (6, 14)
"""Intents of moves whose quantity a late fact changes by right: counts and their reversals (`wares.model.Intent`)."""


class ContentPart(NamedTuple):
    """A table of whose rows a content is made."""

    table: Table
    of: str
    """SQL for the document or entry of a row `r`, after the joins."""
    joins: str = ""
    condition: str = "1 = 1"
    order: tuple[str, ...] = ()
    """The columns that order the rows of one document or entry."""


class ContentKind(NamedTuple):
    """The rows that have a content of their own: documents or entries."""

    table: Table
    id: str
    parts: tuple[ContentPart, ...]


_OF_LINE = "JOIN wares_line l ON l.company_id = r.company_id AND l.line_id = r.line_id"
DOCUMENT = ContentKind(
    t.document,
    "document_id",
    (
        ContentPart(t.line, "r.document_id", order=("line_id",)),
        ContentPart(t.foreign_line, "l.document_id", _OF_LINE, order=("line_id",)),
        ContentPart(t.fulfilment, "l.document_id", _OF_LINE, order=("origin_line_id", "line_id")),
        ContentPart(t.application, "r.document_id", order=("target_id",)),
        ContentPart(t.move, "r.document_id", condition="r.annuls IS NULL", order=("move_id",)),
        ContentPart(
            t.move_link, "l.document_id", "JOIN wares_move l ON l.company_id = r.company_id AND l.move_id = r.move_id",
            order=("origin_id", "move_id"),
        ),
        ContentPart(t.value_fact, "r.document_id", order=("fact_id",)),
        ContentPart(t.pool_account, "r.document_id", order=("pool_id", "since")),
    ),
)  # fmt: skip
"""A document with its lines, links and applications, its moves (mirrors of voids are compared with their originals) and the costs
that it adds."""
ENTRY = ContentKind(
    t.entry,
    "entry_id",
    (
        ContentPart(t.posting, "r.entry_id", order=("position",)),
        ContentPart(
            t.valuation, "r.entry_id", "JOIN wares_entry l ON l.company_id = r.company_id AND l.entry_id = r.entry_id",
            "l.kind <> 'correction'", ("move_id", "counter_id"),
        ),
    ),
)  # fmt: skip
"""An entry with its postings and, unless it is a correction, the values of moves that it posts. A correction may value a million
moves; `verify` compares it with each of them."""

_NONE = (LAST + 1, "")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def covered(table: Table) -> list[str]:
    """Return the columns of a table that a content covers."""
    return [name for column in table.columns if (name := column.name) != "company_id" and name not in OMITTED.get(table, {})]


def _cut(table: Table) -> Callable[[SqlRow], SqlRow]:
    """Return a function from a row to the values that a content covers."""
    names = list(table.columns.keys())
    return itemgetter(*[names.index(name) for name in covered(table)])


_of_document, _of_move, _of_fact, _of_entry = _cut(t.document), _cut(t.move), _cut(t.value_fact), _cut(t.entry)
_move_columns = list(t.move.columns.keys())
_INTENT, _ANNULS = _move_columns.index("intent"), _move_columns.index("annuls")
_QUANTITY = covered(t.move).index("quantity")


# --- rows that are about to be written -------------------------------------------------------------------------------


class Late(NamedTuple):
    """Documents and entries that got more rows after their own row was written."""

    documents: set[int]
    entries: set[int]


def stamp(rows: dict[Table, list[SqlRow]]) -> Late:
    """Give each new document and entry the hash of its content; return those whose own row is not among the rows."""
    late = Late(set(), set())
    if t.document in rows or t.move in rows or t.pool_account in rows:
        _stamp_documents(rows, late.documents)
    if t.entry in rows or t.posting in rows or t.valuation in rows:
        _stamp_entries(rows, late.entries)
    return late


def _stamp_documents(rows: dict[Table, list[SqlRow]], late: set[int]) -> None:
    contents: dict[int, tuple[Any, ...]] = {
        row[1]: (_of_document(row), [], [], [], [], [], [], [], []) for row in rows.get(t.document, ())
    }
    get, nothing = contents.get, ()
    of_line: dict[int, int] = {}
    for row in rows.get(t.line, nothing):
        of_line[row[1]] = document_id = row[2]
        if (found := get(document_id)) is not None:
            found[1].append(row[1:])
        else:
            late.add(document_id)
    for place, table, owner in ((2, t.foreign_line, 1), (3, t.fulfilment, 2)):
        for row in rows.get(table, nothing):
            contents[of_line[row[owner]]][place].append(row[1:])
    for row in rows.get(t.application, nothing):
        contents[row[1]][4].append(row[1:])
    of_move: dict[int, int] = {}
    for row in rows.get(t.move, nothing):
        if row[_ANNULS] is None:
            of_move[row[1]] = document_id = row[2]
            if (found := get(document_id)) is not None:
                found[5].append(_of_move(row) if row[_INTENT] not in _COUNTS else _of_count(row))
            else:
                late.add(document_id)
    for row in rows.get(t.move_link, nothing):
        if (found := get(of_move[row[2]])) is not None:
            found[6].append(row[1:])
    for row in rows.get(t.value_fact, nothing):
        if (found := get(row[3])) is not None:
            found[7].append(_of_fact(row))
        else:
            late.add(row[3])
    for row in rows.get(t.pool_account, nothing):
        if (found := get(row[3])) is not None:
            found[8].append(row[1:])
        else:
            late.add(row[3])
    if contents:
        rows[t.document] = [(*row[:-1], _hash_of(contents[row[1]])) for row in rows[t.document]]


def _of_count(row: SqlRow) -> SqlRow:
    values = list(_of_move(row))
    values[_QUANTITY] = None
    return tuple(values)


def _stamp_entries(rows: dict[Table, list[SqlRow]], late: set[int]) -> None:
    contents: dict[int, tuple[Any, ...]] = {row[1]: (_of_entry(row), [], []) for row in rows.get(t.entry, ())}
    for row in rows.get(t.posting, ()):
        if (found := contents.get(row[1])) is not None:
            found[1].append(row[1:])
        else:
            late.add(row[1])
    corrections = {row[1] for row in rows.get(t.entry, ()) if row[5] == "correction"}
    for row in rows.get(t.valuation, ()):
        if row[2] in corrections:
            continue
        if (found := contents.get(row[2])) is not None:
            found[2].append(row[1:])
        else:
            late.add(row[2])
    if contents:
        rows[t.entry] = [(*row[:-1], _hash_of(contents[row[1]])) for row in rows[t.entry]]


def _hash_of(content: tuple[Any, ...]) -> str:
    for part in content[1:]:
        if len(part) > 1:
            part.sort()  # by their keys, which stand first
    return _hash(to_json(content))


def stamp_again(unit: Unit, late: Late) -> None:
    """Hash the documents and entries of this unit anew whose rows came in several flushes. Others keep their hash."""
    for kind, ids in ((DOCUMENT, late.documents), (ENTRY, late.entries)):
        own = sorted(each for each in ids if each >= unit.first_id)
        if own:
            write_hashes(unit, kind, own)


def write_hashes(unit: Unit, kind: ContentKind, ids: Collection[int]) -> None:
    """Write the hashes of these documents or entries as their rows stand."""
    statement = unit.dialect.update(kind.table, ("company_id", kind.id), ("content",))
    hashes = [(content.hash, unit.company_id, content.id) for content in _contents_of(unit, kind, sorted(ids))]
    if hashes:
        unit.connection.exec_driver_sql(statement, hashes)


# --- rows that stand in the tables -----------------------------------------------------------------------------------


class StoredContent(NamedTuple):
    """A document or entry with the hash of its rows as they stand."""

    id: int
    stored: str | None
    """The hash in its row; None if it was written before there were hashes."""
    hash: str


def contents(reader: Reader, kind: ContentKind) -> Iterator[StoredContent]:
    """Yield every document or entry, in the order of ids, with the hash of its rows. Its memory holds a page of each table."""
    for content in _contents_between(reader, kind, 0, LAST, grouped=reader.dialect is SQLITE):
        if content.stored not in (None, content.hash):  # the rows of a group may have come in another order than that of the hash
            yield from _contents_between(reader, kind, content.id, content.id)
        else:
            yield content


def _contents_of(reader: Reader, kind: ContentKind, ids: list[int]) -> Iterator[StoredContent]:
    for each in ids:
        yield from _contents_between(reader, kind, each, each)


def _contents_between(
    reader: Reader, kind: ContentKind, first: int, last: int, *, grouped: bool = False
) -> Iterator[StoredContent]:  # fmt: skip
    own = f"r.{kind.id}"
    parts = [_OfPart(_joined(reader, part, first, last, grouped=grouped and part.of.startswith("r."))) for part in kind.parts]
    for id, stored, text in _texts(
        reader, kind.table, f"{own}, r.content", "", f"{own} BETWEEN ? AND ? ORDER BY {own}", first, last
    ):  # fmt: skip
        whole = ",".join([text, *[f"[{part.text_of(id)}]" for part in parts]])
        yield StoredContent(id, stored, _hash(f"[{whole}]".encode()))


class _OfPart:
    """The rows of one part as JSON, asked for in the order of documents or entries."""

    def __init__(self, texts: Iterator[tuple[int, str]]) -> None:
        self._texts = texts
        self._owner, self._text = next(texts, _NONE)

    def text_of(self, id: int) -> str:
        """Return the rows of this document or entry."""
        while self._owner < id:  # rows of an owner that is missing
            self._owner, self._text = next(self._texts, _NONE)
        return self._text if self._owner == id else ""


def _joined(reader: Reader, part: ContentPart, first: int, last: int, *, grouped: bool) -> Iterator[tuple[int, str]]:
    """Yield each document or entry with its rows as JSON, with a comma between them; `grouped` by SQLite in the order of an index,
    which is mostly that of their keys and half the work."""
    condition = f"{part.of} BETWEEN ? AND ? AND {part.condition}"
    if grouped:
        values = f"group_concat({_row(part.table)})"
        yield from reader.stream(
            f"SELECT {part.of}, {values} FROM {part.table.name} r {part.joins} WHERE r.company_id = ? AND {condition} "
            f"GROUP BY {part.of} ORDER BY {part.of}",
            first, last, page=PAGE,
        )  # fmt: skip
        return
    order = ", ".join((part.of, *(f"r.{name}" for name in part.order)))
    rows = _texts(reader, part.table, part.of, part.joins, f"{condition} ORDER BY {order}", first, last)
    for owner, group in groupby(rows, key=itemgetter(0)):
        yield owner, ",".join([text for _, text in group])


def _texts(reader: Reader, table: Table, first: str, joins: str, condition: str, *given: int) -> Iterator[SqlRow]:
    """Yield the columns `first` of the rows, then each row's values as JSON."""
    if joins and reader.dialect is SQLITE:
        joins = f"CROSS {joins}"  # begin with the rows: they are fewer than those that they belong to
    columns = _row(table) if reader.dialect is SQLITE else ", ".join(_values(table))
    rows = reader.stream(
        f"SELECT {first}, {columns} FROM {table.name} r {joins} WHERE r.company_id = ? AND {condition}", *given, page=PAGE
    )  # fmt: skip
    if reader.dialect is SQLITE:
        yield from rows
        return
    lead = first.count(",") + 1
    for row in rows:
        yield (*row[:lead], to_json(row[lead:]).decode())


def _row(table: Table) -> str:
    """Return SQL for the covered values of a row as JSON, on SQLite."""
    return f"json_array({', '.join(_values(table))})"


def _values(table: Table) -> list[str]:
    return [_value(table, name) for name in covered(table)]


def _value(table: Table, name: str) -> str:
    if table is t.move and name == "quantity":
        return f"CASE WHEN r.intent IN {_COUNTS} THEN NULL ELSE r.quantity END"
    return f'r."{name}"'
