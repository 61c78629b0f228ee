"""Item types: how a kind of item validates, expands on a document, is priced, costed and mapped to accounts.

Subclass `ItemType`, give the facts (tracked, sold, bought, roles) and override only the behaviour that differs; register the
object with the hook `wares_item_types`. The defaults are those of a plain thing with a price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from wares.errors import Issue, Refused
from wares.model import (
    AccountQuery,
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
from wares.values import extend, share, times, unscaled


class Attributes(BaseModel):
    """Base of every `Attributes` model: frozen, unknown keys refused. Use Decimal for numbers, never float."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(BaseModel):
    """A question of `wares which`: answering yes speaks for this type; `weight` orders the questions (low first).

    `text` asks for yes or no; `because` is the reason shown when the answer decides; `unless` names types that a yes rules out.
    """

    model_config = ConfigDict(frozen=True)
    key: str
    text: str
    type: str
    because: str
    weight: int = 100


class ItemType:
    """A type of item. All facts are class attributes; behaviour methods are pure: values in, values out."""

    key: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str] = ""
    tracked: ClassVar[bool] = False
    """Whether the books keep a quantity on hand and a value of it."""
    sold: ClassVar[bool] = True
    bought: ClassVar[bool] = True
    calculates: ClassVar[bool] = False
    """Whether it is a row that acts on others instead of being a thing (charge, discount, subtotal)."""
    sale_role: ClassVar[str] = "income"
    purchase_role: ClassVar[str] = "expense"
    content_types: ClassVar[frozenset[str]] = frozenset()
    """Types that may stand among its components; empty = it has none."""
    needs_contents: ClassVar[bool] = False
    Attributes: ClassVar[type[Attributes]] = Attributes
    example_records: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    """Records, as `wares load` takes them: what `wares plugins check` tries the type with. The last item of this type among them is
    its example; what stands before is needed for it, what stands after builds on it."""

    def example_line(self, sku: str, quantity: int | Decimal) -> Mapping[str, Any]:
        """The line on which so many of such an item stand, for the same trials; override where `quantity` alone does not say it."""
        return {"item": sku, "quantity": str(quantity)}

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Problems of this item beyond the facts above (which the core checks)."""
        return ()

    def may_change_components(self, item: Item, masters: Masters) -> Issue | None:
        """Why the components of this stored item may not change now; None = they may."""
        return None

    def missing_variants(self, item: Item, masters: Masters) -> Iterable[Mapping[str, Any]]:
        """Records of the variants that this master could have and has not; for `wares items variants`."""
        return ()

    def expand(self, line: Line, ctx: Context) -> Expansion:
        """Contents that move under the line, or rows that replace it. Raise Refused for what cannot be."""
        return Expansion()

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """The line's amount: as given, else quantity × unit price less the discount column, rounded once."""
        return plain_price(line, ctx)

    def cost(self, line: Line, ctx: CostContext) -> CostPlan:
        """The moves this line makes; untracked things make none."""
        if not self.tracked or line.item is None:
            return CostPlan()
        return CostPlan(moves=goods_moves(line, ctx))

    def account(self, query: AccountQuery, ctx: Context) -> str | None:
        """The code of the account for a role when this type insists on one; None = the books' mapping rules decide."""
        return None

    def availability(self, item: Item, own: int, contents: Mapping[int, int | None]) -> int | None:
        """How many can be promised, millionths; None = without limit, because nothing of it is stocked.

        `own` is the item's own stock less what is reserved; `contents` says the same of each of its contents, by item id.
        """
        return own if self.tracked else None

    def roles(self) -> frozenset[str]:
        """Every role that posting this type may need (for checks and contracts)."""
        stock = {"inventory", "cogs", "inventory_adjustment"} if self.tracked else set()
        return frozenset({self.sale_role, self.purchase_role, *stock})


def plain_price(line: Line, ctx: PriceContext) -> Pricing:
    """Amount as given, else quantity × unit price × (1 − discount). On purchases and stock documents the unit cost."""
    given, item = line.given, line.item
    if _price_from_origin(line, ctx.document.side):
        return origin_price(line)
    if given.amount is not None:
        free = 0 if not given.amount else None  # what comes from a line that costs nothing costs nothing either
        return Pricing(given.amount, free, discount=given.discount)
    price = _given_price(line, ctx.document.side)
    if price is None and item is not None:
        of_item = item.price if ctx.document.side is Side.SALE else item.cost
        price = None if of_item is None else ctx.document.in_currency(times(of_item, given.unit_factor))  # it is for its own unit
    if price is None:
        what = "unit_price" if ctx.document.side is Side.SALE else "unit_cost"
        name = item.sku if item else "a line without an item"
        raise Refused.because(
            "NO_PRICE",
            f"{name} has no {what}",
            path=f"{line.path}.{what}",
            hint=f"give {what} or amount on the line, or set it on the item",
        )
    amount = extend(line.quantity, price, ctx.document.decimals, given.discount)
    return Pricing(amount, price, discount=given.discount)


def _price_from_origin(line: Line, side: Side) -> bool:
    origin = line.origin
    if origin is None or line.given.amount is not None or _given_price(line, side) is not None:
        return False
    return origin.unit_price is not None or origin.amount != 0


def _given_price(line: Line, side: Side) -> int | None:
    return line.given.unit_price if side is Side.SALE else line.given.unit_cost


def origin_price(line: Line) -> Pricing:
    """A line that comes from another without a price of its own: its share of the origin's amount, cumulatively rounded, so
    that the parts sum to the whole."""
    origin = line.origin
    assert origin is not None
    return Pricing(origin_part(line), origin.unit_price, discount=origin.discount)


def origin_part(line: Line) -> int:
    """What of its origin's amount the line takes: its share cumulatively rounded, less what others really took, so that the last
    takes the rest also when one in between was voided."""
    origin = line.origin
    assert origin is not None
    return share(origin.amount, line.done + line.quantity, origin.quantity) - line.done_amount


def chosen_contents(line: Line, kind: ItemType, masters: Masters) -> tuple[tuple[Item, int], ...]:
    """What the line's item consists of here: the `components` given on the line, else the master's, each with its
    quantity as it was given or stored. Refused when one is retired, or a given one the item itself or of a type that may
    not stand in it."""
    item = line.item
    assert item is not None
    path = f"{line.path}.components"
    if line.given.components is None:
        contents = tuple((masters.item_by_id(each.item_id), each.quantity) for each in item.contents)
        for content, _ in contents:
            if not content.active:
                message = f"{content.sku} in {item.sku} is retired"
                hint = f"give components on the line, or change those of {item.sku}"
                raise Refused.because("ITEM_RETIRED", message, path=path, hint=hint)
        return contents
    chosen = tuple((masters.item(sku, path), quantity) for sku, quantity in line.given.components)
    for content, _ in chosen:
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
    """The moves of a line's own goods, the way its document type moves and values them.

    Goods that a document takes back come at what the moves of their origin left or came at, oldest first. Others are issued
    by the pool's method, or received at `ctx.value`, or (value unknown) at the pool's own unit value.
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
