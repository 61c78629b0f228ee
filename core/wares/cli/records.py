"""`wares load`, and the reader of the records that document commands take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wares.cli.errors import say
from wares.cli.invocation import invocation, pass_books
from wares.cli.options import dry_run as dry_run_option
from wares.cli.output import emit, note, progress
from wares.errors import Issue, Refused

if TYPE_CHECKING:
    from wares.books import Books
    from wares.loading import FileLine, LoadReport, Rejected

SHOWN = 50
"""Refusals that are printed; the rest are counted, and all go to the rejects file."""


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@dry_run_option
@click.option("--all-or-nothing", is_flag=True, help="Use one transaction; the first refusal undoes everything.")
@click.option("--rejects", metavar="FILE", help="Write refused lines to this file, to be corrected and loaded again.")
@click.option("--again", is_flag=True, help="Record the lines of a file once more that an earlier load of it recorded.")
@pass_books
def load(books: Books, files: tuple[str, ...], dry_run: bool, all_or_nothing: bool, rejects: str | None, again: bool) -> None:
    """Record masters and documents from JSON Lines, in order.

    Accepted records stay; refused ones are reported on stderr with their line number, and the exit code is then 1. The same file
    again continues where it stopped: documents that it recorded are known.
    """
    from wares.loading import LoadReport, RefusedLines, read_records
    from wares.loading import load as record

    for file in files:
        _require_file(file)
    report = LoadReport()
    invocation().say_recorded(partial(_recorded, books, report, files), continues=not again)
    with RefusedLines(rejects) as rejected, progress("loading", _lines_in(files)) as advance:
        refusals = _Refusals(rejected.write, aloud=not all_or_nothing)
        lines: Iterator[FileLine] = chain.from_iterable(read_records(file) for file in files)
        try:
            record(books, lines, dry_run=dry_run, atomic=all_or_nothing, again=again, on_refusal=refusals,
                   progress=_steps(advance), report=report)  # fmt: skip
        except Refused as refusal:
            raise Refused(refusals.last or refusal.issues) from None
    emit(report.rows())
    done = "would be taken" if dry_run else "taken"
    known = report.total("known")
    shown = f", {known} known" if known else ""
    note(f"{report.lines - report.refused - known} of {report.lines} records {done}{shown}, {report.refused} refused")
    if known and not report.total("posted") and not again:
        note("known lines were recorded before, and nothing was written of them; --again records them once more")
    if report.refused:
        if rejects:
            note(f"the refused lines are in {rejects}; correct them and load that file")
        click.get_current_context().exit(1)


def _recorded(books: Books, report: LoadReport, files: tuple[str, ...]) -> str:
    """Return the sentence about the last line that is recorded."""
    from wares.loading import last_recorded

    source, line = last_recorded(books, report)
    name = source or "the input"
    if line:
        return f"{name} is recorded through line {line}"
    return f"nothing of {name if report.file is not None else files[0]} is recorded"


class _Refusals:
    """Prints the first refusals on stderr as they come, and passes all of them on."""

    def __init__(self, then: Callable[[Rejected], None], *, aloud: bool) -> None:
        self._then = then
        self._aloud = aloud
        self._as_json = invocation().wants_json_errors()
        self._count = 0
        self.last: list[Issue] = []
        """The issues of the last refusal; `where` of each begins with the file and line."""

    def __call__(self, rejected: Rejected) -> None:
        self._then(rejected)
        self._count += 1
        place = f"{rejected.source}:{rejected.number}" if rejected.source else f"line {rejected.number}"
        self.last = [replace(issue, where=f"{place}, {issue.where}" if issue.where else place) for issue in rejected.issues]
        if self._aloud and self._count <= SHOWN:
            say(self.last, as_json=self._as_json)
        elif self._aloud and self._count == SHOWN + 1:
            more = Issue("MORE", "further refusals are not shown", hint="--rejects FILE keeps them all")
            say([more], as_json=self._as_json)


def _steps(advance: Callable[[int], None]) -> Callable[[int], None]:
    """Turn the loader's running count into the increments that the progress bar takes."""
    done = 0

    def tell(now: int) -> None:
        nonlocal done
        advance(now - done)
        done = now

    return tell


def _lines_in(files: tuple[str, ...]) -> int | None:
    """Return the number of lines if it can be counted quickly; None leaves the bar without an end."""
    import sys

    if not sys.stderr.isatty() or not all(Path(file).is_file() and file.endswith((".jsonl", ".json")) for file in files):
        return None
    total = 0
    for file in files:
        with open(file, "rb") as stream:
            total += sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
    return total


def _require_file(file: str) -> None:
    """Raise FileNotFoundError for a missing file, before anything is recorded."""
    if file != "-" and not Path(file).exists():
        raise FileNotFoundError(2, "there is no such file", file)


def read_documents(file: str) -> list[dict[str, object]]:
    """Return the document records of a file (`-`: standard input): one JSON object, a list of them, or JSON Lines.

    The key `record` may be left out. Raises Refused with the line: BAD_JSON, NOT_AN_OBJECT, NOT_A_DOCUMENT, NO_RECORDS; or
    FILE_TOO_LARGE above 16 MiB, since all its documents are read before the first is posted.
    """
    import io
    import sys

    from wares.loading import read_records
    from wares.loading.lines import LONGEST

    _require_file(file)
    if file == "-" and sys.stdin is None:
        raise Refused.because("NO_INPUT", "stdin is closed", hint="name a file, or give the records on stdin")
    if file == "-":
        content = sys.stdin.buffer.read(LONGEST + 1)
    else:
        with Path(file).open("rb") as stream:
            content = stream.read(LONGEST + 1)
    if len(content) > LONGEST:
        message = f"the file has more than {LONGEST >> 20} MiB"
        raise Refused.because("FILE_TOO_LARGE", message, hint="wares load takes long files, a line at a time", where=file)
    records = _whole(content)
    issues: list[Issue] = []
    if records is None:
        records = []
        for line in read_records(io.BytesIO(content)):
            if isinstance(line.record, Refused):
                issues += [Issue(one.code, one.message, one.path, one.hint, where=f"{file}:{line.number}")
                           for one in line.record.issues]  # fmt: skip
            else:
                records.append(dict(line.record))
    documents = []
    for at, record in enumerate(records, start=1):
        kind = record.pop("record", "document")
        if kind != "document":
            hint = "wares load takes every kind of record"
            issues.append(Issue("NOT_A_DOCUMENT", f"record {at} is not a document but {kind!r}", "record", hint, where=file))
        documents.append(record)
    if not documents and not issues:
        issues.append(Issue("NO_RECORDS", "the file holds no record", hint="give document records", where=file))
    if issues:
        raise Refused(issues)
    return documents


def _whole(content: bytes) -> list[dict[str, object]] | None:
    """Return the records of a file that is one JSON text; None for anything else, such as JSON Lines."""
    from wares.loading.lines import DECODER

    try:
        found = DECODER.decode(content.decode("utf-8-sig").strip())
    except (ValueError, RecursionError):
        return None
    found = [found] if isinstance(found, dict) else found
    return found if isinstance(found, list) and all(isinstance(one, dict) for one in found) else None
