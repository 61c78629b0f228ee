"""Recognise a payout that is stated twice: in the channel's file, and by the bank, where it arrives some days later.

The first statement is recorded, the second is known. A payout with the same amount that arrived within a week of leaving is the
same payout, and each counts once.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Self

from wares import Recorded
from wares_tracking.document_keys import BANK_PREFIX

ON_THE_WAY = timedelta(days=7)


class _Payout(NamedTuple):
    document: str
    day: date


class Payouts:
    """The recorded payouts, by their amount in minor units."""

    def __init__(self, found: dict[int, list[_Payout]], decimals: int, taken: set[str]) -> None:
        self._found = found
        self._decimals = decimals
        self._taken = taken

    @classmethod
    def left(cls, recorded: Recorded, since: str, until: str, taken: set[str]) -> Self:
        """Return the payouts from files of channels that may have arrived between two days. `taken` are the documents of payouts
        that arrived already; it grows."""
        return cls._read(recorded, _day(since) - ON_THE_WAY, _day(until), taken, by_bank=False)

    @classmethod
    def arrived(cls, recorded: Recorded, since: str, until: str, taken: set[str]) -> Self:
        """Return the payouts from lines of a bank that may have left between two days."""
        return cls._read(recorded, _day(since), _day(until) + ON_THE_WAY, taken, by_bank=True)

    @classmethod
    def _read(cls, recorded: Recorded, first: date, last: date, taken: set[str], *, by_bank: bool) -> Self:
        posted = recorded.postings(["bank"], since=_number(first), until=_number(last))
        posted = [row for row in posted if row.type == "channel_charge"]
        keys = {each.number: each.key or "" for each in recorded.documents(numbers={row.document for row in posted})}
        found: dict[int, list[_Payout]] = {}
        for row in posted:
            if keys.get(row.document, "").startswith(BANK_PREFIX) == by_bank:
                found.setdefault(row.amount, []).append(_Payout(row.document, _day(str(row.day))))
        return cls(found, recorded.decimals, taken)

    def take_left(self, amount: Decimal, arrived: str) -> bool:
        """True if a payout of this amount may have arrived on this day; the oldest is taken."""
        return self._take(amount, _day(arrived) - ON_THE_WAY, _day(arrived))

    def take_arrived(self, amount: Decimal, left: str) -> bool:
        """True if a payout of this amount may have left on this day; the oldest is taken."""
        return self._take(amount, _day(left), _day(left) + ON_THE_WAY)

    def _take(self, amount: Decimal, first: date, last: date) -> bool:
        for payout in self._found.get(int(amount.scaleb(self._decimals)), ()):
            if first <= payout.day <= last and payout.document not in self._taken:
                self._taken.add(payout.document)
                return True
        return False


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
