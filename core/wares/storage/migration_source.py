"""Owners of tables, and their chains of revisions: a chain is linear and has a version table of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import MetaData

from wares.errors import StorageError
from wares.storage import tables

VERSION_TABLE = "wares_version_"


@dataclass(frozen=True)
class MigrationSource:
    """An owner of tables and the place of its revisions.

    `owner` names the chain (lower case, digits, underscores); `location` is the package (`wares_kit.migrations`) or folder
    with the revision files; `metadata` has the tables at the newest revision. The owner's tables are all that start with
    `prefix`; without a prefix, the tables of its metadata.
    """

    owner: str
    location: str | Path
    metadata: MetaData
    prefix: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", self.owner):
            raise ValueError(f"{self.owner!r} cannot own migrations: use lower case letters, digits and underscores")

    @property
    def version_table(self) -> str:
        """Return the name of the table that holds the owner's current revision."""
        return VERSION_TABLE + self.owner

    @property
    def folder(self) -> Path:
        """Return the folder of the revision files. StorageError NO_MIGRATIONS if the package is missing."""
        if isinstance(self.location, Path):
            return self.location
        spec = find_spec(self.location)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            raise StorageError("NO_MIGRATIONS", f"{self.owner} has no package {self.location}", plugin=self.owner)
        return Path(places[0])

    def owns(self, table: str) -> bool:
        """True if a table of that name belongs to this owner."""
        return table.startswith(self.prefix) if self.prefix else table in self.metadata.tables


CORE = MigrationSource("wares", "wares.storage.migrations", tables.metadata)


def scripts_of(source: MigrationSource) -> ScriptDirectory:
    """Return a source's chain of revisions. StorageError NO_MIGRATIONS if the package is missing or the chain has branches."""
    folder = str(source.folder)
    scripts = ScriptDirectory(folder, version_locations=[folder])
    if len(scripts.get_heads()) > 1:
        heads = ", ".join(scripts.get_heads())
        raise StorageError("NO_MIGRATIONS", f"the chain of {source.owner} has branches: {heads}", plugin=source.owner)
    return scripts


def has_revision(scripts: ScriptDirectory, revision: str) -> bool:
    """True if the installed chain has that revision."""
    try:
        return scripts.get_revision(revision) is not None
    except CommandError:
        return False
