"""Check the rows of one order against its stated total: discounts that are stated twice, tax inside the prices.

    total = sales + shipping + tips + tax − discounts

An order with another sum is refused, row by row: somebody must look at it before it is booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from wares import Issue, minor, money, scaled, split
from wares_channels.order_state import OrderState
from wares_channels.transaction import WHOLE_ORDER, ReadRow, Transaction

_ADDS = frozenset({"sale", "shipping", "tip", "tax"})


def with_totals(state: OrderState, rows: Sequence[ReadRow], *, decimals: int, check: bool) -> Iterable[ReadRow]:
    """Return the rows of an order with its whole discount and without tax inside its prices. Rows of an order whose parts are not
    its total have the issue TOTAL_DIFFERS.

    A whole discount counts as far as it exceeds the discounts of the lines; it counts beside them if only that makes the total
    right.
    """
    readable = [row for row in rows if row.transactions]
    total, state.total = state.total, None
    whole, state.whole_discount = state.whole_discount, Decimal(0)
    if not readable or (total is None and not whole):
        return rows
    sums: dict[str, Decimal] = {}
    for row in readable:
        for each in row.transactions:
            sums[each.kind] = sums.get(each.kind, Decimal(0)) + each.amount
    of_lines = sums.get("discount", Decimal(0))
    offered = sum((sums.get(kind, Decimal(0)) for kind in _ADDS), -of_lines)
    tax = sums.get("tax", Decimal(0))
    discounts = [whole - of_lines, whole] if whole > of_lines else [Decimal(0), whole]
    ways = [(discount, included) for included in (Decimal(0), tax) for discount in discounts]
    fitting = [
        (discount, included)
        for discount, included in ways
        if total in (offered - discount - included, offered - discount - included + state.marketplace_tax)
    ]
    if total is not None and check and not fitting:
        return _refused(rows, offered - discounts[0], total)
    discount, included = fitting[0] if fitting else (discounts[0], Decimal(0))
    if discount:
        rows = _with_discount(rows, readable[0], discount)
    return _net_of_tax(rows, included, decimals) if included else rows


def _refused(rows: Iterable[ReadRow], parts: Decimal, total: Decimal) -> Iterable[ReadRow]:
    for row in rows:
        if row.transactions:
            message = f"the parts of order {row.transactions[0].order} sum to {parts:f}, its total is {total:f}"
            hint = "correct the rows of the order, or take the parts as they are: --ignore-totals"
            row = row._replace(transactions=(), issues=(("", Issue("TOTAL_DIFFERS", message, "total", hint)),))
        yield row


def _with_discount(rows: Iterable[ReadRow], first: ReadRow, amount: Decimal) -> list[ReadRow]:
    """Return the rows, the first of them with the discount of the whole order."""
    discount = first.transactions[0]._replace(
        kind="discount", line=WHOLE_ORDER, amount=amount, quantity=Decimal(1), sku="", title=""
    )
    return [row._replace(transactions=(*row.transactions, discount)) if row is first else row for row in rows]


def _net_of_tax(rows: Iterable[ReadRow], tax: Decimal, decimals: int) -> list[ReadRow]:
    """Return the rows with prices and shipping without the included tax, in proportion, by largest remainder."""
    rows = list(rows)
    priced = [each for row in rows for each in row.transactions if each.kind in ("sale", "shipping")]
    parts = iter(split(minor(tax, decimals), [scaled(each.amount) for each in priced]))

    def net(one: Transaction) -> Transaction:
        return one._replace(amount=one.amount - money(next(parts), decimals)) if one.kind in ("sale", "shipping") else one

    return [row._replace(transactions=tuple([net(each) for each in row.transactions])) for row in rows]
