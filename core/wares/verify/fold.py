"""I6: an independent replay of every pool from its first move, compared with the stored values.

Moves stream in effective order for the whole company, so that the source of a move's value is folded before it: the origin of a
return, the components of a build. The replay uses only stored facts and the registered cost methods. Its memory holds the open
layers of each pool, one figure for each move with returns, and the issues of some thousand lines: plain issues that nothing refers
to wait until something else happens to their pool, and are folded together.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from wares.costing.fold import Folded, fold_issues, fold_move, fold_value
from wares.errors import Refused
from wares.model import GOODS_AT_ORIGIN_COST, OUTPUTS, VALUE_ONLY, FoldMove, Intent, NegativeStock, TransferredLayer, UnitValue
from wares.storage.statements import SqlRow
from wares.storage.tables import OF_TOTALS_MOVES
from wares.storage.unit import Reader
from wares.values import extend, split, unscaled
from wares.verify.finding import Finding, amount, move_name, pool_name
from wares.verify.folded import LAYERS, MOVES, POOLS, Broken, FoldedOrigin, FoldedPool, Stored, plain_issue

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

MOST_WAITING = 20_000
"""Plain issues that wait to be folded."""
_UNFOLDABLE = (AssertionError, ArithmeticError, LookupError, RuntimeError, StopIteration, Refused)


def fresh_fold(reader: Reader, registry: Registry) -> Finding:
    """I6: the valuation rows of each move sum to its value in a fresh fold; pools and open layers equal those at the fold's end."""
    replay = _Replay(reader, registry)
    try:
        replay.run()
    except Broken as broken:
        return Finding(replay.examined, str(broken), replay.not_checked)
    return Finding(replay.examined, None, replay.not_checked)


class _Replay:
    def __init__(self, reader: Reader, registry: Registry) -> None:
        self.reader = reader
        self.decimals = reader.decimals
        self.examined = 0
        self.methods = registry.cost_methods
        missing = self._missing_methods()
        self.pools = {
            pool_id: FoldedPool(self.methods, row, checked=pool_id not in missing, decimals=self.decimals)
            for pool_id, *rest in reader.rows(POOLS) if (row := tuple(rest))
        }  # fmt: skip
        self.not_checked = tuple(
            f"{pool_name(reader, pool_id)}: the cost method {method!r} is not installed" for pool_id, method in missing.items()
        )
        self.origins: dict[int, FoldedOrigin | None] = {
            origin_id: None for (origin_id,) in reader.stream("SELECT DISTINCT origin_id FROM wares_move_link WHERE company_id = ?")
        }
        self.undone = {document_id for (document_id,) in reader.rows(
            "SELECT document_id FROM wares_document WHERE company_id = ? AND status = 'reversed'"
        )}  # fmt: skip
        self.left: dict[int, tuple[TransferredLayer, ...]] = {}  # layers taken by the transfers of a document, by group
        self.passed: dict[int, tuple[int, FoldedOrigin, list[tuple[int, int]], int, int]] = {}
        """Move → stored cost, origin, earlier transfers of that cost, units, and −1 if the cost is passed back (else 1)."""
        self.waiting: list[FoldedPool] = []  # pools with plain issues that wait to be folded
        self.put_off = 0  # moves since they were folded
        self.owed: dict[int, list[int]] = {}  # issues beyond the stock on hand: stored value, value so far

    def _missing_methods(self) -> dict[int, str]:
        """Return pool → a present or former cost method of the pool that is not installed."""
        rows = self.reader.rows(
            "SELECT pool_id, first_method FROM wares_pool WHERE company_id = ? "
            "UNION SELECT pool_id, method FROM wares_pool WHERE company_id = ? "
            f"UNION SELECT pool_id, method FROM wares_move WHERE company_id = ? AND {OF_TOTALS_MOVES} AND method IS NOT NULL "
            "ORDER BY 1, 2",
            self.reader.company_id, self.reader.company_id,
        )  # fmt: skip
        return {pool_id: method for pool_id, method in rows if method not in self.methods}

    def run(self) -> None:
        for _, document in groupby(self.reader.stream(MOVES), key=itemgetter(1)):
            self._document(list(document))
        self._fold_waiting()
        for move_id, (stored, value) in self.owed.items():
            self._compare_value(move_id, stored, value)
        self._compare_passed()
        for pool_id, pool in self.pools.items():
            if pool.checked:
                self._compare_pool(pool_id, pool)
        self._compare_layers()

    def _document(self, rows: list[SqlRow]) -> None:
        """Fold the moves of one document; the outputs of a group share the value of its issues, which are folded before them."""
        paid: dict[int, int] = defaultdict(int)
        shares: dict[int, list[int]] = {}
        self.left.clear()
        self.examined += len(rows)
        for row in rows:
            pool = self.pools.get(row[2])
            if pool is None:
                raise Broken(f"{move_name(self.reader, row[0])} is in {pool_name(self.reader, row[2])}")
            if row[8] == Intent.BY_METHOD and row[0] not in self.origins and pool.puts_off(row):
                if len(pool.waiting) == 1:
                    self.waiting.append(pool)
                continue
            self._fold_now(Stored._make(row), pool, rows, paid, shares)
        self.put_off += len(rows)
        if self.put_off > MOST_WAITING:
            self._fold_waiting()

    def _fold_now(
        self, move: Stored, pool: FoldedPool, rows: list[SqlRow], paid: dict[int, int], shares: dict[int, list[int]]
    ) -> None:  # fmt: skip
        self._fold_issues(pool)
        value = self._fold(move, pool, rows, paid, shares)
        pool.free = pool.state.quantity if pool.checked and not pool.state.owed else 0
        if move.short:
            self.owed[move.move_id] = [move.value, value]
        elif pool.checked:
            self._compare_value(move.move_id, move.value, value)
        if move.group_id is not None and move.intent not in OUTPUTS:
            paid[move.group_id] -= value
        if move.move_id in self.origins:
            self.origins[move.move_id] = FoldedOrigin(move.move_id, move.quantity, value, self.origins.get(move.origin_id or 0))

    def _fold_waiting(self) -> None:
        for pool in self.waiting:
            self._fold_issues(pool)
        self.waiting.clear()
        self.put_off = 0

    def _fold_issues(self, pool: FoldedPool) -> None:
        """Fold the issues that wait in a pool, and compare each with its stored value."""
        rows = pool.waiting
        if not rows:
            return
        try:
            valued = fold_issues(self.methods[pool.method], pool.state, list(map(plain_issue, rows)))
        except _UNFOLDABLE as error:
            raise self._unfoldable(rows[0][0], error) from error
        pool.state.changed.clear()
        for row, each in zip(rows, valued, strict=True):
            if row[16] != each.value:
                self._compare_value(row[0], row[16], each.value)
        rows.clear()

    def _unfoldable(self, move_id: int, error: Exception) -> Broken:
        return Broken(f"{move_name(self.reader, move_id)} cannot be folded: {str(error) or 'layers are missing'}")

    def _fold(
        self, move: Stored, pool: FoldedPool, rows: list[SqlRow], paid: dict[int, int], shares: dict[int, list[int]]
    ) -> int:  # fmt: skip
        pool.last = (move.at, move.sequence)
        if move.intent in VALUE_ONLY:
            return self._fold_value(move, pool)
        self._place(move, pool)
        if move.intent == Intent.COST_TRANSFERRED:
            self._pass_on(move)
        if move.intent == Intent.QUANTITY_ONLY or not move.quantity:
            return 0
        value, layer, unit = self._external(move, pool, rows, paid, shares)
        if not pool.checked:
            return move.value
        carried = self.left.get(move.group_id or 0, ()) if move.intent == Intent.TRANSFER_IN else ()
        goods = FoldMove(move.move_id, move.quantity, value, move.at, move.sequence, layer, carried, unit)
        try:
            folded = fold_move(self.methods[pool.method], pool.state, goods, NegativeStock(move.short), move.fallback)
        except _UNFOLDABLE as error:
            raise self._unfoldable(move.move_id, error) from error
        self._cover(folded)
        if move.intent == Intent.TRANSFER_OUT:
            self.left[move.group_id or 0] = pool.state.carried(folded.taken)
        pool.state.created.clear()
        pool.state.changed.clear()
        return folded.value

    def _fold_value(self, move: Stored, pool: FoldedPool) -> int:
        if not pool.checked:
            return move.value
        if move.intent == Intent.METHOD_CHANGED:
            before = pool.replaced.get(move.origin_id or 0, move.method)
            if before != move.method:
                raise Broken(f"{move_name(self.reader, move.move_id)} changes back to {move.method}, before it was {before}")
            pool.replaced[move.move_id] = pool.method
        value, pool.method = fold_value(
            self.methods, pool.method, pool.state, Intent(move.intent), move.stated or 0, move.method
        )  # fmt: skip
        pool.state.changed.clear()
        return value

    def _cover(self, folded: Folded) -> None:
        """Replace the estimates of earlier issues beyond stock by the cost of the goods that cover them."""
        for cover in folded.covers:
            difference = cover.estimate - cover.value
            self.owed[cover.move_id][1] += difference
            origin = self.origins.get(cover.move_id)
            if origin is not None:
                origin.value -= difference

    def _compare_value(self, move_id: int, stored: int, value: int) -> None:
        if stored != value:
            raise Broken(
                f"{move_name(self.reader, move_id)} is valued at {amount(self.reader, stored)}, a fresh fold gives "
                f"{amount(self.reader, value)}"
            )

    def _place(self, move: Stored, pool: FoldedPool) -> None:
        places = pool.places
        if pool.area_id not in (0, move.location_id):
            raise Broken(f"{move_name(self.reader, move.move_id)} is in {pool_name(self.reader, move.pool_id)}")
        if move.intent == Intent.COUNTED:
            difference = (move.counted or 0) - places[move.location_id]
            if difference != move.quantity:
                raise Broken(
                    f"{move_name(self.reader, move.move_id)} counted {unscaled(move.counted or 0)}: a difference of "
                    f"{unscaled(move.quantity)}, a fresh fold gives {unscaled(difference)}"
                )
        elif move.intent == Intent.COUNT_REVERSED:
            counted = self.origins.get(move.origin_id or 0)
            if counted is None or counted.moved != -move.quantity:
                found = unscaled(counted.moved) if counted is not None else "nothing"
                raise Broken(
                    f"{move_name(self.reader, move.move_id)} takes back {unscaled(-move.quantity)}, its count found {found}"
                )
        places[move.location_id] += move.quantity
        if move.quantity < 0 and places[move.location_id] < 0 and not move.short:
            raise Broken(
                f"{move_name(self.reader, move.move_id)} takes more than is on hand: {unscaled(places[move.location_id])} left"
            )

    def _external(
        self, move: Stored, pool: FoldedPool, rows: list[SqlRow], paid: dict[int, int], shares: dict[int, list[int]]
    ) -> tuple[int | None, int | None, UnitValue | None]:  # fmt: skip
        """Return the value from outside the pool, the layer that returned goods leave first, and the exact unit value of goods
        without a price."""
        intent = move.intent
        if intent == Intent.BY_METHOD:
            return None, None, None
        if intent == Intent.TRANSFER_OUT:
            return None, move.origin_id, None
        if intent == Intent.STATED:
            return (move.stated or 0) + move.facts, None, None
        if intent in OUTPUTS:
            return self._from_inputs(move, rows, paid, shares), None, None
        if intent in GOODS_AT_ORIGIN_COST:
            return self._of_origin(move), move.origin_id, None
        if move.quantity < 0:
            return None, None, None
        if move.stated is not None:
            return extend(move.quantity, move.stated, self.decimals), None, None
        unit = self._unit_without_price(move, pool)
        if unit is None:
            raise Broken(f"{move_name(self.reader, move.move_id)} came in without a cost, and none was known")
        return unit.of(move.quantity), None, unit

    def _unit_without_price(self, move: Stored, pool: FoldedPool) -> UnitValue | None:
        """Return the unit value of the standard rate, of the goods on hand, of the last known cost, or of the item's cost."""
        method, state = self.methods.get(pool.method), pool.state
        if method is None:
            return UnitValue(1, 0)  # the pool is not checked
        if method.fixed_rate and state.rate is not None:
            return UnitValue.of_cost(state.rate, self.decimals)
        if method.layered and state.quantity > 0:
            layers = list(state.layers())
            units = [UnitValue(layer.base_quantity, layer.base_value) for layer in layers]
            return UnitValue.of_parts(units, [layer.remaining for layer in layers])
        if state.known_quantity > 0:
            return UnitValue(state.known_quantity, state.known_value)
        return UnitValue.of_cost(move.fallback, self.decimals) if move.fallback is not None else None

    def _from_inputs(self, move: Stored, rows: list[SqlRow], paid: dict[int, int], shares: dict[int, list[int]]) -> int:
        group_id = move.group_id or 0
        if group_id not in shares:
            moves = map(Stored._make, rows)
            outputs = [other for other in moves if other.group_id == group_id and other.intent in OUTPUTS]
            total = paid[group_id] + sum(other.stated or 0 for other in outputs)
            shares[group_id] = split(total, [other.share or 0 for other in outputs])[::-1]
        return shares[group_id].pop()

    def _of_origin(self, move: Stored) -> int:
        origin = self.origins.get(move.origin_id or 0)
        if origin is None:
            raise Broken(f"{move_name(self.reader, move.move_id)} takes the value of a move that is not before it")
        origin.standing += 0 if move.document_id in self.undone else abs(move.quantity)
        if origin.standing > origin.quantity:
            raise Broken(f"{move_name(self.reader, move.move_id)} takes back more than moved")
        return origin.take_back(move.move_id, abs(move.quantity))

    def _pass_on(self, move: Stored) -> None:
        """Note a cost passed on; `_compare_passed` checks it at the end, because a cost not covered yet may still change."""
        origin, part = self.origins.get(move.origin_id or 0), move.share or 0
        if origin is None:
            raise Broken(f"{move_name(self.reader, move.move_id)} passes on the cost of a move that is not before it")
        if origin.moved or origin.sold is None:
            self.passed[move.move_id] = (move.passed, origin, list(origin.passes), part, 1)
            origin.passes.append((move.move_id, part))
        else:  # a cost passed on before is passed back
            _, of, before, units, _ = self.passed[origin.id]
            self.passed[move.move_id] = (move.passed, of, before, units, -1)
            of.passes.append((origin.id, part))

    def _compare_passed(self) -> None:
        """Compare the costs passed on, once every issue beyond stock is covered."""
        for move_id, (stored, origin, before, part, sign) in self.passed.items():
            fresh = sign * origin.pass_on(before, part)
            if stored != fresh:
                name = move_name(self.reader, move_id)
                raise Broken(f"{name} passes on {amount(self.reader, stored)}, a fresh fold gives {amount(self.reader, fresh)}")

    def _compare_pool(self, pool_id: int, pool: FoldedPool) -> None:
        """Compare a pool's row. The base counts if the method values issues by it."""
        state = pool.state
        self._same(pool_id, "cost method", pool.stored_method, pool.method)
        self._same(pool_id, "quantity", unscaled(pool.row[0]), unscaled(state.quantity))
        self._same_money(pool_id, "value", pool.row[1], state.value)
        method = self.methods[pool.method]
        if not (method.layered or method.fixed_rate):
            self._same(pool_id, "base quantity", unscaled(pool.row[2]), unscaled(state.base_quantity))
            self._same_money(pool_id, "base value", pool.row[3], state.base_value)
        if pool.row[4] >= 0:  # else read anew when the pool is read
            self._same(pool_id, "last known quantity", unscaled(pool.row[4]), unscaled(state.known_quantity))
            self._same_money(pool_id, "last known value", pool.row[5], state.known_value)
        if pool.last > (pool.row[6], pool.row[7]):
            raise Broken(f"{pool_name(self.reader, pool_id)} says that its last move was earlier than it was")

    def _same_money(self, pool_id: int, fact: str, stored: int, fresh: int) -> None:
        self._same(pool_id, fact, amount(self.reader, stored), amount(self.reader, fresh))

    def _same(self, pool_id: int, fact: str, stored: object, fresh: object) -> None:
        if stored != fresh:
            raise Broken(f"{pool_name(self.reader, pool_id)}: {fact} is {stored}, a fresh fold gives {fresh}")

    def _compare_layers(self) -> None:
        """Compare the open layers with those at the end of the fold."""
        seen = set()
        for pool_id, rows in groupby(self.reader.stream(LAYERS), key=lambda row: row[0]):
            seen.add(pool_id)
            pool = self.pools.get(pool_id)
            if pool is None or not pool.checked:
                continue
            open_layers = sorted(pool.state.layers(), key=lambda layer: layer.key)
            fresh = iter([
                (each.move_id, each.id, each.source, each.at, each.sequence, each.remaining, each.value, each.taken,
                 each.base_quantity, each.base_value)
                for each in open_layers
            ])  # fmt: skip
            for _, *stored in rows:
                if tuple(stored) != next(fresh, None):
                    raise Broken(
                        f"the layer of {move_name(self.reader, stored[0])} has {unscaled(stored[5])} left and "
                        f"{amount(self.reader, stored[7])} taken, a fresh fold leaves otherwise"
                    )
            if (missing := next(fresh, None)) is not None:
                raise Broken(f"the layer of {move_name(self.reader, missing[0])} is open in a fresh fold only")
        for pool_id, pool in self.pools.items():
            if pool_id not in seen and pool.checked and next(pool.state.layers(), None) is not None:
                raise Broken(f"{pool_name(self.reader, pool_id)} has no open layer, a fresh fold leaves some")
