"""The statements of the hot path mean the same on both engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from wares.storage import tables
from wares.storage.database import Dialect, dialect_of, insert_many, read, sql, write
from wares.storage.statements import COPY_FROM, POSTGRESQL, SQLITE

NewCompany = Callable[[Engine], int]

MANY = COPY_FROM + 1


@pytest.mark.parametrize(
    ("text", "postgresql"),
    [
        ("SELECT ? + ?", "SELECT %s + %s"),
        ("SELECT 7 % ?", "SELECT 7 %% %s"),
        ("SELECT '100% sure?', ?", "SELECT '100%% sure?', %s"),
        ("SELECT 'it''s ?', ?", "SELECT 'it''s ?', %s"),
        ("x = ANY(%s) AND y = ?", "x = ANY(%s) AND y = %s"),
    ],
)
def test_a_statement_is_written_once(text: str, postgresql: str) -> None:
    assert SQLITE.spelled[text] == text
    assert POSTGRESQL.spelled[text] == postgresql


def test_percent_signs_and_question_marks_in_texts_survive(engine: Engine) -> None:
    with read(engine) as connection:
        row = sql(connection, "SELECT '100% sure?', 7 % 4, CAST(? AS BIGINT)", (5,)).one()
        assert tuple(row) == ("100% sure?", 3, 5)
        assert sql(connection, "SELECT '%'").scalar() == "%"


def locations(company: int, count: int) -> list[tuple[Any, ...]]:
    return [(company, number, f"L{number}", None, 1) for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 5, MANY, 180, 181, 400])
def test_rows_go_in_and_come_out_as_they_were(engine: Engine, new_company: NewCompany, count: int) -> None:
    """One row, a few, enough for COPY, all there is to statements of 180 rows; what text formats trip over stands in the name."""
    names = [None, "", "\\N", "tab\tline\nback\\slash\r", "Ünïcödé 🚲", "'quoted\"", "NULL"]
    company = new_company(engine)
    rows = [(company, 2**62 + number, f"L{number}", names[number % len(names)], -1 if number % 2 else 1) for number in range(count)]
    with write(engine) as connection:
        insert_many(connection, tables.location, rows)
    with read(engine) as connection:
        found = sql(connection, "SELECT * FROM wares_location WHERE company_id = ? ORDER BY location_id", (company,)).all()
    assert [tuple(row) for row in found] == rows


def test_no_rows_are_no_statement(engine: Engine) -> None:
    with read(engine) as connection:
        insert_many(connection, tables.location, [])


@pytest.mark.parametrize("count", [5, MANY])
def test_a_row_that_breaks_a_key_takes_all_with_it(engine: Engine, new_company: NewCompany, count: int) -> None:
    company = new_company(engine)
    rows = locations(company, count)
    with pytest.raises(Exception, match=r"(?i)unique") as refused, write(engine) as connection:
        insert_many(connection, tables.location, [*rows, rows[0]])
    assert "Integrity" in type(refused.value).__name__ or "Unique" in type(refused.value).__name__
    with read(engine) as connection:
        assert sql(connection, "SELECT COUNT(*) FROM wares_location WHERE company_id = ?", (company,)).scalar() == 0


def test_a_copy_belongs_to_the_transaction_that_sqlalchemy_knows_of(postgresql_engine: Engine, new_company: NewCompany) -> None:
    company = new_company(postgresql_engine)
    with postgresql_engine.connect() as connection:
        insert_many(connection, tables.location, locations(company, MANY))
        assert connection.in_transaction()
        connection.rollback()
        assert sql(connection, "SELECT COUNT(*) FROM wares_location WHERE company_id = ?", (company,)).scalar() == 0


@pytest.mark.parametrize(
    ("column", "wanted", "found"),
    [
        ("location_id", [1, 3, 2**40], [1, 3]),
        ("location_id", [], []),
        ("code", ["L2", "L3", "L'9"], [2, 3]),
        ("code", [], []),
        ("location_id", list(range(2, 50_000)), [2, 3]),
    ],
)
def test_a_list_of_any_length_is_one_parameter(
    engine: Engine, new_company: NewCompany, column: str, wanted: list[Any], found: list[int]
) -> None:
    company = new_company(engine)
    with write(engine) as connection:
        insert_many(connection, tables.location, locations(company, 3))
        dialect = dialect_of(connection)
        statement = f"SELECT location_id FROM wares_location WHERE company_id = ? AND {column}{dialect.in_list} ORDER BY 1"
        rows = sql(connection, statement, (company, dialect.list_parameter(wanted)))
        assert rows.scalars().all() == found


def period_total(company: int, account: int, debit: int, credit: int) -> tuple[int, ...]:
    return (company, account, 202601, debit, credit)


def account(company: int, number: int) -> tuple[Any, ...]:
    return (company, number, f"{number}", None, "asset", None, 1)


def test_totals_grow_by_what_is_added(engine: Engine, new_company: NewCompany) -> None:
    company = new_company(engine)

    def add(connection: Connection, dialect: Dialect, rows: list[tuple[int, ...]]) -> None:
        statement = dialect.upsert_add(tables.period_total, ("company_id", "account_id", "period"), ("debit", "credit"))
        sql(connection, statement, rows)

    with write(engine) as connection:
        insert_many(connection, tables.account, [account(company, number) for number in (1, 2)])
        dialect = dialect_of(connection)
        add(connection, dialect, [period_total(company, 1, 500, 0)])
        add(connection, dialect, [period_total(company, 1, 25, 10), period_total(company, 2, 0, 7)])
        statement = "SELECT account_id, debit, credit FROM wares_period_total WHERE company_id = ? ORDER BY 1"
        assert [tuple(row) for row in sql(connection, statement, (company,))] == [(1, 525, 10), (2, 0, 7)]


def test_an_update_gives_the_new_values_first(engine: Engine, new_company: NewCompany) -> None:
    company = new_company(engine)
    with write(engine) as connection:
        insert_many(connection, tables.location, locations(company, 3))
        statement = dialect_of(connection).update(tables.location, ("company_id", "location_id"), ("name", "active"))
        sql(connection, statement, [("Shop", 0, company, 2), ("Yard", 0, company, 3)])
        rows = sql(connection, "SELECT name, active FROM wares_location WHERE company_id = ? ORDER BY location_id", (company,))
        assert [tuple(row) for row in rows] == [(None, 1), ("Shop", 0), ("Yard", 0)]


def test_a_column_that_is_not_there_is_noticed_when_the_statement_is_made() -> None:
    with pytest.raises(ValueError, match="colour"):
        SQLITE.update(tables.location, ("company_id",), ("colour",))
