"""Rows that plugins keep of documents: right after whatever happens to one, made of all of them when they are first wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.books import refused
from tests.conftest import make_company
from wares import Books, Projected, Projection, Recorded, hookimpl
from wares.books import default_plugins
from wares.plugin_manager.loader import load_plugins
from wares.storage.database import sql


class Worth(Projection):
    """What each document did to stock, and whether it is a sale of more than ten dollars."""

    key = "worth"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        for row in recorded.goods(documents):
            yield Projected(row.document_id, row.day, [row.name, row.amount], waits=row.amount < -1000)


class Sales(Projection):
    """Lines of invoices with what was delivered of them."""

    key = "sales"

    def rows(self, documents: Collection[int], recorded: Recorded) -> Iterator[Projected]:
        lines = recorded.lines(types=["invoice"], document_ids=documents)
        links = recorded.links([line.id for line in lines], kinds=["deliver"])
        for line in lines:
            delivered = sum(link.quantity for link in links if link.origin_id == line.id)
            yield Projected(line.document_id, line.day, [line.name, line.description, delivered])


class Keeps:
    """A plugin with these projections."""

    __name__ = "keeps"

    @hookimpl
    def wares_projections(self) -> list[Projection]:
        return [Worth(), Sales()]


PLUGINS = load_plugins(extra=[Keeps()], strict=True)


@pytest.fixture
def shop(database: Engine) -> Books:
    """Ten bolts for 10.00, kept by first in, first out; five of them sold and not delivered."""
    books = Books(engine=database, company=make_company(database), plugins=PLUGINS)
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.items.add("stock", sku="BOLT", cost_method="fifo")
    books.post("bill", number="B-1", date="2026-01-05", party="ACME", lines=[{"item": "BOLT", "quantity": 10, "amount": "10.00"}])
    lines = [{"item": "BOLT", "quantity": 5, "amount": "20.00", "description": 'M6 "hex", größer'}]
    books.post("invoice", number="I-1", date="2026-02-01", party="JANE", goods="later", lines=lines)
    return books


@pytest.fixture
def kept(shop: Books) -> Books:
    shop.projections.keep("worth", "sales")
    return shop


def rows(books: Books, key: str, **chosen: Any) -> list[list[Any]]:
    return [values for page in books.projections.pages(key, **chosen) for values in page]


def deliver(books: Books, number: str, day: str, quantity: int) -> None:
    lines = [{"from": "I-1#1", "quantity": quantity}]
    books.post("delivery", number=number, date=day, party="JANE", lines=lines)


def holds(books: Books) -> bool:
    """Whether `verify` finds the rows as they should be, and as they are without being kept."""
    (check,) = [check for check in books.verify()["checks"] if check["id"] == "I16"]
    assert check["ok"], check
    with books.engine.connect() as connection:  # type: ignore[union-attr]  # books of a program have one
        sql(connection, "UPDATE wares_company SET projections = '' WHERE code = ?", (books.company,))
        with Session(connection) as session:
            anew = Books(session, company=books.company, plugins=PLUGINS)
            return all(rows(anew, key) == rows_in(session, books, key) for key in ("worth", "sales"))


def rows_in(session: Session, books: Books, key: str) -> list[list[Any]]:
    sql(session.connection(), "UPDATE wares_company SET projections = ? WHERE code = ?", ("worth sales", books.company))
    found = rows(Books(session, company=books.company, plugins=PLUGINS), key)
    sql(session.connection(), "UPDATE wares_company SET projections = '' WHERE code = ?", (books.company,))
    return found


def test_they_are_made_of_what_is_there(shop: Books) -> None:
    before = rows(shop, "worth"), rows(shop, "sales")
    assert before == ([["B-1#1", 1000]], [["I-1#1", 'M6 "hex", größer', 0]])
    shop.projections.keep("worth", "sales")
    shop.projections.keep("worth")
    assert (rows(shop, "worth"), rows(shop, "sales")) == before
    assert holds(shop)


def test_what_later_documents_do_is_followed(kept: Books) -> None:
    deliver(kept, "D-1", "2026-02-03", 2)
    deliver(kept, "D-2", "2026-03-01", 3)
    assert rows(kept, "sales") == [["I-1#1", 'M6 "hex", größer', 5_000_000]]
    assert rows(kept, "worth") == [["B-1#1", 1000], ["D-1#1", -200], ["D-2#1", -300]]
    kept.void("D-1")
    assert rows(kept, "sales") == [["I-1#1", 'M6 "hex", größer', 3_000_000]]
    assert rows(kept, "worth") == [["B-1#1", 1000], ["D-2#1", -300]]
    assert holds(kept)


def test_what_a_late_fact_corrects_is_followed(kept: Books) -> None:
    deliver(kept, "D-1", "2026-02-03", 2)
    kept.post("landed_cost", date="2026-02-05", amount="100.00", apply_to=[{"from": "B-1"}])
    assert rows(kept, "worth") == [["B-1#1", 11000], ["D-1#1", -2200]]
    assert rows(kept, "worth", waiting=True) == [["D-1#1", -2200]]
    assert holds(kept)


def test_edits_and_reversals_are_followed(kept: Books) -> None:
    deliver(kept, "D-1", "2026-02-03", 2)
    kept.post("delivery", revises="D-1", date="2026-02-04", party="JANE", lines=[{"from": "I-1#1", "quantity": 4}])
    assert rows(kept, "worth", since=2026_02_04) == [["D-1#1", -400]]
    kept.gl.close("2026-02-28")
    kept.void("D-1", date="2026-03-02")
    assert rows(kept, "worth", since=2026_02_04) == [["D-1#1", -400], ["D-1-R#1", 400]]
    assert rows(kept, "worth", until=2026_02_28) == [["B-1#1", 1000], ["D-1#1", -400]]
    assert holds(kept)


def test_what_is_refused_or_tried_leaves_no_row(kept: Books) -> None:
    lines = [{"from": "I-1#1", "quantity": 2}]
    kept.preview("delivery", date="2026-02-03", party="JANE", lines=lines)
    records = [{"type": "delivery", "date": "2026-02-03", "party": "JANE", "lines": [{"from": "I-1#1", "quantity": 9}]}]
    kept.post_many(records, atomic=False)
    assert rows(kept, "worth") == [["B-1#1", 1000]]
    assert holds(kept)


def test_pages_follow_each_other(kept: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        deliver(kept, f"D-{number}", f"2026-02-0{3 + number // 2}", 1)
    monkeypatch.setattr("wares.services.projections.PAGE", 2)
    pages = list(kept.projections.pages("worth"))
    assert [len(page) for page in pages] == [2, 2, 2, 0]
    assert [name for page in pages for name, _ in page] == ["B-1#1", "D-0#1", "D-1#1", "D-2#1", "D-3#1", "D-4#1"]


def test_without_its_plugin_they_are_let_go_and_then_made_again(kept: Books) -> None:
    plain = Books(engine=kept.engine, company=kept.company, plugins=default_plugins())
    assert "worth" in next(text for text in plain.verify()["not_checked"] if "worth" in text)
    deliver(plain, "D-1", "2026-02-03", 2)
    assert plain.verify()["not_checked"] == []
    assert rows(kept, "worth") == [["B-1#1", 1000], ["D-1#1", -200]]
    kept.projections.keep("worth", "sales")
    assert rows(kept, "worth") == [["B-1#1", 1000], ["D-1#1", -200]]
    assert holds(kept)


def test_in_a_session_of_a_host(kept: Books) -> None:
    with Session(kept.engine) as session:
        hosted = Books(session, company=kept.company, plugins=PLUGINS)
        deliver(hosted, "D-1", "2026-02-03", 2)
        assert rows(hosted, "worth") == [["B-1#1", 1000], ["D-1#1", -200]]
        session.rollback()
    assert rows(kept, "worth") == [["B-1#1", 1000]]
    assert holds(kept)


def test_verify_names_the_document(kept: Books) -> None:
    deliver(kept, "D-1", "2026-02-03", 2)
    with kept.engine.begin() as connection:  # type: ignore[union-attr]  # as above
        changed = (
            "UPDATE wares_projected SET content = '[\"D-1#1\",-201]' WHERE content LIKE '[\"D-1#1\"%' AND projection = 'worth'"
        )
        assert connection.exec_driver_sql(
            changed.replace("%", "%%") if connection.dialect.name == "postgresql" else changed
        ).rowcount
    (check,) = [check for check in kept.verify()["checks"] if not check["ok"]]
    assert (check["id"], check["first_problem"]) == ("I16", "worth keeps other rows of D-1 than it makes now")


def test_a_key_that_nobody_has(shop: Books) -> None:
    assert refused(lambda: shop.projections.keep("woth")) == [("UNKNOWN_PROJECTION", "key")]
    assert refused(lambda: next(shop.projections.pages("woth"))) == [("UNKNOWN_PROJECTION", "key")]
