"""The corrections of other documents that a document makes, by document and account, for people to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wares.model import CostChange
from wares.storage.unit import Reader
from wares.values import JsonObject, iso_day, money


def corrections_of(reader: Reader, changes: Iterable[CostChange]) -> list[JsonObject]:
    """Return document, type, date, item, account and amount (debits positive) of each correction of an earlier document.

    The accounts are those of the stock and of the other side: a cost of sales that rises by 8.00 is a debit, and a credit to stock.
    """
    sums: dict[tuple[int, int, int, int], int] = defaultdict(int)
    for change in changes:
        sums[change.document_id, change.day, change.item_id, change.account_id] += change.difference
        if change.counter_id:
            sums[change.document_id, change.day, change.item_id, change.counter_id] -= change.difference
    documents = _named(reader, "number, type", "document", {key[0] for key in sums})
    items = _named(reader, "sku", "item", {key[2] for key in sums})
    accounts = _named(reader, "code, name", "account", {key[3] for key in sums})
    return [
        {
            "document": documents[document_id][0],
            "type": documents[document_id][1],
            "date": iso_day(day),
            "item": items[item_id][0],
            "account": accounts[account_id][0],
            "account_name": accounts[account_id][1],
            "amount": money(amount, reader.decimals),
        }
        for (document_id, day, item_id, account_id), amount in sums.items()
        if amount and document_id in documents  # else it is of the same preview
    ]


def _named(reader: Reader, columns: str, table: str, ids: set[int]) -> dict[int, tuple[str, ...]]:
    if not ids:
        return {}
    statement = f"SELECT {table}_id, {columns} FROM wares_{table} WHERE company_id = ? AND {reader.among(f'{table}_id')}"
    return {row[0]: row[1:] for row in reader.rows(statement, reader.listed(sorted(ids)))}
