"""Layers, the goods of incoming moves, and the uncovered parts of issues that took more than was there.

A layer belongs to the move that brought it into its pool. Goods that a transfer brought from another pool keep the move that they
go back to (`source`) and its age: layers are consumed by age, whenever they arrived.
"""

from __future__ import annotations

from wares.model import FoldMove, UnitValue
from wares.values import divide, split

PARTS_SHIFT = 20
"""A transfer brings up to 2²⁰ layers."""


def carried_id(move_id: int, position: int) -> int:
    """Return the id of a layer that a transfer brought. A transfer may bring several, so the move's own id does not do. The id
    rises with the position."""
    return position - (move_id << PARTS_SHIFT)


def brought_by(layer_id: int) -> int:
    """Return the id of the move that brought a layer into its pool."""
    return layer_id if layer_id > 0 else -(layer_id >> PARTS_SHIFT)


class Layer:
    """Goods that an incoming move brought. `at` and `sequence` are the age of the goods; `arrived` is when they came to this pool,
    which differs only for goods from another pool."""

    __slots__ = (
        "arrived", "at", "base_quantity", "base_value", "id", "move_id", "quantity", "remaining", "sequence", "source", "taken",
        "value",
    )  # fmt: skip

    def __init__(
        self,
        move_id: int,
        at: int,
        sequence: int,
        quantity: int,
        value: int,
        remaining: int,
        taken: int,
        base_quantity: int,
        base_value: int,
        id: int | None = None,
        source: int | None = None,
        arrived_at: int | None = None,
        arrived_sequence: int | None = None,
    ) -> None:
        self.move_id = move_id  # the move that brought it into this pool
        self.at = at  # age: effective instant, microseconds since 1970
        self.sequence = sequence  # age: order within the instant
        self.quantity = quantity  # received, millionths
        self.value = value  # cost with revaluations, minor units
        self.remaining = remaining  # on hand, millionths
        self.taken = taken  # value that left it so far, minor units
        # Issues are measured from the base: `quantity` at `value`, `remaining` after a revaluation, for goods without a price of
        # their own the exact unit value of which `value` is the rounded money.
        self.base_quantity = base_quantity
        self.base_value = base_value  # the value of `base_quantity`, minor units
        self.id = move_id if id is None else id  # that of its move, unless a transfer brought several
        self.source = move_id if source is None else source  # the move that first received the goods
        self.arrived: tuple[int, int] = (  # instant and order of the arrival in this pool
            at if arrived_at is None else arrived_at,
            sequence if arrived_sequence is None else arrived_sequence,
        )

    @property
    def key(self) -> tuple[int, int, int, int, int]:
        """The sort key of the order of consumption, oldest first."""
        return self.at, self.sequence, *self.arrived, self.id

    @property
    def unit(self) -> UnitValue:
        """The exact unit value of its goods."""
        return UnitValue(self.base_quantity, self.base_value)

    @property
    def rest(self) -> int:
        """The value of the goods that remain, minor units."""
        return self.value - self.taken

    def worth(self, quantity: int) -> int:
        """Return the value that an issue of `quantity` takes from the layer, minor units."""
        issued = self.base_quantity - self.remaining + quantity
        return divide(self.base_value * issued, self.base_quantity) - (self.base_value - self.rest)

    def restate(self, rest: int) -> None:
        """Set the value of the goods that remain to `rest`, minor units."""
        self.value = self.taken + rest
        self.base_quantity, self.base_value = self.remaining, rest


def transferred_layers(move: FoldMove, value: int) -> list[Layer]:
    """Return a layer for each part that a transfer brings, at its own value; where the pool values the goods otherwise (a standard
    rate), `value` is spread by quantity."""
    values = [part.value for part in move.carried]
    if sum(values) != value:
        values = split(value, [part.quantity for part in move.carried])
    return [
        Layer(
            move.move_id, part.at, part.sequence, part.quantity, worth, part.quantity, 0, part.quantity, worth,
            carried_id(move.move_id, position), part.source, move.at, move.sequence,
        )
        for position, (part, worth) in enumerate(zip(move.carried, values, strict=True))
    ]  # fmt: skip


class Owed:
    """The part of an issue that is not covered by goods yet, at the estimate it was posted at."""

    __slots__ = ("estimate", "move_id", "quantity")

    def __init__(self, move_id: int, quantity: int, estimate: int) -> None:
        self.move_id = move_id  # the issue
        self.quantity = quantity  # uncovered, millionths
        self.estimate = estimate  # its value as posted, minor units
