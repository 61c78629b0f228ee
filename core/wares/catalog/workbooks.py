"""Workbooks are read by another process with limits of memory and time, so that a hostile file can only end that process.

A workbook of a few kilobytes may name a cell in its last row and column, or hold gigabytes of zeros; the reader of such a file
takes memory for the whole rectangle, or aborts. Parts of a zip file say their sizes, which are looked at first.

    total, first, rows = workbook_rows(path)                # rows of texts, as they come from the process
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Generator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from wares.errors import Refused

MEMORY = 256 * 2**20
"""Bytes that the process may take for a workbook."""
SECONDS = 10
"""Seconds of its processor's time until the sheet is in memory."""
LARGEST = 64 * 2**20
"""Largest number of bytes of a file."""
LARGEST_UNPACKED = 512 * 2**20
"""Largest sum of the sizes that the parts of a file state."""
MOST_PARTS = 10_000
"""Largest number of parts of a file."""

_START = "import sys; sys.path[:] = sys.argv[2:]; from wares.catalog.workbooks import send_rows; send_rows(sys.argv[1])"
_ZIP = b"PK\x03\x04"


def workbook_rows(path: Path) -> tuple[int, int, Generator[list[str], None, None]]:
    """Return the number of rows of the first sheet, the number of its first row (from 0), and the rows.

    Raises Refused BAD_WORKBOOK, WORKBOOK_TOO_LARGE.
    """
    _look_at_sizes(path)
    process = subprocess.Popen(
        [_python(), "-c", _START, str(path), *sys.path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        head = _message(process, process.stdout, path)
    except BaseException:
        _end(process)
        raise
    return head["total"], head["first"], _rows(process, process.stdout, path)


def _look_at_sizes(path: Path) -> None:
    """Refuse a file that is large, or states that its parts are."""
    if path.stat().st_size > LARGEST:
        raise _too_large(path, f"is larger than {LARGEST >> 20} MiB")
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            return
    try:
        with zipfile.ZipFile(path) as parts:
            sizes = [part.file_size for part in parts.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise bad_workbook(path, str(error)) from None
    if len(sizes) > MOST_PARTS or sum(sizes) > LARGEST_UNPACKED:
        raise _too_large(path, f"unpacks to {sum(sizes) >> 20} MiB in {len(sizes)} parts")


def _rows(process: subprocess.Popen[bytes], lines: IO[bytes], path: Path) -> Generator[list[str], None, None]:
    try:
        while (found := _message(process, lines, path)) is not None:
            yield from found
    finally:
        _end(process)


def _message(process: subprocess.Popen[bytes], lines: IO[bytes], path: Path) -> Any:
    """Return what the process says next: its head, rows, or None at the end. Refused if it ends without saying so."""
    line = lines.readline()
    if not line.endswith(b"\n"):
        process.wait()
        raise _too_large(path, f"needs more than {MEMORY >> 20} MiB of memory or {SECONDS} seconds to be read")
    said = json.loads(line)
    if isinstance(said, str):
        raise bad_workbook(path, said)
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _python() -> str:
    """Return the interpreter: a server that embeds Python names itself as the executable."""
    if Path(sys.executable or "").name.startswith(("python", "pypy")):
        return sys.executable
    folder, name = ("", "python.exe") if os.name == "nt" else ("bin", f"python{sys.version_info[0]}")
    return str(Path(sys.exec_prefix, folder, name))


def bad_workbook(path: Path, problem: str) -> Refused:
    """Return the refusal of a file that is no readable workbook."""
    message = " ".join(f"{path.name} is not a readable workbook: {problem}".split())
    hint = "it may be incomplete or protected; save it again as XLSX or CSV"
    return Refused.because("BAD_WORKBOOK", message, hint=hint, where=path.name)


def _too_large(path: Path, problem: str) -> Refused:
    hint = "delete empty rows and columns behind the table, or save it as CSV"
    return Refused.because("WORKBOOK_TOO_LARGE", f"{path.name} {problem}", hint=hint, where=path.name)


# --- in the process --------------------------------------------------------------------------------------------------


_ROWS_AT_ONCE = 100


def send_rows(path: str) -> None:
    """Read a workbook and write lines of JSON: the head, lists of rows, null at the end; a text is the reason of a failure."""
    _limit(SECONDS)
    from python_calamine import CalamineError, load_workbook

    try:
        sheet = load_workbook(path).get_sheet_by_index(0)
        _limit(None)  # it is in memory; its rows may take their time
        _say({"total": sheet.total_height, "first": (sheet.start or (0, 0))[0]})
        rows: list[list[str]] = []
        for cells in sheet.iter_rows():
            rows.append([_cell(value) for value in cells])
            if len(rows) >= _ROWS_AT_ONCE:
                _say(rows)
                rows = []
        _say(rows)
        _say(None)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        _say(str(error))
    sys.stdout.flush()


def _say(message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")


def _limit(seconds: int | None) -> None:
    """Limit the memory of this process, and the time of its processor; None lifts the limit of time."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the sizes were looked at
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most), most))
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most if seconds is None else seconds, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cell(value: object) -> str:
    """Return a workbook's value as text for a CSV: numbers to 15 digits, as the spreadsheet shows them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = format(value, ".15g")
        return text if "e" not in text else f"{Decimal(text).normalize():f}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
