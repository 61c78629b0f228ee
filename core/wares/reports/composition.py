"""The composition of a pool that is valued as a whole: the remainder of each receipt in it.

An issue takes from every receipt in proportion to its remainder; goods that go back to their supplier take from their own
receipt. So the remainder of a receipt is its value times the product of (1 − share issued) over all issues since. That product
is kept once for the pool, and each receipt is stored relative to the product at its arrival: one step per move, whatever the
number of receipts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from itertools import accumulate
from typing import NamedTuple

_EXACT = Context(prec=60)
"""The context of the proportions; the amounts that are split by them stay whole numbers."""
_SMALL = Decimal(10) ** -20
_SCALE = 30


class HeldMove(NamedTuple):
    """A move of the pool. `origin_id` is the receipt whose goods go back, if they do."""

    move_id: int
    quantity: int
    value: int
    origin_id: int | None = None


class RemainingPart(NamedTuple):
    """The remainder of a receipt, as weights: only their proportions have a meaning."""

    move_id: int
    quantity: int
    value: int


class _Left:
    """The remainder of each receipt in one measure: quantity or value."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.whole = Decimal(0)
        self.factor = Decimal(1)
        self.parts: dict[int, Decimal] = {}

    def receive(self, move_id: int, amount: Decimal) -> None:
        self.parts[move_id] = _EXACT.add(self.parts.get(move_id, Decimal(0)), _EXACT.divide(amount, self.factor))
        self.whole += amount

    def issue(self, amount: Decimal, origin_id: int | None) -> None:
        if amount >= self.whole:
            self.clear()
            return
        own = self.parts.get(origin_id) if origin_id is not None else None
        taken = _EXACT.divide(amount, self.factor)
        if own is not None and origin_id is not None and own >= taken:
            self.parts[origin_id] = own - taken
        else:
            self.factor = _EXACT.multiply(self.factor, _EXACT.divide(self.whole - amount, self.whole))
            if self.factor < _SMALL:
                self._settle()
        self.whole -= amount

    def weight(self, move_id: int) -> int:
        left = _EXACT.multiply(self.parts.get(move_id, Decimal(0)), self.factor)
        return max(int(left.scaleb(_SCALE)), 0)

    def _settle(self) -> None:
        """Apply the factor to all parts and begin with a factor of 1 again, so that it never vanishes."""
        self.parts = {key: _EXACT.multiply(part, self.factor) for key, part in self.parts.items()}
        self.factor = Decimal(1)


def compositions(moves: Sequence[HeldMove], before: Iterable[int]) -> dict[int, list[RemainingPart]]:
    """Return the remainders of the receipts just before the moves at these positions (`len(moves)`: after the last).

    They stand in the order of the receipts; the list of an empty pool is empty. The moves are walked once, and only from the
    position at which the pool was last empty.
    """
    walk = _Walk(moves)
    return {position: walk.to(position) for position in sorted(set(before))}


class _Walk:
    """A pool's moves in order, forwards."""

    def __init__(self, moves: Sequence[HeldMove]) -> None:
        self.moves = moves
        self.quantity = list(accumulate((move.quantity for move in moves), initial=0))
        self.value = list(accumulate((move.value for move in moves), initial=0))
        """Quantity and value of the pool before each move, and after the last."""
        self.position = 0
        self.left = _Left(), _Left()
        self.order: dict[int, int] = {}

    def to(self, position: int) -> list[RemainingPart]:
        quantities, values = self.left
        empty = next((at for at in range(position, self.position, -1) if self.quantity[at] <= 0), None)
        if empty is not None:
            quantities.clear()
            values.clear()
            self.order.clear()
            self.position = empty
        for at in range(self.position, position):
            self._step(at)
        self.position = position
        return [
            RemainingPart(move_id, quantities.weight(move_id), values.weight(move_id))
            for move_id in sorted(quantities.parts.keys() | values.parts.keys(), key=self.order.__getitem__)
        ]

    def _step(self, at: int) -> None:
        """Apply one move of a pool that is not empty after it."""
        move, (quantities, values) = self.moves[at], self.left
        self.order[move.move_id] = at
        if self.quantity[at] < 0:  # the receipt covers the shortage; the rest of it is now the pool
            quantities.receive(move.move_id, Decimal(self.quantity[at + 1]))
            values.receive(move.move_id, Decimal(max(self.value[at + 1], 0)))
        elif move.quantity > 0:
            quantities.receive(move.move_id, Decimal(move.quantity))
            values.receive(move.move_id, Decimal(move.value))
        else:
            quantities.issue(Decimal(-move.quantity), move.origin_id)
            if move.value > 0:  # value alone, added to the goods on hand
                values.receive(move.move_id, Decimal(move.value))
            else:
                values.issue(Decimal(-move.value), move.origin_id)
