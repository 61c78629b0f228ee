"""What stands in the books, read by plugins without the tables: posted lines, what was done to them, goods and postings, as values.

    with books.recorded() as recorded:                                   # one snapshot
        for line in recorded.lines(types=["cash_sale"], since=2026_01_01, until=2026_12_31):
            ...
    Recorded(reader)                                                     # in a unit of one's own, in `wares_load`

Days are yyyymmdd, money minor units, quantities millionths. Only what stands is read: not what was voided, replaced or saved as
pending. Every read is a query or two that an index serves, so that it costs what it returns; what may be long is read in the ranges
of days that `day_pages` gives.
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
