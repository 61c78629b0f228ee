"""Load lines chunk by chunk, each in one transaction together with the identities of its lines, by which they are known again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from wares.errors import Conflict, Refused
from wares.loading.identity import FilePart, LoadedFile, chunks, recorded_through
from wares.loading.lines import FileLine, numbered
from wares.loading.recording import Done, Recording
from wares.loading.report import LoadReport, Rejected, raw_of
from wares.services.transactions import Transactions
from wares.services.unit_of_work import UnitOfWork
from wares.values import Record

OnRefusal = Callable[[Rejected], None]
Progress = Callable[[int], None]


def load(
    books: Transactions,
    records: Iterable[FileLine | Record],
    *,
    dry_run: bool = False,
    atomic: bool = False,
    again: bool = False,
    progress: Progress | None = None,
    on_refusal: OnRefusal | None = None,
    chunk: int = 500,
    report: LoadReport | None = None,
) -> LoadReport:
    """Record lines of `read_records`, or plain records, in their order; return the counts of their outcomes.

    Refused lines go to `on_refusal` and the others stay, in transactions of `chunk` lines. With `atomic` everything is one
    transaction; the first refusal undoes it and is raised. With `dry_run` everything is recorded and undone. `progress` is
    called with the number of lines done so far. Any other error undoes the current chunk and is raised.

    Documents and voids of a file that an earlier load of it recorded are known, and are not recorded again unless `again` is
    true; masters are put again. A given `report` is counted into, so that it can be read after an error.
    """
    report = LoadReport() if report is None else report
    report.dry_run = dry_run
    loading = _Loading(books, report, progress, on_refusal, again=again)
    if atomic or dry_run:
        loading.whole(records, chunk=chunk, atomic=atomic)
    else:
        loading.by_chunks(chunks(numbered(records), chunk))
    return report


def last_recorded(books: Transactions, report: LoadReport) -> tuple[str, int]:
    """Return the file that a load was in when it stopped, and the last line through which it is recorded, as the books say.

    It waits for a transaction that has not ended yet. The file is "" for a stream; the line is 0 if nothing is recorded.
    """
    file = report.file
    if file is None:
        return "", 0
    return file.source, books.writing(lambda writing: recorded_through(writing.unit, file), dry_run=True)


class _Loading:
    def __init__(
        self,
        books: Transactions,
        report: LoadReport,
        progress: Progress | None,
        on_refusal: OnRefusal | None,
        *,
        again: bool,
    ) -> None:
        self.books = books
        self.report = report
        self.progress = progress
        self.on_refusal = on_refusal
        self.again = again
        self.file: LoadedFile | None = None

    def by_chunks(self, some: Iterator[tuple[list[FileLine], bool]]) -> None:
        for lines, ends in some:
            done, parts = self.books.writing(partial(self._take, lines, ends=ends))
            self._keep(parts)
            self._tell(done)

    def _take(
        self, lines: list[FileLine], writing: UnitOfWork, *, ends: bool, stop: bool = False
    ) -> tuple[list[Done], list[FilePart]]:
        """Record a chunk together with the identities of its lines."""
        parts = self._parts([line for line in lines if line.raw], writing)
        flags = (flag for part in parts for flag in part.known())
        known = [next(flags) if line.raw else False for line in lines]
        done = Recording(self.books, writing).take(lines, known, stop=stop)
        if len(done) == len(lines):
            new = (
                not flag and not isinstance(each.outcome, Refused) for each, flag in zip(done, known, strict=True) if each.line.raw
            )
            for part in parts:
                part.write(new, ends=ends or part is not parts[-1])
        return done, parts

    def _parts(self, lines: list[FileLine], writing: UnitOfWork) -> list[FilePart]:
        """Return the lines by file. A record that is no line of a file has no identity."""
        groups = [list(group) for _, group in groupby(lines, lambda line: line.source)]
        parts = [FilePart(writing.unit, self.file if at == 0 else None, group, again=self.again) for at, group in enumerate(groups)]
        if parts:
            self.report.file = parts[-1].file
        return parts

    def whole(self, records: Iterable[FileLine | Record], *, chunk: int, atomic: bool) -> None:
        can_be_read_again = isinstance(records, Sequence) and (atomic or self.on_refusal is None)
        begun = False

        def unit(writing: UnitOfWork) -> None:
            nonlocal begun
            if begun and can_be_read_again:
                self.report.begin_again()
                self.file = None
            elif begun:
                message = "another writer came between, and the lines read so far cannot be read again"
                raise Conflict("INTERRUPTED", message, retryable=False, hint="run the load again; nothing was written")
            for lines, ends in chunks(numbered(records), chunk):
                begun = True
                done, parts = self._take(lines, writing, ends=ends, stop=atomic)
                self._keep(parts)
                self._tell(done)
                if atomic and done and isinstance(done[-1].outcome, Refused):
                    raise _placed(done[-1])
                writing.masters = writing.masters.fresh(writing.unit)
                writing.write_outgoing()
                if not writing.plugins.calls.events.has_observers:
                    writing.events.clear()

        self.books.writing(unit, dry_run=self.report.dry_run)

    def _keep(self, parts: Sequence[FilePart]) -> None:
        for part in parts:
            self.file = part.keep()

    def _tell(self, done: Sequence[Done]) -> None:
        for line, kind, outcome in done:
            refused = isinstance(outcome, Refused)
            self.report.add(kind, "refused" if refused else str(outcome))
            if isinstance(outcome, Refused) and self.on_refusal is not None:
                record = None if isinstance(line.record, Refused) else line.record
                raw = line.raw or (raw_of(record) if record is not None else b"")
                self.on_refusal(Rejected(line.number, record, outcome.issues, raw, line.source))
        if self.progress is not None:
            self.progress(self.report.lines)


def _placed(done: Done) -> Refused:
    """Return the refusal with the line number in front of `where` of each issue."""
    assert isinstance(done.outcome, Refused)
    place = f"line {done.line.number}"
    return Refused(replace(issue, where=f"{place}, {issue.where}" if issue.where else place) for issue in done.outcome.issues)
