"""Rejected rows, and the file of them: unchanged, with their errors, ready to be corrected and imported again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from wares.catalog.columns import ERROR, neutral
from wares.catalog.tabular import TableRow, normalised
from wares.errors import Issue, Refused


class RowIssue(NamedTuple):
    """A problem of a row."""

    line: int
    """The line in the file, from 1."""
    column: str
    """The name of the column; "" for the whole row."""
    issue: Issue
    """The problem."""

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        hint = f"; {self.issue.hint}" if self.issue.hint else ""
        return f"line {self.line}{column}: {self.issue.code}: {self.issue.message}{hint}"


class Rejects:
    """Writes a CSV (UTF-8 with a byte order mark, for spreadsheets); the first rejected row creates the file."""

    def __init__(self, path: Path | None, header: Sequence[str], *, of: Path) -> None:
        """Prepare for the rejected rows of the file `of`. Refused SAME_FILE if they would overwrite it."""
        if path is not None and path.resolve() == of.resolve():
            message = f"{path.name} is the file being imported"
            raise Refused.because("SAME_FILE", message, path="rejects", hint="give the rejects another name")
        self._path = path
        self._kept = [place for place, name in enumerate(header) if normalised(name) != ERROR]
        self._header = [header[place] for place in self._kept]
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, row: TableRow, error: str) -> None:
        """Add a row; cells beyond the header are left out."""
        if self._path is None:
            return
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([*self._header, ERROR])
        cells = [row.cells[place] if place < len(row.cells) else "" for place in self._kept]
        self._writer.writerow([*map(neutral, cells), neutral(" ".join(error.split()))])
