"""Write the next revision of an owner: a file with the changes that bring its database to its metadata.

Developers of the core and of plugins use this; the running program never does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from wares.storage.database import read
from wares.storage.migration_source import MigrationSource, scripts_of

_TEMPLATE = '''"""{message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {previous}


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''


def differences(engine: Engine, source: MigrationSource) -> list[object]:
    """Return the differences that alembic finds between the owner's tables in the database and its metadata."""
    with read(engine) as connection:
        return list(compare_metadata(_context(connection, source), source.metadata))


def write_revision(engine: Engine, source: MigrationSource, message: str) -> Path:
    """Write the file that takes the owner's tables from the database's state to its metadata, and return its path.

    Revisions are numbered 0001, 0002, ...; the file name is made of the number and the message. The database must be at the
    newest revision.
    """
    previous = scripts_of(source).get_current_head()
    with read(engine) as connection:
        context = _context(connection, source)
        script = produce_migrations(context, source.metadata)
        # The first revision only creates tables; later ones change tables, which SQLite can only do by a rebuild.
        options: Any = {"migration_context": context, "render_as_batch": previous is not None}
        assert script.upgrade_ops is not None
        assert script.downgrade_ops is not None
        upgrade = render_python_code(script.upgrade_ops, **options)
        downgrade = render_python_code(script.downgrade_ops, **options)
    revision = f"{int(previous or 0) + 1:04d}"
    path = source.folder / f"r{revision}_{'_'.join(message.lower().split())}.py"
    text = _TEMPLATE.format(
        message=message,
        revision=revision,
        previous=f'"{previous}"' if previous else None,
        upgrade=_without_markers(upgrade),
        downgrade=_without_markers(downgrade),
    )
    path.write_text(text, encoding="utf-8")
    return path


def _without_markers(code: str) -> str:
    lines = [line for line in code.splitlines() if "commands auto generated" not in line and "end Alembic" not in line]
    return "\n".join(lines).strip()


def _context(connection: Connection, source: MigrationSource) -> MigrationContext:
    def is_ours(name: str | None, type_: str, _parents: object) -> bool:
        return type_ != "table" or (name is not None and source.owns(name))

    def is_object_ours(_thing: object, name: str | None, type_: str, _reflected: bool, _other: object) -> bool:
        return type_ != "table" or (name is not None and source.owns(name))

    options = {
        "version_table": source.version_table,
        "target_metadata": source.metadata,
        "include_name": is_ours,
        "include_object": is_object_ours,
        "compare_type": True,
    }
    return MigrationContext.configure(connection, opts=options)
