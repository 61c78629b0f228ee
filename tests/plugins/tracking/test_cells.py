"""Money and dates as people write them: exact, or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from wares_tracking.cells import AmbiguousDate, parse_day, parse_money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.50", "12.50"), ("$1,234.50", "1234.50"), ("(8.00)", "-8.00"), ("-$8.00", "-8.00"), ("$-8.00", "-8.00"),
        ("8.00-", "-8.00"), ("1.234,50 €", "1234.50"), ("12,5", "12.5"), ("1,234", "1234"), ("1'234.50", "1234.50"),
        ("1 234,50", "1234.50"), ("USD 12", "12"), ("CA$12.00", "12.00"), ("−3.10", "-3.10"), ("1,234,567.89", "1234567.89"),
        ("1.234.567", "1234567"), ("0", "0"), (".5", ".5"), ("￥1,200", "1200"),
    ],
)  # fmt: skip
def test_money(text: str, amount: str) -> None:
    assert parse_money(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "  ", "--", "-", "–"])
def test_no_money(text: str) -> None:
    assert parse_money(text) is None


@pytest.mark.parametrize(
    "text", ["=1+2", "free", "1,23,456.7", "12,34,5", "1.2.3", "--5", "(-5)", "1e5", "5 6.1.2", "12 USDOLLARS", "NaN"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        parse_money(text)


def test_the_mark_that_was_said() -> None:
    assert parse_money("1.234", mark=",") == 1234
    assert parse_money("1,5", mark=",") == Decimal("1.5")
    with pytest.raises(ValueError, match="no amount"):
        parse_money("1,5", mark=".")


@pytest.mark.parametrize(
    ("text", "form", "day"),
    [
        ("2026-02-03 10:00:00 -0500", None, "2026-02-03"), ("2026-02-03T10:00:00+00:00", None, "2026-02-03"),
        ("2026/2/3", None, "2026-02-03"), ("Feb-03-26", None, "2026-02-03"),
        ("February 3, 2026 5:01:02 PM PST", None, "2026-02-03"),
        ("3 Feb 2026", None, "2026-02-03"), ("25/02/2026", None, "2026-02-25"), ("02/25/26", None, "2026-02-25"),
        ("04/04/26", None, "2026-04-04"), ("03/04/26", "MDY", "2026-03-04"), ("03/04/26", "DMY", "2026-04-03"),
        ("03.04.2026", "DMY", "2026-04-03"), ("2026-03-04", "DMY", "2026-03-04"), ("20260304", "%Y%m%d", "2026-03-04"),
    ],
)  # fmt: skip
def test_days(text: str, form: str | None, day: str) -> None:
    assert parse_day(text, form) == day


NO_DAY = "is no date|day is out of range|month must be in"


@pytest.mark.parametrize("text", ["", "soon", "31/02/2026", "2026-13-01", "45/46/2026"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=NO_DAY):
        parse_day(text)


def test_day_or_month_is_never_guessed() -> None:
    with pytest.raises(AmbiguousDate):
        parse_day("03/04/2026")
