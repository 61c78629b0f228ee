"""The schedule of a recosting: the replays of all pools, which advance together in effective order."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from wares.inventory.pools import END, Key, pool_row
from wares.recosting.causes import Causes
from wares.recosting.cost_changes import ChangedPool
from wares.recosting.host import Host, ReplayRequest
from wares.recosting.moves import BEGINNING, ReplayedMove
from wares.recosting.pool_replay import PoolReplay
from wares.recosting.untouched_layers import are_untouched


class Schedule:
    """The replays of one recosting. Every value that a move depends on is final before the move is reached."""

    def __init__(self, host: Host, causes: Causes) -> None:
        self.replays: dict[int, PoolReplay] = {}
        self._host = host
        self._causes = causes
        self._queue: list[tuple[Key, int]] = []  # a heap of (next move, pool)
        self._untouched: dict[int, list[ReplayedMove]] = {}  # pool → causes that change no later move

    def run(self) -> None:
        """Replay the pools of the causes, and all that these wake."""
        by_pool = self._causes.by_pool
        self._untouched = {pool_id: moves for pool_id, moves in by_pool.items() if self._are_untouched(pool_id, moves)}
        for pool_id, moves in by_pool.items():
            if pool_id not in self._untouched:
                self.wake(pool_id, min(move.key for move in moves))
        for move in self._host.dependencies.moves(self._causes.removed):
            self.wake_issue(move)
        self._advance()
        for pool_id, moves in self._untouched.items():  # the pools that no other change has reached
            self._begin(pool_id, min(move.key for move in moves), moves)
        self._advance()

    def wake(self, pool_id: int, key: Key) -> None:
        """Have a pool replayed from `key` on. If it waits for a later move, it begins earlier instead; if it has converged, it goes
        on."""
        replay = self.replays.get(pool_id)
        if replay is None or (not replay.begun and key < replay.start):
            untouched = self._untouched.pop(pool_id, ())
            self._begin(pool_id, min([key, *[move.key for move in untouched]]))
            return
        had_converged = replay.converged
        replay.wake(key)
        if had_converged:
            self._enqueue(pool_id, replay)

    def wake_issue(self, move: ReplayedMove) -> None:
        """Have the pool of an issue replayed whose goods come back to another pool, or do so no more: if they come before its
        covers, the costs that documents passed on change with each of them."""
        issue = self._host.dependencies.move(move.origin_id) if move.origin_id is not None and move.quantity else None
        if issue is not None and issue.short and issue.pool_id != move.pool_id:
            self.wake(issue.pool_id, move.key)

    def _are_untouched(self, pool_id: int, moves: Sequence[ReplayedMove]) -> bool:
        row = pool_row(self._host.unit, pool_id)
        taken_out = any(move.id in self._causes.removed for move in moves)
        return row is not None and not taken_out and are_untouched(self._host.unit, row, self._host.methods, moves)

    def _begin(self, pool_id: int, start: Key, untouched: Sequence[ReplayedMove] = ()) -> None:
        host, causes = self._host, self._causes
        stored = pool_row(host.unit, pool_id)
        row = stored if stored is not None else causes.opened[pool_id]
        request = ReplayRequest(
            row,
            is_new=stored is None,
            start=start,
            new=causes.new.get(pool_id, ()),
            untouched=untouched,
            last_changed=causes.last_changed.get(pool_id, BEGINNING),
        )
        self.replays[pool_id] = replay = PoolReplay(host, request)
        host.changes.pools[pool_id] = ChangedPool(row.item_id, row.account_id)
        replay.begin()
        self._enqueue(pool_id, replay)

    def _advance(self) -> None:
        """Let the pool with the earliest move go on until another has an earlier one, until nothing is left."""
        while self._queue:
            key, pool_id = heapq.heappop(self._queue)
            replay = self.replays[pool_id]
            if replay.next_key != key:  # it began earlier instead, or was woken twice
                continue
            replay.advance(self._has_earlier)
            self._enqueue(pool_id, replay)

    def _has_earlier(self, key: Key) -> bool:
        return bool(self._queue) and self._queue[0][0] < key

    def _enqueue(self, pool_id: int, replay: PoolReplay) -> None:
        if replay.next_key != END:
            heapq.heappush(self._queue, (replay.next_key, pool_id))
