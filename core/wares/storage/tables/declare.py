"""How a table of the core is declared: one metadata, names of keys, the company in front."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table

from wares.storage.columns import company

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def company_table(name: str, *columns: Column[Any] | Any) -> Table:
    """A table of rows that belong to a company: `company_id` leads its key."""
    owner = [] if name == "company" else [ForeignKeyConstraint(["company_id"], ["company.company_id"])]
    return Table(name, metadata, company(), *columns, *owner, info={"kind": "company"})


def belongs(column: str, table: str, target: str | None = None) -> ForeignKeyConstraint:
    """The foreign key to a row of another table of the same company; `target` where the column is called otherwise there."""
    return ForeignKeyConstraint(["company_id", column], [f"{table}.company_id", f"{table}.{target or column}"])
