"""What the books of a seller keep of documents, so that a year of a long history is read at once. Importing and matching begin it.

Rows have what documents say; what an item is called today is looked up by whoever shows them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from wares import Projected, Projection

if TYPE_CHECKING:
    from wares import Books, Recorded


class SaleLines(Projection):
    """The sale lines that stand. Values: the fields of a `SaleLine`. Those wait that are not matched in full."""

    key = "seller_sale_lines"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        from wares_tracking.sale_lines import said

        for line, sale in said(recorded, document_ids=documents):
            yield Projected(line.document_id, line.day, list(sale), waits=sale.waiting > 0)


class StockValues(Projection):
    """What each row of a document did to the value of stock on a day. Values: day, name of the row, type of its document, the line
    that it comes from, amount."""

    key = "seller_stock_values"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        for row in recorded.goods(documents):
            yield Projected(row.document_id, row.day, [row.day, row.name, row.type, row.origin, row.amount])


class Charges(Projection):
    """What channels said of orders beside their sale lines: shipping, tips, discounts, refunds, fees, labels. Values: channel,
    order, and the fields of a `Charge`."""

    key = "seller_charges"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        from wares_profit.profit import charge_of
        from wares_tracking.sale_lines import parse_key

        for line in recorded.lines(types=["channel_charge", "credit_note"], key_prefix="channel:", document_ids=documents):
            charge = charge_of(line)
            if charge is not None:
                channel, order, _, _ = parse_key(line.key, line.document)
                yield Projected(line.document_id, line.day, [channel, order, *charge])


class Listings(Projection):
    """What sale lines without an item said, each with an item that a match gave to it. Values: SKU, title, id of the item."""

    key = "seller_listings"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        from wares_tracking.products import listing_of

        found = recorded.lines(types=["cash_sale"], goods="later", document_ids=documents, without_item=True)
        lines = {line.id: line for line in found}
        for link in recorded.links(lines, kinds=["deliver"]) if lines else ():
            line = lines[link.origin_id]
            if link.item_id is not None:
                yield Projected(line.document_id, line.day, [*listing_of(line.description, line.attributes), link.item_id])


KEPT: tuple[Projection, ...] = (SaleLines(), StockValues(), Charges(), Listings())


def keep(books: Books) -> None:
    """Have the books keep them from now on."""
    books.projections.keep(*(projection.key for projection in KEPT))
