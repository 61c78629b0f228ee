"""Loading a long file: lines a second and memory, which stays flat however long the file is.

    python -m benchmarks.load [LINES]        # 1,000,000 lines unless told otherwise

The lines are sales of one line each, made while they are read, into a database in a temporary folder.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from wares import Books
from wares.loading import load, read_records

ITEMS = 200


def lines(count: int) -> Iterator[dict[str, object]]:
    """Masters, one bill for stock enough, and sales up to `count` lines."""
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

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        while len(self._rest) < len(into):
            record = next(self._records, None)
            if record is None:
                break
            self._rest += json.dumps(record).encode() + b"\n"
        given, self._rest = self._rest[: len(into)], self._rest[len(into) :]
        into[: len(given)] = given
        return len(given)


def main(count: int) -> None:
    started = last = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        books = Books.open(f"sqlite:///{Path(folder) / 'books.db'}")
        print(f"{'lines':>10} {'lines/s':>8} {'peak MiB':>9}")
        every, before = max(count // 10, 1), 0

        def progress(done: int) -> None:
            nonlocal last, before
            if done - before >= every or done == count:
                now = time.monotonic()
                print(f"{done:>10,} {(done - before) / (now - last):>8,.0f} {getrusage(RUSAGE_SELF).ru_maxrss / 1024:>9,.0f}")
                last, before = now, done

        report = load(books, read_records(io.BufferedReader(Lines(count))), progress=progress)
        print(report, f"in {time.monotonic() - started:.0f} s")
        books.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
