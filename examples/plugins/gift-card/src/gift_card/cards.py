"""Balances of cards: read before a batch is planned, changed by each accepted document, and stored with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from wares import Context, Document, Issue, Line, Recorded, Side, money

from gift_card.types import GiftCard, Redemption, code_on

if TYPE_CHECKING:
    from wares import AcceptedDocument, Reader

CardFacts = Mapping[str, Any]
"""`held`: code → balance in minor units; `code_of`: id of a sold line → code of its card."""


class CardEntry(NamedTuple):
    """A change of a card's balance by a document."""

    line_id: int
    """Id of the line of the sale or credit; 0 for a redemption."""
    code: str
    """Code of the card."""
    amount: int
    """Minor units; negative if the balance falls."""


def facts_for(records: Iterable[Mapping[str, Any]], reader: Reader) -> CardFacts:
    """Return the facts that a batch of these records needs."""
    records = list(records)
    codes = {code for record in records for code in _codes(record)}
    code_of = _codes_of_lines(reader, {number for record in records for number in _origins(record)})
    return {"held": balances(reader, codes | set(code_of.values())), "code_of": code_of}


def _codes(record: Mapping[str, Any]) -> Iterator[str]:
    attributes = record.get("attributes") if record.get("type") == Redemption.key else None
    if isinstance(attributes, Mapping) and isinstance(code := attributes.get("code"), str):
        yield code


def _origins(record: Mapping[str, Any]) -> Iterator[str]:
    lines = record.get("lines")
    for line in lines if isinstance(lines, list | tuple) else ():
        if isinstance(line, Mapping) and isinstance(origin := line.get("from"), str):
            yield origin.partition("#")[0]


def balances(reader: Reader, codes: set[str]) -> dict[str, int]:
    """Return the balances of these cards: the sums of the entries of documents that stand. Cards never sold are left out."""
    if not codes:
        return {}
    stands = Recorded(reader).stands("e.document_id")
    rows = reader.rows(
        f"SELECT e.code, CAST(SUM(CASE WHEN {stands} THEN e.amount ELSE 0 END) AS BIGINT) FROM gift_card_entry e "
        f"WHERE e.company_id = ? AND {reader.among('e.code')} GROUP BY e.code",
        reader.listed(sorted(codes)),
    )
    return dict(rows)


def _codes_of_lines(reader: Reader, numbers: set[str]) -> dict[int, str]:
    if not numbers:
        return {}
    lines = Recorded(reader).lines(documents=numbers)
    statement = f"SELECT line_id, code FROM gift_card_entry WHERE company_id = ? AND {reader.among('line_id')}"
    return dict(reader.rows(statement, reader.listed(line.id for line in lines)))


def entries_of(posted: AcceptedDocument) -> Iterator[CardEntry]:
    """Yield the entries of an accepted document; `posted` is as in `wares_rows`."""
    header, ctx = posted.planned.header, posted.planned.ctx
    if header.type.key == Redemption.key:
        yield CardEntry(0, header.attributes.code, -(header.amount or 0))
    if header.type.side is not Side.SALE:
        return
    for row in posted.planned.document.rows:
        if row.line.item is not None and row.line.item.type == GiftCard.key and row.pricing.amount:
            code = _code(row.line, ctx) or f"{posted.number}-{row.line.number}"
            yield CardEntry(posted.line_ids[row.line.number], code, ctx.sign * row.pricing.amount)


def _code(line: Line, ctx: Context) -> str | None:
    if line.origin is not None:
        found: str | None = ctx.facts["gift_card"]["code_of"].get(line.origin.id)
        return found
    return code_on(line)


def overdrawn(document: Document, ctx: Context) -> Iterator[Issue]:
    """Yield CARD_SPENT for each line that takes back more than the balance of its card."""
    if ctx.sign > 0 or ctx.side is not Side.SALE:
        return
    held = dict(ctx.facts["gift_card"]["held"])
    for row in document.rows:
        line = row.line
        if line.item is None or line.item.type != GiftCard.key:
            continue
        code = _code(line, ctx)
        left = held.get(code, 0)
        if row.pricing.amount > left:
            message = f"the gift card {code} has a balance of only {money(left, ctx.decimals)}"
            yield Issue("CARD_SPENT", message, path=line.path, hint="credit at most its balance")
        held[code] = left - row.pricing.amount
