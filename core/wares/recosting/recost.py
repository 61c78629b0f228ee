"""The driver of late facts: a backdated document, a bill at another price or a void changes the values of later moves.

The causes are read first (`causes`). Then each pool concerned is replayed from its first changed move, and each change is followed
into the moves that depend on it: the outputs of a build take their value from its inputs, returns from the move that they return.
All pools advance together in effective order, so that every value that a move depends on is final before the move is reached. As
time only goes forward, this ends on any graph of items. No posted entry is rewritten: the differences become valuation rows and
entries of their own.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from wares.catalog.masters import MasterBook
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.inventory.move import Counter, NewMove, variance_role
from wares.inventory.outside_value import OutsideValue, outside_value
from wares.inventory.pools import END, Key, pool_row
from wares.inventory.working_set import WorkingSet
from wares.model import OUTPUTS, AccountQuery, TransferredLayer
from wares.plugin_manager.registry import Registry
from wares.recosting.causes import Causes
from wares.recosting.cost_changes import Changes, OfPool
from wares.recosting.dependencies import Dependencies
from wares.recosting.differences import Differences
from wares.recosting.host import ReplayRequest
from wares.recosting.moves import BEGINNING, STATED, ReplayedMove
from wares.recosting.pool_replay import PoolReplay
from wares.recosting.refusals import Refusals
from wares.recosting.store import PoolProjections
from wares.recosting.transfers import Transfers
from wares.recosting.untouched_layers import are_untouched
from wares.storage.unit import Unit


class Recosting:
    """One recosting: `run` computes, `write` stores the projections. A refusal leaves no trace. The `host.Host` of its pools."""

    causes: Causes
    differences: Differences
    refusals: Refusals

    def __init__(self, unit: Unit, ws: WorkingSet, registry: Registry, masters: MasterBook) -> None:
        self.unit = unit
        self.ws = ws
        self.methods: Mapping[str, CostMethod] = registry.cost_methods
        self.masters = masters
        self.paths: Mapping[int, str] = {}  # new move → the path of its line in the record
        self.takes_back = ""  # number of the document that the new moves reverse
        self.item_ids: set[int] = set()  # the items whose pools were replayed
        self.dependencies = Dependencies(unit)
        self.transfers = Transfers(unit)
        self.uncovered: set[int] = set()
        self._replays: dict[int, PoolReplay] = {}
        self._queue: list[tuple[Key, int]] = []  # a heap of (next move, pool)
        self._untouched: dict[int, list[ReplayedMove]] = {}  # pool → causes that change no later move
        self._variance_given: dict[int, tuple[ReplayedMove, Counter]] = {}

    @property
    def changes(self) -> Changes:
        """Every stored move that has another value now."""
        return self.differences.changes

    def run(
        self,
        *,
        new: Sequence[NewMove] = (),
        removed: Iterable[int] = (),
        facts: Iterable[tuple[int, int, int]] = (),
    ) -> Changes:
        """Replay the pools of all moves that change, and return the changes of stored moves.

        `new` moves get their quantity and value; `removed` are the ids of moves taken out; `facts` are value facts: (receipt's
        move, amount, counter account). Raises Refused: INSUFFICIENT_STOCK when a new move is short, LATER_SHORT when a later
        document would be.
        """
        causes = self.causes = Causes(self.dependencies, new=new, removed=removed, value_facts=facts)
        self.differences = Differences(self.unit, self.dependencies, causes.value_facts)
        self.refusals = Refusals(self.unit, self.masters, self.paths, self.takes_back)
        self._untouched = {pool_id: moves for pool_id, moves in causes.by_pool.items() if self._are_untouched(pool_id, moves)}
        for pool_id, moves in causes.by_pool.items():
            if pool_id not in self._untouched:
                self._wake(pool_id, min(move.key for move in moves))
        self._advance()
        for pool_id, moves in self._untouched.items():  # the pools that no other change has reached
            self._begin(pool_id, min(move.key for move in moves), moves)
        self._advance()
        for each in new:
            move = self.dependencies.move(each.id)
            each.quantity, each.value, each.variance = move.quantity, move.value, move.variance
            if move.id in self._variance_given:
                each.variance_to = self._variance_given[move.id][1]
        return self.changes

    def write(self) -> None:
        """Store pools, layers and consumptions as replayed. After `run`, once nothing can be refused any more."""
        given = [move for move, _ in self._variance_given.values()]
        PoolProjections(self.unit, self.ws, self._replays.values(), given).write()

    # --- the pools, in effective order ---

    def _advance(self) -> None:
        """Replay all pools together; a pool goes on until another has an earlier move."""
        while self._queue:
            key, pool_id = heapq.heappop(self._queue)
            replay = self._replays[pool_id]
            if replay.next_key != key:  # it began earlier instead, or was woken twice
                continue
            replay.advance()
            self._enqueue(pool_id, replay)

    def _enqueue(self, pool_id: int, replay: PoolReplay) -> None:
        if replay.next_key != END:
            heapq.heappush(self._queue, (replay.next_key, pool_id))

    def has_earlier(self, key: Key) -> bool:
        """True if another pool has a move before `key`."""
        return bool(self._queue) and self._queue[0][0] < key

    def _are_untouched(self, pool_id: int, moves: Sequence[ReplayedMove]) -> bool:
        row = pool_row(self.unit, pool_id)
        taken_out = any(move.id in self.causes.removed for move in moves)
        return row is not None and not taken_out and are_untouched(self.unit, row, self.methods, moves)

    def _wake(self, pool_id: int, key: Key) -> None:
        """Have a pool replayed from `key` on. If it waits for a later move, it begins earlier instead; if it has converged, it goes
        on."""
        replay = self._replays.get(pool_id)
        if replay is None or (not replay.begun and key < replay.start):
            untouched = self._untouched.pop(pool_id, ())
            self._begin(pool_id, min([key, *[move.key for move in untouched]]))
            return
        had_converged = replay.converged
        replay.wake(key)
        if had_converged:
            self._enqueue(pool_id, replay)

    def _begin(self, pool_id: int, start: Key, untouched: Sequence[ReplayedMove] = ()) -> None:
        causes, stored = self.causes, pool_row(self.unit, pool_id)
        row = stored if stored is not None else causes.opened[pool_id]
        self._replays[pool_id] = replay = PoolReplay(
            self,
            ReplayRequest(
                row, stored is None, start, causes.new.get(pool_id, ()), untouched, causes.last_changed.get(pool_id, BEGINNING)
            ),
        )
        self.differences.know_pool(pool_id, OfPool(row.item_id, row.account_id))
        self.item_ids.add(row.item_id)
        replay.begin()
        self._enqueue(pool_id, replay)

    # --- the services of `host.Host` ---

    def outside_value(self, move: ReplayedMove, state: PoolState) -> OutsideValue:
        """Return the value of a move as far as it comes from outside its pool."""
        stated = move.stated
        if move.intent is STATED:
            stated = (stated or 0) + move.added_value + self.causes.added_to(move)
        return outside_value(
            move,
            state,
            intent=move.intent,
            quantity=move.quantity,
            stated=stated,
            origin_id=move.origin_id,
            fallback=move.fallback,
            shares=self.dependencies,
            refusals=self.refusals,
        )

    def valued(self, move: ReplayedMove) -> None:
        """Record the difference of a move, and follow it into the moves that depend on it."""
        self.dependencies.revalue(move, move.value)
        if move.is_new:
            if move.origin_id is not None:
                self._wake_returns(move.origin_id, after=move.key)
                undone = self.dependencies.move(move.origin_id)
                if undone.origin_id is not None:  # goods of its own origin may come back once more
                    self._wake_returns(undone.origin_id, after=move.key)
            return
        difference, variance = move.value - move.old_value, move.variance - move.old_variance
        self.differences.of_move(move, difference, variance)
        returned = move.origin_id is not None and self.dependencies.gives(move)  # a share may shift by a cent within it
        if difference or variance or returned or move.quantity != move.old_quantity:
            self._follow(move, move.key)

    def transferred(self, move: ReplayedMove, parts: tuple[TransferredLayer, ...]) -> None:
        """Replay the pool to which a transfer brings goods, if it takes other layers than before."""
        if self.transfers.took(move, parts):
            for output in self.dependencies.outputs_of(move):
                self._wake(output.pool_id, output.key)

    def cover_set_aside(self, receipt: ReplayedMove, issue_id: int, difference: int) -> None:
        """Take a stored cover out of the value of its issue."""
        self.differences.cover_set_aside(receipt, issue_id, difference)

    def covered(self, receipt: ReplayedMove, issue_id: int, difference: int, change: int) -> None:
        """Record the cover of an earlier issue, and follow its change into the moves that depend on the issue."""
        issue = self.dependencies.move(issue_id)
        self.differences.of_cover(receipt, issue, difference, change)
        if change:
            self._follow(issue, receipt.key)

    def give_variance(self, move: ReplayedMove) -> None:
        """Give a variance account to a move that had none."""
        role = variance_role(move.intent, move.group_id)
        item = self.masters.item_by_id(move.item_id)
        move.variance_id = self.masters.resolve_account(AccountQuery(role, item, None, None, None)).id
        self._variance_given[move.id] = move, Counter(move.variance_id, role)

    def _follow(self, move: ReplayedMove, after: Key) -> None:
        if move.group_id is not None and move.intent not in OUTPUTS:
            for output in self.dependencies.outputs_of(move):
                self._wake(output.pool_id, output.key)
        if self.dependencies.gives(move):
            self._wake_returns(move.id, after=after)

    def _wake_returns(self, origin_id: int, after: Key) -> None:
        for other in self.dependencies.returns_of(origin_id):
            if other.key > after:
                self._wake(other.pool_id, other.key)
