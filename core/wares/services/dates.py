"""Dates that callers give as text."""

from __future__ import annotations

from wares.errors import Refused
from wares.values import day_from_text


def day(at: str | None) -> int | None:
    """Return an `at` argument as yyyymmdd. Refused BAD_DATE."""
    if at is None:
        return None
    try:
        return day_from_text(at)
    except ValueError as error:
        raise Refused.because("BAD_DATE", str(error), path="at") from None
