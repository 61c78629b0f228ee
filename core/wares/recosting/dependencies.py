"""What moves take their value from, and who takes it from them: groups (a build's issues and outputs) and origins (returns).

Both are read for whole pools at once, when a run begins or first asks, and not move by move. Of a group only the outputs are read
as moves; what its issues took out is one stored sum, which goes along with what the sweep finds them to be worth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wares.inventory.move import passed_on, taken
from wares.inventory.pools import VALUE, Key
from wares.model import OUTPUTS
from wares.recosting.moves import COLUMNS, COST_TRANSFERRED, ID, ReplayedMove, Row
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.values import share, split

TOGETHER = 20_000
"""Ids in one list."""


class Dependencies:
    """The moves of one sweep that others depend on. There is one `ReplayedMove` for each move, whoever asks."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.removed: set[int] = set()
        self._known: dict[int, ReplayedMove] = {}
        self._new: list[ReplayedMove] = []
        self._returns: dict[int, list[ReplayedMove]] = {}
        self._origins: set[int] = set()  # moves that those new with this sweep take their value from
        self.freed: set[tuple[int, int]] = set()  # receipt, issue: covers as stored that are set aside
        self._outputs: dict[int, list[ReplayedMove]] = {}
        self._inputs: dict[int, int] = defaultdict(int)  # group → what its issues are worth, signed as in their pools
        self._waiting: set[int] = set()  # documents whose groups are still to be read
        self._read: set[int] = set()

    # --- moves ---

    def add(self, fact: ReplayedMove) -> None:
        """A move that is new with this sweep."""
        self._known[fact.id] = fact
        self._new.append(fact)
        if fact.origin_id is not None:
            self._origins.add(fact.origin_id)
        if fact.group_id is not None:
            outputs = self._outputs.setdefault(fact.group_id, [])
            if fact.intent in OUTPUTS:
                outputs.append(fact)

    def known(self, row: Row) -> ReplayedMove:
        """The move of a row as read, from now on the same for whoever asks."""
        found = self._known.get(row[ID])
        if found is None:
            found = self._known[row[ID]] = ReplayedMove(*row)
        return found

    def in_passing(self, row: Row) -> ReplayedMove:
        """The same for a pool that is folded over it: what nobody can ask for again is not kept."""
        found = self._known.get(row[ID])
        if found is None:
            found = ReplayedMove(*row)
            if self.gives(found) or found.origin_id is not None or found.short or found.intent in OUTPUTS:
                self._known[found.id] = found
        return found

    def is_asked_for(self, move_id: int) -> bool:
        """Whether a stored move is known already, or one that is new with this sweep takes its value from it."""
        return move_id in self._known or move_id in self._origins

    def fact(self, move_id: int) -> ReplayedMove:
        """A move by its id."""
        return self._known.get(move_id) or self.facts([move_id])[0]

    def facts(self, move_ids: Iterable[int]) -> list[ReplayedMove]:
        """Standing moves by their ids."""
        return [self.known(row) for row in self._rows(COLUMNS, "m.move_id", sorted(move_ids))]

    def _rows(self, columns: str, among: str, ids: list[int], further: str = "") -> list[Row]:
        statement = f"SELECT {columns} FROM move m WHERE m.company_id = ? AND {self.reader.among(among)} AND {STANDING} {further}"
        rows: list[Row] = []
        for start in range(0, len(ids), TOGETHER):
            rows += self.reader.rows(statement, self.reader.listed(ids[start : start + TOGETHER]))
        return rows

    def know(self, facts: Iterable[ReplayedMove]) -> None:
        """A pool is to be folded over these moves: read who takes value from them, and from whom they take it."""
        wanted: set[int] = set()
        for fact in facts:
            if fact.group_id is not None:
                self._waiting.add(fact.document_id)
            if self.gives(fact):
                wanted.add(fact.id)
            if fact.origin_id is not None:
                wanted.add(fact.origin_id)
        wanted -= self._returns.keys()
        links: dict[int, list[int]] = {origin_id: [] for origin_id in wanted}
        ids = sorted(wanted)
        for start in range(0, len(ids), TOGETHER):
            for origin_id, move_id in self.reader.rows(
                f"SELECT origin_id, move_id FROM move_link WHERE company_id = ? AND {self.reader.among('origin_id')}",
                self.reader.listed(ids[start : start + TOGETHER]),
            ):
                links[origin_id].append(move_id)
        self.facts({move_id for origin_id, group in links.items() for move_id in (origin_id, *group)} - self._known.keys())
        for origin_id, group in links.items():
            self._set_returns(origin_id, group)

    # --- origins ---

    def gives(self, fact: ReplayedMove) -> bool:
        """Whether others take their value from this move."""
        return fact.linked or fact.id in self._origins

    def returns_of(self, origin_id: int) -> list[ReplayedMove]:
        """The moves that take a share of a move's value, in effective order."""
        origin = self._known.get(origin_id)
        if origin is not None and not self.gives(origin):
            return []
        if origin_id not in self._returns:
            linked = self.reader.rows("SELECT move_id FROM move_link WHERE company_id = ? AND origin_id = ?", origin_id)
            self.facts({row[0] for row in linked} - self._known.keys())
            self._set_returns(origin_id, [row[0] for row in linked])
        return self._returns[origin_id]

    def _set_returns(self, origin_id: int, move_ids: Iterable[int]) -> None:
        stored = [fact for move_id in move_ids if (fact := self._known.get(move_id)) is not None]
        new = [fact for fact in self._new if fact.origin_id == origin_id]
        standing = [fact for fact in (*stored, *new) if fact.id not in self.removed]
        self._returns[origin_id] = sorted(standing, key=lambda fact: fact.key)

    def share_of_origin(self, fact: ReplayedMove) -> int:
        """What a return takes of what its origin is worth, cumulatively rounded over those before it that stand."""
        origin = self.fact(fact.origin_id or 0)
        worth, whole = abs(self._worth(origin, fact)), abs(origin.quantity)
        quantity, value = taken(lambda units: share(worth, units, whole), self._events_of(origin, fact.key))
        return share(worth, quantity + abs(fact.quantity), whole) - value

    def _events_of(self, origin: ReplayedMove, before: Key, *, passed: bool = False) -> list[tuple[int, int]]:
        """What took some of a move back before a moment (or passed its cost on), and what of that was undone by then."""
        events: list[tuple[Key, int, int]] = []
        for other in self.returns_of(origin.id):
            if (other.intent is COST_TRANSFERRED) is passed and other.key < before and (passed or other.quantity):
                units = other.share or 0 if passed else abs(other.quantity)
                undone = [
                    each for each in self.returns_of(other.id) if (each.intent is COST_TRANSFERRED) is passed and each.key < before
                ]
                events += [(other.key, other.id, units), *((each.key, other.id, -units) for each in undone)]
        return [(move_id, units) for _, move_id, units in sorted(events)]

    def _worth(self, origin: ReplayedMove, to: ReplayedMove) -> int:
        """What a move is worth to one that takes its value from it: at another location, which is a pool of its own, a cover later
        than that one does not count yet."""
        if not origin.short or origin.pool_id == to.pool_id:
            return origin.worth
        covers = self.reader.rows(
            "SELECT c.layer_id, c.estimate - c.value FROM consumption c JOIN move m ON m.company_id = c.company_id "
            "AND m.move_id = c.layer_id WHERE c.company_id = ? AND c.move_id = ? AND c.estimate IS NOT NULL "
            "AND (m.effective_at, m.sequence) > (?, ?)",
            origin.id,
            *to.key,
        )
        later: int = sum(difference for layer_id, difference in covers if (layer_id, origin.id) not in self.freed)
        return origin.worth - later

    def passed_on(self, fact: ReplayedMove) -> int:
        """What part of its origin's cost a document passed on; of goods that came back, what part of that of those sold."""
        origin = self.fact(fact.origin_id or 0)
        if origin.intent is COST_TRANSFERRED:
            return -self.passed_on(origin)
        sold, upto = origin, -origin.quantity
        if origin.quantity > 0:
            sold = self.fact(origin.origin_id or 0)
            upto = sum(units for _, units in self._events_of(sold, origin.key)) + origin.quantity
        worth, whole = abs(self._worth(sold, fact)), abs(sold.quantity)
        before, cost = taken(lambda units: passed_on(worth, whole, upto, units), self._events_of(origin, fact.key, passed=True))
        cost = passed_on(worth, whole, upto, before + (fact.share or 0)) - cost
        return cost if origin.quantity < 0 else -cost

    # --- groups ---

    def outputs_of(self, fact: ReplayedMove) -> list[ReplayedMove]:
        """What came in at the cost of the issues of the move's group, in effective order; empty without a group."""
        if fact.group_id is None:
            return []
        if fact.group_id not in self._outputs:
            self._read_groups(fact)
        return self._outputs[fact.group_id]

    def share_of_inputs(self, fact: ReplayedMove) -> int:
        """What an output takes of what the issues of its group took out and of what was absorbed beside them."""
        outputs = self.outputs_of(fact)
        total = sum(output.stated or 0 for output in outputs) - self._inputs[fact.group_id or 0]
        return split(total, [output.share or 0 for output in outputs])[outputs.index(fact)]

    def revalue(self, fact: ReplayedMove, worth: int) -> None:
        """The move is worth something else from this point of the sweep on."""
        if fact.group_id is not None and fact.intent not in OUTPUTS:
            self._inputs[fact.group_id] += worth - fact.worth
        fact.worth = worth

    def _read_groups(self, asked: ReplayedMove) -> None:
        """Every group of the documents that were waiting, the asked one among them."""
        documents = sorted((self._waiting | {asked.document_id}) - self._read)
        self._waiting.clear()
        self._read.update(documents)
        outputs = ", ".join(str(int(intent)) for intent in sorted(OUTPUTS))
        issues = f"AND m.group_id IS NOT NULL AND m.intent NOT IN ({outputs})"
        for group_id, value in self._rows(f"m.group_id, {VALUE}", "m.document_id", documents, issues):
            self._inputs[group_id] += value
            self._outputs.setdefault(group_id, [])
        rows = self._rows(COLUMNS, "m.document_id", documents, f"AND m.intent IN ({outputs})")
        for fact in sorted(map(self.known, rows), key=lambda fact: fact.key):
            if fact.group_id is not None and fact.id not in self.removed:
                self._outputs.setdefault(fact.group_id, []).append(fact)
