"""Rows of a table file, CSV or workbook, one at a time, each with its line number.

CSV may be UTF-8 (with or without mark), UTF-16 or Windows-1252, separated by comma, semicolon, tab or bar; workbooks are
XLSX, XLSM, XLSB, XLS and ODS, first sheet (`wares.catalog.workbooks` reads them). The content decides the format, never the
file's name. A file that cannot be read, or has rows of endless length, is refused in one line with a code.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, NamedTuple

from wares.catalog.workbooks import workbook_rows
from wares.errors import Refused

DELIMITERS = ",;\t|"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLOCK = 1 << 16
LONGEST_ROW = 1 << 20
"""Largest number of characters of a row."""
MOST_COLUMNS = 16_384
"""Largest number of columns, as in a workbook."""


class TableRow(NamedTuple):
    """One row of a table file."""

    line: int
    """The line on which it starts, from 1."""
    cells: list[str]
    """Its cells as texts."""
    problem: str = ""
    """The reason why it cannot be read; "" if it can."""


class Table:
    """An open file: `header`, then the rows. `done` of `total` are bytes of a CSV, rows of a workbook."""

    def __init__(self, path: Path, *, expected: Iterable[str] = (), encoding: str | None = None) -> None:
        """Open the file and read its header. `expected` column names help to recognise the delimiter.

        Raises Refused: NO_FILE, EMPTY_FILE, BINARY_FILE, BAD_WORKBOOK, WORKBOOK_TOO_LARGE, BAD_ENCODING, TRUNCATED_FILE,
        NO_HEADER, TOO_MANY_COLUMNS, and ROW_TOO_LONG, also while rows are read.
        """
        self.path = path
        self.done = 0
        self.header: list[str] = []
        self._line = 1
        self._row_length = 0
        self._ended = True  # true if the last line read ends with a line break
        self._file: IO[str] | None = None
        head = _head(path)
        if head.startswith(_WORKBOOKS):
            self.total, first, rows = workbook_rows(path)
            self._rows: Generator[TableRow, None, None] = _numbered(rows, first + 1)
        else:
            self.total = path.stat().st_size
            self._file = path.open(encoding=_known(encoding) if encoding else _encoding(path, head), newline="", errors="strict")
            self._rows = self._csv_rows(frozenset(expected))
        try:
            self.header = self._read_header()
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[TableRow]:
        for row in self._rows:
            if any(cell.strip() for cell in row.cells) or row.problem:
                yield row

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, or end the process that reads a workbook."""
        self._rows.close()
        if self._file is not None:
            self._file.close()

    def _read_header(self) -> list[str]:
        for row in self:
            if row.problem:
                raise Refused.because("NO_HEADER", f"{self.path.name} line {row.line}: {row.problem}")
            header = [cell.strip() for cell in row.cells]
            while header and not header[-1]:
                header.pop()
            if len(header) > MOST_COLUMNS:
                raise _refusal("TOO_MANY_COLUMNS", self.path, f"has {len(header)} columns", f"{MOST_COLUMNS} at most")
            return header
        raise _refusal("EMPTY_FILE", self.path, "has no rows", "the first row names the columns")

    def _csv_rows(self, expected: frozenset[str]) -> Generator[TableRow, None, None]:
        file = self._file
        assert file is not None
        first = self._first_line(file)
        said = first.strip().lower().removeprefix("sep=")
        announced = first.lower().startswith("sep=") and len(said) == 1
        delimiter = said if announced else _delimiter(first, expected)
        lines = self._counted([] if announced else [first], file)
        reader, before = csv.reader(lines, delimiter=delimiter, strict=True), int(announced)
        while True:
            start = before + 1
            self._row_length = 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                raise self._not_text(error, start) from None
            except csv.Error as error:
                if "unexpected end of data" in str(error):
                    problem = f"ends inside the quoted cell that opens on line {start}"
                    raise _refusal("TRUNCATED_FILE", self.path, problem, "get the whole file, or close the quote") from None
                before = int(announced) + reader.line_num
                yield TableRow(start, [], str(error))
                continue
            before = int(announced) + reader.line_num
            cut_off = not self._ended and len(cells) < len(self.header)
            yield TableRow(start, cells, "the file ends within this row" if cut_off else "")

    def _first_line(self, file: IO[str]) -> str:
        try:
            return self._within_limits(file.readline(LONGEST_ROW + 1), 1)
        except UnicodeDecodeError as error:
            raise self._not_text(error, 1) from None

    def _within_limits(self, line: str, number: int) -> str:
        """Return a line unless its row is too long: a quoted cell may continue on further lines."""
        self._row_length += len(line)
        if self._row_length > LONGEST_ROW:
            raise _too_long(self.path, number)
        return line

    def _not_text(self, error: UnicodeDecodeError, line: int) -> Refused:
        if "truncated" in error.reason or "unexpected end" in error.reason:
            return _refusal("TRUNCATED_FILE", self.path, "ends in the middle of a character", "get the whole file")
        problem = f"is not {error.encoding} in or after line {line}"
        return _refusal("BAD_ENCODING", self.path, problem, "save it as UTF-8")

    def _counted(self, first: list[str], file: IO[str]) -> Iterator[str]:
        yield from first
        while line := file.readline(LONGEST_ROW + 1):
            self._line += 1
            self._within_limits(line, self._line)
            self.done = min(self.done + len(line), self.total)
            self._ended = line.endswith(("\n", "\r"))
            yield line


def _numbered(rows: Generator[list[str], None, None], first: int) -> Generator[TableRow, None, None]:
    with closing(rows):
        for line, cells in enumerate(rows, start=first):
            yield TableRow(line, cells)


def _refusal(code: str, path: Path, problem: str, hint: str = "") -> Refused:
    return Refused.because(code, f"{path.name} {problem}", hint=hint, where=path.name)


def _too_long(path: Path, line: int) -> Refused:
    problem = f"has a row of more than {LONGEST_ROW:,} characters in or after line {line}"
    return _refusal("ROW_TOO_LONG", path, problem, "end each row with a line break, and close each quote")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(_BLOCK)
    except OSError as error:
        raise _refusal("NO_FILE", path, f"cannot be read: {error.strerror}", "check the name") from None
    if not head.strip():
        raise _refusal("EMPTY_FILE", path, "is empty", "the first row names the columns")
    return head


def _known(encoding: str) -> str:
    """Return the name of a stated encoding. Refused BAD_ENCODING."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        hint = "utf-8, utf-16, cp1252, latin-1 ..."
        raise Refused.because("BAD_ENCODING", f"{encoding!r} is not a known encoding", path="encoding", hint=hint) from None


def _encoding(path: Path, head: bytes) -> str:
    """Return the encoding: UTF-16 or UTF-8 by mark or content; Windows-1252 for a file that is not UTF-8 at all."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\x00" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) > len(head) // 4 and min(even, odd) == 0:
            return "utf-16-be" if even else "utf-16-le"
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        raise _refusal("BINARY_FILE", path, "is neither text nor a workbook", "save it as CSV (UTF-8) or XLSX")
    return _utf8_or_1252(path)


def _utf8_or_1252(path: Path) -> str:
    decoder, utf8, cp1252 = codecs.getincrementaldecoder("utf-8")(), True, True
    multibyte, line, since_break = False, 1, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            since_break = len(block) - block.rfind(b"\n") - 1 if b"\n" in block else since_break + len(block)
            if since_break > 4 * LONGEST_ROW and b"\r" not in block:
                raise _too_long(path, line)
            if utf8:
                try:
                    text = decoder.decode(block)
                    multibyte = multibyte or not text.isascii()
                except UnicodeDecodeError as error:
                    line += error.object[: error.start].count(b"\n")
                    multibyte = multibyte or any(byte > 127 for byte in error.object[: error.start])
                    utf8 = False
                else:
                    line += block.count(b"\n")
            cp1252 = cp1252 and not any(byte in block for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))
    if utf8 and decoder.getstate()[0]:
        raise _refusal("TRUNCATED_FILE", path, "ends in the middle of a character", "get the whole file")
    if not utf8 and (multibyte or not cp1252):
        problem = f"is not UTF-8 on line {line}" + (" though it is before" if multibyte else ", nor Windows-1252")
        raise _refusal("BAD_ENCODING", path, problem, "save it as UTF-8")
    return "utf-8" if utf8 else "cp1252"


def _delimiter(first: str, expected: frozenset[str]) -> str:
    """Return the delimiter that splits the first line into the most known column names, then into the most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=delimiter))
        except (csv.Error, StopIteration):
            return (0, 0)
        return (sum(normalised(cell) in expected for cell in cells), len(cells))

    return max(DELIMITERS, key=score)


def normalised(name: str) -> str:
    """Return a column's name in the spelling of fields: `Cost Method` becomes cost_method."""
    return "_".join(name.strip().strip("\ufeff").lower().replace("-", " ").replace("_", " ").split())
