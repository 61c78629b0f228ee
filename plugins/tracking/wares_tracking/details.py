"""Split a purchase of inventory into products, in as many parts as wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from wares import Books, JsonObject, Record, Refused, extend, minor, money, scaled, split
from wares_tracking.display import decimals_of
from wares_tracking.documents import DETAIL
from wares_tracking.matching import match
from wares_tracking.products import new_product, skus_of
from wares_tracking.purchases import find_purchase


class Detailed(NamedTuple):
    """The result of adding details."""

    document: str | None
    """The number of the purchase_details; None for a dry run."""
    amount: Decimal
    remaining: Decimal
    matched: int
    """The number of sale lines that were matched afterwards."""


def add_details(
    books: Books,
    purchase: str,
    rows: Sequence[Record],
    *,
    spread: str | None = None,
    date: str | None = None,
    rematch: bool = True,
    dry_run: bool = False,
) -> Detailed:
    """Split a purchase: each row is `item` and `quantity` with its `amount` or `unit_cost`, or an `account` with an `amount`.

    A row with a `name` makes the product if there is none. `spread` distributes the rest of the purchase: "quantity" over the rows
    without a cost, "value" on top of the rows with a cost (freight and tax of the purchase). Sales that wait for these products are
    matched afterwards, unless `rematch` is off; earlier matches keep their cost.
    """
    of = find_purchase(books, purchase)
    decimals = decimals_of(books)
    lines = _with_costs(rows, of.remaining, spread, decimals)
    document = {"record": "document", "type": "purchase_details", "lines": [{"from": of.name, **line} for line in lines]}
    if date is not None:
        document["date"] = date
    made = list(_new_products(books, rows))
    _refuse_unknown(books, rows, made)
    load_all(books, [*made, document], dry_run=dry_run)
    amount = sum(_stated(line, decimals) or 0 for line in lines)
    number = None
    if not dry_run:
        with books.recorded() as recorded:
            number = recorded.links([of.line_id], kinds=[DETAIL])[-1].document
    skus = {str(row["item"]) for row in rows if row.get("item")}
    matched = match(books, skus=skus).count if rematch and skus and not dry_run else 0
    return Detailed(number, money(amount, decimals), money(of.remaining - amount, decimals), matched)


def load_all(books: Books, records: Iterable[Mapping[str, object]], *, dry_run: bool = False) -> None:
    """Record all of the records or none. A dry run refuses the same records."""
    refusals: list[Any] = []
    books.load(records, atomic=not dry_run, dry_run=dry_run, on_refusal=refusals.append)
    if refusals:
        raise Refused(refusals[0].issues)


def _new_products(books: Books, rows: Sequence[Record]) -> Iterable[JsonObject]:
    """Return the records of the products that the rows make."""
    known = skus_of(books) if any(row.get("name") for row in rows) else set()
    for row in rows:
        if row.get("name") and row.get("item") and row["item"] not in known:
            known.add(row["item"])
            yield new_product(row["item"], row["name"])


def _refuse_unknown(books: Books, rows: Iterable[Mapping[str, object]], made: Iterable[Mapping[str, object]]) -> None:
    known = skus_of(books) | {str(item["sku"]) for item in made}
    for number, row in enumerate(rows):
        if row.get("item") and row["item"] not in known:
            hint = "give its name to make it: the column name, or --name SKU=NAME"
            raise Refused.because("UNKNOWN_ITEM", f"there is no item {row['item']!r}", path=f"lines[{number}].item", hint=hint)


def _with_costs(rows: Sequence[Mapping[str, object]], remaining: int, spread: str | None, decimals: int) -> list[dict[str, object]]:
    """Return the lines with every amount stated; the rest is spread by largest remainder."""
    lines = [{key: value for key, value in row.items() if key != "name" and value is not None} for row in rows]
    if spread is None:
        return lines
    stated = [_stated(line, decimals) for line in lines]
    rest = remaining - sum(each or 0 for each in stated)
    places, weights = _spread_over(lines, stated, spread)
    if rest < 0 or not places:
        raise Refused.because(
            "MORE_THAN_LEFT", f"{money(remaining, decimals)} is left to detail", path="lines", hint="lower the costs"
        )
    for place, part in zip(places, split(rest, weights), strict=True):
        lines[place].pop("unit_cost", None)
        lines[place]["amount"] = money((stated[place] or 0) + part, decimals)
    return lines


def _spread_over(lines: Sequence[Mapping[str, object]], stated: Sequence[int | None], spread: str) -> tuple[list[int], list[int]]:
    """Return the places of the lines that take a part of the rest, and their weights. Refused NOTHING_TO_SPREAD, NO_COST."""
    without_cost = [place for place, each in enumerate(stated) if each is None]
    if spread == "quantity":
        if not without_cost:
            raise Refused.because(
                "NOTHING_TO_SPREAD", "every row states its cost", path="spread", hint="leave a cost out, or spread by value"
            )
        return without_cost, [scaled(lines[place].get("quantity", 1)) for place in without_cost]
    if without_cost:
        raise Refused.because("NO_COST", "a spread by value needs the cost of every row", path=f"lines[{without_cost[0]}].amount")
    products = [place for place, line in enumerate(lines) if line.get("item")]
    return products, [stated[place] or 0 for place in products]


def _stated(line: Mapping[str, object], decimals: int) -> int | None:
    try:
        if line.get("amount") is not None:
            return minor(line["amount"], decimals)
        if line.get("unit_cost") is not None:
            return extend(scaled(line.get("quantity", 1)), scaled(line["unit_cost"]), decimals)
    except ValueError as error:
        raise Refused.because("BAD_VALUE", str(error), path="lines", hint="give exact decimals") from None
    return None
