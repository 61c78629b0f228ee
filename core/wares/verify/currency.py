"""Documents in foreign currencies: amounts in their own currency and in the company's (part of I14)."""

from __future__ import annotations

from wares.storage.currencies import DECIMALS
from wares.storage.unit import Reader
from wares.values import money
from wares.verify.finding import amount


def in_currency(minor: int, currency: str) -> str:
    """Return minor units as text with the currency, such as "30.00 EUR"."""
    return f"{money(int(minor), DECIMALS.get(currency, 2))} {currency}"


def lines_sum_to_totals(reader: Reader) -> str | None:
    """Check that the lines of a foreign-currency document sum to its total, in that currency and in the company's."""
    row = reader.row(
        "SELECT d.number, d.currency, d.total, d.base_total, CAST(SUM(f.amount) AS BIGINT), CAST(SUM(l.amount) AS BIGINT) "
        "FROM wares_foreign_line f CROSS JOIN wares_line l CROSS JOIN wares_document d "  # SQLite would begin with every document
        "WHERE f.company_id = ? AND l.company_id = f.company_id AND l.line_id = f.line_id AND d.company_id = l.company_id "
        "AND d.document_id = l.document_id AND d.currency <> ? GROUP BY d.document_id, d.number, d.currency, d.total, d.base_total "
        "HAVING SUM(f.amount) <> d.total OR SUM(l.amount) <> d.base_total ORDER BY d.number LIMIT 1",
        reader.head.currency,
    )
    if row is None:
        return None
    number, currency, total, base_total, own, base = row
    return (
        f"{number} of {in_currency(total, currency)} ({amount(reader, base_total)}) has lines of {in_currency(own, currency)} "
        f"({amount(reader, base)})"
    )


def settled_is_settled(reader: Reader) -> str | None:
    """Check that a document settled or applied in full is so in the company's currency too, and none beyond its total."""
    row = reader.row(
        "SELECT number, currency, total, base_total, CAST(SUM(amount) AS BIGINT), CAST(SUM(base_amount) AS BIGINT) FROM ("
        "SELECT t.number, t.currency, t.total, t.base_total, a.amount, a.base_amount FROM wares_application a "
        "JOIN wares_document t "
        "ON t.company_id = a.company_id AND t.document_id = a.target_id JOIN wares_document d ON d.company_id = a.company_id "
        "AND d.document_id = a.document_id WHERE a.company_id = ? AND d.status = 'posted' "
        "UNION ALL SELECT d.number, d.currency, d.total, d.base_total, a.amount, a.base_amount FROM wares_application a "
        "JOIN wares_document d "
        "ON d.company_id = a.company_id AND d.document_id = a.document_id WHERE a.company_id = ? AND d.status = 'posted'"
        ") AS t GROUP BY number, currency, total, base_total "
        "HAVING SUM(amount) > total OR (SUM(amount) = total AND SUM(base_amount) <> base_total) ORDER BY number LIMIT 1",
        reader.company_id,
    )
    if row is None:
        return None
    number, currency, total, base_total, own, base = row
    return (
        f"{number} of {in_currency(total, currency)} ({amount(reader, base_total)}) is settled or applied with "
        f"{in_currency(own, currency)} ({amount(reader, base)})"
    )
