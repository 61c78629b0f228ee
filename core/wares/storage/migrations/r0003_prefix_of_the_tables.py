"""The tables of the core start with `wares_`, so that a host has names such as `account` and `item` for itself.

New books have these names from revision 0001 on. This revision renames the tables of books that were made before, with
their keys and indexes. SQLite keeps the names of keys in the text of a table, where they clash with nothing; they stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = (
    *("account", "application", "closing", "company", "component", "consumption", "currency", "directory", "document", "entry"),
    *("foreign_line", "fulfilment", "item", "layer", "line", "location", "mapping", "move", "move_link", "open_line", "outbox"),
    *("party", "period_total", "pool", "pool_account", "pool_month", "posting", "projected", "series", "setting", "source"),
    *("stock", "valuation", "value_fact"),
)
SHORTENED = {
    "ix_wares_layer_company_id_pool_id_exhausted_at_effective_at_sequence": "ix_wares_layer_in_order",
    "ix_wares_projected_company_id_projection_day_document_id_position": "ix_wares_projected_in_order",
}
"""Names that the prefix makes longer than PostgreSQL allows."""


def upgrade() -> None:
    connection = op.get_bind()
    if sa.inspect(connection).has_table("wares_company"):
        return
    indexes = {table: sa.inspect(connection).get_indexes(table) for table in TABLES}
    for table in TABLES:
        op.rename_table(table, f"wares_{table}")
    for table in TABLES:
        if connection.dialect.name == "postgresql":
            _rename_keys(connection, table)
        else:
            _make_indexes_anew(connection, table, [str(index["name"]) for index in indexes[table]])


def downgrade() -> None:
    """Keep the names: revision 0001 has them too."""


def _rename_keys(connection: sa.Connection, table: str) -> None:
    """Rename the constraints of one table, and its indexes that belong to no constraint."""
    named = f"to_regclass('wares_{table}')"
    for (name,) in connection.execute(sa.text(f"SELECT conname FROM pg_constraint WHERE conrelid = {named}")).all():
        if name != _new_name(name, table):
            op.execute(f'ALTER TABLE wares_{table} RENAME CONSTRAINT "{name}" TO "{_new_name(name, table)}"')
    found = connection.execute(
        sa.text(f"SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = {named}")
    )
    for (name,) in found.all():
        if name != _new_name(name, table):
            op.execute(f'ALTER INDEX "{name}" RENAME TO "{_new_name(name, table)}"')


def _make_indexes_anew(connection: sa.Connection, table: str, names: list[str]) -> None:
    for name in names:
        text = connection.execute(
            sa.text("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = :name"), {"name": name}
        ).scalar()
        if text:  # none: the index of a key
            op.execute(f'DROP INDEX "{name}"')
            op.execute(str(text).replace(name, _new_name(name, table), 1))


def _new_name(name: str, table: str) -> str:
    """Return the name of a key or index with the prefix of its table."""
    kind, _, rest = name.partition("_")
    if kind not in ("pk", "fk", "uq", "ix") or not rest.startswith(table):
        return name
    new = f"{kind}_wares_{rest}"
    return SHORTENED.get(new, new)
