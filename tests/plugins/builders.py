"""Hand-made items, lines and contexts, and the pure part of the pipeline (expand, price) over them: no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from wares import (
    Account,
    AccountQuery,
    Component,
    Context,
    CostContext,
    CostPlan,
    Document,
    DocumentType,
    GivenComponent,
    Header,
    Item,
    ItemType,
    Line,
    LineInput,
    Location,
    Origin,
    OriginMove,
    Party,
    Refused,
    Row,
    RowKind,
    Side,
    scaled,
)
from wares.documents.expand import expand
from wares.documents.price import price
from wares_assembly.types import Assembly
from wares_calculation.types import Charge, Discount, Markup, Subtotal
from wares_group import Group
from wares_kit.types import Kit
from wares_matrix.types import Matrix
from wares_nonstock import Expense, NonStock
from wares_service import Service
from wares_stock import Stock

TYPES: dict[str, ItemType] = {
    each.key: each
    for each in (
        Stock(), Assembly(), Kit(), Matrix(), NonStock(), Expense(), Service(), Group(),
        Charge(), Discount(), Markup(), Subtotal(),
    )
}  # fmt: skip
MAIN = Location(1, "MAIN", "Main store")


class Sale(DocumentType):
    key, title, prefix = "invoice", "invoice", "INV"
    side = Side.SALE
    direction = -1
    stock_role = "cogs"


class CreditNote(Sale):
    key, title, prefix = "credit_note", "credit note", "CN"
    sign = -1
    direction = 1
    fulfils = {"invoice": "credit"}


class Purchase(DocumentType):
    key, title, prefix = "bill", "bill", "BILL"
    side = Side.PURCHASE
    direction = 1


class Shelf:
    """Masters over a dictionary: the items made so far, their quantities on hand, and the built ones."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.hand: dict[str, int] = {}
        self.built: set[str] = set()

    def add(self, type: str, sku: str, /, **keys: Any) -> Item:
        """Make an item; numbers as texts, `components` and `by_products` as (sku, quantity, ...) tuples."""
        for name in ("price", "cost", "makes"):
            if keys.get(name) is not None:
                keys[name] = scaled(keys[name])
        contents = tuple(self.component(*each) for each in keys.pop("components", ()))
        by_products = tuple(self.component(*each) for each in keys.pop("by_products", ()))
        attributes = TYPES[type].Attributes.model_validate(keys.pop("attributes", {}))
        item = Item(
            id=len(self.items) + 1, type=type, sku=sku, name=keys.pop("name", sku.title()), attributes=attributes,
            contents=contents, by_products=by_products, **keys,
        )  # fmt: skip
        self.items[sku] = item
        return item

    def component(self, sku: str, quantity: object, price: object = None, share: object = None) -> Component:
        item = self.items[sku]
        return Component(
            item.id,
            sku,
            scaled(quantity),
            None if price is None else scaled(price),
            None if share is None else scaled(share),
        )

    def vary(self, master: str, sku: str, values: Mapping[str, str]) -> Item:
        """Make a stock item as a variant of a master."""
        item, old = self.add("stock", sku, price="15"), self.items[master]
        self.items[master] = replace(old, variants=(*old.variants, Component(item.id, sku, scaled(1), values=values)))
        return item

    def item(self, sku: str, path: str = "") -> Item:
        if sku not in self.items:
            raise Refused.because("UNKNOWN_ITEM", f"there is no item {sku!r}", path=path)
        return self.items[sku]

    def item_by_id(self, item_id: int) -> Item:
        return next(item for item in self.items.values() if item.id == item_id)

    def account(self, code: str, path: str = "") -> Account:
        raise NotImplementedError

    def account_by_id(self, account_id: int) -> Account:
        raise NotImplementedError

    def location(self, code: str, path: str = "") -> Location:
        return MAIN

    def party(self, code: str, path: str = "") -> Party:
        raise NotImplementedError

    def on_hand(self, item: Item, location: Location | None = None) -> int:
        return self.hand.get(item.sku, 0)

    def received_by(self, item: Item, document_type: str) -> bool:
        return document_type == "build" and item.sku in self.built

    def resolve_account(self, query: AccountQuery) -> Account:
        raise NotImplementedError


class Behaviours:
    """The behaviours that a document type uses while it plans, from the bundled types without hooks."""

    def cost_line(self, line: Line, ctx: Context, value: int | None) -> CostPlan:
        assert line.item is not None
        return TYPES[line.item.type].cost(line, CostContext(ctx, value))

    def type_of(self, item: Item) -> ItemType:
        return TYPES[item.type]

    def account_for(self, query: AccountQuery, ctx: Context) -> Account:
        raise NotImplementedError


def context(shelf: Shelf, kind: DocumentType | None = None, **settings: str) -> Context:
    header = Header(
        type=kind or Sale(), number=None, effective_at=0, day=20260101, due=None, party=None, location=MAIN,
        to_location=None, currency="USD", decimals=2, goods="now", account=None, reference=None,
        memo=None, direction=None, amount=None, attributes=None, record={},
    )  # fmt: skip
    return Context(header=header, masters=shelf, settings=settings, facts={})


def line(item: Item, quantity: object = 1, /, *, number: str = "1", **given: Any) -> Line:
    """Return a line as the core gives it to a type; `quantity=None` stands for a missing quantity. `origin` is an Origin."""
    for name in ("unit_price", "unit_cost", "scrapped"):
        if name in given:
            given[name] = scaled(given[name])
    if "components" in given:
        given["components"] = tuple(GivenComponent(sku, scaled(count)) for sku, count in given["components"])
    for name in ("variants", "by_products"):
        if name in given:
            given[name] = tuple((sku, scaled(count)) for sku, count in given[name])
    origin, done = given.pop("origin", None), scaled(given.pop("done", 0))
    amount = scaled(1 if quantity is None else quantity)
    stated = LineInput(f"lines[{int(number) - 1}]", item.sku, None if quantity is None else amount, **given)
    return Line(number, None, item, amount, amount, MAIN, stated, origin, done=done)


def lines(*each: Line) -> tuple[Line, ...]:
    """Return the lines numbered in order."""
    return tuple(one._replace(number=str(index)) for index, one in enumerate(each, start=1))


def rows(ctx: Context, given: Sequence[Line]) -> tuple[Row, ...]:
    """Return the lines expanded and priced, as in the pipeline."""
    return document(ctx, given).rows


def document(ctx: Context, given: Sequence[Line]) -> Document:
    expanded = expand(tuple(given), ctx, lambda one, its: _type(one).expand(one, its), lambda item: TYPES[item.type])
    return price(expanded, ctx, lambda one, its: _type(one).price(one, its))


def _type(one: Line) -> ItemType:
    assert one.item is not None
    return TYPES[one.item.type]


def amounts(priced: Iterable[Row]) -> list[int]:
    """Return the amounts of the rows in minor units, without contents."""
    return [row.pricing.amount for row in priced if row.pricing.kind != RowKind.CONTENT]


def contents(priced: Iterable[Row]) -> dict[str, int]:
    """Return SKU → quantity of the contents."""
    return {row.line.item.sku: row.line.quantity for row in priced if row.line.content and row.line.item}


def origin_of(
    row: Row,
    kind: str = "invoice",
    *,
    number: str = "X-1",
    within: Sequence[Row] = (),
    moves: Mapping[str, Sequence[OriginMove]] | None = None,
    done: Mapping[str, tuple[int, int]] | None = None,
    line_id: int = 100,
) -> Origin:
    """Return the row as the origin of a later document, with its contents."""
    below = [each for each in within if each.line.content and each.line.parent == row.line.number]
    return Origin(
        line_id, f"{number}#{row.line.number}", 1, number, kind, "now", None, 0, row.pricing.kind, row.line.item,
        row.line.quantity, row.pricing.unit_price, row.pricing.discount, row.pricing.amount, 0, None, scaled(1), None,
        1, done or {},
        tuple(origin_of(each, kind, number=number, moves=moves, line_id=line_id + index)
              for index, each in enumerate(below, start=1)),
        (), tuple((moves or {}).get(row.line.number, ())), row.line.given.scrapped,
    )  # fmt: skip


def refusal(call: Any) -> list[str]:
    """Return the codes with which a call is refused."""
    try:
        call()
    except Refused as refused:
        return [issue.code for issue in refused.issues]
    return []


def problems(shelf: Shelf, item: Item) -> list[str]:
    """Return the codes that the item's own type reports."""
    return [issue.code for issue in TYPES[item.type].validate(item, shelf)]
