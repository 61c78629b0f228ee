"""The type of item `subscription` and the type of document `recognition`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from wares import (
    HEADER_KEYS,
    AccountQuery,
    Attributes,
    Behaviours,
    Context,
    Document,
    DocumentType,
    Issue,
    Item,
    ItemType,
    Leg,
    Masters,
    Plan,
    Side,
)

if TYPE_CHECKING:
    from wares import AcceptedDocument

DEFERRED = "deferred_income"
"""Role of the account that holds amounts paid and not yet earned."""
ACCOUNT = {"record": "account", "code": "2400", "name": "Deferred income", "type": "liability", "roles": [DEFERRED]}


class SubscriptionAttributes(Attributes):
    """The attributes of a subscription."""

    months: int = 12
    """Number of months for which it is paid, 1 to 600."""


class Subscription(ItemType):
    """The item type of a service over months; the quantity of a line is the number of subscriptions."""

    key = "subscription"
    title = "Subscription"
    summary = "Paid at once for months to come: deferred income, recognised month by month."
    bought = False
    sale_role = DEFERRED
    Attributes = SubscriptionAttributes
    example_records = (
        ACCOUNT,
        {"record": "item", "type": "subscription", "sku": "CLUB", "price": "120", "attributes": {"months": 12}},
    )

    def roles(self) -> frozenset[str]:
        return frozenset({DEFERRED, "income"})

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Require 1 to 600 months (fifty years)."""
        if not 1 <= item.attributes.months <= 600:
            message = f"{item.sku} cannot run for {item.attributes.months} months"
            yield Issue("BAD_MONTHS", message, path="attributes.months", hint="give 1 to 600")


class Part(NamedTuple):
    """The part of a recognition that belongs to one subscription."""

    line_id: int
    """Id of the line that sold the subscription."""
    item_id: int
    amount: int
    """Amount moved to income, minor units; negative if income is taken back."""


class Recognition(DocumentType):
    """The document type that posts Dr deferred_income Cr income for all amounts earned up to the end of its day."""

    key, title, prefix = "recognition", "recognition of income", "RCG"
    side = Side.LEDGER
    has_lines = False
    priced = False
    header_keys = HEADER_KEYS - {"lines", "location", "party", "due"}
    example_records = (
        *Subscription.example_records,
        {
            "record": "document",
            "type": "invoice",
            "number": "I-1",
            "date": "2026-01-15",
            "party": "CUSTOMER",
            "lines": [{"item": "CLUB"}],
        },
        {"record": "document", "type": "recognition", "date": "2026-03-31"},
    )

    def roles(self) -> frozenset[str]:
        return frozenset({DEFERRED, "income"})

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        """Require an amount to recognise, and no later recognition."""
        last = ctx.facts["subscription"]["last"]
        if ctx.header.day < last:
            later = f"{last // 10000}-{last // 100 % 100:02d}-{last % 100:02d}"
            yield Issue(
                "RECOGNISED_LATER", f"income was recognised up to {later} already", path="date", hint="void that recognition first"
            )
        elif not self._due(ctx):
            message = "no subscription has earned an amount since the last recognition"
            yield Issue("NOTHING_DUE", message, path="date", hint="no recognition is needed")

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        legs: list[Leg] = []
        for part in self._due(ctx):
            item = ctx.masters.item_by_id(part.item_id)
            for role, amount in ((DEFERRED, part.amount), ("income", -part.amount)):
                query = AccountQuery(role, item, None, ctx.header.location, None)
                legs.append(Leg(amount, role, do.account_for(query, ctx), item=item, memo=ctx.header.memo))
        return Plan(legs=tuple(legs))

    @classmethod
    def parts_of(cls, posted: AcceptedDocument) -> Iterator[Part]:
        """Yield the parts of an accepted document; none if it is of another type."""
        if posted.planned.header.type.key == cls.key:
            yield from cls._due(posted.planned.ctx)

    @staticmethod
    def _due(ctx: Context) -> list[Part]:
        terms = ctx.facts["subscription"]["terms"].values()
        parts = [Part(term.line_id, term.item_id, term.earned(ctx.header.day) - term.recognised) for term in terms]
        return [part for part in parts if part.amount]
