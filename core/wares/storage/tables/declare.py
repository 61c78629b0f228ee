"""Declare the tables of the core: one metadata, names for keys, the company as first column."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, MetaData, Table
from sqlalchemy.schema import SchemaItem

from wares.storage.columns import company

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def company_table(name: str, *columns: SchemaItem) -> Table:
    """Return a table whose rows belong to a company: `company_id` leads its key."""
    owner = [] if name == "company" else [ForeignKeyConstraint(["company_id"], ["company.company_id"])]
    return Table(name, metadata, company(), *columns, *owner, info={"kind": "company"})


def belongs(column: str, table: str, target: str | None = None) -> ForeignKeyConstraint:
    """Return the foreign key to a row of another table of the same company; `target` is its column there, if it differs."""
    return ForeignKeyConstraint(["company_id", column], [f"{table}.company_id", f"{table}.{target or column}"])
