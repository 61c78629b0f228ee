"""Profit of sellers: of each order, item, channel, vendor or month; periodic mode; the figures of a tax year.

`profit` sums the rows that `attribution` divides. `close_period` posts **period_cogs**, the one entry of periodic mode: opening +
purchases − count. The commands are `wares channels profit`, `wares seller close-period` and `wares seller tax-year`.
"""

from __future__ import annotations

from wares import DocumentType, hookimpl
from wares_profit.documents import PeriodCogs

WARES_API_VERSION = 1
WARES_REQUIRES = ("tracking", "channels")


@hookimpl
def wares_document_types() -> list[DocumentType]:
    return [PeriodCogs()]
