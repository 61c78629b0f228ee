"""The cost of a document that comes after everything its pools hold: each move is folded at the end of its pool.

`check_stock` refuses a shortage; `AppendCosting.cost` values the moves. The caller rolls every pool back where that fails halfway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, NoReturn

from wares.costing.fold import Folded, fold_move, fold_value, unfit_revaluation
from wares.costing.method import CostMethod
from wares.costing.pool import Mark, PoolState
from wares.errors import Issue, Refused
from wares.inventory.move import NewMove, share_of_inputs
from wares.inventory.outside_value import BY_COST_METHOD, OutsideValue, below_zero_issue, no_cost_issue, outside_value
from wares.inventory.pool import Pool
from wares.inventory.working_set import WorkingSet
from wares.model import VALUE_ONLY, FoldMove, Intent, Line, OriginMove, PlannedMove, TransferredLayer
from wares.recosting import ChangedPool, Changes
from wares.values import share, unscaled

Lines = Mapping[str, Line]


class StockAfter(NamedTuple):
    """The quantities on hand after a document, of the places and lots that it moves."""

    on_hand: dict[tuple[int, int], int]  # (item, location) → millionths
    of_lots: dict[tuple[int, int], int]  # (pool, location) → millionths of the pool's lot


class _PoolMark(NamedTuple):
    """A pool as it stood before the document."""

    pool: Pool
    state: Mark
    method: str


_pool_mark = partial(tuple.__new__, _PoolMark)


def check_stock(ws: WorkingSet, moves: Sequence[NewMove], lines: Lines) -> StockAfter:
    """Refuse moves that their place or lot does not hold, in their order, and return the quantities after them.

    A count gets its quantity here: the counted quantity less that of the books.
    """
    now, in_lot = StockAfter({}, {})
    in_pool: dict[int, int] = {}
    issues: list[Issue] = []
    for move in moves:
        planned, pool = move.planned, move.pool
        place = (planned.item.id, planned.location.id)
        all_held = now.get(place)
        held = all_held = ws.pools.on_hand.get(place, 0) if all_held is None else all_held
        if pool.lot:
            of_lot = (pool.id, planned.location.id)
            found = in_lot.get(of_lot)
            held = ws.pools.lot_on_hand.get(of_lot, 0) if found is None else found
        if planned.intent is Intent.COUNTED:
            move.quantity = (planned.counted or 0) - held
        now[place] = all_held + move.quantity
        if pool.lot:
            in_lot[of_lot] = held + move.quantity
        pool_held = in_pool.get(pool.id, pool.state.quantity)
        in_pool[pool.id] = pool_held + (0 if planned.intent is Intent.QUANTITY_ONLY else move.quantity)
        in_place = planned.intent is Intent.QUANTITY_ONLY  # the pool may owe goods at another place
        if move.quantity < 0 and not move.short and (held + move.quantity < 0 or (in_pool[pool.id] < 0 and not in_place)):
            others = [
                other.lot for other in ws.pools.of_item(planned.item.id) if other.lot != pool.lot and other.state.quantity > 0
            ]
            issues.append(_short(planned, min(held, pool_held) if pool.lot else held, pool.lot, lines, others))
    if issues:
        raise Refused(issues)
    return StockAfter(now, in_lot)


def _short(planned: PlannedMove, held: int, lot: str, lines: Lines, other_lots: Iterable[str]) -> Issue:
    line = lines.get(planned.line)
    of = f" of lot {lot}" if lot else ""
    others = ", ".join(sorted(set(other_lots))[:10])
    return Issue(
        "INSUFFICIENT_STOCK",
        f"{planned.item.sku}{of} at {planned.location.code} has {unscaled(held)}, {unscaled(-planned.quantity)} needed",
        path=line.path if line is not None else "",
        hint=f"name another lot for the rest: {others}" if others else "receive or count it first, or lower the quantity",
    )


class AppendCosting:
    """The costing of one document at the end of its pools."""

    def __init__(
        self, ws: WorkingSet, methods: Mapping[str, CostMethod], lines: Lines, find_origin: Callable[[int], OriginMove]
    ) -> None:
        self.ws = ws
        self.methods = methods
        self.lines = lines
        self.find_origin = find_origin
        self.marks: dict[int, _PoolMark] = {}
        self.folded: list[tuple[NewMove, Folded]] = []
        self._moves: Sequence[NewMove] = ()
        self._taken_back: dict[int, int] = {}  # origin → its quantity that goods took back so far
        self._passed_on: dict[int, int] = {}  # origin → its quantity whose cost was passed on so far

    def cost(self, moves: Sequence[NewMove]) -> None:
        """Value every move. The caller rolls back on any error, and writes the consumptions when all is well."""
        self._moves = moves
        for move in moves:
            intent = move.planned.intent
            if intent is Intent.COST_TRANSFERRED:
                self._pass_on(move)
            elif intent in VALUE_ONLY:
                self._revalue(move)
            elif intent is not Intent.QUANTITY_ONLY and move.quantity:
                self._fold(move)

    def rollback(self) -> None:
        """Put every pool back as it stood before the document."""
        for mark in reversed(self.marks.values()):
            mark.pool.state.rollback(mark.state)
            mark.pool.method = mark.method

    def write(self) -> None:
        """Write the consumptions and covers of the folded moves."""
        for move, folded in self.folded:
            if folded.taken or folded.covers:
                self.ws.add_consumption(move.id, folded)

    @property
    def covers(self) -> set[int]:
        """The earlier issues that receipts of the document cover."""
        return {cover.move_id for _, folded in self.folded for cover in folded.covers}

    def covered(self) -> Changes:
        """Return the changes of earlier issues by covers. Reads the issues' moves, so the batch has been flushed."""
        covers = self.covers
        changes = Changes()
        unit = self.ws.unit
        rows = unit.rows(
            "SELECT move_id, document_id, date, location_id, counter_id FROM wares_move "
            f"WHERE company_id = ? AND {unit.among('move_id')}",
            unit.listed(sorted(covers)),
        ) if covers else []  # fmt: skip
        issues = {row[0]: row[1:] for row in rows}
        for move, folded in self.folded:
            for cover in folded.covers:
                document_id, day, location_id, counter_id = issues[cover.move_id]
                difference = cover.estimate - cover.value
                if difference:
                    changes.pools[move.pool.id] = ChangedPool(move.pool.item_id, move.pool.account_id)
                    changes.repeated.add(cover.move_id)
                    changes.add(cover.move_id, document_id, move.day, day, location_id, move.pool.id, counter_id, difference)
        return changes

    def _mark(self, pool: Pool) -> PoolState:
        if pool.id not in self.marks:
            self.marks[pool.id] = _pool_mark((pool, pool.state.mark(), pool.method))
        return pool.state

    def _fold(self, move: NewMove) -> None:
        pool = move.pool
        state = self._mark(pool)
        value, layer, unit = BY_COST_METHOD if move.planned.intent is Intent.BY_METHOD else self._outside_value(move)
        carried = self._transferred(move) if move.planned.intent is Intent.TRANSFER_IN else ()
        folding = FoldMove(move.id, move.quantity, value, move.at, move.sequence, layer, carried, unit)
        folded = fold_move(self.methods[pool.method], state, folding, move.short, move.planned.item.cost)
        move.value, move.variance = folded.value, folded.variance
        self.folded.append((move, folded))

    def _revalue(self, move: NewMove) -> None:
        pool, planned = move.pool, move.planned
        state = self._mark(pool)
        line = self.lines.get(planned.line)
        if planned.intent is not Intent.METHOD_CHANGED:
            refuse_empty_revaluation(state, self.methods[pool.method], planned, line)
        stated = planned.stated or 0
        move.value, pool.method = fold_value(self.methods, pool.method, state, planned.intent, stated, planned.method)

    def _pass_on(self, move: NewMove) -> None:
        """Give a move without value its variance: the part of an issue's cost that goes from its counter account to another.

        It is counted from the end and returned goods from the beginning, so that both together take the whole cost to the cent.
        """
        origin, part = self.find_origin(move.planned.origin or 0), move.planned.share
        before, whole = self._passed_on.get(origin.id, origin.passed_on), abs(origin.quantity)
        self._passed_on[origin.id] = before + part
        move.variance = share(origin.value, whole - before, whole) - share(origin.value, whole - before - part, whole)

    def _transferred(self, move: NewMove) -> tuple[TransferredLayer, ...]:
        """Return the layers that the other leg of the transfer took."""
        other, folded = next(each for each in reversed(self.folded) if each[0].group_id == move.group_id)
        return other.pool.state.carried(folded.taken)

    # --- the value that comes from outside the pool ---

    def _outside_value(self, move: NewMove) -> OutsideValue:
        planned = move.planned
        return outside_value(
            move,
            move.pool.state,
            method=self.methods[move.pool.method],
            intent=planned.intent,
            quantity=move.quantity,
            stated=planned.stated,
            origin_id=planned.origin,
            fallback=planned.item.cost,
            shares=self,
            refusals=self,
        )

    def share_of_inputs(self, move: NewMove) -> int:
        """Return an output's share of the issues of its group and of the costs absorbed beside them."""
        return share_of_inputs(move, self._moves)

    def share_of_origin(self, move: NewMove) -> int:
        """Return a move's share of the value of its origin, cumulatively rounded over the moves before it."""
        origin = self.find_origin(move.planned.origin or 0)
        before, whole = self._taken_back.get(origin.id, origin.taken_back), abs(origin.quantity)
        upto = self._taken_back[origin.id] = before + abs(move.quantity)
        return share(origin.value, upto, whole) - share(origin.value, before, whole)

    def below_zero(self, move: NewMove) -> NoReturn:
        """Raise BELOW_ZERO at the move's line."""
        raise Refused([below_zero_issue(move.planned.item.sku, path=self._path(move))])

    def no_cost(self, move: NewMove) -> NoReturn:
        """Raise NO_COST at the move's line."""
        raise Refused([no_cost_issue(move.planned.item.sku, line_path=self._path(move))])

    def _path(self, move: NewMove) -> str:
        line = self.lines.get(move.planned.line)
        return line.path if line is not None else ""


def refuse_empty_revaluation(state: PoolState, method: CostMethod, planned: PlannedMove, line: Line | None) -> None:
    """Raise Refused where a revaluation finds nothing to act on (`unfit_revaluation`)."""
    issue = unfit_revaluation(state, method, planned.intent, planned.stated or 0, planned.item.sku)
    if issue is not None:
        raise Refused([replace(issue, path=line.path if line is not None else "")])
