"""Wares inside a host's transaction: what the host commits is committed, what it rolls back is gone, nothing else happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from tests.books import dump, refused
from tests.core.hosts.conftest import Host, stock_up
from wares import Books, Conflict, Refused, run_in_transaction
from wares.errors import StorageError

SALE: dict[str, Any] = {"date": "2026-01-05", "party": "JANE", "lines": [{"item": "BOLT", "quantity": 10}]}


def sell(session: Session, host: Host, **changes: Any) -> Any:
    return Books(session, company=host.company).post("invoice", **(SALE | changes))


def on_hand(host: Host) -> int:
    return int(host.own_books().stock.on_hand("BOLT"))


def test_rows_of_the_host_and_of_wares_are_committed_together(host: Host) -> None:
    with host.sessions() as session, session.begin():
        host.note(session, "order 1")
        sale = sell(session, host)
        host.note(session, "order 1 sold")
        assert session.in_transaction()
        assert (host.notes(), on_hand(host)) == (0, 100), "others see nothing of it yet"
    assert (host.notes(), on_hand(host), sale.number) == (2, 90, "INV-00001")


def test_rows_of_the_host_and_of_wares_are_rolled_back_together(host: Host) -> None:
    before = dump(host.own_books())
    with host.sessions() as session:
        host.note(session, "order 1")
        sell(session, host)
        session.rollback()
    with pytest.raises(ZeroDivisionError), host.sessions() as session, session.begin():  # noqa: PT012  # the block is the transaction
        host.note(session, "order 2")
        sell(session, host)
        raise ZeroDivisionError
    with host.sessions() as session:
        sell(session, host)  # and closed without a commit
    assert host.notes() == 0
    assert dump(host.own_books()) == before


def test_the_session_is_left_as_it_was(host: Host) -> None:
    with host.sessions() as session:
        connection = session.connection()
        transaction = session.get_transaction()
        sell(session, host)
        assert refused(lambda: sell(session, host, party="JIM")) == [("UNKNOWN_PARTY", "party")]
        Books(session, company=host.company).preview("invoice", **SALE)
        assert session.connection() is connection
        assert not connection.closed
        assert session.get_transaction() is transaction
        assert session.get_nested_transaction() is None
        assert not connection.in_nested_transaction()


def test_a_savepoint_of_the_host_takes_its_sales_back(host: Host) -> None:
    with host.sessions() as session, session.begin():
        books = Books(session, company=host.company)
        books.post("invoice", **SALE)
        with pytest.raises(ZeroDivisionError), session.begin_nested():  # noqa: PT012  # the block is the savepoint
            assert books.post("invoice", **SALE).number == "INV-00002"
            raise ZeroDivisionError
        with session.begin_nested():
            with session.begin_nested() as inner:
                assert books.post("invoice", **SALE).number == "INV-00002"
                inner.rollback()
            host.note(session, "kept")
        assert books.stock.on_hand("BOLT") == 90
        assert books.post("invoice", **SALE).number == "INV-00002"
    assert (on_hand(host), host.notes()) == (80, 1)


def test_a_refusal_leaves_nothing_half_written_and_the_host_goes_on(host: Host) -> None:
    with host.sessions() as session, session.begin():
        books = Books(session, company=host.company)
        host.note(session, "before")
        before = dump(books)
        with pytest.raises(Refused, match="INSUFFICIENT_STOCK"):
            books.post_many([{"type": "invoice", **SALE}] * 11)
        assert dump(books) == before
        host.note(session, "after")
        books.post("invoice", **SALE)
    assert (on_hand(host), host.notes()) == (90, 2)


def test_preview_inside_a_host_writes_nothing(host: Host) -> None:
    with host.sessions() as session, session.begin():
        books = Books(session, company=host.company)
        before = dump(books)
        shown = books.preview("invoice", **SALE)
        assert (shown.status, str(shown.cogs)) == ("preview", "10.00")
        assert dump(books) == before


def test_rows_waiting_in_the_session_are_flushed_first(host: Host) -> None:
    from sqlalchemy.orm import registry

    from tests.core.hosts.conftest import orders

    class Order:
        def __init__(self, company: str, note: str) -> None:
            self.company, self.note = company, note

    mapper = registry()
    mapper.map_imperatively(Order, orders)
    try:
        with host.sessions() as session, session.begin():
            order = Order(host.company, "order 1")
            session.add(order)
            sell(session, host)
            assert order.id is not None  # type: ignore[attr-defined]  # mapped by the registry
        assert host.notes() == 1
    finally:
        mapper.dispose()


def test_an_engine_that_was_not_prepared_is_refused_at_the_first_write(tmp_path: Path) -> None:
    Books.open(str(tmp_path / "shop.db")).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    with Session(engine) as session, session.begin():
        books = Books(session)
        assert books.items.list() == []
        with pytest.raises(StorageError) as error:
            books.parties.add("JANE")
        assert (error.value.code, "configure_engine" in error.value.hint) == ("UNCONFIGURED_ENGINE", True)
    engine.dispose()


def test_two_companies_in_one_database_do_not_see_each_other(host: Host, new_company: Callable[[Engine], str]) -> None:
    other = Host(host.engine, new_company(host.engine))
    stock_up(other.own_books())
    other_before = dump(other.own_books())
    with host.sessions() as session, session.begin():
        sell(session, host, number="I-1", key="order-1", reference="R-1")
    assert dump(other.own_books()) == other_before
    with other.sessions() as session, session.begin():
        sale = sell(session, other, number="I-1", key="order-1", reference="R-1")
        assert not sale.repeated
        books = Books(session, company=other.company)
        lines = [{"from": "I-1#1", "quantity": 10, "restock": True}]
        books.post("credit_note", date="2026-01-06", party="JANE", lines=lines)
    assert (on_hand(host), on_hand(other)) == (90, 100)
    with host.sessions() as session, session.begin():
        assert refused(lambda: Books(session).stock.on_hand("BOLT"))[0][0] == "WHICH_COMPANY"


@pytest.mark.postgresql
def test_a_conflict_is_raised_as_retryable_and_the_unit_runs_again(
    postgresql_database: Engine, new_company: Callable[[Engine], str]
) -> None:
    """A host in REPEATABLE READ whose snapshot is older than the last sale."""
    host = Host(postgresql_database.execution_options(isolation_level="REPEATABLE READ"), new_company(postgresql_database))
    own = Host(postgresql_database, host.company)
    stock_up(own.own_books())
    attempts = 0

    def unit(session: Session) -> str:
        nonlocal attempts
        attempts += 1
        assert Books(session, company=host.company).stock.on_hand("BOLT") in (100, 90)
        if attempts == 1:
            own.own_books().post("invoice", **SALE)
            with pytest.raises(Conflict) as conflict:
                sell(session, host)
            assert conflict.value.retryable
            raise conflict.value
        return str(sell(session, host).number)

    assert run_in_transaction(host.sessions, unit) == "INV-00002"
    assert (attempts, on_hand(own)) == (2, 80)


def test_run_in_transaction_runs_the_whole_unit_again(host: Host) -> None:
    attempts = []

    def unit(session: Session) -> None:
        attempts.append(session)
        host.note(session, "order")
        sell(session, host)
        if len(attempts) < 3:
            raise Conflict("BUSY", "another writer", retryable=True)

    run_in_transaction(host.sessions, unit)
    assert (len(set(attempts)), host.notes(), on_hand(host)) == (3, 1, 90)
    with pytest.raises(Refused):
        run_in_transaction(host.sessions, lambda session: sell(session, host, party="JIM"))
