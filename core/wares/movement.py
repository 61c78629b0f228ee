"""A move of a document being recorded, on its way from plan to row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wares.costing.pool import PoolState
from wares.errors import Refused
from wares.model import Intent, Line, PlannedMove
from wares.values import extend

if TYPE_CHECKING:
    from wares.workingset import Pool


class NewMove:
    """A planned move with its identity and place in time; `quantity` (a count derives it) and `value` are filled by costing."""

    __slots__ = ("at", "counter_id", "day", "document_id", "group_id", "id", "line_id", "planned", "pool", "quantity", "sequence",
                 "value")  # fmt: skip

    def __init__(
        self, id: int, document_id: int, line_id: int, planned: PlannedMove, pool: Pool, at: int, sequence: int, day: int,
        counter_id: int | None, group_id: int | None,
    ) -> None:  # fmt: skip
        self.id = id
        self.document_id = document_id
        self.line_id = line_id
        self.planned = planned
        self.pool = pool
        self.at = at
        self.sequence = sequence
        self.day = day
        self.counter_id = counter_id
        self.group_id = group_id
        self.quantity = planned.quantity
        self.value = 0

    @property
    def key(self) -> tuple[int, int]:
        """Its place in the pool's order."""
        return self.at, self.sequence

    def row(self, company_id: int, recorded_at: int) -> tuple[Any, ...]:
        """The row of table `move`."""
        planned = self.planned
        keeps_cost = planned.intent in (Intent.AT_POOL, Intent.COUNTED)
        return (
            company_id, self.id, self.document_id, self.line_id, self.pool.id, planned.item.id, planned.location.id,
            self.quantity, planned.counted, self.at, self.sequence, recorded_at, self.day, int(planned.intent), planned.stated,
            planned.origin, self.group_id, planned.share or None, planned.item.cost if keeps_cost else None, self.counter_id,
            None, None,
        )  # fmt: skip


def unit_worth(move: NewMove, state: PoolState, decimals: int, line: Line | None) -> int:
    """What goods are worth that come in without a price: the stated unit cost, else the pool's unit value, else the last known,
    else the item's cost. Refused NO_COST if none is known; zero is a cost."""
    planned = move.planned
    if planned.stated is not None:
        return extend(move.quantity, planned.stated, decimals)
    value = state.unit_value(move.quantity, planned.item.cost, decimals)
    if value is None:
        path = f"{line.path}.unit_cost" if line is not None else ""
        raise Refused.because(
            "NO_COST", f"nothing says what {planned.item.sku} costs", path=path, hint="give unit_cost (0 is a cost)"
        )
    return value
