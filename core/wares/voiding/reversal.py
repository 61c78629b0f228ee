"""A reversal before it is written: its identity, its place in time, and the moves that it takes back."""

from __future__ import annotations

from typing import NamedTuple

from wares.inventory.move import Counter, NewMove
from wares.inventory.pool import Pool
from wares.model import Item, NegativeStock, OriginDocument, PlannedMove
from wares.posting.batch import Batch
from wares.posting.move import first_sequence
from wares.values import start_of
from wares.voiding.posted_moves import PostedMove, Values


class Reversal(NamedTuple):
    """The identity of a reversal and its place in time."""

    id: int
    number: str
    day: int
    """yyyymmdd."""
    at: int
    """Instant, microseconds since 1970 (UTC)."""
    sequence: int
    original: OriginDocument
    """The document that it takes back."""

    @classmethod
    def of(cls, batch: Batch, document: OriginDocument, day: int) -> Reversal:
        """Return a reversal of `document` on `day`, with a new id, sequence and number."""
        unit = batch.unit
        id, sequence = unit.take_id(), unit.take_sequence()
        return cls(id, _free_number(batch, document), day, max(start_of(day), document.effective_at), sequence, document)


class TakenBack(NamedTuple):
    """A posted move that a reversal takes back, with the account and the value of the reversal's entry."""

    posted: PostedMove
    account_id: int
    """The inventory account of the pool."""
    values: Values


class ReversalMoves:
    """Makes the moves of one reversal, numbered in their order."""

    def __init__(self, batch: Batch, reversal: Reversal) -> None:
        self.batch = batch
        self.reversal = reversal
        self._sequence = first_sequence(reversal.sequence)

    def item_of(self, posted: PostedMove) -> Item:
        """Return the item of a posted move."""
        return self.batch.masters.item_by_id(posted.item_id)

    def pools_of_item(self, item_id: int) -> list[Pool]:
        """Return all pools of an item."""
        self.batch.ws.pools.need_items([item_id])
        return self.batch.ws.pools.of_item(item_id)

    def pool_of(self, posted: PostedMove) -> Pool:
        """Return the pool of a posted move."""
        return next(pool for pool in self.pools_of_item(posted.item_id) if pool.id == posted.pool_id)

    def make(
        self,
        posted: PostedMove,
        planned: PlannedMove,
        *,
        pool: Pool,
        id: int | None = None,
        counter: Counter | None = None,
        variance_to: Counter | None = None,
        group_id: int | None = None,
    ) -> NewMove:
        """Return the next move of the reversal. It stands on the line of the original until `ReversalWriter` writes it."""
        reversal, sequence = self.reversal, self._sequence
        self._sequence += 1
        return NewMove(
            id or self.batch.unit.take_id(), reversal.id, posted.line_id, planned, pool, at=reversal.at, sequence=sequence,
            day=reversal.day, short=NegativeStock.NEVER, counter=counter, variance_to=variance_to, group_id=group_id,
        )  # fmt: skip


def _free_number(batch: Batch, document: OriginDocument) -> str:
    base = number = f"{document.number}-R"
    count = 1
    while batch.unit.row("SELECT 1 FROM wares_document WHERE company_id = ? AND number = ?", number):
        count += 1
        number = f"{base}{count}"
    return number
