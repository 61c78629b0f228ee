"""The status of a document, beside the documents that gave it (I20): its reversal, its next revision, its opening balance."""

from __future__ import annotations

import json

from wares.storage.unit import Reader

_ALONE = "r.reversals IS NULL"
_LAST = "s.document_id IS NULL"
_VALID = " OR ".join((
    f"(d.status = 'posted' AND {_ALONE} AND {_LAST} AND (p.document_id IS NULL OR p.status = 'posted'))",
    f"(d.status = 'pending' AND {_ALONE} AND {_LAST})",
    f"(d.status = 'void' AND {_ALONE})",
    f"(d.status = 'reversed' AND {_LAST} AND (r.reversals = 1 OR ({_ALONE} AND p.status = 'reversed')))",
    f"(d.status = 'reversal' AND {_LAST} AND {_ALONE} AND p.status = 'reversed')",
    f"(d.status = 'replaced' AND {_ALONE} AND (s.document_id IS NOT NULL OR p.status = 'replaced'))",
))  # fmt: skip
"""Each status with the documents that it needs: `r` the count of reversals of document `d`, `s` its next revision, `p` its parent,
which is the opening balance of an open item and the original of a reversal."""


def wrong_status(reader: Reader) -> str | None:
    """Return the first document whose status no other document bears out; None if there is none."""
    row = reader.row(
        "SELECT d.number, d.status FROM wares_document d "
        "LEFT JOIN wares_document p ON p.company_id = d.company_id AND p.document_id = d.parent_id "
        "LEFT JOIN wares_document s ON s.company_id = d.company_id AND s.number = d.number AND s.revision = d.revision + 1 "
        "LEFT JOIN (SELECT company_id, parent_id, COUNT(*) AS reversals FROM wares_document "
        "WHERE company_id = ? AND status = 'reversal' GROUP BY company_id, parent_id) r "
        "ON r.company_id = d.company_id AND r.parent_id = d.document_id "
        f"WHERE d.company_id = ? AND NOT COALESCE({_VALID}, 1 = 0) ORDER BY d.document_id LIMIT 1",
        reader.company_id,
    )
    return f"{row[0]} is {row[1]}, which no other document bears out" if row else _wrong_revision(reader)


def _wrong_revision(reader: Reader) -> str | None:
    """Return the first document that does not follow the one before it with its number as the status of that says: a replaced
    document was edited, the number of a void one was used again."""
    statement = (
        "SELECT d.number, d.revision, d.record, b.status FROM wares_document d LEFT JOIN wares_document b "
        "ON b.company_id = d.company_id AND b.number = d.number AND b.revision = d.revision - 1 "
        "WHERE d.company_id = ? AND d.revision > 1 AND d.parent_id IS NULL ORDER BY d.document_id"
    )
    for number, revision, record, before in reader.stream(statement):
        if before != ("replaced" if json.loads(record).get("revises") else "void"):
            return f"{number} has the revision {revision}, and the one before it is {before or 'missing'}"
    return None
