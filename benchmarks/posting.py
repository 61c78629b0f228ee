"""Documents per second, one by one with a durable commit each and 500 together, beside the driver writing the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from benchmarks.measure import ENGINES, Figure, Run, in_turns, median, per_second, ratio, skipping
from benchmarks.raw import RAW, Write, recording
from benchmarks.shop import DOCUMENTS, Record, open_shop

BATCH = 500
ONE_BY_ONE = 50
"""Number of documents of one turn, each a transaction of its own."""
SLOWEST = {("SQLite", "batched"): 1000, ("SQLite", "one by one"): 250, ("PostgreSQL", "one by one"): 120}
"""Least number of documents per second."""
DEAREST = {"SQLite": 4.0, "PostgreSQL": 3.0}
"""Largest ratio of batched posting to the driver alone."""


def measure(run: Run) -> Iterator[Figure]:
    for engine in ENGINES:
        with skipping(engine):
            for name, make in DOCUMENTS.items():
                yield from _measure(run, engine, name, make)


def _measure(run: Run, engine: str, name: str, make: Callable[[int], Record]) -> Iterator[Figure]:
    rounds = 3 if run.quick else 9
    numbers = count()
    batches = [[make(next(numbers)) for _ in range(BATCH)] for _ in range(rounds + 1)]
    singles = [[make(next(numbers)) for _ in range(ONE_BY_ONE)] for _ in range(rounds + 1)]
    written = _rows_of(run, batches, singles)
    shop, twin_url = open_shop(run.url(engine)), run.url(engine)
    open_shop(twin_url).close()
    twin = RAW[engine](twin_url)

    def post_singly(turn: int) -> None:
        for record in singles[turn]:
            shop.post(record["type"], **record)

    def write_singly(turn: int) -> None:
        start = rounds + 1 + turn * ONE_BY_ONE
        for transaction in written[start : start + ONE_BY_ONE]:
            twin.write(transaction)

    def write_together(turn: int) -> None:
        twin.write(written[turn])
        if turn == 0:  # not measured
            twin.analyse()

    posted, wrote = in_turns(rounds, lambda turn: shop.post_many(batches[turn]), write_together)
    yield _figure(engine, name, "batched", BATCH, posted, wrote, DEAREST[engine])
    posted, wrote = in_turns(rounds, post_singly, write_singly)
    yield _figure(engine, name, "one by one", ONE_BY_ONE, posted, wrote, None)
    shop.close()
    twin.connection.close()


def _rows_of(run: Run, batches: list[list[Record]], singles: list[list[Record]]) -> list[list[Write]]:
    """Return the rows that each transaction writes, recorded in a shop of its own."""
    shop = open_shop(run.url("SQLite"))
    assert shop.engine is not None
    with recording(shop.engine) as transactions:
        for batch in batches:
            shop.post_many(batch)
        for record in (record for single in singles for record in single):
            shop.post(record["type"], **record)
    shop.close()
    return [transaction for transaction in transactions if transaction]


def _figure(
    engine: str, name: str, way: str, documents: int, posted: list[float], wrote: list[float], dearest: float | None
) -> Figure:
    speed, times = documents / median(posted), ratio(posted, wrote)
    slowest = SLOWEST.get((engine, way)) if name.startswith("invoice") else None
    targets = [*([f"≤ {dearest:g}×"] if dearest else []), *([f"≥ {slowest:,}/s"] if slowest else [])]
    met = (times <= (dearest or times) and speed >= (slowest or 0)) if targets else None
    beside = f"rows alone {per_second(documents / median(wrote), 'documents')}"
    what = f"{engine}, {way}: {name}"
    return Figure(what, per_second(speed, "documents"), times, beside, " and ".join(targets), met)
