"""Periodic mode: no cost per sale, one entry for a period.

Purchases are recorded on the account of the role inventory_periodic. At the end of the period the goods are counted and

    cost of goods = opening + purchases − count

is posted at once (5,370.10 of opening and purchases, 993.97 counted: 4,376.13). One company may use both modes side by side.
"""

from __future__ import annotations

from wares import Books, JsonObject, Refused, minor, money
from wares_tracking.display import decimals_of

PERIODIC = "inventory_periodic"


def close_period(books: Books, date: str, count: str, *, memo: str | None = None, dry_run: bool = False) -> JsonObject:
    """Post the cost of the goods that are gone. A second closing of the same day with the same count posts nothing.

    Refused NO_PERIODIC if no account has the role inventory_periodic, BAD_VALUE for a count that is no amount, COUNT_TOO_HIGH.
    """
    decimals = decimals_of(books)
    try:
        counted = minor(count, decimals)
    except ValueError as error:
        raise Refused.because("BAD_VALUE", str(error), path="count", hint="give the value of the goods on hand") from None
    if counted < 0:
        raise Refused.because("BAD_VALUE", f"the count {count} is negative", path="count")
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
