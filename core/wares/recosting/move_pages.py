"""The moves of one pool from a moment on, a page at a time, so that folding a million takes the memory of one page.

Pages grow: a fold that soon finds everything as it is stored has read little.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, NamedTuple

from wares.inventory.pools import Key
from wares.recosting.consumption_changes import Parts
from wares.recosting.dependencies import Dependencies
from wares.recosting.moves import AT, COLUMNS, ID, QUANTITY, SEQUENCE, ReplayedMove, Row, is_plain
from wares.storage.tables import STANDING
from wares.storage.unit import Reader

FIRST, LARGEST = 500, 16_000
"""Moves of the first page, and of those that a long fold comes to."""

Covered = tuple[int, int, int]
"""A receipt, an earlier issue that it covered, and what the issue was worth more for it."""


class Page(NamedTuple):
    """Standing moves in effective order: those that are new with the sweep among the stored ones, without those taken out."""

    moves: list[Row | ReplayedMove]
    taken: dict[int, Parts]  # issue → what it took from layers, as stored, covers apart
    layers: set[int]  # that they took from
    removed: list[ReplayedMove]
    covers: list[Covered]


class Pages:
    """Reads the pages of one pool."""

    def __init__(self, reader: Reader, dependencies: Dependencies, pool_id: int, start: Key, new: list[ReplayedMove]) -> None:
        self.reader = reader
        self.dependencies = dependencies
        self.pool_id = pool_id
        self._start: Key | None = start
        self._new = sorted(new, key=lambda fact: fact.key)
        self._size = FIRST

    def turn(self) -> Page | None:
        """The next page, or None after the last."""
        if self._start is None:
            return None
        rows = self.reader.rows(
            f"SELECT {COLUMNS} FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) >= (?, ?) "
            f"AND {STANDING} ORDER BY m.effective_at, m.sequence LIMIT {self._size}",
            self.pool_id,
            *self._start,
        )
        is_last = len(rows) < self._size
        self._start = None if is_last else (rows[-1][AT], rows[-1][SEQUENCE] + 1)
        self._size = min(self._size * 4, LARGEST)
        found = self._consumptions([row[ID] for row in rows if row[QUANTITY] < 0])
        taken: dict[int, Parts] = {each[0]: (each[1:4],) for each in found}
        covers = [(layer_id, move_id, estimate - value) for move_id, layer_id, _, value, estimate in found if estimate is not None]
        if covers or len(taken) < len(found):
            taken = _several(found)
        page = self._page(rows, taken, {each[1] for each in found}, covers)
        self._add_new(page.moves, None if is_last else self._start)
        self.dependencies.know(move for move in page.moves if isinstance(move, ReplayedMove))
        return page

    def _consumptions(self, issues: list[int]) -> list[tuple[Any, ...]]:
        statement = (
            "SELECT move_id, layer_id, quantity, value, estimate FROM consumption "
            f"WHERE company_id = ? AND {self.reader.among('move_id')}"
        )
        return self.reader.rows(statement, self.reader.listed(issues)) if issues else []

    def _page(self, rows: list[Row], taken: dict[int, Parts], layers: set[int], covers: list[Covered]) -> Page:
        dependencies, covered = self.dependencies, {cover[1] for cover in covers}
        moves: list[Row | ReplayedMove] = []
        removed: list[ReplayedMove] = []
        for row in rows:
            if is_plain(row) and not dependencies.is_asked_for(row[ID]) and row[ID] not in covered:
                moves.append(row)
                continue
            fact = dependencies.in_passing(row)
            (removed if fact.id in dependencies.removed else moves).append(fact)
        return Page(moves, taken, layers, removed, covers)

    def _add_new(self, moves: list[Row | ReplayedMove], before: Key | None) -> None:
        """Put the new moves that belong on this page in their places."""
        while self._new and (before is None or self._new[0].key < before):
            fact = self._new.pop(0)
            moves.insert(bisect_left(moves, fact.key, key=key_of), fact)


def key_of(move: Row | ReplayedMove) -> Key:
    """Where a move stands in effective order."""
    return move.key if isinstance(move, ReplayedMove) else (move[AT], move[SEQUENCE])


def _several(consumptions: list[tuple[Any, ...]]) -> dict[int, Parts]:
    """Issue → what it took, where some took from several layers or were covered later."""
    taken: dict[int, Parts] = {}
    for move_id, layer_id, quantity, value, estimate in consumptions:
        if estimate is None:
            taken[move_id] = (*taken.get(move_id, ()), (layer_id, quantity, value))
    return {move_id: tuple(sorted(parts)) if len(parts) > 1 else parts for move_id, parts in taken.items()}
