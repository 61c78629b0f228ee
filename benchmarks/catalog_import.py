"""Import of items: 20,000 rows of CSV created, read again unchanged, and changed in one column.

The ratio is to reading the same file with the csv module alone. Peak memory is that of Python's own objects.
"""

from __future__ import annotations

import csv
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, Run, per_second
from wares.catalog.imports import import_items
from wares.catalog.items import Catalogue, MasterChange
from wares.catalog.masters import MasterBook
from wares.contract.item_type import ItemType
from wares.costing.method import CostMethod
from wares.errors import Issue, Refused
from wares.ledger.accounts import AccountBook
from wares.model import Item, Masters
from wares.plugin_manager.registry import Owner, Registered, Registry
from wares.storage import tables
from wares.storage.commits import run_writing
from wares.storage.database import insert_many, open_engine, write
from wares.storage.revisions import migrate
from wares.storage.unit import Unit

ROWS = 20_000


class Stock(ItemType):
    key, title, tracked = "stock", "Stock", True


class Average(CostMethod):
    key, title = "average", "Average"

    def fold(self, opening: Any, moves: Any) -> Any:
        raise NotImplementedError


class AskTheType:
    """Validation by the owning type alone."""

    def validate_item(self, item: Item, masters: Masters) -> Sequence[Issue]:
        return ()


def measure(run: Run) -> Iterator[Figure]:
    (rows,) = run.sizes(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "books.db")
        migrate(engine)
        with write(engine) as connection:
            head = (1, "ONE", "Company", "USD", 2, 0, 0, 1, 1, 1, 0)
            insert_many(connection, tables.company_head, [head])
        registry = Registry()
        registered = [Registered("item_types", "stock", Stock()), Registered("cost_methods", "average", Average())]
        registry.add(Owner("benchmark", "benchmark", "1"), registered)

        def put(records: Sequence[dict[str, Any]]) -> list[MasterChange | Refused]:
            def unit_of(connection: Any) -> list[MasterChange | Refused]:
                unit = Unit.lock(connection, 1)
                masters = MasterBook(unit, AccountBook.load(unit), registry.item_types)
                found = Catalogue(unit, masters, AskTheType(), registry).put_each(records)
                unit.save()
                return found

            return run_writing(engine, unit_of)

        path, changed = Path(folder) / "items.csv", Path(folder) / "changed.csv"
        _write(path, rows, "0.20")
        _write(changed, rows, "0.25")
        alone = _timed(lambda: sum(1 for _ in csv.reader(path.open(newline=""))))
        beside = f"csv alone {per_second(rows / alone, 'rows')}"
        for label, file in (("created", path), ("unchanged", path), ("updated", changed)):
            seconds = _timed(partial(import_items, file, put))
            yield Figure(f"{rows:,} rows {label}", per_second(rows / seconds, "rows"), seconds / alone, beside)
        peaks = []
        for part in (rows // 4, rows):
            _write(path, part, "0.30")
            tracemalloc.start()
            import_items(path, put)
            peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
            tracemalloc.stop()
        beside = f"{peaks[0]:.1f} MB at {rows // 4:,}"
        yield Figure(f"peak of Python's objects, {rows:,} rows", f"{peaks[1]:.1f} MB", peaks[1] / peaks[0], beside)
        engine.dispose()


def _write(path: Path, rows: int, price: str) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "type", "name", "unit", "price", "cost", "category", "barcode"])
        writer.writerows(
            [f"SKU-{row:06d}", "stock", f"Article {row}", "ea", price, "0.08", f"group {row % 50}", str(row)] for row in range(rows)
        )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
