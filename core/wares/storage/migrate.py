"""TEMPORARY start: creates the tables; alembic follows."""

from __future__ import annotations

from sqlalchemy import Engine

from wares.storage.tables import metadata


def migrate(engine: Engine) -> None:
    """Create the tables that are missing."""
    metadata.create_all(engine)
