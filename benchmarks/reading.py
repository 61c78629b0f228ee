"""A trial balance, stock on hand and on a past day, one document and its void, in books of 1,000 and of 30,000 documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from benchmarks.measure import Figure, Run, in_turns, median, ratio
from benchmarks.shop import day_of, invoice, open_shop, sku, trade
from wares import Books

MOST = 1.2
"""Largest ratio to the small books."""
TIMES = 10
"""Number of reads of one turn."""


def measure(run: Run) -> Iterator[Figure]:
    sizes = run.sizes(1_000, 30_000)
    shops = [_shop(run, size) for size in sizes]
    past = day_of(sizes[0] // 2)
    newest = {shop: _sell(shop, size) for shop, size in zip(shops, sizes, strict=True)}
    reads: dict[str, Callable[[Books], object]] = {
        "trial balance": lambda books: books.gl.trial_balance(),
        "stock on hand of one item": lambda books: books.stock.on_hand(sku(7)),
        "stock on hand of all items": lambda books: books.stock.list(),
        "stock value on a past day": lambda books: books.stock.value(at=past),
        "layers of one item": lambda books: books.stock.layers(sku(7)),
        "the newest document, its links and entries": lambda books: (
            books.docs.show(newest[books]),
            books.docs.entries(newest[books]),
        ),
        "void of the newest document, as a dry run": lambda books: books.void(newest[books], dry_run=True),
    }
    for name, read in reads.items():
        small, large = in_turns(9, *[lambda _turn, shop=shop, read=read: [read(shop) for _ in range(TIMES)] for shop in shops])
        times = ratio(large, small)
        beside = f"{median(small) / TIMES * 1e3:.2f} ms at {sizes[0]:,}"
        measured = f"{median(large) / TIMES * 1e3:.2f} ms"
        is_target = "stock" not in name  # a list of stock also reads a row for each month of each pool
        target, met = (f"≤ {MOST}×", times <= MOST) if is_target else ("", None)
        yield Figure(f"{name}, {sizes[1]:,} documents", measured, times, beside, target, met)
    for shop in shops:
        shop.close()


def _shop(run: Run, size: int) -> Books:
    books, documents = open_shop(run.url("SQLite")), trade()
    for _ in range(0, size, 500):
        books.post_many(list(islice(documents, min(500, size))))
    return books


def _sell(books: Books, document: int) -> str:
    """Post one more invoice and return its number."""
    record = invoice(document)
    return books.post(record.pop("type"), **record).number
