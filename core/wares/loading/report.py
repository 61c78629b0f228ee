"""The result of a load: counts by kind of record, and the refused lines."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from wares.errors import Issue
from wares.loading.identity import LoadedFile
from wares.values import Record

OUTCOMES = ("created", "updated", "unchanged", "removed", "posted", "repeated", "known", "saved", "voided", "refused")
"""The outcomes of a record: masters are created, updated or unchanged (a mapping also removed); a document is posted, saved
(pending), or nothing was written of it: repeated (its key was recorded before) or known (its line, or its number with the same
body, was recorded before)."""
UNREADABLE = "unreadable"
"""The kind of a line without a record, or with a record of an unknown kind."""


class Rejected(NamedTuple):
    """A refused line. `raw` has its bytes unchanged, so that it can be corrected and loaded again."""

    number: int
    record: Record | None
    issues: tuple[Issue, ...]
    raw: bytes
    source: str = ""

    def __str__(self) -> str:
        """Return one line for people: the place, the first reason, and the number of further reasons."""
        place = f"{self.source}:{self.number}" if self.source else f"line {self.number}"
        more = f" (and {len(self.issues) - 1} more)" if len(self.issues) > 1 else ""
        return f"{place}: {self.issues[0]}{more}"


class LoadReport:
    """The counts of a load: `counts[kind][outcome]`, and `lines` in all. With `dry_run` nothing was written.

    `file` is the file that the last transaction was in (`wares.loading.last_recorded`).
    """

    def __init__(self, *, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        self.lines = 0
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.file: LoadedFile | None = None

    def begin_again(self) -> None:
        """Count nothing so far: what was counted is undone."""
        self.lines = 0
        self.counts.clear()

    def add(self, kind: str, outcome: str) -> None:
        """Count one line."""
        self.lines += 1
        self.counts[kind][outcome] += 1

    def total(self, outcome: str) -> int:
        """Return the number of records of all kinds with this outcome."""
        return sum(counter[outcome] for counter in self.counts.values())

    @property
    def refused(self) -> int:
        return self.total("refused")

    @property
    def ok(self) -> bool:
        """True if no line was refused."""
        return not self.refused

    def rows(self) -> list[dict[str, str | int]]:
        """Return one row for each kind, in the order of first appearance: record, then every outcome with its count."""
        return [{"record": kind, **{outcome: counter[outcome] for outcome in OUTCOMES}} for kind, counter in self.counts.items()]

    def __repr__(self) -> str:
        done = ", ".join(f"{self.total(outcome)} {outcome}" for outcome in OUTCOMES if self.total(outcome))
        return f"<{'dry run of ' if self.dry_run else ''}{self.lines} lines: {done or 'nothing'}>"


class RefusedLines:
    """Writes refused lines unchanged to a file, which is made with the first of them. Without a path nothing is written."""

    def __init__(self, path: str | Path | None) -> None:
        self._path = Path(path) if path is not None else None
        self._file: IO[bytes] | None = None
        self.count = 0

    def __enter__(self) -> RefusedLines:
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


def raw_of(record: Mapping[str, object]) -> bytes:
    """Return a record that came as an object as one line of JSON."""
    return json.dumps(record, default=str, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
