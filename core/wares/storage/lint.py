"""Check the rules of the schema over a metadata, so that one schema fits SQLite, PostgreSQL and distributed databases.

A table is `company` or `reference` by `Table.info["kind"]`. Company tables lead every key and index with company_id, so
that a cluster can place each company on one node. The other rules forbid features that one of the engines lacks or treats
differently. The codes:

    TABLE_KIND          neither company nor reference              SERVER_NUMBERS     numbered by the database
    COMPANY_FIRST       a key or index without company_id first    COLUMN_TYPE        a type outside the schema's
    FOREIGN_KEY_SIDES   a foreign key across companies             ON_DELETE          an action on delete or update
    REFERENCE_TO_COMPANY                                           DEFERRABLE         checked at commit only
    TOO_MANY_INDEXES    more secondary indexes than measured for   SERVER_DEFAULT     a value the database makes
    ID_WIDTH            an id of less than 64 bits                 FOREIGN_KEY_KIND   from company to reference
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from wares.errors import Issue

COMPANY_ID = "company_id"
INDEX_LIMITS = {"wares_move": 2, "wares_posting": 2, "wares_line": 1, "wares_entry": 1}
"""Secondary indexes allowed on the tables that grow with every document; indexes are the largest cost of the schema. A partial
index, which holds few of the rows, does not count."""


def lint(metadata: MetaData) -> list[Issue]:
    """Return every breach of the rules in the tables of `metadata`; `where` is the table, `path` the table and column or key."""
    return [issue for table in metadata.tables.values() for issue in lint_table(table)]


def lint_table(table: Table) -> list[Issue]:
    """Return every breach of the rules in one table."""
    kind = table.info.get("kind")
    issues = [*_columns(table), *_constraints(table)]
    if kind == "company":
        issues += _company_first(table)
    elif kind != "reference":
        message = f"table {table.name} is neither a company nor a reference table"
        issues.append(_issue("TABLE_KIND", table, "", message, 'give it info={"kind": "company"} or "reference"'))
    limit = INDEX_LIMITS.get(table.name)
    full = [index for index in table.indexes if index.dialect_kwargs.get("sqlite_where") is None]
    if limit is not None and len(full) > limit:
        found = ", ".join(sorted(str(index.name) for index in full))
        message = f"table {table.name} has {len(full)} secondary indexes, {limit} are measured for: {found}"
        issues.append(_issue("TOO_MANY_INDEXES", table, "", message, "drop one, or raise the limit with a benchmark"))
    return issues


def _columns(table: Table) -> Iterator[Issue]:
    for column in table.columns:
        if not _type_is_plain(column):
            message = f"{table.name}.{column.name} is {column.type!r}"
            hint = "whole numbers (BIGINT, INTEGER for days, SMALLINT for flags) and text only, JSON as text"
            yield _issue("COLUMN_TYPE", table, column.name, message, hint)
        elif column.name.endswith("_id") and not isinstance(column.type, BigInteger):
            message = f"{table.name}.{column.name} is {column.type!r}"
            yield _issue("ID_WIDTH", table, column.name, message, "ids are BIGINT")
        if column.server_default is not None or column.computed is not None or column.identity is not None:
            message = f"the database makes the value of {table.name}.{column.name}"
            yield _issue("SERVER_DEFAULT", table, column.name, message, "let the program give it")
        if _is_numbered_by_database(table, column):
            message = f"the database numbers {table.name}.{column.name}"
            yield _issue("SERVER_NUMBERS", table, column.name, message, "use autoincrement=False")


def _type_is_plain(column: Column[object]) -> bool:
    return type(column.type) in (BigInteger, Integer, SmallInteger, String, Text)


def _is_numbered_by_database(table: Table, column: Column[object]) -> bool:
    # `autoincrement_column` is the column that would become SERIAL, even without an explicit autoincrement=True.
    return column.autoincrement is True or table.autoincrement_column is column or _has_sequence(column)


def _has_sequence(column: Column[object]) -> bool:
    return column.default is not None and column.default.is_sequence


def _constraints(table: Table) -> Iterator[Issue]:
    for constraint in table.constraints:
        name = _name(constraint, table)
        if constraint.deferrable or constraint.initially:
            yield _issue("DEFERRABLE", table, name, f"{name} is deferrable", "order the inserts instead")
        if isinstance(constraint, ForeignKeyConstraint):
            yield from _foreign_key(table, constraint, name)


def _foreign_key(table: Table, constraint: ForeignKeyConstraint, name: str) -> Iterator[Issue]:
    if constraint.ondelete or constraint.onupdate:
        yield _issue("ON_DELETE", table, name, f"{name} acts on delete or update", "leave the action out")
    targets = [element.target_fullname.rpartition(".")[2] for element in constraint.elements]
    local = list(constraint.column_keys)
    if table.info.get("kind") == "reference":
        if COMPANY_ID in targets or COMPANY_ID in local:
            message = f"{name} refers from a reference table to a company table"
            yield _issue("REFERENCE_TO_COMPANY", table, name, message, "leave it out")
        return
    if COMPANY_ID not in targets:
        message = f"{name} does not refer to a company table"
        yield _issue("FOREIGN_KEY_KIND", table, name, message, "refer to (company_id, ...), or leave it out")
    elif local[:1] != [COMPANY_ID] or targets[:1] != [COMPANY_ID]:
        message = f"{name} does not have company_id first on both sides"
        yield _issue("FOREIGN_KEY_SIDES", table, name, message, "refer from (company_id, x) to (company_id, y)")


def _company_first(table: Table) -> Iterator[Issue]:
    keys: list[tuple[str, Iterable[Column[object]]]] = [
        (_name(constraint, table), constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys += [(str(index.name), index.columns) for index in table.indexes]
    for name, columns in keys:
        names = [column.name for column in columns]
        if names[:1] != [COMPANY_ID]:
            message = f"{name} ({', '.join(names) or 'no columns'}) does not start with company_id"
            yield _issue("COMPANY_FIRST", table, name, message, "put company_id first")


def _name(constraint: object, table: Table) -> str:
    return str(getattr(constraint, "name", None) or f"{type(constraint).__name__} of {table.name}")


def _issue(code: str, table: Table, part: str, message: str, hint: str) -> Issue:
    return Issue(code, message, path=f"{table.name}.{part}" if part else table.name, hint=hint, where=table.name)
