"""Exact figures: rounding of amounts and writing of numbers, in Decimal and never in float."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")


def cents(amount: Decimal) -> Decimal:
    """Round to whole cents, half away from zero. The demo rounds once per line, as the books do."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def micros(cost: Decimal) -> Decimal:
    """Round a unit cost to six decimals."""
    return cost.quantize(MICRO, ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """Return the shortest exact decimal string: 2024.9940 is ``2024.994``, 1E+2 is ``100``."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def whole(text: str) -> int:
    """Return a whole quantity, as all of the source's are. Raises ValueError if it is not whole."""
    number = Decimal(text)
    units = int(number)
    if units != number:
        raise ValueError(f"quantity {text} is not whole")
    return units


def line_amount(quantity: int, unit_price: Decimal, discount: Decimal = Decimal(0)) -> Decimal:
    """Return quantity × unit price × (1 − discount), rounded once; `discount` is a fraction."""
    return cents(quantity * unit_price * (1 - discount))


def in_proportion(amount: Decimal, shares: Sequence[Decimal], whole_of_shares: Decimal) -> list[Decimal]:
    """Return `amount` × share / whole for each share, in cents, cumulatively rounded so that full shares sum to the amount."""
    parts: list[Decimal] = []
    reached = given = Decimal(0)
    for share in shares:
        reached += share
        upto = cents(amount * reached / whole_of_shares) if whole_of_shares else Decimal(0)
        parts.append(upto - given)
        given = upto
    return parts
