"""The values that a cost method is handed and answers with."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from wares.values import SCALE, share

LARGEST = 10**18
"""The largest number of an exact unit value: it stands in a 64-bit column."""


class UnitValue(NamedTuple):
    """An exact unit value: `value` minor units for `quantity` millionths. It is a ratio, so that no rounding of one small amount
    (0.01 for a thousandth) becomes the value of many units."""

    quantity: int  # millionths, > 0
    value: int  # minor units

    @classmethod
    def of_cost(cls, unit_cost: int, decimals: int) -> UnitValue:
        """Return the unit value of a unit cost in millionths, in a currency with `decimals` places."""
        return cls(SCALE * SCALE // 10**decimals, unit_cost)

    @classmethod
    def of_parts(cls, parts: Iterable[UnitValue], quantities: Iterable[int]) -> UnitValue:
        """Return the unit value of these quantities together, each at its own. A ratio of numbers too large to be stored is the
        nearest with a smaller quantity."""
        exact, whole = Fraction(0), 0
        for part, quantity in zip(parts, quantities, strict=True):
            exact += Fraction(part.value * quantity, part.quantity)
            whole += quantity
        exact /= whole
        if max(exact.denominator, abs(exact.numerator)) > LARGEST:
            quantity = LARGEST // (int(abs(exact)) + 1)
            return cls(quantity, round(exact * quantity))
        return cls(exact.denominator, exact.numerator)

    def of(self, quantity: int) -> int:
        """Return the value of `quantity`, minor units, rounded once."""
        return share(self.value, quantity, self.quantity)

    def spanning(self, quantity: int) -> UnitValue:
        """Return the same unit value, of at least `quantity`."""
        times = -(-quantity // self.quantity)
        return UnitValue(self.quantity * times, self.value * times)


class TransferredLayer(NamedTuple):
    """Part of a layer on its way from one pool to another. It keeps the move that first received the goods, and that move's age."""

    source: int  # id of the move that the layer goes back to
    at: int  # age: effective instant, microseconds since 1970
    sequence: int  # age: order within the instant
    quantity: int  # millionths
    value: int  # minor units


class FoldMove(NamedTuple):
    """One move as a method sees it. `value` is given where it comes from outside the pool (stated, a return's share, a build's
    inputs) and None where the method decides it (an issue, an unpriced receipt)."""

    move_id: int  # the move's id in the tables
    quantity: int  # signed, millionths
    value: int | None  # minor units ≥ 0 where the value comes from outside the pool; None = the method decides
    at: int  # effective instant, microseconds since 1970
    sequence: int  # order within the instant
    layer: int | None = None  # goods going back or coming back: id of their first move, whose layer leaves (is covered) first
    carried: tuple[TransferredLayer, ...] = ()  # a transfer from another pool: the layers that it brings
    unit: UnitValue | None = None  # goods without a price of their own: the exact unit value of which `value` is the rounded money


class Consumption(NamedTuple):
    """Part of a layer that an issue consumed."""

    layer: int  # id of the layer: that of the move that made it, unless another pool gave it
    quantity: int  # millionths
    value: int  # minor units


class Valued(NamedTuple):
    """A method's answer: the move's value in the pool and the layers it consumed. `variance` is the amount that was paid or got
    outside beyond that value (a standard rate takes in less than the price)."""

    move_id: int  # the move's id in the tables
    value: int  # signed value of the move in the pool, minor units
    taken: tuple[Consumption, ...] = ()  # the parts of layers that it consumed
    variance: int = 0  # minor units, signed like `value`: the amount paid or got outside beyond `value`
