"""A pool at hand: its row, and the state that folds change."""

from __future__ import annotations

from typing import NamedTuple

from wares.costing.pool import PoolState
from wares.inventory.pools import Key, PoolRow


class PoolChange(NamedTuple):
    """The columns of table `pool` that posting changes, in their order there. Quantities and the rate are millionths, values minor
    units."""

    method: str
    account_id: int
    quantity: int
    value: int
    base_quantity: int
    base_value: int
    rate: int | None
    known_quantity: int
    known_value: int
    last_at: int
    last_sequence: int


class PoolIdentity(NamedTuple):
    """The columns of table `pool` that stay: with those of PoolChange behind them they are a new row."""

    company_id: int
    pool_id: int
    item_id: int
    area_id: int
    lot: str
    order_line_id: int
    first_method: str
    first_rate: int | None


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

    def row(self, company_id: int) -> tuple[object, ...]:
        """Return the row of table `pool`: its PoolIdentity, then its PoolChange."""
        stays = PoolIdentity(company_id, self.id, self.item_id, self.area_id, self.lot, 0, self.first_method, self.first_rate)
        return (*stays, *self.changing(self.state, self.last_key))

    def changing(self, state: PoolState, last: Key) -> PoolChange:
        """Return the columns that posting changes, with this state and this last move."""
        return PoolChange(
            self.method, self.account_id, state.quantity, state.value, state.base_quantity, state.base_value, state.rate,
            state.known_quantity, state.known_value, *last,
        )  # fmt: skip


CHANGING = PoolChange._fields
"""The names of the columns that posting changes."""
