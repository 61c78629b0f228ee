"""The destination of a command's rows: stdout, or a file that appears whole once the command has succeeded."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from wares.cli.formats import FORMATS
from wares.errors import Refused

if TYPE_CHECKING:
    from wares.cli.page import HtmlPage

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
BY_SUFFIX = {f".{name}": name for name in FORMATS} | {".ndjson": "jsonl", ".txt": "table", ".htm": "html"}


class Sink:
    """The stream to write to and the format to write in.

    Without a chosen format it is the one of the file's suffix, else a table on a terminal, else JSON.
    """

    def __init__(self, path: str | None, chosen: str | None) -> None:
        self.path = Path(path) if path and path != "-" else None
        self._part: Path | None = None
        self._file: TextIO | None = None
        self._page: HtmlPage | None = None
        self.is_terminal = self.path is None and sys.stdout is not None and sys.stdout.isatty()
        if self.path is not None and self.path.suffix.lower() in WORKBOOKS:
            hint = "write .csv, which spreadsheets open"
            raise Refused.because("NO_FORMAT", f"{self.path.name}: workbooks are not written", path="output", hint=hint)
        by_suffix = BY_SUFFIX.get(self.path.suffix.lower()) if self.path else None
        self.format: str = chosen or by_suffix or ("table" if self.is_terminal else "json")

    @property
    def stream(self) -> TextIO:
        """Return the open stream. Raises OSError; Refused NO_OUTPUT if stdout is closed."""
        if self.path is None:
            if sys.stdout is None:
                raise Refused.because("NO_OUTPUT", "stdout is closed", hint="write to a file: -o FILE")
            return sys.stdout
        if self._file is None:
            self._file = self._open(self.path)
        return self._file

    def _open(self, path: Path) -> TextIO:
        """Open the file. A plain file is written beside its place and renamed at the end; a device or pipe is written directly."""
        if not path.exists() or path.is_file():
            path = self._part = path.with_name(f"{path.name}.{os.getpid()}.part")
        return path.open("w", encoding="utf-8", newline="")

    def page(self, title: str, about: str) -> HtmlPage:
        """Return the HTML page of this command, begun with its first rows."""
        if self._page is None:
            from wares.cli.page import HtmlPage

            self._page = HtmlPage(self.stream, title, about=about)
        return self._page

    def finish(self) -> None:
        """End the page, write all that waits and put the file in its place."""
        if self._page is not None:
            self._page.finish()
            self._page = None
        if self._file is not None:
            self._file.close()
            if self._part is not None and self.path is not None:
                os.replace(self._part, self.path)
        elif self.path is None and sys.stdout is not None:
            sys.stdout.flush()
        self._file = self._part = None

    def drop(self) -> None:
        """Remove the part that a failed command has written."""
        if self._part is not None:
            self._part.unlink(missing_ok=True)
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        self._file = self._part = self._page = None
