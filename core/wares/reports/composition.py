"""What a pool that is valued as a whole consists of: how much of each receipt is left in it.

An issue takes from every receipt alike, in proportion to what is left of it; goods going back to their supplier take from
their own. So what is left of a receipt is its value times the product of (1 − share issued) of all issues since. That product
is kept once for the pool, and each receipt remembers what it was when it came: one step per move, whatever their number.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import NamedTuple

_EXACT = Context(prec=60)
"""Proportions only; the amounts that are split by them stay whole."""
_SMALL = Decimal(10) ** -20
_SCALE = 30


class Held(NamedTuple):
    """A move of the pool. `origin_id` is the receipt whose goods go back, if they do."""

    move_id: int
    quantity: int
    value: int
    origin_id: int | None = None


class Part(NamedTuple):
    """What is left of a receipt, as weights: only their proportions mean anything."""

    move_id: int
    quantity: int
    value: int


class _Left:
    """What is left of each receipt of one measure: quantity or value."""

    def __init__(self) -> None:
        self.whole = Decimal(0)
        self.factor = Decimal(1)
        self.parts: dict[int, Decimal] = {}

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]  # as new

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
        """Begin with a factor of 1 again, so that it never vanishes."""
        self.parts = {key: _EXACT.multiply(part, self.factor) for key, part in self.parts.items()}
        self.factor = Decimal(1)


def composition(moves: Iterable[Held]) -> list[Part]:
    """What is left of each receipt after these moves, in the order of the receipts; empty when the pool is."""
    quantities, values = _Left(), _Left()
    quantity = value = 0
    order: dict[int, int] = {}
    for move in moves:
        order[move.move_id] = len(order)
        was_short = quantity < 0
        quantity += move.quantity
        value += move.value
        if quantity <= 0:
            quantities.clear()
            values.clear()
        elif was_short:  # what came covered what was short; the rest of it is what the pool holds
            quantities.receive(move.move_id, Decimal(quantity))
            values.receive(move.move_id, Decimal(max(value, 0)))
        elif move.quantity > 0:
            quantities.receive(move.move_id, Decimal(move.quantity))
            values.receive(move.move_id, Decimal(move.value))
        else:
            quantities.issue(Decimal(-move.quantity), move.origin_id)
            if move.value > 0:  # value alone, added to what is there
                values.receive(move.move_id, Decimal(move.value))
            else:
                values.issue(Decimal(-move.value), move.origin_id)
    return [
        Part(move_id, quantities.weight(move_id), values.weight(move_id))
        for move_id in sorted(quantities.parts.keys() | values.parts.keys(), key=order.__getitem__)
    ]
