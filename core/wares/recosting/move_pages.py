"""The moves of one pool from a moment on, read in pages, so that the replay of a million takes the memory of one page.

Pages grow: a replay that converges soon has read little.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple, cast

from wares.inventory.pools import Key
from wares.recosting.consumption_changes import Parts
from wares.recosting.dependencies import Dependencies
from wares.recosting.moves import AT, COLUMNS, ID, QUANTITY, SEQUENCE, ReplayedMove, StoredMove, is_plain, key_of
from wares.storage.tables import STANDING
from wares.storage.unit import Reader

FIRST, LARGEST = 500, 16_000
"""Moves of the first page, and of the last pages of a long replay."""


class StoredCover(NamedTuple):
    """A cover as stored: a receipt made up for goods that an earlier issue had taken before they were there."""

    receipt_id: int
    issue_id: int
    difference: int  # value that the cover added to the issue, minor units


StoredConsumption = tuple[int, int, int, int, int | None]
"""Issue, layer, quantity, value; of a cover: the value that the issue had for these goods before."""


class Page(NamedTuple):
    """Standing moves in effective order, stored and new."""

    moves: list[StoredMove | ReplayedMove]  # without the removed ones
    taken: dict[int, Parts]  # issue → its stored consumptions, without covers
    layers: set[int]  # the layers that they took from
    removed: list[ReplayedMove]
    covers: list[StoredCover]


class Pages:
    """The pages of one pool."""

    def __init__(self, reader: Reader, dependencies: Dependencies, pool_id: int, start: Key, new: list[ReplayedMove]) -> None:
        self.reader = reader
        self.dependencies = dependencies
        self.pool_id = pool_id
        self._start: Key | None = start
        self._new = sorted(new, key=lambda move: move.key)
        self._size = FIRST

    def turn(self) -> Page | None:
        """Return the next page, or None after the last."""
        if self._start is None:
            return None
        rows: list[StoredMove] = cast("list[StoredMove]", self.reader.rows(
            f"SELECT {COLUMNS} FROM wares_move m WHERE m.company_id = ? AND m.pool_id = ? AND "
            f"(m.effective_at, m.sequence) >= (?, ?) "
            f"AND {STANDING} ORDER BY m.effective_at, m.sequence LIMIT {self._size}",
            self.pool_id,
            *self._start,
        ))  # fmt: skip
        is_last = len(rows) < self._size
        self._start = None if is_last else (rows[-1][AT], rows[-1][SEQUENCE] + 1)
        self._size = min(self._size * 4, LARGEST)
        found = self._consumptions([row[ID] for row in rows if row[QUANTITY] < 0])
        taken: dict[int, Parts] = {each[0]: (each[1:4],) for each in found}
        covers = [
            StoredCover(layer_id, move_id, estimate - value)
            for move_id, layer_id, _, value, estimate in found
            if estimate is not None
        ]
        if covers or len(taken) < len(found):
            taken = _several(found)
        page = self._page(rows, taken, {each[1] for each in found}, covers)
        self._add_new(page.moves, None if is_last else self._start)
        self.dependencies.read_links(move for move in page.moves if isinstance(move, ReplayedMove))
        return page

    def _consumptions(self, issues: list[int]) -> list[StoredConsumption]:
        statement = (
            "SELECT move_id, layer_id, quantity, value, estimate FROM wares_consumption "
            f"WHERE company_id = ? AND {self.reader.among('move_id')}"
        )
        rows = self.reader.rows(statement, self.reader.listed(issues)) if issues else []
        return cast("list[StoredConsumption]", rows)

    def _page(self, rows: list[StoredMove], taken: dict[int, Parts], layers: set[int], covers: list[StoredCover]) -> Page:
        dependencies, covered = self.dependencies, {cover.issue_id for cover in covers}
        moves: list[StoredMove | ReplayedMove] = []
        removed: list[ReplayedMove] = []
        for row in rows:
            if is_plain(row) and not dependencies.is_known(row[ID]) and row[ID] not in covered:
                moves.append(row)
                continue
            move = dependencies.in_passing(row)
            (removed if move.id in dependencies.removed else moves).append(move)
        return Page(moves, taken, layers, removed, covers)

    def _add_new(self, moves: list[StoredMove | ReplayedMove], before: Key | None) -> None:
        """Insert the new moves of this page at their places."""
        while self._new and (before is None or self._new[0].key < before):
            move = self._new.pop(0)
            moves.insert(bisect_left(moves, move.key, key=key_of), move)


def _several(consumptions: list[StoredConsumption]) -> dict[int, Parts]:
    """Return issue → consumptions, where some took from several layers or were covered later."""
    taken: dict[int, Parts] = {}
    for move_id, layer_id, quantity, value, estimate in consumptions:
        if estimate is None:
            taken[move_id] = (*taken.get(move_id, ()), (layer_id, quantity, value))
    return {move_id: tuple(sorted(parts)) if len(parts) > 1 else parts for move_id, parts in taken.items()}
