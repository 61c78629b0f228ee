"""The part `sources` of `Books`: the files that were imported into the books."""

from __future__ import annotations

from pathlib import Path

from wares.facade.part import Part, Rows
from wares.services import imported_files
from wares.values import JsonObject


class Sources(Part):
    """Files imported to their end: an importer calls `find` before it reads a file, and `remember` afterwards."""

    def list(self) -> Rows:
        """Return every imported file, oldest first: name, recorded_at, fingerprint, and the importer's summary."""
        return self._books.reading(lambda reader, _: imported_files.all_sources(reader))

    def fingerprint(self, path: Path, *how: str | None) -> str:
        """Return a fingerprint of the content of a file and of the way it is read. Refused NO_FILE."""
        return imported_files.fingerprint(path, *how)

    def find(self, fingerprint: str) -> JsonObject | None:
        """Return the importer's summary of an imported file; None if it was not imported."""
        return self._books.reading(lambda reader, _: imported_files.find(reader, fingerprint))

    def remember(self, fingerprint: str, *, name: str, **said: object) -> None:
        """Record that a file was imported to its end, with nothing refused."""
        self._books.writing(lambda writing: imported_files.remember(writing.unit, fingerprint, name, said))

    def reached(self, path: Path, line: int) -> None:
        """Note that a file is recorded through this line, so that a command that is interrupted says so."""
        self._books.note_reached(path.name, line)
