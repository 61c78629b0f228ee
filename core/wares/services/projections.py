"""The rows of projections: kept right by every unit that writes, made from the whole books, read a page at a time.

The company's head names the projections that it keeps. A unit of a program that lacks the plugin of one takes it off the list, so
that what is on it has followed every document; whoever wants it again has it made anew.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from wares.contract.projection import Projection
from wares.recorded import Recorded
from wares.storage import tables as t
from wares.storage.unit import Reader, Unit

DOCUMENTS = 2_000
"""Whose rows are made together."""
PAGE = 5_000
"""Rows that are read together."""
Place = tuple[int, int, int]
"""Day, document and position of a row: the order in which they are read."""

_ORIGINS = (
    "SELECT DISTINCT o.document_id FROM line l JOIN line o ON o.company_id = l.company_id AND o.line_id = l.from_id "
    "WHERE l.company_id = ? AND {among}"
)
_PAGE = (
    "SELECT day, document_id, position, content FROM projected WHERE company_id = ? AND projection = ?{waiting} AND day <= ? "
    "AND (day, document_id, position) > (?, ?, ?) ORDER BY day, document_id, position LIMIT ?"
)
_NEXT = "SELECT document_id FROM document WHERE company_id = ? AND document_id > ? ORDER BY document_id LIMIT ?"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def kept(reader: Reader) -> list[str]:
    """The projections whose rows the books keep."""
    return str(reader.head.projections).split()


def follow(unit: Unit, projections: Mapping[str, Projection]) -> None:
    """Make the rows of what a unit changed again, as its last step."""
    if not unit.touched:
        return
    present = [key for key in kept(unit) if key in projections]
    unit.head.projections = " ".join(present)
    if not present:
        return
    for page in _pages(sorted(unit.touched)):
        origins = [row[0] for row in unit.rows(_ORIGINS.format(among=unit.among("l.document_id")), unit.listed(page))]
        documents = sorted({*page, *origins})
        before = unit.listed(each for each in documents if each < unit.first_id)
        unit.run(f"DELETE FROM projected WHERE company_id = ? AND {unit.among('projection')} AND {unit.among('document_id')}",
                 unit.listed(present), before)  # fmt: skip
        for key in present:
            unit.insert(t.projected, list(rows_of(unit, projections[key], documents)))


def keep(unit: Unit, projection: Projection) -> None:
    """From now on keep the rows of a projection, which are made of all documents."""
    if projection.key in kept(unit):
        return
    unit.run("DELETE FROM projected WHERE company_id = ? AND projection = ?", projection.key)
    for page in every_document(unit):
        unit.insert(t.projected, list(rows_of(unit, projection, page)))
    unit.head.projections = " ".join([*kept(unit), projection.key])


def page_of(
    reader: Reader, projection: Projection, *, since: int, until: int, waiting: bool, after: Place | None
) -> tuple[list[list[Any]], Place | None]:
    """Rows of some days in their order, from the one after a place on, and where to go on; None at the end. Where the books do not
    keep them they are made of all documents, and are one page."""
    if projection.key not in kept(reader):
        return _made(reader, projection, since, until, waiting), None
    rows = reader.rows(_PAGE.format(waiting=" AND waits = 1" if waiting else ""), projection.key, until,
                       *(after or (since, -1, -1)), PAGE)  # fmt: skip
    values: list[list[Any]] = json.loads(f"[{','.join([row[3] for row in rows])}]")
    return values, (rows[-1][:3] if len(rows) == PAGE else None)


def _made(reader: Reader, projection: Projection, since: int, until: int, waiting: bool) -> list[list[Any]]:
    found: list[tuple[int, int, int, list[Any]]] = []
    for page in every_document(reader):
        for row in projection.rows(page, Recorded(reader)):
            if since <= row.day <= until and (row.waits or not waiting):
                found.append((row.day, row.document_id, len(found), row.values))
    return [row[3] for row in sorted(found, key=lambda row: row[:3])]


def rows_of(reader: Reader, projection: Projection, documents: Collection[int]) -> Iterator[tuple[Any, ...]]:
    """What a projection says of these documents, as the table has it."""
    positions = Counter[int]()
    for row in projection.rows(documents, Recorded(reader)):
        positions[row.document_id] += 1
        yield (
            reader.company_id, projection.key, row.document_id, positions[row.document_id], row.day, int(row.waits),
            _encode(row.values),
        )  # fmt: skip


def every_document(reader: Reader) -> Iterator[list[int]]:
    """The ids of all documents, a page at a time."""
    last = -1
    while True:
        page = [row[0] for row in reader.rows(_NEXT, last, DOCUMENTS)]
        if not page:
            return
        yield page
        last = page[-1]


def _pages(documents: Collection[int]) -> Iterator[list[int]]:
    rest = iter(documents)
    while page := list(islice(rest, DOCUMENTS)):
        yield page
