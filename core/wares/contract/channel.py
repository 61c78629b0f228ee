"""Sales channels: what the files that a marketplace exports say, declared so that one importer reads them all.

A channel is a frozen object with a key, a title and its reports. A report says which column holds which field, under which names;
columns are found by name, whatever their order, and others are left alone. Register channels with the hook `wares_channels`.

What becomes of a row follows from the fields that its report has:

- with `sku`, `title` or `quantity` each row is a sold line: `amount` its total, or `unit_price`; and `discount`, `shipping`, `tip`,
  `fee`, `label`, `tax`, `refund` beside it, of the line, or of the whole order where `per_order` names the field (then the first
  row that has one counts).
- with `type` each row is a movement of money, and `kinds` says which: the first pattern that fits wins.
- with `payout` each row is a transfer to the bank, and `fee` what was kept of it.
- otherwise each row is an order with its `shipping`, `discount`, `tip`, `fee`, `label`, `tax`, `refund`.

Some things are only ever said of an order. `order_discount` is taken off beside what lines state, `whole_discount` is all that was
taken off, what lines state included. `cash` is what the buyer paid into the seller's own hand, which the channel never pays out.
`total` is what the order comes to: an order whose parts come to something else is refused, and one that comes to it only without
the tax on top has prices with the tax in them. `marketplace_tax` is tax that the marketplace keeps, and may stand in the total.

A row in another `currency` than the books' needs its `rate`: the books' currency for one unit of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS = frozenset(
    ["order", "date", "line", "sku", "title", "quantity", "amount", "unit_price", "discount", "order_discount", "whole_discount",
     "shipping", "tip", "fee", "label", "tax", "marketplace_tax", "refund", "payout", "cash", "total", "status", "type", "currency",
     "rate", "memo"]
)  # fmt: skip
"""What a column may hold. `order` and `date` are needed; the rows of an order may leave `date` blank but on the first of them, and
movements of money name no order."""
KINDS = ("sale", "shipping", "discount", "tip", "fee", "label", "tax", "refund", "payout", "ignore")
TAXES = ("ignore", "payable")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReport:
    """One kind of file."""

    key: str
    columns: Mapping[str, tuple[str, ...]]
    """Field → the names of its column, the best first. `type` joins all of its columns with "/"; amounts add theirs up."""
    needs: frozenset[str]
    """The fields that tell this report from the others: its file has a column for each."""
    per_order: frozenset[str] = frozenset()
    """Fields that are said once for an order, on its first row or on each."""
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → values (in lower case) of rows that are left out: cancelled, unpaid."""
    refunds: tuple[str, ...] = ()
    """Values of `status` (in lower case) that make a sold line a refund."""
    restock: bool = False
    """Whether the goods of such a refund come back."""
    kinds: tuple[tuple[str, str], ...] = ()
    """Pattern of `type` (in lower case, * for anything) → what the movement is, one of KINDS."""
    fees_are_negative: bool = False
    """Whether fees and labels, and in movements all that leaves what the channel holds, stand with a minus; otherwise without."""
    dates: str | None = None
    """The form of its dates: DMY, MDY, YMD or a strptime pattern. None = ISO, or month names; anything else is ambiguous."""
    tax: str = "ignore"
    """Whether the tax is the marketplace's own business (`ignore`) or the seller owes it (`payable`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place where things are sold."""

    key: str
    title: str
    reports: tuple[ChannelReport, ...]
    examples: Mapping[str, str] = field(default_factory=dict)
    """Report → a small file of it, as CSV text: what `wares plugins check` and `ChannelContract` try it with."""

    def problems(self) -> list[str]:
        """What is wrong with the declaration, for the loader and for tests."""
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
