"""A seller's history: a channel's file imported, imported again, matched and previewed; views of a year; a search among many
products.

The file is a Shopify export of orders of one to three lines with shipping, taxes, discounts and refunds, cut into parts that are
imported one after the other, so that speed and memory are measured while the books grow. Three processes measure one thing each:
the driver alone writing the same rows, the whole history with its views, and a preview of it. Seconds are processor time; those of
searches and views are the median of three.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any, NamedTuple

from benchmarks.measure import Figure, Run, median, per_second, processor_seconds
from benchmarks.raw import RawSqlite, Write, recording
from wares import Books
from wares_channels.file_import import import_file
from wares_profit.attribution import BY
from wares_profit.profit import profit
from wares_tracking.balances import inventory_balances
from wares_tracking.days import days_of
from wares_tracking.details import add_details
from wares_tracking.matching import match
from wares_tracking.on_hand import in_stock
from wares_tracking.product_totals import product_totals
from wares_tracking.search import SearchIndex
from wares_tracking.sold import sold_in

LINES, FULL = 200_000, 1_000_000
PARTS = 5
PRODUCTS = 1_000
LOTS = 3
FIRST_DAY = date(2021, 1, 4)
YEARS = 4
SEARCHED = 100_000
AGAIN = 10.0
"""Least ratio of the speed of importing the same file again to the first import."""
SEARCH, VIEW = 0.050, 1.0
"""Largest number of seconds of a search and of a view of a year."""
AT_ONCE = ("balances of a year", "sold in a year")
"""The views that must keep that limit."""
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
    """The figures of one part of the history, in seconds of processor time."""

    imported: float
    """The first import of its file."""
    overlapping: float
    """The import of another file with the same lines."""
    again: float
    """The second import of its file."""
    matched: float
    """The matching of its lines."""
    memory: float
    """Peak memory of the process after it, in MB."""


class Beside(NamedTuple):
    """Seconds of processor time of one part, and of the driver alone with its rows."""

    imported: float
    imported_raw: float
    matched: float
    matched_raw: float


def measure(run: Run) -> Iterator[Figure]:
    lines = FULL if run.full else run.sizes(LINES)[0]
    with ProcessPoolExecutor(3, mp_context=get_context("spawn"), max_tasks_per_child=1) as alone:
        beside = alone.submit(side_by_side, run.folder, min(lines, LINES) // PARTS).result()
        parts, rows, views = alone.submit(history, run.folder, lines).result()
        previewed, memory = alone.submit(preview, run.folder, lines).result()
    yield _ratio("import", [part.imported for part in beside], [part.imported_raw for part in beside])
    yield _ratio("matching", [part.matched for part in beside], [part.matched_raw for part in beside])
    each, later = lines // PARTS, parts[1:]  # the first warms up
    imported, matched = sum(part.imported for part in parts), sum(part.matched for part in parts)
    yield Figure(f"import of {lines:,} lines", f"{imported:,.0f} s, {per_second(lines / imported, 'lines')}")
    yield Figure("matching them", f"{matched:,.0f} s, {per_second(lines / matched, 'lines')}")
    for what, target, taken in (
        ("the same file again", AGAIN, [part.again for part in later]),
        ("another file with the same lines", None, [part.overlapping for part in later]),
    ):
        times = median([part.imported / one for part, one in zip(later, taken, strict=True)])
        goal, met = (f"≥ {target:g}×", times >= target) if target else ("", None)
        yield Figure(what, per_second(each / median(taken), "lines"), times, "times as fast as the import", goal, met)
    first, last = parts[1].imported + parts[1].matched, parts[-1].imported + parts[-1].matched
    yield Figure(
        f"import and matching after {lines:,} lines", per_second(each / last, "lines"), last / first, f"after {2 * each:,}"
    )
    yield _memory("peak of memory", parts[-1].memory, parts[1].memory, 2 * each)
    yield Figure(f"preview of {lines:,} lines", f"{previewed:,.0f} s, {per_second(lines / previewed, 'lines')}")
    yield _memory("peak of memory of the preview", memory[-1], memory[0], lines // 10)
    for name, (shown, found) in views.items():
        goal, met = (f"≤ {VIEW:g} s", shown <= VIEW) if name in AT_ONCE else ("", None)
        yield Figure(f"{name} ({found:,} rows)", f"{shown:.2f} s", None, f"{rows:,} lines of a year", goal, met)
    yield from _search(run)


def _ratio(what: str, taken: list[float], raw: list[float]) -> Figure:
    times = median([one / other for one, other in zip(taken, raw, strict=True)])
    return Figure(
        f"{what}, beside the driver writing the same rows", f"{median(taken):.1f} s", times, f"rows alone {median(raw):.1f} s"
    )


def _memory(what: str, last: float, first: float, lines: int) -> Figure:
    return Figure(what, f"{last:,.0f} MB", last / first, f"{first:,.0f} MB after {lines:,} lines")


def side_by_side(folder: Path, lines: int) -> list[Beside]:
    """Import and match a short history, and have the driver write the same rows, in turns."""
    files = list(write_parts(folder, lines))
    shop, noted, twin_path = open_seller(folder / "beside.db", lines), open_seller(folder / "noted.db", lines), folder / "twin.db"
    open_seller(twin_path, lines).close()
    twin, parts = RawSqlite(f"sqlite:///{twin_path}"), []
    for file in files:
        of_import = _noted(noted, partial(import_file, noted, file))
        of_match = _noted(noted, partial(match, noted))
        parts.append(Beside(
            processor_seconds(partial(import_file, shop, file)), processor_seconds(partial(_replay, twin, of_import)),
            processor_seconds(partial(match, shop)), processor_seconds(partial(_replay, twin, of_match)),
        ))  # fmt: skip
    return parts[1:]


def history(folder: Path, lines: int) -> tuple[list[Part], int, dict[str, tuple[float, int]]]:
    """Import and match a history in parts. Return the figures of each part, the number of lines of the second year, and for each
    view of that year its seconds and its number of rows."""
    shop, parts = open_seller(folder / "seller.db", lines), []
    for file in write_parts(folder, lines):
        parts.append(Part(
            processor_seconds(partial(import_file, shop, file)),
            processor_seconds(partial(import_file, shop, _another(file))),
            processor_seconds(partial(import_file, shop, file)),
            processor_seconds(partial(match, shop)),
            getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        ))  # fmt: skip
    year = FIRST_DAY.year + 1
    since, until = days_of(year)
    views: dict[str, Callable[[], list[Any]]] = {
        "balances of a year": lambda: inventory_balances(shop, year=year)["rows"],
        "sold in a year": lambda: list(sold_in(shop, year)),
        "sold in a year, missing cost": lambda: list(sold_in(shop, year, missing_cost=True)),
        "in stock": partial(in_stock, shop),
        "products, sold in a year": partial(product_totals, shop, year=year),
        **{f"profit of a year by {by}": partial(profit, shop, by, since=since, until=until) for by in BY},
    }
    sold_lines = len(views["sold in a year"]())
    return parts, sold_lines, {name: (_thrice(view), len(view())) for name, view in views.items()}


def preview(folder: Path, lines: int) -> tuple[float, list[float]]:
    """Preview the whole history in one file; return the seconds, and the peak memory after each tenth in MB."""
    shop, whole = open_seller(folder / "preview.db", lines), folder / "whole.csv"
    peaks: list[float] = []
    with whole.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(islice(_rows(lines), lines))

    def progress(done: int, total: int) -> None:
        while len(peaks) < done * 10 // total:
            peaks.append(getrusage(RUSAGE_SELF).ru_maxrss / 1024)

    taken = processor_seconds(lambda: import_file(shop, whole, dry_run=True, progress=progress))
    return taken, [*peaks, getrusage(RUSAGE_SELF).ru_maxrss / 1024]


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
    """Open books with products tracked by lot and enough stock of each, bought before the first sale in several lots."""
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
    """Yield the files of the history, oldest orders first."""
    rows = _rows(lines)
    for part in range(PARTS):
        path = folder / f"orders{part}.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(islice(rows, lines // PARTS))
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

    (many,) = run.sizes(SEARCHED)
    chance, words = random.Random(3), WORDS.split()
    names = {f"SKU-{number:06d}": f"{' '.join(chance.sample(words, 5))} {number}" for number in range(many)}
    first = [_thrice(partial(_search_once, names, text)) for text in TYPED]
    index = SearchIndex(names)
    index.search(TYPED[0], limit=5)
    made = processor_seconds(lambda: index.search(TYPED[0], limit=5))
    found = [_thrice(partial(index.search, text, limit=5)) for text in TYPED]
    options: dict[str, Any] = {"scorer": fuzz.token_set_ratio, "processor": utils.default_process, "score_cutoff": 60, "limit": 5}
    scanned = [_thrice(partial(process.extract, text, names, **options)) for text in TYPED]
    beside = f"scoring every product {max(scanned) * 1e3:.0f} ms"
    times = median([one / other for one, other in zip(found, scanned, strict=True)])
    worst = max(found)
    target = f"≤ {SEARCH * 1e3:.0f} ms"
    yield Figure(
        f"search as one types, the slowest, {many:,} products", f"{worst * 1e3:.1f} ms", times, beside, target, worst <= SEARCH
    )
    yield Figure("the first search, the slowest", f"{max(first) * 1e3:.0f} ms")
    yield Figure("making the index, at the second", f"{made:.2f} s")


def _search_once(names: Mapping[str, str], text: str) -> object:
    return SearchIndex(names).search(text, limit=5)


def _thrice(work: Callable[[], object]) -> float:
    return median([processor_seconds(work) for _ in range(3)])
