"""Posted documents, lines, links, goods and postings as values, for plugins, which never read the tables of the core.

    with books.recorded() as recorded:                                   # one snapshot
        for line in recorded.lines(types=["cash_sale"], since=2026_01_01, until=2026_12_31):
            ...
    Recorded(reader)                                                     # in a unit of one's own, in `wares_load`

Days are yyyymmdd, money minor units, quantities millionths. Every read returns posted documents only, never voided, replaced or
pending ones. A read is one or two queries served by an index, so that its cost grows with its result; read long histories in
the ranges of days that `day_pages` returns.
"""

from wares.recorded.reading import Recorded as Recorded
from wares.recorded.rows import GoodsValue as GoodsValue
from wares.recorded.rows import OtherSide as OtherSide
from wares.recorded.rows import RecordedDocument as RecordedDocument
from wares.recorded.rows import RecordedItem as RecordedItem
from wares.recorded.rows import RecordedLine as RecordedLine
from wares.recorded.rows import RecordedLink as RecordedLink
from wares.recorded.rows import RecordedLot as RecordedLot
from wares.recorded.rows import RecordedPosting as RecordedPosting
