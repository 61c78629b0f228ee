"""The schema keeps its rules; a gallery of tables that break one each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    UniqueConstraint,
)

from wares.storage import tables
from wares.storage.lint import lint


def test_the_core_keeps_its_own_rules() -> None:
    assert [str(issue) for issue in lint(tables.metadata)] == []


def identifier(name: str, **options: Any) -> Column[int]:
    return Column(name, BigInteger, **{"autoincrement": False, **options})


def company_table(name: str, metadata: MetaData, *parts: Any) -> Table:
    keys = [identifier("company_id", primary_key=True), identifier(f"{name}_id", primary_key=True)]
    return Table(name, metadata, *keys, *parts, info={"kind": "company"})


GALLERY: dict[str, tuple[str, Callable[[MetaData], object]]] = {
    "neither company nor reference": (
        "TABLE_KIND",
        lambda m: Table("toy", m, identifier("toy_id", primary_key=True)),
    ),
    "key that leads with the id": (
        "COMPANY_FIRST",
        lambda m: Table(
            "toy",
            m,
            identifier("toy_id", primary_key=True),
            identifier("company_id", primary_key=True),
            info={"kind": "company"},
        ),
    ),
    "no company in the key": (
        "COMPANY_FIRST",
        lambda m: Table("toy", m, identifier("toy_id", primary_key=True), identifier("company_id"), info={"kind": "company"}),
    ),
    "unique across companies": (
        "COMPANY_FIRST",
        lambda m: company_table("toy", m, Column("code", String), UniqueConstraint("code", "company_id")),
    ),
    "unique column": ("COMPANY_FIRST", lambda m: company_table("toy", m, Column("code", String, unique=True))),
    "index across companies": (
        "COMPANY_FIRST",
        lambda m: company_table("toy", m, Column("code", String), Index("ix_toy", "code")),
    ),
    "foreign key with the columns in another order": (
        "FOREIGN_KEY_SIDES",
        lambda m: company_table(
            "toy",
            m,
            identifier("box_id"),
            ForeignKeyConstraint(["box_id", "company_id"], ["box.box_id", "box.company_id"]),
        ),
    ),
    "foreign key into another company": (
        "FOREIGN_KEY_SIDES",
        lambda m: company_table(
            "toy",
            m,
            identifier("other_company_id"),
            identifier("box_id"),
            ForeignKeyConstraint(["other_company_id", "box_id"], ["box.company_id", "box.box_id"]),
        ),
    ),
    "foreign key without the company": (
        "FOREIGN_KEY_KIND",
        lambda m: company_table("toy", m, Column("box_id", BigInteger, ForeignKey("box.box_id"))),
    ),
    "reference to a company": (
        "REFERENCE_TO_COMPANY",
        lambda m: Table(
            "unit",
            m,
            Column("code", String, primary_key=True),
            identifier("owner_id"),
            ForeignKeyConstraint(["owner_id"], ["company.company_id"]),
            info={"kind": "reference"},
        ),
    ),
    "numbered by the database": (
        "SERVER_NUMBERS",
        lambda m: Table("unit", m, Column("unit_id", BigInteger, primary_key=True), info={"kind": "reference"}),
    ),
    "sequence": ("SERVER_NUMBERS", lambda m: company_table("toy", m, Column("n", BigInteger, Sequence("toy_n")))),
    "default of the database": (
        "SERVER_DEFAULT",
        lambda m: company_table("toy", m, Column("n", BigInteger, server_default="0")),
    ),
    "narrow id": ("ID_WIDTH", lambda m: company_table("toy", m, Column("box_id", Integer))),
    "json": ("COLUMN_TYPE", lambda m: company_table("toy", m, Column("facts", JSON))),
    "float": ("COLUMN_TYPE", lambda m: company_table("toy", m, Column("weight", Float))),
    "numeric": ("COLUMN_TYPE", lambda m: company_table("toy", m, Column("price", Numeric(12, 2)))),
    "date and time": ("COLUMN_TYPE", lambda m: company_table("toy", m, Column("made", DateTime))),
    "boolean": ("COLUMN_TYPE", lambda m: company_table("toy", m, Column("active", Boolean))),
    "deferrable": (
        "DEFERRABLE",
        lambda m: company_table("toy", m, Column("code", String), UniqueConstraint("company_id", "code", deferrable=True)),
    ),
    "on delete set null": (
        "ON_DELETE",
        lambda m: company_table(
            "toy",
            m,
            identifier("box_id"),
            ForeignKeyConstraint(["company_id", "box_id"], ["box.company_id", "box.box_id"], ondelete="SET NULL"),
        ),
    ),
    "three indexes on posting": (
        "TOO_MANY_INDEXES",
        lambda m: company_table(
            "wares_posting",
            m,
            *(Column(name, BigInteger) for name in "abc"),
            *(Index(f"ix_{name}", "company_id", name) for name in "abc"),
        ),
    ),
}


@pytest.mark.parametrize("name", GALLERY)
def test_a_table_that_breaks_one_rule_is_found_for_that_rule(name: str) -> None:
    code, make = GALLERY[name]
    metadata = MetaData(naming_convention=tables.metadata.naming_convention)
    company_table("box", metadata)
    make(metadata)
    issues = lint(metadata)
    assert [issue.code for issue in issues] == [code]
    assert issues[0].where in issues[0].path
    assert issues[0].hint
