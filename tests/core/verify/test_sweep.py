"""Each column of each table of the core is changed in turn, and each row removed: `verify` sees it, alone or in sealed books.

The two lists below hold the exceptions, each with its reason. A column that is not listed must be seen without a seal, and
one that is listed must be needed: a change of it is not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Connection, Integer, SmallInteger, Table

from tests.core.verify.company import build_company
from wares import Books
from wares.storage import tables as t
from wares.verify import CHECKS, Check, _finding_of
from wares.verify.examined import Examined

ROWS = 2
"""Rows of each table in which a column is changed."""

MASTER = "a fact of a master, which its owner may change at any time; documents keep what they used"
SPENT = "of goods that are used up: nothing reads it again"

NAMES = {table: [column.name for column in table.columns] for table in t.metadata.sorted_tables}

ONLY_SEALED = {
    ("account", "code"): "a name by which records call the account; it never changes",
    ("account", "type"): "any type is possible for an account without a role that asks for one",
    ("closing", "date"): "of a closing that a later one replaced",
    ("closing", "last_id"): "nothing was recorded between the two",
    ("closing", "reason"): "a text of the owner",
    ("closing", "recorded_at"): "an instant of the clock",
    ("company", "code"): "a name of the books",
    ("company", "currency"): "nothing in the rows says more of it than its code",
    ("company", "decimals"): "amounts are whole numbers of minor units, whatever their size",
    ("item", "sku"): "a name by which records call the item; it never changes",
    ("item", "type"): "any type is possible; it never changes",
    ("location", "code"): "a name by which records call the place; it never changes",
    ("pool", "first_method"): "an uninstalled method is not checked",
    ("pool", "first_rate"): "the pool of another method does not read it",
    ("pool", "lot"): "a name of the goods; it never changes",
    ("pool", "order_line_id"): "the order that the goods were bought for; it never changes",
}
NEVER = {
    **dict.fromkeys((
        ("account", "name"), ("account", "active"), ("account", "roles"), ("company", "name"), ("component", "attributes"),
        ("component", "item_id"), ("component", "kind"), ("component", "parent_id"), ("component", "position"),
        ("component", "price"), ("component", "quantity"), ("component", "share"), ("item", "active"), ("item", "attributes"),
        ("item", "barcode"), ("item", "category"), ("item", "cost"), ("item", "cost_method"), ("item", "makes"), ("item", "name"),
        ("item", "price"), ("item", "unit"), ("item", "volume"), ("item", "weight"), ("location", "active"), ("location", "name"),
        ("mapping", "account_id"), ("mapping", "level"), ("mapping", "of"), ("mapping", "role"), ("party", "active"),
        ("party", "kinds"), ("party", "name"), ("setting", "key"), ("setting", "value"),
    ), MASTER),
    **dict.fromkeys((("company", "version"), ("company", "master_version")), "counts changes, so that caches are dropped"),
    ("company", "recent_units"): "marks of the last transactions, by which a lost answer is looked up; made to be forgotten",
    ("company", "projections"): "names the projections whose rows are kept: another name is reported as not checked",
    **dict.fromkeys((("company", "next_id"), ("company", "next_sequence")), "a gap means nothing; a counter too low is seen"),
    **dict.fromkeys((
        ("layer", "base_quantity"), ("layer", "base_value"),
    ), SPENT),
    ("move", "variance_id"): "the account of a difference that may come later; the postings of it are checked",
    ("move", "method"): "an uninstalled method is not checked, and reported so",
    **dict.fromkeys((
        ("pool", "base_quantity"), ("pool", "base_value"), ("pool", "rate"),
    ), "a figure of another method, or of a pool that holds goods: nothing reads it then"),
    ("pool", "method"): "an uninstalled method is not checked, and reported so",
    **dict.fromkeys((("pool", "last_at"), ("pool", "last_sequence")),
                    "an end that is too late makes the next document a late one, which costs time only; too early is seen"),
    **{("outbox", name): "messages to other programs, on their way" for name in NAMES[t.outbox]},
    **{("source", name): "marks of imported files, by which the same file is not imported twice"
       for name in NAMES[t.source]},
}  # fmt: skip
MAY_BE_REMOVED = {
    "component": MASTER, "mapping": MASTER, "setting": MASTER,
    "outbox": "messages to other programs, on their way", "source": "marks of imported files",
}  # fmt: skip
"""Tables a row of which may be removed unnoticed, sealed or not."""
REMOVAL_ONLY_SEALED = {
    "account": "an account that nothing was posted to", "item": "an item that nothing used",
    "location": "a place that nothing used",
}  # fmt: skip


class Swept:
    """A company in a transaction that is never committed, without the keys that would refuse a change."""

    def __init__(self, books: Books, connection: Connection) -> None:
        self.books = books
        self.connection = connection

    def problem(self) -> str | None:
        """Return the problem of the first check that fails."""
        reader = Examined.open(self.connection, 1)
        found = (_finding_of(check, reader, self.books.plugins.registry).problem for check in _cheapest_first())
        return next((problem for problem in found if problem), None)

    def rows(self, table: Table) -> list[tuple[Any, ...]]:
        """Return the rows of a table, of accounts those with postings: the type of another may be changed by right."""
        used = "AND account_id IN (SELECT account_id FROM wares_posting)"
        return self.all_rows(table, used if table is t.account else "")

    def all_rows(self, table: Table, condition: str = "") -> list[tuple[Any, ...]]:
        query = f"SELECT * FROM {table.name} WHERE company_id = 1 {condition}"
        return [tuple(row) for row in self.connection.exec_driver_sql(query).fetchall()]

    def unseen_change(self, table: Table, column: str, rows: list[tuple[Any, ...]]) -> tuple[Any, ...] | None:
        """Return the first change of a column in these rows that no check sees."""
        changes = _changes(table, NAMES[table].index(column), rows)
        return next((change for change in changes if self.after(*change) is None), None)

    def unseen_removal(self, table: Table, rows: list[tuple[Any, ...]]) -> list[Any] | None:
        """Return the key of the first row whose removal no check sees."""
        names = [column.name for column in table.primary_key]
        keys = ([row[NAMES[table].index(name)] for name in names] for row in rows)
        statement = f"DELETE FROM {table.name} WHERE {_are(names)}"
        return next((key for key in keys if self.after(statement, *key) is None), None)

    def after(self, statement: str, *parameters: object) -> str | None:
        """Return the problem after a statement, which is taken back; "refused" if the database refuses it."""
        savepoint = self.connection.begin_nested()
        try:
            self.connection.exec_driver_sql(statement, parameters)
            return self.problem()
        except Exception as error:
            if "IntegrityError" not in type(error).__name__:
                raise
            return "refused"
        finally:
            savepoint.rollback()


def _cheapest_first() -> list[Check]:
    return [check for key, _, check in sorted(CHECKS, key=lambda each: each[0] not in ("I11", "I19", "I20"))]


@pytest.fixture(scope="module")
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    path: Path = tmp_path_factory.mktemp("sweep") / "company.db"
    books = Books.open(f"sqlite:///{path}")
    build_company(books, sealed=False)
    books.load([{"record": "mapping", "role": "income", "level": "item", "of": "RIM", "account": "4000"}])
    assert books.engine is not None
    with books.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO wares_source VALUES (1, 'f', 'n', 's', 1)")
        connection.exec_driver_sql("INSERT INTO wares_outbox VALUES (1, 1, 'posted', NULL, '{}', 1, NULL)")
    if request.param == SEALED:
        books.gl.seal()
    yield books
    books.close()


@contextmanager
def swept(books: Books) -> Iterator[Swept]:
    assert books.engine is not None
    with books.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        transaction = connection.begin()
        try:
            yield Swept(books, connection)
        finally:
            transaction.rollback()
            raw.execute("PRAGMA foreign_keys = ON")


TABLES = [
    table
    for table in t.metadata.sorted_tables
    if table.info["kind"] == "company" and table not in (t.projected, t.loaded_file, t.loaded_part)
]
"""Rows of projections are compared whole (I16); the marks of loaded lines let an interrupted load go on."""


RECORDED, SEALED = "as recorded", "sealed"


def names_of(listed: Iterable[tuple[str, str]], table: Table) -> list[str]:
    return [column for of, column in listed if of == _short(table)]


def _short(table: Table) -> str:
    return table.name.removeprefix(t.PREFIX)


def cases(recorded: Iterable[Table], sealed: Iterable[Table]) -> list[Any]:
    """Parameters of a test: these tables in books as recorded, and those in sealed books."""
    return [
        pytest.param(books, table, id=f"{table.name}, {books}")
        for books, some in ((RECORDED, recorded), (SEALED, sealed))
        for table in some
    ]


@pytest.mark.parametrize(
    ("books", "table"),
    cases(
        [table for table in TABLES if table is not t.sealing],
        [table for table in TABLES if table is t.sealing or names_of(ONLY_SEALED, table)],
    ),
    indirect=["books"],
)
def test_a_changed_column_is_seen(books: Books, table: Table, request: pytest.FixtureRequest) -> None:
    """Without a seal all that is not listed, and in sealed books the columns that need the seal."""
    exceptions = {"company_id", *names_of(ONLY_SEALED, table), *names_of(NEVER, table)}
    columns = [name for name in NAMES[table] if name not in exceptions]
    if _is_sealed(request) and table is not t.sealing:
        columns = names_of(ONLY_SEALED, table)
    with swept(books) as company:
        assert company.problem() is None
        rows = company.rows(table)
        assert rows
        unseen = {column: company.unseen_change(table, column, _some_with(table, column, rows)) for column in columns}
        assert {column: change for column, change in unseen.items() if change} == {}


@pytest.mark.parametrize(
    ("books", "table"),
    cases(
        [table for table in TABLES if names_of(ONLY_SEALED, table)],
        [table for table in TABLES if names_of(NEVER, table)],
    ),
    indirect=["books"],
)
def test_an_exception_is_needed(books: Books, table: Table, request: pytest.FixtureRequest) -> None:
    """A listed column changes unnoticed: without a seal, or even in sealed books."""
    columns = names_of(NEVER if _is_sealed(request) else ONLY_SEALED, table)
    with swept(books) as company:
        rows = company.all_rows(table)
        assert [column for column in columns if not company.unseen_change(table, column, rows)] == []


@pytest.mark.parametrize(
    ("books", "table"),
    cases(
        [table for table in TABLES if _short(table) not in {*MAY_BE_REMOVED, *REMOVAL_ONLY_SEALED, "company", "sealing"}],
        [table for table in TABLES if _short(table) in {*REMOVAL_ONLY_SEALED, "sealing"}],
    ),
    indirect=["books"],
)
def test_a_removed_row_is_seen(books: Books, table: Table) -> None:
    with swept(books) as company:
        assert company.unseen_removal(table, _some(company.rows(table))) is None


@pytest.mark.parametrize(
    ("books", "table"),
    cases(
        [table for table in TABLES if _short(table) in REMOVAL_ONLY_SEALED],
        [table for table in TABLES if _short(table) in MAY_BE_REMOVED],
    ),
    indirect=["books"],
)
def test_a_removal_that_is_listed_is_not_seen(books: Books, table: Table) -> None:
    with swept(books) as company:
        assert company.unseen_removal(table, company.all_rows(table)) is not None


def _is_sealed(request: pytest.FixtureRequest) -> bool:
    return bool(request.node.callspec.params["books"] == SEALED)


def test_the_lists_name_columns() -> None:
    columns = {(table.name.removeprefix(t.PREFIX), column.name) for table in TABLES for column in table.columns}
    assert not {*ONLY_SEALED, *NEVER} - columns
    assert not set(ONLY_SEALED) & set(NEVER)
    assert all((*ONLY_SEALED.values(), *NEVER.values(), *MAY_BE_REMOVED.values(), *REMOVAL_ONLY_SEALED.values()))


def _changes(table: Table, place: int, rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield statements that change a column of these rows, each to a value that others have, if there are few."""
    column, names = list(table.columns)[place], NAMES[table]
    keys = [each.name for each in table.primary_key]
    is_of_few = column.name.endswith("_id") or column.name in ("annuls", "annulled_by", "exhausted_by")
    is_text = not isinstance(column.type, Integer | BigInteger | SmallInteger)
    for row in rows:
        others = sorted({other[place] for other in rows if other[place] is not None} - {row[place]})
        if others and (is_of_few or (table is t.account and column.name in ("type", "roles"))):
            value: object = others[0]
        else:
            value = (row[place] or "") + "x" if is_text else (row[place] or 0) + 1
        yield f'UPDATE {table.name} SET "{column.name}" = ? WHERE {_are(keys)}', value, *(row[names.index(key)] for key in keys)


def _some_with(table: Table, column: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return some of the rows, of those that have a value in a column if there are any."""
    place = NAMES[table].index(column)
    return _some([row for row in rows if row[place] is not None] or rows)


def _some(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return rows[:: max(1, len(rows) // ROWS)]


def _are(keys: list[str]) -> str:
    return " AND ".join(f'"{key}" = ?' for key in keys)
