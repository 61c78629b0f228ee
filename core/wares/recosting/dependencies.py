"""The dependencies among moves: an output takes its value from the issues of its group (a build), a return from its origin.

Both are read for a whole page of a pool at once, and not move by move; `groups.py` reads the groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from wares.inventory.move import taken
from wares.inventory.pools import END, Key
from wares.inventory.unit_costs import UnitCosts
from wares.model import OUTPUTS
from wares.recosting.groups import Groups
from wares.recosting.moves import COLUMNS, COST_TRANSFERRED, ID, ReplayedMove, StoredMove
from wares.storage.statements import SqlRow
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.values import share

TOGETHER = 20_000
"""Ids in one list."""


class Dependencies:
    """The moves of one recosting that others depend on. There is one `ReplayedMove` for each move, whoever asks."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.removed: set[int] = set()
        self._known: dict[int, ReplayedMove] = {}
        self._new: list[ReplayedMove] = []
        self._returns: dict[int, list[ReplayedMove]] = {}
        self._stored_returns: dict[int, list[ReplayedMove]] = {}  # the same before this recosting
        self._origins: set[int] = set()  # the moves from which new ones take their value
        self.freed: set[tuple[int, int]] = set()  # (receipt, issue) of the stored covers that are set aside
        self._stored_covers: dict[int, list[tuple[int, Key, int]]] = {}  # issue → receipt, its key, value added to the issue
        self._covers: dict[int, list[tuple[Key, int]]] = defaultdict(list)  # the same of the covers that the replay found
        self.groups = Groups(self)

    # --- moves ---

    def add(self, move: ReplayedMove) -> None:
        """Add a new move."""
        self._known[move.id] = move
        self._new.append(move)
        if move.origin_id is not None:
            self._origins.add(move.origin_id)
        self.groups.add(move)

    def known(self, row: StoredMove) -> ReplayedMove:
        """Return the move of a row, from now on the same object for every caller."""
        found = self._known.get(row[ID])
        if found is None:
            found = self._known[row[ID]] = ReplayedMove(*row)
        return found

    def in_passing(self, row: StoredMove) -> ReplayedMove:
        """Return the move of a row that a replay reaches. It is kept only if another move can ask for it later."""
        found = self._known.get(row[ID])
        if found is None:
            found = ReplayedMove(*row)
            if self.gives(found) or found.origin_id is not None or found.short or found.intent in OUTPUTS:
                self._known[found.id] = found
        return found

    def is_known(self, move_id: int) -> bool:
        """True if a stored move is an object already, or if a new move takes its value from it."""
        return move_id in self._known or move_id in self._origins

    def move(self, move_id: int) -> ReplayedMove:
        """Return a move by its id."""
        return self._known.get(move_id) or self.moves([move_id])[0]

    def moves(self, move_ids: Iterable[int]) -> list[ReplayedMove]:
        """Return standing moves by their ids."""
        return [self.known(row) for row in self.rows_among(COLUMNS, "m.move_id", sorted(move_ids))]

    def rows_among(self, columns: str, among: str, ids: list[int], further: str = "") -> list[SqlRow]:
        """Return columns of the standing moves of which one column is among the ids."""
        statement = (
            f"SELECT {columns} FROM wares_move m WHERE m.company_id = ? AND {self.reader.among(among)} AND {STANDING} {further}"
        )
        rows: list[SqlRow] = []
        for start in range(0, len(ids), TOGETHER):
            rows += self.reader.rows(statement, self.reader.listed(ids[start : start + TOGETHER]))
        return rows

    def read_links(self, moves: Iterable[ReplayedMove]) -> None:
        """Read the moves that take their value from these, and those from which these take it: a replay is about to reach them."""
        wanted: set[int] = set()
        for move in moves:
            if move.group_id is not None:
                self.groups.expect(move)
            if self.gives(move):
                wanted.add(move.id)
            if move.origin_id is not None:
                wanted.add(move.origin_id)
        wanted -= self._returns.keys()
        links: dict[int, list[int]] = {origin_id: [] for origin_id in wanted}
        ids = sorted(wanted)
        for start in range(0, len(ids), TOGETHER):
            for origin_id, move_id in self.reader.rows(
                f"SELECT origin_id, move_id FROM wares_move_link WHERE company_id = ? AND {self.reader.among('origin_id')}",
                self.reader.listed(ids[start : start + TOGETHER]),
            ):
                links[origin_id].append(move_id)
        self.moves({move_id for origin_id, group in links.items() for move_id in (origin_id, *group)} - self._known.keys())
        for origin_id, group in links.items():
            self._set_returns(origin_id, group)

    # --- origins ---

    def gives(self, move: ReplayedMove) -> bool:
        """True if other moves take their value from this one."""
        return move.linked or move.id in self._origins

    def returns_of(self, origin_id: int) -> list[ReplayedMove]:
        """Return the moves that take a share of a move's value, in effective order."""
        origin = self._known.get(origin_id)
        if origin is not None and not self.gives(origin):
            return []
        if origin_id not in self._returns:
            linked = self.reader.rows("SELECT move_id FROM wares_move_link WHERE company_id = ? AND origin_id = ?", origin_id)
            self.moves({row[0] for row in linked} - self._known.keys())
            self._set_returns(origin_id, [row[0] for row in linked])
        return self._returns[origin_id]

    def _set_returns(self, origin_id: int, move_ids: Iterable[int]) -> None:
        stored = [move for move_id in move_ids if (move := self._known.get(move_id)) is not None]
        new = [move for move in self._new if move.origin_id == origin_id]
        standing = [move for move in (*stored, *new) if move.id not in self.removed]
        self._returns[origin_id] = sorted(standing, key=lambda move: move.key)

    def share_of_origin(self, move: ReplayedMove) -> int:
        """Return a move's share of the value of its origin, cumulatively rounded over the standing moves before it."""
        origin = self.move(move.origin_id or 0)
        worth_of = self._cost_of_units(origin, abs(self._worth_at(origin, move.key)), move.key)
        quantity, value = taken(worth_of, self._events_of(origin, move.key))
        return worth_of(quantity + abs(move.quantity)) - value

    def _events_of(
        self, origin: ReplayedMove, before: Key, *, passed: bool = False, stored: bool = False
    ) -> list[tuple[Key, int, int]]:
        """Return key, id and units of each return of a move before a moment, or of each transfer of its cost; negative where
        undone. `stored`: as they were before this recosting."""
        events: list[tuple[Key, int, int]] = []
        for other in self._returns_of(origin.id, stored=stored):
            if (other.intent is COST_TRANSFERRED) is passed and other.key < before and (passed or other.quantity):
                units = other.share or 0 if passed else abs(other.quantity)
                undone = [
                    each
                    for each in self._returns_of(other.id, stored=stored)
                    if (each.intent is COST_TRANSFERRED) is passed and each.key < before
                ]
                events += [(other.key, other.id, units), *((each.key, other.id, -units) for each in undone)]
        return sorted(events)

    def _returns_of(self, origin_id: int, *, stored: bool) -> list[ReplayedMove]:
        if not stored:
            return self.returns_of(origin_id)
        if origin_id not in self._stored_returns:
            linked = self.reader.rows("SELECT move_id FROM wares_move_link WHERE company_id = ? AND origin_id = ?", origin_id)
            self.moves({row[0] for row in linked} - self._known.keys())
            found = [move for row in linked if (move := self._known.get(row[0])) is not None and not move.is_new]
            self._stored_returns[origin_id] = sorted(found, key=lambda move: move.key)
        return self._stored_returns[origin_id]

    def _cost_of_units(self, origin: ReplayedMove, worth: int, before: Key, *, stored: bool = False) -> Callable[[int], int]:
        """Return the cost of the first so many units of a move that is worth `worth`, by the goods that came back before a
        moment."""
        whole = abs(origin.quantity)
        if not origin.short:
            return lambda units: share(worth, units, whole)
        costs, back = UnitCosts(whole), 0
        for key, _, units in self._events_of(origin, before, stored=stored):
            back += units
            if units > 0:
                costs.came_back(back, abs(self._worth_at(origin, key)))
        return lambda units: costs.upto(units, worth)

    # --- covers ---

    def _worth_at(self, origin: ReplayedMove, key: Key) -> int:
        """Return the value of a move for one at `key` that takes its value from it: later covers do not count yet."""
        if not origin.short:
            return origin.worth
        if origin.id not in self._stored_covers:
            self._stored_covers[origin.id] = [
                (layer_id, (at, sequence), difference)
                for layer_id, at, sequence, difference in self.reader.rows(
                    "SELECT c.layer_id, m.effective_at, m.sequence, c.estimate - c.value FROM wares_consumption c "
                    "JOIN wares_move m ON m.company_id = c.company_id AND m.move_id = c.layer_id "
                    "WHERE c.company_id = ? AND c.move_id = ? AND c.estimate IS NOT NULL",
                    origin.id,
                )
            ]
        stored = [
            difference
            for layer_id, of, difference in self._stored_covers[origin.id]
            if of >= key and (layer_id, origin.id) not in self.freed
        ]
        return origin.worth - sum(stored) - sum(difference for of, difference in self._covers[origin.id] if of >= key)

    def set_cover_aside(self, receipt: ReplayedMove, issue: ReplayedMove, difference: int) -> None:
        """Take a stored cover out of the value of its issue."""
        self.freed.add((receipt.id, issue.id))
        self.groups.revalue(issue, issue.worth - difference)

    def cover(self, receipt: ReplayedMove, issue: ReplayedMove, difference: int) -> None:
        """Add a cover that the replay found to the value of its issue."""
        self._covers[issue.id].append((receipt.key, difference))
        self.groups.revalue(issue, issue.worth + difference)

    # --- costs passed on ---

    def cost_passed_on(self, move: ReplayedMove, *, stored: bool = False) -> int:
        """Return the part of its origin's cost that a document passed on; for goods that came back, the part of the sale's cost.

        `stored`: by the goods that had come back before this recosting.
        """
        origin = self.move(move.origin_id or 0)
        if origin.intent is COST_TRANSFERRED:
            return -self.cost_passed_on(origin, stored=stored)
        sold, upto = origin, -origin.quantity
        if origin.quantity > 0:
            sold = self.move(origin.origin_id or 0)
            upto = sum(units for *_, units in self._events_of(sold, origin.key, stored=stored)) + origin.quantity
        worth_of = self._cost_of_units(sold, abs(sold.worth), END, stored=stored)
        whole = worth_of(upto)
        before, cost = taken(
            lambda units: whole - worth_of(upto - units), self._events_of(origin, move.key, passed=True, stored=stored)
        )
        cost = whole - worth_of(upto - before - (move.share or 0)) - cost
        return cost if origin.quantity < 0 else -cost

    def share_of_inputs(self, move: ReplayedMove) -> int:
        """Return an output's share of the issues of its group and of the costs absorbed beside them."""
        return self.groups.share_of_inputs(move)
