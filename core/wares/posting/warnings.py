"""Warnings of a document that may be recorded and may be a slip: a date years away, a payment above the open amount."""

from __future__ import annotations

from collections.abc import Iterator

from wares.errors import Issue
from wares.posting.result import Planned
from wares.values import iso_day, money

YEAR = 10_000
"""A year in a day written as a number, yyyymmdd."""
FAR = 2 * YEAR
"""A date this far from today is doubted."""


def warnings_of(planned: Planned, today: int) -> Iterator[Issue]:
    """Yield DATE_FAR_AWAY for a date more than two years from `today` (yyyymmdd), PAID_ABOVE_OPEN for a payment or refund above the
    open amount of the documents that it names."""
    header, plan = planned.header, planned.plan
    yield from date_warnings(header.day, today)
    rest = plan.total - sum(part for _, part in plan.applications)
    if header.apply_to and plan.applications and rest > 0:
        amount = f"{money(rest, header.decimals)} {header.currency}"
        message = f"{amount} is more than is open on the documents that it names, and stays as credit"
        yield Issue("PAID_ABOVE_OPEN", message, path="amount", hint="apply the rest to another document, or refund it")


def date_warnings(day: int, today: int) -> Iterator[Issue]:
    """Yield DATE_FAR_AWAY for a day more than two years from `today` (both yyyymmdd)."""
    if abs(day - today) > FAR:
        message = f"the date is {iso_day(day)}, more than two years from today"
        yield Issue("DATE_FAR_AWAY", message, path="date", hint="void the document if the date is a slip")
