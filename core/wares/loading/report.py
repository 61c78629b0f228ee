"""What became of a load: counts by kind of record, and the lines that were refused."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from wares.errors import Issue

OUTCOMES = ("created", "updated", "unchanged", "removed", "posted", "repeated", "saved", "voided", "refused")
"""What can become of a record: masters are created, updated or unchanged (a mapping also removed); a document is posted,
repeated (its key was recorded before; nothing was written) or saved (pending)."""
UNREADABLE = "unreadable"
"""The kind of a line that holds no record, or one of a kind that nobody knows."""


class Rejected(NamedTuple):
    """A line that was refused. `raw` is the line as it stood, so that it can be corrected and loaded again."""

    number: int
    record: Mapping[str, Any] | None
    issues: tuple[Issue, ...]
    raw: bytes
    source: str = ""

    def __str__(self) -> str:
        """One line for people: where, the first reason, and how many more there are."""
        place = f"{self.source}:{self.number}" if self.source else f"line {self.number}"
        more = f" (and {len(self.issues) - 1} more)" if len(self.issues) > 1 else ""
        return f"{place}: {self.issues[0]}{more}"


class LoadReport:
    """What was loaded: `counts[kind][outcome]`, and `lines` taken in all. With `dry_run` nothing of it was written."""

    def __init__(self, *, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        self.lines = 0
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, kind: str, outcome: str) -> None:
        """Count one line."""
        self.lines += 1
        self.counts[kind][outcome] += 1

    def total(self, outcome: str) -> int:
        """How many records of all kinds had this outcome."""
        return sum(counter[outcome] for counter in self.counts.values())

    @property
    def refused(self) -> int:
        return self.total("refused")

    @property
    def ok(self) -> bool:
        """Whether no line was refused."""
        return not self.refused

    def rows(self) -> list[dict[str, Any]]:
        """One row per kind, in the order in which they first came: record, then every outcome with its count."""
        return [{"record": kind, **{outcome: counter[outcome] for outcome in OUTCOMES}} for kind, counter in self.counts.items()]

    def __repr__(self) -> str:
        done = ", ".join(f"{self.total(outcome)} {outcome}" for outcome in OUTCOMES if self.total(outcome))
        return f"<{'dry run of ' if self.dry_run else ''}{self.lines} lines: {done or 'nothing'}>"


class Rejects:
    """Writes refused lines to a file, as they stood; the file appears with the first of them. No path, no file."""

    def __init__(self, path: str | Path | None) -> None:
        self._path = Path(path) if path is not None else None
        self._file: IO[bytes] | None = None
        self.count = 0

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, rejected: Rejected) -> None:
        """Add a line."""
        self.count += 1
        if self._path is None or not rejected.raw:
            return
        if self._file is None:
            self._file = self._path.open("wb")
        self._file.write(rejected.raw if rejected.raw.endswith(b"\n") else rejected.raw + b"\n")


def raw_of(record: Mapping[str, Any]) -> bytes:
    """A record that came as an object, as a line."""
    return json.dumps(record, default=str, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
