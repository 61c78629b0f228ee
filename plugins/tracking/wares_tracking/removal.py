"""Remove unsold goods from stock: lost, used, given away, or returned to their vendor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from wares import Books, JsonObject, Posted, Refused, scaled, unscaled
from wares_tracking.accounts import account_of
from wares_tracking.lots import Lot, lots_of
from wares_tracking.removal_reasons import REASONS, VENDOR_RETURN


def remove_stock(
    books: Books,
    sku: str,
    quantity: str,
    *,
    reason: str = "shrinkage",
    lot: str | None = None,
    account: str | None = None,
    refund: str | None = None,
    credit: str | None = None,
    vendor: str | None = None,
    date: str | None = None,
    memo: str | None = None,
    dry_run: bool = False,
) -> list[Posted]:
    """Remove goods, oldest lots first; their cost goes to the account of the reason, or to `account`.

    For a return to the vendor, `refund` is the amount that he paid, into `account` (absent: the bank); `credit` is the amount that
    he owes until a purchase uses it (`vendor_credits.use_credit`). The rest of the cost stays on price_variance. Without `vendor`
    the vendor is the party from whom the lots were bought. Return the posted adjustment and the supplier's credit. Refused
    NOT_ENOUGH, NO_ACCOUNT, BAD_REASON, NO_VENDOR.
    """
    given = refund if refund is not None else credit
    if reason not in REASONS or (given is not None and reason != VENDOR_RETURN) or (refund is not None and credit is not None):
        hint = f"use one of {', '.join(REASONS)}; only a {VENDOR_RETURN} has a refund or a credit"
        raise Refused.because("BAD_REASON", f"{reason!r} is no reason for this removal", path="reason", hint=hint)
    bears = account if account is not None and given is None else account_of(books, REASONS[reason])
    when = {"date": date} if date is not None else {}
    parts = list(_oldest(books, sku, quantity, lot))
    lines = [
        {"item": sku, "quantity": -part, "account": bears, "memo": memo or reason, **({"lot": of.name} if of.name else {})}
        for of, part in parts
    ]
    records: list[JsonObject] = [{"type": "adjustment", "lines": lines, **when}]
    if given is not None:
        paid = {"account": account or account_of(books, "bank")} if refund is not None else {}
        back = {"account": bears, "amount": given, "description": memo or f"{quantity} {sku} went back"}
        party = vendor or _vendor(sku, (of for of, _ in parts))
        records.append({"type": "supplier_credit", "party": party, "lines": [back], **paid, **when})
    return [done for done in books.post_many(records, dry_run=dry_run) if isinstance(done, Posted)]


def _vendor(sku: str, lots: Iterable[Lot]) -> str:
    """Return the one vendor of all of these lots. Refused NO_VENDOR."""
    vendors = {lot.vendor for lot in lots}
    if len(vendors) == 1 and (one := vendors.pop()):
        return one
    known = ", ".join(sorted(filter(None, vendors)))
    message = f"{sku} was bought from {known}" if known else f"no purchase of {sku} names a vendor"
    raise Refused.because("NO_VENDOR", message, path="vendor", hint="name the vendor: --vendor")


def _oldest(books: Books, sku: str, quantity: str, lot: str | None) -> Iterator[tuple[Lot, Decimal]]:
    """Return the lots that make up a quantity, each with its part, oldest first."""
    item = books.reading(lambda _, masters: masters.item(sku))
    try:
        rest = scaled(quantity)
    except ValueError as error:
        raise Refused.because("BAD_QUANTITY", str(error), path="quantity") from None
    if rest <= 0:
        raise Refused.because("BAD_QUANTITY", f"quantity {quantity} must be more than 0", path="quantity")
    lots = [each for each in lots_of(books, [item.id])[item.id] if lot is None or each.name == lot]
    held = sum(each.left for each in lots)
    if rest > held:
        message = f"there are {unscaled(held)} of {sku}, not {quantity}"
        raise Refused.because("NOT_ENOUGH", message, path="quantity", hint="lower the quantity")
    for each in lots:
        part = min(rest, each.left)
        if part:
            rest -= part
            yield each, unscaled(part)
