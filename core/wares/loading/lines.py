"""Read JSON Lines: one record a line, exact numbers, every problem a refusal with its line number.

Memory is flat: one line is read at a time. The text is UTF-8, with or without a byte order mark; gzip is recognised by its
first bytes.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple, NoReturn, cast

from wares.errors import Refused, StorageError
from wares.values import Record

LONGEST = 16 * 2**20
"""Largest number of bytes in a line; a longer line is refused without reading the rest."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ENOUGH = "one JSON object a line (JSON Lines), no comma between them and no brackets around"


class FileLine(NamedTuple):
    """A line of a file of records: its number (from 1), its record or the refusal of it, and its bytes."""

    number: int
    record: Record | Refused
    raw: bytes = b""
    source: str = ""
    """The file's name; "" for a stream."""
    path: str = ""
    """The absolute path of the file; "" for a stream."""


def read_records(source: str | Path | IO[bytes] | IO[str]) -> Iterator[FileLine]:
    """Yield the lines of a file, of a stream, or of standard input (`-`); blank lines are skipped.

    A line without a record has a Refused: BAD_JSON, NOT_AN_OBJECT, NOT_UTF8, TRUNCATED (the last line breaks off). Numbers
    with a point become Decimals. Raises StorageError CANNOT_READ if the file cannot be opened or read.
    """
    name = "" if source == "-" or not isinstance(source, str | Path) else str(source)
    with ExitStack() as until_read:
        stream = _opened(source, until_read)
        try:
            yield from _lines(stream, name, _path_of(stream, source))
        except (OSError, zlib.error) as error:
            raise StorageError("CANNOT_READ", f"{name or 'the input'} cannot be read: {error}", hint="check the file") from error


def _opened(source: str | Path | IO[bytes] | IO[str], until_read: ExitStack) -> BinaryIO:
    if source == "-":
        if sys.stdin is None:
            raise Refused.because("NO_INPUT", "stdin is closed", hint="name a file, or give the records on stdin")
        stream: Any = sys.stdin.buffer
    elif isinstance(source, str | Path):
        try:
            stream = until_read.enter_context(open(source, "rb"))  # noqa: SIM115  # closed by the stack
        except OSError as error:
            hint = "check the name of the file"
            raise StorageError("CANNOT_READ", f"{source} cannot be opened: {error.strerror}", hint=hint) from error
    elif isinstance(source, io.TextIOBase):
        return cast(BinaryIO, _Encoded(source))
    else:
        stream = source
    if not hasattr(stream, "peek"):
        stream = io.BufferedReader(stream)
    if stream.peek(2)[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    return cast(BinaryIO, stream)


def _path_of(stream: object, source: object) -> str:
    """Return the absolute path of the file that a stream reads, also if it is the redirected input; "" for a pipe or a device."""
    try:
        number = cast(IO[bytes], stream).fileno()
        if not stat.S_ISREG(os.fstat(number).st_mode):
            return ""
        path = os.path.realpath(source if isinstance(source, str | Path) and source != "-" else f"/proc/self/fd/{number}")
        return path if os.path.samestat(os.stat(path), os.fstat(number)) else ""
    except (AttributeError, OSError, ValueError):  # not a file of the system
        return ""


class _Encoded:
    """A stream of text, read as UTF-8 bytes."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream = stream

    def readline(self, limit: int) -> bytes:
        return self._stream.readline(limit).encode("utf-8", "surrogatepass")


def _lines(stream: BinaryIO, source: str, path: str) -> Iterator[FileLine]:
    number = 0
    while True:
        number += 1
        try:
            raw = stream.readline(LONGEST)
        except EOFError:
            cut = Refused.because("TRUNCATED", "the compressed file breaks off", hint="copy it again, whole")
            yield FileLine(number, cut, b"", source, path)
            return
        if not raw:
            return
        if number == 1 and raw.startswith(_BYTE_ORDER_MARK):
            raw = raw[len(_BYTE_ORDER_MARK) :]
        if (foreign := _not_text(raw, number)) is not None:
            yield FileLine(number, foreign, b"", source, path)  # the rest cannot be read either
            return
        if not raw.isspace() and raw:
            yield FileLine(number, _record(raw), raw, source, path)


def _not_text(raw: bytes, number: int) -> Refused | None:
    """Return the refusal of a file that is not text with records; None if the line is text."""
    if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Refused.because("NOT_UTF8", "the file is UTF-16", hint="save it as UTF-8")
    if b"\x00" in raw:
        return Refused.because("NOT_UTF8", "the file is not text", hint=f"give {_ENOUGH}, in UTF-8")
    if len(raw) >= LONGEST and not raw.endswith(b"\n"):
        return Refused.because("BAD_JSON", f"the line is longer than {LONGEST // 2**20} MiB", hint=f"give {_ENOUGH}")
    return None


class _Repeated(ValueError):
    """A key stands twice in one object, so that its value is ambiguous."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Repeated(next(key for key in keys if keys.count(key) > 1))
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


_TRUNCATED = Refused.because("TRUNCATED", "the last line breaks off", hint="copy the file again, whole")
DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_object)
"""The decoder of records: numbers are exact; NaN or a repeated key raises ValueError."""


def _record(raw: bytes) -> Mapping[str, object] | Refused:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return _TRUNCATED
        message = f"byte {raw[error.start]:#04x} at column {error.start + 1} is not UTF-8"
        return Refused.because("NOT_UTF8", message, hint="save the file as UTF-8")
    try:
        found = DECODER.decode(text.strip())
    except json.JSONDecodeError as error:
        if not raw.endswith(b"\n") and (not text.rstrip().endswith("}") or error.pos >= len(text.strip())):
            return _TRUNCATED
        message = f"{error.msg[0].lower()}{error.msg[1:]} at column {error.colno}"
        return Refused.because("BAD_JSON", message, hint=f"give {_ENOUGH}")
    except _Repeated as error:
        return Refused.because("BAD_JSON", f"the key {str(error)!r} stands twice in one object", hint="keep one of them")
    except (ValueError, RecursionError) as error:
        return Refused.because("BAD_JSON", " ".join(str(error).split())[:200], hint=f"give {_ENOUGH}")
    if not isinstance(found, dict):
        kind = "a list" if isinstance(found, list) else "a single value"
        return Refused.because("NOT_AN_OBJECT", f"the line is {kind}, not an object", hint=f"give {_ENOUGH}")
    if b"\\ud" in raw or b"\\uD" in raw:
        return _encodable(found, text)
    return found


def _encodable(found: dict[str, object], text: str) -> Mapping[str, object] | Refused:
    """Return the record, or Refused NOT_UTF8 for half a surrogate pair, which is JSON but cannot be stored as text."""
    try:
        json.dumps(found, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        column = min((place for mark in ("\\ud", "\\uD") if (place := text.find(mark)) >= 0), default=0) + 1
        message = f"the escape near column {column} is half of a character"
        return Refused.because("NOT_UTF8", message, hint="write the character itself, in UTF-8")
    return found


def numbered(records: Iterable[object]) -> Iterator[FileLine]:
    """Yield lines unchanged, and plain records as lines numbered by their position."""
    for number, record in enumerate(records, start=1):
        if isinstance(record, FileLine):
            yield record
        elif isinstance(record, Mapping):
            yield FileLine(number, record)
        else:
            kind = type(record).__name__
            yield FileLine(number, Refused.because("NOT_AN_OBJECT", f"{kind} where a record is expected", hint="give objects"))
