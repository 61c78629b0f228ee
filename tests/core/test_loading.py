"""`load`: records in order, chunk by chunk; what is refused is told with its line, what is good stays."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from wares import Books, Refused, StorageError
from wares.loading import FileLine, LoadReport, RefusedLines, Rejected, load, read_records

Rejections = list[Rejected]

MASTERS: tuple[dict[str, Any], ...] = (
    {"record": "account", "code": "1310", "name": "Bike parts", "type": "asset", "roles": ["inventory"]},
    {"record": "mapping", "role": "inventory", "level": "category", "of": "parts", "account": "1310"},
    {"record": "party", "code": "ACME", "name": "Acme Inc", "kinds": ["supplier"]},
    {"record": "party", "code": "JANE", "kinds": ["customer"]},
    {"record": "location", "code": "SHOP", "name": "Shop"},
    {"record": "setting", "key": "calculation_base", "value": "original"},
    {"record": "item", "type": "stock", "sku": "BOLT", "price": "0.20", "cost_method": "fifo", "category": "parts"},
)
BILL = {
    "record": "document", "type": "bill", "number": "B-1", "date": "2026-01-05", "party": "ACME", "key": "bill-1",
    "lines": [{"item": "BOLT", "quantity": "100", "unit_cost": "0.08"}],
}  # fmt: skip
SALE = {
    "record": "document", "type": "invoice", "number": "I-1", "date": "2026-01-09", "party": "JANE", "key": "sale-1",
    "lines": [{"item": "BOLT", "quantity": "10"}],
}  # fmt: skip


@pytest.fixture
def books() -> Iterator[Books]:
    books = Books.open("sqlite://")
    yield books
    books.close()


def changed(record: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    return {**record, **keys}


def counts(report: LoadReport) -> dict[str, dict[str, int]]:
    return {kind: dict(counter) for kind, counter in report.counts.items()}


def codes(rejections: Rejections) -> list[tuple[int, str]]:
    return [(rejected.number, rejected.issues[0].code) for rejected in rejections]


def read(text: str | bytes) -> list[FileLine]:
    return list(read_records(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def code_of(line: FileLine) -> str:
    assert isinstance(line.record, Refused)
    return line.record.code


# --- reading lines ---------------------------------------------------------------------------------------------------


def test_numbers_are_exact_and_blank_lines_counted() -> None:
    first, second = read('\ufeff{"cost": 0.10, "quantity": 3}\r\n\n  \n{"b": 2}')
    assert not isinstance(first.record, Refused)
    assert first.record == {"cost": Decimal("0.10"), "quantity": 3}
    assert str(first.record["cost"]) == "0.10"
    assert (first.number, second.number) == (1, 4)
    assert second.raw == b'{"b": 2}'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": 1,}\n', "BAD_JSON"),
        ('{"a": 1 "b": 2}', "BAD_JSON"),  # the last line, but it does not break off
        ('{"a": NaN}\n', "BAD_JSON"),
        ('{"a": 1, "a": 2}\n', "BAD_JSON"),
        ("[" * 100_000 + "\n", "BAD_JSON"),
        ('{"a": ' + "9" * 5000 + "}\n", "BAD_JSON"),
        ('[{"a": 1}]\n', "NOT_AN_OBJECT"),
        ("17\n", "NOT_AN_OBJECT"),
        (b'{"name": "Caf\xe9 cream"}\n', "NOT_UTF8"),
        (b"SQLite format 3\x00\x10", "NOT_UTF8"),
        ('{"a": 1}'.encode("utf-16"), "NOT_UTF8"),
        ('{"name": "\\ud83d"}\n', "NOT_UTF8"),  # half of a surrogate pair
        ('{"record": "item", "sku": "BO', "TRUNCATED"),
        ('{"record": "item", "components": [{"sku": "A"}', "TRUNCATED"),
        ('{"name": "Caf\u00e9'.encode()[:-1], "TRUNCATED"),
    ],
)
def test_what_is_no_record_says_why(text: str | bytes, code: str) -> None:
    assert [code_of(line) for line in read(text)] == [code]


def test_a_refusal_is_one_line_and_the_next_lines_are_read() -> None:
    lines = read('{"a"\n{"b": 2}\n')
    assert isinstance(lines[0].record, Refused)
    assert "\n" not in str(lines[0].record.issues[0])
    assert lines[1].record == {"b": 2}


def test_a_whole_character_from_a_pair_is_text() -> None:
    assert read('{"name": "\\ud83d\\ude80"}\n')[0].record == {"name": "\U0001f680"}


def test_files_streams_text_and_gzip(tmp_path: Path) -> None:
    text = '{"a": 1}\n{"b": 2}\n'
    (plain := tmp_path / "plain.jsonl").write_text(text)
    (packed := tmp_path / "packed.jsonl").write_bytes(gzip.compress(text.encode()))
    expected = [{"a": 1}, {"b": 2}]
    for source in (plain, str(packed), io.StringIO(text), io.BytesIO(packed.read_bytes())):
        assert [line.record for line in read_records(source)] == expected
    assert {line.source for line in read_records(plain)} == {str(plain)}


def test_a_compressed_file_that_breaks_off(tmp_path: Path) -> None:
    whole = gzip.compress("".join(json.dumps({"n": n, "x": hash(str(n))}) + "\n" for n in range(2_000)).encode())
    lines = read(whole[: len(whole) // 2])
    assert code_of(lines[-1]) == "TRUNCATED"
    assert all(isinstance(line.record, dict) for line in lines[:-1])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="CANNOT_READ"):
        list(read_records(tmp_path / "nowhere.jsonl"))


# --- recording -------------------------------------------------------------------------------------------------------


def test_every_kind_of_record_in_order(books: Books) -> None:
    rejections: Rejections = []
    pending = changed(SALE, number="I-2", key=None, pending=True)
    edit = changed(SALE, number=None, revises="I-1", key=None, lines=[{"item": "BOLT", "quantity": "20"}])
    void = {"record": "void", "number": "B-2"}
    report = load(books, [*MASTERS, BILL, SALE, pending, edit, changed(BILL, number="B-2", key=None), void],
                  on_refusal=rejections.append)  # fmt: skip
    assert not rejections
    assert report.ok
    assert counts(report) == {
        "account": {"created": 1}, "mapping": {"created": 1}, "party": {"created": 2}, "location": {"created": 1},
        "setting": {"updated": 1}, "item": {"created": 1}, "document": {"posted": 4, "saved": 1}, "void": {"voided": 1},
    }  # fmt: skip
    assert books.stock.on_hand("BOLT") == 80
    assert books.gl.balance("1310") == Decimal("6.40")
    assert books.settings.all()["calculation_base"] == "original"
    assert [doc["number"] for doc in books.docs.list(status="pending")] == ["I-2"]


def test_the_good_stay_and_the_refused_are_told_with_their_line(books: Books) -> None:
    rejections: Rejections = []
    too_much = changed(SALE, number="I-9", key=None, lines=[{"item": "BOLT", "quantity": "1000"}])
    records = [*MASTERS, {"record": "itm", "sku": "X"}, {"sku": "X"}, BILL, too_much, SALE,
               {"record": "party", "code": "X", "kinds": ["enemy"]}, {"record": "party", "code": "NEXT"},
               {"record": "void", "number": "I-7"}, {"record": "void"}]  # fmt: skip
    report = load(books, records, on_refusal=rejections.append)
    assert codes(rejections) == [
        (8, "UNKNOWN_RECORD"), (9, "UNKNOWN_RECORD"), (11, "INSUFFICIENT_STOCK"), (13, "BAD_VALUE"), (15, "UNKNOWN_DOCUMENT"),
        (16, "MISSING_KEY"),
    ]  # fmt: skip
    assert "did you mean item?" in str(rejections[0])
    assert str(rejections[2]).startswith("line 11: INSUFFICIENT_STOCK: ")
    assert (report.refused, report.lines) == (6, 16)
    assert books.stock.on_hand("BOLT") == 90
    assert {party["code"] for party in books.parties.list()} == {"ACME", "JANE", "NEXT"}


def test_loading_again_changes_nothing(books: Books) -> None:
    records = [*MASTERS, BILL, SALE, SALE]
    first = load(books, records)
    assert first.counts["document"] == {"posted": 2, "repeated": 1}
    before = books.gl.trial_balance()
    again = load(books, records, chunk=2)
    assert (again.total("unchanged"), again.total("repeated"), again.lines) == (7, 3, 10)
    assert books.gl.trial_balance() == before


def test_a_dry_run_sees_everything_and_writes_nothing(books: Books) -> None:
    rejections: Rejections = []
    too_much = changed(SALE, number="I-9", key=None, lines=[{"item": "BOLT", "quantity": "91"}])
    report = load(books, [*MASTERS, BILL, SALE, too_much], dry_run=True, on_refusal=rejections.append, chunk=3)
    assert counts(report)["document"] == {"posted": 2, "refused": 1}
    assert codes(rejections) == [(10, "INSUFFICIENT_STOCK")]
    assert books.docs.list() == books.parties.list() == books.stock.list() == []
    assert load(books, [*MASTERS, BILL, SALE]).total("posted") == 2


def test_all_or_nothing(books: Books) -> None:
    rejections: Rejections = []
    unknown = changed(SALE, party="NOBODY", key=None, number="I-9")
    with pytest.raises(Refused) as refused:
        load(books, [*MASTERS, BILL, SALE, unknown, unknown], atomic=True, on_refusal=rejections.append, chunk=4)
    assert refused.value.code == "UNKNOWN_PARTY"
    assert refused.value.where.startswith("line 10")
    assert codes(rejections) == [(10, "UNKNOWN_PARTY")]
    assert books.docs.list() == books.parties.list() == []
    assert load(books, [*MASTERS, BILL, SALE], atomic=True).ok
    assert books.stock.on_hand("BOLT") == 90


def test_a_refused_revision_leaves_what_it_revises(books: Books) -> None:
    load(books, [*MASTERS, BILL, SALE])
    rejections: Rejections = []
    edit = changed(SALE, number=None, revises="I-1", key=None, lines=[{"item": "BOLT", "quantity": "1000"}])
    load(books, [edit, changed(SALE, number="I-3", key=None)], on_refusal=rejections.append)
    assert codes(rejections) == [(1, "INSUFFICIENT_STOCK")]
    assert books.docs.show("I-1")["status"] == "posted"
    assert books.stock.on_hand("BOLT") == 80
    assert books.docs.entries("I-3")[0]["entry"] == 3  # no entry number was lost


def test_variants_are_translated_when_what_came_before_is_known(books: Books) -> None:
    rejections: Rejections = []
    master = {"record": "item", "type": "matrix", "sku": "TEE", "price": "20",
              "attributes": {"axes": {"Size": ["S", "M"]}, "variant_type": "stock"}}  # fmt: skip
    small = {"record": "variant", "master": "TEE", "values": {"Size": "S"}}
    report = load(
        books,
        [master, changed(small, price="9"), changed(small, weight="1"), changed(small, sku="OTHER"),
         changed(small, values={"Size": "M"}), changed(small, values={"Size": "XL"})],
        on_refusal=rejections.append,
    )  # fmt: skip
    assert counts(report)["variant"] == {"created": 2, "updated": 1, "refused": 2}
    assert codes(rejections) == [(4, "VARIANT_EXISTS"), (6, "NOT_IN_AXES")]
    row = books.reading(lambda reader, masters: masters.item("TEE-S"))
    assert (row.price, row.weight) == (9_000_000, 1_000_000)  # the second record did not bring the master's price back


def test_rejects_are_the_lines_themselves(books: Books, tmp_path: Path) -> None:
    odd = b'{"record":  "party", "code": "\xc3\x89TA", "nope": 1}\r\n'
    text = b'{"record": "party", "code": "ACME"}\n' + odd + b'{"record": "party"'
    path = tmp_path / "rejects.jsonl"
    with RefusedLines(path) as rejects:
        load(books, read_records(io.BytesIO(text)), on_refusal=rejects.write)
    assert path.read_bytes() == odd + b'{"record": "party"\n'
    assert rejects.count == 2
    with RefusedLines(tmp_path / "none.jsonl") as rejects:
        load(books, read_records(io.BytesIO(text[:36])), on_refusal=rejects.write)
    assert not (tmp_path / "none.jsonl").exists()


def test_two_thousand_lines_in_chunks(books: Books) -> None:
    lines = [*MASTERS, BILL, *(changed(SALE, number=f"S-{n}", key=f"s-{n}", lines=[{"item": "BOLT", "quantity": "0.04"}])
                               for n in range(2_000))]  # fmt: skip
    text = "".join(json.dumps(line) + "\n" for line in lines)
    taken: list[int] = []
    report = load(books, read_records(io.StringIO(text)), progress=taken.append)
    assert report.ok
    assert taken == [500, 1000, 1500, 2000, 2008]
    assert report.rows()[-1]["posted"] == 2_001
    assert books.stock.on_hand("BOLT") == 20
    assert books.stock.value("BOLT") == Decimal("1.60")  # of 8.00, what 20 of 100 are worth


def test_in_a_hosts_transaction(tmp_path: Path) -> None:
    from sqlalchemy.orm import Session

    own = Books.open(f"sqlite:///{tmp_path / 'host.db'}")
    assert own.engine is not None
    with Session(own.engine) as session:
        report = load(Books(session), [*MASTERS, BILL])
        assert report.ok
        assert Books(session).stock.on_hand("BOLT") == 100
        session.rollback()
    assert own.docs.list() == []
    own.close()
