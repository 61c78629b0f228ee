"""A plugin with a table of its own, end to end: migrated, read before planning, written in the transaction of its documents,
left alone when the plugin is gone, and purged.

Loans: an item of the type `loan` goes out until it is given back, and cannot go out twice meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import MetaData, inspect
from sqlmodel import Field

from wares import Books, Context, Document, Issue, ItemType, Refused, StorageError, hookimpl
from wares.cli.main import main
from wares.plugin_manager.loader import Plugins, load_plugins
from wares.storage import MigrationSource, WaresModel, tables
from wares.storage.migration_source import CORE
from wares.storage.model import belongs
from wares.storage.purging import purge_tables, tables_of
from wares.storage.revisions import migrate, status

REVISIONS = {
    "r0001_loans.py": """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

def upgrade():
    op.create_table("loan_out", sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False), sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "line_id", name="pk_loan_out"),
        sa.ForeignKeyConstraint(["company_id", "item_id"], ["wares_item.company_id", "wares_item.item_id"],
                                name="fk_loan_out_company_id"))

def downgrade():
    op.drop_table("loan_out")
""",
    "r0002_who_has_it.py": """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"

def upgrade():
    with op.batch_alter_table("loan_out") as table:
        table.add_column(sa.Column("party", sa.Text(), nullable=True))

def downgrade():
    with op.batch_alter_table("loan_out") as table:
        table.drop_column("party")
""",
}


class Out(WaresModel, table=True):
    """An item that is out, and who has it."""

    __plugin__ = "loan"
    __tablename__ = "loan_out"
    __table_args__ = (belongs("item_id", tables.item),)
    line_id: int = Field(primary_key=True)
    item_id: int
    party: str | None = None


class Loan(ItemType):
    key, title = "loan", "loan"
    bought = False


class Loans:
    """The plugin. Its name is that of the class."""

    __name__ = "loan"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @hookimpl
    def wares_item_types(self) -> list[ItemType]:
        return [Loan()]

    @hookimpl
    def wares_models(self) -> MetaData:
        return Out.metadata

    @hookimpl
    def wares_migrations(self) -> MigrationSource:
        return MigrationSource("loan", self.folder, Out.metadata, "loan_")

    @hookimpl
    def wares_load(self, records: tuple[Mapping[str, Any], ...], reader: Any) -> Mapping[str, Any]:
        """What is out when the batch begins."""
        statement = (
            "SELECT o.item_id FROM loan_out o JOIN wares_line l ON l.company_id = o.company_id AND l.line_id = o.line_id "
            "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
            "WHERE o.company_id = ? AND d.status = 'posted'"
        )
        return {"out": frozenset(item_id for (item_id,) in reader.rows(statement))}

    @hookimpl
    def wares_before_post(self, document: Document, ctx: Context) -> Iterable[Issue]:
        for row in document.rows:
            if row.line.item is not None and row.line.item.id in ctx.facts["loan"]["out"]:
                yield Issue("IS_OUT", f"{row.line.item.sku} is out already", path=row.line.path, hint="wait until it is back")

    @hookimpl
    def wares_rows(self, posted: tuple[Any, ...], reader: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
        for document in posted:
            for row in document.planned.document.rows:
                if row.line.item is not None and row.line.item.type == "loan":
                    party = document.planned.header.party
                    yield Out.__table__, (reader.company_id, document.line_ids[row.line.number], row.line.item.id, party.code)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in REVISIONS.items():
        (tmp_path / "revisions").mkdir(exist_ok=True)
        (tmp_path / "revisions" / name).write_text(text)
    return tmp_path / "revisions"


@pytest.fixture
def loans(folder: Path) -> Plugins:
    return load_plugins(safe_mode=True, strict=True, extra=[Loans(folder)])


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'shop.db'}"


@pytest.fixture
def shop(database: str, loans: Plugins) -> Iterator[Books]:
    books = Books.open(database, plugins=loans)
    books.parties.add("JANE")
    books.items.add("loan", sku="DRILL", price="5")
    books.items.add("loan", sku="SAW", price="4")
    yield books
    books.close()


def lend(*skus: str) -> dict[str, Any]:
    return {"type": "invoice", "date": "2026-01-05", "party": "JANE", "lines": [{"item": sku, "quantity": "1"} for sku in skus]}


def out(books: Books) -> list[tuple[str, str]]:
    statement = (
        "SELECT i.sku, o.party FROM loan_out o JOIN wares_item i ON i.company_id = o.company_id AND i.item_id = o.item_id "
        "WHERE o.company_id = ? ORDER BY i.sku"
    )
    return [(sku, party) for sku, party in books.reading(lambda reader, _: reader.rows(statement))]


def test_rows_are_written_with_their_document_and_read_before_the_next(shop: Books) -> None:
    shop.post_many([lend("DRILL")])
    assert out(shop) == [("DRILL", "JANE")]
    with pytest.raises(Refused, match="IS_OUT"):
        shop.post_many([lend("SAW"), lend("DRILL")])
    assert out(shop) == [("DRILL", "JANE")]  # nothing of the batch that was refused
    results = shop.post_many([lend("DRILL"), lend("SAW")], atomic=False)
    assert [type(result).__name__ for result in results] == ["Refused", "FreshPosted"]
    assert out(shop) == [("DRILL", "JANE"), ("SAW", "JANE")]


def test_a_preview_and_a_rolled_back_host_write_none(shop: Books, loans: Plugins) -> None:
    from sqlalchemy.orm import Session

    shop.post_many([lend("DRILL")], dry_run=True)
    with Session(shop.engine) as session:
        Books(session, plugins=loans).post_many([lend("DRILL")])
        session.rollback()
    assert out(shop) == []


def test_a_document_that_is_flushed_early_has_its_rows_once(shop: Books) -> None:
    shop.items.add("stock", sku="BIT")
    late = {"type": "adjustment", "date": "2026-01-01", "lines": [{"item": "BIT", "quantity": "1", "unit_cost": "1"}]}
    shop.post_many([lend("DRILL"), {**late, "date": "2026-01-09"}, late, lend("SAW")])
    assert out(shop) == [("DRILL", "JANE"), ("SAW", "JANE")]


def test_void_frees_it_because_the_plugin_asks_for_what_stands(shop: Books) -> None:
    (posted,) = shop.post_many([lend("DRILL")])
    assert not isinstance(posted, Refused)
    shop.void(posted.number)
    shop.post_many([lend("DRILL")])


def test_tables_that_are_behind_refuse_to_be_written_and_can_be_read(database: str, folder: Path, loans: Plugins) -> None:
    before = Books.open(database, plugins=load_plugins(safe_mode=True))
    before.parties.add("JANE")
    before.close()
    books = Books.open(database, plugins=loans, create=False)
    assert [party["code"] for party in books.parties.list()] == ["JANE"]
    with pytest.raises(StorageError, match="NOT_MIGRATED") as refused:
        books.parties.add("JOHN")
    assert (refused.value.plugin, refused.value.hint) == ("loan", "run: wares db upgrade")
    assert books.engine is not None
    migrate(books.engine, (CORE, *loans.registry.migrations.values()))
    books.parties.add("JOHN")
    (folder / "r0002_who_has_it.py").unlink()
    older = Books(engine=books.engine, plugins=loans)
    with pytest.raises(StorageError, match="DATABASE_NEWER"):
        older.parties.add("JIM")
    books.close()


def test_status_names_every_owner_and_orphans_break_nothing(shop: Books, loans: Plugins) -> None:
    shop.post_many([lend("DRILL")])
    engine = shop.engine
    assert engine is not None
    sources = (CORE, *loans.registry.migrations.values())
    states = {one.owner: (one.current, one.up_to_date, one.orphaned) for one in status(engine, sources)}
    assert states["loan"] == ("0002", True, False)
    assert {one.owner: one.orphaned for one in status(engine)} == {"wares": False, "loan": True}
    gone = Books(engine=engine, plugins=load_plugins(safe_mode=True))
    gone.create(missing_ok=True)  # migrates what is there to migrate
    gone.items.add("non_stock", sku="ADVICE", price="10")
    assert str(gone.post("invoice", party="JANE", lines=[{"item": "ADVICE", "quantity": 1}]).total) == "10.00"
    assert str(gone.docs.show("INV-00001")["total"]) == "5.00"
    with pytest.raises(Refused, match="ITEM_TYPE_MISSING"):
        gone.post("invoice", party="JANE", lines=[{"item": "DRILL", "quantity": 1}])


@pytest.mark.parametrize("is_installed", [True, False])
def test_purge_removes_its_tables_and_nothing_else(shop: Books, loans: Plugins, is_installed: bool) -> None:
    shop.post_many([lend("DRILL")])
    engine = shop.engine
    assert engine is not None
    sources = loans.registry.migrations.values() if is_installed else ()
    assert tables_of(engine, "loan", sources) == {"loan_out": 1}
    purge_tables(engine, "loan", sources)
    left = inspect(engine).get_table_names()
    assert not [name for name in left if "loan" in name]
    assert {"wares_item", "wares_document", "wares_version_wares"} <= set(left)
    assert tables_of(engine, "loan", sources) == {}
    assert str(shop.docs.show("INV-00001")["total"]) == "5.00"


def test_nobody_purges_the_core(shop: Books) -> None:
    assert shop.engine is not None
    for sources in ((), (CORE,)):
        with pytest.raises(ValueError, match="the core's tables are the books"):
            purge_tables(shop.engine, "wares", sources)


def test_at_the_command_line(shop: Books, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.post_many([lend("DRILL")])
    monkeypatch.chdir(tmp_path)

    def wares(*words: str) -> Any:
        return CliRunner().invoke(main, ["--db", database, "--safe-mode", "-f", "jsonl", *words])

    assert '"loan", "current": "0002", "head": null, "up_to_date": false, "orphaned": true' in wares("db", "status").stdout
    refused = wares("plugins", "purge", "loan")
    assert (refused.exit_code, "NOT_CONFIRMED" in refused.stderr, "loan_out (1 rows)" in refused.stderr) == (1, True, True)
    assert '"removed": false' in wares("plugins", "purge", "loan", "--dry-run").stdout
    assert '"loan_out", "rows": 1, "removed": true' in wares("plugins", "purge", "loan", "--yes").stdout
    assert wares("plugins", "purge", "loan", "--yes").exit_code == 1
    assert "loan" not in wares("db", "status").stdout


class LendsOnce(Loans):
    """Knows within a batch what the documents before took."""

    @hookimpl
    def wares_accepted(self, document: Any, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        items = {row.line.item.id for row in document.planned.document.rows if row.line.item is not None}
        return {"out": facts["out"] | items}


def test_facts_change_within_a_batch_with_what_was_accepted(database: str, folder: Path) -> None:
    plugins = load_plugins(safe_mode=True, strict=True, extra=[LendsOnce(folder)])
    books = Books.open(database, plugins=plugins)
    books.parties.add("JANE")
    for sku in ("DRILL", "SAW"):
        books.items.add("loan", sku=sku, price="5")
    results = books.post_many([lend("DRILL"), lend("DRILL", "SAW"), lend("SAW")], atomic=False)
    assert [type(result).__name__ for result in results] == ["FreshPosted", "Refused", "FreshPosted"]
    edited = {**lend("SAW"), "revises": "INV-00002"}
    (again,) = books.post_many([edited])  # what the annulled one had taken is free
    assert type(again).__name__ == "FreshPosted"
    books.close()
