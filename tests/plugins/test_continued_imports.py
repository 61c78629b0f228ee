"""Every importer that was killed goes on when it is run again: the books become those of one undisturbed run."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.killed import is_killed
from wares import Books
from wares_bank import file_import as bank
from wares_channels import file_import as channels
from wares_tracking.bulk_costs import add_costs_in_bulk

Importer = Callable[[Books, Path], object]

ITEMS = "sku,type,name,price\n" + "".join(f"S-{n},stock,Screw {n},0.{n + 10}\n" for n in range(30))
LINES = "date,description,amount,category\n" + "".join(
    f"2026-01-{n % 9 + 1:02},Mugs from ACME,-{n % 3 + 1}.00,inventory\n" for n in range(30)
)
SALES = "order,date,sku,quantity,amount\n" + "".join(f"O-{n // 2},2026-02-0{n % 9 + 1},MUG,1,5.00\n" for n in range(30))
COSTS = "sku,cost,date,name\n" + "MUG,2.00,2026-01-01,Blue mug\n"


def _items(books: Books, path: Path) -> object:
    return books.items.import_file(path, chunk=4)


def _bank(books: Books, path: Path) -> object:
    return bank.import_bank_lines(books, path)


def _channel(books: Books, path: Path) -> object:
    columns = {"order": "order", "date": "date", "sku": "sku", "quantity": "quantity", "amount": "amount"}
    return channels.import_file(books, path, channel="fair", mapping=columns)


def _costs(books: Books, path: Path) -> object:
    return add_costs_in_bulk(books, path)


IMPORTERS: Mapping[str, tuple[str, Importer]] = {
    "items": (ITEMS, _items),
    "bank": (LINES, _bank),
    "channel": (SALES, _channel),
    "costs": (COSTS, _costs),
}


def _prepare(database: Path) -> None:
    books = Books.open(str(database))
    books.items.add("stock", sku="MUG", name="Blue mug", cost_method="specific")
    for day in range(1, 9):
        line = {"item": "MUG", "quantity": 1, "amount": "5.00"}
        books.post("cash_sale", date=f"2026-03-0{day}", account="1100", goods="later", lines=[line])
    books.close()


def _state(books: Books) -> list[Any]:
    """The books as a reader sees them, whatever transactions they came in."""
    documents = sorted((row["type"], row["date"], row["total"], row["memo"] or "") for row in books.docs.list())
    items = [(row["sku"], row["name"], row["price"]) for row in books.items.list()]
    return [documents, items, books.gl.trial_balance(), books.stock.list()]


@pytest.mark.parametrize("name", IMPORTERS)
def test_an_importer_that_is_killed_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(bank, "CHUNK", 4)
    monkeypatch.setattr(channels, "CHUNK", 4)
    content, work = IMPORTERS[name]
    (path := tmp_path / "file.csv").write_text(content)
    _prepare(tmp_path / "before.db")
    shutil.copy(tmp_path / "before.db", tmp_path / "whole.db")
    whole = Books.open(str(tmp_path / "whole.db"))
    work(whole, path)
    expected = _state(whole)
    whole.close()
    moments, kills = random.Random(20261201), 0
    for number in range(3):
        database = tmp_path / f"killed-{number}.db"
        shutil.copy(tmp_path / "before.db", database)
        kills += sum(is_killed(database, lambda books: work(books, path), at=moments.randrange(5, 90)) for _ in range(2))
        books = Books.open(str(database))
        work(books, path)
        assert _state(books) == expected
        work(books, path)
        assert _state(books) == expected
        assert books.verify()["ok"]
        books.close()
    assert kills


def test_an_importer_notes_the_line_that_it_has_reached(tmp_path: Path) -> None:
    (path := tmp_path / "items.csv").write_text(ITEMS)
    books = Books.open("sqlite://")
    seen: list[Any] = []
    books.items.import_file(path, chunk=4, progress=lambda *_: seen.append(books.reached))
    assert seen[0] == ("items.csv", 5)  # below the header
    books.close()
