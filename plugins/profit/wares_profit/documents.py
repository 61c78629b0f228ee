"""The document of periodic mode.

period_cogs        Dr cogs                                     Cr inventory_periodic
"""

from __future__ import annotations

from collections.abc import Iterable

from wares import HEADER_KEYS, Behaviours, Context, Document, DocumentType, Issue, Leg, Plan, Side


class PeriodCogs(DocumentType):
    """The cost of the goods of a period, posted after a count: Dr cogs Cr inventory_periodic."""

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
            yield Issue("NO_AMOUNT", "the cost of the period is missing", "amount", "wares seller close-period computes it")

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        return super().plan(document, ctx, do)._replace(total=ctx.header.amount or 0)

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        amount = ctx.header.amount or 0
        return Leg(amount, "cogs", memo=ctx.header.memo), Leg(-amount, "inventory_periodic", memo=ctx.header.memo)
