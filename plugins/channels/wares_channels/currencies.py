"""Amounts in another currency than the books': recognise the currency of a cell, and convert its amount.

The books keep the money of a channel in their own currency, since the channel pays out in it. An amount is converted once, at the
rate of its row, rounded half away from zero; the stated amount stays beside it.
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
"""Sign at an amount → the currencies that it may mean, the likeliest first."""
_AROUND = re.compile(r"[\d.,'’()+\-−–\s]+")
RATE_PLACES = 10


@lru_cache(maxsize=4096)
def currencies_in(amount: str) -> tuple[str, ...]:
    """Return the possible currencies of an amount by its sign or code, the likeliest first; none without a sign."""
    mark = "".join(_AROUND.split(amount)).casefold()
    if len(mark) == 3 and mark.isalpha():
        return (mark.upper(),)
    return _SIGNS.get(mark, ())


class Stated(NamedTuple):
    """An amount that a channel states in another currency."""

    currency: str
    amount: Decimal
    rate: Decimal

    def in_books(self, decimals: int) -> Decimal:
        """Return the amount in the currency of the books."""
        return (self.amount * self.rate).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    def attributes(self) -> dict[str, str]:
        """Return the attributes of a line that keep it."""
        return {"currency": self.currency, "amount": f"{self.amount:f}", "rate": f"{self.rate:f}"}


def parse_rate(text: str) -> Decimal:
    """Return the rate of a text: more than 0, ten decimals at most. Raises ValueError."""
    try:
        rate = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"{text[:40]!r} is no rate") from None
    places = rate.as_tuple().exponent
    if not rate.is_finite() or rate <= 0 or not isinstance(places, int) or -places > RATE_PLACES:
        raise ValueError(f"{text[:40]!r} is no rate: more than 0, with {RATE_PLACES} decimals at most")
    return rate


def chosen_rates(given: Mapping[str, str]) -> dict[str, str]:
    """Return the rates that the user states, by currency. Refused BAD_RATE."""
    for currency, text in given.items():
        try:
            parse_rate(text)
            if len(currency) != 3 or not currency.isalpha():
                raise ValueError(f"{currency[:20]!r} is no currency code")
        except ValueError as error:
            raise Refused.because(
                "BAD_RATE", str(error), path="rate", hint="give it as EUR=1.0845: the value of one euro in your currency"
            ) from None
    return {currency.upper(): text.strip() for currency, text in given.items()}
