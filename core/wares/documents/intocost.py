"""The cost of the goods of a purchase: the rows of the goods, and the charges that belong to them (IAS 2.10-11)."""

from __future__ import annotations

from wares.contract.document_type import Behaviours
from wares.errors import Issue, Refused
from wares.model import Document, Row, RowKind
from wares.values import split


def goods_rows(document: Document, do: Behaviours) -> frozenset[str]:
    """Return the numbers of the rows that are tracked goods."""
    return frozenset(
        row.line.number
        for row in document.rows
        if row.pricing.kind == RowKind.ROW and row.line.item is not None and do.type_of(row.line.item).tracked
    )


def part_of_cost(row: Row, goods: frozenset[str]) -> bool:
    """True if the row's amount belongs to the cost of goods: a row of goods, or a charge into cost over such rows."""
    if row.line.number in goods:
        return True
    return row.pricing.into_cost and any(number in goods for number in row.covers)


def goods_amounts(document: Document, goods: frozenset[str]) -> dict[str, int]:
    """Return row number → value as goods: the amount of a row of goods plus its part of the charges into cost; 0 for such a charge.

    A charge (or, negative, a supplier's total discount) spreads by value over the rows of goods it acts on. IAS 2.10-11.
    """
    amounts = {row.line.number: row.pricing.amount for row in document.rows if row.line.number in goods}
    own = dict(amounts)
    for row in document.rows:
        covered = [number for number in row.covers if number in goods]
        if row.pricing.into_cost and row.pricing.amount and covered:
            parts = split(row.pricing.amount, [own[number] for number in covered])
            for number, part in zip(covered, parts, strict=True):
                amounts[number] += part
            amounts[row.line.number] = 0
    return amounts


def refuse_accounts(document: Document, do: Behaviours) -> None:
    """Refuse an account on a line of tracked goods: goods use the inventory account of their pool."""
    goods = goods_rows(document, do)
    issues = [
        Issue(
            "GOODS_ACCOUNT", f"{row.line.item.sku if row.line.item else ''} is kept in stock and goes to its inventory account",
            f"{row.line.path}.account", "leave account out, or map inventory for the item",
        )
        for row in document.rows
        if row.line.given.account is not None and row.line.number in goods
    ]  # fmt: skip
    if issues:
        raise Refused(issues)
