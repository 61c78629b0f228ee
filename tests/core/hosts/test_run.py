"""`books.run`: several calls as one transaction, ours or within a host's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from tests.core.hosts.conftest import Host, stock_up
from wares import Books, Conflict, Refused, hookimpl
from wares.plugin_manager.loader import load_plugins
from wares.storage import attempt
from wares.storage.database import open_engine, sql

SALE: dict[str, Any] = {"date": "2026-01-05", "party": "JANE", "lines": [{"item": "BOLT", "quantity": 10}]}


def test_all_of_it_is_committed_together(host: Host) -> None:
    def unit(books: Books) -> list[str]:
        numbers = [books.post("invoice", **SALE).number for _ in range(2)]
        assert books.stock.on_hand("BOLT") == 80, "it sees what it did"
        return numbers

    books = host.own_books()
    assert books.run(unit) == ["INV-00001", "INV-00002"]
    assert books.stock.on_hand("BOLT") == 80


def test_a_refusal_undoes_all_of_it(host: Host) -> None:
    def unit(books: Books) -> None:
        books.parties.add("JIM", kinds=["customer"])
        books.post("invoice", **SALE)
        books.post("invoice", **{**SALE, "lines": [{"item": "BOLT", "quantity": 1000}]})

    books = host.own_books()
    with pytest.raises(Refused, match="INSUFFICIENT_STOCK"):
        books.run(unit)
    assert books.stock.on_hand("BOLT") == 100
    assert "JIM" not in {row["code"] for row in books.parties.list()}


def test_a_conflict_runs_all_of_it_again(host: Host) -> None:
    attempts: list[int] = []

    def unit(books: Books) -> str:
        number = books.post("invoice", **SALE).number
        attempts.append(1)
        if len(attempts) == 1:
            raise Conflict("BUSY", "another was faster", retryable=True)
        return number

    books = host.own_books()
    assert books.run(unit) == "INV-00001"
    assert (len(attempts), books.stock.on_hand("BOLT")) == (2, 90)


def test_events_wait_for_the_commit(host: Host) -> None:
    told: list[str] = []

    class Listens:
        @hookimpl
        def wares_posted(self, document: Any) -> None:
            told.append(document.number)

    def unit(books: Books) -> None:
        books.post("invoice", **SALE)
        assert told == []

    books = Books(engine=host.engine, company=host.company, plugins=load_plugins(extra=[Listens()]))
    books.run(unit)
    assert told == ["INV-00001"]


def test_inside_a_host_s_session_it_is_the_host_s_to_commit(host: Host) -> None:
    with host.sessions() as session:
        books = Books(session, company=host.company)
        host.note(session, "order 1")
        assert books.run(lambda within: within.post("invoice", **SALE).number) == "INV-00001"
        with pytest.raises(ZeroDivisionError):
            books.run(lambda within: (within.post("invoice", **SALE), 1 / 0))
        assert books.stock.on_hand("BOLT") == 90, "only what failed is undone"
        session.rollback()
    assert (host.notes(), host.own_books().stock.on_hand("BOLT")) == (0, 100)


def test_a_credit_limit_holds_when_four_sell_at_once(host: Host) -> None:
    """Each of the four reads the balance of receivables, has time to think, and sells for 20.00 if at most 20.00 stay open."""
    start = threading.Barrier(4)

    def within_the_limit(books: Books) -> str:
        if books.gl.balance("1200") + 20 > 20:
            return "over the limit"
        time.sleep(0.05)
        return books.post("invoice", **SALE).number

    def sell(_: int) -> str:
        start.wait(30)
        return host.own_books().run(within_the_limit)

    with ThreadPoolExecutor(4) as threads:
        outcomes = sorted(threads.map(sell, range(4)))
    assert outcomes == ["INV-00001", "over the limit", "over the limit", "over the limit"]


@pytest.fixture
def held_books(postgresql_database: Engine, new_company: Callable[[Engine], str]) -> Iterator[tuple[Books, Connection]]:
    """Books whose head row another transaction holds, and that transaction's connection."""
    books = Books(engine=postgresql_database, company=new_company(postgresql_database))
    stock_up(books)
    with postgresql_database.connect() as holder:
        sql(holder, "UPDATE wares_company SET version = version + 1 WHERE code = ?", (books.company,))
        yield books, holder


@pytest.mark.postgresql
@pytest.mark.parametrize("call", [
    lambda books: books.post("invoice", **SALE),
    lambda books: books.run(lambda within: within.post("invoice", **SALE)),
], ids=["post", "run"])  # fmt: skip
def test_a_writer_that_waits_too_long_is_told(
    held_books: tuple[Books, Connection],
    call: Callable[[Books], Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(attempt, "NOTE_SECONDS", 0.1)
    monkeypatch.setattr(attempt, "LOCK_SECONDS", 0.4)
    books, holder = held_books
    started = time.monotonic()
    with pytest.raises(Conflict) as conflict:
        call(books)
    assert 0.4 <= time.monotonic() - started < 20, "it waits for its whole time, and only once"
    assert (conflict.value.code, conflict.value.retryable) == ("LOCK_TIMEOUT", True)
    notes = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(notes) == 1, "the log says so once"
    assert notes[0].startswith("waiting for another writer of the books")
    holder.rollback()
    assert books.stock.on_hand("BOLT") == 100, "nothing was written"
    call(books)
    assert books.stock.on_hand("BOLT") == 90


@pytest.mark.postgresql
def test_a_writer_gets_its_turn_when_the_one_before_it_ends(
    held_books: tuple[Books, Connection], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(attempt, "NOTE_SECONDS", 0.1)
    books, holder = held_books
    with ThreadPoolExecutor(1) as thread:
        number = thread.submit(lambda: books.post("invoice", **SALE).number)
        while not any("waiting for another writer" in record.getMessage() for record in caplog.records):
            time.sleep(0.01)
        holder.rollback()
        assert number.result(timeout=60) == "INV-00001"


@pytest.mark.postgresql
def test_a_limit_of_the_connection_itself_stands(
    postgresql_database: Engine, new_company: Callable[[Engine], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`lock_timeout` in the options of the URL: the limit of Wares would be 30 seconds."""
    url = postgresql_database.url.update_query_dict({"options": "-c lock_timeout=50ms"})
    engine = open_engine(url.render_as_string(hide_password=False))
    books = Books(engine=engine, company=new_company(postgresql_database))
    stock_up(books)
    with postgresql_database.connect() as holder:
        sql(holder, "UPDATE wares_company SET version = version + 1 WHERE code = ?", (books.company,))
        with pytest.raises(Conflict, match="LOCK_TIMEOUT"):
            books.post("invoice", **SALE)
    engine.dispose()
