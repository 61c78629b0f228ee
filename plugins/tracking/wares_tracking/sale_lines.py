"""The sale lines of channels: what was sold, what of it has its cost, what waits for a match.

A channel sale is a posted cash_sale with `goods: later`. Imported documents carry a key that says where they come from, see
`channel_key`; others are of the channel "" and an order named after their number. The books of a seller keep the lines as rows of a
projection, so that a year of them is read at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import unquote

from wares_tracking.products import listing_of
from wares_tracking.projections import SaleLines

if TYPE_CHECKING:
    from wares import Books, Recorded, RecordedItem, RecordedLine

T = TypeVar("T")
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


class Shown(dict[int, T]):
    """Numbers as they are shown, each made once: of the many amounts, days and quantities of a listing few differ."""

    def __init__(self, make: Callable[[int], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> T:
        made = self[number] = self._make(number)
        return made


class SaleLine(NamedTuple):
    """A line of a channel sale, as a row of `SaleLines` keeps it. Quantities are millionths, money minor units."""

    name: str  # "CS-00007#1"
    line_id: int
    day: int
    channel: str
    order: str
    called: str  # the line, by the channel
    sku: str  # as the channel says it; of lines that are read, that of the item where there is one
    title: str  # likewise, or the item's name
    item_id: int | None
    quantity: int
    amount: int
    matched: int  # what matches gave it
    returned: int  # what came back before it was matched
    cost: int  # of what was matched, without what came back of it
    given_id: int | None  # the item that its matches gave it

    @property
    def waiting(self) -> int:
        """What still needs its cost."""
        return max(self.quantity - self.matched - self.returned, 0)


def sale_lines(books: Books, *, since: int = 0, until: int = LAST_DAY, unmatched: bool = False) -> Iterator[list[SaleLine]]:
    """Every line of the channel sales of these days (yyyymmdd), oldest first, a page at a time: memory is that of a page. With
    `unmatched` only those that are not matched in full."""
    items = items_of(books)
    for page in books.projections.pages(SaleLines.key, since=since, until=until, waiting=unmatched):
        yield [_named(SaleLine._make(values), items) for values in page]


def sold_lines(recorded: Recorded, **chosen: Any) -> list[SaleLine]:
    """The lines of channel sales, chosen as `Recorded.lines` does, as they stand in this snapshot."""
    items = {item.id: item for item in recorded.items()}
    return [_named(sale, items) for _, sale in said(recorded, **chosen)]


def items_of(books: Books) -> dict[int, RecordedItem]:
    """Every item by its id."""
    with books.recorded() as recorded:
        return {item.id: item for item in recorded.items()}


def _named(line: SaleLine, items: Mapping[int, RecordedItem]) -> SaleLine:
    names = names_of(items, line.item_id, line.given_id, line.sku, line.title)
    return line if names == (line.sku, line.title) else line._replace(sku=names[0], title=names[1])


def names_of(items: Mapping[int, RecordedItem], item_id: int | None, given_id: int | None, sku: str, title: str) -> tuple[str, str]:
    """SKU and title of a sale line: the SKU of its item where it has one or was given one by a match, and the item's name where the
    channel gives no title."""
    item = items.get(item_id or given_id or 0)
    return (sku, title) if item is None else (item.sku, title or (item.name if item_id else "") or "")


def said(recorded: Recorded, **chosen: Any) -> Iterator[tuple[RecordedLine, SaleLine]]:
    """Sale lines as they were recorded. A line that posts to an account of its own is no product."""
    rows = [line for line in recorded.lines(types=["cash_sale"], goods="later", **chosen) if line.item_id or not line.account]
    done = done_to(recorded, [line.id for line in rows])
    for line in rows:
        channel, order, _, _ = parse_key(line.key, line.document)
        attributes, so_far = line.attributes, done.get(line.id, _NOTHING)
        sku, title = listing_of(line.description, attributes)
        yield line, SaleLine(
            line.name, line.id, line.day, channel, order, attributes.get("line") or "", sku, title, line.item_id, line.quantity,
            line.amount, so_far.matched, so_far.returned, so_far.cost, so_far.item_id,
        )  # fmt: skip


class Done(NamedTuple):
    """What was done to a sale line: quantities matched, credited, returned unmatched; the cost of what it keeps."""

    matched: int = 0
    credited: int = 0
    returned: int = 0
    cost: int = 0
    restocked: int = 0  # what came back after it was matched
    item_id: int | None = None  # the product that its matches gave it
    sku: str | None = None  # of that product


_NOTHING = Done()


def done_to(recorded: Recorded, line_ids: Collection[int]) -> dict[int, Done]:
    """Sale line → what matches and credits did to it: two queries."""
    links = recorded.links(line_ids, kinds=["deliver", "credit"])
    values = recorded.values({link.document_id for link in links})
    done: dict[int, Done] = {}
    for link in links:
        before, cost = done.get(link.origin_id, _NOTHING), -values.get(link.line_id, 0)
        item = (link.item_id, link.sku) if link.sku else (before.item_id, before.sku)
        if link.kind == "deliver":
            done[link.origin_id] = Done(
                before.matched + link.quantity, before.credited, before.returned, before.cost + cost, before.restocked, *item
            )  # fmt: skip
        else:
            done[link.origin_id] = Done(
                before.matched, before.credited + link.quantity,
                before.returned + (link.quantity if link.attributes.get("returned") else 0), before.cost + cost,
                before.restocked + (link.quantity if link.line_id in values else 0), *item,
            )  # fmt: skip
    return done
