"""Giving a sale its cost by hand, and an order its label."""

from __future__ import annotations

from typing import Any, NamedTuple

from wares import Books, Refused, scaled, unscaled
from wares_tracking.details import find_purchase, skus_of
from wares_tracking.products import Products
from wares_tracking.sale_lines import SaleLine, channel_key, iso, sold_lines
from wares_tracking.lot_allocation import lots_of


class Costed(NamedTuple):
    """The documents that gave a sale its cost, in their order, the match last; and the cost."""

    documents: tuple[str, ...]
    date: str
    cogs: Any


def add_costs(
    books: Books,
    sale: str,
    *,
    lot: str | None = None,
    purchase: str | None = None,
    date: str | None = None,
    amount: str | None = None,
    unit_cost: str | None = None,
    quantity: str | None = None,
    item: str | None = None,
    account: str | None = None,
    dry_run: bool = False,
) -> Costed:
    """The cost of a sale line that waits for one, from one of three places:

    - `lot`: goods that were bought and detailed;
    - `purchase` with `amount` or `unit_cost`: what is not yet detailed of a purchase;
    - `date` with `amount` or `unit_cost`: a new purchase on that day, paid from `account` (absent: owner_contribution).

    `quantity` absent = all that waits; `item` names the product where the sale does not. All or nothing.
    """
    if (lot is not None) + (purchase is not None) + (date is not None) != 1:
        message = "the cost comes from a lot, from an undetailed purchase, or from a new purchase at a date"
        raise Refused.because("WHICH_COST", message, hint="give one of lot, purchase, date")
    line = find_sale(books, sale)
    sku = item or _sku(books, line)
    if item is not None and item not in skus_of(books):
        hint = f"make it: wares items add --type stock --sku {item} --name NAME --cost-method specific"
        raise Refused.because("UNKNOWN_ITEM", f"there is no item {item!r}", path="item", hint=hint)
    many = unscaled(scaled(quantity)) if quantity is not None else unscaled(line.waiting)
    _refuse_later(books, line, lot, purchase, date, sku)
    goods: dict[str, Any] = {"item": sku, "quantity": many}
    if lot is None:
        if (amount is None) == (unit_cost is None):
            raise Refused.because(
                "NO_COST", "what did it cost?", path="amount", hint="give either amount (for all of it) or unit_cost"
            )
        goods |= {"amount": amount} if amount is not None else {"unit_cost": unit_cost}
    first: dict[str, Any] | None = None
    if purchase is not None:
        first = {"type": "purchase_details", "lines": [{"from": find_purchase(books, purchase).name, **goods}]}
    elif date is not None:
        paid = account or account_of(books, "owner_contribution")
        first = {"type": "cash_purchase", "date": date, "account": paid, "memo": f"cost of {sale}", "lines": [goods]}
    matched: dict[str, Any] = {"from": line.name, "quantity": many, "item": sku, "lot": lot}
    return _post(books, first, matched, dry_run=dry_run)


def _refuse_later(books: Books, line: SaleLine, lot: str | None, purchase: str | None, date: str | None, sku: str) -> None:
    """A purchase after the sale, unless the books allow it."""
    if date is not None:
        bought = int(date[:10].replace("-", "")) if date[:10].replace("-", "").isdigit() else 0
    elif purchase is not None:
        bought = find_purchase(books, purchase).day
    else:
        item = books.reading(lambda _, masters: masters.item(sku, "item"))
        bought = next((each.bought for each in lots_of(books, [item.id])[item.id] if each.name == lot), 0)
    if bought > line.day and books.settings.all().get("match_later_purchases") != "true":
        message = f"{line.name} was sold before that purchase"
        hint = "date the purchase earlier, or set match_later_purchases to true"
        raise Refused.because("LATER_PURCHASE", message, path="date", hint=hint, where=line.name)


def _post(books: Books, first: dict[str, Any] | None, matched: dict[str, Any], *, dry_run: bool) -> Costed:
    """Post what brings the goods in, if anything does, and the match; in one transaction."""

    def unit(writing: Any) -> Costed:
        batch, documents = writing.batch(), []
        if first is not None:
            (bought,) = books.record_documents(writing, batch, [first], atomic=True)
            assert not isinstance(bought, Refused)
            documents.append(bought.number)
            matched["lot"] = f"{bought.number}#1"
        (done,) = books.record_documents(writing, batch, [{"type": "match", "lines": [matched]}], atomic=True)
        assert not isinstance(done, Refused)
        batch.flush()
        shown = books.docs.posted_in(writing.unit, done.number, done.document_id, repeated=False)
        return Costed((*documents, done.number), shown.date, shown.cogs)

    return books.writing(unit, dry_run=dry_run)


def add_label(
    books: Books, sale: str, amount: str, *, account: str | None = None, date: str | None = None, dry_run: bool = False
) -> Any:
    """What shipping an order cost: a label of the channel's (absent `account`: out of what it holds), or one that `account` paid.

    `sale` is the order's sale, or a line of it that was sent alone; `date` absent = that of the sale. The charge as posted.
    Refused UNKNOWN_SALE.
    """
    lines = _sale_lines(books, sale)
    if not lines:
        raise _unknown(sale)
    line = lines[0]
    said = {"kind": "label", "line": line.called or line.name} if "#" in sale else {"kind": "label"}
    record = {
        "date": date or iso(line.day), "key": _free_key(books, line), "memo": f"label of {sale}",
        "lines": [{"amount": amount, "attributes": said}], **({"account": account} if account is not None else {}),
    }  # fmt: skip
    return (books.preview if dry_run else books.post)("channel_charge", **record)


def _free_key(books: Books, line: SaleLine) -> str:
    """The key of the next label of an order."""
    part = 1
    while True:
        key = channel_key(line.channel, line.order, f"by hand {part}", "label")
        with books.recorded() as recorded:
            if key not in recorded.records([key]):
                return key
        part += 1


def _sale_lines(books: Books, name: str) -> list[SaleLine]:
    number = name.partition("#")[0]
    with books.recorded() as recorded:
        return [line for line in sold_lines(recorded, documents=[number]) if name in (line.name, number)]


def _unknown(name: str) -> Refused:
    hint = "wares inventory sold --missing-cost lists them"
    return Refused.because("UNKNOWN_SALE", f"{name!r} is not one line of a channel sale", where=name, hint=hint)


def find_sale(books: Books, name: str) -> SaleLine:
    """A sale line by its name, or by its document's where that has one line. Refused UNKNOWN_SALE, HAS_ITS_COST."""
    found = _sale_lines(books, name)
    if len(found) != 1:
        raise _unknown(name)
    if not found[0].waiting:
        raise Refused.because(
            "HAS_ITS_COST", f"{name} is matched in full", where=name, hint="wares channels match --undo MATCH takes it back"
        )
    return found[0]


def _sku(books: Books, line: SaleLine) -> str:
    products = Products.of(books)
    if line.item_id is not None:
        return line.sku
    found = products.find(line.sku, line.title)
    if found.product is None:
        near = ", ".join(each["sku"] for each in products.candidates(found, line.sku, line.title))
        hint = f"name the item; it looks like: {near}" if near else "name the item"
        raise Refused.because(
            "NO_ITEM", f"{line.name} ({line.title or line.sku}) is no product of the books", path="item", hint=hint
        )
    return found.product.sku


def account_of(books: Books, role: str) -> str:
    """The first account in use that holds a role. Refused NO_ACCOUNT."""
    code = next((row["code"] for row in books.gl.accounts() if role in row["roles"] and row["active"]), None)
    if code is None:
        raise Refused.because("NO_ACCOUNT", f"no account holds the role {role}", path="account", hint="give account")
    return str(code)
