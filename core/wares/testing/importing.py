"""Import of sales channels' files, in the same way as `wares channels import`.

The entry point `channel` of the group `wares.importers` names the importer: a function `(books, path, *, channel=None,
dry_run=False)` that returns the outcome of the file (`Imported`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wares.errors import PluginError

if TYPE_CHECKING:
    from wares.books import Books

IMPORTERS = "wares.importers"


class Imported(Protocol):
    """The outcome of importing a file."""

    channel: str
    """Key of the channel."""
    report: str
    """Key of the channel's report."""
    rows: int
    """Number of rows in the file."""
    rejected: int
    """Number of rows that could not be read."""
    known: int
    """Number of rows that were imported before."""
    posted: Mapping[str, int]
    """Kind of fact → number recorded."""
    issues: Sequence[object]
    """The reasons of the rejections."""


def import_text(books: Books, text: str, *, channel: str | None = None, dry_run: bool = False) -> Imported:
    """Import a file with this text into the books; without `channel` the columns of the file identify it.

    Raises Refused for a file that is refused as a whole; PluginError NO_IMPORTER if no importer is installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_text(text, encoding="utf-8")
        return _importer()(books, path, channel=channel, dry_run=dry_run)


def _importer() -> Callable[..., Imported]:
    found = list(entry_points(group=IMPORTERS, name="channel"))
    if not found:
        message = f"no importer of channels' files is installed (entry point channel of {IMPORTERS})"
        raise PluginError("NO_IMPORTER", message, hint="install wares with its bundled plugins")
    loaded: Callable[..., Imported] = found[0].load()
    return loaded
