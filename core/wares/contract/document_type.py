"""Document types: what a document does to stock, to the ledger and to earlier documents.

A type is an object whose facts are class attributes: key, series prefix, side, the way goods go, the role of the total. The
defaults of `validate`, `plan` and `compose` follow from those facts; a type overrides only what differs. Register with the
hook `wares_document_types`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

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
    Opens,
    Origin,
    Plan,
    PlannedMove,
    Row,
    RowKind,
    Side,
)

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
    """What a document type may ask of items while it plans: each goes through its hook, so that wrappers see it."""

    def cost_line(self, line: Line, ctx: Context, value: int | None) -> CostPlan:
        """The moves that the line makes; `value` is what its goods come in at, minor units, where that is known."""
        ...

    def type_of(self, item: Item) -> ItemType:
        """The type of an item. Refused ITEM_TYPE_MISSING while its plugin is not loaded."""
        ...

    def account_for(self, query: AccountQuery, ctx: Context) -> Account:
        """The account that holds a role for a line. Refused NO_ACCOUNT."""
        ...


class DocumentType:
    """A type of document; every default follows from its facts.

    A type that posts nothing (a quote) has neither `stock_role` nor `counter_role`, and overrides `compose` to return no legs.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    prefix: ClassVar[str]
    """Numbers that Wares gives are `<prefix>-<5 digits>`."""
    side: ClassVar[Side]
    sign: ClassVar[int] = 1
    """−1 when it takes back (credit note, supplier credit)."""
    direction: ClassVar[int] = 0
    """+1 its goods come in, −1 they go out, 0 it moves none by itself."""
    priced: ClassVar[bool] = True
    """Whether its rows carry amounts."""
    stock_role: ClassVar[str | None] = None
    """Role of the account against which its goods are valued."""
    counter_role: ClassVar[str | None] = None
    """Role of its total: receivable, payable, bank."""
    has_lines: ClassVar[bool] = True
    party_kind: ClassVar[str | None] = None
    """`customer` or `supplier` when a party is needed."""
    header_keys: ClassVar[frozenset[str]] = HEADER_KEYS
    line_keys: ClassVar[frozenset[str]] = TRADE_LINE_KEYS
    needs_item: ClassVar[bool] = False
    signed_amount: ClassVar[bool] = False
    """Whether amounts, its own and its lines', may be negative."""
    applies_to_lines: ClassVar[bool] = False
    """Whether `apply_to` names documents or lines by `from` instead of documents by number."""
    signed_quantity: ClassVar[bool] = False
    """Whether a line's quantity may be negative (adjustments)."""
    fulfils: ClassVar[Mapping[str, str]] = {}
    """Types that its lines may come `from` → the kind of link."""
    names_items: ClassVar[bool] = False
    """Whether a line may name the item that the line it comes from leaves open."""
    voidable: ClassVar[bool] = True
    """Whether it may be taken back; what may not is put right by another of its kind."""
    takes_what_waits: ClassVar[bool] = False
    """Whether its lines take all that the line they come from leaves open, whatever that waits for."""
    dated_by_origin: ClassVar[bool] = False
    """Whether without a date it stands where what it comes from does (a lot it names included), or on the first open day."""
    takes_latest: ClassVar[bool] = False
    """Whether a line without `from` comes from the latest such document that brought its item in and has units left."""
    any_currency: ClassVar[bool] = False
    """Whether it may be in another currency than the company's. `plan` then sees rows and total in company currency; an amount of
    the head stays in the document's (`ctx.header.in_base`)."""
    Attributes: ClassVar[type[Attributes]] = Attributes
    example_records: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    """Records, as `wares load` takes them, of which the last is a document of this type: `wares plugins check` tries them."""

    def takes_amount(self, given: LineInput, origin: Origin) -> bool:
        """Whether a line uses up the amount of the line it comes from, whatever its own quantity, instead of its quantity."""
        return False

    def roles(self) -> frozenset[str]:
        """Every role that it may post to beyond those of its items: what accounts and mapping rules may name."""
        exchange = "fx_gain_loss" if self.any_currency else None
        return frozenset(role for role in (self.stock_role, self.counter_role, exchange) if role is not None)

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        """Problems of the document as a whole, after pricing."""
        return ()

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        """Everything the document does: moves, facts about earlier receipts, links, what it leaves open."""
        return Plan(
            moves=self.moves(document, ctx, do),
            legs=self.compose(document, ctx, do),
            links=tuple([self.clearing(link, document.row(link.line)) for link in links_of(document, ctx)]),
            opens=tuple(self.opens(document, ctx, do)),
            goods_amounts=self.goods_values(document, ctx, do),
            total=document.total,
        )

    def clearing(self, link: Link, row: Row) -> Link:
        """The link with the amount that it takes of its origin, in the currency of the row."""
        return link._replace(amount=origin_part(row.line) if self.sign < 0 else row.pricing.amount)

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        """The legs that do not depend on cost: one per row, and the total against the counter role."""
        legs = [leg for row in document.rows if (leg := row_leg(row, ctx, do)) is not None]
        if self.counter_role is not None and document.total:
            towards = 1 if self.side is Side.SALE else -1
            legs.append(total_leg(towards * self.sign * document.total, ctx))
        return tuple(legs)

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        """The moves of every line that moves goods now, each with the number of its line."""
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
        """Whether this line moves its goods with this document."""
        if row.pricing.kind not in (RowKind.ROW, RowKind.CONTENT) or row.line.item is None:
            return False
        return self.direction != 0 and ctx.header.goods == "now"

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        """Row number → the stated value of the goods it brings in, minor units; a row not named has none: the pool says."""
        return {}

    def opens(self, document: Document, ctx: Context, do: Behaviours) -> Iterable[Opens]:
        """What the lines leave for a later document to do."""
        return ()


def row_leg(row: Row, ctx: Context, do: Behaviours) -> Leg | None:
    """The leg of one row: income, discount or expense at its amount. None for a row without amount.

    What names no item and takes back a line that named its account goes to the same account.
    """
    pricing, line = row.pricing, row.line
    if not pricing.amount:
        return None
    sale = ctx.side is Side.SALE
    role = pricing.role
    if role is None:
        kind = do.type_of(line.item) if line.item is not None else None
        role = (kind.sale_role if sale else kind.purchase_role) if kind else ("income" if sale else "expense")
    amount = -ctx.sign * pricing.amount if sale else ctx.sign * pricing.amount
    account = None
    if line.given.account:
        account = ctx.masters.account(line.given.account, f"{line.path}.account")
        refuse_control(account, f"{line.path}.account")
    elif line.item is None and line.origin is not None and line.origin.account_id is not None:
        account = ctx.masters.account_by_id(line.origin.account_id)
    return Leg(amount, role, account, line.number, line.item, memo=line.given.description or line.given.memo)


def refuse_control(account: Account, path: str) -> None:
    """Control accounts are reached only by document lines that carry the item or party: Refused CONTROL_ACCOUNT."""
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
    """The leg of the document's total: receivable or payable with its party, or the bank it names."""
    role = ctx.header.type.counter_role or ""
    account = ctx.header.account if role == "bank" else None
    return Leg(amount, role, account, of_party=role in ("receivable", "payable"), memo=ctx.header.memo)


def links_of(document: Document, ctx: Context) -> tuple[Link, ...]:
    """The links of every line that comes from another; one that takes back says what of its origin it took, whatever its price."""
    return tuple(
        Link(row.line.origin.id, row.line.number, ctx.header.type.fulfils.get(row.line.origin.document_type, "credit"),
             row.line.quantity, origin_part(row.line) if ctx.sign < 0 else row.pricing.amount)
        for row in document.rows
        if row.line.origin is not None
    )  # fmt: skip
