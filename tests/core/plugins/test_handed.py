"""What hooks are handed: frozen documents that lead to no pool of the pipeline, made once, and only if a plugin asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from wares import AcceptedDocument, PluginError, Posted, Reader, Refused, hookimpl
from wares.plugin_manager.loader import load_plugins
from wares.posting.result import NewDocument
from wares.testing.small_company import SUPPLIER, company, post


class Watcher:
    """Keeps all that it is handed."""

    __name__ = "watcher"

    def __init__(self) -> None:
        self.accepted: list[AcceptedDocument] = []
        self.rows: list[AcceptedDocument] = []
        self.posted: list[Posted] = []

    @hookimpl
    def wares_accepted(self, document: AcceptedDocument, facts: Mapping[str, Any]) -> None:
        self.accepted.append(document)

    @hookimpl
    def wares_rows(self, posted: tuple[AcceptedDocument, ...], reader: Reader) -> Iterable[Any]:
        self.rows.extend(posted)
        return ()

    @hookimpl
    def wares_posted(self, document: Posted) -> None:
        self.posted.append(document)


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


def test_an_accepted_document_is_one_frozen_value(watcher: Watcher) -> None:
    books = company(load_plugins(safe_mode=True, strict=True, extra=[watcher]))
    books.items.add("stock", sku="CUP")
    post(books, "bill", date="2026-01-02", lines=[{"item": "CUP", "quantity": 4, "unit_cost": "2.50"}])
    (document,) = watcher.accepted
    assert watcher.rows == [document]
    assert watcher.rows[0] is document
    assert [row.line.number for row in document.planned.document.rows] == ["1"]
    assert document.planned.header.type.key == "bill"
    (move,) = document.moves
    assert (move.quantity, move.value, move.lot, move.pool.lot, move.planned.item.sku) == (4_000_000, 10_00, "", "", "CUP")
    assert move.line_id == document.line_ids["1"]
    assert sum(posting.amount for posting in document.postings if posting.role == "inventory") == 10_00
    assert not hasattr(move.pool, "state")
    with pytest.raises(FrozenInstanceError):
        document.number = "X"  # type: ignore[misc]  # that it is frozen is what is tried
    with pytest.raises(TypeError):
        document.line_ids["2"] = 1  # type: ignore[index]  # that it is frozen is what is tried


def test_corrections_that_come_after_the_rows_are_in_the_document_that_follows(watcher: Watcher) -> None:
    books = company(load_plugins(safe_mode=True, strict=True, extra=[watcher]))
    books.settings.set("negative_stock", "provisional")
    books.items.add("stock", sku="CUP", cost="1")
    post(books, "invoice", date="2026-01-02", lines=[{"item": "CUP", "quantity": 1, "unit_price": "9"}])
    post(books, "bill", date="2026-01-03", lines=[{"item": "CUP", "quantity": 1, "unit_cost": "3"}])
    assert [each.difference for each in watcher.accepted[1].corrections] == [-2_00]
    assert watcher.posted[1].corrections == watcher.accepted[1].corrections


def test_a_posted_document_refuses_assignment(watcher: Watcher) -> None:
    books = company(load_plugins(safe_mode=True, strict=True, extra=[watcher]))
    posted = post(books, "journal", date="2026-01-02", postings=[{"account": "6100", "debit": 1}, {"account": "1100", "credit": 1}])
    assert [document.number for document in watcher.posted] == [posted.number]
    for document in (
        posted,
        books.reading(lambda reader, _: books.docs.posted_in(reader, posted.number, posted.id, repeated=False)),
    ):
        with pytest.raises(FrozenInstanceError, match="cannot assign to field 'number'"):
            document.number = "X"
        with pytest.raises(FrozenInstanceError, match="cannot delete field 'number'"):
            del document.number


def test_no_value_is_made_without_a_plugin_that_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: NewDocument) -> AcceptedDocument:
        raise AssertionError("nobody asked")

    monkeypatch.setattr(NewDocument, "frozen", fail)
    books = company(load_plugins(safe_mode=True, strict=True))
    books.items.add("stock", sku="CUP")
    assert post(books, "bill", date="2026-01-02", lines=[{"item": "CUP", "quantity": 1, "unit_cost": "1"}]).total == 1


class TooLate:
    """Refuses a document after it was accepted."""

    __name__ = "too_late"

    @hookimpl
    def wares_accepted(self, document: AcceptedDocument, facts: Mapping[str, Any]) -> None:
        if document.planned.header.memo == "no":
            raise Refused.because("NOT_THIS_ONE", "not this one")


def test_a_refusal_after_acceptance_is_a_fault_of_the_plugin_and_nothing_is_written() -> None:
    books = company(load_plugins(safe_mode=True, strict=True, extra=[TooLate()]))
    books.items.add("stock", sku="CUP")
    lines = [{"item": "CUP", "quantity": 4, "unit_cost": "2.50"}]
    bills = [{"type": "bill", "date": "2026-01-02", "party": SUPPLIER, "lines": lines, "memo": memo} for memo in ("yes", "no")]
    with pytest.raises(PluginError, match=r"plugin too_late .* refused a document in wares_accepted"):
        books.post_many(bills, atomic=False)
    assert books.docs.list() == []
