"""Costs in bulk: a file of SKU, cost and date gives all waiting sales their cost.

    sku         the product; a row with a name makes it if there is none
    cost        the cost of one unit
    date        the first day of this cost: it serves the sales from this day to the next row of the product. Absent: all sales
    quantity    the bought quantity. Absent: the waiting quantity
    purchase    the purchase whose undetailed rest the goods come from. Absent: a new purchase on the date
    name        the name of a new product

Purchases are recorded for the waiting quantity and matched in the same transaction, so that the same file again, also after an
interruption, finds no waiting sale and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from wares import Books, Issue, JsonObject, Posted, Refused, Rejects, RowIssue, Table, TableRow, unscaled
from wares_tracking.accounts import account_of
from wares_tracking.cells import AmbiguousDate, check_form, parse_day, parse_money
from wares_tracking.days import LAST_DAY, day_number, iso
from wares_tracking.details import load_all
from wares_tracking.matching import match
from wares_tracking.products import Products, new_product, skus_of
from wares_tracking.purchases import find_purchase
from wares_tracking.sale_lines import sale_lines

COLUMNS = ("sku", "cost", "date", "quantity", "purchase", "name")

Refuse = Callable[[TableRow, str, Iterable[Issue]], None]
"""Takes a row, the name of the column and the issues."""


class _Cost(NamedTuple):
    """A row of the file."""

    row: TableRow
    """The row of the table."""
    sku: str
    name: str
    cost: Decimal
    day: int | None
    quantity: Decimal | None
    purchase: str


class _Bought(NamedTuple):
    """The purchase for a row, as the record of a document."""

    cost: _Cost
    quantity: Decimal
    record: JsonObject


@dataclass(slots=True)
class BulkCosts:
    """The result of a file."""

    rows: list[JsonObject] = field(default_factory=list)
    """A row for each purchase."""
    issues: list[RowIssue] = field(default_factory=list)
    idle: int = 0
    """The number of rows whose product has no waiting sale."""
    matched: int = 0
    """The number of sale lines that got their cost."""


def add_costs_in_bulk(
    books: Books,
    path: Path,
    *,
    purchase: str | None = None,
    account: str | None = None,
    dates: str | None = None,
    mark: str | None = None,
    encoding: str | None = None,
    rejects: Path | None = None,
    dry_run: bool = False,
) -> BulkCosts:
    """Give waiting sales their costs from a file. `purchase` serves the rows without one; `account` paid for new purchases (absent:
    owner_contribution). Refused NO_COLUMN, NO_ACCOUNT, BAD_FORM, and the refusals of a whole file."""
    check_form(dates)
    done = BulkCosts()
    with Table(path, expected=COLUMNS, encoding=encoding) as table, Rejects(rejects, table.header, of=path) as rejected:
        reading = _Reading(table, purchase or "", dates, mark)

        def refuse(row: TableRow, column: str, issues: Iterable[Issue]) -> None:
            found = [RowIssue(row.line, column, issue) for issue in issues]
            done.issues += found
            rejected.write(row, "; ".join(map(str, found)))

        costs = [cost for cost in (reading.cost(row, refuse) for row in table) if cost is not None]
        costs = list(_of_products(books, costs, refuse, dry_run=dry_run))
        bought = list(_bought(books, costs, account or account_of(books, "owner_contribution"), refuse, done))
        if dry_run:
            results = books.post_many([each.record for each in bought], atomic=False, dry_run=True)
        else:
            results, done.matched = books.run(lambda inner: _post_and_match(inner, bought))
        for each, result in zip(bought, results, strict=True):
            if isinstance(result, Refused):
                refuse(each.cost.row, "", result.issues)
                continue
            done.rows.append({
                "sku": each.cost.sku, "quantity": each.quantity, "unit_cost": each.cost.cost, "amount": result.total,
                "date": result.date, "document": result.number,
            })  # fmt: skip
    return done


def _post_and_match(books: Books, bought: list[_Bought]) -> tuple[list[Posted | Refused], int]:
    """Record the purchases and give their goods to the waiting sales; return the results and the number of matched lines."""
    results = books.post_many([each.record for each in bought], atomic=False)
    skus = {each.cost.sku for each, result in zip(bought, results, strict=True) if not isinstance(result, Refused)}
    return results, match(books, skus=skus).count if skus else 0


class _Reading:
    """The reader of the rows of a file."""

    def __init__(self, table: Table, purchase: str, dates: str | None, mark: str | None) -> None:
        names = [" ".join(name.split()).casefold() for name in table.header]
        self._places = {name: names.index(name) for name in COLUMNS if name in names}
        self._purchase, self._dates, self._mark = purchase, dates, mark
        missing = [name for name in ("sku", "cost") if name not in self._places]
        if missing:
            hint = f"the first row names them: {','.join(COLUMNS)}"
            raise Refused.because("NO_COLUMN", f"{table.path.name} has no column {missing[0]}", hint=hint, where=table.path.name)

    def cost(self, row: TableRow, refuse: Refuse) -> _Cost | None:
        """Return the cost of a row, or None if the row cannot be read."""
        text = {name: row.cells[place].strip() if place < len(row.cells) else "" for name, place in self._places.items()}
        column = "sku"
        try:
            if row.problem or not text["sku"]:
                raise ValueError(row.problem or "the row names no product")
            column = "cost"
            cost = parse_money(text["cost"], mark=self._mark)
            if cost is None or cost < 0:
                raise ValueError("the row has no cost" if cost is None else f"the cost {cost} is negative")
            column = "quantity"
            quantity = parse_money(text.get("quantity", ""), mark=self._mark)
            if quantity is not None and quantity <= 0:
                raise ValueError(f"{quantity} must be more than 0")
            column = "date"
            day = day_number(parse_day(text["date"], self._dates)) if text.get("date") else None
        except AmbiguousDate as error:
            refuse(row, column, [Issue("AMBIGUOUS_DATE", str(error), column, "say which it is: --dates DMY or --dates MDY")])
        except ValueError as error:
            refuse(row, column, [Issue("BAD_VALUE", str(error), column)])
        else:
            return _Cost(row, text["sku"], text.get("name", ""), cost, day, quantity, text.get("purchase") or self._purchase)
        return None


def _of_products(books: Books, costs: list[_Cost], refuse: Refuse, *, dry_run: bool) -> Iterator[_Cost]:
    """Return the rows whose product is known or is made. A preview makes no product and leaves such rows out."""
    known = skus_of(books)
    for cost in costs:
        if cost.sku not in known and not cost.name:
            issue = Issue("UNKNOWN_ITEM", f"{cost.sku!r} is no product of the books", "sku", "give a name in the row to make it")
            refuse(cost.row, "sku", [issue])
        elif cost.sku in known:
            yield cost
        elif not dry_run:
            load_all(books, [new_product(cost.sku, cost.name)])
            known.add(cost.sku)
            yield cost


def _bought(books: Books, costs: list[_Cost], account: str, refuse: Refuse, done: BulkCosts) -> Iterator[_Bought]:
    """Return the purchases: for each row of the sales of its product from its date to the date of the next row."""
    waiting = _waiting(books, {cost.sku for cost in costs})
    later = books.settings.all().get("match_later_purchases") == "true"
    rows: dict[str, list[_Cost]] = defaultdict(list)
    for cost in costs:
        rows[cost.sku].append(cost)
    for sku, own in rows.items():
        own.sort(key=lambda cost: cost.day or 0)
        for number, cost in enumerate(own):
            since = 0 if later and not number else cost.day or 0
            until = own[number + 1].day or LAST_DAY if number + 1 < len(own) else LAST_DAY
            sales = [(day, quantity) for day, quantity in waiting[sku] if since <= day < until]
            quantity = cost.quantity if cost.quantity is not None else unscaled(sum(each for _, each in sales))
            if not quantity or not sales:
                done.idle += 1
                continue
            try:
                yield _Bought(cost, quantity, _record(books, cost, quantity, sales[0][0], account))
            except Refused as refusal:
                refuse(cost.row, "purchase", refusal.issues)


def _record(books: Books, cost: _Cost, quantity: Decimal, first_sale: int, account: str) -> dict[str, object]:
    """Return the record of a detail of the purchase that the row names, or of a new purchase."""
    goods = {"item": cost.sku, "quantity": quantity, "unit_cost": cost.cost}
    if cost.purchase:
        return {"type": "purchase_details", "lines": [{"from": find_purchase(books, cost.purchase).name, **goods}]}
    return {"type": "cash_purchase", "date": iso(cost.day or first_sale), "account": account, "memo": "cost of what was sold",
            "lines": [goods]}  # fmt: skip


def _waiting(books: Books, skus: set[str]) -> Mapping[str, list[tuple[int, int]]]:
    """Return, by SKU, the waiting sales (day, quantity), oldest first."""
    products = Products.of(books)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for page in sale_lines(books):
        for sale in page:
            if not sale.waiting:
                continue
            product = products.by_id.get(sale.item_id) if sale.item_id else products.find(sale.sku, sale.title).product
            if product is not None and product.sku in skus:
                found[product.sku].append((sale.day, sale.waiting))
    return found
