"""Reading books in tests: entries by role, stock by SKU."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

from wares import Books, Refused, unscaled


def by_role(posted: Any) -> dict[str, Decimal]:
    """Return a document's entry: role → debits less credits, without roles that cancel out."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in posted.entries:
        sums[posting["role"]] += posting["debit"] - posting["credit"]
    return {role: amount for role, amount in sums.items() if amount}


def money(**amounts: str) -> dict[str, Decimal]:
    return {role: Decimal(amount) for role, amount in amounts.items()}


def stock(books: Books) -> dict[str, tuple[Decimal, Decimal]]:
    """Return SKU → quantity and value of all stock on hand."""
    statement = (
        "SELECT i.sku, SUM(p.quantity), SUM(p.value) FROM wares_pool p JOIN wares_item i ON i.company_id = p.company_id "
        "AND i.item_id = p.item_id WHERE p.company_id = ? GROUP BY i.sku HAVING SUM(p.quantity) <> 0 OR SUM(p.value) <> 0"
    )
    rows = books.reading(lambda reader, _: reader.rows(statement))
    return {sku: (unscaled(int(quantity)), Decimal(int(value)).scaleb(-2)) for sku, quantity, value in rows}


def held(quantity: str, value: str) -> tuple[Decimal, Decimal]:
    return Decimal(quantity), Decimal(value)


def codes(call: Any) -> list[str]:
    """Return the codes with which a call is refused."""
    try:
        call()
    except Refused as refused:
        return [issue.code for issue in refused.issues]
    return []


def sound(books: Books) -> bool:
    """True if every invariant holds; fails with the first that does not."""
    if find_spec("wares.verify") is None:  # written at the same time as these tests
        return True
    report = books.verify()
    broken = [check for check in report["checks"] if not check["ok"]]
    assert not broken, broken
    return bool(report["ok"])
