"""The rows of projections: every writing unit keeps them up to date, and they are read a page at a time.

The company's head lists the projections that it keeps. A unit of a program without the plugin of a projection takes it off the
list, so that each listed projection has followed every document. A projection that is listed again is made of all documents.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from wares.contract.projection import Projection
from wares.recorded import Recorded
from wares.storage import tables as t
from wares.storage.unit import Reader, Unit

DOCUMENTS = 2_000
"""The number of documents whose rows are made together."""
PAGE = 5_000
"""The number of rows that are read together."""
Values = list[object]
"""The values of a row, as its projection made them."""


class Place(NamedTuple):
    """The place of a row in the order of reading."""

    day: int
    """yyyymmdd."""
    document_id: int
    position: int
    """The row's number within its document, from 1."""


class ProjectedRow(NamedTuple):
    """A row of table `projected`."""

    company_id: int
    projection: str
    document_id: int
    position: int
    day: int
    waits: int
    content: str
    """JSON: the values of the row."""


class ProjectedPage(NamedTuple):
    """Some rows of a projection."""

    rows: list[Values]
    next: Place | None
    """The place after which the next page begins; None at the end."""


_ORIGINS = (
    "SELECT DISTINCT o.document_id FROM wares_line l JOIN wares_line o ON o.company_id = l.company_id AND o.line_id = l.from_id "
    "WHERE l.company_id = ? AND {among}"
)
_PAGE = (
    "SELECT day, document_id, position, content FROM wares_projected WHERE company_id = ? AND projection = ?{waiting} AND day <= ? "
    "AND (day, document_id, position) > (?, ?, ?) ORDER BY day, document_id, position LIMIT ?"
)
_NEXT = "SELECT document_id FROM wares_document WHERE company_id = ? AND document_id > ? ORDER BY document_id LIMIT ?"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def kept(reader: Reader) -> list[str]:
    """Return the keys of the projections whose rows the books keep."""
    return str(reader.head.projections).split()


def follow(unit: Unit, projections: Mapping[str, Projection]) -> None:
    """Make the rows of the documents that a unit changed again, as its last step."""
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
        unit.run(f"DELETE FROM wares_projected WHERE company_id = ? AND {unit.among('projection')} AND {unit.among('document_id')}",
                 unit.listed(present), before)  # fmt: skip
        for key in present:
            unit.insert(t.projected, list(rows_of(unit, projections[key], documents)))


def keep(unit: Unit, projection: Projection) -> None:
    """Make the rows of a projection of all documents, and keep them from now on."""
    if projection.key in kept(unit):
        return
    unit.run("DELETE FROM wares_projected WHERE company_id = ? AND projection = ?", projection.key)
    for page in every_document(unit):
        unit.insert(t.projected, list(rows_of(unit, projection, page)))
    unit.head.projections = " ".join([*kept(unit), projection.key])


def page_of(reader: Reader, projection: Projection, *, since: int, until: int, waiting: bool, after: Place | None) -> ProjectedPage:
    """Return the rows of some days in their order, those after the place `after`.

    Rows that the books do not keep are made of all documents, and are one page.
    """
    if projection.key not in kept(reader):
        return ProjectedPage(_made(reader, projection, since, until, waiting), None)
    rows = reader.rows(_PAGE.format(waiting=" AND waits = 1" if waiting else ""), projection.key, until,
                       *(after or (since, -1, -1)), PAGE)  # fmt: skip
    values: list[Values] = json.loads(f"[{','.join([row[3] for row in rows])}]")
    return ProjectedPage(values, Place._make(rows[-1][:3]) if len(rows) == PAGE else None)


def _made(reader: Reader, projection: Projection, since: int, until: int, waiting: bool) -> list[Values]:
    found: list[tuple[Place, Values]] = []
    for page in every_document(reader):
        for row in projection.rows(page, Recorded(reader)):
            if since <= row.day <= until and (row.waits or not waiting):
                found.append((Place(row.day, row.document_id, len(found)), row.values))
    return [values for _, values in sorted(found, key=itemgetter(0))]


def rows_of(reader: Reader, projection: Projection, documents: Collection[int]) -> Iterator[ProjectedRow]:
    """Yield the rows of these documents for table `projected`."""
    positions = Counter[int]()
    for row in projection.rows(documents, Recorded(reader)):
        positions[row.document_id] += 1
        yield ProjectedRow(
            reader.company_id, projection.key, row.document_id, positions[row.document_id], row.day, int(row.waits),
            _encode(row.values),
        )  # fmt: skip


def every_document(reader: Reader) -> Iterator[list[int]]:
    """Yield the ids of all documents, a page at a time."""
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
