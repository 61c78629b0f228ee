"""What the rows of one order say together: which discounts were said twice, whether the tax stands in the prices, and whether all
of it comes to the order's total.

    total = sales + shipping + tips + tax − discounts

An order that comes to something else is refused, row by row: somebody must look before it is booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from wares import Issue, minor, money, scaled, split

if TYPE_CHECKING:
    from wares_channels.row_reading import Fact, FactRow

WHOLE = "~order"
"""The line of a discount that was taken off an order as a whole, beside those of its lines."""
_ADDS = frozenset({"sale", "shipping", "tip", "tax"})


class OrderSaid:
    """What the rows of an order said so far."""

    __slots__ = ("marketplace_tax", "said", "seen", "total", "whole_discount")

    def __init__(self) -> None:
        self.said: dict[str, str] = {}  # field → what is said once
        self.seen: dict[str, int] = {}
        self.total: Decimal | None = None
        self.whole_discount = Decimal(0)
        self.marketplace_tax = Decimal(0)  # tax that is not ours to pay, and not booked

    def count(self, name: str) -> int:
        """How often the order's rows said this, this time included."""
        self.seen[name] = found = self.seen.get(name, 0) + 1
        return found


def settled(said: OrderSaid, rows: Sequence[FactRow], *, decimals: int, check: bool) -> Iterable[FactRow]:
    """The rows of an order with what they come to together; refused TOTAL_DIFFERS where that is not its total.

    A whole discount counts beyond what the lines state, or beside them where only that makes the total right.
    """
    readable = [row for row in rows if row.facts]
    total, said.total = said.total, None
    whole, said.whole_discount = said.whole_discount, Decimal(0)
    if not readable or (total is None and not whole):
        return rows
    sums: dict[str, Decimal] = {}
    for row in readable:
        for fact in row.facts:
            sums[fact.kind] = sums.get(fact.kind, Decimal(0)) + fact.amount
    of_lines = sums.get("discount", Decimal(0))
    offered = sum((sums.get(kind, Decimal(0)) for kind in _ADDS), -of_lines)
    tax = sums.get("tax", Decimal(0))
    off = [whole - of_lines, whole] if whole > of_lines else [Decimal(0), whole]
    ways = [(each, included) for included in (Decimal(0), tax) for each in off]
    fitting = [
        (each, included)
        for each, included in ways
        if total in (offered - each - included, offered - each - included + said.marketplace_tax)
    ]
    if total is not None and check and not fitting:
        return _refused(rows, offered - off[0], total)
    each, included = fitting[0] if fitting else (off[0], Decimal(0))
    if each:
        rows = _with_discount(rows, readable[0], each)
    return _net_of_tax(rows, included, decimals) if included else rows


def _refused(rows: Iterable[FactRow], parts: Decimal, total: Decimal) -> Iterable[FactRow]:
    for row in rows:
        if row.facts:
            message = f"order {row.facts[0].order}: its parts come to {parts:f}, its total says {total:f}"
            hint = "mend the order's rows, or take the parts as they are: --ignore-totals"
            row = row._replace(facts=(), issues=(("", Issue("TOTAL_DIFFERS", message, "total", hint)),))
        yield row


def _with_discount(rows: Iterable[FactRow], first: FactRow, amount: Decimal) -> list[FactRow]:
    """The rows, the first of them with what was taken off the whole order."""
    fact = first.facts[0]._replace(kind="discount", line=WHOLE, amount=amount, quantity=Decimal(1), sku="", title="")
    return [row._replace(facts=(*row.facts, fact)) if row is first else row for row in rows]


def _net_of_tax(rows: Iterable[FactRow], tax: Decimal, decimals: int) -> list[FactRow]:
    """The rows with prices and shipping without the tax that stands in them, in proportion, by largest remainder."""
    rows = list(rows)
    priced = [fact for row in rows for fact in row.facts if fact.kind in ("sale", "shipping")]
    parts = iter(split(minor(tax, decimals), [scaled(fact.amount) for fact in priced]))

    def net(fact: Fact) -> Fact:
        return fact._replace(amount=fact.amount - money(next(parts), decimals)) if fact.kind in ("sale", "shipping") else fact

    return [row._replace(facts=tuple([net(fact) for fact in row.facts])) for row in rows]
