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


PREFIX = "wares_"
"""Starts the name of every table of the core, so that a host has `account`, `item` and `company` for itself."""


def company_table(name: str, *columns: SchemaItem) -> Table:
    """Return a table whose rows belong to a company: `company_id` leads its key. Its name in the database has the prefix."""
    owner = [] if name == "company" else [ForeignKeyConstraint(["company_id"], [f"{PREFIX}company.company_id"])]
    return Table(f"{PREFIX}{name}", metadata, company(), *columns, *owner, info={"kind": "company"})


def reference_table(name: str, *columns: SchemaItem) -> Table:
    """Return a table whose rows belong to all companies. Its name in the database has the prefix."""
    return Table(f"{PREFIX}{name}", metadata, *columns, info={"kind": "reference"})


def belongs(column: str, table: str, target: str | None = None) -> ForeignKeyConstraint:
    """Return the foreign key to a row of another table of the same company; `target` is its column there, if it differs."""
    return ForeignKeyConstraint(["company_id", column], [f"{PREFIX}{table}.company_id", f"{PREFIX}{table}.{target or column}"])
