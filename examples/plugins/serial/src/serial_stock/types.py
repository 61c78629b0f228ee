"""The item type `serial`, and the choice of the units that a line moves."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from wares import SCALE, CostContext, CostPlan, Issue, Item, ItemType, Line, Masters, PlannedMove, goods_moves, split

from serial_stock.attributes import SerialAttributes, numbers_on
from serial_stock.units import Units

Part = tuple[str, int]
"""A number and its quantity in millionths."""


class Serial(ItemType):
    """The item type of goods of which every unit, or every lot, has a number and its own cost."""

    key = "serial"
    title = "Serial-numbered or lot-tracked stock"
    summary = "On the shelf by serial number or lot: each keeps its own cost, and you know which one was sold to whom."
    tracked = True
    Attributes = SerialAttributes
    example_records = (
        {
            "record": "item", "type": "serial", "sku": "DRILL", "price": "90", "cost": "60", "cost_method": "specific",
            "attributes": {"automatic": True},
        },
    )  # fmt: skip

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Require the cost method `specific`, and refuse another tracking while units are on hand."""
        if item.cost_method != "specific":
            message = f"{item.sku} has the cost method {item.cost_method}, which does not keep the cost of each number"
            yield Issue("SERIAL_COST_METHOD", message, path="cost_method", hint='give "cost_method": "specific"')
        if not masters.on_hand(item):
            return
        current = masters.item_by_id(item.id)
        if current.attributes is not None and current.attributes.tracking != item.attributes.tracking:
            message = f"{item.sku} is on hand, tracked by {current.attributes.tracking}"
            yield Issue("SERIAL_TRACKING_FIXED", message, path="attributes.tracking", hint="sell or adjust out its stock first")

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        """Return a move for each number, at its own cost; numbers that come in share the value of their line by quantity."""
        kind = ctx.document.header.type
        if line.origin is not None and kind.sign < 0:
            return CostPlan(moves=_back(line, ctx))
        parts = parts_of(line, Units.of(ctx.document), comes_in=kind.direction * line.base_quantity > 0)
        values = [None] * len(parts) if ctx.value is None else split(ctx.value, [quantity for _, quantity in parts])
        return CostPlan(
            moves=tuple(
                move
                for part, value in zip(parts, values, strict=True)
                for move in goods_moves(_only(line, part), ctx._replace(value=value))
            )
        )


def parts_of(line: Line, units: Units, *, comes_in: bool) -> list[Part]:
    """Return the numbers that a line moves, with the quantity of each. If the line names none and the item is `automatic`, they
    are chosen: fewer than its quantity if no more are on hand. (`serial_stock.checks` refuses wrong lines before.)"""
    item, total = line.item, abs(line.base_quantity)
    assert item is not None
    by_unit = item.attributes.tracking == "serial"
    if named := numbers_on(line):
        return [(number, SCALE) for number in named] if by_unit else [(named[0], total)]
    if not item.attributes.automatic:
        return []
    if comes_in:
        quantities = [SCALE] * (total // SCALE) if by_unit else [total]
        return list(zip(_new_numbers(item, units), quantities, strict=False))
    return _picked(units.first_to_expire(item.id, line.location.id), total)


def _new_numbers(item: Item, units: Units) -> Iterable[str]:
    """Yield numbers that are not in use: DRILL-00001 and so on."""
    return (number for index in count(1) if (item.id, number := f"{item.sku}-{index:05d}") not in units.expires)


def _picked(there: Iterable[Part], total: int) -> list[Part]:
    picked: list[Part] = []
    for number, held in there:
        part = min(held, total)
        if part:
            picked.append((number, part))
            total -= part
    return picked


def _only(line: Line, part: Part) -> Line:
    """Return the line with a part of its goods."""
    number, quantity = part
    sign = 1 if line.base_quantity > 0 else -1
    return line._replace(base_quantity=sign * quantity, given=line.given._replace(lot=number))


def _back(line: Line, ctx: CostContext) -> tuple[PlannedMove, ...]:
    """Return the moves of goods that are taken back: the numbers that the line names, else those that moved first."""
    assert line.origin is not None
    named, of_move = numbers_on(line), Units.of(ctx.document).of_move
    if not named:
        return goods_moves(line, ctx)
    moves = tuple(move for move in line.origin.moves if of_move.get(move.id) in named)
    return goods_moves(line._replace(origin=line.origin._replace(moves=moves)), ctx)
