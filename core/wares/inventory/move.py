"""A move of a document being recorded, on its way from plan to row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from wares.inventory.pool import Pool
from wares.model import OUTPUTS, Intent, NegativeStock, PlannedMove
from wares.values import split


class Counter(NamedTuple):
    """The account that a value comes from or goes to, and the role it is posted under."""

    account_id: int
    role: str


class MoveRow(NamedTuple):
    """A row of table `move`. Quantities are millionths, instants microseconds since 1970 (UTC), days yyyymmdd."""

    company_id: int
    move_id: int
    document_id: int
    line_id: int
    pool_id: int
    item_id: int
    location_id: int
    quantity: int
    counted: int | None
    effective_at: int
    sequence: int
    recorded_at: int
    date: int
    intent: int
    stated: int | None
    origin_id: int | None
    group_id: int | None
    share: int | None
    fallback_cost: int | None
    counter_id: int | None
    variance_id: int | None
    short: int
    method: str | None
    annulled_by: int | None
    annuls: int | None


_move_row = partial(tuple.__new__, MoveRow)
_KEEP_COST = (Intent.AT_POOL, Intent.COUNTED)
"""Intents of moves whose row keeps the cost of the item, which may become their value."""


class NewMove:
    """A planned move with its identity and place in time. Costing fills `quantity` (a count derives it), `value` (signed, in the
    pool) and `variance` (the amount paid or got outside beyond it)."""

    __slots__ = (
        "at",
        "counter",
        "day",
        "document_id",
        "group_id",
        "id",
        "line_id",
        "planned",
        "pool",
        "quantity",
        "sequence",
        "short",
        "value",
        "variance",
        "variance_to",
    )

    def __init__(
        self,
        id: int,
        document_id: int,
        line_id: int,
        planned: PlannedMove,
        pool: Pool,
        *,
        at: int,
        sequence: int,
        day: int,
        counter: Counter | None,
        variance_to: Counter | None,
        group_id: int | None,
        short: NegativeStock,
    ) -> None:
        self.id = id
        self.document_id = document_id
        self.line_id = line_id
        self.planned = planned
        self.pool = pool
        self.at = at
        self.sequence = sequence
        self.day = day
        self.counter = counter
        self.variance_to = variance_to
        self.group_id = group_id
        self.short = short
        self.quantity = planned.quantity
        self.value = 0
        self.variance = 0

    @property
    def key(self) -> tuple[int, int]:
        """The move's place in the order of its pool."""
        return self.at, self.sequence

    def parts(self) -> Iterable[tuple[Counter | None, int]]:
        """Yield the parts of its value by the account that each came from (None inside a group), signed as the value. They sum to
        `value`."""
        if self.variance and self.variance_to is not None:
            if self.counter is not None and self.counter.account_id == self.variance_to.account_id:
                yield self.counter, self.value
                return
            yield self.counter, self.value + self.variance
            yield self.variance_to, -self.variance
        elif self.value:
            yield self.counter, self.value

    def row(self, company_id: int, recorded_at: int) -> MoveRow:
        """Return the row of table `move`."""
        planned = self.planned
        keeps_cost = self.short or planned.intent in _KEEP_COST
        return _move_row((
            company_id, self.id, self.document_id, self.line_id, self.pool.id, planned.item.id, planned.location.id,
            self.quantity, planned.counted, self.at, self.sequence, recorded_at, self.day, int(planned.intent), planned.stated,
            planned.origin, self.group_id, planned.share or None, planned.item.cost if keeps_cost else None,
            self.counter.account_id if self.counter else None, self.variance_to.account_id if self.variance_to else None,
            int(self.short), planned.method, None, None,
        ))  # fmt: skip


def variance_role(intent: Intent, group: object, counter_roles: Iterable[str] = ()) -> str:
    """Return the role of the difference between cost and value of goods; that of a build or an unbuild has its own.

    `counter_roles` are those of the account that the value comes from or goes to: build_variance for the moves of an unbuild.
    """
    of_build = group is not None and intent not in (Intent.TRANSFER_OUT, Intent.TRANSFER_IN)
    return "build_variance" if of_build or "build_variance" in counter_roles else "price_variance"


def taken(upto: Callable[[int], int], events: Iterable[tuple[tuple[int, int], int, int]]) -> tuple[int, int]:
    """Return the units of a move that other moves took, and their value, where `upto` gives the value of so many units together.

    `events` are the other moves in order: key, id and units, negative where one was undone on a later day. Each takes the value
    that brings all standing ones to their exact share, so that the last takes the rest; an undone one gives back its value.
    """
    quantity = value = 0
    shares: dict[int, int] = {}
    for _, move_id, part in events:
        quantity += part
        if part > 0:
            shares[move_id] = upto(quantity) - value
            value += shares[move_id]
        else:
            value -= shares[move_id]
    return quantity, value


def share_of_inputs(move: NewMove, moves: Iterable[NewMove]) -> int:
    """Return the value of a group's output: its share of the value that the group's issues took out and of the absorbed costs."""
    group = [other for other in moves if other.group_id == move.group_id]
    outputs = [other for other in group if other.planned.intent in OUTPUTS]
    total = -sum(other.value for other in group if other not in outputs)
    total += sum(other.planned.stated or 0 for other in outputs)
    return split(total, [other.planned.share for other in outputs])[outputs.index(move)]
