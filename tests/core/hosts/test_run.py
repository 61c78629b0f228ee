"""`books.run`: several calls as one transaction, ours or within a host's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.hosts.conftest import Host
from wares import Books, Conflict, Refused, hookimpl
from wares.plugin_manager.loader import load_plugins

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
