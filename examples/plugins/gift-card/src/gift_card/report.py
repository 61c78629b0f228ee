"""The report `gift_cards`: the amounts sold and spent of each card, and its balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import Field
from wares import Attributes, Recorded, Report, money

from gift_card.types import ACCOUNT

if TYPE_CHECKING:
    from wares import BooksView, Reader

_LAST_DAY = date(9999, 12, 31)


class GiftCardsParameters(Attributes):
    """The parameters of the report."""

    at: date = Field(_LAST_DAY, description="As of the end of this day (2026-01-31).")
    spent: bool = Field(False, description="Show cards with nothing left as well.")


class GiftCards(Report):
    """The balances of cards; their sum is the balance of the account with the role gift_card_liability."""

    key = "gift_cards"
    title = "Gift cards"
    summary = "The amounts sold and spent of each gift card, and its balance."
    columns = ("card", "since", "sold", "spent", "held")
    Parameters = GiftCardsParameters
    example_records = (
        ACCOUNT,
        {"record": "item", "type": "gift_card", "sku": "GIFT", "price": "50"},
        {"record": "document", "type": "cash_sale", "date": "2026-01-02", "account": "1010", "lines": [{"item": "GIFT"}]},
    )

    def rows(self, books: BooksView, parameters: GiftCardsParameters) -> Iterator[Mapping[str, Any]]:
        """Yield a row for each card, by its code."""
        day = int(f"{parameters.at:%Y%m%d}")
        decimals, cards = books.reading(lambda reader, _: (reader.decimals, _cards_at(reader, day)))
        for code, card in sorted(cards.items()):
            if card.sold != card.spent or parameters.spent:
                yield {
                    "card": code,
                    "since": date(card.since // 10_000, card.since // 100 % 100, card.since % 100),
                    "sold": money(card.sold, decimals),
                    "spent": money(card.spent, decimals),
                    "held": money(card.sold - card.spent, decimals),
                }


class _Card(NamedTuple):
    """The state of a card at the end of a day."""

    since: int
    """Day of its first entry, yyyymmdd."""
    sold: int = 0
    """Minor units sold, less credits."""
    spent: int = 0
    """Minor units redeemed."""


def _cards_at(reader: Reader, day: int) -> dict[str, _Card]:
    """Return the state of every card at the end of a day."""
    entries = reader.rows("SELECT document_id, line_id, code, amount FROM gift_card_entry WHERE company_id = ?")
    documents = Recorded(reader).documents(ids={document_id for document_id, *_ in entries})
    days = {document.id: document.day for document in documents if document.day <= day}
    cards: dict[str, _Card] = {}
    for document_id, line_id, code, amount in entries:
        if document_id in days:
            since, sold, spent = cards.get(code, _Card(days[document_id]))
            since = min(since, days[document_id])
            cards[code] = _Card(since, sold + amount, spent) if line_id else _Card(since, sold, spent - amount)
    return cards
