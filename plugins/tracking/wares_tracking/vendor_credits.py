"""What vendors owe a seller: credits for goods that went back, or for a price that came down.

left as credit       supplier_credit                   Dr payable   Cr price_variance or the purchase's account
paid back            refund                            Dr bank      Cr payable
used by a purchase   the purchase at its full amount, and a refund into what paid it: the bank loses the difference alone
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from wares import Books, Refused, minor, money
from wares_tracking.details import Purchase, find_purchase, purchases
from wares_tracking.sale_lines import decimals_of, iso


class Credit(NamedTuple):
    """A supplier's credit that is not paid back or used up; money in minor units."""

    vendor: str
    document: str
    day: int
    amount: int
    open: int
    text: str


def open_credits(books: Books, vendor: str | None = None) -> list[Credit]:
    """What vendors still owe, or one of them, oldest first."""
    with books.recorded() as recorded:
        found = recorded.documents(types=["supplier_credit"])
        decimals = recorded.decimals
    credits = []
    for each in found:
        if vendor not in (None, each.party):
            continue
        shown = books.docs.show(each.number)
        total, settled = (minor(shown[name], decimals) for name in ("total", "settled"))
        if shown["account"] is None and total > settled:
            text = each.memo or next((line["description"] for line in shown["lines"] if line["description"]), "")
            credits.append(Credit(each.party or "", each.number, each.day, total, total - settled, text))
    return credits


def listed_credits(books: Books) -> list[dict[str, Any]]:
    """What vendors still owe, as a listing shows it."""
    decimals = decimals_of(books)
    return [
        {"vendor": each.vendor, "document": each.document, "date": iso(each.day), "of": each.text or None,
         "amount": money(each.amount, decimals), "open": money(each.open, decimals)}
        for each in open_credits(books)
    ]  # fmt: skip


def paid_back(books: Books, vendor: str, amount: Decimal, date: str, account: str) -> dict[str, Any]:
    """The record of money that a vendor paid back: of what he owes, the oldest first, where that is enough; else the price of the
    latest of his purchases that has so much left to detail came down. Refused NO_PURCHASE_LEFT, BAD_VALUE."""
    decimals, day = decimals_of(books), int(date.replace("-", ""))
    try:
        wanted = minor(amount, decimals)
    except ValueError as error:
        raise Refused.because("BAD_VALUE", str(error), path="amount") from None
    head = {"date": date, "party": vendor, "account": account}
    owed = [each for each in open_credits(books, vendor) if each.day <= day]
    if sum(each.open for each in owed) >= wanted:
        return {
            "type": "refund",
            "direction": "in",
            **head,
            "amount": f"{amount:f}",
            "apply_to": list(_applied(owed, wanted, decimals)),
        }
    bought = [each for each in purchases(books, until=day) if each.party == vendor and each.remaining >= wanted]
    if not bought:
        message = f"{vendor} owes nothing, and no purchase of his has {amount:f} left to detail"
        hint = "say what went back (wares inventory remove --as vendor-return --credit), or lower a detail first"
        raise Refused.because("NO_PURCHASE_LEFT", message, path="amount", hint=hint)
    line = {"from": bought[-1].name, "amount": f"{amount:f}"}
    return {"type": "supplier_credit", "goods": "none", **head, "lines": [line]}


def _applied(credits: list[Credit], wanted: int, decimals: int) -> Iterator[dict[str, Any]]:
    """An amount over credits, the oldest first."""
    for each in credits:
        part = min(wanted, each.open)
        if part:
            wanted -= part
            yield {"number": each.document, "amount": money(part, decimals)}


def use_credit(books: Books, purchase: str, amount: str, *, dry_run: bool = False) -> list[Any]:
    """A purchase that was partly paid with what its vendor owed: it rises by the amount, to be detailed with the rest.

    The purchase as recorded again, and the refund. Refused NOT_UNDETAILED, NO_VENDOR, NOT_ENOUGH, BAD_VALUE; HAS_FOLLOWERS where
    details came from it already.
    """
    of, decimals = find_purchase(books, purchase), decimals_of(books)
    if of.party is None:
        raise Refused.because("NO_VENDOR", f"{of.name} does not say of whom it was bought", path="party", hint="edit it: party")
    try:
        wanted = minor(amount, decimals)
        if wanted <= 0:
            raise ValueError(f"{amount} must be more than 0")
    except ValueError as error:
        raise Refused.because("BAD_VALUE", str(error), path="amount") from None
    owed = [each for each in open_credits(books, of.party) if each.day <= of.day]
    have = sum(each.open for each in owed)
    if wanted > have:
        message = f"{of.party} owes {money(have, decimals)} on {iso(of.day)}, not {amount}"
        raise Refused.because("NOT_ENOUGH", message, path="amount", hint="wares inventory credits lists what vendors owe")
    shown = books.docs.show(of.name.partition("#")[0])
    refund = {
        "type": "refund", "direction": "in", "date": iso(of.day), "party": of.party, "account": shown["account"],
        "amount": amount, "apply_to": list(_applied(owed, wanted, decimals)), "memo": f"used for {of.name}",
    }  # fmt: skip
    return books.post_many([_raised(shown, of, wanted, decimals), refund], dry_run=dry_run)


def _raised(shown: dict[str, Any], of: Purchase, by: int, decimals: int) -> dict[str, Any]:
    """The record of a purchase whose line rises."""
    place = int(of.name.partition("#")[2]) - 1
    lines = [dict(line) for line in shown["record"]["lines"]]
    lines[place] = {key: value for key, value in lines[place].items() if key not in ("unit_cost", "discount")}
    lines[place]["amount"] = money(of.amount + by, decimals)
    kept = {key: value for key, value in shown["record"].items() if key not in ("record", "lines", "key", "number", "revises")}
    return {**kept, "revises": shown["number"], "lines": lines}
