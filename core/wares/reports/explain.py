"""Explain the cost of a document: the source of every cent.

    line → contents → layers → receipts and bills → builds → components → ...

It reads stored facts alone. A node shows an item (`sku`), or the document that gave the goods or value (`document`), a quantity
and a cost. Its `sources` are empty if the cost is a fact of its own; otherwise they sum to the cost exactly, split by largest
remainder. In a pool that is valued as a whole an issue comes from all receipts since the pool was last empty, in proportion to
their remainders (`wares.reports.composition`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from wares.costing.method import CostMethod
from wares.costing.methods import COST_METHODS
from wares.model import GOODS_AT_ORIGIN_COST, OUTPUTS, Intent
from wares.reports.documents import find_document
from wares.reports.move_facts import Move, MoveFacts
from wares.storage.unit import Reader
from wares.values import JsonObject, extend, money, share, split, unscaled

MOST_NODES = 10_000
"""Largest number of nodes that are opened, nearest to the line first; nodes that stay closed are marked `"more": true`."""


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
        self.facts = MoveFacts(reader, methods)
        self.waiting: list[tuple[JsonObject, Move, int, int]] = []
        self._sources: dict[int, list[ValueSource]] = {}

    def document(self, document_id: int) -> list[JsonObject]:
        """Return the trees of a document, opened from the line outwards."""
        lines = self.reader.rows(
            "SELECT l.line_id, l.number, l.parent_id, l.quantity, i.sku FROM wares_line l "
            "JOIN wares_item i ON i.company_id = l.company_id AND i.item_id = l.item_id "
            "WHERE l.company_id = ? AND l.document_id = ? ORDER BY l.position",
            document_id,
        )
        moves = self.facts.read("m.document_id = ? ORDER BY m.sequence", document_id)
        outputs = {move.group_id for move in moves if move.intent in OUTPUTS}
        shown: dict[int, list[Move]] = defaultdict(list)
        for move in moves:
            if move.intent != Intent.QUANTITY_ONLY and (move.intent in OUTPUTS or move.group_id not in outputs):
                shown[move.line_id].append(move)
        trees: list[JsonObject] = []
        wholes: dict[int, JsonObject] = {}
        for line_id, line, parent_id, quantity, sku in lines:
            nodes = [self._line_node(line, move) for move in shown[line_id]]
            parent = wholes.get(parent_id) if parent_id else None
            if parent is not None:
                parent["sources"] += nodes
            elif nodes:
                trees += nodes
            elif parent_id is None:
                wholes[line_id] = {"line": line, "sku": sku, "quantity": unscaled(quantity), "cost": 0, "sources": []}
                trees.append(wholes[line_id])
        self._open()
        for whole in wholes.values():
            whole["cost"] = sum((node["cost"] for node in whole["sources"]), money(0, self.reader.decimals))
        empty = {id(whole) for whole in wholes.values() if not whole["sources"]}
        return [tree for tree in trees if id(tree) not in empty]

    def _line_node(self, line: str, move: Move) -> JsonObject:
        return {"line": line, **self._node({"sku": move.sku}, move, abs(move.quantity), abs(move.value))}

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
            self.facts.announce([move for _, move, _, _ in level])
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
            return self._of_pool(move) if self.facts.is_pooled(move.pool_id) else self._of_layers(move)
        if move.intent in OUTPUTS:
            return self._of_inputs(move)
        return self._of_facts(move) if move.intent == Intent.STATED else []

    def _of_origin(self, move: Move) -> list[ValueSource]:
        """Return the source of a return: its share of the value of the move that it returns."""
        origin = self.facts.move(move.origin_id or 0)
        return [ValueSource(_document(origin), abs(move.quantity), abs(move.value), origin)] if origin is not None else []

    def _went_back_as_it_came(self, move: Move) -> bool:
        """True if goods of a pool valued as a whole went back at their receipt's own cost, not at one that a guard limited.

        In a layered pool the layers show the cost.
        """
        origin = self.facts.move(move.origin_id or 0)
        if origin is None or not self.facts.is_pooled(move.pool_id):
            return False
        return abs(abs(move.value) - share(origin.value, abs(move.quantity), origin.quantity)) <= 1

    def _of_layers(self, move: Move) -> list[ValueSource]:
        taken = self.facts.taken(move)
        self.facts.need(each.receipt_id for each in taken)
        receipts = [self.facts.known(each.receipt_id) for each in taken]
        sources = [
            ValueSource(_document(receipt), each.quantity, each.value, receipt)
            for each, receipt in zip(taken, receipts, strict=True)
        ]
        sources.sort(key=lambda source: (source.move.at, source.move.sequence) if source.move else (0, 0))
        return [*sources, *_uncovered(move, sum(each.quantity for each in taken), sum(each.value for each in taken))]

    def _of_pool(self, move: Move) -> list[ValueSource]:
        parts = self.facts.composition_before(move)
        if not parts:
            return _uncovered(move, 0, 0)
        quantities = split(-move.quantity, [part.quantity for part in parts])
        costs = apportion(-move.value, [part.value for part in parts])
        self.facts.need(part.move_id for part in parts)
        receipts = [self.facts.known(part.move_id) for part in parts]
        return [
            ValueSource(_document(receipt), quantity, cost, receipt)
            for receipt, quantity, cost in zip(receipts, quantities, costs, strict=True)
        ]

    def _of_inputs(self, move: Move) -> list[ValueSource]:
        """Return the issues of a build with the services and the extra cost that it absorbed, or the issues of a transfer."""
        group = self.facts.read("m.document_id = ? AND m.group_id = ? ORDER BY m.sequence", move.document_id, move.group_id)
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
        row = self.reader.row("SELECT goods_amount FROM wares_line WHERE company_id = ? AND line_id = ?", move.group_id)
        extra = min(absorbed, row[0]) if row is not None else 0
        costs = apportion(absorbed - extra, [extend(quantity, rate or 0, self.reader.decimals) for _, quantity, rate in services])
        return [
            *(ValueSource({"sku": each.sku}, abs(each.quantity), -each.value, each) for each in issues),
            *(ValueSource({"sku": sku}, quantity, cost) for (sku, quantity, _), cost in zip(services, costs, strict=True)),
            *([ValueSource({"kind": "extra_cost"}, None, extra)] if extra else []),
        ]

    def _of_facts(self, move: Move) -> list[ValueSource]:
        """Return the receipt at its own price, and the additions of bills, rebates and landed cost.

        Nothing is returned without additions, or if the method values the receipt in another way (a standard rate).
        """
        additions = self.facts.additions(move)
        stated = move.stated or 0
        if not additions or stated + sum(each.amount for each in additions) != move.value:
            return []
        return [
            ValueSource(_document(move), move.quantity, stated),
            *(
                ValueSource({"document": each.document, "type": each.type, "kind": each.kind}, None, each.amount)
                for each in additions
            ),
        ]


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
