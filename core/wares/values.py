"""Numbers and time: money in minor units, quantities and unit prices in millionths, instants in microseconds.

Values are plain whole numbers inside; `Decimal` exists at the facade and in JSON. Rounding is commercial (half away from
zero), once, at a named place. There is no float and no tolerance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Context, Decimal, Inexact, InvalidOperation, Rounded
from functools import lru_cache
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A value as JSON has it, with a Decimal for a number. Whoever names the key knows its type."""
JsonObject: TypeAlias = dict[str, Json]
"""A row as a command prints it: key → value."""
Record: TypeAlias = Mapping[str, Json]
"""A record as it was given, before it is parsed: key → value."""

SCALE = 1_000_000
"""Quantities are whole numbers of 1/SCALE of the item's unit; unit prices, costs, rates and percentages likewise."""
PLACES = 6
HUNDRED_PERCENT = 100 * SCALE
"""A percentage of 100; percentages are millionths of a percent."""
RATE_PLACES = 10
ONE_FOR_ONE = 10**RATE_PLACES
"""A rate of 1: rates are whole numbers of 10⁻¹⁰ of the company's currency for one unit of another."""
MAX_SCALED = 10**15
"""Largest magnitude of a scaled quantity or price: 1,000,000,000 units. Products of two stay far inside Python's exact ints
and every sum stays inside a 64-bit column."""
MAX_MONEY = 10**15
"""Largest magnitude of one amount in minor units."""
MAX_RATE = 10**8 * ONE_FOR_ONE
"""Largest rate: 100,000,000 of the company's currency for one unit of another."""

_EXACT = Context(prec=60, traps=[Inexact, Rounded, InvalidOperation])
_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z")


def to_decimal(value: object) -> Decimal:
    """Return the exact decimal of `value` (Decimal, int or plain decimal text).

    Raises ValueError on float, NaN, infinity and anything else. Exponents in text are refused, since a person typed them by
    accident.
    """
    if isinstance(value, str):
        text = value.strip()
        if not _NUMBER.match(text) or len(text) > 60 or not text.isascii():
            raise ValueError(f"{value[:40]!r} is not a decimal number")
        return Decimal(text)
    if isinstance(value, bool | float):
        raise ValueError(f"{value!r} is not exact; give a decimal string, an int or a Decimal")
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not a finite number")
        return value
    raise ValueError(f"{type(value).__name__} is not a decimal number")


def _shift(value: object, places: int, limit: int) -> int:
    number = to_decimal(value)
    if number.adjusted() > 40:
        raise ValueError(f"{number:.3E} is too large")
    scaled = number.scaleb(places)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{number:f} has more than {places} decimals")
    if not -limit <= whole <= limit:
        raise ValueError(f"{number:f} is too large")
    return whole


def scaled(value: object) -> int:
    """Return a quantity, unit price, rate or percentage as millionths. ValueError on more than six decimals or absurd size."""
    if type(value) is int and -1_000_000_000 <= value <= 1_000_000_000:
        return value * SCALE
    if type(value) is str and len(value) < 10 and value.isdecimal() and value.isascii():
        return int(value) * SCALE
    return _shift(value, PLACES, MAX_SCALED)


def rate(value: object) -> int:
    """Return an exchange rate, company currency for one unit of another, as a whole number of 10⁻¹⁰.

    Raises ValueError on more than ten decimals or absurd size.
    """
    return _shift(value, RATE_PLACES, MAX_RATE)


def minor(value: object, decimals: int) -> int:
    """Return an exact amount as minor units of a currency with `decimals` places. ValueError if it has more places."""
    return _shift(value, decimals, MAX_MONEY)


def unscaled(value: int) -> Decimal:
    """Return millionths as an exact Decimal without trailing zeros ("1.5", "3", never "3E+1")."""
    return Decimal(unscaled_text(value))


def unscaled_text(value: int) -> str:
    """Return millionths as the text of the number, without trailing zeros."""
    whole, rest = divmod(abs(value), SCALE)
    text = f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)
    return "-" + text if value < 0 else text


def unrated(value: int) -> Decimal:
    """Return a rate as an exact Decimal without trailing zeros."""
    number = Decimal(value).scaleb(-RATE_PLACES, context=_EXACT)
    return number.normalize(_EXACT) if number % 1 else number.to_integral_value()


def money(value: int, decimals: int) -> Decimal:
    """Return minor units as a Decimal with all places of its currency ("4.01", "0.00", "12" for yen)."""
    return Decimal(value).scaleb(-decimals, context=_EXACT)


def divide(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded half away from zero; the denominator must not be 0."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def extend(quantity: int, unit_price: int, decimals: int, discount: int = 0) -> int:
    """Return a line's amount in minor units: quantity × unit price × (1 − discount), rounded once.

    Quantity, price and percentage are millionths. 3 × 1.335 = 4.01.
    """
    if discount:
        return divide(quantity * unit_price * (HUNDRED_PERCENT - discount) * 10**decimals, SCALE * SCALE * HUNDRED_PERCENT)
    return divide(quantity * unit_price * 10**decimals, SCALE * SCALE)


def share(total: int, part: int, whole: int) -> int:
    """Return total × part / whole, rounded once: the amount that falls on `part` of `whole`."""
    return divide(total * part, whole)


def times(quantity: int, factor: int) -> int:
    """Return the product of two scaled numbers, scaled, rounded once."""
    if not quantity % SCALE:
        return quantity // SCALE * factor
    return divide(quantity * factor, SCALE)


def unit_value(value: int, quantity: int, decimals: int) -> int:
    """Return value / quantity in millionths of the currency unit per unit, for display only. 0 for quantity 0."""
    if not quantity:
        return 0
    return divide(value * SCALE * SCALE, quantity * 10**decimals)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` over `weights` by largest remainder, so that the parts sum to the whole.

    Equal remainders favour the earlier part. Weights must not be negative; if they sum to 0 the split is equal.
    """
    if not weights:
        return []
    if min(weights) < 0:
        raise ValueError("a weight is negative")
    if len(weights) == 1:
        return [total]
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    sign = -1 if total < 0 else 1
    floors = []
    remainders = []
    for index, weight in enumerate(weights):
        floor, remainder = divmod(abs(total) * weight, whole)
        floors.append(floor)
        remainders.append((-remainder, index))
    for _, index in sorted(remainders)[: abs(total) - sum(floors)]:
        floors[index] += 1
    return [sign * part for part in floors]


# --- time: a day is yyyymmdd, an instant is microseconds of the company's own clock since 1970 ---


@lru_cache(maxsize=4096)
def instant_of(text: str) -> int:
    """Return the instant of an ISO date or date-time of the company's own clock; a bare date is 00:00. ValueError otherwise."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not an ISO date (2026-01-31) or date-time (2026-01-31T09:30)") from None
    if moment.tzinfo is not None:
        raise ValueError(f"{text!r} carries a UTC offset; give the company's own local time without one")
    if not _MOMENT.match(text):
        raise ValueError(f"{text!r} is not a date in the form 2026-01-31 or 2026-01-31T09:30")
    if not 1970 <= moment.year <= 9998:
        raise ValueError(f"{text!r} is outside the years 1970 to 9998")
    return (moment - _EPOCH) // timedelta(microseconds=1)


@lru_cache(maxsize=4096)
def _day_of_number(number: int) -> int:
    day = date.fromordinal(number + 719_163)
    return day.year * 10_000 + day.month * 100 + day.day


def day_of(instant: int) -> int:
    """Return the day (yyyymmdd) of an instant."""
    return _day_of_number(instant // _DAY)


@lru_cache(maxsize=4096)
def start_of(day: int) -> int:
    """Return the first instant of a day (yyyymmdd)."""
    return (to_date(day).toordinal() - 719_163) * _DAY


def end_of(day: int) -> int:
    """Return the first instant after a day (yyyymmdd): `effective_at < end_of(day)` is "on or before that day"."""
    return start_of(day) + _DAY


def end_of_month(month: int) -> int:
    """Return the first instant after a month (yyyymm)."""
    return start_of((month + (89 if month % 100 == 12 else 1)) * 100 + 1)


def next_day(day: int) -> int:
    """Return the day (yyyymmdd) after a day."""
    return from_date(to_date(day) + timedelta(days=1))


def to_date(day: int) -> date:
    """Return a day (yyyymmdd) as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def from_date(day: date) -> int:
    """Return a date as yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day


def iso_day(day: int) -> str:
    """Return a day (yyyymmdd) as ISO 8601."""
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


@lru_cache(maxsize=4096)
def iso_instant(instant: int) -> str:
    """Return an instant as ISO 8601; midnight is the bare date."""
    moment = _EPOCH + timedelta(microseconds=instant)
    return moment.date().isoformat() if not instant % _DAY else moment.isoformat()


def day_from_text(text: str) -> int:
    """Return an ISO date as yyyymmdd; ValueError for any other text."""
    return day_of(instant_of(text))


def period_of(day: int) -> int:
    """Return the month (yyyymm) of a day."""
    return day // 100


_now: Callable[[tzinfo | None], datetime] = datetime.now
"""The one clock; the fixture `clock` of wares.testing sets it."""


def utc_now() -> int:
    """Return the present moment in UTC, microseconds since 1970."""
    return (_now(UTC).replace(tzinfo=None) - _EPOCH) // timedelta(microseconds=1)


def today() -> int:
    """Return today's date on the local clock, yyyymmdd."""
    return from_date(_now(None).date())
