"""The report `gift_cards`: what every card was sold for, what of it was spent, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field
from wares import Attributes, Report, money

from gift_card.types import ACCOUNT

if TYPE_CHECKING:
    from wares import Books

_SUMS = (
    "SELECT e.code, MIN(d.date), CAST(SUM(CASE WHEN e.line = '' THEN 0 ELSE e.amount END) AS BIGINT), "
    "CAST(SUM(CASE WHEN e.line = '' THEN -e.amount ELSE 0 END) AS BIGINT) FROM gift_card_entry e "
    "JOIN document d ON d.company_id = e.company_id AND d.document_id = e.document_id AND d.status = 'posted' "
    "WHERE e.company_id = ? AND d.date <= ? GROUP BY e.code ORDER BY e.code"
)
_LAST_DAY = date(9999, 12, 31)


class GiftCardsParameters(Attributes):
    """What may be asked of the report."""

    at: date = Field(_LAST_DAY, description="As of the end of this day (2026-01-31).")
    spent: bool = Field(False, description="Cards with nothing left as well.")


class GiftCards(Report):
    """What cards hold; their sum is the balance of the account with the role gift_card_liability."""

    key = "gift_cards"
    title = "Gift cards"
    summary = "What every gift card was sold for, what of it was spent, and what it still holds."
    columns = ("card", "since", "sold", "spent", "held")
    Parameters = GiftCardsParameters
    example_records = (
        ACCOUNT,
        {"record": "item", "type": "gift_card", "sku": "GIFT", "price": "50"},
        {"record": "document", "type": "cash_sale", "date": "2026-01-02", "account": "1010", "lines": [{"item": "GIFT"}]},
    )

    def rows(self, books: Books, parameters: GiftCardsParameters) -> Iterator[Mapping[str, Any]]:
        """Every card by its code."""
        day = int(f"{parameters.at:%Y%m%d}")
        decimals, found = books.reading(lambda reader, _: (reader.decimals, reader.rows(_SUMS, day)))
        for code, first, sold, spent in found:
            if sold != spent or parameters.spent:
                yield {
                    "card": code,
                    "since": date(first // 10_000, first // 100 % 100, first % 100),
                    "sold": money(sold, decimals),
                    "spent": money(spent, decimals),
                    "held": money(sold - spent, decimals),
                }
