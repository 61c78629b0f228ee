"""Correction entries: one for each accounting date on which recorded moves have another value now.

Its postings are sums by account and item; valuation rows keep the share of each move. There may be a million rows, so they pass
through in pages and are never all in memory.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice, pairwise
from operator import itemgetter

from wares.inventory.working_set import WorkingSet
from wares.ledger.entry import EntryLeg, compose, entry_row, posting_rows
from wares.posting.batch import Batch
from wares.posting.inventory_accounts import days_of_documents
from wares.posting.write import role_of
from wares.recosting import ChangeRow, Changes
from wares.storage import tables as t
from wares.values import next_day

PAGE = 20_000
"""Valuation rows that are flushed together."""
MOVE, DOCUMENT, DAY, COUNTER, DIFFERENCE = 0, 1, 2, 6, 7
"""Places in a ChangeRow."""
SumKey = tuple[int, int, int, int]
"""Day of the move, location, pool, counter account."""


def write_corrections(batch: Batch, document_id: int, changes: Changes, kind: str, *, not_before: int = 0) -> None:
    """Write the changes that a document (of type `kind`) causes in earlier ones. No entry is dated before `not_before`."""
    closed_through = batch.unit.head.closed_through
    first_day = max(next_day(closed_through) if closed_through else 0, not_before)
    for day, of_day in _by_day(changes, _accounting_days(batch, changes, first_day)):
        _write_entry(batch, document_id, kind, day, changes, of_day)


def _accounting_days(batch: Batch, changes: Changes, first_day: int) -> array[int]:
    """Return the day on which each change is posted: its own day, or the first open day if that is closed. After a reclassification
    of a pool, all changes of its document are posted on the day of the reclassification or later."""
    of_documents = days_of_documents(batch.unit, changes)
    if of_documents:
        return array("q", [max(day, first_day, of_documents[document_id]) for _, document_id, day, *_ in changes.rows()])
    return array("q", [max(day, first_day) for day in map(itemgetter(DAY), changes.rows())])


def _by_day(changes: Changes, days: array[int]) -> Iterator[tuple[int, Iterator[ChangeRow]]]:
    """Yield the changes of each accounting date. The replay of a pool finds nearly all in the order of their days."""
    dated: Iterable[tuple[int, ChangeRow]] = zip(days, changes.rows(), strict=True)
    if any(day < before for before, day in pairwise(days)):
        dated = sorted(dated, key=itemgetter(0))
    for day, of_day in groupby(dated, key=itemgetter(0)):
        rows = map(itemgetter(1), of_day)
        yield day, _merged(rows, changes.repeated) if changes.repeated else rows


def _merged(rows: Iterable[ChangeRow], repeated: set[int]) -> Iterator[ChangeRow]:
    """Yield one change for each move and counter account: a move changes twice on a day if two receipts cover it."""
    first: dict[tuple[int, int], ChangeRow] = {}
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        if row[MOVE] in repeated:
            key = row[MOVE], row[COUNTER]
            first.setdefault(key, row)
            sums[key] += row[DIFFERENCE]
        else:
            yield row
    for key, (move_id, document_id, day, moved, location_id, pool_id, counter_id, _) in first.items():
        if sums[key]:
            yield move_id, document_id, day, moved, location_id, pool_id, counter_id, sums[key]


def _write_entry(
    batch: Batch, document_id: int, kind: str, day: int, changes: Changes, of_day: Iterable[ChangeRow]
) -> None:  # fmt: skip
    unit, ws = batch.unit, batch.ws
    sums: dict[SumKey, int] = defaultdict(int)
    entry_id, number = 0, 0
    for rows in _pages(of_day):
        if not entry_id:
            entry_id, number = unit.take_id(), unit.take_entry_number()
            ws.rows[t.entry].append(entry_row(unit, entry_id, number, day=day, document_id=document_id, kind="correction"))
        elif len(ws.rows[t.valuation]) >= PAGE:
            batch.flush()
        unit.touch({row[DOCUMENT] for row in rows})
        for _, _, _, moved, location_id, pool_id, counter_id, difference in rows:
            sums[moved, location_id, pool_id, counter_id] += difference
        ws.rows[t.valuation] += [
            (unit.company_id, move_id, entry_id, counter_id, pool_id, day, difference)
            for move_id, _, _, _, _, pool_id, counter_id, difference in rows
        ]
    if entry_id:
        postings = compose(_legs(batch, changes, sums), currency=unit.head.currency, document_type=kind)
        ws.rows[t.posting] += posting_rows(unit.company_id, entry_id, day, postings)
        _correct_months(ws, sums, day // 100)


def _pages(rows: Iterable[ChangeRow]) -> Iterator[list[ChangeRow]]:
    rows = iter(rows)
    while page := list(islice(rows, PAGE)):
        yield page


def _legs(batch: Batch, changes: Changes, sums: Mapping[SumKey, int]) -> Iterable[EntryLeg]:
    """Yield inventory against the counter account of each value, summed by account and item."""
    by_account: dict[tuple[int, int, int], int] = defaultdict(int)  # inventory account, counter account, item
    for (_, _, pool_id, counter_id), difference in sums.items():
        pool = changes.pools[pool_id]
        by_account[pool.account_id, counter_id, pool.item_id] += difference
    for (account_id, counter_id, item_id), difference in by_account.items():
        yield EntryLeg(account_id, difference, "inventory", item_id=item_id)
        if counter_id:
            yield EntryLeg(counter_id, -difference, role_of(batch.account_by_id(counter_id)), item_id=item_id)


def _correct_months(ws: WorkingSet, sums: Mapping[SumKey, int], posted: int) -> None:
    """Add the value to the month of the move, and the posting to the month of the entry."""
    for (moved, location_id, pool_id, _), difference in sums.items():
        ws.add_month(pool_id, location_id, moved // 100, 0, difference, 0)
        ws.add_month(pool_id, location_id, posted, 0, 0, difference)
