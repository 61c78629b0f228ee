"""Checks of a document's numbers before any goods move."""

from __future__ import annotations

from collections.abc import Iterator

from wares import SCALE, Context, Document, Issue, Line, Row, Side, unscaled

from serial_stock.attributes import expiry_on, numbers_on
from serial_stock.types import parts_of
from serial_stock.units import TYPE, Units


def problems(document: Document, ctx: Context) -> Iterator[Issue]:
    """Yield the Issues of all lines that move goods of this type."""
    units = Units.of(ctx)
    seen: set[tuple[int, str]] = set()
    for row in document.rows:
        if row.line.item is None or row.line.item.type != TYPE or not _moves(row, ctx):
            continue
        yield from _of_numbers(row.line, seen)
        if row.line.origin is not None and ctx.sign < 0:
            yield from _of_return(row.line, units)
        elif ctx.header.to_location is None:
            yield from _of_line(row.line, ctx, units, seen)


def _moves(row: Row, ctx: Context) -> bool:
    return row.line.given.counted is not None or ctx.header.type.moves_goods(row, ctx)


def _of_numbers(line: Line, seen: set[tuple[int, str]]) -> Iterator[Issue]:
    """Yield the Issues of the numbers alone: their count, repetitions, several lots, or a stock count."""
    item, named = line.item, numbers_on(line)
    assert item is not None
    if line.given.counted is not None:
        hint = "post an adjustment with the numbers that are missing or were found"
        yield Issue("SERIAL_COUNTED", f"{item.sku} is tracked by number and cannot be counted", path=line.path, hint=hint)
        return
    if item.attributes.tracking == "lot" and len(named) > 1:
        yield Issue("LOT_MANY", f"{item.sku} is tracked by lot: a line has one", path=line.path, hint="give each lot its own line")
    for number in named:
        if item.attributes.tracking == "serial" and (item.id, number) in seen:
            yield Issue("SERIAL_TWICE", f"{number} of {item.sku} stands twice on the document", path=line.path)
        seen.add((item.id, number))
    if item.attributes.tracking == "serial" and named and len(named) * SCALE != abs(line.base_quantity):
        message = f"{unscaled(abs(line.base_quantity))} of {item.sku} have {len(named)} serial numbers"
        yield Issue("SERIAL_COUNT", message, path=f"{line.path}.quantity", hint="give a number for each unit")


def _of_return(line: Line, units: Units) -> Iterator[Issue]:
    """Yield SERIAL_NOT_MOVED for each number that did not move with the document of the origin."""
    assert line.origin is not None
    assert line.item is not None
    there = {units.of_move.get(move.id) for move in line.origin.moves if abs(move.quantity) > move.taken_back}
    for number in numbers_on(line):
        if number not in there:
            message = f"{number} of {line.item.sku} did not move with {line.origin.number}, or was returned already"
            yield Issue("SERIAL_NOT_MOVED", message, path=line.path)


def _of_line(line: Line, ctx: Context, units: Units, seen: set[tuple[int, str]]) -> Iterator[Issue]:
    item = line.item
    assert item is not None
    comes_in = ctx.header.type.direction * line.base_quantity > 0
    parts = parts_of(line, units, comes_in=comes_in)
    if not numbers_on(line):
        yield from _of_automatic(line, sum(quantity for _, quantity in parts), seen)
    for number, quantity in parts:
        yield from (_incoming if comes_in else _outgoing)(line, number, quantity, ctx, units)


def _of_automatic(line: Line, found: int, seen: set[tuple[int, str]]) -> Iterator[Issue]:
    """Yield the Issues of a line that names no numbers."""
    item, wanted = line.item, abs(line.base_quantity)
    assert item is not None
    hint = 'name them in "attributes": {"serials": [...]}' if item.attributes.tracking == "serial" else 'name it in "lot"'
    if not item.attributes.automatic:
        yield Issue("SERIAL_MISSING", f"{item.sku} is tracked by number, and the line names none", path=line.path, hint=hint)
    elif found != wanted:
        message = f"{unscaled(wanted)} of {item.sku} are asked for, and only {unscaled(found)} can be given numbers"
        yield Issue("SERIAL_SHORT", message, path=f"{line.path}.quantity", hint="give whole units, at most those on hand")
    elif any(each == item.id for each, _ in seen):
        message = f"another line moves {item.sku} too, so numbers cannot be given automatically"
        yield Issue("SERIAL_TWO_LINES", message, path=line.path, hint=f"combine the lines, or {hint}")
    seen.add((item.id, ""))


def _incoming(line: Line, number: str, quantity: int, ctx: Context, units: Units) -> Iterator[Issue]:
    item = line.item
    assert item is not None
    expires, known = expiry_on(line), units.expires.get((item.id, number))
    if item.attributes.expires and not (expires or known):
        hint = 'give "attributes": {"expires": "2026-12-31"}'
        yield Issue("EXPIRY_MISSING", f"{number} of {item.sku} has no expiry date", path=line.path, hint=hint)
    if known is None:
        return
    if item.attributes.tracking == "lot":
        if expires and known and expires != known:
            yield Issue("EXPIRY_DIFFERS", f"the lot {number} of {item.sku} expires {known}, not {expires}", path=line.path)
    elif ctx.side is Side.PURCHASE or units.on_hand(item.id, number) > 0:
        hint = "check the number; a sold unit comes back with a credit_note from its sale"
        yield Issue("SERIAL_EXISTS", f"{number} of {item.sku} came in before", path=line.path, hint=hint)


def _outgoing(line: Line, number: str, quantity: int, ctx: Context, units: Units) -> Iterator[Issue]:
    item = line.item
    assert item is not None
    held = units.held.get((item.id, number, line.location.id), 0)
    if held < quantity:
        there = [name for name, _ in units.first_to_expire(item.id, line.location.id)]
        message = f"only {unscaled(held)} of {number} of {item.sku} are at {line.location.code}, not {unscaled(quantity)}"
        yield Issue("SERIAL_NOT_HERE", message, path=line.path, hint=f"on hand there: {', '.join(there[:10]) or 'none'}")
    expires = units.expires.get((item.id, number), 0)
    if ctx.side is Side.SALE and 0 < expires < ctx.header.day:
        hint = "sell another, or adjust it out"
        yield Issue("SERIAL_EXPIRED", f"{number} of {item.sku} expired {expires}", path=line.path, hint=hint)
