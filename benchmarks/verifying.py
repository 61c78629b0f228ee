"""`verify` of the books of a shop: lines of documents a second, beside a plain read of all their rows, and the peak memory.

Each size is measured in a process of its own, so that the memory of the process is that of `verify`, in processor time.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import NamedTuple

from benchmarks.measure import Figure, Run, in_turns, median, per_second, processor_seconds, ratio
from benchmarks.shop import open_shop, trade
from wares import Books
from wares.storage.tables import metadata
from wares.storage.unit import Reader

DOCUMENTS = 10_000
"""Each of four lines."""
FASTEST, MOST_MEMORY = 60_000, 400
"""Lines a second that are asked for, and the largest memory in MB."""


class Measured(NamedTuple):
    """The figures of one size."""

    lines: int
    checked: list[float]
    read: list[float]
    memory: float
    """MB at the most."""


def measure(run: Run) -> Iterator[Figure]:
    small, large = (_alone(run.folder, size) for size in run.sizes(DOCUMENTS // 4, DOCUMENTS))
    for each in (small, large):
        speed, plain = each.lines / median(each.checked), each.lines / median(each.read)
        yield Figure(
            f"verify, books of {each.lines:,} lines", per_second(speed, "lines"), ratio(each.checked, each.read),
            f"plain read {per_second(plain, 'lines')}", f"≥ {FASTEST:,}/s", speed >= FASTEST,
        )  # fmt: skip
    yield Figure(
        f"peak memory, {large.lines:,} lines", f"{large.memory:,.0f} MB", large.memory / small.memory,
        f"{small.memory:,.0f} MB at {small.lines:,}", f"≤ {MOST_MEMORY} MB", large.memory <= MOST_MEMORY,
    )  # fmt: skip


def _alone(folder: Path, documents: int) -> Measured:
    path = folder / f"verify{documents}.db"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        alone.submit(build, path, documents).result()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(verify, path).result()


def build(path: Path, documents: int) -> None:
    books, records = open_shop(path), trade()
    for _ in range(0, documents, 500):
        books.post_many(list(islice(records, 500)))
    books.close()


def verify(path: Path) -> Measured:
    """Verify the books and read their rows, in turns."""
    books = Books.open(str(path))
    checked, read = in_turns(3, lambda _: _check(books), lambda _: books.reading(lambda reader, _: _read(reader)),
                             clock=processor_seconds)  # fmt: skip
    lines = books.reading(lambda reader, _: reader.rows("SELECT COUNT(*) FROM wares_line WHERE company_id = ?")[0][0])
    books.close()
    return Measured(lines, checked, read, getrusage(RUSAGE_SELF).ru_maxrss / 1024)


def _check(books: Books) -> None:
    assert books.verify()["ok"]


def _read(reader: Reader) -> int:
    """Read every row of the company; return their number."""
    tables = [table.name for table in metadata.sorted_tables if table.info["kind"] == "company"]
    return sum(1 for name in tables for _ in reader.stream(f"SELECT * FROM {name} WHERE company_id = ?"))
