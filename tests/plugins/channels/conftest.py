"""Books of a seller, and files as a channel would export them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.books import sound
from tests.conftest import make_company
from wares import Books
from wares_channels.file_import import import_file

Sent = Callable[..., Any]


@pytest.fixture
def books(database: Engine) -> Books:
    """An empty company with a supplier, on each engine."""
    books = Books(engine=database, company=make_company(database))
    books.parties.add("ACME", kinds=["supplier"])
    return books


@pytest.fixture
def seller(books: Books) -> Iterator[Books]:
    """Books with the products MUG and POT; they agree in the end."""
    for sku, name in (("MUG", "Blue mug"), ("POT", "Tea pot")):
        books.items.add("stock", sku=sku, name=name, cost_method="specific")
    yield books
    assert sound(books)


@pytest.fixture
def send(seller: Books, tmp_path: Path) -> Sent:
    """Write a file (header and rows) and import it: what came of it."""

    def sent(
        header: str, *rows: str, channel: str | None = "shopify", encoding: str = "utf-8", delimiter: str = ",", **options: Any
    ) -> Any:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter)
        for row in (header, *rows):
            writer.writerow(cell.strip().replace("\\n", "\n") for cell in row.split("|"))
        file = tmp_path / "export.csv"
        file.write_bytes(text.getvalue().encode(encoding))
        return import_file(seller, file, channel=channel, **options)

    return sent
