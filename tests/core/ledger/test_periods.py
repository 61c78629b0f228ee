"""Closing and reopening the books, and the history that verify holds entries against."""

from __future__ import annotations

import pytest

from tests.core.ledger.journaling import Ledger
from wares.errors import Refused
from wares.ledger.periods import close, first_breach, history, reopen

JAN, FEB, MAR = 20260131, 20260228, 20260331


def closed_through(ledger: Ledger) -> int:
    with ledger.reader() as reader:
        return int(reader.head.closed_through)


@pytest.mark.parametrize("day", [JAN, FEB])
def test_closing_goes_forward_only(ledger: Ledger, day: int) -> None:
    with ledger.unit() as unit:
        close(unit, FEB)
        with pytest.raises(Refused) as refused:
            close(unit, day)
    assert refused.value.code == "ALREADY_CLOSED"


@pytest.mark.parametrize(
    ("day", "through"),
    [
        (20260301, FEB),  # the first day to be open again
        (20260310, 20260309),
        (MAR, FEB),  # the date of the last closing: undone
        (FEB, JAN),
        (20260201, JAN),
        (JAN, 0),
        (20260101, 20251231),
    ],
)
def test_reopening(ledger: Ledger, day: int, through: int) -> None:
    with ledger.unit() as unit:
        for month in (JAN, FEB, MAR):
            close(unit, month)
        assert reopen(unit, day, "late bill").closed_through == through
    assert closed_through(ledger) == through


def test_what_was_reopened_counts_no_more(ledger: Ledger) -> None:
    with ledger.unit() as unit:
        close(unit, JAN)
        close(unit, FEB)
        reopen(unit, 20260215, "late bill")
        close(unit, MAR)
        assert reopen(unit, MAR, "again").closed_through == 20260214
        assert reopen(unit, 20260214, "and again").closed_through == JAN


def test_nonsense_is_refused(ledger: Ledger) -> None:
    with ledger.unit() as unit:
        with pytest.raises(Refused) as refused:
            reopen(unit, JAN, "why not")
        assert refused.value.code == "NOT_CLOSED"
        close(unit, FEB)
        with pytest.raises(Refused) as refused:
            reopen(unit, FEB, "  ")
        assert refused.value.code == "REASON_MISSING"
        with pytest.raises(Refused) as refused:
            reopen(unit, MAR, "why not")
        assert refused.value.code == "NOT_CLOSED"


def test_the_history_stays(ledger: Ledger) -> None:
    ledger.enter("2026-01-05", "J-1", ("1010", 100, "bank"), ("3000", -100, "owner_contribution"))
    with ledger.unit() as unit:
        close(unit, JAN, reason="month end")
    ledger.enter("2026-02-05", "J-2", ("1010", 100, "bank"), ("3000", -100, "owner_contribution"))
    with ledger.unit() as unit:
        reopen(unit, JAN, "late bill")
    with ledger.reader() as reader:
        assert [(each.number, each.action, each.closed_through, each.reason) for each in history(reader)] == [
            (1, "close", JAN, "month end"),
            (2, "reopen", 0, "late bill"),
        ]


def test_an_entry_in_a_closed_period_is_found(ledger: Ledger) -> None:
    legs = (("1010", 100, "bank"), ("3000", -100, "owner_contribution"))
    ledger.enter("2026-01-05", "J-1", *legs)
    with ledger.unit() as unit:
        close(unit, FEB)
        reopen(unit, FEB, "late bill")
    ledger.enter("2026-02-05", "J-2", *legs)
    with ledger.unit() as unit:
        close(unit, FEB)
    ledger.enter("2026-03-01", "J-3", *legs)
    with ledger.reader() as reader:
        assert first_breach(reader) is None
    ledger.enter("2026-02-28", "J-4", *legs)
    with ledger.reader() as reader:
        breach = first_breach(reader)
    assert breach is not None
    assert (breach.closing.number, breach.move_id) == (3, None)
    with ledger.reader() as reader:
        assert reader.row("SELECT number FROM wares_entry WHERE company_id = ? AND entry_id = ?", breach.entry_id) == (4,)
