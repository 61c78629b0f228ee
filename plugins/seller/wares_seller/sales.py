"""The sale lines of channels: what was sold, what of it has its cost, what waits for a match.

A channel sale is a posted cash_sale with `goods: later`. Imported documents carry a key that says where they come from, see
`channel_key`; others are of the channel "" and an order named after their number.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from wares import Books
from wares_seller.products import listing_of

PAGE = 4_000
"""Documents read together."""
_LAST_DAY = 9999_12_31
_UNQUOTED = " :#._-"
_SAFE = re.compile(rf"[A-Za-z0-9{re.escape(_UNQUOTED)}]*")


def channel_key(channel: str, order: str, line: str, kind: str) -> str:
    """The idempotency key of what a channel said: (channel, order, line, kind)."""
    parts = (part if _SAFE.fullmatch(part) else quote(part, safe=_UNQUOTED) for part in (channel, order, line, kind))
    return f"channel:{'/'.join(parts)}"


def line_name(product: str) -> str:
    """What a line is called whose channel gives it no name of its own: after its SKU or title."""
    return product[:80]


def parse_key(key: str | None, number: str) -> tuple[str, str, str, str]:
    """(channel, order, line, kind) of a document; ("", its number, "", "sale") of one that nobody imported."""
    head, _, rest = (key or "").partition(":")
    parts = [unquote(part) for part in rest.split("/")]
    return (parts[0], parts[1], parts[2], parts[3]) if head == "channel" and len(parts) == 4 else ("", number, "", "sale")


class SaleLine(NamedTuple):
    """A line of a channel sale. Quantities are millionths, money minor units."""

    name: str  # "CS-00007#1"
    line_id: int
    day: int
    channel: str
    order: str
    sku: str  # the item's, or what the channel calls it
    title: str
    item_id: int | None
    quantity: int
    amount: int
    matched: int  # what matches gave it
    returned: int  # what came back before it was matched
    cost: int  # of what was matched, without what came back of it

    @property
    def waiting(self) -> int:
        """What still needs its cost."""
        return max(self.quantity - self.matched - self.returned, 0)


def sale_lines(books: Books, *, since: int = 0, until: int = _LAST_DAY) -> Iterator[list[SaleLine]]:
    """Every line of the channel sales of these days (yyyymmdd), oldest first, a page at a time: memory is that of a page."""
    for first, last in _pages(books, since, until):
        yield _lines_between(books, first, last)


def _pages(books: Books, since: int, until: int) -> Iterator[tuple[int, int]]:
    """Ranges of days that hold about PAGE documents each."""
    days = books.reading(lambda reader, _: reader.rows(
        "SELECT date, COUNT(*) FROM document WHERE company_id = ? AND date >= ? AND date <= ? AND type = 'cash_sale' "
        "AND goods = 'later' AND status = 'posted' GROUP BY date ORDER BY date", since, until,
    ))  # fmt: skip
    first, held = None, 0
    for index, (day, count) in enumerate(days):
        first, held = (day if first is None else first), held + count
        if held >= PAGE or index == len(days) - 1:
            yield first, day
            first, held = None, 0


def _lines_between(books: Books, first: int, last: int) -> list[SaleLine]:
    def unit(reader: Any, _: Any) -> list[SaleLine]:
        rows = reader.rows(
            "SELECT d.number, d.key, d.date, l.line_id, l.number, l.item_id, i.sku, i.name, l.quantity, l.amount, l.description, "
            "l.attributes FROM document d JOIN line l ON l.company_id = d.company_id AND l.document_id = d.document_id "
            "LEFT JOIN item i ON i.company_id = l.company_id AND i.item_id = l.item_id "
            "WHERE d.company_id = ? AND d.date >= ? AND d.date <= ? AND d.type = 'cash_sale' AND d.goods = 'later' "
            "AND d.status = 'posted' AND l.kind = 0 AND (l.item_id IS NOT NULL OR l.account_id IS NULL) "
            "ORDER BY d.effective_at, d.sequence, l.position",
            first,
            last,
        )
        done = done_to(reader, [row[3] for row in rows])
        return [_sale_line(row, done.get(row[3], Done())) for row in rows]

    return books.reading(unit)


def _sale_line(row: tuple[Any, ...], done: Done) -> SaleLine:
    number, key, day, line_id, line, item_id, sku, name, quantity, amount, description, attributes = row
    channel, order, _, _ = parse_key(key, number)
    said_sku, title = listing_of(description, attributes)
    return SaleLine(f"{number}#{line}", line_id, day, channel, order, sku or done.sku or said_sku, title or name or "", item_id,
                    quantity, amount, done.matched, done.returned, done.cost)  # fmt: skip


class Done(NamedTuple):
    """What was done to a sale line: quantities matched and returned unmatched, the cost of what it keeps."""

    matched: int = 0
    returned: int = 0
    cost: int = 0
    restocked: int = 0  # what came back after it was matched
    sku: str | None = None  # the product that its matches gave it


def done_to(reader: Any, line_ids: Iterable[int]) -> dict[int, Done]:
    """Sale line → what matches and credits did to it: two queries."""
    listed = reader.listed(list(line_ids))
    linked = reader.rows(
        "SELECT f.origin_line_id, f.kind, f.quantity, f.line_id, d.document_id, l.attributes, i.sku FROM fulfilment f "
        "JOIN line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "LEFT JOIN item i ON i.company_id = l.company_id AND i.item_id = l.item_id "
        "JOIN document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE f.company_id = ? AND {reader.among('f.origin_line_id')} AND f.kind IN ('deliver', 'credit') "
        "AND d.status = 'posted'",
        listed,
    )
    costs = dict(reader.rows(
        "SELECT m.line_id, CAST(SUM(v.value) AS BIGINT) FROM move m JOIN valuation v ON v.company_id = m.company_id "
        f"AND v.move_id = m.move_id WHERE m.company_id = ? AND {reader.among('m.document_id')} GROUP BY m.line_id",
        reader.listed(sorted({row[4] for row in linked})),
    ))  # fmt: skip
    done: dict[int, Done] = defaultdict(Done)
    for line_id, kind, quantity, by, _, attributes, sku in linked:
        before = done[line_id]
        returned = quantity if kind == "credit" and attributes and json.loads(attributes).get("returned") else 0
        matched = quantity if kind == "deliver" else 0
        restocked = quantity if kind == "credit" and by in costs else 0
        done[line_id] = Done(
            before.matched + matched,
            before.returned + returned,
            before.cost - costs.get(by, 0),
            before.restocked + restocked,
            sku or before.sku,
        )
    return done
