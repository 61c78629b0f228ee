"""The documents `build` and `unbuild`: a build turns components into an assembly, an unbuild reverses part of it.

Neither invents an amount. A build issues its components by their pools' cost methods and ties them to the build's line
by a group; the outputs of the line take their value from that group. The entry balances by itself:

    build    Dr inventory (assembly, by-products)   Cr inventory (components)   Cr build_absorption (services)
    unbuild  Cr inventory (assembly, by-products)   Dr inventory (components)   Dr build_absorption (services)
             the rest, the cost of the scrapped units: build_variance

An unbuild takes by-products out in the same proportion as it brings components back, since they carry part of the
components' cost. It is refused if too few by-products, or too few assemblies, are on hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wares import (
    STOCK_LINE_KEYS,
    Absorbed,
    Behaviours,
    Context,
    Document,
    DocumentType,
    Intent,
    Leg,
    LineInput,
    Origin,
    Plan,
    PlannedMove,
    Refused,
    Row,
    Side,
    absorb,
    extend,
    links_of,
)
from wares_assembly.types import BUILD, UNBUILD, Assembly, build_of, outputs, part_of

ABSORPTION = "build_absorption"
VARIANCE = "build_variance"


class Build(DocumentType):
    """The document that issues components and receives the good units at the components' cost."""

    key, title, prefix = BUILD, "build", "BLD"
    side = Side.STOCK
    direction = 1
    priced = False
    needs_item = True
    line_keys = STOCK_LINE_KEYS | {"scrapped", "components", "by_products", "extra_cost", "account"}

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        """Plan the issue of each line's components and the receipt of its units, one group per line, with a credit for
        each component that the build absorbs."""
        moves: list[PlannedMove] = []
        for row, contents in _with_contents(document):
            goods = _check_build(row, contents, do)
            absorbed = [cost for each in contents if each not in goods and (cost := _absorbed(each, ctx)).amount]
            absorbed.extend(_extra_cost(row, ctx))
            moves.extend(_issue(each, group=row.line.number) for each in goods)
            moves.extend(absorb(_received(row, ctx), absorbed))
        extra = {row.line.number: row.line.given.extra_cost for row in document.rows if row.line.given.extra_cost}
        return Plan(moves=tuple(moves), links=links_of(document, ctx), goods_amounts=extra)


class Unbuild(DocumentType):
    """The document that reverses part of a build: the assembly leaves at the build's cost, its components come back at
    the cost of their issue."""

    key, title, prefix = UNBUILD, "unbuild", "UNB"
    side = Side.STOCK
    sign = -1
    direction = -1
    priced = False
    needs_item = True
    stock_role = VARIANCE
    line_keys = STOCK_LINE_KEYS | {"from"}
    fulfils = {BUILD: UNBUILD}

    def comes_from_latest(self, given: LineInput) -> bool:
        """True: an unbuild without `from` takes the latest build with units left apart."""
        return True

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        """Plan moves that take their value from the moves of the build, and the return of the absorbed services."""
        moves: list[PlannedMove] = []
        legs: list[Leg] = []
        for row, contents in _with_contents(document):
            _require_assembly(row, do)
            moves.extend(_outputs_back(row, ctx))
            for each in contents:
                moves.extend(_component_back(each))
            legs.extend(_absorption_back(row, contents, ctx))
        returned = {leg.line: leg.amount for leg in legs if leg.role == ABSORPTION}
        for row, _ in _with_contents(document):
            part = _extra_cost_part(row)
            legs.extend(_back(part, build_of(row.line), row, ctx))
            returned[row.line.number] = part
        links = [link._replace(amount=returned.get(link.line, 0)) for link in links_of(document, ctx)]
        return Plan(moves=tuple(moves), legs=tuple(legs), links=tuple(links))


def _with_contents(document: Document) -> list[tuple[Row, list[Row]]]:
    """Return each line of the document with the components under it."""
    contents: dict[str, list[Row]] = {row.line.number: [] for row in document.rows if not row.line.content}
    for row in document.rows:
        if row.line.content and row.line.parent is not None:
            contents[row.line.parent].append(row)
    return [(row, contents[row.line.number]) for row in document.rows if not row.line.content]


def _require_assembly(row: Row, do: Behaviours) -> None:
    item = row.line.item
    assert item is not None
    if not isinstance(do.type_of(item), Assembly):
        raise Refused.because(
            "NOT_AN_ASSEMBLY",
            f"{item.sku} ({item.type}) is not an assembly and cannot be built or unbuilt",
            path=f"{row.line.path}.item",
            hint="name an assembly, or adjust the stock of this item",
        )


# --- build -----------------------------------------------------------------------------------------------------------


def _check_build(row: Row, contents: Sequence[Row], do: Behaviours) -> list[Row]:
    """Return the components that are kept in stock. Refused NOT_AN_ASSEMBLY; NO_TRACKED_COMPONENT if there are none."""
    _require_assembly(row, do)
    goods = [each for each in contents if each.line.item is not None and do.type_of(each.line.item).tracked]
    if not goods:
        assert row.line.item is not None
        raise Refused.because(
            "NO_TRACKED_COMPONENT",
            f"{row.line.item.sku} cannot be built: none of its components is kept in stock",
            path=row.line.path,
            hint="add a stock item or an assembly to its components, or give components on the line",
        )
    return goods


def _issue(component: Row, *, group: str) -> PlannedMove:
    line = component.line
    assert line.item is not None
    return PlannedMove(
        line.item, -line.base_quantity, line.location, Intent.BY_METHOD, counter=None, group=group, lot=line.given.lot or "",
        line=line.number,
    )  # fmt: skip


def _absorbed(component: Row, ctx: Context) -> Absorbed:
    """Return the cost of a component without stock: its quantity at its standard cost, rounded once. Refused NO_COST."""
    line = component.line
    assert line.item is not None
    rate = line.given.unit_price
    if rate is None:
        raise Refused.because(
            "NO_COST",
            f"{line.item.sku} has no cost, so its share in the cost of the build is not known",
            path=line.path,
            hint=f"set the cost of {line.item.sku} (0 if it costs nothing)",
        )
    return Absorbed(extend(line.quantity, rate, ctx.decimals), ABSORPTION, line.item, line.number)


def _extra_cost(row: Row, ctx: Context) -> Iterable[Absorbed]:
    """Yield the cost of a build beside its components, credited to the account of the line, else to build absorption."""
    line, given = row.line, row.line.given
    assert line.item is not None
    if given.account is not None and not given.extra_cost:
        message = "the account of a build line is that of its extra cost, and there is none"
        raise Refused.because("BAD_VALUE", message, path=f"{line.path}.account", hint="give extra_cost, or leave account out")
    if given.extra_cost:
        account = ctx.masters.account(given.account, f"{line.path}.account") if given.account is not None else None
        yield Absorbed(given.extra_cost, ABSORPTION, line.item, line.number, account)


def _received(row: Row, ctx: Context) -> list[PlannedMove]:
    """Return the receipts of a build line: each output takes its share of the issued cost, and later of the absorbed costs."""
    line = row.line
    return [
        PlannedMove(
            output.item, output.quantity, line.location, Intent.FROM_INPUTS, 0, counter=None, group=line.number,
            share=output.share, lot=line.given.lot or "", line=line.number,
        )
        for output in outputs(line, ctx.masters)
    ]  # fmt: skip


# --- unbuild ---------------------------------------------------------------------------------------------------------


def _outputs_back(row: Row, ctx: Context) -> list[PlannedMove]:
    """Return the issue of the assembly at its receipt cost, and of its by-products for the part of the build that is undone."""
    line = row.line
    origin = build_of(line)
    moves = []
    for output in origin.moves:
        item = ctx.masters.item_by_id(output.item_id)
        is_main = line.item is not None and item.id == line.item.id
        quantity = line.base_quantity if is_main else part_of(output.quantity, line, origin, output.taken_back)
        if output.quantity > 0 and quantity:
            moves.append(
                PlannedMove(
                    item, -quantity, line.location, Intent.AT_RECEIPT_COST, counter=VARIANCE, origin=output.id,
                    lot=line.given.lot or "", line=line.number,
                )
            )  # fmt: skip
    return moves


def _component_back(component: Row) -> list[PlannedMove]:
    """Return the receipt of a component at the cost of its issue; nothing for a component without stock."""
    line = component.line
    assert line.item is not None
    assert line.origin is not None
    issue = next((move for move in line.origin.moves if move.quantity < 0), None)
    if issue is None:
        return []
    back = PlannedMove(line.item, line.base_quantity, line.location, Intent.AT_ISSUE_COST, counter=VARIANCE, origin=issue.id)
    return [back._replace(line=line.number)]


def _absorption_back(row: Row, contents: Sequence[Row], ctx: Context) -> Iterable[Leg]:
    """Yield the legs that return the cost absorbed for these units, cumulatively rounded, also where a component's part is
    too small to show a quantity."""
    origin = build_of(row.line)
    sublines = {each.line.origin.id: each.line.number for each in contents if each.line.origin is not None}
    for component in origin.contents:
        if component.moves:
            continue
        absorbed = extend(component.quantity, component.unit_price or 0, ctx.decimals)
        part = part_of(absorbed, row.line, origin, component.done.get(UNBUILD, (0, 0))[1])
        number = sublines.get(component.id, row.line.number)
        yield from _back(part, component, row, ctx, number)


def _extra_cost_part(row: Row) -> int:
    """Return the part of the build's extra cost that falls on the units of an unbuild line."""
    origin = build_of(row.line)
    return part_of(origin.goods_amount, row.line, origin, origin.done.get(UNBUILD, (0, 0))[1])


def _back(part: int, origin: Origin, row: Row, ctx: Context, number: str | None = None) -> Iterable[Leg]:
    """Yield the legs that return absorbed cost to the account that the build credited."""
    if part:
        account_id = origin.accounts.get(ABSORPTION)
        account = ctx.masters.account_by_id(account_id) if account_id is not None else None
        line = row.line.number if number is None else number
        yield Leg(part, ABSORPTION, account, line=line, item=origin.item)
        yield Leg(-part, VARIANCE, line=line, item=origin.item)
