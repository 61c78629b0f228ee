"""The row of table `document`, built here for every document: posted, saved without posting, opened, or reversed."""

from __future__ import annotations

from typing import NamedTuple

from wares.values import ONE_FOR_ONE


class DocumentRow(NamedTuple):
    """A row of table `document`. Money is minor units, days are yyyymmdd, instants microseconds since 1970 (UTC)."""

    company_id: int
    document_id: int
    type: str
    number: str
    revision: int
    issued: int | None
    """The count within the series, where Wares gave the number."""
    status: str
    """`posted`, `pending`, `reversal`; later `void`, `replaced`, `reversed`."""
    effective_at: int
    sequence: int
    date: int
    due: int | None
    party_id: int | None
    location_id: int | None
    account_id: int | None
    reference: str | None
    reference_key: str | None
    currency: str
    rate: int
    goods: str
    total: int
    base_total: int
    parent_id: int | None
    memo: str | None
    key: str | None
    body_hash: str | None
    recorded_at: int
    attributes: str | None
    record: str


def document_row(
    *,
    company_id: int,
    document_id: int,
    type: str,
    number: str,
    status: str,
    effective_at: int,
    sequence: int,
    date: int,
    location_id: int,
    currency: str,
    recorded_at: int,
    record: str,
    revision: int = 1,
    issued: int | None = None,
    due: int | None = None,
    party_id: int | None = None,
    account_id: int | None = None,
    reference: str | None = None,
    reference_key: str | None = None,
    rate: int = ONE_FOR_ONE,
    goods: str = "none",
    total: int = 0,
    base_total: int = 0,
    parent_id: int | None = None,
    memo: str | None = None,
    key: str | None = None,
    body_hash: str | None = None,
    attributes: str | None = None,
) -> DocumentRow:
    """Return the row of a document of this company."""
    return DocumentRow(
        company_id, document_id, type, number, revision, issued, status, effective_at, sequence, date, due, party_id, location_id,
        account_id, reference, reference_key, currency, rate, goods, total, base_total, parent_id, memo, key, body_hash,
        recorded_at, attributes, record,
    )  # fmt: skip
