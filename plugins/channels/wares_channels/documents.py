"""The document of money between a sales channel and the seller, besides the price of the goods.

channel_charge     Dr channel_fees, shipping_cost, bank ...         Cr channel_clearing
                   Dr channel_clearing                         Cr shipping_income, tips, tax_payable
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wares import HEADER_KEYS, Behaviours, Context, Document, DocumentType, Issue, Leg, Plan, Row, Side, row_leg

CHARGES: Mapping[str, tuple[str, int]] = {
    "fee": ("channel_fees", 1),
    "label": ("shipping_cost", 1),
    "discount": ("discount", 1),
    "payout": ("bank", 1),
    "shipping": ("shipping_income", -1),
    "tip": ("tips", -1),
    "tax": ("tax_payable", -1),
}
"""Kind of charge → the role of its account, and its side: +1 if the channel keeps or pays out the amount, −1 if the amount adds to
the money that the channel owes to the seller."""

_ACCOUNT = {"record": "account", "code": "1100", "name": "Channel clearing", "type": "asset", "roles": ["channel_clearing"]}
_CHARGE = {"record": "document", "type": "channel_charge", "date": "2026-02-01", "account": "1100", "lines": [
    {"amount": "2.00", "attributes": {"kind": "fee"}}, {"amount": "5.00", "attributes": {"kind": "shipping"}},
]}  # fmt: skip


class ChannelCharge(DocumentType):
    """The document of the money that a sales channel keeps, collects or pays besides the price of the goods.

    The attribute `kind` of each line says its kind: fee, label, discount, payout, shipping, tip, tax. The other side is the
    clearing account of the channel, or the account that paid for a label. A negative amount takes a charge back.
    """

    key, title, prefix = "channel_charge", "channel charge", "CHG"
    side = Side.MONEY
    counter_role = "channel_clearing"
    header_keys = HEADER_KEYS | {"account"}
    line_keys = frozenset({"amount", "account", "memo", "description", "attributes"})
    signed_amount = True
    example_records = (_ACCOUNT, _CHARGE)

    def roles(self) -> frozenset[str]:
        return frozenset({"channel_clearing", *(role for role, _ in CHARGES.values())})

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        for row in document.rows:
            if _kind(row) not in CHARGES:
                path = f"{row.line.path}.attributes.kind"
                yield Issue("BAD_VALUE", f"kind is {_kind(row) or 'missing'}", path, f"use one of {', '.join(CHARGES)}")
            if row.line.given.amount is None:
                yield Issue("NO_AMOUNT", "the charge has no amount", f"{row.line.path}.amount", "give amount")

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
