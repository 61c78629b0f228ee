"""The layout of a channel's file: its report, and the columns that hold each field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wares import Channel, ChannelReport

CHARGE_FIELDS = {
    "shipping": "shipping", "discount": "discount", "order_discount": "discount", "tip": "tip", "fee": "fee", "label": "label",
    "tax": "tax", "refund": "refund", "cash": "payout",
}  # fmt: skip
"""Field → kind of its transactions."""


class Layout(NamedTuple):
    """The report of a file, and the places of its fields."""

    report: ChannelReport
    header: Sequence[str]
    places: dict[str, list[int]]
    """Field → the columns that hold it, best first."""
    charges: list[tuple[str, str]]
    """(field, kind) of the charges that the file has."""
    has_lines: bool
    """True if the rows state products."""

    @classmethod
    def of(cls, report: ChannelReport, header: Sequence[str]) -> Layout:
        """Return the layout of a file with this header."""
        places = column_places(report, header)
        charges = [(field, kind) for field, kind in CHARGE_FIELDS.items() if field in places]
        return cls(report, header, places, charges, not {"title", "sku", "quantity"}.isdisjoint(report.columns))


def column_places(report: ChannelReport, header: Sequence[str]) -> dict[str, list[int]]:
    """Return, by field, the columns of the header that hold it."""
    known: dict[str, int] = {}
    for place, name in enumerate(header):
        known.setdefault(_name(name), place)
    found = {field: [known[_name(name)] for name in names if _name(name) in known] for field, names in report.columns.items()}
    return {field: places for field, places in found.items() if places}


def _name(column: str) -> str:
    return " ".join(column.strip().strip("\ufeff").casefold().split())


def fit(channel: Channel, header: Sequence[str]) -> int:
    """Return the number of columns of a header that the best report of a channel knows; 0 if no report has its needed columns."""
    found = [column_places(report, header) for report in channel.reports]
    sizes = [
        sum(map(len, places.values())) for report, places in zip(channel.reports, found, strict=True) if report.needs <= set(places)
    ]
    return max(sizes, default=0)
