"""Sales channels: the columns of the files that a marketplace exports, declared so that one importer reads every channel.

A channel is a frozen object with a key, a title and its reports. A report maps fields to the names of their columns. Columns are
found by name, in any order, and other columns are ignored. Register channels with the hook `wares_channels`.

The fields of a report decide the meaning of its rows:

- with `sku`, `title` or `quantity` each row is a sold line: `amount` is its total, or `unit_price`. `discount`, `shipping`, `tip`,
  `fee`, `label`, `tax`, `refund` belong to the line, or to the whole order if `per_order` names the field (then the first row that
  has a value counts).
- with `type` each row is a movement of money, and `kinds` gives its kind: the first pattern that fits wins.
- with `payout` each row is a transfer to the bank, and `fee` is the amount kept of it.
- otherwise each row is an order with its `shipping`, `discount`, `tip`, `fee`, `label`, `tax`, `refund`.

Some fields belong to an order only. `order_discount` is a discount beside those of the lines; `whole_discount` is the whole
discount, those of the lines included. `cash` is the amount that the buyer paid to the seller directly, which the channel never pays
out. `total` is the sum of the order: an order whose parts have another sum is refused, and if they reach it only without the tax,
its prices include the tax. `marketplace_tax` is tax that the marketplace keeps; it may be part of the total.

A row in another `currency` than the books needs its `rate`: the currency of the books for one unit of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS = frozenset(
    ["order", "date", "line", "sku", "title", "quantity", "amount", "unit_price", "discount", "order_discount", "whole_discount",
     "shipping", "tip", "fee", "label", "tax", "marketplace_tax", "refund", "payout", "cash", "total", "status", "type", "currency",
     "rate", "memo"]
)  # fmt: skip
"""The fields that a column may hold. `order` and `date` are needed. Only the first row of an order needs its `date`, and movements
of money name no order."""
KINDS = ("sale", "shipping", "discount", "tip", "fee", "label", "tax", "refund", "payout", "ignore")
TAXES = ("ignore", "payable")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReport:
    """One kind of file."""

    key: str
    columns: Mapping[str, tuple[str, ...]]
    """Field → the names of its column, the best first. `type` joins all of its columns with "/"; amounts are summed."""
    needs: frozenset[str]
    """The fields that tell this report from others: its file has a column for each."""
    per_order: frozenset[str] = frozenset()
    """Fields that belong to the whole order. They stand on its first row or on each."""
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → values (in lower case) of rows to leave out: cancelled, unpaid."""
    refunds: tuple[str, ...] = ()
    """Values of `status` (in lower case) that make a sold line a refund."""
    restock: bool = False
    """True if the goods of such a refund come back."""
    kinds: tuple[tuple[str, str], ...] = ()
    """Pattern of `type` (in lower case, * for anything) → kind of the movement, one of KINDS."""
    fees_are_negative: bool = False
    """True if fees and labels, and in movements all money that leaves the channel's balance, are negative in the file."""
    dates: str | None = None
    """The form of its dates: DMY, MDY, YMD or a strptime pattern. None = ISO or month names; other forms are ambiguous."""
    tax: str = "ignore"
    """`ignore` = the marketplace pays the tax; `payable` = the seller owes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A marketplace or shop."""

    key: str
    title: str
    reports: tuple[ChannelReport, ...]
    examples: Mapping[str, str] = field(default_factory=dict)
    """Key of a report → a small example file as CSV text, for `wares plugins check` and `ChannelContract`."""

    def problems(self) -> list[str]:
        """Return the mistakes in the declaration, for the loader and for tests."""
        found = [] if self.reports else ["has no reports"]
        keys = [report.key for report in self.reports]
        found += [f"has two reports {key!r}" for key in sorted({key for key in keys if keys.count(key) > 1})]
        for report in self.reports:
            fields = set(report.columns) | report.needs | report.per_order | set(report.skip)
            found += [f"report {report.key}: {name!r} is no field" for name in sorted(fields - FIELDS)]
            found += [f"report {report.key}: no column holds {name!r}" for name in sorted(report.needs - set(report.columns))]
            found += [f"report {report.key}: {kind!r} is no kind" for _, kind in report.kinds if kind not in KINDS]
            if report.tax not in TAXES:
                found.append(f"report {report.key}: tax is {report.tax!r}, use one of {', '.join(TAXES)}")
            if not {"order", "type", "payout"} & set(report.columns):
                found.append(f"report {report.key}: no column holds 'order'")
            if not report.needs:
                found.append(f"report {report.key}: needs no column, so that every file would be taken for it")
            words = [
                *report.refunds,
                *(pattern for pattern, _ in report.kinds),
                *(each for few in report.skip.values() for each in few),
            ]
            found += [f"report {report.key}: {word!r} must be in lower case" for word in words if word != word.lower()]
            given: Mapping[str, object] = report.columns
            for name, columns in given.items():
                if isinstance(columns, str) or not columns:
                    found.append(f"report {report.key}: the columns of {name!r} must be a tuple of names")
        return found
