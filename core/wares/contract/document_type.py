"""Document types: the effects of a document on stock, on the ledger and on earlier documents.

A type is an object whose facts are class attributes: key, prefix of its numbers, side, direction of its goods, role of the total.
The defaults of `validate`, `plan` and `compose` follow from those facts, and a type overrides those that differ. Register it with
the hook `wares_document_types`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Protocol

from wares.contract.item_type import Attributes, ItemType, origin_part
from wares.errors import Issue, Refused
from wares.model import (
    CONTROL_ROLES,
    Account,
    AccountQuery,
    Context,
    CostPlan,
    Document,
    Item,
    Leg,
    Line,
    LineInput,
    Link,
    LinkKind,
    Opens,
    Origin,
    Plan,
    PlannedMove,
    Row,
    RowKind,
    Side,
)
from wares.values import Record

TRADE_LINE_KEYS = frozenset(
    [
        "item",
        "quantity",
        "amount",
        "discount",
        "unit",
        "unit_factor",
        "location",
        "from",
        "attributes",
        "lot",
        "account",
        "memo",
        "description",
    ]
)
SALE_LINE_KEYS = TRADE_LINE_KEYS | {"unit_price", "components", "variants"}
PURCHASE_LINE_KEYS = TRADE_LINE_KEYS | {"unit_cost", "variants"}
STOCK_LINE_KEYS = frozenset(["item", "quantity", "location", "attributes", "lot", "memo", "description", "unit", "unit_factor"])
HEADER_KEYS = frozenset(
    [
        "record",
        "type",
        "number",
        "date",
        "due",
        "party",
        "reference",
        "currency",
        "rate",
        "location",
        "memo",
        "key",
        "attributes",
        "revises",
        "pending",
        "lines",
    ]
)


class Behaviours(Protocol):
    """The questions that a document type may ask of items while it plans. Each goes through its hook, so that wrappers see it."""

    def cost_line(self, line: Line, ctx: Context, value: int | None) -> CostPlan:
        """Return the moves of the line, with the costs that it absorbs in their stated values. `value` is the value of goods that
        come in, minor units; None = unknown."""
        ...

    def type_of(self, item: Item) -> ItemType:
        """Return the type of an item. Refused ITEM_TYPE_MISSING while its plugin is not loaded."""
        ...

    def account_for(self, query: AccountQuery, ctx: Context) -> Account:
        """Return the account that holds a role for a line. Refused NO_ACCOUNT."""
        ...


class DocumentType:
    """A type of document; every default follows from its facts.

    A type that posts nothing (a quote) has neither `stock_role` nor `counter_role`, and overrides `compose` to return no legs.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    prefix: ClassVar[str]
    """Wares gives numbers of the form `<prefix>-<5 digits>`."""
    side: ClassVar[Side]
    sign: ClassVar[int] = 1
    """−1 if the document takes back (credit note, supplier credit), else 1."""
    direction: ClassVar[int] = 0
    """+1 = its goods come in, −1 = they go out, 0 = it moves none by itself."""
    priced: ClassVar[bool] = True
    """True if its rows carry amounts."""
    stock_role: ClassVar[str | None] = None
    """Role of the counter account of its goods."""
    counter_role: ClassVar[str | None] = None
    """Role of its total: receivable, payable, bank."""
    has_lines: ClassVar[bool] = True
    party_kind: ClassVar[str | None] = None
    """`customer` or `supplier` if a party is needed."""
    header_keys: ClassVar[frozenset[str]] = HEADER_KEYS
    line_keys: ClassVar[frozenset[str]] = TRADE_LINE_KEYS
    needs_item: ClassVar[bool] = False
    signed_amount: ClassVar[bool] = False
    """True if amounts, of the head and of lines, may be negative."""
    applies_to_lines: ClassVar[bool] = False
    """True if `apply_to` names documents or lines by `from` instead of documents by number."""
    fulfils: ClassVar[Mapping[str, str]] = {}
    """Document types that its lines may come `from` → the kind of link."""
    names_items: ClassVar[bool] = False
    """True if a line may name the item that its origin leaves open."""
    dated_by_origin: ClassVar[bool] = False
    """True if a document without a date takes the latest instant of its origins and of the lots that it names; without either, the
    first open day."""
    any_currency: ClassVar[bool] = False
    """True if it may be in another currency than the company's. `plan` then gets rows and total in company currency; an amount of
    the head stays in the document's currency (`ctx.header.in_base`)."""
    Attributes: ClassVar[type[Attributes]] = Attributes
    example_records: ClassVar[tuple[Record, ...]] = ()
    """Records, as `wares load` takes them, for `wares plugins check`. The last one is a document of this type."""

    def takes_amount(self, given: LineInput, origin: Origin) -> bool:
        """True if a line uses up the amount of its origin, whatever its own quantity, instead of the quantity."""
        return False

    def quantity_left(self, origin: Origin) -> int | None:
        """Return the quantity that lines of this type may take of an origin, millionths; None = its quantity, less the units that
        earlier lines took in the same way."""
        return None

    def comes_from_latest(self, given: LineInput) -> bool:
        """True if this line without `from` comes from the latest document that brought its item in and has units left. The document
        is of a type that `fulfils` names."""
        return False

    def quantity_problem(self, quantity: int) -> str | None:
        """Return the rule that the quantity of a line (millionths) breaks; None if the quantity may stand."""
        return None if quantity > 0 else "must be more than 0"

    def void_problem(self, number: str) -> Issue | None:
        """Return the reason why a document of this type is never voided; None = it may be voided."""
        return None

    def roles(self) -> frozenset[str]:
        """Return every role that it may post to beyond the roles of its items. Accounts and mapping rules may name them."""
        exchange = "fx_gain_loss" if self.any_currency else None
        return frozenset(role for role in (self.stock_role, self.counter_role, exchange) if role is not None)

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        """Return the problems of the document as a whole, after pricing."""
        return ()

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        """Return all effects of the document: moves, legs, facts about earlier receipts, links, open quantities."""
        return Plan(
            moves=self.moves(document, ctx, do),
            legs=self.compose(document, ctx, do),
            links=tuple([self.clearing(link, document.row(link.line)) for link in links_of(document, ctx)]),
            opens=tuple(self.opens(document, ctx, do)),
            goods_amounts=self.goods_values(document, ctx, do),
            total=document.total,
        )

    def clearing(self, link: Link, row: Row) -> Link:
        """Return the link with the amount that it takes of its origin, in the currency of the row."""
        return link._replace(amount=origin_part(row.line) if self.sign < 0 else row.pricing.amount)

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        """Return the legs that do not depend on cost: one for each row, and the total against the counter role."""
        legs = [leg for row in document.rows if (leg := row_leg(row, ctx, do)) is not None]
        if self.counter_role is not None and document.total:
            towards = 1 if self.side is Side.SALE else -1
            legs.append(total_leg(towards * self.sign * document.total, ctx))
        return tuple(legs)

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        """Return the moves of every line that moves goods now, each with the number of its line."""
        values = self.goods_values(document, ctx, do)
        return tuple(
            [
                move._replace(line=row.line.number)
                for row in document.rows
                if self.moves_goods(row, ctx)
                for move in do.cost_line(row.line, ctx, values.get(row.line.number)).moves
            ]
        )

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        """True if this line moves its goods with this document."""
        if row.pricing.kind not in (RowKind.ROW, RowKind.CONTENT) or row.line.item is None:
            return False
        return self.direction != 0 and ctx.header.goods == "now"

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        """Return row number → the stated value of the goods that the row brings in, minor units. The pool values the other rows."""
        return {}

    def opens(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[Opens]:
        """Return the quantities that the lines leave open for later documents."""
        return ()


def row_leg(row: Row, ctx: Context, do: Behaviours) -> Leg | None:
    """Return the leg of one row: income, discount or expense at its amount; None for a row without amount.

    A row without an item goes to the account that its origin named.
    """
    pricing, line = row.pricing, row.line
    if not pricing.amount:
        return None
    header_type = ctx.header.type
    sale, sign = header_type.side is Side.SALE, header_type.sign
    role = pricing.role
    if role is None:
        kind = do.type_of(line.item) if line.item is not None else None
        role = (kind.sale_role if sale else kind.purchase_role) if kind else ("income" if sale else "expense")
    amount = -sign * pricing.amount if sale else sign * pricing.amount
    account = None
    if line.given.account:
        account = ctx.masters.account(line.given.account, f"{line.path}.account")
        refuse_control(account, f"{line.path}.account")
    elif line.item is None and line.origin is not None and line.origin.account_id is not None:
        account = ctx.masters.account_by_id(line.origin.account_id)
    return Leg(amount, role, account, line.number, line.item, memo=line.given.description or line.given.memo)


def refuse_control(account: Account, path: str) -> None:
    """Refuse a control account, which only document lines with the item or party post to. Refused CONTROL_ACCOUNT."""
    control = sorted(CONTROL_ROLES.intersection(account.roles))
    if control:
        instead = {
            "inventory": "an adjustment, count or opening_balance line",
            "receivable": "an invoice, credit_note or payment",
            "payable": "a bill, supplier_credit or payment",
            "received_not_billed": "a receipt or bill",
        }
        raise Refused.because(
            "CONTROL_ACCOUNT",
            f"account {account.code} is a control account ({control[0]}) and is not posted to directly",
            path=path,
            hint=f"use {instead.get(control[0], 'the document of the trade')} instead",
        )


def total_leg(amount: int, ctx: Context) -> Leg:
    """Return the leg of the document's total: receivable or payable with its party, or the bank account of the head."""
    role = ctx.header.type.counter_role or ""
    account = ctx.header.account if role == "bank" else None
    return Leg(amount, role, account, of_party=role in ("receivable", "payable"), memo=ctx.header.memo)


def links_of(document: Document, ctx: Context) -> tuple[Link, ...]:
    """Return the link of every line that has an origin. A line that takes back links the part of its origin's amount, whatever its
    own price."""
    return tuple(
        Link(row.line.origin.id, row.line.number, ctx.header.type.fulfils.get(row.line.origin.document_type, LinkKind.CREDIT),
             row.line.quantity if row.line.linked is None else row.line.linked,
             origin_part(row.line) if ctx.sign < 0 else row.pricing.amount)
        for row in document.rows
        if row.line.origin is not None
    )  # fmt: skip
