"""The shop of the benchmarks: its items, its opening stock, and its documents.

All values come from counters, so that two shops made in the same way hold the same rows with the same ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from wares import Books
from wares.books import default_plugins
from wares.plugin_manager.loader import Plugins

ITEMS = 200
"""Number of stock items, at average cost and FIFO in turn."""
FIRST_DAY = date(2020, 1, 1)
DOCUMENTS_A_DAY = 100
PLENTY = 10_000_000

Record = dict[str, Any]


def open_shop(url_or_path: str | Path, *, items: int = ITEMS, plugins: Plugins | None = None) -> Books:
    """Open a new database with one company, its items and plenty of each in stock."""
    books = Books.open(str(url_or_path), plugins=plugins or default_plugins())
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    for number in range(items):
        price, unit_cost = f"{10 + number % 37}.95", cost(number)
        books.items.add("stock", sku=sku(number), name=f"Article {number}", price=price, cost=unit_cost, cost_method=method(number))
    five = [{"sku": sku(number), "quantity": str(number + 1)} for number in range(5)]
    books.items.add("kit", sku="KIT", name="Kit of five", price="199.00", components=five)
    books.items.add("assembly", sku="BUILT", name="Built of five", price="249.00", components=five)
    for start in range(0, items, 50):
        books.post("bill", date=FIRST_DAY.isoformat(), party="ACME", lines=[
            {"item": sku(number), "quantity": PLENTY, "unit_cost": cost(number)} for number in range(start, min(start + 50, items))
        ])  # fmt: skip
    return books


def sku(number: int) -> str:
    return f"PART-{number:04d}"


def method(number: int) -> str:
    return ("average", "fifo")[number % 2]


def cost(number: int) -> str:
    return f"{3 + number % 17}.{number % 89:02d}"


# --- documents -------------------------------------------------------------------------------------------------------


def day_of(document: int) -> str:
    return (FIRST_DAY + timedelta(days=1 + document // DOCUMENTS_A_DAY)).isoformat()


def invoice(document: int, *, items: int = ITEMS) -> Record:
    """Return an invoice of four lines of four items."""
    lines = [{"item": sku((document * 7 + step * 13) % items), "quantity": str(1 + (document + step) % 5)} for step in range(4)]
    return {"type": "invoice", "date": day_of(document), "party": "JANE", "lines": lines}


def kit(document: int) -> Record:
    return {"type": "invoice", "date": day_of(document), "party": "JANE", "lines": [{"item": "KIT", "quantity": "1"}]}


def build(document: int) -> Record:
    return {"type": "build", "date": day_of(document), "lines": [{"item": "BUILT", "quantity": "1"}]}


def bill(document: int, *, items: int = ITEMS) -> Record:
    """Return a bill of four lines of four items, each a new layer."""
    lines = [
        {"item": sku(number), "quantity": "20", "unit_cost": cost(number + document % 7)}
        for number in ((document * 11 + step * 17) % items for step in range(4))
    ]
    return {"type": "bill", "date": day_of(document), "party": "ACME", "lines": lines}


def trade(start: int = 0) -> Iterator[Record]:
    """Yield documents without end: invoices, and every tenth a bill."""
    for document in count(start):
        yield bill(document) if document % 10 == 9 else invoice(document)


DOCUMENTS = {"invoice of 4 lines": invoice, "kit of 5": kit, "build of 5": build}
