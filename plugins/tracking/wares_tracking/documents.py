"""The documents of item-level tracking.

    purchase_details   Dr inventory (the purchase's account)      Cr inventory_undetailed
    match              Dr cogs                                     Cr inventory
    channel_charge     Dr channel_fees, shipping_cost, bank ...         Cr channel_clearing
                       Dr channel_clearing                         Cr shipping_income, tips, tax_payable
    period_cogs        Dr cogs                                     Cr inventory_periodic

None invents an amount: details state theirs, a match takes what its lot is worth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from wares import (
    HEADER_KEYS,
    PURCHASE_LINE_KEYS,
    Account,
    Behaviours,
    Context,
    Document,
    DocumentType,
    Issue,
    Leg,
    LineInput,
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
CHARGES: Mapping[str, tuple[str, int]] = {
    "fee": ("channel_fees", 1),
    "label": ("shipping_cost", 1),
    "discount": ("discount", 1),
    "payout": ("bank", 1),
    "shipping": ("shipping_income", -1),
    "tip": ("tips", -1),
    "tax": ("tax_payable", -1),
}
"""Kind of charge → the role of its account, and its side: +1 is what the channel keeps or pays out, −1 what it owes us more."""


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
    """Products of a purchase that was recorded with its amount alone; a line without an item but with an account is a cost that
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
        """Each detail against the account on which its purchase stands."""
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
    """The account on which the purchase line stands."""
    origin = row.line.origin
    return ctx.masters.account_by_id(origin.account_id) if origin is not None and origin.account_id else None


def _detail_issues(row: Row, ctx: Context) -> Iterable[Issue]:
    line, given, account = row.line, row.line.given, purchase_account(row, ctx)
    if line.origin is None:
        hint = 'give "from", such as "CP-00001#1"'
        yield Issue("NO_PURCHASE", "a detail names the purchase it is part of", f"{line.path}.from", hint)
    elif line.origin.item is not None or account is None or UNDETAILED not in account.roles:
        message = f"{line.origin.number} is no purchase of inventory that waits for details"
        hint = f"name a line without an item on an account that holds {UNDETAILED}"
        yield Issue("NOT_UNDETAILED", message, f"{line.path}.from", hint)
    if line.item is None and given.account is None:
        hint = "give item; for postage and the like give account"
        yield Issue("NO_ITEM", "a detail names its product", f"{line.path}.item", hint)
    if given.amount is None and given.unit_cost is None:
        hint = "give amount (for all of it) or unit_cost"
        yield Issue("NO_COST", "a detail says what it cost", f"{line.path}.amount", hint)


def _amount_issues(document: Document, ctx: Context) -> Iterable[Issue]:
    """More than what is left of the purchase, after details and the supplier's credits."""
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
    """The goods of a sale that was recorded without them: which lot, and how many. Undone by a void."""

    key, title, prefix = "match", "match", "MAT"
    side = Side.SALE
    direction = -1
    priced = False
    stock_role = "cogs"
    line_keys = frozenset({"item", "quantity", "from", "lot", "location", "memo", "description", "attributes"})
    fulfils = {"cash_sale": "deliver", "invoice": "deliver"}
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
                yield Issue("NO_SALE", "a match names the sale line it is for", f"{line.path}.from", 'give "from"')
            elif line.origin.goods != "later":
                message = f"the goods of {line.origin.number} went with it"
                yield Issue("NOTHING_WAITS", message, f"{line.path}.from", 'only a sale with "goods": "later" waits for a match')
            if line.item is None:
                yield Issue("NO_ITEM", "the sale does not say what was sold", f"{line.path}.item", "name the item")

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        """The goods; those of a kit leave the lots that its line names for each of its contents."""
        lots = {row.line.number: dict(_lots(row)) for row in document.rows if not row.line.content}
        return tuple([part for move in super().moves(document, ctx, do) for part in _by_lot(move, lots)])

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        plan = super().plan(document, ctx, do)
        for row in document.rows:
            item = row.line.item
            if item is not None and not row.line.content and not any(move.line.startswith(row.line.number) for move in plan.moves):
                message = f"{item.sku} ({item.type}) keeps no stock, there is nothing to match"
                raise Refused.because("NOT_TRACKED", message, path=f"{row.line.path}.item", hint="leave the line out")
        return plan


_Lots = dict[str, dict[str, int]]
"""SKU → lot → what is left to take of it, in millionths."""


def _lots(row: Row) -> Iterable[tuple[str, dict[str, int]]]:
    """What a line says in its attributes of the lots of its contents. Refused BAD_VALUE."""
    said = (row.line.given.attributes or {}).get("lots") or {}
    try:
        return [(sku, {lot: scaled(quantity) for lot, quantity in of.items()}) for sku, of in said.items()]
    except (AttributeError, ValueError):
        path = f"{row.line.path}.attributes.lots"
        hint = 'give {"SKU": {"LOT": "quantity"}}'
        raise Refused.because("BAD_VALUE", "lots are no quantities by SKU and lot", path=path, hint=hint) from None


def _by_lot(move: PlannedMove, lots: Mapping[str, _Lots]) -> Iterable[PlannedMove]:
    """A move in parts, one for each lot; what no lot is named for stays as it is."""
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


class ChannelCharge(DocumentType):
    """What a sales channel keeps, collects or pays besides the price of the goods; each line says its kind in `attributes`:
    fee, label, discount, payout, shipping, tip, tax. The other side is the channel's clearing account, or the account that paid for
    a label. Negative amounts take back."""

    key, title, prefix = "channel_charge", "channel charge", "CHG"
    side = Side.MONEY
    counter_role = "channel_clearing"
    header_keys = HEADER_KEYS | {"account"}
    line_keys = frozenset({"amount", "account", "memo", "description", "attributes"})
    signed_amount = True
    example_records = (
        *_ACCOUNTS,
        {"record": "document", "type": "channel_charge", "date": "2026-02-01", "account": "1100",
         "lines": [{"amount": "2.00", "attributes": {"kind": "fee"}}, {"amount": "5.00", "attributes": {"kind": "shipping"}}]},
    )  # fmt: skip

    def roles(self) -> frozenset[str]:
        return frozenset({"channel_clearing", *(role for role, _ in CHARGES.values())})

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        for row in document.rows:
            if _kind(row) not in CHARGES:
                path = f"{row.line.path}.attributes.kind"
                yield Issue("BAD_VALUE", f"kind is {_kind(row) or 'missing'}", path, f"use one of {', '.join(CHARGES)}")
            if row.line.given.amount is None:
                yield Issue("NO_AMOUNT", "a charge has an amount", f"{row.line.path}.amount", "give amount")

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        plan = super().plan(document, ctx, do)
        return plan._replace(total=sum(leg.amount for leg in plan.legs if leg.role == self.counter_role))

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs = []
        for row in document.rows:
            role, side = CHARGES[_kind(row)]
            leg = row_leg(row, ctx, do)
            if leg is not None:
                legs.append(leg._replace(amount=side * row.pricing.amount, role=role))
        rest = -sum(leg.amount for leg in legs)
        return (*legs, Leg(rest, self.counter_role, memo=ctx.header.memo)) if rest else tuple(legs)


def _kind(row: Row) -> str:
    return str((row.line.given.attributes or {}).get("kind", ""))


class PeriodCogs(DocumentType):
    """Periodic mode: what the year's goods cost, after a count. Dr cogs Cr inventory_periodic."""

    key, title, prefix = "period_cogs", "cost of goods of a period", "PER"
    side = Side.LEDGER
    has_lines = False
    priced = False
    header_keys = (HEADER_KEYS - {"lines", "party", "location"}) | {"amount"}
    signed_amount = True
    example_records = ({"record": "document", "type": "period_cogs", "date": "2026-12-31", "amount": "4376.13"},)

    def roles(self) -> frozenset[str]:
        return frozenset({"cogs", "inventory_periodic"})

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        if not ctx.header.amount:
            yield Issue("NO_AMOUNT", "the cost of the period is missing", "amount", "wares inventory close-period works it out")

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        return super().plan(document, ctx, do)._replace(total=ctx.header.amount or 0)

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        amount = ctx.header.amount or 0
        return Leg(amount, "cogs", memo=ctx.header.memo), Leg(-amount, "inventory_periodic", memo=ctx.header.memo)
