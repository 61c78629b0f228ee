"""The transactions that a channel's file states: sales, charges, refunds and payouts, as values.

Nothing of the books is known here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from wares import Issue, JsonObject, TableRow
from wares_channels.currencies import Stated

WHOLE_ORDER = "~order"
"""The line of a discount on an order as a whole, beside the discounts of its lines."""


class Transaction(NamedTuple):
    """One transaction of an order, or of no order. Its identity is (order, line, kind); `amount` has the sign of its kind."""

    kind: str
    """sale, shipping, discount, tip, fee, label, tax, refund or payout."""
    order: str
    line: str
    """The name that the channel gives to the line; a name made of the statement if it gives none."""
    date: str
    amount: Decimal
    quantity: Decimal = Decimal(1)
    sku: str = ""
    title: str = ""
    restock: bool = False
    """True if the goods of a refund came back."""
    cumulative: bool = False
    """True if `amount` is the sum so far of the whole order, which later files may raise."""
    stated: Stated | None = None
    """The amount as the channel states it, if that is in another currency."""

    def in_books(self, decimals: int) -> Transaction:
        """Return the transaction in the currency of the books; `amount` is in the currency of the channel before."""
        if self.stated is None:
            return self
        stated = self.stated._replace(amount=self.amount)
        return self._replace(amount=stated.in_books(decimals), stated=stated)

    def attributes(self, **more: object) -> JsonObject:
        """Return the attributes of its line in a document."""
        return {**more, **({"stated": self.stated.attributes()} if self.stated is not None else {})}

    def beyond(self, before: Decimal, decimals: int) -> Transaction | None:
        """Return the growth of a cumulative transaction since `before`, in the currency of the channel; None if it did not grow."""
        so_far = self.amount if self.stated is None else self.stated.amount
        if so_far <= before:
            return None
        return self._replace(amount=so_far - before).in_books(decimals)


class ReadRow(NamedTuple):
    """A row with its transactions. A row with issues is rejected as a whole and has none."""

    row: TableRow
    """The row of the table."""
    number: int
    """The line of the file on which it starts."""
    transactions: tuple[Transaction, ...]
    issues: tuple[tuple[str, Issue], ...] = ()
    """(column, issue) of a row that cannot be read."""


class ReadingOptions(NamedTuple):
    """The options of the user for the reading of a file."""

    dates: str | None = None
    mark: str | None = None
    tax: str | None = None
    restock: bool | None = None
    currency: str = ""
    """The currency of the books."""
    decimals: int = 2
    """The decimals of that currency."""
    rates: tuple[tuple[str, str], ...] = ()
    """(currency, value of one unit of it in the currency of the books)."""
    check_totals: bool = True


def line_name(product: str) -> str:
    """Return the name of a line that its channel leaves nameless, made of its SKU or title."""
    return product[:80]
