"""A seller's history: a channel's file imported, imported again and matched, beside the driver writing the very same rows; what a
year's views take; a search among many products.

The file is a Shopify export of orders of one to three lines with shipping, taxes, discounts and refunds, cut into parts that are
imported one after the other, so that speed and memory are seen while the books grow.
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any, NamedTuple

from benchmarks.measure import Figure, Run, median, per_second, seconds
from benchmarks.raw import RawSqlite, Write, recording
from wares import Books
from wares_seller.channel_import import import_file
from wares_seller.details import add_details
from wares_seller.matching import match
from wares_seller.search import SearchIndex
from wares_seller.views import balances, sold

LINES = 200_000
PARTS = 5
PRODUCTS = 1_000
LOTS = 3
FIRST_DAY = date(2021, 1, 4)
YEARS = 4
SEARCHED = 100_000
AGAIN = 10.0
"""Times as fast as the import that importing the same file again must be."""
SEARCH, VIEW = 0.050, 1.0
"""Seconds that a search and a view of a year may take."""
HEADER = (
    "Name", "Created at", "Financial Status", "Lineitem name", "Lineitem sku", "Lineitem quantity", "Lineitem price", "Shipping",
    "Taxes", "Discount Amount", "Refunded Amount", "Currency",
)  # fmt: skip
TYPED = ("usb cabel 2m", "vintge lamp", "SKU-0123", "SKU-01234X", "lether wallet brown", "goldd ring silvr", "usb ca", "mug")
WORDS = """
red blue green mug cup pot usb cable steel wood large small vintage lamp desk chair phone case charger 2m 5m leather wallet shoe
boot shirt cotton silk wool hat glove ring gold silver watch band strap book signed card rare box set pack bundle sealed brown
"""


class Part(NamedTuple):
    """Seconds of one part of the file, and the peak of memory after it in MB."""

    imported: float
    imported_raw: float
    overlapping: float  # a file with the same lines that is not the same
    again: float
    matched: float
    matched_raw: float
    memory: float


def measure(run: Run) -> Iterator[Figure]:
    (lines,) = run.sizes(LINES)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        parts, views = alone.submit(history, run.folder, lines).result()
    each = lines // PARTS
    later = parts[1:]  # the first warms up
    yield _beside("import", each, [part.imported for part in later], [part.imported_raw for part in later])
    for what, target, taken in (
        ("the same file again", AGAIN, [part.again for part in later]),
        ("another file with the same lines", None, [part.overlapping for part in later]),
    ):
        times = median([part.imported / one for part, one in zip(later, taken, strict=True)])
        speed = per_second(each / median(taken), "lines")
        goal, met = (f"≥ {target:g}×", times >= target) if target else ("", None)
        yield Figure(what, speed, times, "times as fast as the import", goal, met)
    yield _beside("matching", each, [part.matched for part in later], [part.matched_raw for part in later])
    first, last = parts[1].imported + parts[1].matched, parts[-1].imported + parts[-1].matched
    yield Figure(f"import and matching after {lines:,} lines", per_second(each / last, "lines"), last / first, f"after {each:,}")
    beside = f"{parts[1].memory:,.0f} MB after {2 * each:,} lines"
    yield Figure("peak of memory", f"{parts[-1].memory:,.0f} MB", parts[-1].memory / parts[1].memory, beside)
    for name, shown in views.items():
        yield Figure(name, f"{shown:.2f} s", None, f"{lines // YEARS:,} lines a year", f"≤ {VIEW:g} s", shown <= VIEW)
    yield from _search(run)


def _beside(what: str, lines: int, taken: list[float], raw: list[float]) -> Figure:
    times = median([one / other for one, other in zip(taken, raw, strict=True)])
    beside = f"rows alone {per_second(lines / median(raw), 'lines')}"
    return Figure(what, per_second(lines / median(taken), "lines"), times, beside)


def history(folder: Path, lines: int) -> tuple[list[Part], dict[str, float]]:
    """Import and match a history in parts; what each takes, and then the views of its second year."""
    files = list(write_parts(folder, lines))
    shop, noted, twin_path = open_seller(folder / "seller.db", lines), open_seller(folder / "noted.db", lines), folder / "twin.db"
    open_seller(twin_path, lines).close()
    twin = RawSqlite(f"sqlite:///{twin_path}")
    parts = []
    for file in files:
        of_import = _noted(noted, partial(import_file, noted, file))
        of_match = _noted(noted, lambda: match(noted))
        parts.append(Part(
            seconds(partial(import_file, shop, file)),
            seconds(partial(_replay, twin, of_import)),
            seconds(partial(import_file, shop, _another(file))),
            seconds(partial(import_file, shop, file)),
            seconds(lambda: match(shop)),
            seconds(partial(_replay, twin, of_match)),
            getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        ))  # fmt: skip
    year = FIRST_DAY.year + 1
    views: dict[str, Callable[[], Any]] = {
        "balances of a year": lambda: list(balances(shop, at=year * 10_000 + 1231)["rows"]),
        "sold in a year": lambda: list(sold(shop, year)),
    }
    return parts, {name: seconds(view) for name, view in views.items()}


def _another(file: Path) -> Path:
    other = file.with_name(f"another-{file.name}")
    other.write_bytes(file.read_bytes() + b"\n")
    return other


def _noted(books: Books, work: Callable[[], object]) -> list[list[Write]]:
    assert books.engine is not None
    with recording(books.engine) as transactions:
        work()
    return [transaction for transaction in transactions if transaction]


def _replay(twin: RawSqlite, transactions: list[list[Write]]) -> None:
    for transaction in transactions:
        twin.write(transaction)


def open_seller(path: Path, lines: int) -> Books:
    """Books with products kept by lot and enough of each, bought before the first sale in several lots."""
    books = Books.open(f"sqlite:///{path}")
    books.parties.add("SHOPIFY", name="shopify", kinds=["customer"])
    for number in range(PRODUCTS):
        books.items.add("stock", sku=f"SKU-{number:05d}", name=f"Article {number}", cost_method="specific")
    enough = lines * 3 // PRODUCTS // LOTS + 100
    for lot in range(LOTS):
        for start in range(0, PRODUCTS, 100):
            paid = [{"account": "1350", "amount": "10000000.00", "description": "lot"}]
            bought = books.post("cash_purchase", date=f"2020-0{lot + 1}-05", account="1010", lines=paid).number
            rows = [{"item": f"SKU-{number:05d}", "quantity": enough, "unit_cost": f"{3 + number % 7}.25"}
                    for number in range(start, start + 100)]  # fmt: skip
            add_details(books, bought, rows, rematch=False)
    return books


def write_parts(folder: Path, lines: int) -> Iterator[Path]:
    """The files of the history, oldest orders first."""
    rows = _rows(lines)
    for part in range(PARTS):
        path = folder / f"orders{part}.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(row for row, _ in zip(rows, range(lines // PARTS), strict=False))
        yield path


def _rows(lines: int) -> Iterator[tuple[object, ...]]:
    written = order = 0
    while True:
        order += 1
        day = FIRST_DAY + timedelta(days=written * 365 * YEARS // lines)
        for line in range((1, 1, 2, 3, 2)[order % 5]):
            written += 1
            product = (order * 7 + line * 13) % PRODUCTS
            of_order: tuple[str, ...] = ("",) * 5
            if not line:
                of_order = ("5.00", "1.20" if order % 4 == 0 else "0", "2.00" if order % 5 == 0 else "0",
                            "3.00" if order % 50 == 0 else "0", "USD")  # fmt: skip
            yield (f"#{order}", "" if line else f"{day} 10:00:00 -0500", "" if line else "paid", f"Article {product}",
                   f"SKU-{product:05d}", 1 + order % 3, f"{10 + product % 37}.95", *of_order)  # fmt: skip


def _search(run: Run) -> Iterator[Figure]:
    from rapidfuzz import fuzz, process, utils

    (products,) = run.sizes(SEARCHED)
    chance, words = random.Random(3), WORDS.split()
    names = {f"SKU-{number:06d}": f"{' '.join(chance.sample(words, 5))} {number}" for number in range(products)}
    index = SearchIndex(names)
    made = seconds(lambda: index.search("usb cabel", limit=5))
    found = [_thrice(partial(index.search, text, limit=5)) for text in TYPED]
    options: dict[str, Any] = {"scorer": fuzz.token_set_ratio, "processor": utils.default_process, "score_cutoff": 60, "limit": 5}
    scanned = [_thrice(partial(process.extract, text, names, **options)) for text in TYPED]
    beside = f"scoring every product {max(scanned) * 1e3:.0f} ms"
    times = median([one / other for one, other in zip(found, scanned, strict=True)])
    worst = max(found)
    target = f"≤ {SEARCH * 1e3:.0f} ms"
    yield Figure(f"search, the slowest, {products:,} products", f"{worst * 1e3:.1f} ms", times, beside, target, worst <= SEARCH)
    yield Figure("making the index of it", f"{made:.2f} s")


def _thrice(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)
