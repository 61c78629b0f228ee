"""Tables of plugins: validated when made, refused where they are defined when they break a rule of the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import BigInteger, Engine, String, Text
from sqlmodel import Field, Session, SQLModel, select

from wares.errors import PluginError
from wares.storage import tables
from wares.storage.database import insert_many, write
from wares.storage.migration_source import MigrationSource
from wares.storage.model import WaresModel, belongs
from wares.storage.purging import purge
from wares.storage.revise import differences, write_revision
from wares.storage.revisions import include_name, migrate


class ToyOption(WaresModel, table=True):
    __plugin__ = "toy"
    __table_args__ = (belongs("item_id", tables.item),)
    item_id: int = Field(primary_key=True)
    label: str = Field(max_length=40)
    note: str | None = None
    position: int = 0


class Part(WaresModel, table=True):
    __plugin__ = "toy"
    __table_args__ = (belongs("whole_id", ToyOption.__table__, "item_id"),)
    part_id: int = Field(primary_key=True)
    whole_id: int


def test_the_table_is_named_after_the_plugin_and_leads_with_the_company() -> None:
    table = ToyOption.__table__
    assert (table.name, Part.__table__.name) == ("toy_option", "toy_part")
    assert table.info["kind"] == "company"
    assert [column.name for column in table.primary_key] == ["company_id", "item_id"]
    assert {column.name: type(column.type) for column in table.columns} == {
        "company_id": BigInteger, "item_id": BigInteger, "label": String, "note": Text, "position": BigInteger,
    }  # fmt: skip


def test_the_models_share_a_metadata_with_nobody_else() -> None:
    assert "toy_option" in WaresModel.metadata.tables
    assert "toy_option" not in SQLModel.metadata.tables
    assert "toy_option" not in tables.metadata.tables
    assert "item" not in WaresModel.metadata.tables
    assert not include_name("toy_option", "table")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"company_id": 1, "item_id": "bolt", "label": "Red"}, "item_id"),
        ({"company_id": 1, "item_id": 2}, "label"),
        ({"item_id": 2, "label": "Red"}, "company_id"),
        ({"company_id": 1, "item_id": 2, "label": "R" * 41}, "label"),
        ({"company_id": 1, "item_id": 2, "label": "Red", "colour": "red"}, "colour"),
    ],
)
def test_a_row_is_validated_when_it_is_made(values: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ToyOption(**values)
    assert [error["loc"] for error in refused.value.errors()] == [(wrong,)]
    with pytest.raises(ValidationError):
        ToyOption.model_validate(values)


def test_a_row_holds_what_was_validated() -> None:
    given: dict[str, Any] = {"company_id": "1", "item_id": "2", "label": "Red"}
    for option in (ToyOption(**given), ToyOption.model_validate(given)):
        assert option.model_dump() == {"company_id": 1, "item_id": 2, "label": "Red", "note": None, "position": 0}
        assert option.model_fields_set == {"company_id", "item_id", "label"}


def define_without_plugin() -> None:
    class Nameless(WaresModel, table=True):
        code: str = Field(primary_key=True)


def define_with_a_strange_name() -> None:
    class Strange(WaresModel, table=True):
        __plugin__ = "toy"
        __tablename__ = "item_extra"
        code: str = Field(primary_key=True)


def define_with_a_float() -> None:
    class Floating(WaresModel, table=True):
        __plugin__ = "toy"
        weight: float


def define_with_a_key_across_companies() -> None:
    class Across(WaresModel, table=True):
        __plugin__ = "toy"
        item_id: int = Field(foreign_key="toy_option.item_id")


@pytest.mark.parametrize(
    ("define", "code", "says"),
    [
        (define_without_plugin, "TABLE_PREFIX", "Nameless"),
        (define_with_a_strange_name, "TABLE_PREFIX", "item_extra"),
        (define_with_a_float, "BAD_TABLE", "toy_floating.weight"),
        (define_with_a_key_across_companies, "BAD_TABLE", "toy_across"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_where_it_is_defined(define: Callable[[], None], code: str, says: str) -> None:
    before = set(WaresModel.metadata.tables)
    with pytest.raises(PluginError) as refused:
        define()
    assert refused.value.code == code
    assert says in refused.value.message
    assert set(WaresModel.metadata.tables) == before


@pytest.fixture
def toys(tmp_path: Path, engine: Engine) -> Iterator[MigrationSource]:
    """The chain of the toy plugin, its first revision written from the models above."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    source = MigrationSource("toy", folder, WaresModel.metadata, "toy_")
    write_revision(engine, source, "Toys")
    migrate(engine, [source])
    yield source
    purge(engine, source)


def test_rows_of_a_plugin_are_migrated_written_and_read(
    engine: Engine, toys: MigrationSource, new_company: Callable[[Engine], int]
) -> None:
    assert differences(engine, toys) == []
    company = new_company(engine)
    item = {"company_id": company, "item_id": 1, "type": "stock", "sku": "BEAR", "unit": "ea", "attributes": "{}"}
    row = tuple(item.get(column.name, None if column.nullable else 0) for column in tables.item.columns)
    with write(engine) as connection:
        insert_many(connection, tables.item, [row])
        insert_many(connection, ToyOption.__table__, [(company, 1, "Red", None, 0)])
    with Session(engine) as session, session.begin():
        session.add(Part(company_id=company, part_id=5, whole_id=1))
    with Session(engine) as session:
        option = session.exec(select(ToyOption).where(ToyOption.company_id == company)).one()
        assert option.label == "Red"
        assert session.exec(select(Part.whole_id).where(Part.company_id == company)).all() == [1]
