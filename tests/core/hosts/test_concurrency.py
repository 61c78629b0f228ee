"""Many writers of one company: nothing is oversold, numbers have no gap, ids come once, and a key records once."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.books import refused, sound
from tests.core.hosts.conftest import Host, stock_up
from wares import Books, Refused
from wares.storage.database import open_engine
from wares.testing.databases import own_database

SALE: dict[str, Any] = {"date": "2026-01-05", "party": "JANE", "lines": [{"item": "BOLT", "quantity": 7}]}


def outcome(call: Callable[[], Any]) -> str:
    """The number posted, or the code of the refusal."""
    try:
        return str(call().number)
    except Refused as refusal:
        return refusal.code


def check_all_sold(host: Host, outcomes: list[str]) -> None:
    """14 sales of 7 of 100 fit, whoever made them."""
    sold = sorted(each for each in outcomes if each != "INSUFFICIENT_STOCK")
    assert sold == [f"INV-{number:05d}" for number in range(1, 15)]
    books = host.own_books()
    assert int(books.stock.on_hand("BOLT")) == 2
    assert sound(books)


def test_threads_with_books_of_their_own(host: Host) -> None:
    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(lambda _: outcome(lambda: host.own_books().post("invoice", **SALE)), range(18)))
    check_all_sold(host, outcomes)


def test_threads_that_share_one_books(host: Host) -> None:
    books = host.own_books()
    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(lambda _: outcome(lambda: books.post("invoice", **SALE)), range(18)))
    check_all_sold(host, outcomes)


def test_threads_with_sessions_of_the_host(host: Host) -> None:
    def sell(number: int) -> str:
        with host.sessions() as session, session.begin():
            host.note(session, f"order {number}")
            return outcome(lambda: Books(session, company=host.company).post("invoice", **SALE))

    with ThreadPoolExecutor(6) as threads:
        check_all_sold(host, list(threads.map(sell, range(18))))
    assert host.notes() == 18


def test_masters_change_while_others_sell(host: Host) -> None:
    """Caches of one thread see what another changed: after the price is 3, nothing is sold at 2."""
    books = host.own_books()
    books.post("invoice", **SALE)
    host.own_books().items.edit("BOLT", price="3")
    assert str(books.post("invoice", **SALE).total) == "21.00"
    host.own_books().locations.add("SHOP", name="The shop")
    books.post("transfer", date="2026-01-06", to_location="SHOP", lines=[{"item": "BOLT", "quantity": 1}])


def _sell_in_a_process(url: str, company: str, attempts: int) -> list[str]:
    books = Books(engine=open_engine(url), company=company)
    outcomes = [outcome(lambda: books.post("invoice", **SALE)) for _ in range(attempts)]
    books.close()
    return outcomes


def test_processes(host: Host) -> None:
    url = host.engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as processes:
        running = [processes.submit(_sell_in_a_process, url, host.company, 6) for _ in range(3)]
        outcomes = [each for process in running for each in process.result()]
    check_all_sold(host, outcomes)


# --- idempotency keys ----------------------------------------------------------------------------------------------------


def test_the_same_key_returns_the_first_result(host: Host) -> None:
    books = host.own_books()
    first = books.post("invoice", key="order-1", **SALE)
    again = books.post("invoice", key="order-1", **SALE)
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.id, again.number, again.total, again.cogs) == (first.id, first.number, first.total, first.cogs)
    assert [(row["account"], row["debit"], row["credit"]) for row in again.entries] == [
        (row["account"], row["debit"], row["credit"]) for row in first.entries
    ]
    assert refused(lambda: books.post("invoice", key="order-1", **SALE | {"memo": "x"})) == [("KEY_REUSED", "key")]
    assert refused(lambda: books.post("cash_sale", key="order-1", lines=SALE["lines"])) == [("KEY_REUSED", "key")]
    assert int(books.stock.on_hand("BOLT")) == 93


def test_the_same_key_twice_in_one_batch(host: Host) -> None:
    results = host.own_books().post_many([{"type": "invoice", "key": "order-1", **SALE}] * 2)
    assert [(each.number, each.repeated) for each in results if not isinstance(each, Refused)] == [
        ("INV-00001", False), ("INV-00001", True)
    ]  # fmt: skip


def test_the_same_key_at_the_same_time(host: Host) -> None:
    with ThreadPoolExecutor(6) as threads:
        posted = list(threads.map(lambda _: host.own_books().post("invoice", key="order-1", **SALE), range(6)))
    assert {each.number for each in posted} == {"INV-00001"}
    assert sorted(each.repeated for each in posted) == [False] + [True] * 5
    assert int(host.own_books().stock.on_hand("BOLT")) == 93


# --- a process that is killed ----------------------------------------------------------------------------------------------

KILLED = dedent("""
    import sys
    from wares import Books
    from wares.storage.database import open_engine

    url, company = sys.argv[1:]
    books = Books(engine=open_engine(url), company=company)
    line = {"item": "BOLT", "quantity": "0.001"}
    for _ in range(1000):
        books.post_many([{"type": "invoice", "date": "2026-01-05", "party": "JANE", "lines": [line] * 4}] * 40)
        print("batch", flush=True)
""")


def test_a_process_killed_in_the_middle_of_a_batch(host: Host) -> None:
    url = host.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, url, host.company],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        reported = 0
        while reported < 2:
            assert process.stdout.readline() == b"batch\n"
            reported += 1
        time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        reported += process.stdout.read().count(b"batch")
    books = host.own_books()
    posted = len(books.docs.list(type="invoice"))
    assert posted % 40 == 0, "a batch is there as a whole or not at all"
    assert posted // 40 in (reported, reported + 1)
    assert sound(books)
    assert books.post("invoice", **SALE).number == f"INV-{posted + 1:05d}"


def _open(url: str, doors: Any) -> str:
    doors.wait(60)
    books = Books.open(url)
    try:
        return str(len(books.gl.accounts()) > 0)
    except Exception as error:  # pragma: no cover  # the message of a failing test
        return repr(error)
    finally:
        books.close()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_eight_open_an_empty_database_at_once(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Whoever comes first makes the tables and the company; nobody is refused."""
    server = request.getfixturevalue("postgresql_url") if engine == "postgresql" else f"sqlite:///{tmp_path}/shop"
    Books.open("sqlite://").close()  # all is imported before the fork, so that the eight meet in the database
    context = multiprocessing.get_context("fork")
    with contextlib.ExitStack() as databases:
        urls = [
            databases.enter_context(own_database(server if engine == "postgresql" else f"{server}{number}.db"))
            for number in range(3)
        ]
        for url in urls:
            doors, answers = context.Barrier(8), context.Queue()
            openers = [
                context.Process(target=lambda url=url, doors=doors, answers=answers: answers.put(_open(url, doors)))
                for _ in range(8)
            ]
            for opener in openers:
                opener.start()
            assert [answers.get(timeout=120) for _ in openers] == ["True"] * 8
            for opener in openers:
                opener.join()


def test_a_file_is_opened_by_two_threads_for_the_first_time(tmp_path: Path) -> None:
    def first(_: int) -> str:
        books = Books.open(str(tmp_path / "shop.db"))
        try:
            return outcome(lambda: books.post("journal", postings=[
                {"account": "6100", "debit": "1.00"}, {"account": "1010", "credit": "1.00"}]))  # fmt: skip
        finally:
            books.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(first, range(4))) == [f"JE-{number:05d}" for number in range(1, 5)]


def test_companies_are_made_at_the_same_time(host: Host, new_company: Callable[[Engine], str]) -> None:
    with ThreadPoolExecutor(4) as threads:
        codes = list(threads.map(lambda _: new_company(host.engine), range(4)))
    for code in codes:
        stock_up(Books(engine=host.engine, company=code))
