"""The type of item `gift_card` and the type of document `gift_card_redemption`."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError
from wares import (
    HEADER_KEYS,
    Attributes,
    Behaviours,
    Context,
    Document,
    DocumentType,
    Issue,
    ItemType,
    Leg,
    Line,
    Plan,
    PriceContext,
    Pricing,
    Refused,
    Side,
    money,
    plain_price,
)

LIABILITY = "gift_card_liability"
"""Role of the account that holds the unspent balances of cards."""
ACCOUNT = {"record": "account", "code": "2300", "name": "Gift cards", "type": "liability", "roles": [LIABILITY]}


class LineAttributes(Attributes):
    """The attributes of a gift card's line."""

    code: str | None = None
    """Code of the card, 1 to 60 characters; None takes the number of the document and line."""


class RedemptionAttributes(Attributes):
    """The attributes of a redemption."""

    code: str
    """Code of the card that is redeemed."""


class GiftCard(ItemType):
    """The item type of money that is paid now and spent later. A line carries the code of the card in its attributes."""

    key = "gift_card"
    title = "Gift card"
    summary = "Paid now, spent later: selling it is a liability, redeeming it a payment."
    bought = False
    sale_role = LIABILITY
    example_records = (ACCOUNT, {"record": "item", "type": "gift_card", "sku": "GIFT", "price": "50"})

    def roles(self) -> frozenset[str]:
        """Return the liability alone: a gift card is never bought, so it has no expense."""
        return frozenset({LIABILITY})

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return the price as for other items. Refused BAD_ATTRIBUTE if the attributes of the line are wrong."""
        code_on(line)
        return plain_price(line, ctx)


def code_on(line: Line) -> str | None:
    """Return the code that the line gives its card. Refused BAD_ATTRIBUTE."""
    try:
        code = LineAttributes.model_validate(line.given.attributes or {}).code
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(map(str, problem["loc"]))
        raise Refused.because(
            "BAD_ATTRIBUTE",
            f"{place}: {problem['msg']}",
            path=f"{line.path}.attributes",
            hint='give {"code": "MERRY-2026"}, or leave attributes out',
        ) from None
    if code is not None and not 0 < len(code) <= 60:
        raise Refused.because("BAD_ATTRIBUTE", "a code has 1 to 60 characters", path=f"{line.path}.attributes.code")
    return code


class Redemption(DocumentType):
    """The document type of a payment with a card: Dr gift_card_liability Cr receivable, applied to the customer's invoices."""

    key, title, prefix = "gift_card_redemption", "gift card redemption", "GCR"
    side = Side.SALE
    sign = -1  # it reduces the customer's debt
    counter_role = "receivable"
    party_kind = "customer"
    has_lines = False
    priced = False
    header_keys = (HEADER_KEYS - {"lines", "location"}) | {"amount", "apply_to"}
    Attributes = RedemptionAttributes
    example_records = (
        *GiftCard.example_records,
        {"type": "service", "sku": "REPAIR", "price": "60"},
        {
            "record": "document",
            "type": "invoice",
            "number": "I-1",
            "date": "2026-01-02",
            "party": "CUSTOMER",
            "lines": [{"item": "GIFT", "attributes": {"code": "MERRY"}}, {"item": "REPAIR"}],
        },
        {
            "record": "document",
            "type": "gift_card_redemption",
            "date": "2026-01-03",
            "party": "CUSTOMER",
            "amount": "40.00",
            "attributes": {"code": "MERRY"},
            "apply_to": [{"number": "I-1"}],
        },
    )

    def roles(self) -> frozenset[str]:
        return frozenset({LIABILITY, "receivable"})

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        """Require an amount and a card with that balance."""
        amount = ctx.header.amount or 0
        code = ctx.header.attributes.code
        held = ctx.facts["gift_card"]["held"].get(code)
        if not amount:
            yield Issue("NO_AMOUNT", "a redemption needs an amount above 0", path="amount")
        if held is None:
            yield Issue(
                "UNKNOWN_CARD", f"there is no gift card {code!r}", path="attributes.code", hint="check the code of the card"
            )
        elif amount > held:
            left = money(held, ctx.decimals)
            message = f"the gift card {code} has a balance of only {left}"
            yield Issue("CARD_TOO_LOW", message, path="amount", hint=f"redeem at most {left}")

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        amount = ctx.header.amount or 0
        legs = (
            Leg(amount, LIABILITY, memo=ctx.header.attributes.code),
            Leg(-amount, "receivable", of_party=True, memo=ctx.header.memo),
        )
        return Plan(legs=legs, applications=tuple(_applied(ctx)), total=amount)


def _applied(ctx: Context) -> Iterable[tuple[int, int]]:
    """Yield (document id, amount) of each invoice to which it is applied: the amount stated, else the open amount."""
    rest, seen = ctx.header.amount or 0, set()
    for index, (target, stated, *_) in enumerate(ctx.header.apply_to):
        path = f"apply_to[{index}]"
        still_open = target.total - target.settled
        part = min(rest, still_open) if stated is None else stated
        if target.type != "invoice":
            raise Refused.because("WRONG_TARGET", f"{target.number} is not an invoice", path=path, hint="name an invoice")
        if target.party_id != (ctx.header.party.id if ctx.header.party else None):
            raise Refused.because("OTHER_PARTY", f"{target.number} belongs to another customer", path=path)
        if not 0 < part <= min(still_open, rest) or target.id in seen:
            left = money(min(still_open, rest), ctx.decimals)
            raise Refused.because("OVER_APPLIED", f"no more than {left} can be applied to {target.number}", path=path)
        rest -= part
        seen.add(target.id)
        yield target.id, part
