"""Loading a long file: lines per second and memory, which do not depend on the length of the file.

The lines are sales of one line each, made while they are read, into a database in a temporary folder.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from benchmarks.measure import Figure, Run, per_second
from wares import Books
from wares.loading import load, read_records

ITEMS = 200


def lines(count: int) -> Iterator[dict[str, object]]:
    """Yield masters, one bill of enough stock, and sales up to `count` lines."""
    yield {"record": "party", "code": "ACME", "kinds": ["supplier"]}
    yield {"record": "party", "code": "JANE", "kinds": ["customer"]}
    for n in range(ITEMS):
        yield {"record": "item", "type": "stock", "sku": f"P-{n}", "price": "2", "cost_method": ("fifo", "average")[n % 2]}
    stock = [{"item": f"P-{n}", "quantity": str(count), "unit_cost": "1.25"} for n in range(ITEMS)]
    yield {"record": "document", "type": "bill", "date": "2026-01-01", "party": "ACME", "key": "stock", "lines": stock}
    for n in range(count - ITEMS - 3):
        sold = [{"item": f"P-{n % ITEMS}", "quantity": "1"}]
        date = f"2026-01-{2 + n * 29 // count:02d}"
        yield {"record": "document", "type": "invoice", "date": date, "party": "JANE", "key": f"s-{n}", "lines": sold}


class Lines(io.RawIOBase):
    """A stream of the lines as JSON, written as it is read."""

    def __init__(self, count: int) -> None:
        self._records = lines(count)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while len(self._rest) < len(into):
            record = next(self._records, None)
            if record is None:
                break
            self._rest += json.dumps(record).encode() + b"\n"
        given, self._rest = self._rest[: len(into)], self._rest[len(into) :]
        into[: len(given)] = given
        return len(given)


def measure(run: Run) -> Iterator[Figure]:
    (count,) = run.sizes(200_000)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        tenths = alone.submit(load_lines, run.folder / "loaded.db", count).result()
    (few, slow, small), (many, fast, large) = tenths[1], tenths[-1]
    yield Figure(f"lines/s of the last tenth of {many:,}", per_second(fast, "lines"), slow / fast, f"the second {slow:,.0f}/s")
    yield Figure(f"peak memory after {many:,} lines", f"{large:,.0f} MB", large / small, f"{small:,.0f} MB after {few:,}")


def load_lines(path: Path, count: int) -> list[tuple[int, float, float]]:
    """Load the lines; return after each tenth the number of lines, the tenth's lines per second, and the peak memory in MB."""
    books = Books.open(f"sqlite:///{path}")
    tenths: list[tuple[int, float, float]] = []
    last, before, every = time.monotonic(), 0, max(count // 10, 1)

    def progress(done: int) -> None:
        nonlocal last, before
        if done - before >= every or done == count:
            now = time.monotonic()
            tenths.append((done, (done - before) / (now - last), getrusage(RUSAGE_SELF).ru_maxrss / 1024))
            last, before = now, done

    report = load(books, read_records(io.BufferedReader(Lines(count))), progress=progress)
    assert report.ok, report
    books.close()
    return tenths
