"""Imported files: the files that were imported into the books to their end, by their content.

Importing is idempotent row by row; the fingerprint of a file says that it was imported before, without reading its rows. A file
that was refused in part has no entry here, so that it is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from wares.errors import Refused
from wares.storage import tables as t
from wares.storage.unit import Reader, Unit
from wares.values import JsonObject, iso_instant


def fingerprint(path: Path, *how: str | None) -> str:
    """Return a fingerprint of the content of a file and of the way it is read. Refused NO_FILE."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}"
        raise Refused.because("NO_FILE", message, hint="check the name", where=path.name) from None
    digest.update(repr(how).encode())
    return digest.hexdigest()


def find(reader: Reader, fingerprint: str) -> JsonObject | None:
    """Return the importer's summary of an imported file; None if it was not imported."""
    row = reader.row("SELECT summary FROM wares_source WHERE company_id = ? AND fingerprint = ?", fingerprint)
    return None if row is None else json.loads(row[0])


def remember(unit: Unit, fingerprint: str, name: str, summary: Mapping[str, object]) -> None:
    """Record that a file was imported to its end."""
    if find(unit, fingerprint) is None:
        text = json.dumps(summary, ensure_ascii=False, separators=(",", ":"))
        unit.insert(t.source, [(unit.company_id, fingerprint, name, text, unit.recorded_at)])


def all_sources(reader: Reader) -> list[JsonObject]:
    """Return name, recorded_at, fingerprint and the importer's summary of each file, oldest first."""
    rows = reader.rows(
        "SELECT name, recorded_at, fingerprint, summary FROM wares_source WHERE company_id = ? ORDER BY recorded_at, fingerprint"
    )
    return [
        {"name": name, "recorded_at": iso_instant(at) + "Z", "fingerprint": of, **json.loads(summary)}
        for name, at, of, summary in rows
    ]
