"""Fresh books for a test: one company in a database of its own, with a supplier and a customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wares import Books


@pytest.fixture
def books() -> Iterator[Books]:
    from wares import Books

    books = Books.open("sqlite://")
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    yield books
    books.close()
