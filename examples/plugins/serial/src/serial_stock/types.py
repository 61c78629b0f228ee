"""The type of item `serial`: which units a line moves."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from wares import SCALE, CostContext, CostPlan, Issue, Item, ItemType, Line, Masters, PlannedMove, goods_moves, split

from serial_stock.attributes import SerialAttributes, numbers_on
from serial_stock.units import Units

Part = tuple[str, int]
"""A number and how much of it, millionths."""


class Serial(ItemType):
    """Goods of which every unit, or every lot, is known by its number and keeps its own cost."""

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
        """Its method keeps numbers apart, and how its units are known stays while there are some."""
        if item.cost_method != "specific":
            message = f"{item.sku} is valued by {item.cost_method}, which does not keep its numbers apart"
            yield Issue("SERIAL_COST_METHOD", message, path="cost_method", hint='give "cost_method": "specific"')
        if not masters.on_hand(item):
            return
        current = masters.item_by_id(item.id)
        if current.attributes is not None and current.attributes.tracking != item.attributes.tracking:
            message = f"{item.sku} is on hand by {current.attributes.tracking}"
            yield Issue("SERIAL_TRACKING_FIXED", message, path="attributes.tracking", hint="sell or adjust out what there is first")

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        """A move for each number, at its own cost; goods that come in share the value of their line by quantity."""
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
    """The numbers that a line moves, with how much of each. What it does not name is chosen where the item is `automatic`;
    fewer than its quantity when there are no more. (Whether all is well, `serial_stock.checks` has said before.)"""
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
    """Numbers that nothing has: DRILL-00001 and so on."""
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
    """The line with a part of its goods."""
    number, quantity = part
    sign = 1 if line.base_quantity > 0 else -1
    return line._replace(base_quantity=sign * quantity, given=line.given._replace(lot=number))


def _back(line: Line, ctx: CostContext) -> tuple[PlannedMove, ...]:
    """Goods of a document that are taken back: the numbers that the line names, else whichever moved first."""
    assert line.origin is not None
    named, of_move = numbers_on(line), Units.of(ctx.document).of_move
    if not named:
        return goods_moves(line, ctx)
    moves = tuple(move for move in line.origin.moves if of_move.get(move.id) in named)
    return goods_moves(line._replace(origin=line.origin._replace(moves=moves)), ctx)
