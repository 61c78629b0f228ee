"""A host application: an engine of its own, a table of its own, sessions of its own, and books in the same database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.books import sound
from tests.conftest import ENGINES
from wares import Books

host_metadata = MetaData()
orders = Table(
    "host_order", host_metadata, Column("id", Integer, primary_key=True), Column("company", String), Column("note", String)
)


class Host:
    """What a web application would have at hand."""

    def __init__(self, engine: Engine, company: str) -> None:
        self.engine = engine
        self.company = company
        self.sessions = sessionmaker(engine)

    def own_books(self) -> Books:
        """The same books, in transactions of their own."""
        return Books(engine=self.engine, company=self.company)

    def note(self, session: Session, note: str) -> None:
        session.execute(orders.insert().values(company=self.company, note=note))

    def notes(self) -> int:
        """How many notes are committed."""
        with Session(self.engine.execution_options(wares_read=True)) as session:  # does not wait for the writer
            return session.scalar(select(func.count()).select_from(orders).where(orders.c.company == self.company)) or 0


@pytest.fixture(params=ENGINES)
def host(request: pytest.FixtureRequest, new_company: Callable[[Engine], str]) -> Iterator[Host]:
    """A host on each engine, with a company that holds 100 BOLT."""
    name = {"sqlite": "sqlite_file_database", "postgresql": "postgresql_database"}[request.param]
    engine: Engine = request.getfixturevalue(name)
    host_metadata.create_all(engine)
    host = Host(engine, new_company(engine))
    stock_up(host.own_books())
    yield host
    assert sound(host.own_books())


def stock_up(books: Books) -> None:
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.items.add("stock", sku="BOLT", name="Bolt", price="2", cost="1")
    books.post("bill", date="2026-01-01", party="ACME", lines=[{"item": "BOLT", "quantity": 100}])
