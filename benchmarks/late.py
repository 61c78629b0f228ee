"""A backdated receipt that recosts later sales: moves replayed and written per second of processor time.

Each figure is one bill dated before the item's other moves, of which one in twenty is a receipt. At average cost every later issue
changes its cost; with FIFO the layers of all later issues shift. Other figures measure a receipt whose goods no issue takes, a
receipt whose goods are soon counted away, and a part that goes through several levels of builds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from benchmarks.measure import Figure, Run, in_turns, median, processor_seconds, ratio
from benchmarks.shop import Record, open_shop
from wares import Books

LINES = 20
"""Number of lines of each document, all of the same item."""
DOCUMENTS_A_DAY = 50
SLOWEST = 50_000
"""Least number of moves replayed per second, with the changes written."""
SAME = 1.2
"""Largest ratio that counts as equal: the noise of the machine."""
BEFORE, EARLY, COUNTED, LATE = date(2020, 3, 1), date(2021, 1, 15), date(2021, 1, 20), date(2021, 2, 1)
LEVELS = 4
"""Number of levels of builds."""
ROUNDS = 3


def measure(run: Run) -> Iterator[Figure]:
    sizes = run.sizes(1_000, 10_000, 100_000, 1_000_000)
    for method in ("average", "fifo"):
        yield from _later(run, method, sizes)
        yield _history(run, method, few=sizes[0], many=sizes[2])
        yield _settled(run, method, few=sizes[0], many=sizes[2])
    yield _nothing(run, few=sizes[0], many=sizes[2])
    yield from _levels(run, *run.sizes(1_000, 20_000))


def _later(run: Run, method: str, sizes: tuple[int, ...]) -> Iterator[Figure]:
    """Measure each number of later moves, each with an item of its own."""
    books = open_shop(run.url("SQLite"), items=10)
    skus = [_item(books, method, str(size)) for size in sizes]
    for sku, size in zip(skus, sizes, strict=True):
        _trade(books, sku, size, LATE)
    late = [lambda turn, sku=sku: books.post_many([_before_all(sku, turn)]) for sku in skus]
    taken = in_turns(ROUNDS, *late, clock=processor_seconds)
    speeds = [size / median(times) for size, times in zip(sizes, taken, strict=True)]
    for size, speed in zip(sizes, speeds, strict=True):
        target, met = (f"≥ {SLOWEST:,} moves/s", speed >= SLOWEST) if size >= sizes[-2] else ("", None)
        yield Figure(
            f"{method}: {size:,} later moves", f"{speed:,.0f} moves/s", speeds[0] / speed, f"{sizes[0]:,} moves", target, met
        )
    books.close()


def _history(run: Run, method: str, *, few: int, many: int) -> Figure:
    """Measure a thousand later moves after a short and after a long history."""
    books = open_shop(run.url("SQLite"), items=10)
    skus = [_item(books, method, str(size)) for size in (few, many)]
    for sku, size in zip(skus, (few, many), strict=True):
        _trade(books, sku, size, BEFORE)
        books.post_many([_counted_away(sku, date(2021, 1, 1))])  # else sales would take old layers before the late one
        _trade(books, sku, few, LATE)
    late = [lambda turn, sku=sku: books.post_many([_before_all(sku, turn)]) for sku in skus]
    figure = _beside(f"{method}: {few:,} later moves, {many:,} earlier", *in_turns(5, *late, clock=processor_seconds))
    books.close()
    return figure


def _before_all(sku: str, turn: int) -> Record:
    """Return a bill of more than all later sales, dated before the late bills of earlier turns."""
    return _bill(sku, EARLY - timedelta(days=turn), "3000000", f"{7 + turn}.77")


def _settled(run: Run, method: str, *, few: int, many: int) -> Figure:
    """Measure a receipt whose goods are counted away before the later moves, which thus keep their cost."""
    books = open_shop(run.url("SQLite"), items=10)
    skus = [_item(books, method, f"gone-{size}") for size in (few, many)]
    for sku, size in zip(skus, (few, many), strict=True):
        books.post_many([_counted_away(sku)])
        _trade(books, sku, size, LATE)
    late = [partial(_post_before, books, sku, quantity="10") for sku in skus]
    figure = _beside(f"{method}: a receipt counted away before {many:,} moves", *in_turns(5, *late, clock=processor_seconds))
    books.close()
    return figure


def _levels(run: Run, few: int, many: int) -> Iterator[Figure]:
    """Measure a receipt of a part several levels below the item sold: it changes the cost of every later build and sale."""
    books = open_shop(run.url("SQLite"), items=10)
    tops = [_built_of(books, f"level-{size}") for size in (few, many)]
    for top, size in zip(tops, (few, many), strict=True):
        _build_and_sell(books, top, size)
    late = [partial(_post_before, books, top[0], quantity="3000000") for top in tops]
    speeds = [
        size / median(times) for size, times in zip((few, many), in_turns(ROUNDS, *late, clock=processor_seconds), strict=True)
    ]
    name, measured = f"a part of {LEVELS} levels of builds: {many:,} later moves", f"{speeds[1]:,.0f} moves/s"
    yield Figure(name, measured, speeds[0] / speeds[1], f"{few:,} moves, {speeds[0]:,.0f} moves/s")
    books.close()


def _built_of(books: Books, name: str) -> list[str]:
    """Return the SKUs of a part and of one assembly for each level, made of the one below."""
    chain = [_item(books, "average", name)]
    for level in range(LEVELS):
        sku = f"{name}-{level}"
        books.items.add("assembly", sku=sku, name=sku, price="9.00", components=[{"sku": chain[-1], "quantity": "1"}])
        chain.append(sku)
    books.post_many([_bill(chain[0], BEFORE, "1000000", "5.00")])
    return chain


def _build_and_sell(books: Books, chain: list[str], moves: int) -> None:
    for number in range(moves // (2 * LEVELS + 1)):
        day = (LATE + timedelta(days=number // DOCUMENTS_A_DAY)).isoformat()
        builds = [{"type": "build", "date": day, "lines": [{"item": sku, "quantity": "1"}]} for sku in chain[1:]]
        sale = {"type": "invoice", "date": day, "party": "JANE", "lines": [{"item": chain[-1], "quantity": "1"}]}
        books.post_many([*builds, sale])


def _post_before(books: Books, sku: str, turn: int, *, quantity: str) -> object:
    return books.post_many([_bill(sku, EARLY - timedelta(days=turn), quantity, f"{7 + turn}.77")])


def _counted_away(sku: str, day: date = COUNTED) -> Record:
    """Return a count of zero."""
    return {"type": "count", "date": day.isoformat(), "lines": [{"item": sku, "counted": "0"}]}


def _nothing(run: Run, *, few: int, many: int) -> Figure:
    """Measure a FIFO receipt behind an older layer that is never used up."""
    books = open_shop(run.url("SQLite"), items=10)
    skus = [_item(books, "fifo", f"plenty-{size}") for size in (few, many)]
    for sku, size in zip(skus, (few, many), strict=True):
        books.post_many([_bill(sku, BEFORE, "900000", "5.00")])
        _trade(books, sku, size, LATE)
    late = [lambda _turn, sku=sku: books.post_many([_bill(sku, EARLY, "10", "7.77")]) for sku in skus]
    figure = _beside(f"fifo: a receipt that changes nothing before {many:,} moves", *in_turns(5, *late, clock=processor_seconds))
    books.close()
    return figure


def _beside(name: str, few: list[float], many: list[float]) -> Figure:
    times = ratio(many, few)
    return Figure(name, f"{median(many) * 1e3:,.1f} ms", times, f"{median(few) * 1e3:,.1f} ms", f"≤ {SAME}×", times <= SAME)


def _item(books: Books, method: str, name: str) -> str:
    sku = f"{method}-{name}"
    books.items.add("stock", sku=sku, name=sku, price="9.00", cost="3.00", cost_method=method)
    books.post_many([_bill(sku, date(2020, 2, 1), "100", "5.00")])
    return sku


def _bill(sku: str, day: date, quantity: str, unit_cost: str) -> Record:
    lines = [{"item": sku, "quantity": quantity, "unit_cost": unit_cost}]
    return {"type": "bill", "date": day.isoformat(), "party": "ACME", "lines": lines}


def _trade(books: Books, sku: str, moves: int, first: date) -> None:
    """Post this number of moves, 20 to a document; every twentieth document is a bill of the goods that the next ones sell."""
    documents = moves // LINES
    for start in range(0, documents, 100):
        books.post_many([_document(sku, number, first) for number in range(start, min(start + 100, documents))])


def _document(sku: str, number: int, first: date) -> Record:
    day = (first + timedelta(days=number // DOCUMENTS_A_DAY)).isoformat()
    if number % 20 == 0:
        lines = [{"item": sku, "quantity": "39", "unit_cost": f"{5 + step % 3}.{step:02d}"} for step in range(LINES)]
        return {"type": "bill", "date": day, "party": "ACME", "lines": lines}
    lines = [{"item": sku, "quantity": str(1 + step % 3)} for step in range(LINES)]
    return {"type": "invoice", "date": day, "party": "JANE", "lines": lines}
