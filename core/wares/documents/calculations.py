"""The parts of calculations that come along with the rows they act on, when a document takes back or bills those rows.

A calculation over several rows has a part for each (largest remainder, by the amounts of the rows); a quantity of a row brings its
share of that part, cumulatively rounded. The parts that really came are deducted, so that the last one takes the rest, and no part
exceeds the rest of the calculation: parts never sum to more than the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from wares.errors import Refused
from wares.model import LinkKind, Origin
from wares.values import share, split, unscaled


class Progress(NamedTuple):
    """The part of a whole that is done, and the part that comes now: quantities of a line, or amounts of a row with contents."""

    done: int
    part: int
    whole: int


class CalculationPart(NamedTuple):
    """The part of a calculation that comes along, as the origin of a line."""

    origin: Origin
    """The calculation with the quantity of the row and the part of the row."""
    done_amount: int
    """The `Line.done_amount` that leaves the line its part."""
    is_empty: bool
    """True if nothing of the calculation is left."""


class _Level:
    """A calculation in one currency: the parts of its rows, and the amount that has come along."""

    def __init__(self, calculation: Origin, rows: Mapping[str, Progress], taken: int) -> None:
        self.amount = calculation.amount
        weights = list(calculation.covers.values())
        self.parts = dict(zip(calculation.covers, split(calculation.amount, weights), strict=True))
        self.goods = dict(zip(calculation.covers, split(calculation.goods_amount, weights), strict=True))
        self.due = sum(share(part, rows[row].done, rows[row].whole) for row, part in self.parts.items() if rows[row].whole)
        self.taken = taken

    @property
    def left(self) -> int:
        return self.amount - self.taken

    def within(self, amount: int) -> int:
        """Return an amount, but no more than is left, and nothing of the other sign."""
        low, high = min(0, self.left), max(0, self.left)
        return max(low, min(amount, high))

    def advance(self, row: str, progress: Progress) -> int:
        """Count more of a row as done; return the amount that is due with it."""
        part, (done, more, whole) = self.parts[row], progress
        self.due += share(part, done + more, whole) - share(part, done, whole)
        return self.within(self.due - self.taken)


class _Calculation:
    """A calculation in the currency of its document, and in the company's where that is another."""

    def __init__(
        self, calculation: Origin, rows: Mapping[str, Origin], progress: Callable[[Origin], Progress], link: str
    ) -> None:  # fmt: skip
        self.origin = calculation
        self.link = link
        of_rows = {row: progress(rows[row]) for row in calculation.covers}
        self.own = self._level(calculation, of_rows)
        self.base = None if calculation.base is None else self._level(calculation.base, of_rows)

    def _level(self, calculation: Origin, rows: Mapping[str, Progress]) -> _Level:
        return _Level(calculation, rows, calculation.done.get(self.link, (0, 0))[1])

    def levels(self) -> list[_Level]:
        return [self.own] if self.base is None else [self.own, self.base]

    def is_used_up(self) -> bool:
        """True if the whole calculation came along already; one without an amount never is."""
        return bool(self.origin.amount) and not any(level.left for level in self.levels())


class Calculations:
    """The calculations of the documents that one document comes from, with the parts that it has taken so far."""

    def __init__(self, progress: Callable[[Origin], Progress]) -> None:
        self._progress = progress
        self._known: dict[int, _Calculation] = {}

    def known(self, row: Origin, rows: Mapping[str, Origin], link: str) -> None:
        """Look the calculations on a row up, before a line takes a part of it; `rows` are the lines of its document."""
        for each in row.attached:
            self._of(each, rows, link)

    def with_row(
        self, row: Origin, progress: Progress, line: Progress, rows: Mapping[str, Origin], *, link: str, brings: bool
    ) -> list[CalculationPart]:  # fmt: skip
        """Return the part of each calculation on a row that comes with a part of it; none if the line `brings` none. `line` has the
        quantities of that line: of the row, or of one of its contents."""
        number = row.number.partition("#")[2]
        parts: list[CalculationPart] = []
        for each in row.attached:
            known = self._of(each, rows, link)
            due = [level.advance(number, progress) for level in known.levels()]
            if brings and link == LinkKind.CREDIT:
                parts.append(_credited(known, number, line, due))
            elif brings:
                parts.append(_billed(known, number, line))
        return parts

    def alone(self, calculation: Origin, rows: Mapping[str, Origin], quantity: int | None, path: str) -> CalculationPart:
        """Return the part of a calculation that a credit names itself: `quantity` of its own, or all that is left."""
        known, whole = self._of(calculation, rows, LinkKind.CREDIT), calculation.quantity
        if known.is_used_up() or (quantity or whole) > whole:
            left = "nothing left" if known.is_used_up() else f"{unscaled(whole)}, not {unscaled(quantity or whole)}"
            hint = "leave the line out: a calculation comes back with the rows that it acts on"
            raise Refused.because("MORE_THAN_LEFT", f"{calculation.number} has {left}", path=f"{path}.quantity", hint=hint)
        asked = whole if quantity is None else quantity
        takes = [level.left if quantity is None else level.within(share(level.amount, asked, whole)) for level in known.levels()]
        for level, amount in zip(known.levels(), takes, strict=True):
            level.taken += amount
        before = [share(level.amount, asked, whole) - amount for level, amount in zip(known.levels(), takes, strict=True)]
        origin = calculation._replace(done={LinkKind.CREDIT: (0, before[0])})
        if calculation.base is not None:
            origin = origin._replace(base=calculation.base._replace(done={LinkKind.CREDIT: (0, before[1])}))
        return CalculationPart(origin, before[0], is_empty=False)

    def _of(self, calculation: Origin, rows: Mapping[str, Origin], link: str) -> _Calculation:
        known = self._known.get(calculation.id)
        if known is None:
            known = self._known[calculation.id] = _Calculation(calculation, rows, self._progress, link)
        return known


def _credited(known: _Calculation, number: str, line: Progress, due: list[int]) -> CalculationPart:
    """Return the part of a credit. `Origin.done` and `done_amount` are such that the line's share of the part is what is due."""
    is_empty = known.is_used_up()
    origins: list[Origin] = []
    for of, level, amount in zip((known.origin, known.origin.base), known.levels(), due, strict=False):
        assert of is not None
        before = share(level.parts[number], line.done + line.part, line.whole) - amount
        level.taken += amount
        origins.append(_for_row(of, level, number, line)._replace(done={LinkKind.CREDIT: (line.done, before)}))
    origin = origins[0] if len(origins) == 1 else origins[0]._replace(base=origins[1])
    return CalculationPart(origin, origins[0].done[LinkKind.CREDIT][1], is_empty)


def _billed(known: _Calculation, number: str, line: Progress) -> CalculationPart:
    """Return the part of a bill: bills clear amounts by quantity, whatever they really charged before."""
    origin = _for_row(known.origin, known.own, number, line)
    if known.base is not None and known.origin.base is not None:
        origin = origin._replace(base=_for_row(known.origin.base, known.base, number, line))
    return CalculationPart(origin, share(origin.amount, line.done, line.whole), is_empty=False)


def _for_row(of: Origin, level: _Level, number: str, line: Progress) -> Origin:
    alone = len(of.covers) == 1
    return of._replace(
        quantity=line.whole, amount=level.parts[number], goods_amount=level.goods[number], done=of.done if alone else {}
    )
