"""Item types: how a kind of item is validated, expanded on a document, priced, costed and mapped to accounts.

Subclass `ItemType`, set the facts (tracked, sold, bought, roles) and override the behaviour that differs. Register the object with
the hook `wares_item_types`. The defaults are those of an untracked item with a price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from wares.errors import Issue, Refused
from wares.model import (
    AccountQuery,
    Content,
    Context,
    CostContext,
    CostPlan,
    Expansion,
    Intent,
    Item,
    Line,
    Masters,
    PlannedMove,
    PriceContext,
    Pricing,
    Side,
)
from wares.values import Record, extend, share, times, unscaled

NO_EXPANSION = Expansion()
"""The expansion of a line that stays as it is."""


class Attributes(BaseModel):
    """Base of every `Attributes` model: frozen, unknown keys refused. Use Decimal for numbers, never float."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(BaseModel):
    """A question of `wares which` for one item type.

    `text` asks for yes or no, and a yes speaks for `type`. `because` is the reason shown if the answer decides. `weight` orders the
    questions, low first.
    """

    model_config = ConfigDict(frozen=True)
    key: str
    text: str
    type: str
    because: str
    weight: int = 100


class ItemType:
    """A type of item. Its facts are class attributes. Its behaviour methods are pure: values in, values out."""

    key: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str] = ""
    tracked: ClassVar[bool] = False
    """True if the books keep its quantity on hand and its value."""
    sold: ClassVar[bool] = True
    bought: ClassVar[bool] = True
    calculates: ClassVar[bool] = False
    """True for a row that acts on other rows (charge, discount, subtotal) and is no thing itself."""
    sale_role: ClassVar[str] = "income"
    purchase_role: ClassVar[str] = "expense"
    content_types: ClassVar[frozenset[str]] = frozenset()
    """Types that its components may have; empty = it has no components."""
    needs_contents: ClassVar[bool] = False
    plans_components: ClassVar[bool] = False
    """True if its components may have a set-up quantity, a loss and a multiple: a bill of materials."""
    Attributes: ClassVar[type[Attributes]] = Attributes
    example_records: ClassVar[tuple[Record, ...]] = ()
    """Records, as `wares load` takes them, for `wares plugins check`. The last item of this type is the example: it needs the
    records before it, and the records after it build on it."""

    def example_line(self, sku: str, quantity: int | Decimal) -> Record:
        """Return a line with this quantity of an example, for `wares plugins check`. Override it if a line needs more keys."""
        return {"item": sku, "quantity": str(quantity)}

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Return the problems of this item, beyond the facts above, which the core checks."""
        return ()

    def may_change_components(self, item: Item, masters: Masters) -> Issue | None:
        """Return the reason why the components of this stored item may not change now; None = they may."""
        return None

    def missing_variants(self, item: Item, masters: Masters) -> Iterable[Record]:
        """Return records of the variants that this master could have and does not have yet, for `wares items variants`."""
        return ()

    def expand(self, line: Line, ctx: Context) -> Expansion:
        """Return the contents that move under the line, or the rows that replace it. May raise Refused."""
        return NO_EXPANSION

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return the line's amount: as given, else quantity × unit price less the discount column, rounded once."""
        return plain_price(line, ctx)

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        """Return the moves of this line, and the costs that its goods absorb. An untracked item has none."""
        if not self.tracked or line.item is None:
            return CostPlan()
        return CostPlan(moves=goods_moves(line, ctx))

    def account(self, query: AccountQuery, ctx: Context) -> str | None:
        """Return the code of the account that this type insists on for a role; None = the mapping rules of the books decide."""
        return None

    def availability(self, item: Item, own: int, contents: Mapping[int, int | None]) -> int | None:
        """Return the quantity that can be promised, millionths; None = no limit, because nothing of it is stocked.

        `own` is the item's stock less its reserved quantity. `contents` is the same of each of its contents, by item id.
        """
        return own if self.tracked else None

    def roles(self) -> frozenset[str]:
        """Return every role to which lines of this type may be posted, for checks and contracts."""
        stock = {"inventory", "cogs", "inventory_adjustment"} if self.tracked else set()
        return frozenset({self.sale_role, self.purchase_role, *stock})


def plain_price(line: Line, ctx: PriceContext) -> Pricing:
    """Return the amount as given, else quantity × unit price × (1 − discount). Purchases and stock documents use the unit cost."""
    given, item, origin = line.given, line.item, line.origin
    is_sale = ctx.document.side is Side.SALE
    price = given.unit_price if is_sale else given.unit_cost
    if given.amount is not None:
        free = 0 if not given.amount else None  # a line that comes from a free line is free too
        return Pricing(given.amount, free, discount=given.discount)
    if price is None and origin is not None and (origin.unit_price is not None or origin.amount):
        return origin_price(line)
    if price is None and item is not None:
        of_item = item.price if is_sale else item.cost
        price = None if of_item is None else ctx.document.in_currency(times(of_item, given.unit_factor))  # it is for its own unit
    if price is None:
        key = "unit_price" if is_sale else "unit_cost"
        name = item.sku if item else "a line without an item"
        raise Refused.because(
            "NO_PRICE",
            f"{name} has no {key}",
            path=f"{line.path}.{key}",
            hint=f"give {key} or amount on the line, or set it on the item",
        )
    amount = extend(line.quantity, price, ctx.document.decimals, given.discount)
    return Pricing(amount, price, discount=given.discount)


def origin_price(line: Line) -> Pricing:
    """Return the price of a line that has an origin and no price of its own: its share of the origin's amount, cumulatively
    rounded, so that the parts sum to the whole."""
    origin = line.origin
    assert origin is not None
    return Pricing(origin_part(line), origin.unit_price, discount=origin.discount)


def origin_part(line: Line) -> int:
    """Return the part of its origin's amount that the line takes: its share, cumulatively rounded, less the amounts that others
    took, so that the last line takes the rest even if one in between was voided."""
    origin = line.origin
    assert origin is not None
    return share(origin.amount, line.done + line.quantity, origin.quantity) - line.done_amount


def chosen_contents(line: Line, kind: ItemType, masters: Masters) -> tuple[Content, ...]:
    """Return the components of the line's item with their quantities and lots: those given on the line, else those of the master.

    Refused if a component is retired. A given component is also refused if it is the item itself or its type may not stand in it.
    """
    item = line.item
    assert item is not None
    path = f"{line.path}.components"
    if line.given.components is None:
        contents = tuple(Content(masters.item_by_id(each.item_id), each.quantity) for each in item.contents)
        for content, _, _ in contents:
            if not content.active:
                message = f"{content.sku} in {item.sku} is retired"
                hint = f"give components on the line, or change those of {item.sku}"
                raise Refused.because("ITEM_RETIRED", message, path=path, hint=hint)
        return contents
    chosen = tuple(Content(masters.item(sku, path), quantity, lot) for sku, quantity, lot in line.given.components)
    for content, _, _ in chosen:
        if content.sku == item.sku:
            raise Refused.because("COMPONENT_CYCLE", f"{item.sku} cannot be a component of itself", path=path)
        if not content.active:
            raise Refused.because("ITEM_RETIRED", f"{content.sku} is retired", path=path, hint="use another item")
        if content.type not in kind.content_types:
            raise Refused.because(
                "CONTENT_TYPE",
                f"{content.sku} ({content.type}) cannot stand in {item.sku} ({kind.title})",
                path=path,
                hint="use items of type " + ", ".join(sorted(kind.content_types)),
            )
    return chosen


def goods_moves(line: Line, ctx: CostContext) -> tuple[PlannedMove, ...]:
    """Return the moves of a line's own goods, as its document type moves and values them.

    Goods that a document takes back have the value of the moves of their origin, oldest first. Other goods are issued by the
    pool's method, or received at `ctx.value`, or (value unknown) at the pool's own unit value.
    """
    item, kind = line.item, ctx.document.header.type
    assert item is not None
    if line.origin is not None and kind.sign < 0:
        return _moves_back(line, ctx)
    quantity = kind.direction * line.base_quantity
    lot = line.given.lot or ""
    if quantity < 0:
        short = kind.side is not Side.PURCHASE
        return (PlannedMove(item, quantity, line.location, Intent.BY_METHOD, counter=kind.stock_role, lot=lot, may_be_short=short),)
    if ctx.value is not None:
        return (PlannedMove(item, quantity, line.location, Intent.STATED, ctx.value, kind.stock_role, lot=lot),)
    unit_cost = line.given.unit_cost
    if unit_cost is not None:
        value = extend(line.quantity, unit_cost, ctx.document.decimals)
        return (PlannedMove(item, quantity, line.location, Intent.STATED, value, kind.stock_role, lot=lot),)
    return (PlannedMove(item, quantity, line.location, Intent.AT_POOL, None, kind.stock_role, lot=lot),)


def _moves_back(line: Line, ctx: CostContext) -> tuple[PlannedMove, ...]:
    kind, rest = ctx.document.header.type, line.base_quantity
    intent = Intent.AT_ISSUE_COST if kind.side is Side.SALE else Intent.AT_RECEIPT_COST
    moves: list[PlannedMove] = []
    assert line.origin is not None
    assert line.item is not None
    for origin in line.origin.moves:
        if not rest:
            break
        part = min(rest, abs(origin.quantity) - origin.taken_back)
        if part > 0:
            rest -= part
            move = PlannedMove(line.item, kind.direction * part, line.location, intent, None, kind.stock_role, origin.id)
            moves.append(move)
    if rest:
        raise Refused.because(
            "NOT_MOVED",
            f"only {unscaled(line.base_quantity - rest)} of {line.item.sku} moved with {line.origin.number} and can come back",
            path=f"{line.path}.quantity",
            hint="lower the quantity, or leave the goods out",
        )
    return tuple(moves)
