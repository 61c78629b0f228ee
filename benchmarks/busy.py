"""Reads that grow with what they show: an explanation of many lines, the moves of a busy item, a long list at a past day.

Each stands beside the same read of a tenth of the size: ten times as much may take ten times as long, and not more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.measure import Figure, Run, in_turns, median, ratio
from benchmarks.shop import FIRST_DAY, Record, cost, method, sku
from wares import Books

LINES, MOVES, LISTED = 1_000, 5_000, 36_000
LONGEST = {"explain": 0.5, "moves": 0.5, "items": 0.3}
"""Seconds at most."""
MOST = 12.0
"""Largest ratio to a tenth of the size."""
MID_MONTH = FIRST_DAY.replace(day=15).isoformat()


def measure(run: Run) -> Iterator[Figure]:
    works: tuple[tuple[str, str, int, Callable[[Run, int], Books], Callable[[Books], object]], ...] = (
        ("explain", "explanation of an invoice of {:,} lines", LINES, _wide, lambda books: books.docs.explain("I-1")),
        ("moves", "moves of an item that has {:,}", MOVES, _busy, lambda books: list(books.stock.moves("PART-0000"))),
        ("items", "list of {:,} items at a day in mid-month", LISTED, _long, lambda books: list(books.items.list(at=MID_MONTH))),
    )
    for key, name, whole, make, read in works:
        small, large = (make(run, size) for size in run.sizes(whole // 10, whole))
        few, many = in_turns(5, *(lambda _turn, books=books, read=read: read(books) for books in (small, large)))
        times, longest = ratio(many, few), LONGEST[key]
        beside = f"{median(few) * 1e3:.1f} ms for a tenth"
        met = times <= MOST and median(many) <= longest
        yield Figure(name.format(whole), f"{median(many) * 1e3:.0f} ms", times, beside, f"≤ {MOST:g}× and ≤ {longest} s", met)
        small.close()
        large.close()


def _shop(run: Run, items: int) -> Books:
    books = Books.open(run.url("SQLite"))
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    file = run.folder / f"items{items}.csv"
    rows = [f"{sku(number)},stock,Article {number},10.00,{method(number)}" for number in range(items)]
    file.write_text("\n".join(["sku,type,name,price,cost_method", *rows]) + "\n", "utf-8")
    books.items.import_file(file)
    return books


def _bill(day: int, first: int, lines: int) -> Record:
    bought = [{"item": sku(first + n), "quantity": 1000, "unit_cost": cost(first + n)} for n in range(lines)]
    return {"type": "bill", "date": FIRST_DAY.replace(day=day).isoformat(), "party": "ACME", "lines": bought}


def _sale(day: int, first: int, lines: int) -> Record:
    sold = [{"item": sku(first + n), "quantity": 3} for n in range(lines)]
    return {"type": "invoice", "date": FIRST_DAY.replace(day=day).isoformat(), "party": "JANE", "lines": sold}


def _wide(run: Run, lines: int) -> Books:
    books = _shop(run, lines)
    books.post_many([_bill(2, 0, lines), {**_sale(3, 0, lines), "number": "I-1"}])
    return books


def _busy(run: Run, moves: int) -> Books:
    books = _shop(run, 1)
    books.post_many([kind(2, 0, 1) for _ in range(moves // 2) for kind in (_bill, _sale)])
    return books


def _long(run: Run, items: int) -> Books:
    books = _shop(run, items)
    for kind, day in ((_bill, 2), (_sale, 20)):
        books.post_many([kind(day, first, min(300, items - first)) for first in range(0, items, 300)])
    return books
