"""Expanding lines: a kit into its contents, which move under it; a group or master into the rows that replace it."""

from __future__ import annotations

from collections.abc import Callable

from wares.contract.item_type import ItemType
from wares.errors import Issue, Refused
from wares.model import Context, Expansion, Item, Line, NewLine, Side
from wares.values import MAX_SCALED, SCALE, unscaled

DEEPEST = 20
"""The most levels of rows that expand into rows. The catalogue refuses cycles; this limit guards against plugins."""

ExpandLine = Callable[[Line, Context], Expansion]
TypeOf = Callable[[Item], ItemType]


class Expanded:
    """A line after expansion; `replaced` is true if its sublines, which follow it, replace it."""

    __slots__ = ("line", "replaced")

    def __init__(self, line: Line, replaced: bool) -> None:
        self.line = line
        self.replaced = replaced


def expand(lines: tuple[Line, ...], ctx: Context, expand_line: ExpandLine, type_of: TypeOf) -> list[Expanded]:
    """Return every line followed by its sublines. Raises Refused with the Issues of all lines together."""
    expanded: list[Expanded] = []
    issues: list[Issue] = []
    for line in lines:
        try:
            _expand(line, ctx, expand_line, type_of, expanded, 0)
        except Refused as refusal:
            issues.extend(refusal.issues)
    if issues:
        raise Refused(issues)
    return expanded


def _expand(line: Line, ctx: Context, expand_line: ExpandLine, type_of: TypeOf, into: list[Expanded], depth: int) -> None:
    item = line.item
    if item is None:
        into.append(Expanded(line, replaced=False))
        return
    check_usable(line, type_of(item), ctx)
    expansion = expand_line(line, ctx)
    _check_expansion(line, expansion)
    into.append(Expanded(line, replaced=bool(expansion.rows)))
    if depth > DEEPEST:
        raise Refused.because("TOO_DEEP", f"{item.sku} expands more than {DEEPEST} levels deep", path=line.path)
    for index, new in enumerate(expansion.contents, start=1):
        into.append(Expanded(_subline(line, index, new, content=True), replaced=False))
    for index, new in enumerate(expansion.rows, start=1):
        _expand(_subline(line, index, new, content=False), ctx, expand_line, type_of, into, depth + 1)


def _check_expansion(line: Line, expansion: Expansion) -> None:
    """Refuse components or variants that the expansion did not use, and quantities beyond the limit."""
    given, sku = line.given, line.given.item
    if given.components and not expansion.contents:
        path = f"{line.path}.components"
        raise Refused.because("NO_COMPONENTS", f"{sku} takes no components here", path=path, hint="leave components out")
    if given.variants and not expansion.rows:
        path = f"{line.path}.variants"
        raise Refused.because("NO_VARIANTS", f"{sku} takes no variants here", path=path, hint="leave variants out")
    for new in (*expansion.contents, *expansion.rows):
        if abs(new.quantity) > MAX_SCALED:
            message = f"{unscaled(line.quantity)} of {sku} asks for more {new.item.sku} than Wares can keep"
            raise Refused.because("TOO_LARGE", message, path=f"{line.path}.quantity", hint="lower the quantity")


def _subline(parent: Line, index: int, new: NewLine, *, content: bool) -> Line:
    given = parent.given._replace(
        item=new.item.sku,
        quantity=new.quantity,
        unit_price=new.unit_price,
        unit_cost=new.unit_price if not content else None,
        amount=None,
        unit=None,
        unit_factor=SCALE,
        discount=0 if content else parent.given.discount,
        origin=None,
        components=None,
        variants=None,
        description=None,
        attributes=None,
        lot=parent.given.lot if new.lot is None else new.lot or None,
        scrapped=0,
        by_products=None,
    )
    return Line(
        f"{parent.number}.{index}", parent.number, new.item, new.quantity, new.quantity, parent.location, given,
        new.origin, content,
    )  # fmt: skip


def check_usable(line: Line, kind: ItemType, ctx: Context) -> None:
    """Refuse an item that is retired, or whose type this kind of document does not take."""
    item, header = line.item, ctx.header
    assert item is not None
    takes_back = header.type.sign < 0 or line.origin is not None
    if not item.active and not takes_back:
        raise Refused.because("ITEM_RETIRED", f"{item.sku} is retired", path=f"{line.path}.item", hint="use another item")
    side = header.type.side
    if side is Side.SALE and not kind.sold:
        raise Refused.because("NOT_SOLD", f"{item.sku} ({kind.title}) cannot be sold", path=f"{line.path}.item")
    if side is Side.PURCHASE and not kind.bought:
        hint = "buy its contents instead" if kind.content_types else "use it on a sale"
        raise Refused.because("NOT_BOUGHT", f"{item.sku} ({kind.title}) cannot be bought", path=f"{line.path}.item", hint=hint)
    if side is Side.STOCK and not kind.tracked:
        raise Refused.because(
            "NOT_TRACKED",
            f"{item.sku} ({kind.title}) keeps no stock and cannot stand on a {header.type.key}",
            path=f"{line.path}.item",
            hint=f"leave the {unscaled(line.quantity)} out",
        )
