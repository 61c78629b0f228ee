"""Periodic mode: no cost per sale, one entry a year; and the figures of a tax year in either mode.

Purchases are recorded on the account of the role inventory_periodic. At the end of the period the goods are counted and

    cost of goods = opening + purchases − count

is posted at once (5,370.10 of opening and purchases, 993.97 counted: 4,376.13). Both modes may stand side by side in one company.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from wares import Books, OtherSide, Recorded, Refused, minor, money
from wares_tracking.sale_lines import decimals_of

PERIODIC = "inventory_periodic"
LOSSES = frozenset({"adjustment", "count", "revaluation"})
"""Types of document whose other side is a loss (or a gain), not a purchase."""
_KEPT = ("inventory", "inventory_undetailed", PERIODIC)


def close_period(books: Books, date: str, count: str, *, memo: str | None = None, dry_run: bool = False) -> dict[str, Any]:
    """Post the cost of the goods that are not there any more. Closing the same day with the same count posts nothing more.

    Refused NO_PERIODIC when no account holds inventory_periodic, BAD_VALUE for a count that is no amount.
    """
    decimals = decimals_of(books)
    try:
        counted = minor(count, decimals)
    except ValueError as error:
        raise Refused.because("BAD_VALUE", str(error), path="count", hint="give what the goods on hand are worth") from None
    if counted < 0:
        raise Refused.because("BAD_VALUE", f"{count} is less than nothing", path="count")
    held = {row["account"]: row["balance"] for row in books.gl.trial_balance(at=date)}
    accounts = [row["code"] for row in books.gl.accounts() if PERIODIC in row["roles"]]
    if not accounts:
        hint = 'record {"record":"account","code":CODE,"roles":["inventory_periodic"]}'
        raise Refused.because("NO_PERIODIC", f"no account holds the role {PERIODIC}", hint=hint)
    book = sum(minor(held.get(code, 0), decimals) for code in accounts)
    cogs, document = book - counted, None
    if cogs < 0:
        message = f"{money(counted, decimals)} was counted, more than the {money(book, decimals)} of opening and purchases"
        raise Refused.because("COUNT_TOO_HIGH", message, path="count", hint=f"record the purchases on {accounts[0]} first")
    if cogs:
        post = books.preview if dry_run else books.post
        document = post("period_cogs", date=date, amount=money(cogs, decimals), memo=memo or f"count of {date}").number
    return {"date": date, "opening_and_purchases": money(book, decimals), "count": money(counted, decimals),
            "cogs": money(cogs, decimals), "document": document}  # fmt: skip


def tax_year(books: Books, year: int) -> list[dict[str, Any]]:
    """Opening, purchases, own use, removed, closing and cost of goods of a year: item by item, periodic, and both together.

    Each row adds up: opening + purchases − own_use − removed − cogs = closing.
    """

    modes = {"items": _KEPT[:2], "periodic": _KEPT[2:], "total": _KEPT}
    with books.recorded() as recorded:
        return [{"mode": mode, **_figures(recorded, roles, year)} for mode, roles in modes.items()]


def _figures(recorded: Recorded, roles: Collection[str], year: int) -> dict[str, Any]:
    first, last = year * 10_000 + 101, year * 10_000 + 1231
    opening, closing = recorded.balance(roles, at=(year - 1) * 10_000 + 1231), recorded.balance(roles, at=last)
    sums: dict[str, int] = defaultdict(int)
    for side in recorded.other_sides(roles, since=first, until=last):
        sums[_class(side)] += side.amount
    bought = closing - opening + sums["cogs"] + sums["own_use"] + sums["removed"]
    figures = {"opening": opening, "purchases": bought, "own_use": sums["own_use"], "removed": sums["removed"],
               "closing": closing, "cogs": sums["cogs"]}  # fmt: skip
    return {name: money(amount, recorded.decimals) for name, amount in figures.items()}


def _class(side: OtherSide) -> str:
    """What the other side of an entry on inventory says: cost of goods, the owner's use, a loss; else a purchase."""
    if "cogs" in side.roles:
        return "cogs"
    if "price_variance" in side.roles:  # what went back to a vendor is bought no more
        return "purchases"
    if side.account_type == "equity" and side.amount > 0:
        return "own_use"
    return "removed" if side.document_type in LOSSES else "purchases"
