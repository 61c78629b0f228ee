"""Days as whole numbers (yyyymmdd), the form in which the books keep them."""

from __future__ import annotations

LAST_DAY = 9999_12_31


def iso(day: int) -> str:
    """Return a day as ISO text."""
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def day_number(text: str) -> int:
    """Return the day of an ISO text."""
    return int(text.replace("-", ""))


def days_of(year: int) -> tuple[int, int]:
    """Return the first and the last day of a year."""
    return year * 10_000 + 101, year * 10_000 + 1231
