"""The identities that a document claims: its number, its idempotency key, and the other side's reference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from wares.documents.record import RecordInput
from wares.errors import Refused
from wares.storage.unit import Reader
from wares.values import Record


class KnownKey(NamedTuple):
    """The document that an idempotency key recorded."""

    document_id: int
    number: str
    body_hash: str


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)


def canonical(record: Record) -> str:
    """Return a record as canonical JSON: the form that is stored, and that idempotency keys are compared by."""
    try:
        return _canonical.encode(record)
    except TypeError:  # keys of several types have no order; JSON knows texts only
        return _canonical.encode(_with_text_keys(record))


def _with_text_keys(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(each) for key, each in value.items()}
    return [_with_text_keys(each) for each in value] if isinstance(value, list | tuple) else value


def body_hash_of(record: Record) -> str:
    """Return the hash that tells two bodies under one idempotency key apart."""
    return hashlib.sha256(canonical({k: v for k, v in record.items() if k not in ("key", "record")}).encode()).hexdigest()


def reference_key_of(record: RecordInput) -> str | None:
    """Return the unique form of a document's reference: party, document type, reference."""
    if record.reference is None:
        return None
    return f"{record.party or ''}/{record.type.key}/{record.reference}"


_FREE = ("void", "replaced")
"""The status of the last document with a number that is free. A replaced document has a later revision, but for an open item."""


class Identities:
    """The numbers, keys and references that are taken, as far as the documents of a batch need to know."""

    def __init__(self, prefixes: Collection[str]) -> None:
        self._prefixes = prefixes  # of the series that Wares gives numbers of
        self.numbers: set[str] = set()
        self._voided: dict[str, int] = {}  # free number of voided documents → the revision of the last one
        self.keys: dict[str, KnownKey] = {}
        self.references: dict[str, str] = {}  # reference key → number

    def read(self, reader: Reader, given: Iterable[RecordInput]) -> None:
        """Read which of the identities that these records claim are taken: at most three queries."""
        given = list(given)
        keys = sorted({record.key for record in given if record.key})
        if keys:
            for key, *known in reader.rows(
                f"SELECT key, document_id, number, body_hash FROM wares_document WHERE company_id = ? AND {reader.among('key')}",
                reader.listed(keys),
            ):
                self.keys[key] = KnownKey._make(known)
        self.read_numbers(reader, {record.number for record in given if record.number})
        references = sorted({key for record in given if (key := reference_key_of(record))})
        if references:
            self.references |= dict(reader.rows(
                f"SELECT reference_key, number FROM wares_document WHERE company_id = ? AND {reader.among('reference_key')}",
                reader.listed(references),
            ))  # fmt: skip

    def read_numbers(self, reader: Reader, numbers: Collection[str]) -> None:
        """Read which of these numbers are taken: those of documents, unless the last one that had it is void, or is the open item
        of an opening balance that was replaced."""
        if not numbers:
            return
        statement = (
            "SELECT number, status, revision FROM wares_document "
            f"WHERE company_id = ? AND {reader.among('number')} ORDER BY number, revision"
        )
        last = {number: (status, revision) for number, status, revision in reader.rows(statement, reader.listed(sorted(numbers)))}
        self.numbers |= {number for number, (status, _) in last.items() if status not in _FREE}
        self._voided |= {number: revision for number, (status, revision) in last.items() if status in _FREE}

    def first_revision(self, number: str) -> int:
        """Return the revision of a new document with this number: 1, or the next after the void document that had it."""
        return self._voided.get(number, 0) + 1

    def check(self, given: RecordInput, *, is_revision: bool = False) -> None:
        """Refuse a number or reference that is taken. Refused DUPLICATE_NUMBER, NUMBER_IN_SERIES, DUPLICATE_REFERENCE."""
        number = given.number
        if number is not None and not is_revision:
            if number in self.numbers:
                raise Refused.because(
                    "DUPLICATE_NUMBER",
                    f"there is a document {number} already",
                    path="number",
                    hint="use another number",
                )
            self.refuse_own_series(number, "number")
        key = reference_key_of(given)
        if key is not None and key in self.references:
            raise Refused.because(
                "DUPLICATE_REFERENCE",
                f"{self.references[key]} already carries the reference {given.reference!r} of this party",
                path="reference",
                hint="it was entered before",
            )

    def refuse_own_series(self, number: str, path: str) -> None:
        """Refuse a typed number that looks like one of the series that Wares gives. Refused NUMBER_IN_SERIES."""
        prefix, _, digits = number.rpartition("-")
        if digits.isdigit() and len(digits) >= 5 and prefix in self._prefixes:
            raise Refused.because(
                "NUMBER_IN_SERIES",
                f"numbers like {number} are given by Wares",
                path=path,
                hint="leave the number out, or choose another form",
            )

    def known(self, given: RecordInput) -> KnownKey | None:
        """Return the document that the record's idempotency key recorded; None if the key is new. Refused KEY_REUSED if that
        document says something else."""
        known = self.keys.get(given.key) if given.key else None
        if known is not None and known.body_hash != body_hash_of(given.record):
            raise Refused.because(
                "KEY_REUSED",
                f"the key {given.key!r} belongs to {known.number}, which says something else",
                path="key",
                hint="use a new key for another document",
            )
        return known

    def take(self, given: RecordInput, document_id: int, number: str, *, with_reference: bool) -> str | None:
        """Note the identities of a document that was accepted; return the hash of its body if it has an idempotency key."""
        self.numbers.add(number)
        if with_reference and (reference_key := reference_key_of(given)):
            self.references[reference_key] = number
        if not given.key:
            return None
        body_hash = body_hash_of(given.record)
        self.keys[given.key] = KnownKey(document_id, number, body_hash)
        return body_hash

    def release_reference(self, given: RecordInput, number: str) -> None:
        """Free the reference that document `number` holds, for the revision that replaces it."""
        key = reference_key_of(given)
        if key is not None and self.references.get(key) == number:
            del self.references[key]
