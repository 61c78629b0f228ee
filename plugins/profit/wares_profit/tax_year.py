"""The figures of a tax year, item by item and in periodic mode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from wares import Books, JsonObject, OtherSide, Recorded, money
from wares_profit.close_period import PERIODIC
from wares_tracking.days import days_of

LOSSES = frozenset({"adjustment", "count", "revaluation"})
"""Types of document whose other side is a loss (or a gain), not a purchase."""
_KEPT = ("inventory", "inventory_undetailed", PERIODIC)


def tax_year(books: Books, year: int) -> list[JsonObject]:
    """Return opening, purchases, own use, removed, closing and cost of goods of a year: item by item, periodic, and in total.

    Each row adds up: opening + purchases − own_use − removed − cogs = closing.
    """
    modes = {"items": _KEPT[:2], "periodic": _KEPT[2:], "total": _KEPT}
    with books.recorded() as recorded:
        return [{"mode": mode, **_figures(recorded, roles, year)} for mode, roles in modes.items()]


def _figures(recorded: Recorded, roles: Collection[str], year: int) -> dict[str, object]:
    first, last = days_of(year)
    opening, closing = recorded.balance(roles, at=days_of(year - 1)[1]), recorded.balance(roles, at=last)
    sums: dict[str, int] = defaultdict(int)
    for side in recorded.other_sides(roles, since=first, until=last):
        sums[_class(side)] += side.amount
    bought = closing - opening + sums["cogs"] + sums["own_use"] + sums["removed"]
    figures = {"opening": opening, "purchases": bought, "own_use": sums["own_use"], "removed": sums["removed"],
               "closing": closing, "cogs": sums["cogs"]}  # fmt: skip
    return {name: money(amount, recorded.decimals) for name, amount in figures.items()}


def _class(side: OtherSide) -> str:
    """Return the figure that the other side of an entry on inventory belongs to."""
    if "cogs" in side.roles:
        return "cogs"
    if "price_variance" in side.roles:  # a return to a vendor lowers the purchases
        return "purchases"
    if side.account_type == "equity" and side.amount > 0:
        return "own_use"
    return "removed" if side.document_type in LOSSES else "purchases"
