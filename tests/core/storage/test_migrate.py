"""Migrations: up, down and up again, by each owner on its own, without losing a row."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    event,
    inspect,
    text,
)

from wares import Books
from wares.errors import Conflict, StorageError
from wares.storage import tables
from wares.storage.currencies import CURRENCIES
from wares.storage.database import configure_engine, open_engine, read, write
from wares.storage.migration_source import CORE, MigrationSource, scripts_of
from wares.storage.migrations import HEAD
from wares.storage.purging import purge
from wares.storage.revise import differences, write_revision
from wares.storage.revisions import Status, downgrade, include_name, migrate, seed_reference, status

CREATE = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.create_table("toy_box", sa.Column("company_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("box_id", sa.BigInteger, primary_key=True), sa.Column("label", sa.Text))
    op.create_table("toy_part", sa.Column("company_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("part_id", sa.BigInteger, primary_key=True), sa.Column("box_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["company_id", "box_id"], ["toy_box.company_id", "toy_box.box_id"], ondelete="CASCADE"))

def downgrade():
    op.drop_table("toy_part")
    op.drop_table("toy_box")
"""
REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade():
    with op.batch_alter_table("toy_box", recreate="{recreate}") as box:
        box.alter_column("label", existing_type=sa.Text, type_=sa.String(50))

def downgrade():
    pass
"""
ORPHAN = """
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade():
    op.execute("DELETE FROM toy_box")

def downgrade():
    pass
"""


@pytest.fixture
def toys(tmp_path: Path) -> MigrationSource:
    """A plugin with two tables, the second belonging to the first."""
    folder = tmp_path / "toys"
    folder.mkdir()
    (folder / "r0001_toys.py").write_text(CREATE)
    return MigrationSource("toys", folder, MetaData(), "toy_")


def table_names(engine: Engine) -> set[str]:
    with read(engine) as connection:
        return set(inspect(connection).get_table_names())


def test_the_migrations_make_the_tables_that_the_program_declares(empty_engine: Engine) -> None:
    migrate(empty_engine)
    assert differences(empty_engine, CORE) == []
    assert table_names(empty_engine) == {*tables.metadata.tables, CORE.version_table}


def test_up_and_down_and_up_again(empty_engine: Engine) -> None:
    migrate(empty_engine)
    migrate(empty_engine)
    downgrade(empty_engine, CORE)
    assert table_names(empty_engine) == {CORE.version_table}
    assert status(empty_engine) == [Status("wares", None, HEAD, False, False)]
    migrate(empty_engine)
    assert status(empty_engine) == [Status("wares", HEAD, HEAD, True, False)]
    assert differences(empty_engine, CORE) == []


def test_the_newest_revision_is_the_one_that_opening_books_asks_for() -> None:
    assert scripts_of(CORE).get_current_head() == HEAD


def assert_complete(engine: Engine) -> None:
    assert status(engine)[0].up_to_date
    with read(engine) as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM wares_currency")).scalar() == len(CURRENCIES)


def test_two_threads_may_upgrade_at_once(empty_engine: Engine) -> None:
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(migrate, empty_engine) for _ in range(2)]:
            done.result(timeout=60)
    assert_complete(empty_engine)


UPGRADE_ON_SIGNAL = """
import sys
from wares.storage.database import open_engine
from wares.storage.revisions import migrate

engine = open_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
"""


def test_two_processes_may_upgrade_at_once(empty_engine: Engine) -> None:
    url = empty_engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE_ON_SIGNAL, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0]
    assert_complete(empty_engine)


def test_currencies_are_filled_in_once_and_what_was_changed_stays(empty_engine: Engine) -> None:
    migrate(empty_engine)
    with write(empty_engine) as connection:
        connection.execute(text("UPDATE wares_currency SET decimals = 4 WHERE code = 'USD'"))
        connection.execute(text("DELETE FROM wares_currency WHERE code = 'EUR'"))
    seed_reference(empty_engine)
    with read(empty_engine) as connection:
        found = {row[0]: row[1] for row in connection.execute(text("SELECT code, decimals FROM wares_currency"))}
    assert len(found) == len(CURRENCIES)
    assert {code: found[code] for code in ("USD", "EUR", "JPY", "KWD", "CLP")} == {
        "USD": 4, "EUR": 2, "JPY": 0, "KWD": 3, "CLP": 0,
    }  # fmt: skip


def test_currency_codes_are_well_formed_and_different() -> None:
    codes = [code for code, _, _ in CURRENCIES]
    assert codes == sorted(set(codes))
    assert all(len(code) == 3 and code.isupper() and name for code, name, _ in CURRENCIES)


def test_each_owner_has_a_chain_of_its_own_and_may_go(empty_engine: Engine, toys: MigrationSource) -> None:
    migrate(empty_engine, [CORE, toys])
    assert status(empty_engine, [CORE, toys]) == [
        Status("wares", HEAD, HEAD, True, False),
        Status("toys", "0001", "0001", True, False),
    ]
    migrate(empty_engine)  # as if the plugin were uninstalled
    assert status(empty_engine)[1:] == [Status("toys", "0001", None, False, True)]
    purge(empty_engine, toys)
    assert table_names(empty_engine) == {*tables.metadata.tables, CORE.version_table}
    assert [one.owner for one in status(empty_engine)] == ["wares"]
    with pytest.raises(ValueError, match="books"):
        purge(empty_engine, CORE)


def test_a_database_of_a_newer_version_is_left_alone(empty_engine: Engine, toys: MigrationSource) -> None:
    migrate(empty_engine, [toys])
    with write(empty_engine) as connection:
        connection.execute(text(f"UPDATE {toys.version_table} SET version_num = '0007'"))
    assert status(empty_engine, [toys]) == [Status("toys", "0007", "0001", False, True)]
    with pytest.raises(StorageError, match="DATABASE_NEWER"):
        migrate(empty_engine, [toys])


def fill_toys(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(text("INSERT INTO toy_box VALUES (1, 10, 'red')"))
        connection.execute(text("INSERT INTO toy_part VALUES (1, 100, 10)"))


def count_parts(engine: Engine) -> int:
    with read(engine) as connection:
        return int(connection.execute(text("SELECT COUNT(*) FROM toy_part")).scalar_one())


def test_rebuilding_a_table_keeps_the_rows_that_belong_to_it(empty_engine: Engine, toys: MigrationSource) -> None:
    """On SQLite the table is dropped and made anew; with foreign keys on, its children would go with it."""
    migrate(empty_engine, [toys])
    fill_toys(empty_engine)
    recreate = "always" if empty_engine.dialect.name == "sqlite" else "never"
    (toys.folder / "r0002_rebuild.py").write_text(REBUILD.format(recreate=recreate))
    migrate(empty_engine, [toys])
    assert count_parts(empty_engine) == 1
    with write(empty_engine) as connection:  # and foreign keys are on again
        connection.execute(text("DELETE FROM toy_box"))
    assert count_parts(empty_engine) == 0


def test_a_revision_that_would_orphan_rows_is_undone(
    sqlite_toys: tuple[Engine, MigrationSource],
) -> None:
    engine, toys = sqlite_toys
    (toys.folder / "r0002_orphan.py").write_text(ORPHAN)
    with pytest.raises(StorageError, match="MIGRATION_FAILED") as failed:
        migrate(engine, [toys])
    assert "toy_part" in failed.value.message
    assert count_parts(engine) == 1
    assert status(engine, [toys])[0].current == "0001"
    with read(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.fixture
def sqlite_toys(tmp_path: Path, toys: MigrationSource) -> Iterator[tuple[Engine, MigrationSource]]:
    engine = open_engine(tmp_path / "toys.db")
    migrate(engine, [toys])
    fill_toys(engine)
    yield engine, toys
    engine.dispose()


def test_a_revision_that_raises_is_named_and_leaves_nothing(empty_engine: Engine, toys: MigrationSource) -> None:
    migrate(empty_engine, [toys])
    (toys.folder / "r0002_bad.py").write_text(
        ORPHAN.replace('"DELETE FROM toy_box"', '"CREATE TABLE toy_new (x BIGINT)"); op.execute("DROP TABLE nothing"')
    )
    with pytest.raises(StorageError) as failed:
        migrate(empty_engine, [toys])
    assert (failed.value.code, failed.value.plugin) == ("MIGRATION_FAILED", "toys")
    assert "toy_new" not in table_names(empty_engine)
    assert status(empty_engine, [toys])[0].current == "0001"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("raise RuntimeError('no such tariff')", "no such tariff"),
        ("op.execute('DELETE FROM wares_version_toys')", "expected to match one row"),
    ],
    ids=["a fault of the revision", "a fault that alembic finds"],
)
def test_whatever_a_revision_raises_is_a_migration_that_failed(
    empty_engine: Engine, toys: MigrationSource, body: str, cause: str
) -> None:
    migrate(empty_engine, [toys])
    (toys.folder / "r0002_bad.py").write_text(ORPHAN.replace('op.execute("DELETE FROM toy_box")', body))
    with pytest.raises(StorageError) as failed:
        migrate(empty_engine, [toys])
    assert (failed.value.code, failed.value.plugin) == ("MIGRATION_FAILED", "toys")
    assert cause in failed.value.message
    assert status(empty_engine, [toys])[0].current == "0001"


STEP = """
from alembic import op

revision = "{revision}"
down_revision = "{previous}"

def upgrade():
    op.execute("INSERT INTO toy_box (company_id, box_id, label) VALUES (1, {revision}, 'made')")

def downgrade():
    op.execute("DELETE FROM toy_box WHERE box_id = {revision}")
"""


@pytest.fixture
def four_steps(toys: MigrationSource) -> MigrationSource:
    """A chain of four revisions; a revision above the first makes a box with its number, and fails if the box is there."""
    for number in (2, 3, 4):
        text = STEP.format(revision=f"000{number}", previous=f"000{number - 1}")
        (toys.folder / f"r000{number}_box.py").write_text(text)
    return toys


def boxes(engine: Engine) -> list[int]:
    with read(engine) as connection:
        return [int(box) for (box,) in connection.execute(text("SELECT box_id FROM toy_box ORDER BY box_id"))]


def overtaken(file: Path, *, at: str, to: str) -> Engine:
    """An engine on a file that another process takes from one revision to another, as soon as it is there and unlocked."""
    engine = create_engine(f"sqlite:///{file}")

    def go(connection: Connection) -> None:
        with closing(sqlite3.connect(file)) as other, other:
            if connection.get_execution_options().get("wares_read") or not other.execute(_HAS_VERSION).fetchone():
                return
            if other.execute("UPDATE wares_version_toys SET version_num = ? WHERE version_num = ?", (to, at)).rowcount:
                other.execute("DELETE FROM toy_box")
                other.executemany("INSERT INTO toy_box VALUES (1, ?, 'theirs')", [(box,) for box in range(2, int(to) + 1)])

    event.listen(engine, "begin", go)  # before the transaction begins, since it is the first to listen
    return configure_engine(engine)


_HAS_VERSION = "SELECT 1 FROM sqlite_schema WHERE name = 'wares_version_toys'"


@pytest.mark.parametrize("theirs", ["0002", "0003", "0004"])
def test_an_upgrade_goes_on_from_where_another_process_left(tmp_path: Path, four_steps: MigrationSource, theirs: str) -> None:
    """Each revision runs once: the plan is made anew from the revision that is read under the lock."""
    engine = overtaken(tmp_path / "toys.db", at="0001", to=theirs)
    migrate(engine, [four_steps])
    assert status(engine, [four_steps])[0].up_to_date
    with read(engine) as connection:
        theirs_made = connection.execute(text("SELECT COUNT(*) FROM toy_box WHERE label = 'theirs'")).scalar()
    assert (boxes(engine), theirs_made) == ([2, 3, 4], int(theirs) - 1)
    engine.dispose()


@pytest.mark.parametrize("theirs", ["0002", "0001"])
def test_a_downgrade_goes_on_from_where_another_process_left(tmp_path: Path, four_steps: MigrationSource, theirs: str) -> None:
    alone = open_engine(tmp_path / "toys.db")
    migrate(alone, [four_steps])
    alone.dispose()
    engine = overtaken(tmp_path / "toys.db", at="0003", to=theirs)
    downgrade(engine, four_steps, "0001")
    assert (status(engine, [four_steps])[0].current, boxes(engine)) == ("0001", [])
    engine.dispose()


def test_a_writer_that_holds_the_database_makes_an_upgrade_busy(
    tmp_path: Path, toys: MigrationSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of the revisions: the upgrade may be tried again."""
    monkeypatch.setattr("wares.storage.database.BUSY_SECONDS", 0)
    engine = open_engine(tmp_path / "toys.db")
    migrate(engine)
    with closing(sqlite3.connect(tmp_path / "toys.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(Conflict) as busy:
            migrate(engine, [toys])
    assert (busy.value.code, busy.value.retryable) == ("BUSY", True)
    migrate(engine, [toys])
    engine.dispose()


def test_a_chain_with_branches_or_without_a_package_is_refused(toys: MigrationSource) -> None:
    (toys.folder / "r0002_one.py").write_text(ORPHAN)
    (toys.folder / "r0002_two.py").write_text(ORPHAN.replace('"0002"', '"0002b"'))
    with pytest.raises(StorageError, match="NO_MIGRATIONS"):
        scripts_of(toys)
    with pytest.raises(StorageError, match="NO_MIGRATIONS"):
        scripts_of(MigrationSource("toys", "wares.no_such_package", MetaData()))
    with pytest.raises(ValueError, match="own migrations"):
        MigrationSource("Toys; DROP", toys.folder, MetaData())


def test_a_hosts_own_alembic_does_not_see_the_tables_of_wares(empty_engine: Engine) -> None:
    host = MetaData()
    Table("customer", host, Column("id", Integer, primary_key=True))
    host.create_all(empty_engine)
    migrate(empty_engine)

    def compared(**options: Callable[..., bool]) -> int:
        with read(empty_engine) as connection:
            return len(compare_metadata(MigrationContext.configure(connection, opts=dict(options)), host))

    assert compared() > 20
    assert compared(include_name=include_name) == 0


def test_a_developer_gets_the_next_revision_written(empty_engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "toys"
    folder.mkdir()

    def source(*columns: str) -> MigrationSource:
        metadata = MetaData()
        Table(
            "toy_box",
            metadata,
            Column("company_id", Integer, primary_key=True),
            *(Column(name, Integer) for name in columns),
        )
        return MigrationSource("toys", folder, metadata, "toy_")

    assert write_revision(empty_engine, source("size"), "First toys").name == "r0001_first_toys.py"
    migrate(empty_engine, [source("size")])
    assert differences(empty_engine, source("size")) == []
    assert write_revision(empty_engine, source("size", "colour"), "Colour").name == "r0002_colour.py"
    migrate(empty_engine, [source("size", "colour")])
    assert differences(empty_engine, source("size", "colour")) == []
    downgrade(empty_engine, source("size"), "0001")
    assert differences(empty_engine, source("size")) == []


HOST = MetaData(naming_convention=tables.metadata.naming_convention)
for _name in ("account", "item", "company"):  # names, keys and indexes as Wares had them
    Table(
        _name,
        HOST,
        Column("company_id", Integer, primary_key=True),
        Column("code", String(20)),
        Column("date", Integer, index=True),
        UniqueConstraint("company_id", "code"),
    )


@pytest.mark.parametrize("host_first", [True, False])
def test_books_stand_beside_a_hosts_account_item_and_company(empty_engine: Engine, host_first: bool) -> None:
    for step in (HOST.create_all, migrate) if host_first else (migrate, HOST.create_all):
        step(empty_engine)
    assert all(name.startswith("wares_") for name in table_names(empty_engine) - {*HOST.tables})
    assert differences(empty_engine, CORE) == []
    books = Books(engine=empty_engine, company="ACME")
    books.create()
    books.items.add("service", sku="HOUR", price="80")
    books.parties.add("JANE", kinds=["customer"])
    books.post("invoice", party="JANE", lines=[{"item": "HOUR", "quantity": 2}])
    assert books.verify()["ok"]
    with read(empty_engine) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": include_name})
        assert compare_metadata(context, HOST) == []


def with_names_of_revision_2(engine: Engine) -> None:
    """Take the prefix off every table, key and index, as books had them before the revision that renames them."""
    long = {"ix_wares_layer_in_order": "ix_layer_company_id_pool_id_exhausted_at_effective_at_sequence"}
    long["ix_wares_projected_in_order"] = "ix_projected_company_id_projection_day_document_id_position"

    def old(name: str) -> str:
        return long.get(name, name.replace("_wares_", "_", 1))

    later = ("wares_loaded_part", "wares_loaded_file", "wares_sealing")
    with write(engine) as connection:
        for table in ("wares_document", "wares_entry"):
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN content"))
        for table in later:
            connection.execute(text(f"DROP TABLE {table}"))
        for table in sorted(set(tables.metadata.tables) - set(later)):
            indexes = [
                str(index["name"]) for index in inspect(connection).get_indexes(table) if "duplicates_constraint" not in index
            ]
            texts: dict[str, str] = {}
            if engine.dialect.name == "sqlite":
                query = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL"
                texts = dict(map(tuple, connection.execute(text(query), {"table": table})))
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table.removeprefix('wares_')}"))
            for name in indexes:
                if texts:
                    connection.execute(text(f"DROP INDEX {name}"))
                    old_text = texts[name].replace(name, old(name), 1).replace(f" {table} ", f" {table.removeprefix('wares_')} ")
                    connection.execute(text(old_text))
                else:
                    connection.execute(text(f"ALTER INDEX {name} RENAME TO {old(name)}"))
        if engine.dialect.name == "postgresql":
            found = connection.execute(
                text("SELECT conname, conrelid::regclass FROM pg_constraint WHERE conname LIKE '%\\_wares\\_%'")
            )
            for name, table in found.all():
                connection.execute(text(f"ALTER TABLE {table} RENAME CONSTRAINT {name} TO {old(name)}"))
        connection.execute(text(f"UPDATE {CORE.version_table} SET version_num = '0002'"))


def test_tables_of_books_made_before_are_renamed(empty_engine: Engine) -> None:
    books = Books(engine=empty_engine, company="ACME")
    books.create()
    books.items.add("service", sku="HOUR", price="80")
    books.parties.add("JANE", kinds=["customer"])
    books.post("invoice", party="JANE", lines=[{"item": "HOUR", "quantity": 2}])
    with_names_of_revision_2(empty_engine)
    assert "wares_account" not in table_names(empty_engine)
    migrate(empty_engine)
    assert differences(empty_engine, CORE) == []
    assert table_names(empty_engine) == {*tables.metadata.tables, CORE.version_table}
    books = Books(engine=empty_engine, company="ACME")
    assert books.docs.show("INV-00001")["total"] == 160
    assert books.verify()["ok"]
    HOST.create_all(empty_engine)  # no name of a key or an index is left that a host could have
