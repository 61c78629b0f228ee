"""The cost of the units of one move: goods come back from its first unit on, invoices pass on its cost from the last."""

from __future__ import annotations

from fractions import Fraction

from wares.values import divide


class UnitCosts:
    """The cost of the first so many units of a move of `whole` units.

    The cost of goods issued before they were there changes when a receipt covers them. Goods that came back before keep the cost
    that they took, and the change falls on the units that had not come back. So the cost rises in straight lines, with a bend at
    each number of units that had come back when the cost changed. It is exact, and rounded where it is asked for.
    """

    __slots__ = ("_bends", "whole")

    def __init__(self, whole: int) -> None:
        self.whole = whole
        self._bends: list[tuple[int, Fraction]] = [(0, Fraction(0))]

    def came_back(self, units: int, worth: int) -> None:
        """Record that `units` in all came back, the last of them when the whole move cost `worth`."""
        if units > self._bends[-1][0]:
            self._bends.append((units, self._beyond(units, worth)))

    def upto(self, units: int, worth: int) -> int:
        """Return the cost of the first `units`, where the whole move costs `worth` now."""
        last = self._bends[-1][0]
        exact = self._beyond(units, worth) if units > last else self._within(units)
        return divide(exact.numerator, exact.denominator)

    def _beyond(self, units: int, worth: int) -> Fraction:
        last, cost = self._bends[-1]
        return cost + (worth - cost) * Fraction(units - last, self.whole - last)

    def _within(self, units: int) -> Fraction:
        for (start, before), (end, after) in zip(self._bends, self._bends[1:], strict=False):
            if units <= end:
                return before + (after - before) * Fraction(units - start, end - start)
        return Fraction(0)  # no unit
