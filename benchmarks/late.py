"""A receipt that comes in late and costs what was sold since anew: moves folded and written a second.

Each figure is one bill dated before the item's other moves, of which one in twenty is a receipt; with the average every later issue
is worth something else then, with FIFO the layers shift under them all.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Figure, Run, in_turns, median, ratio
from benchmarks.shop import Record, open_shop
from wares import Books

LINES = 20
"""Of each document, all of the same item."""
SLOWEST = 50_000
"""Moves a second that must be folded again, what changed written."""
SAME = 1.2
BEFORE, EARLY, LATE = "2021-01-01", "2021-01-15", "2021-02-01"


def measure(run: Run) -> Iterator[Figure]:
    sizes = run.sizes(1_000, 10_000, 100_000)
    for method in ("average", "fifo"):
        yield from _later(run, method, sizes)
        yield _history(run, method, few=sizes[0], many=sizes[-1])


def _later(run: Run, method: str, sizes: tuple[int, ...]) -> Iterator[Figure]:
    """So many moves after the receipt, each size an item of its own."""
    books = open_shop(run.url("SQLite"), items=10)
    skus = [_item(books, method, str(size)) for size in sizes]
    for sku, size in zip(skus, sizes, strict=True):
        _move(books, sku, size, LATE)
    taken = in_turns(3, *[lambda _turn, sku=sku: books.post_many([_receipt(sku, EARLY, "7.77")]) for sku in skus])
    least = [size / median(times) for size, times in zip(sizes, taken, strict=True)]
    for size, speed in zip(sizes, least, strict=True):
        is_target = size == sizes[-1]
        target, met = (f"≥ {SLOWEST:,} moves/s", speed >= SLOWEST) if is_target else ("", None)
        yield Figure(
            f"{method}: {size:,} later moves", f"{speed:,.0f} moves/s", least[0] / speed, f"{sizes[0]:,} moves", target, met
        )
    books.close()


def _history(run: Run, method: str, *, few: int, many: int) -> Figure:
    """A thousand later moves after little and after much that happened before."""
    books = open_shop(run.url("SQLite"), items=10)
    skus = [_item(books, method, str(size)) for size in (few, many)]
    for sku, size in zip(skus, (few, many), strict=True):
        _move(books, sku, size, BEFORE)
        _move(books, sku, few, LATE)
    after_few, after_many = in_turns(5, *[lambda _turn, sku=sku: books.post_many([_receipt(sku, EARLY, "7.77")]) for sku in skus])
    times = ratio(after_many, after_few)
    beside = f"{median(after_few) * 1e3:,.1f} ms after {few:,} earlier"
    measured = f"{median(after_many) * 1e3:,.1f} ms"
    books.close()
    return Figure(f"{method}: {few:,} later moves, {many:,} earlier", measured, times, beside, f"≤ {SAME}×", times <= SAME)


def _item(books: Books, method: str, name: str) -> str:
    sku = f"{method}-{name}"
    books.items.add("stock", sku=sku, name=sku, price="9.00", cost="3.00", cost_method=method)
    books.post_many([_receipt(sku, "2020-02-01", "5.00")])
    return sku


def _receipt(sku: str, date: str, unit_cost: str) -> Record:
    return {"type": "bill", "date": date, "party": "ACME", "lines": [{"item": sku, "quantity": "300000", "unit_cost": unit_cost}]}


def _move(books: Books, sku: str, moves: int, date: str) -> None:
    """So many moves, 20 to a document, every twentieth document a bill."""
    documents = moves // LINES
    for start in range(0, documents, 100):
        books.post_many([_document(sku, number, date) for number in range(start, min(start + 100, documents))])


def _document(sku: str, number: int, date: str) -> Record:
    if number % 20 == 19:
        lines = [{"item": sku, "quantity": "19", "unit_cost": f"{5 + step % 3}.{step:02d}"} for step in range(LINES)]
        return {"type": "bill", "date": date, "party": "ACME", "lines": lines}
    lines = [{"item": sku, "quantity": str(1 + step % 3)} for step in range(LINES)]
    return {"type": "invoice", "date": date, "party": "JANE", "lines": lines}
