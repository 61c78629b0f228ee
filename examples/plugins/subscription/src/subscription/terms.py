"""Terms: the amount and months of each subscription sold, and the amounts earned and recognised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from wares import Recorded, Row, Side, share

from subscription.types import Recognition, Subscription

if TYPE_CHECKING:
    from wares import AcceptedDocument, Reader


class Term(NamedTuple):
    """The present state of a subscription."""

    line_id: int
    """Id of the line that sold it."""
    item_id: int
    start: int
    """The day on which it begins, yyyymmdd."""
    months: int
    """Number of months for which it is paid."""
    amount: int
    """Amount sold less credits, minor units."""
    recognised: int = 0
    """Amount moved to income so far, minor units."""

    def earned(self, day: int) -> int:
        """Return the amount earned at the end of a day (yyyymmdd): whole months, cumulatively rounded."""
        return share(self.amount, min(max(months_between(self.start, day), 0), self.months), self.months)

    def less(self, amount: int) -> Term:
        """Return the term after a credit."""
        return self._replace(amount=self.amount - amount)

    def with_recognised(self, amount: int) -> Term:
        """Return the term after a recognition."""
        return self._replace(recognised=self.recognised + amount)

    @staticmethod
    def is_of(row: Row) -> bool:
        """True if a row sells (or credits) a subscription."""
        return row.line.item is not None and row.line.item.type == Subscription.key and bool(row.pricing.amount)


def months_between(start: int, day: int) -> int:
    """Return the number of whole months from the beginning of one day to the end of another."""
    first = date(start // 10_000, start // 100 % 100, start % 100)
    after = date(day // 10_000, day // 100 % 100, day % 100) + timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    is_last_of_its_month = (after + timedelta(days=1)).month != after.month
    return months if after.day >= first.day or is_last_of_its_month else months - 1


def sold(posted: AcceptedDocument) -> Iterator[Term]:
    """Yield the terms that an accepted document begins; `posted` is as in `wares_rows`."""
    planned = posted.planned
    if planned.ctx.side is not Side.SALE or planned.ctx.sign < 0 or not planned.header.type.priced:
        return
    for row in planned.document.rows:
        item = row.line.item
        if item is not None and Term.is_of(row):
            line_id = posted.line_ids[row.line.number]
            yield Term(line_id, item.id, planned.header.day, item.attributes.months, row.pricing.amount)


def credited(posted: AcceptedDocument) -> Iterator[tuple[int, int]]:
    """Yield (line id, amount in minor units) for each line that an accepted document credits."""
    if posted.planned.ctx.sign < 0:
        for row in posted.planned.document.rows:
            if row.line.origin is not None and Term.is_of(row):
                yield row.line.origin.id, row.pricing.amount


def facts_for(records: Iterable[Mapping[str, Any]], reader: Reader) -> Mapping[str, Any] | None:
    """Return the terms with an amount left to recognise or to take back, and the day of the last recognition; None if the
    batch has no recognition."""
    if not any(record.get("type") == Recognition.key for record in records):
        return None
    recorded = Recorded(reader)
    last = max((document.day for document in recorded.documents(types=[Recognition.key])), default=0)
    return {"terms": {term.line_id: term for term in _terms(recorded, reader)}, "last": last}


def _terms(recorded: Recorded, reader: Reader) -> Iterator[Term]:
    """Yield each subscription whose amount differs from the amount recognised for it."""
    sums = (
        "SELECT t.of_line_id, CAST(SUM(t.amount) AS BIGINT) FROM {table} t "
        f"WHERE t.company_id = ? AND {recorded.stands('t.document_id')} GROUP BY t.of_line_id"
    )
    amounts = dict(reader.rows(sums.format(table="subscription_sold")))
    recognised = dict(reader.rows(sums.format(table="subscription_recognised")))
    statement = "SELECT line_id, item_id, start, months FROM subscription_sold WHERE company_id = ? AND of_line_id = line_id"
    for line_id, item_id, start, months in reader.rows(f"{statement} ORDER BY line_id"):
        term = Term(line_id, item_id, start, months, amounts.get(line_id, 0), recognised.get(line_id, 0))
        if term.amount != term.recognised:
            yield term
