"""The type `assembly`: stock with a bill of materials, and the contents and outputs of its build and unbuild lines."""

from __future__ import annotations

from typing import NamedTuple

from wares import (
    HUNDRED_PERCENT,
    Component,
    Context,
    Expansion,
    Issue,
    Item,
    ItemType,
    Line,
    Masters,
    NewLine,
    Origin,
    Refused,
    chosen_contents,
    divide,
    share,
    times,
    unscaled,
)

BUILD = "build"
UNBUILD = "unbuild"


class Assembly(ItemType):
    """The item type of stock that is built out of components."""

    key = "assembly"
    title = "Assembly"
    summary = "Built out of components and kept on the shelf; its cost is the cost of its components."
    example_records = (
        {"record": "item", "type": "stock", "sku": "BOLT", "price": "0.20", "cost": "0.08"},
        {
            "record": "item",
            "type": "assembly",
            "sku": "FRAME",
            "price": "9",
            "cost": "4",
            "components": [{"sku": "BOLT", "quantity": "4"}],
        },
    )
    tracked = True
    content_types = frozenset({"stock", "assembly", "non_stock", "service", "expense"})
    plans_components = True

    def roles(self) -> frozenset[str]:
        return super().roles() | {"build_absorption", "build_variance"}

    def may_change_components(self, item: Item, masters: Masters) -> Issue | None:
        """Return COMPONENTS_LOCKED while units that a build brought in are on hand."""
        on_hand = masters.on_hand(item)
        if not on_hand or not masters.received_by(item, BUILD):
            return None
        return Issue(
            "COMPONENTS_LOCKED",
            f"the components of {item.sku} cannot change while {unscaled(on_hand)} are on hand from a build",
            path="components",
            hint="sell, unbuild or adjust them to 0 first, give components on the build line, or make a new assembly",
        )

    def expand(self, line: Line, ctx: Context) -> Expansion:
        """Return the components that a build consumes or an unbuild brings back; on other documents, nothing: the
        assembly moves as stock."""
        if line.content:
            return Expansion()
        if ctx.header.type.key == BUILD:
            return Expansion(contents=self._consumed(line, ctx.masters))
        if ctx.header.type.key == UNBUILD:
            return Expansion(contents=_returned(line))
        return Expansion()

    def _consumed(self, line: Line, masters: Masters) -> tuple[NewLine, ...]:
        """Return the components used: as given on the line, else by the bill of materials for all units begun. Each keeps its
        present cost as its rate: the cost that a component without stock adds to the build, and takes off again in each
        unbuild."""
        item = line.item
        assert item is not None
        chosen = chosen_contents(line, self, masters)
        if line.given.components is not None:
            return tuple(NewLine(each.item, each.quantity, each.item.cost, lot=each.lot or "") for each in chosen)
        begun = units_begun(line)
        return tuple(
            NewLine(each.item, needed, each.item.cost, lot="")
            for each, row in zip(chosen, item.contents, strict=True)
            if (needed := needed_for(row, begun, item.makes))
        )


def needed_for(row: Component, begun: int, makes: int) -> int:
    """Return the quantity of a BOM row that a build takes for the units begun, rounded once: the quantity for them with the
    loss on top, plus the set-up quantity, rounded up to the multiple."""
    whole = makes * HUNDRED_PERCENT
    exact = begun * row.quantity * (HUNDRED_PERCENT + row.loss) + row.setup_quantity * whole  # in parts of `whole`
    if row.multiple is None:
        return divide(exact, whole)
    return -(-exact // (whole * row.multiple)) * row.multiple


class Output(NamedTuple):
    """One item that a build line yields: the assembly or a by-product."""

    item: Item
    quantity: int
    """Units received, in millionths of the item's unit."""
    share: int
    """Part of the build's value, in millionths of a percent; the shares of a line sum to 100 %."""


def units_begun(line: Line) -> int:
    """Return the good and scrapped units of a build line together, in millionths of the item's unit."""
    return line.base_quantity + times(line.given.scrapped, line.given.unit_factor)


def outputs(line: Line, masters: Masters) -> tuple[Output, ...]:
    """Return the assembly and its by-products: with the quantities received if the line gives them, else by the master for
    all units begun. The assembly takes the rest of the value that no by-product takes."""
    item = line.item
    assert item is not None
    begun = units_begun(line)
    if line.given.by_products is None:
        received = {each.item_id: divide(begun * each.quantity, item.makes) for each in item.by_products}
    else:
        received = _as_received(line, masters)
    others = tuple(
        Output(masters.item_by_id(each.item_id), quantity, each.share or 0)
        for each in item.by_products
        if (quantity := received.get(each.item_id, 0))
    )
    rest = HUNDRED_PERCENT - sum(each.share for each in others)
    return Output(item, line.base_quantity, rest), *others


def _as_received(line: Line, masters: Masters) -> dict[int, int]:
    assert line.item is not None
    assert line.given.by_products is not None
    path, known = f"{line.path}.by_products", {each.item_id for each in line.item.by_products}
    received: dict[int, int] = {}
    for sku, quantity in line.given.by_products:
        by_product = masters.item(sku, path)
        if by_product.id not in known:
            raise Refused.because(
                "NOT_A_BY_PRODUCT",
                f"{sku} is not a by-product of {line.item.sku}, so its share of the value is not known",
                path=path,
                hint=f"add it to the by_products of {line.item.sku}, or leave it out",
            )
        received[by_product.id] = received.get(by_product.id, 0) + quantity
    return received


def _returned(line: Line) -> tuple[NewLine, ...]:
    """Return the build's components for these units, cumulatively rounded. The components of scrapped units do not come
    back."""
    origin = build_of(line)
    return tuple(
        NewLine(content.item, part, content.unit_price, content, lot="")
        for content in origin.contents
        if content.item is not None and (part := part_of(content.quantity, line, origin, content.done.get(UNBUILD, (0, 0))[0]))
    )


def build_of(line: Line) -> Origin:
    """Return the build that an unbuild line takes apart. Refused NO_BUILD, OTHER_ITEM, or MORE_THAN_LEFT if fewer units are
    left of it."""
    item, origin = line.item, line.origin
    assert item is not None
    if origin is None:
        raise Refused.because(
            "NO_BUILD",
            f"no build of {item.sku} has units left to unbuild",
            path=f"{line.path}.from",
            hint="name the build in from, or adjust the stock of the assembly and its components",
        )
    if origin.item is None or origin.item.id != item.id or origin.document_type != BUILD:
        raise Refused.because(
            "OTHER_ITEM",
            f"{origin.number} did not build {item.sku}",
            path=f"{line.path}.from",
            hint=f"name a line of a build of {item.sku}",
        )
    left = origin.quantity - line.done
    if line.quantity > left:
        raise Refused.because(
            "MORE_THAN_LEFT",
            f"{origin.number} has {unscaled(left)} of {item.sku} left to unbuild, not {unscaled(line.quantity)}",
            path=f"{line.path}.quantity",
            hint="lower the quantity, or name another build for the rest",
        )
    return origin


def part_of(total: int, line: Line, origin: Origin, returned: int) -> int:
    """Return the part of `total` (for all units begun) that falls on the units of an unbuild line, cumulatively rounded, less
    the part really `returned` before. The last unbuild thus takes the rest, also after one in between was voided."""
    begun = origin.quantity + origin.scrapped
    if line.done != origin.done.get(UNBUILD, (0, 0))[0]:  # an earlier line of this document has returned some too
        returned = share(total, line.done, begun)
    return max(0, share(total, line.done + line.quantity, begun) - returned)
