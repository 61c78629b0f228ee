"""The outbox: an event for each document with its own transaction, handed on in order, at least once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from wares import Books, Refused
from wares.cli.main import main


@pytest.fixture
def shop(books: Books) -> Books:
    books.items.add("stock", sku="BOLT", price="1")
    books.settings.set("outbox", "on")
    return books


def buy(books: Books, quantity: int, cost: str, **keys: Any) -> Any:
    return books.post("bill", party="ACME", lines=[{"item": "BOLT", "quantity": quantity, "unit_cost": cost}], **keys)


def told(books: Books, **options: Any) -> list[tuple[str, str]]:
    return [(event["event"], event["payload"]["number"]) for event in books.outbox.list(**options)]


def test_it_is_off_until_it_is_wanted(books: Books) -> None:
    books.items.add("stock", sku="BOLT")
    buy(books, 1, "1")
    assert books.outbox.list(delivered=True) == []


def test_an_event_for_what_is_posted_voided_and_corrected(shop: Books) -> None:
    buy(shop, 10, "1", number="B-1", date="2026-01-05")
    shop.post("invoice", number="I-1", date="2026-01-07", party="JANE", lines=[{"item": "BOLT", "quantity": 5}])
    buy(shop, 10, "3", number="B-0", date="2026-01-01")
    shop.void("I-1")
    assert told(shop) == [("posted", "B-1"), ("posted", "I-1"), ("posted", "B-0"), ("cost_corrected", "B-0"), ("voided", "I-1")]
    corrected = shop.outbox.list()[3]
    (change,) = corrected["payload"]["corrections"]
    assert (change["date"], change["difference"]) == ("2026-01-07", "-5.00")
    posted = shop.outbox.list()[1]
    assert posted["payload"] == {
        "number": "I-1", "type": "invoice", "date": "2026-01-07", "party": "JANE", "currency": "USD", "total": "5.00",
    }  # fmt: skip
    # I-1 is voided: no reading of what stands shows it
    statement = "SELECT document_id FROM wares_document WHERE company_id = ? AND number = 'I-1'"
    assert shop.reading(lambda reader, _: reader.row(statement)) == (posted["document_id"],)


def test_what_is_not_committed_leaves_no_event(shop: Books) -> None:
    shop.preview("bill", party="ACME", lines=[{"item": "BOLT", "quantity": 1, "unit_cost": "1"}])
    short = {"type": "invoice", "party": "JANE", "lines": [{"item": "BOLT", "quantity": 99}]}
    good = {"type": "bill", "number": "B-1", "party": "ACME", "lines": [{"item": "BOLT", "quantity": 1, "unit_cost": "1"}]}
    with pytest.raises(Refused):
        shop.post_many([good, short])
    shop.post_many([good, short], atomic=False)
    with Session(shop.engine) as session:
        buy(Books(session, company=shop.company), 1, "1", number="B-2")
        session.rollback()
    assert told(shop) == [("posted", "B-1")]
    with Session(shop.engine) as session, session.begin():
        buy(Books(session, company=shop.company), 1, "1", number="B-3")
    assert told(shop) == [("posted", "B-1"), ("posted", "B-3")]


def test_the_same_key_is_told_once(shop: Books) -> None:
    for _ in range(2):
        buy(shop, 1, "1", number="B-1", key="once", date="2026-01-01")
    assert told(shop) == [("posted", "B-1")]


def test_a_load_tells_of_every_document(shop: Books) -> None:
    bills = [
        {"record": "document", "type": "bill", "number": f"B-{number}", "party": "ACME",
         "lines": [{"item": "BOLT", "quantity": "1", "unit_cost": "1"}]}
        for number in range(7)
    ]  # fmt: skip
    shop.load(bills, dry_run=True)
    assert told(shop) == []
    shop.load(bills, atomic=True, chunk=3)
    assert told(shop) == [("posted", f"B-{number}") for number in range(7)]


def test_drained_in_order_and_once(shop: Books) -> None:
    for number in range(5):
        buy(shop, 1, "1", number=f"B-{number}")
    taken: list[str] = []
    assert shop.outbox.drain(lambda event: taken.append(event["payload"]["number"]), limit=2) == 2
    assert shop.outbox.drain(lambda event: taken.append(event["payload"]["number"])) == 3
    assert taken == ["B-0", "B-1", "B-2", "B-3", "B-4"]
    assert shop.outbox.drain(lambda event: taken.append("?")) == 0
    assert all(event["delivered_at"] for event in shop.outbox.list(delivered=True))
    assert len(told(shop, delivered=True)) == 5


def test_what_fails_to_be_taken_waits_with_all_that_follows(shop: Books) -> None:
    for number in range(4):
        buy(shop, 1, "1", number=f"B-{number}")

    def queue_that_breaks(event: dict[str, Any]) -> None:
        if event["payload"]["number"] == "B-2":
            raise ConnectionError("the queue is gone")

    with pytest.raises(ConnectionError):
        shop.outbox.drain(queue_that_breaks)
    assert told(shop) == [("posted", "B-2"), ("posted", "B-3")]


def test_at_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    books = Books.open("sqlite:///shop.db")
    books.parties.add("ACME")
    books.items.add("stock", sku="BOLT")
    books.settings.set("outbox", "on")
    for number in range(3):
        buy(books, 1, "1", number=f"B-{number}")
    books.close()

    def wares(*words: str) -> Any:
        done = CliRunner().invoke(main, ["--db", "shop.db", "-f", "jsonl", *words])
        assert done.exit_code == 0, done.stderr
        return [json.loads(line)["payload"]["number"] for line in done.stdout.splitlines()]

    assert wares("outbox", "list") == ["B-0", "B-1", "B-2"]
    assert wares("outbox", "drain", "--dry-run") == ["B-0", "B-1", "B-2"]
    assert wares("outbox", "drain", "--limit", "2") == ["B-0", "B-1"]
    assert wares("outbox", "drain") == ["B-2"]
    assert wares("outbox", "list") == []
    assert len(wares("outbox", "list", "--all")) == 3
