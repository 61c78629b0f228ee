"""Files of sales channels, read as `wares channels import` reads them.

The importer is what the entry point `channel` of the group `wares.importers` names: a function `(books, path, *, channel=None,
dry_run=False)` whose answer says what became of the file (`Imported`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from wares.errors import PluginError

if TYPE_CHECKING:
    from wares.books import Books

IMPORTERS = "wares.importers"


class Imported(Protocol):
    """What became of a file: its rows, those rejected, what it said by kind, and what was known already."""

    channel: str
    report: str
    rows: int
    rejected: int
    known: int
    posted: Mapping[str, int]
    issues: Sequence[Any]


def import_text(books: Books, text: str, *, channel: str | None = None, dry_run: bool = False) -> Imported:
    """Import a file with this text into the books; without `channel` it is found by its columns.

    Raises Refused for a file that is refused as a whole; PluginError NO_IMPORTER when nothing that imports is installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_text(text, encoding="utf-8")
        return _importer()(books, path, channel=channel, dry_run=dry_run)


def _importer() -> Callable[..., Imported]:
    found = list(entry_points(group=IMPORTERS, name="channel"))
    if not found:
        message = f"nothing that imports the files of channels is installed (entry point channel of {IMPORTERS})"
        raise PluginError("NO_IMPORTER", message, hint="install wares with its bundled plugins")
    loaded: Callable[..., Imported] = found[0].load()
    return loaded
