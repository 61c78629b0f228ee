"""Which files were read in: told by what is in them, not by their names."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.books import refused
from tests.conftest import make_company
from wares import Books


@pytest.fixture
def books(database: Engine) -> Books:
    return Books(engine=database, company=make_company(database))


def test_a_file_is_known_by_its_content(books: Books, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("sku\nA\n")
    second.write_text("sku\nA\n")
    of = books.sources.fingerprint(first, "items")
    assert books.sources.find(of) is None
    books.sources.remember(of, name=first.name, rows=1)
    books.sources.remember(of, name="told again", rows=2)
    assert books.sources.find(books.sources.fingerprint(second, "items")) == {"rows": 1}
    assert [(row["name"], row["rows"], row["fingerprint"]) for row in books.sources.list()] == [("a.csv", 1, of)]
    assert books.sources.find(books.sources.fingerprint(first, "items", "DMY")) is None
    second.write_text("sku\nB\n")
    assert books.sources.find(books.sources.fingerprint(second, "items")) is None


def test_a_file_that_is_not_there(books: Books, tmp_path: Path) -> None:
    assert refused(lambda: books.sources.fingerprint(tmp_path / "none.csv")) == [("NO_FILE", "")]
