"""The document that an unbuild without `from` takes back: the latest that made the item and has units left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge

from wares.inventory.taken import parts_taken
from wares.model import Intent
from wares.storage.statements import SqlRow
from wares.storage.tables import STANDING
from wares.storage.unit import Reader


def latest_maker(reader: Reader, item_id: int, types: Iterable[str], kind: str, before: int) -> str | None:
    """Return the latest line ("M-1#2") of a standing document of these types that brought the item in at or before an instant and
    has units left that no link of this kind took; None if there is none."""
    pools = [row[0] for row in reader.rows("SELECT pool_id FROM wares_pool WHERE company_id = ? AND item_id = ?", item_id)]
    wanted = set(types)
    for _, _, line_id, document_id in merge(*(_made(reader, pool_id, before) for pool_id in pools), reverse=True):
        name = _with_units_left(reader, line_id, document_id, wanted, kind)
        if name is not None:
            return name
    return None


def _made(reader: Reader, pool_id: int, before: int) -> Iterator[SqlRow]:
    """Yield instant, sequence, line and document of the moves that brought goods made of others into a pool, newest first."""
    after = (before, 2**62)
    while True:
        page = reader.rows(
            "SELECT m.effective_at, m.sequence, m.line_id, m.document_id FROM wares_move m WHERE m.company_id = ? "
            "AND m.pool_id = ? "
            f"AND (m.effective_at, m.sequence) <= (?, ?) AND m.intent = {int(Intent.FROM_INPUTS)} AND {STANDING} "
            "ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 20",
            pool_id,
            *after,
        )
        yield from page
        if len(page) < 20:
            return
        after = (page[-1][0], page[-1][1] - 1)


def _with_units_left(reader: Reader, line_id: int, document_id: int, types: set[str], kind: str) -> str | None:
    document = reader.row("SELECT number, type FROM wares_document WHERE company_id = ? AND document_id = ?", document_id)
    line = reader.row("SELECT number, quantity FROM wares_line WHERE company_id = ? AND line_id = ?", line_id)
    if document is None or line is None or document[1] not in types:
        return None
    taken = parts_taken(reader, [line_id]).get(line_id, {}).get(kind, (0, 0))[0]
    return f"{document[0]}#{line[0]}" if taken < line[1] else None
