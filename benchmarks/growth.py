"""Posting into books of 1,000, 10,000 and 100,000 documents: time per document, and the memory of the process.

The books are built once, in a process of their own, so that the memory of the process is theirs. A copy is kept at each size, and
the same documents are then posted into the copies in turn. Every tenth document is a bill.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from benchmarks.measure import Figure, Run, in_turns, median, microseconds, ratio
from benchmarks.shop import open_shop, trade
from wares import Books

BATCH = 500
FEW = 20
"""Number of documents posted one by one in a turn."""
MOST = 1.2
"""Largest ratio of time or memory to the smallest books."""


def measure(run: Run) -> Iterator[Figure]:
    small, middle, half, large = sizes = run.sizes(1_000, 10_000, 50_000, 100_000)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        peaks = alone.submit(build, run.folder, sizes).result()
    yield from _time(run, (small, middle, large))
    times = peaks[-1] / peaks[-2]  # at half, SQLite has filled its page cache of 64 MB
    beside = f"{peaks[-2]:,.0f} MB at {half:,}"
    yield Figure(f"peak memory, {large:,} documents", f"{peaks[-1]:,.0f} MB", times, beside, f"≤ {MOST}×", times <= MOST)


def _time(run: Run, sizes: tuple[int, ...]) -> Iterator[Figure]:
    shops = [Books.open(f"sqlite:///{_copy(run.folder, size)}") for size in sizes]
    turns = iter(trade(start=sizes[-1]))
    rounds = 3 if run.quick else 9
    batches = [list(islice(turns, BATCH)) for _ in range(rounds + 1)]
    singles = [list(islice(turns, FEW)) for _ in range(rounds + 1)]

    def post_singly(shop: Books, turn: int) -> None:
        for record in singles[turn]:
            shop.post(record["type"], **record)

    together = in_turns(rounds, *[lambda turn, shop=shop: shop.post_many(batches[turn]) for shop in shops])
    singly = in_turns(rounds, *[lambda turn, shop=shop: post_singly(shop, turn) for shop in shops])
    for way, documents, taken in (("batched", BATCH, together), ("one by one", FEW, singly)):
        for size, times in zip(sizes[1:], taken[1:], strict=True):
            grown = ratio(times, taken[0])
            beside = f"{microseconds(median(taken[0]) / documents)} at {sizes[0]:,}"
            what = f"{way}, {size:,} documents"
            yield Figure(what, microseconds(median(times) / documents), grown, beside, f"≤ {MOST}×", grown <= MOST)
    for shop in shops:
        shop.close()


def build(folder: Path, sizes: tuple[int, ...]) -> list[float]:
    """Build books of the largest size with a copy at each size; return the peak memory of the process at each, in MB."""
    path = folder / "growing.db"
    books, documents, posted, peaks = open_shop(path), trade(), 0, []
    for size in sizes:
        while posted < size:
            together = list(islice(documents, min(BATCH, size - posted)))
            books.post_many(together)
            posted += len(together)
        peaks.append(getrusage(RUSAGE_SELF).ru_maxrss / 1024)
        with sqlite3.connect(path) as source, sqlite3.connect(_copy(folder, size)) as copy:
            source.backup(copy)
        source.close()
        copy.close()
    books.close()
    return peaks


def _copy(folder: Path, size: int) -> Path:
    return folder / f"grown-{size}.db"
