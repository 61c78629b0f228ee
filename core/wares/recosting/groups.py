"""The groups of moves in which outputs take their value from issues (a build).

Of a group only the outputs are read as moves; the value of its issues is one stored sum, which `revalue` keeps in step with the
replay. The groups of a document are read together, when the first is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Protocol

from wares.inventory.pools import VALUE
from wares.model import OUTPUTS
from wares.recosting.moves import COLUMNS, ReplayedMove, StoredMove
from wares.storage.statements import SqlRow
from wares.values import split


class Moves(Protocol):
    """The moves of one recosting, as `Dependencies` keeps them."""

    removed: set[int]

    def known(self, row: StoredMove) -> ReplayedMove:
        """Return the move of a row, the same object for every caller."""
        ...

    def rows_among(self, columns: str, among: str, ids: list[int], further: str = "") -> list[SqlRow]:
        """Return columns of the standing moves of which one column is among the ids."""
        ...


class Groups:
    """The groups that one recosting has read."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._outputs: dict[int, list[ReplayedMove]] = {}
        self._inputs: dict[int, int] = defaultdict(int)  # group → the value of its issues, signed as in their pools
        self._waiting: set[int] = set()  # documents whose groups are not read yet
        self._read: set[int] = set()

    def add(self, move: ReplayedMove) -> None:
        """Add a new move, if it belongs to a group."""
        if move.group_id is not None:
            outputs = self._outputs.setdefault(move.group_id, [])
            if move.intent in OUTPUTS:
                outputs.append(move)

    def expect(self, move: ReplayedMove) -> None:
        """Read the groups of a move's document together with the next group that is asked for."""
        self._waiting.add(move.document_id)

    def outputs_of(self, move: ReplayedMove) -> list[ReplayedMove]:
        """Return the outputs of a move's group, in effective order; empty without a group."""
        if move.group_id is None:
            return []
        if move.group_id not in self._outputs:
            self._read_groups(move)
        return self._outputs[move.group_id]

    def share_of_inputs(self, move: ReplayedMove) -> int:
        """Return an output's share of the issues of its group and of the costs absorbed beside them."""
        outputs = self.outputs_of(move)
        total = sum(output.stated or 0 for output in outputs) - self._inputs[move.group_id or 0]
        return split(total, [output.share or 0 for output in outputs])[outputs.index(move)]

    def revalue(self, move: ReplayedMove, worth: int) -> None:
        """Set the value that a move has from this point of the replay on."""
        if move.group_id is not None and move.intent not in OUTPUTS:
            self._inputs[move.group_id] += worth - move.worth
        move.worth = worth

    def _read_groups(self, asked: ReplayedMove) -> None:
        """Read every group of the waiting documents and of the asked one."""
        documents = sorted((self._waiting | {asked.document_id}) - self._read)
        self._waiting.clear()
        self._read.update(documents)
        outputs = ", ".join(str(int(intent)) for intent in sorted(OUTPUTS))
        issues = f"AND m.group_id IS NOT NULL AND m.intent NOT IN ({outputs})"
        for group_id, value in self._moves.rows_among(f"m.group_id, {VALUE}", "m.document_id", documents, issues):
            self._inputs[group_id] += value
            self._outputs.setdefault(group_id, [])
        rows = self._moves.rows_among(COLUMNS, "m.document_id", documents, f"AND m.intent IN ({outputs})")
        for move in sorted((self._moves.known(row) for row in rows), key=lambda move: move.key):
            if move.group_id is not None and move.id not in self._moves.removed:
                self._outputs.setdefault(move.group_id, []).append(move)
