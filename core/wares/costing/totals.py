"""The quantity and value of a pool, with the base from which issues are measured and the last known unit value (`known`).

Whatever brings a price sets it: a receipt, goods that come or go back at the cost of their origin, a revaluation, a change of
method. Issues, and goods that the pool itself gives a value, leave it: they show it as rounded money only.
"""

from __future__ import annotations

from wares.model import UnitValue
from wares.values import divide

Totals = tuple[int, int, int, int, int, int, int | None]
"""The numbers of a PoolTotals that folds change, in the order of its parameters."""


class PoolTotals:
    """The totals of a pool, without its layers."""

    __slots__ = ("base_quantity", "base_value", "decimals", "known_quantity", "known_value", "quantity", "rate", "value")

    def __init__(
        self,
        quantity: int,
        value: int,
        base_quantity: int,
        base_value: int,
        known_quantity: int,
        known_value: int,
        *,
        rate: int | None,
        decimals: int,
    ) -> None:
        self.quantity = quantity  # on hand, millionths
        self.value = value  # minor units, company currency
        self.base_quantity = base_quantity  # `quantity` after the last change that was not an issue
        self.base_value = base_value  # `value` then: issues of the pool as a whole are measured from it
        self.known_quantity = known_quantity  # of the last known unit value, millionths; 0 = nothing is known
        self.known_value = known_value  # its value, minor units
        self.rate = rate  # standard unit cost in force, millionths; None without one
        self.decimals = decimals  # places of the company's currency

    def rebase(self) -> None:
        """Make the present totals the base from which issues of the pool as a whole are measured."""
        self.base_quantity, self.base_value = self.quantity, self.value

    def average(self, quantity: int) -> int:
        """Return the value that an issue of `quantity` takes from the pool as a whole, minor units."""
        issued = self.base_quantity - self.quantity + quantity
        return divide(self.base_value * issued, self.base_quantity) - (self.base_value - self.value)

    @property
    def known(self) -> UnitValue | None:
        """The last known unit value, exact; None if nothing is known. Zero is a cost."""
        return UnitValue(self.known_quantity, self.known_value) if self.known_quantity > 0 else None

    def know(self, quantity: int, value: int) -> None:
        """Set the last known unit value: `value` minor units for `quantity` millionths."""
        self.known_quantity, self.known_value = quantity, value

    def _totals(self) -> Totals:
        return (
            self.quantity, self.value, self.base_quantity, self.base_value, self.known_quantity, self.known_value, self.rate,
        )  # fmt: skip

    def _set_totals(self, totals: Totals) -> None:
        self.quantity, self.value, self.base_quantity, self.base_value, self.known_quantity, self.known_value, self.rate = totals
