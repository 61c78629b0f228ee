"""Observers are told what was committed, in order, once, and nothing else; what they do wrong harms nobody."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.core.hosts.conftest import Host
from wares import Books, Conflict, hookimpl
from wares.plugin_manager.loader import Plugins, load_plugins

SALE: dict[str, Any] = {"date": "2026-01-05", "party": "JANE", "lines": [{"item": "BOLT", "quantity": 10}]}


class Observer:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    @hookimpl
    def wares_posted(self, document: Any) -> None:
        self.told.append(("posted", document.number))

    @hookimpl
    def wares_voided(self, document: Any) -> None:
        self.told.append((document.status, document.number))

    @hookimpl
    def wares_item_created(self, item: Any) -> None:
        self.told.append(("created", item.sku))


class Clumsy:
    @hookimpl
    def wares_posted(self, document: Any) -> None:
        raise RuntimeError("mail server is down")


@pytest.fixture
def observer() -> Observer:
    return Observer()


@pytest.fixture
def plugins(observer: Observer) -> Plugins:
    return load_plugins(extra=[Clumsy(), observer])


def test_books_of_their_own_tell_after_each_commit(host: Host, plugins: Plugins, observer: Observer) -> None:
    books = Books(engine=host.engine, company=host.company, plugins=plugins)
    sale = books.post("invoice", **SALE)
    books.preview("invoice", **SALE)
    books.items.add("stock", sku="NUT", name="Nut")
    books.items.add("stock", sku="DRY", name="Dry", dry_run=True)
    books.items.edit("NUT", name="Better nut")
    books.post_many([{"type": "invoice", **SALE, "key": "k"}] * 2)
    books.void(sale.number)
    with pytest.raises(Exception, match="UNKNOWN_PARTY"):
        books.post("invoice", **SALE | {"party": "JIM"})
    assert observer.told == [
        ("posted", "INV-00001"), ("created", "NUT"), ("posted", "INV-00002"), ("void", "INV-00001")
    ]  # fmt: skip


def test_inside_a_host_they_wait_for_its_outermost_commit(host: Host, plugins: Plugins, observer: Observer) -> None:
    with host.sessions() as session:
        books = Books(session, company=host.company, plugins=plugins)
        books.post("invoice", **SALE)
        with session.begin_nested():
            books.post("invoice", **SALE)
        assert observer.told == [], "a savepoint that is released is not a commit"
        session.commit()
        assert observer.told == [("posted", "INV-00001"), ("posted", "INV-00002")]
        books.post("invoice", **SALE)
        session.commit()
        session.commit()
    assert observer.told == [("posted", "INV-00001"), ("posted", "INV-00002"), ("posted", "INV-00003")]


def test_what_is_rolled_back_is_not_told(host: Host, plugins: Plugins, observer: Observer) -> None:
    with host.sessions() as session:
        books = Books(session, company=host.company, plugins=plugins)
        books.post("invoice", **SALE)
        session.rollback()
        session.commit()
        books.post("invoice", **SALE)
        session.close()
        session.commit()
        with session.begin_nested() as savepoint:
            with session.begin_nested():
                books.post("invoice", **SALE)
            savepoint.rollback()
        books.post("invoice", **SALE)
        session.commit()
    assert observer.told == [("posted", "INV-00001")]


def test_an_attempt_that_met_a_conflict_is_not_told(host: Host, plugins: Plugins, observer: Observer) -> None:
    books = Books(engine=host.engine, company=host.company, plugins=plugins)
    attempts = []

    def unit(writing: Any) -> None:
        attempts.append(1)
        batch = writing.batch()
        books.record_documents(writing, batch, [{"type": "invoice", **SALE}], atomic=True)
        batch.flush()
        if len(attempts) == 1:
            raise Conflict("BUSY", "another writer", retryable=True)

    books.writing(unit)
    assert observer.told == [("posted", "INV-00001")]


def test_an_observer_that_raises_is_logged_with_its_name(
    host: Host, plugins: Plugins, observer: Observer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        Books(engine=host.engine, company=host.company, plugins=plugins).post("invoice", **SALE)
    assert observer.told == [("posted", "INV-00001")]
    assert ["plugin clumsy" in record.getMessage() for record in caplog.records] == [True]


def test_an_observer_may_open_books_of_its_own(host: Host) -> None:
    """The commit is done when it is told, so that it neither waits for the writer nor reads an older state."""
    seen = []

    class Reader:
        @hookimpl
        def wares_posted(self, document: Any) -> None:
            own = host.own_books()
            seen.append((document.number, int(own.stock.on_hand("BOLT"))))
            own.parties.add("MET-BY-OBSERVER")

    with host.sessions() as session, session.begin():
        Books(session, company=host.company, plugins=load_plugins(extra=[Reader()])).post("invoice", **SALE)
    assert seen == [("INV-00001", 90)]
    assert "MET-BY-OBSERVER" in {party["code"] for party in host.own_books().parties.list()}
