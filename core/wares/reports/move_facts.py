"""The facts behind the value of moves, read for many moves at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from wares.costing.method import CostMethod
from wares.model import GOODS_AT_ORIGIN_COST, Intent
from wares.reports.composition import RemainingPart
from wares.reports.poolhistory import PoolHistory
from wares.storage.tables import STANDING
from wares.storage.unit import Reader

_MOVE = (
    "SELECT m.move_id, m.document_id, m.line_id, m.pool_id, m.item_id, m.quantity, m.effective_at, m.sequence, m.intent, m.stated, "
    "m.origin_id, m.group_id, d.number, d.type, i.sku, (SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM wares_valuation v "
    "WHERE v.company_id = m.company_id AND v.move_id = m.move_id) FROM wares_move m "
    "JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
    "JOIN wares_item i ON i.company_id = m.company_id AND i.item_id = m.item_id "
    f"WHERE m.company_id = ? AND {STANDING} AND "
)


class Move(NamedTuple):
    """A standing move with its present value."""

    id: int
    document_id: int
    line_id: int
    pool_id: int
    item_id: int
    quantity: int
    at: int
    sequence: int
    intent: int
    stated: int | None
    origin_id: int | None
    group_id: int | None
    document: str
    type: str
    sku: str
    value: int


class Taken(NamedTuple):
    """Goods that an issue took from the layers of one receipt."""

    receipt_id: int
    quantity: int
    value: int


class Addition(NamedTuple):
    """An amount that a bill, a rebate or landed cost added to the value of a receipt."""

    document: str
    type: str
    kind: str
    amount: int


class MoveFacts:
    """Reads what explains the value of moves. Facts of announced moves are read with one query for each kind of fact."""

    def __init__(self, reader: Reader, methods: Mapping[str, CostMethod]) -> None:
        self._reader = reader
        self._methods = methods
        self._moves: dict[int, Move] = {}
        self._pooled: dict[int, bool] = {}
        self._taken: dict[int, list[Taken]] = {}
        self._additions: dict[int, list[Addition]] = {}
        self._histories: dict[int, PoolHistory] = {}

    def announce(self, moves: Collection[Move]) -> None:
        """Read the facts of these moves; the history of each pool that is valued as a whole is walked once for all of them."""
        self._learn_pools({move.pool_id for move in moves})
        issues = [move for move in moves if move.quantity < 0]
        self._read_taken([move.id for move in issues if not self.is_pooled(move.pool_id)])
        self._read_additions([move.id for move in moves if move.quantity >= 0 and move.intent == Intent.STATED])
        receipts = [taken.receipt_id for move in issues for taken in self._taken.get(move.id, ())]
        origins = [move.origin_id for move in moves if move.intent in GOODS_AT_ORIGIN_COST and move.origin_id is not None]
        self.need([*receipts, *origins])
        for move in issues:
            if self.is_pooled(move.pool_id):
                self._history(move.pool_id).announce((move.at, move.sequence))

    def read(self, condition: str, *parameters: object) -> list[Move]:
        """Return the moves that satisfy a condition in SQL."""
        moves = [Move(*row) for row in self._reader.rows(_MOVE + condition, *parameters)]
        self._moves.update((move.id, move) for move in moves)
        return moves

    def need(self, ids: Iterable[int]) -> None:
        """Read those of the moves that are not known yet, in at most one query."""
        missing = sorted(set(ids) - self._moves.keys())
        if missing:
            self.read(self._reader.among("m.move_id"), self._reader.listed(missing))

    def known(self, move_id: int) -> Move:
        """Return a move that was read."""
        return self._moves[move_id]

    def move(self, move_id: int) -> Move | None:
        """Return the move, or None if it does not stand."""
        self.need([move_id])
        return self._moves.get(move_id)

    def is_pooled(self, pool_id: int) -> bool:
        """True if the pool is valued as a whole, and not by its layers."""
        if pool_id not in self._pooled:
            self._learn_pools([pool_id])
        return self._pooled[pool_id]

    def taken(self, move: Move) -> list[Taken]:
        """Return the goods that an issue took, by receipt. The receipt of a layer that a transfer brought is in the other pool."""
        if move.id not in self._taken:
            self._read_taken([move.id])
        return self._taken[move.id]

    def additions(self, move: Move) -> list[Addition]:
        """Return the amounts that later documents added to a receipt, in their order."""
        if move.id not in self._additions:
            self._read_additions([move.id])
        return self._additions[move.id]

    def composition_before(self, move: Move) -> list[RemainingPart]:
        """Return the remainders in a pool that is valued as a whole just before an issue."""
        return self._history(move.pool_id).before((move.at, move.sequence))

    def _history(self, pool_id: int) -> PoolHistory:
        if pool_id not in self._histories:
            self._histories[pool_id] = PoolHistory(self._reader, pool_id)
        return self._histories[pool_id]

    def _learn_pools(self, ids: Collection[int]) -> None:
        missing = sorted(set(ids) - self._pooled.keys())
        if not missing:
            return
        self._pooled.update(dict.fromkeys(missing, False))
        statement = f"SELECT pool_id, method FROM wares_pool WHERE company_id = ? AND {self._reader.among('pool_id')}"
        for pool_id, key in self._reader.rows(statement, self._reader.listed(missing)):
            method = self._methods.get(key)
            self._pooled[pool_id] = method is not None and not method.layered

    def _read_taken(self, ids: Collection[int]) -> None:
        missing = sorted(set(ids) - self._taken.keys())
        if not missing:
            return
        found: dict[int, list[Taken]] = defaultdict(list)
        statement = (
            "SELECT c.move_id, l.source_id, CAST(SUM(c.quantity) AS BIGINT), CAST(SUM(c.value) AS BIGINT) FROM wares_consumption c "
            "JOIN wares_move m ON m.company_id = c.company_id AND m.move_id = c.move_id "
            "JOIN wares_layer l ON l.company_id = c.company_id AND l.layer_id = c.layer_id AND l.pool_id = m.pool_id "
            f"WHERE c.company_id = ? AND {self._reader.among('c.move_id')} GROUP BY c.move_id, l.source_id"
        )
        for move_id, *taken in self._reader.rows(statement, self._reader.listed(missing)):
            found[move_id].append(Taken(*taken))
        self._taken.update((move_id, found[move_id]) for move_id in missing)

    def _read_additions(self, ids: Collection[int]) -> None:
        missing = sorted(set(ids) - self._additions.keys())
        if not missing:
            return
        found: dict[int, list[Addition]] = defaultdict(list)
        statement = (
            "SELECT f.move_id, d.number, d.type, f.kind, CAST(SUM(f.amount) AS BIGINT) FROM wares_value_fact f "
            "JOIN wares_document d ON d.company_id = f.company_id AND d.document_id = f.document_id "
            f"WHERE f.company_id = ? AND {self._reader.among('f.move_id')} AND f.annulled = 0 "
            "GROUP BY f.move_id, d.number, d.type, f.kind ORDER BY MIN(f.fact_id)"
        )
        for move_id, *addition in self._reader.rows(statement, self._reader.listed(missing)):
            found[move_id].append(Addition(*addition))
        self._additions.update((move_id, found[move_id]) for move_id in missing)
