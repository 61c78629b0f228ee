"""What moves take from layers otherwise than is stored, in rows of whole numbers until it is written."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from wares.storage import tables as t
from wares.storage.unit import Unit

Parts = tuple[tuple[int, int, int], ...]
"""What a move took: layer, quantity, value."""
Retaken = tuple[int, Parts, Parts]
"""A move, what it took as stored, what it takes now."""

_TOGETHER = 20_000


class Takings:
    """The consumptions of one pool that a fold found to be others."""

    def __init__(self) -> None:
        self._set = array("q")  # move, layer, quantity and value now, and before: from the same layer
        self._gone = array("q")  # move, layer, quantity, value
        self._made = array("q")

    def extend(self, retaken: Iterable[Retaken]) -> None:
        """Moves that take something else than they did. Nearly all take from one layer."""
        rest: list[Retaken] = []
        changed: list[int] = []
        gone: list[int] = []
        made: list[int] = []
        for each in retaken:
            move_id, before, now = each
            if not len(before) == 1 == len(now):
                rest.append(each)
            elif before[0][0] == now[0][0]:
                changed += (move_id, *now[0], *before[0][1:])
            else:
                gone += (move_id, *before[0])
                made += (move_id, *now[0])
        self._set.fromlist(changed)
        self._gone.fromlist(gone)
        self._made.fromlist(made)
        for move_id, before, now in rest:
            self.add(move_id, before, now)

    def add(self, move_id: int, before: Parts, now: Parts) -> None:
        """A move that took `before`, and perhaps takes something else now."""
        now = tuple(sorted(now))
        if now == before:
            return
        if [part[0] for part in before] == [part[0] for part in now]:
            for then, part in zip(before, now, strict=True):
                self._set.extend((move_id, *part, *then[1:]))
            return
        for part in before:
            self._gone.extend((move_id, *part))
        for part in now:
            self._made.extend((move_id, *part))

    @property
    def seen(self) -> tuple[int, int, int]:
        """How much there is by now, for `differences` to go on from."""
        return len(self._set), len(self._gone), len(self._made)

    def differences(self, seen: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
        """Layer, by how much more is taken from it, and what that is worth: what was added since `seen`."""
        for _, layer_id, quantity, value, old_quantity, old_value in _rows(self._set[seen[0] :], 6):
            yield layer_id, quantity - old_quantity, value - old_value
        for _, layer_id, quantity, value in _rows(self._gone[seen[1] :], 4):
            yield layer_id, -quantity, -value
        for _, layer_id, quantity, value in _rows(self._made[seen[2] :], 4):
            yield layer_id, quantity, value

    def clear(self, unit: Unit) -> None:
        """Delete what moves took that take from other layers now."""
        for rows in _pages(self._gone, 4):
            unit.run(
                f"DELETE FROM consumption WHERE company_id = ? AND {unit.among('move_id')} AND estimate IS NULL",
                unit.listed(sorted({row[0] for row in rows})),
            )

    def write(self, unit: Unit) -> None:
        """Where a move takes from the same layers, only what it took is set; else its rows are written, those of before cleared."""
        company_id = unit.company_id
        for rows in _pages(self._set, 6):
            changed = [(quantity, value, company_id, move_id, layer_id) for move_id, layer_id, quantity, value, *_ in rows]
            unit.update(t.consumption, ("company_id", "move_id", "layer_id"), ("quantity", "value"), changed)
        for rows in _pages(self._made, 4):
            unit.insert(t.consumption, [(company_id, *row, None) for row in rows])


def _rows(numbers: array[int], width: int) -> Iterator[tuple[int, ...]]:
    return zip(*[iter(numbers)] * width, strict=True)


def _pages(numbers: array[int], width: int) -> Iterator[list[tuple[int, ...]]]:
    page = width * _TOGETHER
    for start in range(0, len(numbers), page):
        yield list(_rows(numbers[start : start + page], width))
