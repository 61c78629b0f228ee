"""The pytest plugin that comes with Wares: fixtures for the tests of plugins and hosts.

No module of Wares is imported until a test uses a fixture, so that pytest starts as fast as without Wares. A project's own
fixture of the same name takes precedence, as usual in pytest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from wares.values import Record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wares import Books
    from wares.model import Posted
    from wares.plugin_manager.loader import Plugins
    from wares.testing.clock import Clock
    from wares.testing.laws.subject import Subject


@pytest.fixture
def wares_plugins(request: pytest.FixtureRequest) -> Plugins:
    """The plugins of `books`: the bundled ones and the `plugin` that the test's class or module names; without a name, all
    installed plugins. Override this fixture to choose others."""
    from wares.plugin_manager.loader import load_plugins
    from wares.testing.small_company import plugins_with

    plugin = getattr(request.cls, "plugin", None) or getattr(request.module, "plugin", None)
    return load_plugins() if plugin is None else plugins_with(plugin)


@pytest.fixture(scope="class")
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """The subject of a contract class, in a company that its tests share; each test leaves the company as it was."""
    subject: Subject = request.cls.examined()
    yield subject
    subject.close()


@pytest.fixture
def books(wares_plugins: Plugins) -> Iterator[Books]:
    """Books of their own in memory: chart `general`, currency USD, the parties SUPPLIER and CUSTOMER, location MAIN."""
    from wares.testing.small_company import company

    books = company(wares_plugins)
    yield books
    books.close()


@pytest.fixture
def session(books: Books) -> Iterator[Session]:
    """A host's SQLAlchemy session on the database of `books`, in a transaction that is rolled back in the end;
    `Books(session)` works inside it. It holds the only connection: do not use `books` at the same time."""
    from sqlalchemy.orm import Session

    with Session(books.engine) as session:
        yield session
        session.rollback()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock that Wares reads: 2026-01-01 until the test sets or moves it."""
    from wares.testing.clock import Clock

    clock = Clock().start()
    yield clock
    clock.stop()


@pytest.fixture
def make_item(books: Books) -> Callable[..., str]:
    """`make_item("stock", price="5")` records an item with default name, price and cost, and gives its SKU."""
    count = 0

    def make(type: str, sku: str | None = None, /, **keys: object) -> str:
        nonlocal count
        count += 1
        sku = sku or f"{type.upper().replace('_', '-')}-{count}"
        defaults: Record = {"name": sku, "price": "10", "cost": "4"}
        books.items.add(type, sku=sku, **{**defaults, **keys})
        return sku

    return make


@pytest.fixture
def post(books: Books) -> Callable[..., Posted]:
    """`post("invoice", lines=[...])` posts a document, to CUSTOMER or from SUPPLIER if it names no party."""
    from wares.testing.small_company import post

    def with_party(type: str, /, *, preview: bool = False, **keys: object) -> Posted:
        return post(books, type, preview=preview, **keys)

    return with_party
