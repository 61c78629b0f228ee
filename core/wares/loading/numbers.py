"""Documents that are known by their number: the books have the same body under it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from wares.posting.identity import canonical
from wares.storage.unit import Reader

NO_PART_OF_A_BODY = ("key", "record", "pending")
"""Keys that do not tell two documents apart: a draft is the same document once it is posted."""


def known_numbers(reader: Reader, records: Sequence[Mapping[str, Any]]) -> dict[int, int | None]:
    """Return the places of the records whose number has the same body in the books, or in a record above.

    The value is the place of the record above; None for the books. A record with an idempotency key is known by that alone.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        if isinstance(number := record.get("number"), str) and record.get("key") is None:
            places[number].append(place)
    known: dict[int, int | None] = {}
    for first, *others in places.values():
        known |= {other: first for other in others if _body(records[other]) == _body(records[first])}
    if places:
        statement = f"SELECT number, record FROM wares_document WHERE company_id = ? AND {reader.among('number')}"
        for number, stored in reader.rows(statement, reader.listed(places)):
            body = _body(json.loads(stored))
            known |= dict.fromkeys(place for place in places[number] if _body(records[place]) == body)
    return known


def _body(record: Mapping[str, Any]) -> str:
    return canonical({key: value for key, value in record.items() if key not in NO_PART_OF_A_BODY})
