"""Reads in a host's session see one state of the books, or are refused: nothing is read half before and half after a commit.

PostgreSQL's default, READ COMMITTED, shows each commit to the next statement. A transaction of SQLite is a snapshot.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.core.hosts.conftest import Host
from wares import Books, Conflict, Refused, Report
from wares import hookimpl as implements
from wares.plugin_manager.loader import load_plugins
from wares.services import consistent_reads
from wares.storage.unit import Reader

SALE: dict[str, Any] = {"date": "2026-01-05", "party": "JANE", "lines": [{"item": "BOLT", "quantity": 1}]}


@pytest.fixture
def host(postgresql_database: Engine, new_company: Callable[[Engine], str]) -> Host:
    from tests.core.hosts.conftest import stock_up

    host = Host(postgresql_database, new_company(postgresql_database))
    stock_up(host.own_books())
    return host


def numbers(reader: Reader) -> int:
    """The number of documents."""
    row = reader.row("SELECT COUNT(*) FROM wares_document WHERE company_id = ?")
    assert row is not None
    return int(row[0])


class TwoReads:
    """A unit that counts documents twice, while another writer posts between, the first `times` times."""

    def __init__(self, host: Host, times: int) -> None:
        self.writer = host.own_books()
        self.left = times
        self.runs = 0

    def __call__(self, reader: Reader, _: object = None) -> tuple[int, int]:
        self.runs += 1
        first = numbers(reader)
        if self.left:
            self.left -= 1
            self.writer.post("invoice", **SALE)
        return first, numbers(reader)


@contextmanager
def session_of(host: Host, isolation: str) -> Iterator[Session]:
    with Session(host.engine.execution_options(isolation_level=isolation)) as session:
        yield session


def test_a_read_is_done_again_when_others_wrote_meanwhile(host: Host) -> None:
    unit = TwoReads(host, 1)
    with session_of(host, "READ COMMITTED") as session:
        assert Books(session, company=host.company).reading(unit) == (2, 2)
    assert unit.runs == 2


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "AUTOCOMMIT"])
def test_a_read_that_never_gets_the_time_is_refused(host: Host, isolation: str) -> None:
    unit = TwoReads(host, 100)
    with session_of(host, isolation) as session, pytest.raises(Conflict) as conflict:
        Books(session, company=host.company).reading(unit)
    assert (conflict.value.code, conflict.value.retryable) == ("SNAPSHOT_NEEDED", True)
    assert "REPEATABLE READ" in conflict.value.hint
    assert unit.runs == consistent_reads.READS


def test_a_long_read_is_not_done_again(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consistent_reads, "REPEATING_SECONDS", 0.0)
    unit = TwoReads(host, 100)
    with session_of(host, "READ COMMITTED") as session, pytest.raises(Conflict, match="SNAPSHOT_NEEDED"):
        Books(session, company=host.company).reading(unit)
    assert unit.runs == 1


def test_a_snapshot_needs_no_second_read(host: Host) -> None:
    for isolation in ("REPEATABLE READ", "SERIALIZABLE"):
        unit = TwoReads(host, 1)
        with session_of(host, isolation) as session:
            first, second = Books(session, company=host.company).reading(unit)
        assert (first == second, unit.runs) == (True, 1)


def test_a_problem_that_comes_from_two_states_is_not_told(host: Host) -> None:
    unit = TwoReads(host, 1)

    def fails(reader: Reader, masters: object) -> tuple[int, int]:
        first, second = unit(reader)
        if first != second:
            raise Refused.because("UNBALANCED", "the books are damaged")
        return first, second

    with session_of(host, "READ COMMITTED") as session:
        assert Books(session, company=host.company).reading(fails) == (2, 2)


def test_a_refusal_of_one_state_is_told(host: Host) -> None:
    with session_of(host, "READ COMMITTED") as session, pytest.raises(Refused, match="UNKNOWN_ITEM"):
        Books(session, company=host.company).stock.on_hand("BOLD")


def test_a_session_that_has_written_reads_on_undisturbed(host: Host) -> None:
    """Its own units raise the version too, and nobody else writes until it is committed."""
    with session_of(host, "READ COMMITTED") as session:
        books = Books(session, company=host.company)
        with books.recorded():
            books.post("invoice", **SALE)
            with pytest.raises(Refused):
                books.post("invoice", **SALE | {"party": "JIM"})
        assert books.verify()["ok"]
        session.rollback()


def test_recorded_and_export_say_so_at_their_end(host: Host) -> None:
    with session_of(host, "READ COMMITTED") as session:
        books = Books(session, company=host.company)
        with pytest.raises(Conflict, match="SNAPSHOT_NEEDED"), books.recorded():
            host.own_books().post("invoice", **SALE)
        with books.recorded() as recorded:
            assert recorded is not None

        class Meanwhile(io.StringIO):
            def write(self, text: str) -> int:
                if not self.tell():
                    host.own_books().post("invoice", **SALE)
                return super().write(text)

        with pytest.raises(Conflict, match="SNAPSHOT_NEEDED"):
            books.gl.export(Meanwhile())
        assert books.gl.export(io.StringIO()) > 0


def test_a_report_sees_one_state(host: Host) -> None:
    writer, runs = host.own_books(), []

    class Sales(Report):
        key = "sales_twice"
        title = "Sales, counted twice"
        columns = ("first", "second")

        def rows(self, books: Any, _parameters: object) -> list[dict[str, int]]:
            runs.append(1)
            first = len(books.docs.list())
            if len(runs) == 1:
                writer.post("invoice", **SALE)
            return [{"first": first, "second": len(books.docs.list())}]

    class Plugin:
        @implements
        def wares_reports(self) -> list[Report]:
            return [Sales()]

    plugins = load_plugins(extra=[Plugin()])
    with session_of(host, "READ COMMITTED") as session:
        assert Books(session, company=host.company, plugins=plugins).reports.run("sales_twice") == [{"first": 2, "second": 2}]
    assert len(runs) == 2


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
def test_verify_gives_no_false_alarm_while_others_write(host: Host, isolation: str) -> None:
    done = threading.Event()

    def sell() -> None:
        books = host.own_books()
        while not done.wait(0.03):
            books.post("invoice", **SALE | {"lines": [{"item": "BOLT", "quantity": "0.01"}]})

    writers = [threading.Thread(target=sell) for _ in range(2)]
    for writer in writers:
        writer.start()
    outcomes: list[str] = []
    try:
        for _ in range(4):
            with session_of(host, isolation) as session:
                books = Books(session, company=host.company)
                try:
                    outcomes.append("ok" if books.verify()["ok"] else "alarm")
                    rows = books.gl.trial_balance()
                    assert sum(row["debit"] for row in rows) == sum(row["credit"] for row in rows)
                except Conflict as conflict:
                    outcomes.append(conflict.code)
    finally:
        done.set()
        for writer in writers:
            writer.join()
    allowed = {"ok"} if isolation == "REPEATABLE READ" else {"ok", "SNAPSHOT_NEEDED"}
    assert set(outcomes) <= allowed
