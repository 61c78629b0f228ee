"""A pool at hand: its row, and the state that folds change."""

from __future__ import annotations

from typing import Any

from wares.costing.pool import PoolState
from wares.inventory.pools import Key, PoolRow


class Pool:
    """A pool of the working set: its row, and the state that folds change."""

    __slots__ = ("account_id", "area_id", "first_method", "first_rate", "id", "is_new", "item_id", "last_at", "last_sequence",
                 "lot", "method", "state")  # fmt: skip

    def __init__(self, row: PoolRow, state: PoolState, *, is_new: bool) -> None:
        self.id = row.id
        self.item_id = row.item_id
        self.area_id = row.area_id
        self.lot = row.lot
        self.method = row.method
        self.account_id = row.account_id
        self.first_method = row.first_method
        self.first_rate = row.first_rate
        self.last_at = row.last_at
        self.last_sequence = row.last_sequence
        self.state = state
        self.is_new = is_new

    @property
    def last_key(self) -> Key:
        """The place of its last move in the order of moves."""
        return self.last_at, self.last_sequence

    def row(self, company_id: int) -> tuple[Any, ...]:
        """The row of table `pool`."""
        state = self.state
        return (
            company_id, self.id, self.item_id, self.area_id, self.lot, 0, self.first_method, self.first_rate,
            *self.changing(state, (self.last_at, self.last_sequence)),
        )  # fmt: skip

    def changing(self, state: PoolState, last: tuple[int, int]) -> tuple[Any, ...]:
        """The columns that posting changes, in their order in the table."""
        return (
            self.method, self.account_id, state.quantity, state.value, state.base_quantity, state.base_value, state.rate,
            state.known_quantity, state.known_value, *last,
        )  # fmt: skip


CHANGING = (
    "method", "account_id", "quantity", "value", "base_quantity", "base_value", "rate", "known_quantity", "known_value", "last_at",
    "last_sequence",
)  # fmt: skip
