"""The differences of replayed moves, recorded as changes: each has the account from which its value comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from wares.inventory.pools import pool_row
from wares.recosting.cost_changes import ChangedPool, Changes
from wares.recosting.dependencies import Dependencies
from wares.recosting.moves import COST_TRANSFERRED, TRANSFER_OUT, ReplayedMove
from wares.storage.unit import Reader

CounterAmounts = Sequence[tuple[int, int]]
"""Counter account and amount of each value fact on a receipt."""


class Differences:
    """Records the differences of moves and covers in `changes`."""

    def __init__(self, reader: Reader, dependencies: Dependencies, value_facts: Mapping[int, CounterAmounts]) -> None:
        self.changes = Changes()
        self._reader = reader
        self._dependencies = dependencies
        self._value_facts = value_facts  # receipt → those that this document adds
        self._set_aside: dict[tuple[int, int], int] = {}  # (receipt, transfer of cost) → the part of the cost by its cover
        self._by_move: dict[int, list[tuple[int, int]]] = defaultdict(list)  # move → (counter, amount), of the rows read so far
        self._rows_read = 0

    # --- moves ---

    def of_move(self, move: ReplayedMove, difference: int, variance: int) -> None:
        """Record that a stored move has changed its value and its variance."""
        if move.reverses and move.intent is not TRANSFER_OUT and move.intent is not COST_TRANSFERRED:
            self._of_reversal(move, difference)
        elif variance or move.id in self._value_facts:
            self._of_counters(move, difference, variance)
        else:
            self._add(move, move.counter_id, difference)

    def _of_counters(self, move: ReplayedMove, difference: int, variance: int) -> None:
        self.changes.repeated.add(move.id)
        outside = difference + variance
        for counter_id, amount in self._value_facts.get(move.id, ()):
            self._add(move, counter_id, amount)
            outside -= amount
        self._add(move, move.counter_id, outside)
        self._add(move, move.variance_id, -variance)

    def _of_reversal(self, move: ReplayedMove, difference: int) -> None:
        """A reversal mirrors its origin by counter account, corrections included; the rest of its difference is variance."""
        for move_id, _, _, _, _, _, counter_id, amount in self.changes.rows(self._rows_read):
            self._by_move[move_id].append((counter_id, amount))
        self._rows_read = len(self.changes)
        self.changes.repeated.add(move.id)
        mirrored = [(counter_id or None, -amount) for counter_id, amount in self._by_move.get(move.origin_id or 0, ())]
        for counter, amount in mirrored:
            self._add(move, counter, amount)
        self._add(move, move.variance_id, difference - sum(amount for _, amount in mirrored))

    # --- covers ---

    def cover_set_aside(self, receipt: ReplayedMove, issue_id: int, difference: int) -> None:
        """Take a stored cover out of the value of its issue, and out of the stored transfers of that issue's cost."""
        issue = self._dependencies.move(issue_id)
        transfers = [each for each in self._transfers_of(receipt, issue) if not each.is_new]
        before = [self._dependencies.cost_passed_on(each, stored=True) for each in transfers]
        issue.value -= difference
        issue.old_value -= difference
        self._dependencies.set_cover_aside(receipt, issue, difference)
        for transfer, was in zip(transfers, before, strict=True):
            part = was - self._dependencies.cost_passed_on(transfer, stored=True)
            transfer.old_variance -= part
            self._set_aside[receipt.id, transfer.id] = part

    def of_cover(self, receipt: ReplayedMove, issue: ReplayedMove, difference: int, change: int) -> None:
        """Record that a receipt adds `difference` to an earlier issue, which is `change` more than its stored cover does."""
        transfers = self._transfers_of(receipt, issue)
        before = [self._dependencies.cost_passed_on(each) for each in transfers]
        self._dependencies.cover(receipt, issue, difference)
        for transfer, was in zip(transfers, before, strict=True):
            part = self._dependencies.cost_passed_on(transfer) - was
            part -= self._set_aside.pop((receipt.id, transfer.id), 0)
            self.changes.repeated.add(transfer.id)
            self._add(transfer, transfer.counter_id, part, day=receipt.day)
            self._add(transfer, transfer.variance_id, -part, day=receipt.day)
        if change:
            self.changes.repeated.add(issue.id)
            self._add(issue, issue.counter_id, change, day=receipt.day)

    def _transfers_of(self, receipt: ReplayedMove, issue: ReplayedMove) -> list[ReplayedMove]:
        """Return the transfers of the cost of an issue, and of its returns, before a receipt."""
        returns_of = self._dependencies.returns_of
        takers = [issue.id, *(other.id for other in returns_of(issue.id) if other.quantity)]
        return [
            each for taker in takers for other in returns_of(taker) if other.intent is COST_TRANSFERRED
            for each in (other, *returns_of(other.id)) if each.key < receipt.key
        ]  # fmt: skip

    # --- rows ---

    def _add(self, move: ReplayedMove, counter_id: int | None, amount: int, *, day: int | None = None) -> None:
        if not amount:
            return
        if move.pool_id not in self.changes.pools:
            row = pool_row(self._reader, move.pool_id)
            assert row is not None
            self.changes.pools[move.pool_id] = ChangedPool(row.item_id, row.account_id)
        self.changes.add(move.id, move.document_id, day or move.day, move.day, move.location_id, move.pool_id, counter_id, amount)
