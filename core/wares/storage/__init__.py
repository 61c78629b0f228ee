"""Storage: one schema for SQLite and PostgreSQL, its migrations, and the function that prepares a host's engine.

Public: `WaresModel`, `belongs`, `MigrationSource`, `configure_engine`, `migrate`, `include_name`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.runtime.lazy_exports import lazily

if TYPE_CHECKING:
    from wares.storage.database import configure_engine as configure_engine
    from wares.storage.migration_source import MigrationSource as MigrationSource
    from wares.storage.model import WaresModel as WaresModel
    from wares.storage.model import belongs as belongs
    from wares.storage.revisions import include_name as include_name
    from wares.storage.revisions import migrate as migrate

_HOMES = {
    "WaresModel": "wares.storage.model",
    "belongs": "wares.storage.model",
    "MigrationSource": "wares.storage.migration_source",
    "configure_engine": "wares.storage.database",
    "include_name": "wares.storage.revisions",
    "migrate": "wares.storage.revisions",
}
__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazily(__name__, _HOMES)
