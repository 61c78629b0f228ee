"""Terms: what was sold, for how long, and how much of it is earned and recognised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from wares import Row, Side, share

from subscription.types import Recognition, Subscription


class Term(NamedTuple):
    """A subscription as it stands: its amount is what was sold less what was credited, minor units."""

    line_id: int
    item_id: int
    start: int  # yyyymmdd
    months: int
    amount: int
    recognised: int = 0

    def earned(self, day: int) -> int:
        """What is earned at the end of a day: whole months, cumulatively rounded."""
        return share(self.amount, min(max(months_between(self.start, day), 0), self.months), self.months)

    def less(self, amount: int) -> Term:
        """After a credit."""
        return self._replace(amount=self.amount - amount)

    def with_recognised(self, amount: int) -> Term:
        """After a recognition."""
        return self._replace(recognised=self.recognised + amount)

    @staticmethod
    def is_of(row: Row) -> bool:
        """Whether a row sells (or credits) a subscription."""
        return row.line.item is not None and row.line.item.type == Subscription.key and bool(row.pricing.amount)


def months_between(start: int, day: int) -> int:
    """Whole months from the beginning of one day to the end of another."""
    first = date(start // 10_000, start // 100 % 100, start % 100)
    after = date(day // 10_000, day // 100 % 100, day % 100) + timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    is_last_of_its_month = (after + timedelta(days=1)).month != after.month
    return months if after.day >= first.day or is_last_of_its_month else months - 1


def sold(posted: Any) -> Iterator[Term]:
    """The terms that an accepted document begins; `posted` is as in `wares_rows`."""
    planned = posted.planned
    if planned.ctx.side is not Side.SALE or planned.ctx.sign < 0 or not planned.header.type.priced:
        return
    for row in planned.document.rows:
        item = row.line.item
        if item is not None and Term.is_of(row):
            line_id = posted.line_ids[row.line.number]
            yield Term(line_id, item.id, planned.header.day, item.attributes.months, row.pricing.amount)


def credited(posted: Any) -> Iterator[tuple[int, int]]:
    """Lines that an accepted document credits, and how much."""
    if posted.planned.ctx.sign < 0:
        for row in posted.planned.document.rows:
            if row.line.origin is not None and Term.is_of(row):
                yield row.line.origin.id, row.pricing.amount


def facts_for(records: Iterable[Mapping[str, Any]], reader: Any) -> Mapping[str, Any] | None:
    """Every term with anything left to recognise or to take back, and the day of the last recognition; None if the batch
    recognises nothing."""
    if not any(record.get("type") == Recognition.key for record in records):
        return None
    rows = reader.rows(_TERMS, reader.company_id, reader.company_id)
    terms = {row[0]: Term(*row) for row in rows}
    (last,) = reader.row(
        "SELECT COALESCE(MAX(date), 0) FROM document WHERE company_id = ? AND type = ? AND status = 'posted'", Recognition.key
    )
    return {"terms": terms, "last": last}


_TERMS = (
    "SELECT s.line_id, s.item_id, s.start, s.months, CAST(n.amount AS BIGINT), CAST(COALESCE(r.amount, 0) AS BIGINT) "
    "FROM subscription_sold s "
    "JOIN (SELECT t.company_id, t.of_line_id, SUM(CASE WHEN d.status = 'posted' THEN t.amount ELSE 0 END) AS amount "
    "FROM subscription_sold t JOIN document d ON d.company_id = t.company_id AND d.document_id = t.document_id "
    "WHERE t.company_id = ? GROUP BY t.company_id, t.of_line_id) n ON n.company_id = s.company_id AND n.of_line_id = s.line_id "
    "LEFT JOIN (SELECT x.company_id, x.of_line_id, SUM(x.amount) AS amount FROM subscription_recognised x "
    "JOIN document d ON d.company_id = x.company_id AND d.document_id = x.document_id AND d.status = 'posted' "
    "WHERE x.company_id = ? GROUP BY x.company_id, x.of_line_id) r ON r.company_id = s.company_id AND r.of_line_id = s.line_id "
    "WHERE s.company_id = ? AND s.of_line_id = s.line_id AND n.amount <> COALESCE(r.amount, 0) ORDER BY s.line_id"
)
"""Of every subscription that stands: what was sold less what was credited, and what was recognised."""
