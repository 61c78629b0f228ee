"""The four types of row that act on other rows: charge, discount, markup, subtotal.

One pure function, `amount_on`, computes the amounts; the types state on which side they may be used, their sign and
their account.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from wares import (
    HUNDRED_PERCENT,
    SCALE,
    Above,
    Attributes,
    Issue,
    Item,
    ItemType,
    Line,
    Masters,
    PriceContext,
    Pricing,
    Refused,
    RowKind,
    Side,
    extend,
    money,
    plain_price,
    scaled,
    share,
    unscaled,
)


class CalculationAttributes(Attributes):
    """The figure of a calculation: a percentage or a fixed amount."""

    percent: Decimal | None = None
    """Percentage of the row above; "10" is 10 %."""
    amount: Decimal | None = None
    """Fixed amount per unit of the row's own quantity, in the company's currency."""


class ChargeAttributes(CalculationAttributes):
    """The figure of a charge, its sign, and its place on purchases."""

    into_cost: bool = False
    """On purchases the charge becomes part of the goods' cost."""
    reduces: bool = False
    """The charge is subtracted instead of added."""


class Charge(ItemType):
    """The item type of freight, fees and other additions, on sales and purchases."""

    key = "charge"
    title = "Charge"
    summary = "Adds an amount or a percentage of the row above; on purchases an expense, or part of the goods' cost."
    calculates = True
    Attributes = ChargeAttributes
    example_records = ({"record": "item", "type": "charge", "sku": "FREIGHT", "attributes": {"amount": "7.50"}},)

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Require at most one of percent and amount: a charge without either takes its amount from each line."""
        return _problems(item, may_have_neither=True, may_be_negative=True)

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return an amount that is added to the document (subtracted with `reduces`), and on a purchase with `into_cost`
        goes into the goods' cost."""
        assert line.item is not None
        rules: ChargeAttributes = line.item.attributes
        into_cost = rules.into_cost and ctx.document.side is Side.PURCHASE
        return _calculation(line, ctx, -1 if rules.reduces else 1)._replace(into_cost=into_cost)


class Discount(ItemType):
    """The item type of a reduction on a sale, posted to an account of its own."""

    key = "discount"
    title = "Discount"
    summary = "Takes an amount or a percentage off the row above, on sales, and posts to its own account."
    bought = False
    calculates = True
    sale_role = "discount"
    Attributes = CalculationAttributes
    example_records = ({"record": "item", "type": "discount", "sku": "TENOFF", "attributes": {"percent": "10"}},)

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Require exactly one of percent and amount, more than zero and at most 100 %."""
        yield from _problems(item, may_have_neither=False, may_be_negative=False)
        percent = item.attributes.percent
        if percent is not None and percent > 100:
            yield _issue(item, "percent", f"takes off {percent} %, which is more than all")

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return an amount that is subtracted from the document. Refused DISCOUNT_ABOVE_BASE if it is more than the rows it acts
        on, unless the policy discount_above_base allows it."""
        pricing = _calculation(line, ctx, -1)
        running = _above(line, ctx).running
        if 0 <= running < -pricing.amount and ctx.document.settings.get("discount_above_base", "refuse") != "allow":
            assert line.item is not None
            decimals = ctx.document.decimals
            raise Refused.because(
                "DISCOUNT_ABOVE_BASE",
                f"{line.item.sku} takes {money(-pricing.amount, decimals)} off {money(running, decimals)}",
                path=line.path,
                hint="give a smaller amount, or allow it: the setting discount_above_base=allow",
            )
        return pricing


class Markup(ItemType):
    """The item type of an addition on a sale, posted as income."""

    key = "markup"
    title = "Markup"
    summary = "Adds an amount or a percentage to the row above, on sales."
    bought = False
    calculates = True
    Attributes = CalculationAttributes
    example_records = ({"record": "item", "type": "markup", "sku": "RUSH", "attributes": {"percent": "5"}},)

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Require exactly one of percent and amount, more than zero."""
        return _problems(item, may_have_neither=False, may_be_negative=False)

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return an amount that is added to the document."""
        return _calculation(line, ctx, 1)


class Subtotal(ItemType):
    """The item type of a row that shows the sum of the rows since the previous subtotal and adds nothing itself."""

    key = "subtotal"
    title = "Subtotal"
    summary = "Shows the sum of the rows above; a calculation under it acts on that sum."
    calculates = True
    example_records = ({"record": "item", "type": "subtotal", "sku": "SUB"},)

    def price(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return a pricing without an amount; its unit price shows the sum."""
        _above(line, ctx)
        sum_as_price = ctx.subtotal * SCALE // 10**ctx.document.decimals
        return Pricing(0, sum_as_price, kind=RowKind.SUBTOTAL)


def amount_on(base: int, percent: int) -> int:
    """Return a percentage (millionths of a percent) of an amount in minor units, rounded once."""
    return share(base, percent, HUNDRED_PERCENT)


def _calculation(line: Line, ctx: PriceContext, sign: int) -> Pricing:
    """Return the row's pricing: the line's own amount, the percentage of the rows above, or amount × quantity."""
    item, given = line.item, line.given
    assert item is not None
    above = _above(line, ctx)
    rules: CalculationAttributes = item.attributes
    if given.discount and line.parent is None:
        raise Refused.because(
            "DISCOUNT_ON_CALCULATION",
            f"{item.sku} is a calculation and cannot have a discount",
            path=f"{line.path}.discount",
            hint="leave discount out, or give the amount after the discount",
        )
    if rules.percent is None or given.amount is not None:
        pricing = _fixed(line, ctx, rules.amount)
    else:
        _check_percentage(line)
        original = ctx.document.settings.get("calculation_base", "running") == "original"
        pricing = Pricing(amount_on(above.original if original else above.running, scaled(rules.percent)))
    return pricing._replace(amount=sign * pricing.amount, kind=RowKind.CALCULATION)


def _fixed(line: Line, ctx: PriceContext, per_unit: Decimal | None) -> Pricing:
    """Return the pricing that the line gives, else by the item's amount per unit, else (a charge without one) by the item's
    price or cost."""
    given, sale = line.given, ctx.document.side is Side.SALE
    stated = given.amount is not None or (given.unit_price if sale else given.unit_cost) is not None
    if stated or per_unit is None:
        return plain_price(line, ctx)
    unit_price = ctx.document.in_currency(scaled(per_unit)) or 0
    return Pricing(extend(line.quantity, unit_price, ctx.document.decimals), unit_price)


def _check_percentage(line: Line) -> None:
    """Refuse a quantity or a price on a percentage. Rows of a group (sublines) carry the group's quantity and are not
    checked."""
    item, given = line.item, line.given
    assert item is not None
    if line.parent is not None:
        return
    if line.quantity != SCALE:
        raise Refused.because(
            "PERCENT_QUANTITY",
            f"{item.sku} is a percentage and cannot have a quantity of {unscaled(line.quantity)}",
            path=f"{line.path}.quantity",
            hint="leave quantity out, or add a line for each time it should act",
        )
    if given.unit_price is not None or given.unit_cost is not None:
        raise Refused.because(
            "PERCENT_PRICE",
            f"{item.sku} is a percentage and has no price per unit",
            path=line.path,
            hint="leave the price out, or give the exact amount",
        )


def _above(line: Line, ctx: PriceContext) -> Above:
    if ctx.above is None:
        assert line.item is not None
        raise Refused.because(
            "FIRST_ROW",
            f"{line.item.sku} acts on the row above, and there is none",
            path=line.path,
            hint="put it after the line it acts on",
        )
    return ctx.above


def _problems(item: Item, *, may_have_neither: bool, may_be_negative: bool) -> Iterable[Issue]:
    rules: CalculationAttributes = item.attributes
    given = {name: value for name, value in {"percent": rules.percent, "amount": rules.amount}.items() if value is not None}
    if len(given) == 2:
        yield _issue(item, "percent", "has both a percent and an amount")
    elif not given and not may_have_neither:
        yield _issue(item, "percent", "has neither a percent nor an amount")
    for name, value in given.items():
        try:
            number = scaled(value)
        except ValueError as error:
            yield _issue(item, name, str(error))
            continue
        if number == 0 or (number < 0 and not may_be_negative):
            yield _issue(item, name, f"has a{'n' if name == 'amount' else ''} {name} of {value}")


def _issue(item: Item, name: str, problem: str) -> Issue:
    return Issue(
        "BAD_CALCULATION",
        f"{item.type} {item.sku} {problem}",
        path=f"attributes.{name}",
        hint='give either {"percent": "10"} or {"amount": "5.00"}',
    )
