"""Give a sale line its cost by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from wares import Books, JsonObject, Refused, scaled, unscaled
from wares_tracking.accounts import account_of
from wares_tracking.days import day_number
from wares_tracking.lots import lots_of
from wares_tracking.products import Products, skus_of
from wares_tracking.purchases import find_purchase
from wares_tracking.sale_lines import SaleLine, recorded_sale_lines


class Costed(NamedTuple):
    """The cost of a sale line."""

    documents: tuple[str, ...]
    """The numbers of the documents that gave the cost; the match is the last."""
    date: str
    cogs: Decimal


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
    """Give a waiting sale line its cost, from one of three places:

    - `lot`: detailed goods;
    - `purchase` with `amount` or `unit_cost`: the undetailed rest of a purchase;
    - `date` with `amount` or `unit_cost`: a new purchase on that day, paid from `account` (absent: owner_contribution).

    Without `quantity` the whole waiting quantity gets its cost. `item` names the product if the sale names none. All documents are
    posted, or none.
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
    goods: JsonObject = {"item": sku, "quantity": many}
    if lot is None:
        if (amount is None) == (unit_cost is None):
            raise Refused.because(
                "NO_COST", f"{line.name} has no cost", path="amount", hint="give either amount (for the whole line) or unit_cost"
            )
        goods |= {"amount": amount} if amount is not None else {"unit_cost": unit_cost}
    first: JsonObject | None = None
    if purchase is not None:
        first = {"type": "purchase_details", "lines": [{"from": find_purchase(books, purchase).name, **goods}]}
    elif date is not None:
        paid = account or account_of(books, "owner_contribution")
        first = {"type": "cash_purchase", "date": date, "account": paid, "memo": f"cost of {sale}", "lines": [goods]}
    matched: JsonObject = {"from": line.name, "quantity": many, "item": sku, "lot": lot}
    return _post(books, first, matched, dry_run=dry_run)


def _refuse_later(books: Books, line: SaleLine, lot: str | None, purchase: str | None, date: str | None, sku: str) -> None:
    """Refuse a purchase after the sale, unless the books allow it. Refused LATER_PURCHASE."""
    if date is not None:
        bought = day_number(date[:10]) if date[:10].replace("-", "").isdigit() else 0
    elif purchase is not None:
        bought = find_purchase(books, purchase).day
    else:
        item = books.reading(lambda _, masters: masters.item(sku, "item"))
        bought = next((each.bought for each in lots_of(books, [item.id])[item.id] if each.name == lot), 0)
    if bought > line.day and books.settings.all().get("match_later_purchases") != "true":
        message = f"{line.name} was sold before that purchase"
        hint = "date the purchase earlier, or set match_later_purchases to true"
        raise Refused.because("LATER_PURCHASE", message, path="date", hint=hint, where=line.name)


def _post(books: Books, first: JsonObject | None, matched: JsonObject, *, dry_run: bool) -> Costed:
    """Post the document that brings the goods in, if there is one, and the match, in one transaction."""

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


def lines_of_sale(books: Books, name: str) -> list[SaleLine]:
    """Return the sale line of a name, or all lines of the document of a name."""
    number = name.partition("#")[0]
    with books.recorded() as recorded:
        return [line for line in recorded_sale_lines(recorded, documents=[number]) if name in (line.name, number)]


def unknown_sale(name: str) -> Refused:
    """Return the refusal UNKNOWN_SALE."""
    hint = "wares seller sold --missing-cost lists them"
    return Refused.because("UNKNOWN_SALE", f"{name!r} is not one line of a channel sale", where=name, hint=hint)


def find_sale(books: Books, name: str) -> SaleLine:
    """Return a sale line by its name, or by the name of its document if that has one line. Refused UNKNOWN_SALE, HAS_ITS_COST."""
    found = lines_of_sale(books, name)
    if len(found) != 1:
        raise unknown_sale(name)
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
