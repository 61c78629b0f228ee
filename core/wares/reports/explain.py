"""Explain the cost of a document: the source of every cent.

    line → contents → layers → receipts and bills → builds → components → ...

It reads stored facts alone. A node shows an item (`sku`), or the document that gave the goods or value (`document`), a quantity
and a cost. Its `sources` are empty if the cost is a fact of its own; otherwise they sum to the cost exactly, split by largest
remainder. In a pool that is valued as a whole an issue comes from all receipts since the pool was last empty, in proportion to
their remainders (`wares.reports.composition`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from wares.costing.method import CostMethod
from wares.costing.methods import COST_METHODS
from wares.model import GOODS_AT_ORIGIN_COST, OUTPUTS, Intent
from wares.reports.documents import find_document
from wares.reports.poolhistory import PoolHistory
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.values import JsonObject, extend, money, share, split, unscaled

MOST_NODES = 10_000
"""Largest number of nodes that are opened, nearest to the line first; nodes that stay closed are marked `"more": true`."""

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


class ValueSource(NamedTuple):
    """The source of part of a move's value: shown as `label`, explained further by `move`."""

    label: Mapping[str, object]
    quantity: int | None
    cost: int
    move: Move | None = None


def explain_document(reader: Reader, number: str, methods: Mapping[str, CostMethod] | None = None) -> list[JsonObject]:
    """Return a tree for each line that moved goods: {"line", "sku", "quantity", "cost", "sources"}. Refused UNKNOWN_DOCUMENT.

    `cost` is the value that left or entered the stock with that line; `methods`, by key, say which pools are valued as a whole.
    """
    document_id = find_document(reader, number)
    known = methods if methods is not None else {method.key: method for method in COST_METHODS}
    return _Explainer(reader, known).document(document_id)


class _Explainer:
    def __init__(self, reader: Reader, methods: Mapping[str, CostMethod]) -> None:
        self.reader = reader
        self.methods = methods
        self.waiting: list[tuple[JsonObject, Move, int, int]] = []
        self._moves: dict[int, Move] = {}
        self._sources: dict[int, list[ValueSource]] = {}
        self._pooled: dict[int, bool] = {}
        self._histories: dict[int, PoolHistory] = {}

    def document(self, document_id: int) -> list[JsonObject]:
        """Return the trees of a document, opened from the line outwards."""
        lines = self.reader.rows(
            "SELECT l.line_id, l.number, l.parent_id, l.quantity, i.sku FROM wares_line l "
            "JOIN wares_item i ON i.company_id = l.company_id AND i.item_id = l.item_id "
            "WHERE l.company_id = ? AND l.document_id = ? ORDER BY l.position",
            document_id,
        )
        moves = self._read("m.document_id = ? ORDER BY m.sequence", document_id)
        outputs = {move.group_id for move in moves if move.intent in OUTPUTS}
        shown = [m for m in moves if m.intent != Intent.QUANTITY_ONLY and (m.intent in OUTPUTS or m.group_id not in outputs)]
        trees: list[JsonObject] = []
        for line_id, line, parent_id, quantity, sku in lines:
            nodes = [self._line_node(line, move) for move in shown if move.line_id == line_id]
            parent = next((tree for tree in trees if tree.get("_id") == parent_id), None) if parent_id else None
            if parent is not None:
                parent["sources"] += nodes
            elif nodes:
                trees += nodes
            elif parent_id is None:
                trees.append({"_id": line_id, "line": line, "sku": sku, "quantity": unscaled(quantity), "cost": 0, "sources": []})
        self._open()
        return [tree for tree in trees if self._close(tree)]

    def _line_node(self, line: str, move: Move) -> JsonObject:
        return {"line": line, **self._node({"sku": move.sku}, move, abs(move.quantity), abs(move.value))}

    def _close(self, tree: JsonObject) -> bool:
        """Sum the contents of a line that has no move of its own (a kit); True if the line moved goods."""
        if tree.pop("_id", None) is None:
            return True
        tree["cost"] = sum((node["cost"] for node in tree["sources"]), money(0, self.reader.decimals))
        return bool(tree["sources"])

    def _node(self, label: Mapping[str, object], move: Move | None, quantity: int | None, cost: int) -> JsonObject:
        shown = None if quantity is None else unscaled(quantity)
        node = {**label, "quantity": shown, "cost": money(cost, self.reader.decimals), "sources": []}
        if move is not None:
            self.waiting.append((node, move, quantity or 0, cost))
        return node

    def _open(self) -> None:
        """Give the waiting nodes their sources, each scaled to the part of the move that the node stands for."""
        opened = 0
        while self.waiting:
            level, self.waiting = self.waiting, []
            self._announce([move for _, move, _, _ in level])
            for node, move, quantity, cost in level:
                if opened >= MOST_NODES:
                    node["more"] = True
                    continue
                sources = self._sources_of(move)
                costs = apportion(cost, [source.cost for source in sources])
                for source, part in zip(sources, costs, strict=True):
                    its = None if source.quantity is None else share(source.quantity, quantity, abs(move.quantity) or 1)
                    if part or its:
                        node["sources"].append(self._node(source.label, source.move, its, part))
                        opened += 1

    def _announce(self, moves: list[Move]) -> None:
        """Announce the issues to each pool that is valued as a whole, so that its history is walked once for all of them."""
        for move in moves:
            if move.quantity < 0 and self._is_pooled(move.pool_id):
                if move.pool_id not in self._histories:
                    self._histories[move.pool_id] = PoolHistory(self.reader, move.pool_id)
                self._histories[move.pool_id].announce((move.at, move.sequence))

    # --- the sources of one whole move ---

    def _sources_of(self, move: Move) -> list[ValueSource]:
        found = self._sources.get(move.id)
        if found is None:
            found = self._sources[move.id] = self._find_sources(move)
        return found

    def _find_sources(self, move: Move) -> list[ValueSource]:
        back = move.intent in GOODS_AT_ORIGIN_COST
        if back and (move.quantity > 0 or self._went_back_as_it_came(move)):
            return self._of_origin(move)
        if move.quantity < 0:
            return self._of_pool(move) if self._is_pooled(move.pool_id) else self._of_layers(move)
        if move.intent in OUTPUTS:
            return self._of_inputs(move)
        return self._of_facts(move) if move.intent == Intent.STATED else []

    def _of_origin(self, move: Move) -> list[ValueSource]:
        """Return the source of a return: its share of the value of the move that it returns."""
        origin = self._move(move.origin_id or 0)
        return [ValueSource(_document(origin), abs(move.quantity), abs(move.value), origin)] if origin is not None else []

    def _went_back_as_it_came(self, move: Move) -> bool:
        """True if goods of a pool valued as a whole went back at their receipt's own cost, not at one that a guard limited.

        In a layered pool the layers show the cost.
        """
        origin = self._move(move.origin_id or 0)
        if origin is None or not self._is_pooled(move.pool_id):
            return False
        return abs(abs(move.value) - share(origin.value, abs(move.quantity), origin.quantity)) <= 1

    def _of_layers(self, move: Move) -> list[ValueSource]:
        rows = self.reader.rows(
            "SELECT l.source_id, CAST(SUM(c.quantity) AS BIGINT), CAST(SUM(c.value) AS BIGINT) FROM wares_consumption c "
            "JOIN wares_layer l "
            "ON l.company_id = c.company_id AND l.layer_id = c.layer_id WHERE c.company_id = ? AND c.move_id = ? AND l.pool_id = ? "
            "GROUP BY l.source_id",
            move.id,
            move.pool_id,
        )  # the source of a layer that a transfer brought is the receipt in the other pool
        self._need([row[0] for row in rows])
        sources = [
            ValueSource(_document(self._moves[layer]), quantity, value, self._moves[layer]) for layer, quantity, value in rows
        ]
        sources.sort(key=lambda source: (source.move.at, source.move.sequence) if source.move else (0, 0))
        return [*sources, *_uncovered(move, sum(row[1] for row in rows), sum(row[2] for row in rows))]

    def _of_pool(self, move: Move) -> list[ValueSource]:
        parts = self._histories[move.pool_id].before((move.at, move.sequence))
        if not parts:
            return _uncovered(move, 0, 0)
        quantities = split(-move.quantity, [part.quantity for part in parts])
        costs = apportion(-move.value, [part.value for part in parts])
        self._need([part.move_id for part in parts])
        return [
            ValueSource(_document(self._moves[part.move_id]), quantity, cost, self._moves[part.move_id])
            for part, quantity, cost in zip(parts, quantities, costs, strict=True)
        ]

    def _of_inputs(self, move: Move) -> list[ValueSource]:
        """Return the issues of a build with the services that it absorbed, or the issues of a transfer."""
        group = self._read("m.document_id = ? AND m.group_id = ? ORDER BY m.sequence", move.document_id, move.group_id)
        issues = [each for each in group if each.intent not in OUTPUTS]
        absorbed = sum(each.stated or 0 for each in group if each.intent == Intent.FROM_INPUTS)
        services = self.reader.rows(
            "SELECT i.sku, l.quantity, l.unit_price FROM wares_line l JOIN wares_item i ON i.company_id = l.company_id "
            "AND i.item_id = l.item_id WHERE l.company_id = ? AND l.document_id = ? AND l.parent_id = ? AND NOT EXISTS (SELECT 1 "
            "FROM wares_move m WHERE m.company_id = l.company_id AND m.document_id = l.document_id AND m.line_id = l.line_id) "
            "ORDER BY l.position",
            move.document_id,
            move.group_id,
        )
        costs = apportion(absorbed, [extend(quantity, rate or 0, self.reader.decimals) for _, quantity, rate in services])
        return [
            *(ValueSource({"sku": each.sku}, abs(each.quantity), -each.value, each) for each in issues),
            *(ValueSource({"sku": sku}, quantity, cost) for (sku, quantity, _), cost in zip(services, costs, strict=True)),
        ]

    def _of_facts(self, move: Move) -> list[ValueSource]:
        """Return the receipt at its own price, and the additions of bills, rebates and landed cost.

        Nothing is returned without additions, or if the method values the receipt in another way (a standard rate).
        """
        facts = self.reader.rows(
            "SELECT d.number, d.type, f.kind, CAST(SUM(f.amount) AS BIGINT) FROM wares_value_fact f JOIN wares_document d "
            "ON d.company_id = f.company_id AND d.document_id = f.document_id WHERE f.company_id = ? AND f.move_id = ? "
            "AND f.annulled = 0 GROUP BY d.number, d.type, f.kind ORDER BY MIN(f.fact_id)",
            move.id,
        )
        stated = move.stated or 0
        if not facts or stated + sum(row[3] for row in facts) != move.value:
            return []
        return [
            ValueSource(_document(move), move.quantity, stated),
            *(ValueSource({"document": number, "type": kind, "kind": what}, None, amount) for number, kind, what, amount in facts),
        ]

    # --- reading ---

    def _read(self, condition: str, *parameters: object) -> list[Move]:
        moves = [Move(*row) for row in self.reader.rows(_MOVE + condition, *parameters)]
        self._moves.update((move.id, move) for move in moves)
        return moves

    def _need(self, ids: list[int]) -> None:
        missing = sorted(set(ids) - self._moves.keys())
        if missing:
            self._read(self.reader.among("m.move_id"), self.reader.listed(missing))

    def _move(self, move_id: int) -> Move | None:
        self._need([move_id])
        return self._moves.get(move_id)

    def _is_pooled(self, pool_id: int) -> bool:
        found = self._pooled.get(pool_id)
        if found is None:
            row = self.reader.row("SELECT method FROM wares_pool WHERE company_id = ? AND pool_id = ?", pool_id)
            method = self.methods.get(row[0]) if row is not None else None
            found = self._pooled[pool_id] = method is not None and not method.layered
        return found


def _document(move: Move) -> dict[str, object]:
    return {"document": move.document, "type": move.type}


def _uncovered(move: Move, quantity: int, value: int) -> list[ValueSource]:
    """Return the part of an issue that no receipt covered: an estimate."""
    if quantity == -move.quantity and value == -move.value:
        return []
    return [ValueSource({"document": None, "kind": "estimate"}, -move.quantity - quantity, -move.value - value)]


def apportion(total: int, weights: list[int]) -> list[int]:
    """Split `total` over `weights`, some of which may be negative (a rebate), so that the parts sum to the whole.

    If the weights sum to the total they are the parts. If none is negative the split is by largest remainder.
    """
    whole = sum(weights)
    if whole == total or not weights:
        return list(weights)
    if min(weights) >= 0:
        return split(total, weights)
    if whole == 0:
        return [total, *[0] * (len(weights) - 1)]
    parts, done, taken = [], 0, 0
    for weight in weights:
        done += weight
        upto = share(total, done, whole)
        parts.append(upto - taken)
        taken = upto
    return parts
