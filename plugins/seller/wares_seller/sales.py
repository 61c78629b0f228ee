"""The sale lines of channels: what was sold, what of it has its cost, what waits for a match.

A channel sale is a posted cash_sale with `goods: later`. Imported documents carry a key that says where they come from, see
`channel_key`; others are of the channel "" and an order named after their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from wares import Books, Recorded, RecordedLine
from wares_seller.products import listing_of

LAST_DAY = 9999_12_31


def channel_key(channel: str, order: str, part: str, paper: str) -> str:
    """The idempotency key of a document that a channel's file became: (channel, order, part, paper), see `papers`."""
    return f"channel:{_quoted(channel)}/{_quoted(order)}/{part}/{paper}"


def _quoted(name: str) -> str:
    return name.replace("%", "%25").replace("/", "%2F")


def line_name(product: str) -> str:
    """What a line is called whose channel gives it no name of its own: after its SKU or title."""
    return product[:80]


def parse_key(key: str | None, number: str) -> tuple[str, str, str, str]:
    """(channel, order, part, paper) of a document; ("", its number, "", "sale") of one that nobody imported."""
    if key is None or not key.startswith("channel:"):
        return "", number, "", "sale"
    parts = key[8:].split("/")
    if "%" in key:
        parts = [unquote(part) for part in parts]
    return (parts[0], parts[1], parts[2], parts[3]) if len(parts) == 4 else ("", number, "", "sale")


def decimals_of(books: Books) -> int:
    """Places of the company's currency."""
    with books.recorded() as recorded:
        return recorded.decimals


def iso(day: int) -> str:
    """A day as ISO text."""
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


class Taken(NamedTuple):
    """What a match gave to a sale line."""

    item_id: int | None
    lot: str | None
    quantity: int
    cost: int


class SaleLine(NamedTuple):
    """A line of a channel sale. Quantities are millionths, money minor units."""

    name: str  # "CS-00007#1"
    line_id: int
    day: int
    channel: str
    order: str
    called: str  # the line, by the channel
    sku: str  # the item's, or what the channel calls it
    title: str
    item_id: int | None
    quantity: int
    amount: int
    matched: int  # what matches gave it
    returned: int  # what came back before it was matched
    cost: int  # of what was matched, without what came back of it
    taken: tuple[Taken, ...]

    @property
    def waiting(self) -> int:
        """What still needs its cost."""
        return max(self.quantity - self.matched - self.returned, 0)


def sale_lines(books: Books, *, since: int = 0, until: int = LAST_DAY, unmatched: bool = False) -> Iterator[list[SaleLine]]:
    """Every line of the channel sales of these days (yyyymmdd), oldest first, a page at a time: memory is that of a page. With
    `unmatched` only those that are not matched in full."""
    waiting_for = "deliver" if unmatched else None
    with books.recorded() as recorded:
        pages = list(recorded.day_pages(since=since, until=until))
    for first, last in pages:
        with books.recorded() as recorded:
            page = sold_lines(recorded, since=first, until=last, waiting_for=waiting_for)
        yield page


def sold_lines(recorded: Recorded, **chosen: Any) -> list[SaleLine]:
    """The lines of channel sales, chosen as `Recorded.lines` does. A line that posts to an account of its own is no product."""
    rows = [line for line in recorded.lines(types=["cash_sale"], goods="later", **chosen) if line.item_id or not line.account]
    done = done_to(recorded, [line.id for line in rows])
    return [_sale_line(line, done.get(line.id, _NOTHING)) for line in rows]


def _sale_line(line: RecordedLine, done: Done) -> SaleLine:
    channel, order, _, _ = parse_key(line.key, line.document)
    said = line.attributes
    sku, title = listing_of(line.description, said)
    return SaleLine(
        line.name, line.id, line.day, channel, order, said.get("line") or "", line.sku or done.sku or sku,
        title or line.item_name or "", line.item_id, line.quantity, line.amount, done.matched, done.returned, done.cost, done.taken,
    )  # fmt: skip


class Done(NamedTuple):
    """What was done to a sale line: quantities matched, credited, returned unmatched; the cost of what it keeps."""

    matched: int = 0
    credited: int = 0
    returned: int = 0
    cost: int = 0
    restocked: int = 0  # what came back after it was matched
    sku: str | None = None  # the product that its matches gave it
    taken: tuple[Taken, ...] = ()


_NOTHING = Done()


def done_to(recorded: Recorded, line_ids: Collection[int]) -> dict[int, Done]:
    """Sale line → what matches and credits did to it: two queries."""
    links = recorded.links(line_ids, kinds=["deliver", "credit"])
    values = recorded.values({link.document_id for link in links})
    done: dict[int, Done] = {}
    for link in links:
        before, cost, sku = done.get(link.origin_id, _NOTHING), -values.get(link.line_id, 0), link.sku
        if link.kind == "deliver":
            taken = Taken(link.item_id, link.lot, link.quantity, cost)
            done[link.origin_id] = Done(
                before.matched + link.quantity, before.credited, before.returned, before.cost + cost, before.restocked,
                sku or before.sku, (*before.taken, taken),
            )  # fmt: skip
        else:
            done[link.origin_id] = before._replace(
                credited=before.credited + link.quantity,
                returned=before.returned + (link.quantity if link.attributes.get("returned") else 0),
                cost=before.cost + cost,
                restocked=before.restocked + (link.quantity if link.line_id in values else 0),
                sku=sku or before.sku,
            )
    return done
