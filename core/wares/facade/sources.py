"""The files that some books were made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wares.facade.part import Part, Rows
from wares.services import imported_files


class Sources(Part):
    """Files read in to their end: an importer asks before it reads one, and tells afterwards."""

    def list(self) -> Rows:
        """Every file that was read in, oldest first: name, recorded_at, fingerprint, and what its importer said of it."""
        return self._books.reading(lambda reader, _: imported_files.all_sources(reader))

    def fingerprint(self, path: Path, *how: str | None) -> str:
        """What tells the content of a file, read in this way, from every other. Refused NO_FILE."""
        return imported_files.fingerprint(path, *how)

    def find(self, fingerprint: str) -> dict[str, Any] | None:
        """What the importer said of a file when it was read in; None of one that was not."""
        return self._books.reading(lambda reader, _: imported_files.find(reader, fingerprint))

    def remember(self, fingerprint: str, *, name: str, **said: Any) -> None:
        """A file was read in to its end, with nothing refused."""
        self._books.writing(lambda writing: imported_files.remember(writing.unit, fingerprint, name, said))
