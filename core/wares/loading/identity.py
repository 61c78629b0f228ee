"""The identity of the lines of a file, by which a load that was interrupted continues where it stopped.

A line is the same line if it has the same bytes in the same file; of several equal lines as many are known as were recorded.
A file is the same file if it has the same path and begins with mostly the same lines, so that lines may be appended to it or
corrected in it. A stream, or a file at another path, continues a load that broke off if it begins as that one did.

The identities are written in the transaction that records the lines, so that both stand or neither.
"""

from __future__ import annotations

import hashlib
import struct
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from pathlib import Path

from wares.loading.lines import FileLine
from wares.storage import tables as t
from wares.storage.unit import Reader, Unit

LOOKED_AT = 20
"""Files, newest first, that may be the one that is loaded."""

_NEWEST = "ORDER BY file_id DESC LIMIT ?"
_AT_PATH = f"SELECT file_id, is_whole, begins FROM wares_loaded_file WHERE company_id = ? AND path_hash = ? {_NEWEST}"
_BROKEN_OFF = f"SELECT file_id, is_whole, begins FROM wares_loaded_file WHERE company_id = ? AND is_whole = 0 {_NEWEST}"
_PARTS = "SELECT part, lines FROM wares_loaded_part WHERE company_id = ? AND file_id = ? AND part > ? ORDER BY part"
_THROUGH = "SELECT MAX(through) FROM wares_loaded_part WHERE company_id = ? AND file_id = ?"
_MARK_WHOLE = {
    flag: f"UPDATE wares_loaded_file SET is_whole = {int(flag)} WHERE company_id = ? AND file_id = ?" for flag in (False, True)
}


def chunks(lines: Iterable[FileLine], size: int) -> Iterator[tuple[list[FileLine], bool]]:
    """Yield lines in chunks, each with True if the file of its last line ends there. No chunk begins one file twice."""
    some: list[FileLine] = []
    begun: set[str] = set()
    before: FileLine | None = None
    for line in lines:
        begins = before is None or line.source != before.source or line.number <= before.number
        if some and (len(some) >= size or (begins and line.source in begun)):
            yield some, begins
            some, begun = [], set()
        some.append(line)
        begun.add(line.source)
        before = line
    if some:
        yield some, True


class LoadedFile:
    """A file while it is loaded, and its recorded lines that this load has not met yet."""

    def __init__(self, first: FileLine) -> None:
        self.source = first.source
        self.path_hash = hashlib.sha256(first.path.encode("utf-8", "surrogateescape")).hexdigest() if first.path else ""
        self.file_id: int | None = None
        self.is_whole = False
        self.parts = 0
        """The newest of its parts that this load has read or written."""
        self.last_line = 0
        self.left: Counter[int] = Counter()

    def goes_on_with(self, line: FileLine) -> bool:
        """True if a line is one of this file, after the lines that were read."""
        return line.source == self.source and line.number > self.last_line


class FilePart:
    """The lines of a file in one transaction: `known` tells those that were recorded before, `write` keeps the new ones."""

    def __init__(self, unit: Unit, before: LoadedFile | None, lines: Sequence[FileLine], *, again: bool) -> None:
        """`before` is the file of the last transaction. With `again` a file begins as if it had never been loaded."""
        self._unit = unit
        self._lines = lines
        self._hashes = [_hash(line.raw) for line in lines]
        self._met: Counter[int] = Counter()
        self._found: Counter[int] = Counter()  # recorded by another process since this load has looked
        if before is not None and before.goes_on_with(lines[0]):
            self._file = copy(before)  # the transaction may be undone; the counts are shared, and change in `keep` only
        else:
            self._file = LoadedFile(lines[0])
            if not again:
                self._find()
        self._file.last_line = lines[-1].number
        if self._file.file_id is not None:
            for part, text in unit.rows(_PARTS, self._file.file_id, self._file.parts):
                self._file.parts = part
                self._found.update(_numbers(text))

    @property
    def file(self) -> LoadedFile:
        """The file, as it is if the transaction is committed."""
        return self._file

    def _find(self) -> None:
        """Find the file in the books: the same path and mostly the same beginning, or a load that broke off and began so."""
        file, here = self._file, Counter(self._hashes)
        if file.path_hash:
            for file_id, is_whole, text in self._unit.rows(_AT_PATH, file.path_hash, LOOKED_AT):
                begins = Counter(_numbers(text))
                shared = (begins & here).total()
                if shared and shared * 2 >= min(begins.total(), here.total()):
                    file.file_id, file.is_whole = file_id, bool(is_whole)
                    return
        for file_id, is_whole, text in self._unit.rows(_BROKEN_OFF, LOOKED_AT):
            if Counter(_numbers(text)) <= here:
                file.file_id, file.is_whole = file_id, bool(is_whole)
                return

    def known(self) -> list[bool]:
        """Return for each line whether an earlier load recorded it."""
        left, found, met = self._file.left, self._found, self._met
        if not left and not found:
            return [False] * len(self._hashes)
        known = []
        for number in self._hashes:
            is_known = left[number] + found[number] > met[number]
            if is_known:
                met[number] += 1
            known.append(is_known)
        return known

    def write(self, is_new: Iterator[bool], *, ends: bool) -> None:
        """Write the identities of the lines for which the next flags of `is_new` are true; `ends` says that the file ends here."""
        unit, file = self._unit, self._file
        new = [number for number in self._hashes if next(is_new)]
        if file.file_id is None:
            file.file_id = unit.take_id()
            name, begins = Path(file.source).name, _text(self._hashes)
            row = (unit.company_id, file.file_id, file.path_hash, name, begins, int(ends), unit.recorded_at)
            unit.insert(t.loaded_file, [row])
        elif ends != file.is_whole and (new or ends):
            unit.run(_MARK_WHOLE[ends], file.file_id)
        file.is_whole = ends
        if new:
            file.parts += 1
            unit.insert(t.loaded_part, [(unit.company_id, file.file_id, file.parts, file.last_line, _text(new))])

    def keep(self) -> LoadedFile:
        """Return the file once the transaction is committed."""
        left = self._file.left
        left.update(self._found)
        for number, count in self._met.items():
            left[number] -= count
            if not left[number]:
                del left[number]
        return self._file


def recorded_through(reader: Reader, file: LoadedFile) -> int:
    """Return the last line that a transaction reached which recorded lines of this file; 0 if there is none."""
    row = reader.row(_THROUGH, file.file_id) if file.file_id is not None else None
    return int(row[0] or 0) if row is not None else 0


def _hash(raw: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(raw.strip(), digest_size=8).digest(), "little")


def _text(numbers: Sequence[int]) -> str:
    return b64encode(struct.pack(f"<{len(numbers)}Q", *numbers)).decode("ascii")


def _numbers(text: str) -> tuple[int, ...]:
    content = b64decode(text)
    return struct.unpack(f"<{len(content) // 8}Q", content)
