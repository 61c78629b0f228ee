"""Amounts in another currency than the books': which one a cell says, and what it is worth in the books'.

The books keep what a channel owes in their own currency, since that is what it pays out. An amount is turned at the rate of its
row, once, rounded half away from zero; what the channel said stays beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from wares import Refused

_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "$": _DOLLARS, "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"), "₹": ("INR",), "₩": ("KRW",), "zł": ("PLN",),
    "kr": ("SEK", "NOK", "DKK"), "us$": ("USD",), "ca$": ("CAD",), "c$": ("CAD",), "a$": ("AUD",), "au$": ("AUD",),
    "nz$": ("NZD",), "s$": ("SGD",), "hk$": ("HKD",), "mx$": ("MXN",), "r$": ("BRL",),
}  # fmt: skip
"""What stands at an amount → the currencies that it may mean, the likeliest first."""
_AROUND = re.compile(r"[\d.,'’()+\-−–\s]+")
RATE_PLACES = 10


@lru_cache(maxsize=4096)
def currencies_in(amount: str) -> tuple[str, ...]:
    """The currencies that an amount may be in by its sign or code, the likeliest first; none where it does not say."""
    mark = "".join(_AROUND.split(amount)).casefold()
    if len(mark) == 3 and mark.isalpha():
        return (mark.upper(),)
    return _SIGNS.get(mark, ())


class Stated(NamedTuple):
    """What a channel said of an amount in another currency."""

    currency: str
    amount: Decimal
    rate: Decimal

    def in_books(self, decimals: int) -> Decimal:
        """In the currency of the books."""
        return (self.amount * self.rate).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    def said(self) -> dict[str, str]:
        """As attributes of a line keep it."""
        return {"currency": self.currency, "amount": f"{self.amount:f}", "rate": f"{self.rate:f}"}


def parse_rate(text: str) -> Decimal:
    """A rate: more than 0, ten places at most. Raises ValueError."""
    try:
        rate = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{text[:40]!r} is no rate") from None
    places = rate.as_tuple().exponent
    if not rate.is_finite() or rate <= 0 or not isinstance(places, int) or -places > RATE_PLACES:
        raise ValueError(f"{text[:40]!r} is no rate: more than 0, with {RATE_PLACES} decimals at most")
    return rate


def chosen_rates(given: Mapping[str, str]) -> dict[str, str]:
    """Rates that the user states, by currency. Refused BAD_RATE."""
    for currency, text in given.items():
        try:
            parse_rate(text)
            if len(currency) != 3 or not currency.isalpha():
                raise ValueError(f"{currency[:20]!r} is no currency code")
        except ValueError as error:
            raise Refused.because(
                "BAD_RATE", str(error), path="rate", hint="give it as EUR=1.0845: yours for one of theirs"
            ) from None
    return {currency.upper(): text.strip() for currency, text in given.items()}
