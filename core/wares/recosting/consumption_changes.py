"""The consumptions that a replay finds to differ from the stored ones, as flat whole numbers until they are written."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from wares.storage import tables as t
from wares.storage.unit import Unit

Parts = tuple[tuple[int, int, int], ...]
"""The consumptions of a move: layer, quantity, value of each."""
Retaken = tuple[int, Parts, Parts]
"""A move, its stored consumptions, and those of the replay."""

_TOGETHER = 20_000


class ConsumptionChanges:
    """The consumptions of one pool that differ from the stored ones."""

    def __init__(self) -> None:
        self._updated = array("q")  # same layer: move, layer, quantity and value now, quantity and value before
        self._deleted = array("q")  # move, layer, quantity, value
        self._inserted = array("q")  # the same

    def extend(self, retaken: Iterable[Retaken]) -> None:
        """Add moves whose consumptions differ. Nearly all take from one layer."""
        rest: list[Retaken] = []
        updated: list[int] = []
        deleted: list[int] = []
        inserted: list[int] = []
        for each in retaken:
            move_id, before, now = each
            if not len(before) == 1 == len(now):
                rest.append(each)
            elif before[0][0] == now[0][0]:
                updated += (move_id, *now[0], *before[0][1:])
            else:
                deleted += (move_id, *before[0])
                inserted += (move_id, *now[0])
        self._updated.fromlist(updated)
        self._deleted.fromlist(deleted)
        self._inserted.fromlist(inserted)
        for move_id, before, now in rest:
            self.add(move_id, before, now)

    def add(self, move_id: int, before: Parts, now: Parts) -> None:
        """Add a move that took `before` and takes `now`, if they differ."""
        now = tuple(sorted(now))
        if now == before:
            return
        if [part[0] for part in before] == [part[0] for part in now]:
            for then, part in zip(before, now, strict=True):
                self._updated.extend((move_id, *part, *then[1:]))
            return
        for part in before:
            self._deleted.extend((move_id, *part))
        for part in now:
            self._inserted.extend((move_id, *part))

    @property
    def seen(self) -> tuple[int, int, int]:
        """The lengths by now, from which `differences` can go on later."""
        return len(self._updated), len(self._deleted), len(self._inserted)

    def differences(self, seen: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
        """Yield layer, additional quantity and additional value taken from it, for each addition since `seen`."""
        for _, layer_id, quantity, value, old_quantity, old_value in _rows(self._updated[seen[0] :], 6):
            yield layer_id, quantity - old_quantity, value - old_value
        for _, layer_id, quantity, value in _rows(self._deleted[seen[1] :], 4):
            yield layer_id, -quantity, -value
        for _, layer_id, quantity, value in _rows(self._inserted[seen[2] :], 4):
            yield layer_id, quantity, value

    def clear(self, unit: Unit) -> None:
        """Delete the stored consumptions of moves that take from other layers now."""
        for rows in _pages(self._deleted, 4):
            unit.run(
                f"DELETE FROM wares_consumption WHERE company_id = ? AND {unit.among('move_id')} AND estimate IS NULL",
                unit.listed(sorted({row[0] for row in rows})),
            )

    def write(self, unit: Unit) -> None:
        """Update the consumptions of moves that take from the same layers, and insert those of the others, which were cleared."""
        company_id = unit.company_id
        for rows in _pages(self._updated, 6):
            changed = [(quantity, value, company_id, move_id, layer_id) for move_id, layer_id, quantity, value, *_ in rows]
            unit.update(t.consumption, ("company_id", "move_id", "layer_id"), ("quantity", "value"), changed)
        for rows in _pages(self._inserted, 4):
            unit.insert(t.consumption, [(company_id, *row, None) for row in rows])


def _rows(numbers: array[int], width: int) -> Iterator[tuple[int, ...]]:
    return zip(*[iter(numbers)] * width, strict=True)


def _pages(numbers: array[int], width: int) -> Iterator[list[tuple[int, ...]]]:
    page = width * _TOGETHER
    for start in range(0, len(numbers), page):
        yield list(_rows(numbers[start : start + page], width))
