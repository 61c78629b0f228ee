"""The documents of tracking.

    purchase_details   Dr inventory (the purchase's account)      Cr inventory_undetailed
    match              Dr cogs                                     Cr inventory

Neither invents an amount: details state theirs, and the cost of a match is the cost of its lot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from wares import (
    PURCHASE_LINE_KEYS,
    Account,
    Behaviours,
    Context,
    Document,
    DocumentType,
    Issue,
    Leg,
    LineInput,
    LinkKind,
    Origin,
    Plan,
    PlannedMove,
    Refused,
    Row,
    RowKind,
    Side,
    money,
    row_leg,
    scaled,
)

UNDETAILED = "inventory_undetailed"
DETAIL = "detail"
"""The kind of link between a detail and its purchase."""
_PRODUCT = {"record": "item", "type": "stock", "sku": "MUG", "name": "Blue mug", "cost_method": "specific"}
_ACCOUNTS = (
    {"record": "account", "code": "1350", "name": "Inventory not yet detailed", "type": "asset", "roles": [UNDETAILED]},
    {"record": "account", "code": "1100", "name": "Channel clearing", "type": "asset", "roles": ["channel_clearing"]},
)
_PURCHASE = {"record": "document", "type": "cash_purchase", "number": "BOX", "date": "2026-01-05", "lines": [
    {"account": "1350", "amount": "100.00", "description": "flea market"},
]}  # fmt: skip
_DETAILS = {"record": "document", "type": "purchase_details", "number": "DETAILS", "lines": [
    {"from": "BOX#1", "item": "MUG", "quantity": "4", "amount": "24.00"},
]}  # fmt: skip
_SALE = {"record": "document", "type": "cash_sale", "number": "SALE", "date": "2026-02-01", "account": "1100", "goods": "later",
         "lines": [{"item": "MUG", "quantity": "2", "amount": "30.00"}]}  # fmt: skip


class PurchaseDetails(DocumentType):
    """The document that splits a purchase of a bare amount into products. A line with an account instead of an item is a cost that
    is no product (postage, supplies)."""

    key, title, prefix = "purchase_details", "purchase details", "PD"
    side = Side.PURCHASE
    direction = 1
    stock_role = UNDETAILED
    line_keys = PURCHASE_LINE_KEYS - {"discount", "tax", "variants"}
    fulfils = {"bill": DETAIL, "cash_purchase": DETAIL}
    names_items = True
    dated_by_origin = True
    example_records = (*_ACCOUNTS, _PRODUCT, _PURCHASE, _DETAILS)

    def takes_amount(self, given: LineInput, origin: Origin) -> bool:
        return True

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        for row in document.rows:
            if row.pricing.kind == RowKind.ROW:
                yield from _detail_issues(row, ctx)
        yield from _amount_issues(document, ctx)

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        return {row.line.number: row.pricing.amount for row in document.rows if row.line.item is not None}

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        """Plan the moves; the counter account of each detail is the account of its purchase."""
        accounts = {row.line.number: purchase_account(row, ctx) for row in document.rows}
        return tuple([move._replace(counter_account=accounts[move.line]) for move in super().moves(document, ctx, do)])

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs = []
        for row in document.rows:
            cost = row_leg(row, ctx, do) if not self._is_goods(row, do) else None
            if cost is not None:
                legs += [cost, Leg(-cost.amount, UNDETAILED, purchase_account(row, ctx), row.line.number)]
        return tuple(legs)

    def _is_goods(self, row: Row, do: Behaviours) -> bool:
        return row.line.item is not None and do.type_of(row.line.item).tracked


def purchase_account(row: Row, ctx: Context) -> Account | None:
    """Return the account of the purchase line."""
    origin = row.line.origin
    return ctx.masters.account_by_id(origin.account_id) if origin is not None and origin.account_id else None


def _detail_issues(row: Row, ctx: Context) -> Iterable[Issue]:
    line, given, account = row.line, row.line.given, purchase_account(row, ctx)
    if line.origin is None:
        hint = 'give "from", such as "CP-00001#1"'
        yield Issue("NO_PURCHASE", "the detail names no purchase", f"{line.path}.from", hint)
    elif line.origin.item is not None or account is None or UNDETAILED not in account.roles:
        message = f"{line.origin.number} is no purchase of inventory without details"
        hint = f"name a line without an item, on an account of the role {UNDETAILED}"
        yield Issue("NOT_UNDETAILED", message, f"{line.path}.from", hint)
    if line.item is None and given.account is None:
        hint = "give item; for postage and other costs give account"
        yield Issue("NO_ITEM", "the detail names no product", f"{line.path}.item", hint)
    if given.amount is None and given.unit_cost is None:
        hint = "give amount (for the whole line) or unit_cost"
        yield Issue("NO_COST", "the detail has no cost", f"{line.path}.amount", hint)


def _amount_issues(document: Document, ctx: Context) -> Iterable[Issue]:
    """Return an issue for each line above the rest of its purchase, after details and the supplier's credits."""
    taken: dict[int, int] = defaultdict(int)
    for row in document.rows:
        origin = row.line.origin
        if origin is None:
            continue
        left = origin.amount - sum(amount for _, amount in origin.done.values()) - taken[origin.id]
        taken[origin.id] += row.pricing.amount
        if row.pricing.amount > left:
            have, want = (f"{money(amount, ctx.decimals)}" for amount in (left, row.pricing.amount))
            message = f"{origin.number} has {have} left to detail, not {want}"
            yield Issue("MORE_THAN_LEFT", message, f"{row.line.path}.amount", "lower it, or check the amount of the purchase")


class Match(DocumentType):
    """The document that gives a sale its goods: the lots and their quantities. A void takes it back."""

    key, title, prefix = "match", "match", "MAT"
    side = Side.SALE
    direction = -1
    priced = False
    stock_role = "cogs"
    line_keys = frozenset({"item", "quantity", "from", "lot", "location", "memo", "description", "attributes"})
    fulfils = {"cash_sale": LinkKind.DELIVER, "invoice": LinkKind.DELIVER}
    names_items = True
    dated_by_origin = True
    example_records = (
        *(*_ACCOUNTS, _PRODUCT, _PURCHASE, _DETAILS, _SALE),
        {"record": "document", "type": "match", "lines": [{"from": "SALE#1", "quantity": "1", "lot": "DETAILS#1"}]},
    )

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        for row in document.rows:
            line = row.line
            if line.content:
                continue
            if line.origin is None:
                yield Issue("NO_SALE", "the match names no sale line", f"{line.path}.from", 'give "from"')
            elif line.origin.goods != "later":
                message = f"{line.origin.number} issued its goods itself"
                yield Issue("NOTHING_WAITS", message, f"{line.path}.from", 'only a sale with "goods": "later" waits for a match')
            if line.item is None:
                yield Issue("NO_ITEM", "the sale names no item", f"{line.path}.item", "name the item")

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        """Plan the moves; the contents of a kit leave the lots that its line names for them."""
        lots = {row.line.number: dict(_lots(row)) for row in document.rows if not row.line.content}
        return tuple([part for move in super().moves(document, ctx, do) for part in _by_lot(move, lots)])

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        plan = super().plan(document, ctx, do)
        for row in document.rows:
            item = row.line.item
            if item is not None and not row.line.content and not any(move.line.startswith(row.line.number) for move in plan.moves):
                message = f"{item.sku} ({item.type}) has no stock, so there is nothing to match"
                raise Refused.because("NOT_TRACKED", message, path=f"{row.line.path}.item", hint="leave the line out")
        return plan


_Lots = dict[str, dict[str, int]]
"""SKU → lot → quantity left to take, in millionths."""


def _lots(row: Row) -> Iterable[tuple[str, dict[str, int]]]:
    """Return the lots of a line's contents, from its attributes. Refused BAD_VALUE."""
    stated = (row.line.given.attributes or {}).get("lots") or {}
    try:
        return [(sku, {lot: scaled(quantity) for lot, quantity in of.items()}) for sku, of in stated.items()]
    except (AttributeError, ValueError):
        path = f"{row.line.path}.attributes.lots"
        hint = 'give {"SKU": {"LOT": "quantity"}}'
        raise Refused.because("BAD_VALUE", "the lots are not quantities by SKU and lot", path=path, hint=hint) from None


def _by_lot(move: PlannedMove, lots: Mapping[str, _Lots]) -> Iterable[PlannedMove]:
    """Return a move in parts, one for each named lot and one for the rest."""
    row, _, content = move.line.partition(".")
    rest = -move.quantity
    for lot, left in lots.get(row, {}).get(move.item.sku, {}).items() if content else ():
        part = min(rest, left)
        if part > 0:
            lots[row][move.item.sku][lot] -= part
            rest -= part
            yield move._replace(quantity=-part, lot=lot)
    if rest:
        yield move._replace(quantity=-rest)
