"""Storage: one schema for SQLite and PostgreSQL, its migrations, and what a host prepares its engine with.

Public: `WaresModel`, `MigrationSource`, `configure_engine`, `migrate`, `include_name`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wares.storage.database import configure_engine as configure_engine
    from wares.storage.migrate import MigrationSource as MigrationSource
    from wares.storage.migrate import include_name as include_name
    from wares.storage.migrate import migrate as migrate
    from wares.storage.model import WaresModel as WaresModel

_HOMES = {
    "WaresModel": "wares.storage.model",
    "MigrationSource": "wares.storage.migrate",
    "configure_engine": "wares.storage.database",
    "include_name": "wares.storage.migrate",
    "migrate": "wares.storage.migrate",
}
__all__ = ["MigrationSource", "WaresModel", "configure_engine", "include_name", "migrate"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
