"""The changes of the value of stock, row by row of the documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from wares import Projected, Projection

if TYPE_CHECKING:
    from wares import Recorded


class StockValues(Projection):
    """The change of the value of stock by each row of a document on a day. Values: day, name of the row, type of its document, the
    line that it comes from, amount in minor units."""

    key = "seller_stock_values"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        for row in recorded.goods(documents):
            yield Projected(row.document_id, row.day, [row.day, row.name, row.type, row.origin, row.amount])
