"""A sealing covers documents, links, applications and masters; one seal kept outside stands for all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wares import Books
from wares.ledger.seal import seal as seal_entries
from wares.storage.database import sql

OF_INVOICE = "document_id = (SELECT document_id FROM wares_document WHERE number = 'INV-00001')"


@pytest.fixture
def books(tmp_path: Path) -> Books:
    books = Books.open(f"sqlite:///{tmp_path}/books.db")
    books.parties.add("JANE", kinds=["customer"])
    books.items.add("service", sku="HOUR", price="80")
    sell(books, 3)
    return books


def sell(books: Books, count: int) -> None:
    for _ in range(count):
        books.post("invoice", party="JANE", date="2026-01-05", lines=[{"item": "HOUR", "quantity": "2"}])


def tamper(books: Books, *statements: str) -> None:
    """Change the rows, and take the hashes of contents anew, as somebody with the source of Wares might."""
    assert books.engine is not None
    with books.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for statement in statements:
            assert sql(connection, statement, ()).rowcount > 0, statement
    books.writing(lambda writing: _hash_anew(writing.unit))


def _hash_anew(unit: Any) -> None:
    from wares.storage.content import DOCUMENT, ENTRY, write_hashes

    for kind in (DOCUMENT, ENTRY):
        write_hashes(unit, kind, [row[0] for row in unit.rows(f"SELECT {kind.id} FROM {kind.table.name} WHERE company_id = ?")])


def problems(books: Books, seal: str | None = None) -> dict[str, str]:
    return {check["id"]: check["first_problem"] for check in books.verify(seal=seal)["checks"] if not check["ok"]}


def test_it_says_how_much_is_unsealed(books: Books) -> None:
    assert books.verify()["unsealed"] == {"documents": 3, "entries": 3}
    sealed = books.gl.seal()
    assert (sealed.added, sealed.entry_number, sealed.documents) == (3, 3, 3)
    assert books.verify()["unsealed"] == {"documents": 0, "entries": 0}
    sell(books, 2)
    books.post("invoice", party="JANE", pending=True, lines=[{"item": "HOUR", "quantity": "1"}])
    assert books.verify()["unsealed"] == {"documents": 2, "entries": 2}, "a pending document posts nothing yet"


def test_later_seals_keep_the_earlier_ones_and_nothing_new_adds_none(books: Books) -> None:
    first = books.gl.seal()
    assert books.gl.seal() == (0, 3, 0, first.seal)
    sell(books, 1)
    second = books.gl.seal()
    assert (second.added, second.entry_number, second.documents) == (1, 4, 1)
    for seal in (first.seal, second.seal):
        assert problems(books, seal) == {}
    assert "has the seal abc" in problems(books, "abc")["I11"]


def test_what_changes_by_right_breaks_no_seal(books: Books) -> None:
    books.post("invoice", number="DRAFT-X", party="JANE", pending=True, lines=[{"item": "HOUR", "quantity": "1"}])
    kept = books.gl.seal().seal
    books.void("INV-00001")
    books.post("invoice", revises="INV-00002", party="JANE", date="2026-01-05", lines=[{"item": "HOUR", "quantity": "1"}])
    books.void("INV-00003", date="2026-01-06")
    books.post_pending("DRAFT-X")
    books.parties.add("ACME", kinds=["supplier"])
    books.items.edit("HOUR", name="One hour", price="90")
    books.gl.close("2026-01-31")
    assert problems(books, kept) == {}
    books.gl.seal()
    assert problems(books, kept) == {}


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        ([f"UPDATE wares_line SET quantity = quantity * 10, unit_price = unit_price / 10 WHERE {OF_INVOICE}"], "INV-00001"),
        (["DELETE FROM wares_line WHERE line_id = (SELECT MAX(line_id) FROM wares_line)"], "INV-00001"),
        (["UPDATE wares_document SET due = 20270101, record = '{}' WHERE number = 'INV-00002'"], "INV-00001 to INV-00003"),
        (["UPDATE wares_account SET type = 'expense' WHERE code = '4000'"], "account 4000"),
        (["UPDATE wares_item SET sku = 'HOURS'"], "HOURS"),
        (["UPDATE wares_company SET decimals = 3"], "decimals"),
        (["UPDATE wares_closing SET reason = 'x'"], "closing 1"),
        (["UPDATE wares_entry SET seal = NULL"], "entry 3 lost the seal"),
        (["DELETE FROM wares_sealing"], "sealing is missing"),
    ],
)
def test_a_change_with_hashes_made_anew_is_found(books: Books, statements: list[str], named: str) -> None:
    books.gl.close("2025-12-31", reason="a year")
    books.gl.seal()
    tamper(books, *statements)
    found = problems(books)
    assert named in found["I11"]


def test_books_sealed_anew_are_told_by_the_seal_that_was_kept(books: Books) -> None:
    kept = books.gl.seal().seal
    tamper(books, "UPDATE wares_document SET memo = 'x' WHERE number = 'INV-00001'", "UPDATE wares_entry SET seal = NULL",
           "DELETE FROM wares_sealing")  # fmt: skip
    books.gl.seal()
    assert problems(books) == {}, "whoever has the file and the program may do this"
    assert kept in problems(books, kept)["I11"], "and is found by the seal kept outside"


def test_books_with_seals_of_entries_from_before_hold(books: Books) -> None:
    kept = books.writing(lambda writing: seal_entries(writing.unit)).seal
    assert books.engine is not None
    with books.engine.begin() as connection:
        for table in ("document", "entry"):
            sql(connection, f"UPDATE wares_{table} SET content = NULL", ())
    assert problems(books, kept) == {}
    assert books.verify()["unsealed"] == {"documents": 3, "entries": 3}, "the entries were sealed alone"
    assert books.gl.seal().documents == 3
    assert problems(books, kept) == {}
    tamper(books, "UPDATE wares_document SET memo = 'x' WHERE number = 'INV-00001'")
    assert "INV-00001" in problems(books)["I11"]


def test_the_void_of_a_document_without_an_entry_is_sealed(books: Books) -> None:
    """4 pieces stand at the shop again, where a void had brought them back."""
    books.parties.add("ACME", kinds=["supplier"])
    books.locations.add("SHOP", name="The shop")
    books.items.add("stock", sku="OIL")
    books.post("bill", party="ACME", date="2026-01-05", lines=[{"item": "OIL", "quantity": "10", "unit_cost": "1"}])
    books.post("transfer", number="T-1", date="2026-01-06", to_location="SHOP", lines=[{"item": "OIL", "quantity": "4"}])
    books.void("T-1")
    seal = books.gl.seal().seal
    assert problems(books, seal) == {}
    at_shop = "location_id = (SELECT location_id FROM wares_location WHERE code = 'SHOP')"
    moved = f"quantity = quantity + CASE WHEN {at_shop} THEN 4000000 ELSE -4000000 END"
    tamper(
        books, "DELETE FROM wares_move WHERE annuls IS NOT NULL",
        "UPDATE wares_move SET annulled_by = NULL WHERE annulled_by IS NOT NULL",
        "UPDATE wares_document SET status = 'posted' WHERE number = 'T-1'",
        f"UPDATE wares_stock SET {moved.replace('quantity', 'on_hand')}", f"UPDATE wares_pool_month SET {moved}",
    )  # fmt: skip
    message = "the last mirror before it was changed, or one before it was added or removed, after sealing 1"
    assert problems(books, seal) == {"I11": message}
