"""Correction entries: one for each accounting date on which something recorded is worth something else now.

Its postings are summed by account and item; valuation rows keep each move's share. There may be a million of those, so they pass
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
from wares.recosting import Changes, Numbers
from wares.storage import tables as t
from wares.values import next_day

PAGE = 20_000
"""Valuation rows that are flushed together."""


def write_corrections(batch: Batch, document_id: int, changes: Changes, kind: str, *, not_before: int = 0) -> None:
    """Write what a document (of type `kind`) changed in earlier ones, nothing of it dated before the day `not_before`."""
    closed_through = batch.unit.head.closed_through
    first_day = max(next_day(closed_through) if closed_through else 0, not_before)
    for day, of_day in _by_day(changes, _accounting_days(batch, changes, first_day)):
        _write_entry(batch, document_id, kind, day, changes, of_day)


def _accounting_days(batch: Batch, changes: Changes, first_day: int) -> array[int]:
    """The day on which each change is posted: its own where that is open, else the first open day; what a pool's account is only
    responsible for since a reclassification not before that, together with the rest of its document."""
    of_documents = days_of_documents(batch.unit, changes)
    if of_documents:
        return array("q", [max(row[2], first_day, of_documents[row[1]]) for row in changes.rows()])
    return array("q", [max(day, first_day) for day in map(itemgetter(2), changes.rows())])


def _by_day(changes: Changes, days: array[int]) -> Iterator[tuple[int, Iterator[Numbers]]]:
    """The changes of each accounting date in turn. The sweep of one pool finds nearly all in the order of their days."""
    dated: Iterable[tuple[int, Numbers]] = zip(days, changes.rows(), strict=True)
    if any(day < before for before, day in pairwise(days)):
        dated = sorted(dated, key=itemgetter(0))
    for day, of_day in groupby(dated, key=itemgetter(0)):
        rows = map(itemgetter(1), of_day)
        yield day, _merged(rows, changes.repeated) if changes.repeated else rows


def _merged(rows: Iterable[Numbers], repeated: set[int]) -> Iterator[Numbers]:
    """A move may change twice on a day, where two receipts cover it: then that is one change of each counter."""
    found: dict[tuple[int, int], Numbers] = {}
    for row in rows:
        if row[0] in repeated:
            before = found.get((row[0], row[6]))
            found[row[0], row[6]] = row if before is None else (*row[:7], before[7] + row[7])
        else:
            yield row
    yield from (row for row in found.values() if row[7])


def _write_entry(
    batch: Batch, document_id: int, kind: str, day: int, changes: Changes, of_day: Iterable[Numbers]
) -> None:  # fmt: skip
    unit, ws = batch.unit, batch.ws
    sums: dict[tuple[int, ...], int] = defaultdict(int)  # day of the move, location, pool, counter account
    entry_id, number = 0, 0
    for rows in _pages(of_day):
        if not entry_id:
            entry_id, number = unit.take_id(), unit.take_entry_number()
            ws.rows[t.entry].append(entry_row(unit, entry_id, number, day=day, document_id=document_id, kind="correction"))
        elif len(ws.rows[t.valuation]) >= PAGE:
            batch.flush()
        unit.touch({row[1] for row in rows})
        for row in rows:
            sums[row[3:7]] += row[7]
        ws.rows[t.valuation] += [(unit.company_id, row[0], entry_id, row[6], row[5], day, row[7]) for row in rows]
    if entry_id:
        postings = compose(_legs(batch, changes, sums), currency=unit.head.currency, document_type=kind)
        ws.rows[t.posting] += posting_rows(unit.company_id, entry_id, day, postings)
        _correct_months(ws, sums, day // 100)


def _pages(rows: Iterable[Numbers]) -> Iterator[list[Numbers]]:
    rows = iter(rows)
    while page := list(islice(rows, PAGE)):
        yield page


def _legs(batch: Batch, changes: Changes, sums: Mapping[tuple[int, ...], int]) -> Iterable[EntryLeg]:
    """Inventory against what each value came from or went to, summed as they will be posted."""
    by_account: dict[tuple[int, int, int], int] = defaultdict(int)  # inventory account, counter account, item
    for (_, _, pool_id, counter_id), difference in sums.items():
        pool = changes.pools[pool_id]
        by_account[pool.account_id, counter_id, pool.item_id] += difference
    for (account_id, counter_id, item_id), difference in by_account.items():
        yield EntryLeg(account_id, difference, "inventory", item_id=item_id)
        if counter_id:
            yield EntryLeg(counter_id, -difference, role_of(batch.account_by_id(counter_id)), item_id=item_id)


def _correct_months(ws: WorkingSet, sums: Mapping[tuple[int, ...], int], posted: int) -> None:
    """The value belongs to the month of the move, the posting to that of the entry."""
    for (moved, location_id, pool_id, _), difference in sums.items():
        ws.add_month(pool_id, location_id, moved // 100, 0, difference, 0)
        ws.add_month(pool_id, location_id, posted, 0, 0, difference)
