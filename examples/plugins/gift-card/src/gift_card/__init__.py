"""Gift cards: sold as a liability, redeemed as a payment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wares import Context, Document, DocumentType, Issue, ItemType, Question, Report, hookimpl

from gift_card.cards import CardFacts, entries_of, facts_for, overdrawn
from gift_card.report import GiftCards
from gift_card.types import GiftCard, Redemption

if TYPE_CHECKING:
    from decimal import Decimal

    from sqlalchemy import MetaData
    from wares import AcceptedDocument, Books, Reader
    from wares.storage import MigrationSource

WARES_API_VERSION = 1


def balance_of(books: Books, code: str) -> Decimal:
    """Return the balance of a card; 0 if it was never sold."""
    from wares import money

    from gift_card.cards import balances

    return books.reading(lambda reader, _: money(balances(reader, {code}).get(code, 0), reader.decimals))


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [GiftCard()]


@hookimpl
def wares_document_types() -> list[DocumentType]:
    return [Redemption()]


@hookimpl
def wares_reports() -> list[Report]:
    return [GiftCards()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="spent_later",
            text="Is it money that a customer pays now and spends with you later?",
            type="gift_card",
            because="it is not income yet: you owe the customer goods or services for it",
            weight=55,
        )
    ]


@hookimpl
def wares_models() -> MetaData:
    from gift_card.tables import Entry

    return Entry.metadata


@hookimpl
def wares_migrations() -> MigrationSource:
    from wares.storage import MigrationSource

    from gift_card.tables import Entry

    return MigrationSource("gift_card", "gift_card.migrations", Entry.metadata, "gift_card_")


@hookimpl
def wares_load(records: tuple[Mapping[str, Any], ...], reader: Reader) -> CardFacts:
    """Return the balances of the cards that the batch names."""
    return facts_for(records, reader)


@hookimpl
def wares_accepted(document: AcceptedDocument, facts: CardFacts) -> CardFacts | None:
    """Return the balances after this document."""
    changed = list(entries_of(document))
    if not changed:
        return None
    held = dict(facts["held"])
    for entry in changed:
        held[entry.code] = held.get(entry.code, 0) + entry.amount
    return {**facts, "held": held}


@hookimpl
def wares_before_post(document: Document, ctx: Context) -> Iterable[Issue]:
    """Refuse to take back a card that was spent."""
    return overdrawn(document, ctx)


@hookimpl
def wares_rows(posted: tuple[AcceptedDocument, ...], reader: Reader) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    from gift_card.tables import Entry

    for document in posted:
        for entry in entries_of(document):
            yield Entry.__table__, (reader.company_id, document.document_id, entry.line_id, entry.code, entry.amount)
