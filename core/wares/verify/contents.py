"""Documents and entries against the hashes of what was written with them, and against the record as given (I19)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wares.storage.content import DOCUMENT, ENTRY, contents
from wares.storage.unit import Reader
from wares.values import iso_day
from wares.verify.finding import Finding, count, document_number, entry_name

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry


def contents_hold(reader: Reader, registry: Registry) -> Finding:
    """I19: documents and entries are as they were written, and a document's head says the same as its record."""
    examined = count(reader, "document") + count(reader, "entry")
    return Finding(examined, _changed_content(reader) or _changed_head(reader))


def _changed_content(reader: Reader) -> str | None:
    for content in contents(reader, DOCUMENT):
        if content.stored not in (None, content.hash):
            name = document_number(reader, content.id)
            return f"{name}: its head, lines, links, applications, moves or added costs are not those that were written"
    for content in contents(reader, ENTRY):
        if content.stored not in (None, content.hash):
            return f"{entry_name(reader, content.id)}: its postings or values are not those that were written"
    return None


def _changed_head(reader: Reader) -> str | None:
    for document_id, *head, text in reader.stream(
        "SELECT d.document_id, d.type, d.currency, d.date, d.due, d.reference, p.code, d.record FROM wares_document d "
        "LEFT JOIN wares_party p ON p.company_id = d.company_id AND p.party_id = d.party_id "
        "WHERE d.company_id = ? AND d.status <> 'reversal' ORDER BY d.document_id"
    ):
        record = json.loads(text)
        for key, given, held in _stated(record, *head):
            if given != held:
                return f"{document_number(reader, document_id)}: its record says {key} {given}, the document {held}"
    return None


def _stated(
    record: dict[str, Any], type: str, currency: str, date: int, due: int | None, reference: str | None, party: str | None
) -> Iterator[tuple[str, object, object]]:  # fmt: skip
    """Yield the keys that a record states literally, each with its value and that of the document."""
    for key, held in (("type", type), ("currency", currency), ("reference", reference), ("party", party)):
        given = record.get(key)
        if isinstance(given, str) and given:
            yield key, given, held
    for key, day in (("date", date), ("due", due)):
        given = record.get(key)
        if isinstance(given, str) and len(given) == len("2026-01-31"):
            yield key, given, iso_day(day) if day else None
