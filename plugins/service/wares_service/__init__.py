"""Services: work that is charged by the hour.

The quantity of a line is hours, the item's price is the hourly rate, and its cost the standard hourly cost, which a
build absorbs if the service stands in a bill of materials. Two attributes limit the hours that may be charged:

- `increment`: hours are charged in steps of it ("0.25": quarter hours);
- `minimum`: fewer hours are never charged ("1": a visit counts as an hour).

They apply to new sales and purchases. A line that comes from another document keeps the hours agreed there, and a
credit may be for any part.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from wares import (
    Attributes,
    Issue,
    Item,
    ItemType,
    Line,
    Masters,
    PriceContext,
    Pricing,
    Question,
    Refused,
    hookimpl,
    plain_price,
    scaled,
    unscaled,
)

WARES_API_VERSION = 1


class ServiceAttributes(Attributes):
    """The limits of the hours on a line; both optional."""

    increment: Decimal | None = None
    """Hours are charged in multiples of this number of hours."""
    minimum: Decimal | None = None
    """Least number of hours on a line."""


class Service(ItemType):
    """The item type of work that is charged by the hour."""

    key = "service"
    title = "Service"
    summary = "Work by the hour: the quantity is hours, the price and cost are hourly rates."
    Attributes = ServiceAttributes
    example_records = ({"record": "item", "type": "service", "sku": "REPAIR", "price": "59", "cost": "24"},)

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Require an increment and a minimum to be exact numbers of hours above zero."""
        for name, hours in (("increment", item.attributes.increment), ("minimum", item.attributes.minimum)):
            if hours is not None and not _is_positive(hours):
                yield Issue(
                    "BAD_HOURS",
                    f"{name} {hours} of {item.sku} is not a number of hours above 0 with up to 6 decimals",
                    path=f"attributes.{name}",
                    hint=f"give hours, such as 0.25, or leave {name} out",
                )

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return hours × rate. Refused BELOW_MINIMUM or NOT_AN_INCREMENT on a new sale or purchase."""
        if line.origin is None and ctx.document.sign > 0:
            _check_hours(line)
        return plain_price(line, ctx)


def _is_positive(hours: Decimal) -> bool:
    try:
        return scaled(hours) > 0
    except ValueError:
        return False


def _check_hours(line: Line) -> None:
    item = line.item
    assert item is not None
    rules, hours, path = item.attributes, line.base_quantity, f"{line.path}.quantity"
    if rules.minimum is not None and hours < scaled(rules.minimum):
        raise Refused.because(
            "BELOW_MINIMUM",
            f"{unscaled(hours)} hours of {item.sku} are less than its minimum of {rules.minimum}",
            path=path,
            hint=f"charge at least {rules.minimum}",
        )
    if rules.increment is not None and hours % scaled(rules.increment):
        step = scaled(rules.increment)
        raise Refused.because(
            "NOT_AN_INCREMENT",
            f"{unscaled(hours)} hours of {item.sku} are not a multiple of {rules.increment}",
            path=path,
            hint=f"charge {unscaled(hours - hours % step)} or {unscaled(hours - hours % step + step)}",
        )


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Service()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="by_the_hour",
            text="Is it work that is charged by the hour?",
            type="service",
            because="it is work: its quantity is hours and its price an hourly rate",
            weight=30,
        )
    ]
