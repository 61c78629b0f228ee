"""Purchases of inventory, and splitting them into products as often as wanted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from wares import Books, Recorded, Refused, extend, minor, money, scaled, split
from wares_tracking.documents import DETAIL, UNDETAILED
from wares_tracking.matching import match
from wares_tracking.sale_lines import LAST_DAY, decimals_of

PURCHASES = ("bill", "cash_purchase")
"""Types of document that buy inventory by its amount alone."""


class Purchase(NamedTuple):
    """A purchase line that was recorded by its amount alone; money in minor units."""

    name: str  # "CP-00001#1"
    line_id: int
    day: int
    party: str | None
    description: str
    amount: int
    taken: int  # by details, and by what the supplier credited

    @property
    def remaining(self) -> int:
        """What is not yet split into products."""
        return self.amount - self.taken


def purchases(books: Books, *, until: int = LAST_DAY) -> list[Purchase]:
    """Every purchase of inventory up to a day, oldest first, with what was detailed of it up to that day."""
    with books.recorded() as recorded:
        return purchases_in(recorded, until=until)


def purchases_in(recorded: Recorded, *, until: int = LAST_DAY) -> list[Purchase]:
    """The same on a snapshot: what stands on the accounts of undetailed purchases, each with what came from it since."""
    posted = recorded.postings([UNDETAILED], until=until)
    standing = {line.id for line in recorded.lines(types=PURCHASES, line_ids={row.line_id for row in posted if row.line_id})}
    taken: dict[str, int] = defaultdict(int)
    of: dict[str, str] = {}  # what came from a purchase → the purchase, which a reversal of it gives back to
    for row in posted:
        if row.origin is not None:
            of[row.name] = purchase = of.get(row.origin, row.origin)
            taken[purchase] -= row.amount
    return [
        Purchase(row.name, row.line_id, row.day, row.party, row.text or "", row.amount, taken[row.name])
        for row in posted
        if row.line_id is not None and row.line_id in standing
    ]


def find_purchase(books: Books, name: str) -> Purchase:
    """One of them by its name, or by its document's where that has one line. Refused NOT_UNDETAILED."""
    found = [each for each in purchases(books) if each.name == name or each.name.partition("#")[0] == name]
    if len(found) != 1:
        waiting = [each.name for each in purchases(books) if each.remaining]
        hint = f"name a line: {', '.join(waiting[:10]) or 'none is waiting'}"
        raise Refused.because("NOT_UNDETAILED", f"{name!r} is not one purchase of inventory", path="from", hint=hint)
    return found[0]


class Detailed(NamedTuple):
    """What adding details came to."""

    document: str | None  # None for a dry run that makes products too
    amount: Any
    remaining: Any
    matched: int


def add_details(
    books: Books,
    purchase: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    spread: str | None = None,
    date: str | None = None,
    rematch: bool = True,
    dry_run: bool = False,
) -> Detailed:
    """Split a purchase: each row is `item` and `quantity` with its `amount` or `unit_cost`, or an `account` with an `amount`.

    A row that gives a `name` makes the product if there is none. `spread` distributes what no row states: "quantity" over rows
    without a cost, "value" on top of rows that state theirs (freight and tax of the purchase). Sales that wait for these products
    are matched afterwards, unless `rematch` is off; what is matched already keeps its cost.
    """
    of = find_purchase(books, purchase)
    decimals = decimals_of(books)
    lines = _with_costs(rows, of.remaining, spread, decimals)
    document = {"record": "document", "type": "purchase_details", "lines": [{"from": of.name, **line} for line in lines]}
    if date is not None:
        document["date"] = date
    made = list(_new_products(books, rows))
    _refuse_unknown(books, rows, made)
    record(books, [*made, document], dry_run=dry_run)
    amount = sum(_stated(line, decimals) or 0 for line in lines)
    number = None
    if not dry_run:
        with books.recorded() as recorded:
            number = recorded.links([of.line_id], kinds=[DETAIL])[-1].document
    skus = {str(row["item"]) for row in rows if row.get("item")}
    matched = match(books, skus=skus).count if rematch and skus and not dry_run else 0
    return Detailed(number, money(amount, decimals), money(of.remaining - amount, decimals), matched)


def record(books: Books, records: Iterable[Mapping[str, Any]], *, dry_run: bool = False) -> None:
    """Record all or nothing; a dry run refuses what would be refused."""
    refusals: list[Any] = []
    books.load(records, atomic=not dry_run, dry_run=dry_run, on_refusal=refusals.append)
    if refusals:
        raise Refused(refusals[0].issues)


def _new_products(books: Books, rows: Sequence[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Products that are made on the spot: kept by lot."""
    known = skus_of(books) if any(row.get("name") for row in rows) else set()
    for row in rows:
        if row.get("name") and row.get("item") and row["item"] not in known:
            known.add(row["item"])
            yield new_product(row["item"], row["name"])


def _refuse_unknown(books: Books, rows: Iterable[Mapping[str, Any]], made: Iterable[Mapping[str, Any]]) -> None:
    known = skus_of(books) | {str(item["sku"]) for item in made}
    for number, row in enumerate(rows):
        if row.get("item") and row["item"] not in known:
            hint = "give its name to make it: the column name, or --name SKU=NAME"
            raise Refused.because("UNKNOWN_ITEM", f"there is no item {row['item']!r}", path=f"lines[{number}].item", hint=hint)


def skus_of(books: Books) -> set[str]:
    """The SKU of every item."""
    with books.recorded() as recorded:
        return {item.sku for item in recorded.items()}


def new_product(sku: str, name: str) -> dict[str, Any]:
    """The record of a product that a seller names: kept by lot."""
    return {"record": "item", "type": "stock", "sku": sku, "name": name, "cost_method": "specific"}


def _with_costs(rows: Sequence[Mapping[str, Any]], remaining: int, spread: str | None, decimals: int) -> list[dict[str, Any]]:
    """The lines with every amount stated; the rest spread as asked, by largest remainder."""
    lines = [{key: value for key, value in row.items() if key != "name" and value is not None} for row in rows]
    if spread is None:
        return lines
    stated = [_stated(line, decimals) for line in lines]
    rest = remaining - sum(each or 0 for each in stated)
    open_rows = [index for index, each in enumerate(stated) if each is None]
    if spread == "quantity":
        if not open_rows:
            raise Refused.because(
                "NOTHING_TO_SPREAD", "every row states its cost", path="spread", hint="leave a cost out, or spread by value"
            )
        weights = [scaled(lines[index].get("quantity", 1)) for index in open_rows]
    elif open_rows:
        raise Refused.because("NO_COST", "spreading by value needs the cost of every row", path=f"lines[{open_rows[0]}].amount")
    else:
        open_rows = [index for index, line in enumerate(lines) if line.get("item")]
        weights = [stated[index] or 0 for index in open_rows]
    if rest < 0 or not open_rows:
        raise Refused.because(
            "MORE_THAN_LEFT", f"{money(remaining, decimals)} is left to detail", path="lines", hint="lower the costs"
        )
    for index, part in zip(open_rows, split(rest, weights), strict=True):
        lines[index].pop("unit_cost", None)
        lines[index]["amount"] = money((stated[index] or 0) + part, decimals)
    return lines


def _stated(line: Mapping[str, Any], decimals: int) -> int | None:
    try:
        if line.get("amount") is not None:
            return minor(line["amount"], decimals)
        if line.get("unit_cost") is not None:
            return extend(scaled(line.get("quantity", 1)), scaled(line["unit_cost"]), decimals)
    except ValueError as error:
        raise Refused.because("BAD_VALUE", str(error), path="lines", hint="give exact decimals") from None
    return None
