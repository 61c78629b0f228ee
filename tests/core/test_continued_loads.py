"""`load` of a file that was interrupted continues where it stopped: each of its lines is recorded once, without keys or numbers."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from tests.killed import is_killed
from wares import Books
from wares.loading import LoadReport, last_recorded, load, read_records
from wares.storage.attempt import CommitOutcome
from wares.storage.commits import CommitInterrupted

MASTERS: tuple[dict[str, Any], ...] = (
    {"record": "party", "code": "JANE", "kinds": ["customer"]},
    {"record": "item", "type": "service", "sku": "HOUR", "price": "50"},
)


def sale(quantity: int, **keys: object) -> dict[str, Any]:
    lines = [{"item": "HOUR", "quantity": str(quantity)}]
    return {"record": "document", "type": "invoice", "date": "2026-01-05", "party": "JANE", **keys, "lines": lines}


SALES = [sale(1 + n % 3) for n in range(60)]
"""Sixty sales, of which twenty are equal at a time: 20 × (1 + 2 + 3) = 120 hours."""


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    books = Books.open(str(tmp_path / "books.db"))
    yield books
    books.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sales.jsonl"


def write(path: Path, *records: Mapping[str, Any]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def hours(books: Books) -> int:
    """The hours that are invoiced and not void."""
    return sum(int(row["total"]) for row in books.docs.list(type="invoice") if row["status"] == "posted") // 50


def counts(report: LoadReport) -> dict[str, int]:
    return {outcome: report.total(outcome) for outcome in ("posted", "known", "refused") if report.total(outcome)}


# --- interruptions ---------------------------------------------------------------------------------------------------


def test_a_load_that_is_killed_again_and_again_records_each_line_once(tmp_path: Path, path: Path) -> None:
    write(path, *MASTERS, *SALES)
    moments = random.Random(20261201)
    for number in range(4):
        database = tmp_path / f"killed-{number}.db"
        Books.open(str(database)).close()
        kills = sum(is_killed(database, lambda books: load(books, read_records(path), chunk=7), at=moments.randrange(3, 120))
                    for _ in range(3))  # fmt: skip
        assert kills
        books = Books.open(str(database))
        report = load(books, read_records(path), chunk=7)
        assert report.ok
        assert report.total("posted") + report.total("known") == 60
        assert (len(books.docs.list()), hours(books)) == (60, 120)
        assert counts(load(books, read_records(path))) == {"known": 60}
        assert books.verify()["ok"]
        books.close()


class _Stop(Exception):
    """Stops a load between two transactions."""


def _stopped_after(books: Books, path: Path, lines: int, *, chunk: int = 10) -> LoadReport:
    report = LoadReport()

    def stop(done: int) -> None:
        if done >= lines:
            raise _Stop

    with pytest.raises(_Stop):
        load(books, read_records(path), chunk=chunk, progress=stop, report=report)
    return report


def test_the_books_say_through_which_line_a_file_is_recorded(books: Books, path: Path) -> None:
    write(path, *MASTERS, *SALES)
    report = _stopped_after(books, path, 20)
    assert last_recorded(books, report) == (str(path), 20)
    assert counts(load(books, read_records(path))) == {"posted": 42, "known": 18}
    assert hours(books) == 120


def test_three_interruptions_and_a_full_run(books: Books, path: Path) -> None:
    write(path, *MASTERS, *SALES)
    for lines in (20, 40, 60):
        _stopped_after(books, path, lines)
    assert counts(load(books, read_records(path))) == {"posted": 2, "known": 58}
    assert (len(books.docs.list()), hours(books)) == (60, 120)


@pytest.mark.parametrize("packed", [False, True])
def test_a_stream_continues_a_load_that_broke_off(books: Books, path: Path, packed: bool) -> None:
    write(path, *MASTERS, *SALES)
    _stopped_after(books, path, 20)
    if packed:
        other = path.with_suffix(".gz")
        other.write_bytes(gzip.compress(path.read_bytes()))
    else:
        other = path.rename(path.with_name("moved.jsonl"))
    assert counts(load(books, read_records(other))) == {"posted": 42, "known": 18}


@pytest.mark.parametrize(("arrives", "through"), [("before", 10), ("after", 20)])
def test_an_interrupt_at_a_commit_says_what_became_of_it(
    books: Books, path: Path, monkeypatch: pytest.MonkeyPatch, arrives: str, through: int
) -> None:
    write(path, *MASTERS, *SALES)
    commits = 0
    commit: Callable[[Any, Any], None] = SQLiteDialect_pysqlite.do_commit

    def interrupted(dialect: SQLiteDialect_pysqlite, connection: Any) -> None:
        nonlocal commits
        commits += 1
        if arrives == "after" or commits != 2:
            commit(dialect, connection)
        if commits == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(SQLiteDialect_pysqlite, "do_commit", interrupted)
    report = LoadReport()
    with pytest.raises(CommitInterrupted) as stop:
        load(books, read_records(path), chunk=10, report=report)
    expected = CommitOutcome.COMMITTED if arrives == "after" else CommitOutcome.ROLLED_BACK
    assert stop.value.outcome is expected
    assert last_recorded(books, report) == (str(path), through)
    load(books, read_records(path), chunk=10)
    assert hours(books) == 120


# --- the same file ---------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(books: Books, path: Path) -> None:
    pending, void = sale(9, number="P-1", pending=True), {"record": "void", "number": "S-2"}
    write(path, *MASTERS, sale(1, number="S-1"), sale(1), sale(2, number="S-2"), void, pending, sale(4, revises="S-1", number=None))
    assert load(books, read_records(path)).ok
    assert hours(books) == 5
    books.post_pending("P-1")
    again = load(books, read_records(path))
    assert (counts(again), again.total("unchanged"), again.total("voided")) == ({"known": 6}, 2, 0)
    assert hours(books) == 14


def test_lines_that_are_appended_are_recorded(books: Books, path: Path) -> None:
    write(path, *MASTERS, sale(1), sale(1))
    path.write_text(path.read_text().rstrip("\n"))  # an editor left the last line without its end
    load(books, read_records(path))
    write(path, *MASTERS, sale(1), sale(1), sale(1), sale(7))
    assert counts(load(books, read_records(path))) == {"posted": 2, "known": 2}
    assert hours(books) == 10


def test_lines_that_were_refused_are_tried_again_and_the_others_known(books: Books, path: Path) -> None:
    wrong = sale(5, party="NOBODY")
    write(path, *MASTERS, sale(1), wrong, sale(2), wrong)
    assert counts(load(books, read_records(path))) == {"posted": 2, "refused": 2}
    write(path, *MASTERS, sale(1), sale(5), sale(2), wrong)
    assert counts(load(books, read_records(path))) == {"posted": 1, "known": 2, "refused": 1}
    load(books, [{"record": "party", "code": "NOBODY", "kinds": ["customer"]}])
    assert counts(load(books, read_records(path))) == {"posted": 1, "known": 3}
    assert hours(books) == 13


def test_an_equal_line_of_another_file_is_another_document(books: Books, path: Path) -> None:
    write(path, *MASTERS, sale(1))
    write(other := path.with_name("tuesday.jsonl"), *MASTERS, sale(1))
    for file in (path, other):
        assert counts(load(books, read_records(file))) == {"posted": 1}
    write(path, sale(3), sale(4), sale(5), sale(6), sale(7), sale(1))  # the next day's file has the name of the first
    assert counts(load(books, read_records(path))) == {"posted": 6}


def test_the_rest_of_a_file_under_its_name_is_no_part_of_it(books: Books, path: Path) -> None:
    """Who cuts off the recorded lines by hand may have equal lines among the rest, which are new."""
    sales = [*(sale(n) for n in range(1, 19)), *(sale(n) for n in (30, 40, 50, 60, 1, 2))]
    write(path, *MASTERS, *sales)
    _stopped_after(books, path, 20)
    write(path, *sales[18:])
    assert counts(load(books, read_records(path), chunk=10)) == {"posted": 6}
    assert hours(books) == 171 + 183


def test_a_file_is_recorded_once_more_on_purpose(books: Books, path: Path) -> None:
    write(path, *MASTERS, sale(1), sale(1))
    load(books, read_records(path))
    assert counts(load(books, read_records(path), again=True)) == {"posted": 2}
    assert counts(load(books, read_records(path))) == {"known": 2}
    assert hours(books) == 4


def test_one_file_given_twice_and_two_files_in_one_transaction(books: Books, path: Path) -> None:
    write(path, *MASTERS, sale(1))
    write(other := path.with_name("tuesday.jsonl"), sale(2), sale(3))
    lines = [line for file in (path, other, path) for line in read_records(file)]
    assert counts(load(books, lines)) == {"posted": 3, "known": 1}
    assert counts(load(books, lines[:5])) == {"known": 3}


def test_a_dry_run_and_an_atomic_load_know_the_lines(books: Books, path: Path) -> None:
    write(path, *MASTERS, sale(1), sale(2))
    assert counts(load(books, read_records(path), dry_run=True)) == {"posted": 2}
    assert counts(load(books, read_records(path), atomic=True, chunk=2)) == {"posted": 2}
    assert counts(load(books, read_records(path), dry_run=True)) == {"known": 2}


def test_two_loads_of_one_file_at_once(books: Books, path: Path) -> None:
    """The second begins while the first is under way, and goes on with the lines that the first has not recorded."""
    write(path, *MASTERS, *SALES)
    others: list[LoadReport] = []

    def in_between(done: int) -> None:
        if done == 20:
            others.append(load(books, read_records(path), chunk=10))

    report = load(books, read_records(path), chunk=10, progress=in_between)
    assert (counts(report), counts(others[0])) == ({"posted": 18, "known": 42}, {"posted": 42, "known": 18})
    assert hours(books) == 120


def test_records_that_are_no_file_have_no_identity(books: Books) -> None:
    for _ in range(2):
        assert load(books, [*MASTERS, sale(1)]).total("posted") == 1
    assert hours(books) == 2


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_a_number_that_is_recorded_with_the_same_body_is_known(books: Books) -> None:
    load(books, [*MASTERS, sale(1, number="S-1"), sale(2, number="S-2")])
    report = load(books, [sale(1, number="S-1"), sale(3, number="S-3"), sale(3, number="S-3"), sale(9, number="S-2"), sale(4)])
    assert counts(report) == {"posted": 2, "known": 2, "refused": 1}
    assert hours(books) == 10


def test_a_number_twice_in_a_file_is_refused_with_the_first(books: Books) -> None:
    wrong = sale(1, number="S-1", party="NOBODY")
    assert counts(load(books, [*MASTERS, wrong, wrong])) == {"refused": 2}


def test_the_identities_take_little_room(books: Books, path: Path, tmp_path: Path) -> None:
    write(path, *MASTERS, *SALES)
    load(books, read_records(path), chunk=10)
    connection = sqlite3.connect(tmp_path / "books.db")
    (characters,) = connection.execute("SELECT SUM(length(lines)) FROM wares_loaded_part").fetchone()
    connection.close()
    assert characters < 12 * 62
