"""The driver of late facts: a backdated document, a bill at another price or a void changes the values of later moves.

The causes are read first (`causes`). Then each pool concerned is replayed from its first changed move (`pool_replay`), and each
change is followed into the moves that depend on it: the outputs of a build take their value from its inputs, returns from the move
that they return. All pools advance together in effective order (`schedule`); as time only goes forward, this ends on any graph of
items. No posted entry is rewritten: the differences become valuation rows and entries of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wares.catalog.masters import MasterBook
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.inventory.move import Counter, NewMove, variance_role
from wares.inventory.outside_value import OutsideValue, outside_value
from wares.inventory.pools import Key
from wares.inventory.working_set import WorkingSet
from wares.model import OUTPUTS, AccountQuery, TransferredLayer
from wares.plugin_manager.registry import Registry
from wares.recosting.causes import Causes
from wares.recosting.cost_changes import Changes
from wares.recosting.dependencies import Dependencies
from wares.recosting.differences import Differences
from wares.recosting.moves import STATED, ReplayedMove
from wares.recosting.refusals import Refusals
from wares.recosting.schedule import Schedule
from wares.recosting.store import PoolProjections
from wares.recosting.transfers import Transfers
from wares.storage.unit import Unit


class Recosting:
    """One recosting: `run` computes, `write` stores the projections. A refusal leaves no trace. The `host.Host` of its pools."""

    causes: Causes
    differences: Differences
    refusals: Refusals
    schedule: Schedule

    def __init__(self, unit: Unit, ws: WorkingSet, registry: Registry, masters: MasterBook) -> None:
        self.unit = unit
        self.ws = ws
        self.methods: Mapping[str, CostMethod] = registry.cost_methods
        self.masters = masters
        self.paths: Mapping[int, str] = {}  # new move → the path of its line in the record
        self.takes_back = ""  # number of the document that the new moves reverse
        self.dependencies = Dependencies(unit)
        self.transfers = Transfers(unit)
        self.uncovered: set[int] = set()
        self._variance_given: dict[int, tuple[ReplayedMove, Counter]] = {}

    @property
    def changes(self) -> Changes:
        """Every stored move that has another value now."""
        return self.differences.changes

    @property
    def item_ids(self) -> set[int]:
        """The items whose pools were replayed."""
        return {replay.request.row.item_id for replay in self.schedule.replays.values()}

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
        self.schedule = Schedule(self, causes)
        self.schedule.run()
        for each in new:
            move = self.dependencies.move(each.id)
            each.quantity, each.value, each.variance = move.quantity, move.value, move.variance
            if move.id in self._variance_given:
                each.variance_to = self._variance_given[move.id][1]
        return self.changes

    def write(self) -> None:
        """Store pools, layers and consumptions as replayed. After `run`, once nothing can be refused any more."""
        given = [move for move, _ in self._variance_given.values()]
        PoolProjections(self.unit, self.ws, self.schedule.replays.values(), given).write()

    # --- the services of `host.Host` ---

    def outside_value(self, move: ReplayedMove, state: PoolState, method: CostMethod) -> OutsideValue:
        """Return the value of a move as far as it comes from outside its pool."""
        stated = move.stated
        if move.intent is STATED:
            stated = (stated or 0) + move.added_value + self.causes.added_to(move)
        return outside_value(
            move,
            state,
            method=method,
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
        self.dependencies.groups.revalue(move, move.value)
        if move.is_new:
            if move.origin_id is not None:
                self._wake_returns(move.origin_id, after=move.key)
                self.schedule.wake_issue(move)
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
            for output in self.dependencies.groups.outputs_of(move):
                self.schedule.wake(output.pool_id, output.key)

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
        counter = self.masters.account_by_id(move.counter_id) if move.counter_id else None
        role = variance_role(move.intent, move.group_id, counter.roles if counter is not None else ())
        item = self.masters.item_by_id(move.item_id)
        move.variance_id = self.masters.resolve_account(AccountQuery(role, item, None, None, None)).id
        self._variance_given[move.id] = move, Counter(move.variance_id, role)

    def _follow(self, move: ReplayedMove, after: Key) -> None:
        if move.group_id is not None and move.intent not in OUTPUTS:
            for output in self.dependencies.groups.outputs_of(move):
                self.schedule.wake(output.pool_id, output.key)
        if self.dependencies.gives(move):
            self._wake_returns(move.id, after=after)

    def _wake_returns(self, origin_id: int, after: Key) -> None:
        for other in self.dependencies.returns_of(origin_id):
            if other.key > after:
                self.schedule.wake(other.pool_id, other.key)
