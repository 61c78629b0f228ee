"""All work on a document but the writing of its rows: read, expand, price, plan, cost and compose, with every hook call. The
reads of a batch are included, shared by its 500 documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time

from benchmarks.measure import Figure, Run, median, microseconds
from benchmarks.shop import DOCUMENTS, Record, open_shop
from wares import Books
from wares.books import UnitOfWork

DOCUMENTS_TOGETHER = 500
LONGEST = 400e-6
"""Seconds that planning an invoice of four lines may take."""


def measure(run: Run) -> Iterator[Figure]:
    books = open_shop(run.url("SQLite"))
    for name, make in DOCUMENTS.items():
        taken = median([_plan(books, make, turn) for turn in range(4 if run.quick else 12)][1:])
        is_target = name.startswith("invoice")
        target, met = (f"≤ {microseconds(LONGEST)}", taken <= LONGEST) if is_target else ("", None)
        yield Figure(f"a document: {name}", microseconds(taken), target=target, met=met)
    books.close()


def _plan(books: Books, make: Callable[[int], Record], turn: int) -> float:
    """Return the seconds of processor time for each document, in a transaction that is rolled back."""
    records = [make(turn * DOCUMENTS_TOGETHER + document) for document in range(DOCUMENTS_TOGETHER)]

    def unit(writing: UnitOfWork) -> float:
        started = process_time()
        books.record_documents(writing, writing.batch(), records, atomic=True)
        return process_time() - started

    return books.writing(unit, dry_run=True) / DOCUMENTS_TOGETHER
