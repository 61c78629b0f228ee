"""Costing a document that comes after everything its pools hold: each move is folded at the end of its pool.

`check_stock` is what can refuse it; `cost` values the moves. What fails halfway rolls every pool back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from wares.costing.fold import Folded, fold_move, fold_value, unfit_revaluation
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.errors import Issue, Refused
from wares.inventory.move import NewMove, passed_on, share_of_inputs
from wares.inventory.pool import Pool
from wares.inventory.working_set import WorkingSet
from wares.model import OUTPUTS, VALUE_ONLY, FoldMove, Intent, Line, OriginMove, PlannedMove, TransferredLayer
from wares.recosting import Changes, OfPool
from wares.values import extend, share, unscaled

Lines = Mapping[str, Line]


class Held(NamedTuple):
    """What places hold after a document: (item, location) → on hand, and (pool, location) → on hand of a lot."""

    on_hand: dict[tuple[int, int], int]
    of_lots: dict[tuple[int, int], int]


def check_stock(ws: WorkingSet, moves: Sequence[NewMove], lines: Lines) -> Held:
    """Refuse what the places and lots do not hold, the moves counting in their order; what the places hold afterwards.

    Counts get their quantity here: what was found less what the books say.
    """
    now, in_lot = Held({}, {})
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
        if move.quantity < 0 and not move.short and (held + move.quantity < 0 or in_pool[pool.id] < 0):
            others = [
                other.lot for other in ws.pools.of_item(planned.item.id) if other.lot != pool.lot and other.state.quantity > 0
            ]
            issues.append(_short(planned, min(held, pool_held) if pool.lot else held, pool.lot, lines, others))
    if issues:
        raise Refused(issues)
    return Held(now, in_lot)


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
        self.marks: dict[int, tuple[Pool, Any, str]] = {}
        self.folded: list[tuple[NewMove, Folded]] = []
        self._returned: dict[int, int] = {}
        self._passed: dict[int, int] = {}

    def cost(self, moves: Sequence[NewMove]) -> None:
        """Value every move. The caller rolls back on any error, and writes consumptions when all is well."""
        for move in moves:
            intent = move.planned.intent
            if intent is Intent.COST_TRANSFERRED:
                self._pass_on(move)
            elif intent in VALUE_ONLY:
                self._revalue(move)
            elif intent is not Intent.QUANTITY_ONLY and move.quantity:
                self._fold(move, moves)

    def rollback(self) -> None:
        """Put every pool back to where it stood."""
        for pool, mark, method in reversed(self.marks.values()):
            pool.state.rollback(mark)
            pool.method = method

    def write(self) -> None:
        """Consumptions and covers of what was folded."""
        for move, folded in self.folded:
            if folded.taken or folded.covers:
                self.ws.add_consumption(move.id, folded)

    @property
    def covers(self) -> set[int]:
        """The issues of goods that came in now."""
        return {cover.move_id for _, folded in self.folded for cover in folded.covers}

    def covered(self) -> Changes:
        """What covers changed in earlier issues. Their moves are read, so the batch has been flushed."""
        covers = self.covers
        changes = Changes()
        unit = self.ws.unit
        rows = unit.rows(
            "SELECT move_id, document_id, date, location_id, counter_id FROM move "
            f"WHERE company_id = ? AND {unit.among('move_id')}",
            unit.listed(sorted(covers)),
        ) if covers else []  # fmt: skip
        issues = {row[0]: row[1:] for row in rows}
        for move, folded in self.folded:
            for cover in folded.covers:
                document_id, day, location_id, counter_id = issues[cover.move_id]
                difference = cover.estimate - cover.value
                if difference:
                    changes.pools[move.pool.id] = OfPool(move.pool.item_id, move.pool.account_id)
                    changes.repeated.add(cover.move_id)
                    changes.add(cover.move_id, document_id, move.day, day, location_id, move.pool.id, counter_id, difference)
        return changes

    def _mark(self, pool: Pool) -> PoolState:
        if pool.id not in self.marks:
            self.marks[pool.id] = (pool, pool.state.mark(), pool.method)
        return pool.state

    def _fold(self, move: NewMove, moves: Sequence[NewMove]) -> None:
        pool = move.pool
        state = self._mark(pool)
        value, layer = self._outside(move, moves)
        carried = self._carried(move) if move.planned.intent is Intent.TRANSFER_IN else ()
        folding = FoldMove(move.id, move.quantity, value, move.at, move.sequence, layer, carried)
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
        """No value of its own: what part of an issue's cost goes from its counter account to another."""
        origin, part = self.find_origin(move.planned.origin or 0), move.planned.share
        before, whole = self._passed.get(origin.id, origin.passed_on), abs(origin.quantity)
        self._passed[origin.id] = before + part
        move.variance = passed_on(origin.value, whole, whole - before, part)

    def _outside(self, move: NewMove, moves: Sequence[NewMove]) -> tuple[int | None, int | None]:
        """The value that comes from outside the pool, and the layer that goods going back should leave first."""
        planned, intent = move.planned, move.planned.intent
        if intent is Intent.BY_METHOD:
            return None, None
        if intent is Intent.TRANSFER_OUT:
            return None, planned.origin
        if intent is Intent.STATED:
            self._require_cost(move)
            return planned.stated or 0, None
        if intent in OUTPUTS:
            return share_of_inputs(move, moves), None
        if intent is Intent.AT_ISSUE_COST or intent is Intent.AT_RECEIPT_COST:
            return self._share_of_origin(move)
        if move.quantity < 0:  # a count that found less
            return None, None
        return self._unit_worth(move), None

    def _carried(self, move: NewMove) -> tuple[TransferredLayer, ...]:
        """The layers that the other leg of the transfer took."""
        other, folded = next(each for each in reversed(self.folded) if each[0].group_id == move.group_id)
        return other.pool.state.carried(folded.taken)

    def _require_cost(self, move: NewMove) -> None:
        if (move.planned.stated or 0) < 0:
            line, sku = self.lines.get(move.planned.line), move.planned.item.sku
            path = line.path if line is not None else ""
            hint = "lower what is taken off its cost"
            raise Refused.because("BELOW_ZERO", f"{sku} would be received for less than nothing", path=path, hint=hint)

    def _share_of_origin(self, move: NewMove) -> tuple[int, int]:
        origin = self.find_origin(move.planned.origin or 0)
        before, whole = self._returned.get(origin.id, origin.taken_back), abs(origin.quantity)
        upto = self._returned[origin.id] = before + abs(move.quantity)
        value = share(origin.value, upto, whole) - share(origin.value, before, whole)
        return value, origin.id

    def _unit_worth(self, move: NewMove) -> int:
        """Goods without a price: the stated unit cost, else the pool's unit value, else the last known, else the item's cost."""
        planned, state = move.planned, move.pool.state
        if planned.stated is not None:
            return extend(move.quantity, planned.stated, state.decimals)
        value = state.unit_value(move.quantity, planned.item.cost, state.decimals)
        if value is None:
            line = self.lines.get(planned.line)
            raise Refused.because(
                "NO_COST",
                f"nothing says what {planned.item.sku} costs",
                path=f"{line.path}.unit_cost" if line is not None else "",
                hint="give unit_cost (0 is a cost)",
            )
        return value


def refuse_empty_revaluation(state: PoolState, method: CostMethod, planned: PlannedMove, line: Line | None) -> None:
    """Refused where `unfit_revaluation` finds something."""
    issue = unfit_revaluation(state, method, planned.intent, planned.stated or 0, planned.item.sku)
    if issue is not None:
        raise Refused([replace(issue, path=line.path if line is not None else "")])
