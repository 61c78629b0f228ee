"""The sale lines of channels, with the quantity that has a cost and the quantity that waits for a match.

A channel sale is a posted cash_sale with `goods: later`. An imported document has a key that names its channel and order
(`document_keys`); any other sale belongs to the channel "" and to an order named after the number of its document. The books of a
seller keep the lines as rows of a projection, so that a year of them is read at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from wares import Projected, Projection
from wares_tracking.days import LAST_DAY
from wares_tracking.document_keys import parse_channel_key
from wares_tracking.fulfilment import NOTHING, fulfilments
from wares_tracking.listings import listing_of

if TYPE_CHECKING:
    from wares import Books, Recorded, RecordedItem, RecordedLine


class SaleLine(NamedTuple):
    """A line of a channel sale, as a row of `SaleLines` holds it. Quantities are millionths, money minor units."""

    name: str
    """Document and line: "CS-00007#1"."""
    line_id: int
    day: int
    channel: str
    order: str
    channel_line: str
    """The name that the channel gives to the line."""
    sku: str
    """The SKU that the channel states; of a line that is read for display, the SKU of its item if it has one."""
    title: str
    """The title that the channel states; of a line that is read for display, else the name of its item."""
    item_id: int | None
    quantity: int
    amount: int
    matched: int
    """The quantity that matches gave to the line."""
    returned: int
    """The quantity that came back before it was matched."""
    cost: int
    """The cost of the matched quantity, less the cost of the quantity that came back."""
    given_id: int | None
    """The item of its matches."""

    @property
    def waiting(self) -> int:
        """Return the quantity that still needs a cost."""
        return max(self.quantity - self.matched - self.returned, 0)


class SaleLines(Projection):
    """The standing sale lines. Values: the fields of a `SaleLine`. Lines that are not matched in full wait."""

    key = "seller_sale_lines"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        for line, sale in stated_sale_lines(recorded, document_ids=documents):
            yield Projected(line.document_id, line.day, list(sale), waits=sale.waiting > 0)


def sale_lines(books: Books, *, since: int = 0, until: int = LAST_DAY, unmatched: bool = False) -> Iterator[list[SaleLine]]:
    """Return every line of the channel sales of these days (yyyymmdd), oldest first, a page at a time: memory is that of a page.
    With `unmatched` only lines that are not matched in full."""
    items = items_of(books)
    for page in books.projections.pages(SaleLines.key, since=since, until=until, waiting=unmatched):
        yield [_named(SaleLine._make(values), items) for values in page]


def recorded_sale_lines(recorded: Recorded, **chosen: object) -> list[SaleLine]:
    """Return the lines of channel sales of one snapshot, chosen as `Recorded.lines` chooses them."""
    items = {item.id: item for item in recorded.items()}
    return [_named(sale, items) for _, sale in stated_sale_lines(recorded, **chosen)]


def items_of(books: Books) -> dict[int, RecordedItem]:
    """Return every item by its id."""
    with books.recorded() as recorded:
        return {item.id: item for item in recorded.items()}


def _named(line: SaleLine, items: Mapping[int, RecordedItem]) -> SaleLine:
    names = names_of(items, line.item_id, line.given_id, line.sku, line.title)
    return line if names == (line.sku, line.title) else line._replace(sku=names[0], title=names[1])


def names_of(items: Mapping[int, RecordedItem], item_id: int | None, given_id: int | None, sku: str, title: str) -> tuple[str, str]:
    """Return SKU and title of a sale line: the SKU of its item, or of the item of its matches; the name of its item if the channel
    gives no title."""
    item = items.get(item_id or given_id or 0)
    return (sku, title) if item is None else (item.sku, title or (item.name if item_id else "") or "")


def stated_sale_lines(recorded: Recorded, **chosen: Any) -> Iterator[tuple[RecordedLine, SaleLine]]:
    """Return sale lines with the names that their channels state. A line that posts to an account of its own is no product."""
    rows = [line for line in recorded.lines(types=["cash_sale"], goods="later", **chosen) if line.item_id or not line.account]
    done = fulfilments(recorded, [line.id for line in rows])
    for line in rows:
        channel, order, _, _ = parse_channel_key(line.key, line.document)
        attributes, so_far = line.attributes, done.get(line.id, NOTHING)
        sku, title = listing_of(line.description, attributes)
        yield line, SaleLine(
            line.name, line.id, line.day, channel, order, attributes.get("line") or "", sku, title, line.item_id, line.quantity,
            line.amount, so_far.matched, so_far.returned, so_far.cost, so_far.item_id,
        )  # fmt: skip
