"""Subscriptions: paid at once, earned month by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wares import Chart, DocumentType, ItemType, Question, hookimpl

from subscription.chart import MEMBERSHIP
from subscription.terms import Term, credited, facts_for, sold
from subscription.types import Recognition, Subscription

if TYPE_CHECKING:
    from sqlalchemy import MetaData
    from wares import AcceptedDocument, Reader
    from wares.storage import MigrationSource

WARES_API_VERSION = 1


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Subscription()]


@hookimpl
def wares_document_types() -> list[DocumentType]:
    return [Recognition()]


@hookimpl
def wares_charts_of_accounts() -> list[Chart]:
    return [MEMBERSHIP]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="earned_over_months",
            text="Is it paid at once for several months to come?",
            type="subscription",
            because="it is earned month by month: until then it is deferred income",
            weight=28,
        )
    ]


@hookimpl
def wares_models() -> MetaData:
    from subscription.tables import Sold

    return Sold.metadata


@hookimpl
def wares_migrations() -> MigrationSource:
    from wares.storage import MigrationSource

    from subscription.tables import Sold

    return MigrationSource("subscription", "subscription.migrations", Sold.metadata, "subscription_")


@hookimpl
def wares_load(records: tuple[Mapping[str, Any], ...], reader: Reader) -> Mapping[str, Any] | None:
    """Return the terms that are not fully recognised, if the batch has a recognition."""
    return facts_for(records, reader)


@hookimpl
def wares_accepted(document: AcceptedDocument, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the terms after this document, for the recognitions that follow in the batch."""
    if "terms" not in facts:
        return None
    terms = dict(facts["terms"])
    last = facts["last"]
    for new in sold(document):
        terms[new.line_id] = new
    for line_id, amount in credited(document):
        if line_id in terms:
            terms[line_id] = terms[line_id].less(amount)
    for part in Recognition.parts_of(document):
        terms[part.line_id] = terms[part.line_id].with_recognised(part.amount)
        last = max(last, document.planned.header.day)
    return {"terms": terms, "last": last}


@hookimpl
def wares_rows(posted: tuple[AcceptedDocument, ...], reader: Reader) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    from subscription.tables import Recognised, Sold

    company_id = reader.company_id
    for document in posted:
        for term in sold(document):
            row = (company_id, term.line_id, document.document_id, term.line_id, term.item_id, term.start, term.months, term.amount)
            yield Sold.__table__, row
        for own_id, line_id, amount in _credits(document):
            yield Sold.__table__, (company_id, own_id, document.document_id, line_id, 0, 0, 0, -amount)
        for part in Recognition.parts_of(document):
            yield Recognised.__table__, (company_id, document.document_id, part.line_id, part.amount)


def _credits(document: AcceptedDocument) -> Iterator[tuple[int, int, int]]:
    """Yield the id of the credit's line, the id of the line that it credits, and the amount in minor units."""
    for row in document.planned.document.rows:
        if row.line.origin is not None and document.planned.ctx.sign < 0 and Term.is_of(row):
            yield document.line_ids[row.line.number], row.line.origin.id, row.pricing.amount
