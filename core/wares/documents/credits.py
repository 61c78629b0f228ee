"""The limit of credits: together they take back no more than the total of the document they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from wares.errors import Issue
from wares.model import Document, LinkKind, OriginDocument
from wares.values import money


def over_credited(document: Document, origins: Mapping[str, OriginDocument]) -> Iterable[Issue]:
    """Yield an Issue for each document that would be credited with more than its total, this document included."""
    kind = document.header.type
    if kind.sign > 0 or not kind.priced:
        return
    credited: dict[str, int] = defaultdict(int)
    paths: dict[str, str] = {}
    of_row: dict[str, str] = {}  # row → the document that it credits
    for row in document.rows:
        origin = row.line.origin
        found = {of_row[number] for number in row.covers if number in of_row} if origin is None else set()
        if len(found) == 1:  # a new calculation on rows that come back
            credited[found.pop()] += row.pricing.amount
        if origin is not None and kind.fulfils.get(origin.document_type) == LinkKind.CREDIT:
            of_row[row.line.number] = origin.document_number
            credited[origin.document_number] += row.pricing.amount
            paths.setdefault(origin.document_number, row.line.path)
    for number, amount in credited.items():
        origin_document = origins[number]
        if origin_document.currency != document.header.currency or not origin_document.total:
            continue
        before = sum(line.credited for line in origin_document.lines.values())
        if amount > 0 and before + amount > origin_document.total:
            left, asked = (money(each, document.header.decimals) for each in (origin_document.total - before, amount))
            message = f"{number} has {left} left to credit, not {asked}"
            hint = 'lower the price; a credit beyond that is a line of its own, with "from": null'
            yield Issue("MORE_THAN_LEFT", message, paths[number], hint)
