"""The values that a cost method is handed and answers with."""

from __future__ import annotations

from typing import NamedTuple


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
