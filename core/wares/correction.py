"""The sweep of late facts: what a backdated document, a bill at another price or a void changes in what came after it.

Facts are changed first (moves added or taken out, value added to a receipt); then every pool concerned is folded again from its
first changed move, and each change is followed into what depends on it: the outputs of a build take it from their inputs, returns
from the move they return. All pools advance together in effective order, so that whatever a move depends on is final before the
move is reached; as time only goes forward, the sweep ends on any graph of items. Nothing posted is rewritten: the differences
become valuation rows and entries of their own.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from wares.catalog.masters import MasterBook
from wares.costing.pool import Layer, PoolState
from wares.costmethod import CostMethod, FoldMove, Valued
from wares.errors import Issue, Refused
from wares.model import Intent
from wares.movement import NewMove
from wares.plugins.registry import Registry
from wares.storage import tables as t
from wares.storage.unit import Unit
from wares.values import extend, share, split, unscaled
from wares.workingset import WorkingSet, exhaustion

Key = tuple[int, int]
END: Key = (2**62, 2**62)


class Change(NamedTuple):
    """A recorded move is worth something else now."""

    move_id: int
    document_id: int
    day: int
    item_id: int
    location_id: int
    pool_id: int
    account_id: int  # its pool's inventory account
    counter_id: int | None  # None inside a group, where the other side is another Change
    difference: int


class Fact:
    """A standing move as the sweep sees it: stored, or new."""

    __slots__ = ("counted", "counter_id", "day", "document_id", "fallback", "group_id", "id", "intent", "is_new", "item_id", "key",
                 "location_id", "old_quantity", "old_value", "origin_id", "pool_id", "quantity", "share", "stated", "value")  # fmt: skip

    def __init__(
        self, id: int, document_id: int, pool_id: int, item_id: int, location_id: int, quantity: int, counted: int | None,
        at: int, sequence: int, day: int, intent: int, stated: int | None, origin_id: int | None, group_id: int | None,
        share: int | None, fallback: int | None, counter_id: int | None, value: int, is_new: bool = False,
    ) -> None:  # fmt: skip
        self.id = id
        self.document_id = document_id
        self.pool_id = pool_id
        self.item_id = item_id
        self.location_id = location_id
        self.quantity = quantity
        self.counted = counted
        self.key: Key = (at, sequence)
        self.day = day
        self.intent = intent
        self.stated = stated
        self.origin_id = origin_id
        self.group_id = group_id
        self.share = share
        self.fallback = fallback
        self.counter_id = counter_id
        self.value = value
        self.old_value = 0 if is_new else value
        self.old_quantity = 0 if is_new else quantity
        self.is_new = is_new

    @classmethod
    def of(cls, move: NewMove) -> Fact:
        planned = move.planned
        return cls(
            move.id, move.document_id, move.pool.id, planned.item.id, planned.location.id, planned.quantity, planned.counted,
            move.at, move.sequence, move.day, planned.intent, planned.stated, planned.origin, move.group_id, planned.share,
            planned.item.cost, move.counter_id, 0, is_new=True,
        )  # fmt: skip


_COLUMNS = (
    "m.move_id, m.document_id, m.pool_id, m.item_id, m.location_id, m.quantity, m.counted, m.effective_at, m.sequence, m.date, "
    "m.intent, m.stated, m.origin_id, m.group_id, m.share, m.fallback_cost, m.counter_id, "
    "(SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM valuation v WHERE v.company_id = m.company_id AND v.move_id = m.move_id)"
)
_STANDS = "m.annulled_by IS NULL AND m.annuls IS NULL"


class _Run:
    """One pool on its way: its state, and the moves still to come."""

    def __init__(self, sweep: Sweep, pool_id: int, start: Key) -> None:
        self.sweep = sweep
        self.pool_id = pool_id
        self.start = start
        reader = sweep.unit
        row = reader.row(
            "SELECT item_id, lot, method, account_id, quantity, value, last_at, last_sequence FROM pool "
            "WHERE company_id = ? AND pool_id = ?",
            pool_id,
        )
        self.exists = row is not None
        if row is None:  # a pool that this document opens
            self.item_id, self.lot, method, self.account_id = sweep.opened[pool_id]
            quantity = value = 0
            self.last: Key = (-1, -1)
        else:
            self.item_id, self.lot, method, self.account_id, quantity, value, *last = row
            self.last = (last[0], last[1])
        if method not in sweep.methods:
            raise Refused.because("METHOD_MISSING", f"the cost method {method!r} is not installed", hint="install its plugin")
        self.method = method
        self.stored = self._stored()
        self.facts = self._merged()
        self.state = self._opening(quantity, value)
        self.places = self._places()
        self.position = 0
        self.layers_before = {layer.move_id: (layer.remaining, layer.taken) for layer in self.state.open}
        self.consumed: list[tuple[Fact, Valued]] = []
        self.current: Fact | None = None
        self.fold: Iterator[Valued] = sweep.methods[method].fold(self.state, self._feed())

    def _stored(self) -> list[Fact]:
        return [
            Fact(*row)
            for row in self.sweep.unit.rows(
                f"SELECT {_COLUMNS} FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) >= (?, ?) "
                f"AND {_STANDS} ORDER BY m.effective_at, m.sequence",
                self.pool_id, *self.start,
            )
        ]  # fmt: skip

    def _merged(self) -> list[Fact]:
        kept = [fact for fact in self.stored if fact.id not in self.sweep.removed]
        return sorted([*kept, *self.sweep.new.get(self.pool_id, ())], key=lambda fact: fact.key)

    def _opening(self, quantity: int, value: int) -> PoolState:
        """The pool as it stood just before `start`, from what is stored now less what came since."""
        for fact in self.stored:
            if fact.intent != Intent.NEUTRAL:
                quantity -= fact.quantity
                value -= fact.old_value
        reader, pool_id, start = self.sweep.unit, self.pool_id, self.start
        before = (
            f"FROM move m WHERE m.company_id = ? AND m.pool_id = ? AND (m.effective_at, m.sequence) < (?, ?) AND {_STANDS} "
            f"AND m.intent <> {int(Intent.NEUTRAL)} "
        )
        anchor = reader.row(
            f"SELECT m.effective_at, m.sequence {before} AND (m.quantity > 0 OR m.intent = {int(Intent.AS_CAME)}) "
            "ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 1",
            pool_id, *start,
        )  # fmt: skip
        base_quantity, base_value = quantity, value
        if anchor is not None:
            since = reader.row(
                f"SELECT CAST(COALESCE(SUM(q), 0) AS BIGINT), CAST(COALESCE(SUM(w), 0) AS BIGINT) FROM (SELECT m.quantity AS q, "
                "(SELECT COALESCE(SUM(v.value), 0) FROM valuation v WHERE v.company_id = m.company_id AND v.move_id = m.move_id) "
                f"AS w {before} AND (m.effective_at, m.sequence) > (?, ?)) AS s",
                pool_id, *start, anchor[0], anchor[1],
            )  # fmt: skip
            assert since is not None
            base_quantity, base_value = quantity - since[0], value - since[1]
        known = reader.row(
            f"SELECT m.quantity, (SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM valuation v WHERE v.company_id = "
            f"m.company_id AND v.move_id = m.move_id) {before} AND m.quantity <> 0 "
            "ORDER BY m.effective_at DESC, m.sequence DESC LIMIT 1",
            pool_id, *start,
        ) or (0, 0)  # fmt: skip
        return PoolState(quantity, value, base_quantity, base_value, abs(known[0]), abs(known[1]), self._open_layers())

    def _open_layers(self) -> list[Layer]:
        reader, pool_id, start = self.sweep.unit, self.pool_id, self.start
        layers = {
            row[0]: Layer(*row)
            for row in reader.rows(
                "SELECT move_id, effective_at, sequence, quantity, value, remaining, taken FROM layer WHERE company_id = ? "
                "AND pool_id = ? AND (effective_at, sequence) < (?, ?) AND (exhausted_at, exhausted_sequence) >= (?, ?) "
                "ORDER BY effective_at, sequence",
                pool_id, *start, *start,
            )
        }  # fmt: skip
        if layers and self.stored:
            moves = [fact.id for fact in self.stored if fact.quantity < 0]
            for chunk in range(0, len(moves), 20_000):
                for layer_id, quantity, value in reader.rows(
                    "SELECT layer_id, CAST(SUM(quantity) AS BIGINT), CAST(SUM(value) AS BIGINT) FROM consumption "
                    f"WHERE company_id = ? AND {reader.among('move_id')} GROUP BY layer_id",
                    reader.listed(moves[chunk : chunk + 20_000]),
                ):
                    if layer_id in layers:
                        layers[layer_id].remaining += quantity
                        layers[layer_id].taken -= value
        return list(layers.values())

    def _places(self) -> dict[int, int]:
        """Quantity by location just before `start`."""
        places: dict[int, int] = defaultdict(int)
        for location_id, quantity in self.sweep.unit.rows(
            "SELECT location_id, CAST(SUM(quantity) AS BIGINT) FROM pool_month WHERE company_id = ? AND pool_id = ? "
            "GROUP BY location_id",
            self.pool_id,
        ):
            places[location_id] = quantity
        for fact in self.stored:
            places[fact.location_id] -= fact.old_quantity
        return places

    @property
    def next_key(self) -> Key:
        return self.facts[self.position].key if self.position < len(self.facts) else END

    def step(self) -> None:
        """Fold the next move; tell the sweep if it is worth something else than it was."""
        fact = self.facts[self.position]
        self.position += 1
        places = self.places
        if fact.intent == Intent.COUNTED:
            fact.quantity = (fact.counted or 0) - places[fact.location_id]
        places[fact.location_id] += fact.quantity
        neutral = fact.intent == Intent.NEUTRAL
        if fact.quantity < 0 and (places[fact.location_id] < 0 or (not neutral and self.state.quantity + fact.quantity < 0)):
            self.sweep.short(fact, places[fact.location_id] - fact.quantity)
        if not neutral and fact.quantity:
            self.current = fact
            valued = next(self.fold)
            fact.value = valued.value
            self.consumed.append((fact, valued))
        elif not neutral:
            fact.value = 0
        self.sweep.valued(fact)

    def _feed(self) -> Iterator[FoldMove]:
        while True:
            fact = self.current
            assert fact is not None
            value, layer = self.sweep.external(fact, self.state)
            yield FoldMove(fact.id, fact.quantity, value, fact.key[0], fact.key[1], layer)


class Sweep:
    """One sweep: `run` computes, `write` stores the projections. A refusal leaves nothing behind."""

    def __init__(self, unit: Unit, ws: WorkingSet, registry: Registry, masters: MasterBook) -> None:
        self.unit = unit
        self.ws = ws
        self.methods: dict[str, CostMethod] = registry.cost_methods
        self.masters = masters
        self.new: dict[int, list[Fact]] = defaultdict(list)
        self.opened: dict[int, tuple[int, str, str, int]] = {}
        self.removed: set[int] = set()
        self.added: dict[int, int] = defaultdict(int)  # receipt → value that this document's facts add
        self.fact_counters: dict[int, list[tuple[int, int]]] = defaultdict(list)  # receipt → (counter, amount)
        self.runs: dict[int, _Run] = {}
        self.heap: list[tuple[Key, int]] = []
        self.changes: list[Change] = []
        self.values: dict[int, int] = {}
        self._groups: dict[int, list[Fact]] = {}
        self._returns: dict[int, list[Fact]] = {}
        self._origins: dict[int, Fact] = {}
        self.item_ids: set[int] = set()

    def run(
        self,
        *,
        new: Sequence[NewMove] = (),
        removed: Iterable[int] = (),
        facts: Iterable[tuple[int, int, int]] = (),
    ) -> list[Change]:
        """Change the facts and fold what follows. `new` moves get their quantity and value; `removed` are moves taken out;
        `facts` are (receipt's move, amount, counter account). Returns every recorded move that is worth something else now.

        Raises Refused: INSUFFICIENT_STOCK when a new move is short, LATER_SHORT when a later document would be.
        """
        self.removed = set(removed)
        starts: dict[int, Key] = {}
        for move in new:
            fact = Fact.of(move)
            self.new[fact.pool_id].append(fact)
            self.values[fact.id] = 0
            self.opened[fact.pool_id] = (fact.item_id, move.pool.lot, move.pool.method, move.pool.account_id)
            starts[fact.pool_id] = min(starts.get(fact.pool_id, END), fact.key)
        facts = list(facts)
        for move_id, amount, counter_id in facts:
            self.added[move_id] += amount
            self.fact_counters[move_id].append((counter_id, amount))
        for fact in self._read(f"{self.unit.among('m.move_id')}", sorted(self.removed | set(self.added))):
            starts[fact.pool_id] = min(starts.get(fact.pool_id, END), fact.key)
            if fact.id in self.removed and (fact.intent in (Intent.AS_LEFT, Intent.AS_CAME)):
                self._wake_returns(fact.origin_id or 0, after=fact.key)
        for pool_id, start in starts.items():
            self._wake(pool_id, start)
        while self.heap:
            _, pool_id = heapq.heappop(self.heap)
            run = self.runs[pool_id]
            while (key := run.next_key) != END:
                if self.heap and key > self.heap[0][0]:
                    heapq.heappush(self.heap, (key, pool_id))
                    break
                run.step()
        for move in new:
            move.value = self.values[move.id]
            move.quantity = next(f.quantity for f in self.new[move.pool.id] if f.id == move.id)
        return self.changes

    def _wake(self, pool_id: int, key: Key) -> None:
        if pool_id not in self.runs:
            self.runs[pool_id] = run = _Run(self, pool_id, key)
            self.item_ids.add(run.item_id)
            heapq.heappush(self.heap, (run.next_key, pool_id))

    def _read(self, condition: str, parameter: Sequence[int]) -> list[Fact]:
        if not parameter:
            return []
        return [
            Fact(*row)
            for row in self.unit.rows(
                f"SELECT {_COLUMNS} FROM move m WHERE m.company_id = ? AND {condition} AND {_STANDS} "
                "ORDER BY m.effective_at, m.sequence",
                self.unit.listed(parameter),
            )
        ]

    # --- what a move is given from outside its pool ---

    def external(self, fact: Fact, state: PoolState) -> tuple[int | None, int | None]:
        """Value and first layer of a move, as `wares.costmethod.FoldMove` wants them."""
        intent = fact.intent
        if intent == Intent.STATED:
            return (fact.stated or 0) + self._facts_on(fact), None
        if intent == Intent.BY_METHOD:
            return None, None
        if intent == Intent.FROM_INPUTS:
            return self._from_inputs(fact), None
        if intent in (Intent.AS_LEFT, Intent.AS_CAME):
            return self._share_of_origin(fact), fact.origin_id if fact.quantity < 0 else None
        if fact.quantity < 0:
            return None, None
        decimals = self.unit.decimals
        if fact.stated is not None:
            return extend(fact.quantity, fact.stated, decimals), None
        value = state.unit_value(fact.quantity, fact.fallback, decimals)
        if value is None:
            sku = self.masters.item_by_id(fact.item_id).sku
            raise Refused.because("NO_COST", f"nothing says what {sku} costs", hint="give unit_cost (0 is a cost)")
        return value, None

    def _facts_on(self, fact: Fact) -> int:
        stored = 0
        if not fact.is_new:
            row = self.unit.row(
                "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM value_fact WHERE company_id = ? AND move_id = ? "
                "AND annulled = 0",
                fact.id,
            )
            stored = int(row[0]) if row else 0
        return stored + self.added.get(fact.id, 0)

    def _from_inputs(self, fact: Fact) -> int:
        group = self._group(fact)
        outputs = [other for other in group if other.intent == Intent.FROM_INPUTS]
        total = -sum(self._value(other) for other in group if other.intent != Intent.FROM_INPUTS)
        total += sum(other.stated or 0 for other in outputs)
        position = next(index for index, other in enumerate(outputs) if other.id == fact.id)
        return split(total, [other.share or 0 for other in outputs])[position]

    def _group(self, fact: Fact) -> list[Fact]:
        group_id = fact.group_id or 0
        if group_id not in self._groups:
            stored = self._read(self.unit.among("m.document_id"), [fact.document_id])
            new = [other for facts in self.new.values() for other in facts]
            both = [other for other in (*stored, *new) if other.group_id == group_id and other.id not in self.removed]
            self._groups[group_id] = sorted(both, key=lambda other: other.key)
        return self._groups[group_id]

    def _value(self, fact: Fact) -> int:
        return self.values.get(fact.id, fact.old_value)

    def _share_of_origin(self, fact: Fact) -> int:
        origin = self._origin(fact.origin_id or 0)
        before = sum(abs(other.quantity) for other in self._returns_of(origin.id) if other.key < fact.key)
        value, whole = abs(self._value(origin)), abs(origin.quantity)
        return share(value, before + abs(fact.quantity), whole) - share(value, before, whole)

    def _origin(self, move_id: int) -> Fact:
        if move_id not in self._origins:
            new = {other.id: other for facts in self.new.values() for other in facts}
            self._origins[move_id] = new.get(move_id) or self._read(self.unit.among("m.move_id"), [move_id])[0]
        return self._origins[move_id]

    def _returns_of(self, origin_id: int) -> list[Fact]:
        if origin_id not in self._returns:
            ids = [row[0] for row in self.unit.rows(
                "SELECT move_id FROM move_link WHERE company_id = ? AND origin_id = ?", origin_id
            )]  # fmt: skip
            stored = [fact for fact in self._read(self.unit.among("m.move_id"), ids) if fact.id not in self.removed]
            new = [other for facts in self.new.values() for other in facts if other.origin_id == origin_id]
            self._returns[origin_id] = sorted([*stored, *new], key=lambda fact: fact.key)
        return self._returns[origin_id]

    def _wake_returns(self, origin_id: int, after: Key) -> None:
        for other in self._returns_of(origin_id):
            if other.key > after:
                self._wake(other.pool_id, other.key)

    # --- what a move tells ---

    def valued(self, fact: Fact) -> None:
        """A move got its value; follow a difference into what depends on it."""
        self.values[fact.id] = fact.value
        if fact.is_new:
            if fact.origin_id is not None:
                self._wake_returns(fact.origin_id, after=fact.key)
            return
        difference = fact.value - fact.old_value
        if not difference:
            return
        self._record(fact, difference)
        if fact.group_id is not None and fact.intent != Intent.FROM_INPUTS:
            for other in self._group(fact):
                if other.intent == Intent.FROM_INPUTS:
                    self._wake(other.pool_id, other.key)
        self._wake_returns(fact.id, after=fact.key)

    def _record(self, fact: Fact, difference: int) -> None:
        account_id = self.runs[fact.pool_id].account_id
        parts = self.fact_counters.get(fact.id)
        counters: list[tuple[int | None, int]] = [(fact.counter_id, difference)]
        if parts is not None:
            counters = [(counter, amount) for counter, amount in parts]
            rest = difference - sum(amount for _, amount in parts)
            if rest:
                counters.append((fact.counter_id, rest))
        for counter_id, amount in counters:
            self.changes.append(
                Change(fact.id, fact.document_id, fact.day, fact.item_id, fact.location_id, fact.pool_id, account_id, counter_id,
                       amount)
            )  # fmt: skip

    def short(self, fact: Fact, held: int) -> None:
        """Refuse: the place does not hold what this move takes."""
        sku = self.masters.item_by_id(fact.item_id).sku
        place = self.masters.location_by_id(fact.location_id).code
        if fact.is_new:
            raise Refused.because(
                "INSUFFICIENT_STOCK",
                f"{sku} at {place} had {unscaled(max(held, 0))} on that day, {unscaled(-fact.quantity)} needed",
                hint="receive or count it first, or lower the quantity",
            )
        row = self.unit.row("SELECT number FROM document WHERE company_id = ? AND document_id = ?", fact.document_id)
        number = row[0] if row else "?"
        raise Refused([
            Issue("LATER_SHORT", f"{number} would be short of {sku} at {place}: it takes {unscaled(-fact.quantity)} and "
                  f"{unscaled(max(held, 0))} would be there", where=number, hint="change or void the later document first")
        ])  # fmt: skip

    # --- projections ---

    def write(self) -> None:
        """Store pools, layers and consumptions as folded anew, and the counts that found another difference."""
        for run in self.runs.values():
            self._write_pool(run)
            self._write_layers(run)
            self._write_consumptions(run)
            for fact in run.facts:
                if not fact.is_new and fact.quantity != fact.old_quantity:
                    delta = fact.quantity - fact.old_quantity
                    self.unit.connection.exec_driver_sql(
                        self.unit.dialect.update(t.move, ("company_id", "move_id"), ("quantity",)),
                        (fact.quantity, self.unit.company_id, fact.id),
                    )
                    self.ws.add_stock(fact.item_id, fact.location_id, delta)
                    self.ws.add_month(fact.pool_id, fact.location_id, fact.day // 100, delta, 0, 0)

    def _write_pool(self, run: _Run) -> None:
        state, company_id = run.state, self.unit.company_id
        last = max([run.last, *[fact.key for fact in run.facts[-1:]]])
        values = (
            state.quantity,
            state.value,
            state.base_quantity,
            state.base_value,
            state.known_quantity,
            state.known_value,
            *last,
        )
        if not run.exists:
            self.ws.rows[t.pool].append((company_id, run.pool_id, run.item_id, 0, run.lot, 0, run.method, run.account_id, *values))
            return
        columns = (
            "quantity",
            "value",
            "base_quantity",
            "base_value",
            "known_quantity",
            "known_value",
            "last_at",
            "last_sequence",
        )
        self.unit.connection.exec_driver_sql(
            self.unit.dialect.update(t.pool, ("company_id", "pool_id"), columns), (*values, company_id, run.pool_id)
        )

    def _write_layers(self, run: _Run) -> None:
        unit, company_id, state = self.unit, self.unit.company_id, run.state
        unit.run(
            "DELETE FROM layer WHERE company_id = ? AND pool_id = ? AND (effective_at, sequence) >= (?, ?)",
            run.pool_id, *run.start,
        )  # fmt: skip
        created = {layer.move_id for layer in state.created}
        by = {move_id: move for move_id, (_, move) in state.changed.items()}
        opening = [(move_id, layer) for move_id, (layer, _) in state.changed.items() if move_id not in created]
        untouched = [(layer.move_id, layer) for layer in state.open
                     if layer.move_id not in created and layer.move_id not in by]  # fmt: skip
        rows = [
            (layer.remaining, layer.taken, *exhaustion(layer, by.get(move_id)), company_id, run.pool_id, move_id)
            for move_id, layer in (*opening, *untouched)
        ]
        if rows:
            columns = ("remaining", "taken", "exhausted_by", "exhausted_at", "exhausted_sequence")
            unit.connection.exec_driver_sql(unit.dialect.update(t.layer, ("company_id", "pool_id", "move_id"), columns), rows)
        self.ws.rows[t.layer] += [
            (company_id, run.pool_id, layer.at, layer.sequence, layer.move_id, layer.quantity, layer.value, layer.remaining,
             layer.taken, *exhaustion(layer, by.get(layer.move_id)))
            for layer in state.created
        ]  # fmt: skip

    def _write_consumptions(self, run: _Run) -> None:
        unit, company_id = self.unit, self.unit.company_id
        gone = [fact.id for fact in run.stored if fact.quantity < 0 or fact.old_quantity < 0]
        for chunk in range(0, len(gone), 20_000):
            unit.run(
                f"DELETE FROM consumption WHERE company_id = ? AND {unit.among('move_id')}",
                unit.listed(gone[chunk : chunk + 20_000]),
            )
        rows = self.ws.rows[t.consumption]
        for fact, valued in run.consumed:
            rows += [(company_id, fact.id, taken.layer, taken.quantity, taken.value) for taken in valued.taken]
