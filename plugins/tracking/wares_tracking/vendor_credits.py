"""The credits that vendors owe to a seller: for returned goods, or for a lower price.

credit not used yet    supplier_credit                 Dr payable   Cr price_variance or the purchase's account
credit paid back       refund                          Dr bank      Cr payable
credit used            the purchase at its full amount, and a refund into the account that paid it: the bank loses only the
difference
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from wares import Books, JsonObject, Posted, Refused, minor, money
from wares_tracking.days import day_number, iso
from wares_tracking.display import decimals_of
from wares_tracking.purchases import Purchase, find_purchase, purchases


class Credit(NamedTuple):
    """A supplier's credit with an open amount; money in minor units."""

    vendor: str
    document: str
    day: int
    amount: int
    open: int
    """The amount that is neither paid back nor used."""
    text: str
    """The memo of the credit, or the description of its first line."""


def open_credits(books: Books, vendor: str | None = None) -> list[Credit]:
    """Return the open credits of all vendors, or of one, oldest first."""
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


def listed_credits(books: Books) -> list[JsonObject]:
    """Return the rows of the listing of open credits."""
    decimals = decimals_of(books)
    return [
        {"vendor": each.vendor, "document": each.document, "date": iso(each.day), "of": each.text or None,
         "amount": money(each.amount, decimals), "open": money(each.open, decimals)}
        for each in open_credits(books)
    ]  # fmt: skip


def paid_back(books: Books, vendor: str, amount: Decimal, date: str, account: str) -> JsonObject:
    """Return the record of money that a vendor paid back.

    It settles his open credits, oldest first, if they suffice. Otherwise it lowers the price of his latest purchase with so large
    an undetailed rest. Refused NO_PURCHASE_LEFT, BAD_VALUE.
    """
    decimals, day = decimals_of(books), day_number(date)
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
        message = f"{vendor} does not owe {amount:f}, and none of his purchases has {amount:f} left to detail"
        hint = "record the return first (wares seller remove --as vendor-return --credit), or lower a detail"
        raise Refused.because("NO_PURCHASE_LEFT", message, path="amount", hint=hint)
    line = {"from": bought[-1].name, "amount": f"{amount:f}"}
    return {"type": "supplier_credit", "goods": "none", **head, "lines": [line]}


def _applied(credits: list[Credit], wanted: int, decimals: int) -> Iterator[dict[str, object]]:
    """Return the parts of an amount that settle credits, oldest first."""
    for each in credits:
        part = min(wanted, each.open)
        if part:
            wanted -= part
            yield {"number": each.document, "amount": money(part, decimals)}


def use_credit(books: Books, purchase: str, amount: str, *, dry_run: bool = False) -> list[Posted]:
    """Pay a part of a purchase with the open credits of its vendor: the purchase rises by the amount, to be detailed with the rest.

    Return the revised purchase and the refund. Refused NOT_UNDETAILED, NO_VENDOR, NOT_ENOUGH, BAD_VALUE; HAS_FOLLOWERS where
    details came from it already.
    """
    of, decimals = find_purchase(books, purchase), decimals_of(books)
    if of.party is None:
        raise Refused.because("NO_VENDOR", f"{of.name} names no vendor", path="party", hint="edit it: party")
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
        raise Refused.because("NOT_ENOUGH", message, path="amount", hint="wares seller credits lists the open credits")
    shown = books.docs.show(of.name.partition("#")[0])
    refund = {
        "type": "refund", "direction": "in", "date": iso(of.day), "party": of.party, "account": shown["account"],
        "amount": amount, "apply_to": list(_applied(owed, wanted, decimals)), "memo": f"used for {of.name}",
    }  # fmt: skip
    done = books.post_many([_raised(shown, of, wanted, decimals), refund], dry_run=dry_run)
    return [each for each in done if isinstance(each, Posted)]


def _raised(shown: JsonObject, of: Purchase, by: int, decimals: int) -> JsonObject:
    """Return the record of a purchase with a higher amount of one line."""
    place = int(of.name.partition("#")[2]) - 1
    lines = [dict(line) for line in shown["record"]["lines"]]
    lines[place] = {key: value for key, value in lines[place].items() if key not in ("unit_cost", "discount")}
    lines[place]["amount"] = money(of.amount + by, decimals)
    kept = {key: value for key, value in shown["record"].items() if key not in ("record", "lines", "key", "number", "revises")}
    return {**kept, "revises": shown["number"], "lines": lines}
