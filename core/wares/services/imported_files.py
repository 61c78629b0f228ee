"""Sources: the files that were read into the books to their end, by their content.

Importing is idempotent row by row; that a whole file was read before is told by its fingerprint, without reading a row of it. What
was refused in part has no entry here, so that it is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wares.errors import Refused
from wares.storage import tables as t
from wares.storage.unit import Reader, Unit
from wares.values import iso_instant


def fingerprint(path: Path, *how: str | None) -> str:
    """What tells a file and the way it is read from every other. Refused NO_FILE."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}"
        raise Refused.because("NO_FILE", message, hint="check the name", where=path.name) from None
    digest.update(repr(how).encode())
    return digest.hexdigest()


def find(reader: Reader, fingerprint: str) -> dict[str, Any] | None:
    """What was said of a source when it was read, if it was."""
    row = reader.row("SELECT summary FROM source WHERE company_id = ? AND fingerprint = ?", fingerprint)
    return None if row is None else json.loads(row[0])


def remember(unit: Unit, fingerprint: str, name: str, summary: Mapping[str, Any]) -> None:
    """A file was read to its end."""
    if find(unit, fingerprint) is None:
        text = json.dumps(summary, ensure_ascii=False, separators=(",", ":"))
        unit.insert(t.source, [(unit.company_id, fingerprint, name, text, unit.recorded_at)])


def all_sources(reader: Reader) -> list[dict[str, Any]]:
    """name, recorded_at, fingerprint and what was said of each, oldest first."""
    rows = reader.rows(
        "SELECT name, recorded_at, fingerprint, summary FROM source WHERE company_id = ? ORDER BY recorded_at, fingerprint"
    )
    return [
        {"name": name, "recorded_at": iso_instant(at) + "Z", "fingerprint": of, **json.loads(summary)}
        for name, at, of, summary in rows
    ]
