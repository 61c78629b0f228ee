"""One migrated database per worker; every history gets a company of its own.
`pytest tests/core/laws --hypothesis-profile=long` tries a thousand histories for each law, for most of an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from tests.core.laws.factory import factory
from tests.core.laws.histories import LONG, workshop
from wares import Books
from wares.recosting import consumption_changes, move_pages, pool_fold

settings.register_profile("long", LONG)


@pytest.fixture(autouse=True, scope="session")
def small_pages() -> Iterator[None]:
    """A history of a few dozen moves spans several pages, as one of a million does with pages of their usual size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(move_pages, "FIRST", 3)
        patch.setattr(move_pages, "LARGEST", 7)
        patch.setattr(pool_fold, "TOGETHER", 2)
        patch.setattr(consumption_changes, "_TOGETHER", 3)
        yield


@pytest.fixture(scope="session")
def laws_books() -> Iterator[Books]:
    books = Books.open("sqlite://")
    yield books
    books.close()


@pytest.fixture(scope="session")
def new_workshop(laws_books: Books) -> Callable[..., Books]:
    return lambda **options: workshop(laws_books.engine, laws_books.plugins, **options)


@pytest.fixture(scope="session")
def new_factory(laws_books: Books) -> Callable[..., Books]:
    return lambda **options: factory(laws_books.engine, laws_books.plugins, **options)
