"""Items from a table file: `wares items import`.

Columns are named as the keys of an item record, upper or lower case, spaces as underscores; `attributes.x`,
`accounts.role`, `variant_of.master` and `variant_of.values.Axis` fill keys of nested objects. Cells of keys that hold
objects or lists are JSON; `attributes.axes.Color` is a list, its values separated by bars. An empty cell keeps the
stored value. A table with the columns parent, component and quantity (and optionally price) is a bill of materials: it
replaces the components of every parent in it, and is read whole before anything is written.

    report = import_items(path, catalogue.put_each, rejects=Path("rejects.csv"))

`put` is called with at most CHUNK records; the caller decides whether each chunk is a transaction of its own. For a
dry run give the `put_each` of one Catalogue made with `dry_run=True`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

from wares.catalog.columns import NAMES, BomColumns, Columns, is_bom
from wares.catalog.items import MasterChange
from wares.catalog.rejects import Rejects, RowIssue
from wares.catalog.tabular import Table, TableRow
from wares.errors import Refused
from wares.values import JsonObject

CHUNK = 500
ISSUES_KEPT = 1000
Put: TypeAlias = Callable[[Sequence[JsonObject]], Sequence[MasterChange | Refused]]
Progress: TypeAlias = Callable[[int, int], None]


@dataclass(slots=True)
class ImportReport:
    """The result of an import."""

    rows: int = 0
    """Rows read."""
    created: int = 0
    """Items created."""
    updated: int = 0
    """Items updated."""
    unchanged: int = 0
    """Items whose records changed nothing."""
    rejected: int = 0
    """Rows refused."""
    issues: list[RowIssue] = field(default_factory=list)
    """The first ISSUES_KEPT problems."""


class _Entry(NamedTuple):
    """A record with its rows in the file and their problems."""

    record: JsonObject
    rows: list[TableRow]
    issues: list[RowIssue]


def import_items(
    path: Path,
    put: Put,
    *,
    rejects: Path | None = None,
    progress: Progress | None = None,
    reached: Callable[[int], None] | None = None,
    encoding: str | None = None,
    chunk: int = CHUNK,
) -> ImportReport:
    """Create or update the items of a CSV file or workbook; a refused row does not stop the others.

    `rejects` receives the refused rows with their errors; `progress` receives (done, total) after each chunk, and
    `reached` the last line of each chunk of items (a bill of materials is written by parents). Raises
    Refused if the whole file cannot be used: the codes of `Table`, and NO_SKU_COLUMN, UNKNOWN_COLUMN, DUPLICATE_COLUMN.
    """
    with Table(path, expected=NAMES, encoding=encoding) as table:
        entries, columns = _entries(table)
        report = ImportReport()
        with Rejects(rejects, table.header, of=path) as rejected:
            pending: list[_Entry] = []
            for entry in entries:
                pending.append(entry)
                if len(pending) >= chunk:
                    _put_chunk(pending, put, columns, report, rejected)
                    if reached is not None and not is_bom(table.header):
                        reached(pending[-1].rows[-1].line)
                    pending = []
                    if progress is not None:
                        progress(table.done, table.total)
            _put_chunk(pending, put, columns, report, rejected)
            if progress is not None:
                progress(table.total, table.total)
    return report


_ColumnOf: TypeAlias = Callable[[_Entry, str], tuple[int, str]]
"""Returns the line and column of a path of a record."""


def _entries(table: Table) -> tuple[Iterator[_Entry], _ColumnOf]:
    if is_bom(table.header):
        return _bom_entries(table), _bom_place
    columns = Columns.of(table.header, table.path.name)
    return _item_entries(table, columns), lambda entry, path: (entry.rows[0].line, columns.column_of(path))


def _item_entries(table: Table, columns: Columns) -> Iterator[_Entry]:
    for row in table:
        record: JsonObject = {}
        issues = [RowIssue(row.line, column, issue) for column, issue in columns.fill(record, row)]
        yield _Entry(record, [row], issues)


def _put_chunk(entries: list[_Entry], put: Put, place: _ColumnOf, report: ImportReport, rejected: Rejects) -> None:
    results = iter(put([entry.record for entry in entries if not entry.issues]))
    for entry in entries:
        report.rows += len(entry.rows)
        issues = entry.issues
        if not issues:
            result = next(results)
            if isinstance(result, MasterChange):
                if result.action == "created":
                    report.created += 1
                elif result.action == "updated":
                    report.updated += 1
                else:
                    report.unchanged += 1
                continue
            issues = [RowIssue(*place(entry, issue.path), issue) for issue in result.issues]
        report.rejected += len(entry.rows)
        report.issues += issues[: max(0, ISSUES_KEPT - len(report.issues))]
        for row in entry.rows:
            own = [str(issue) for issue in issues if issue.line == row.line]
            rejected.write(row, "; ".join(own) or f"refused with line {issues[0].line}")


# --- bills of materials ----------------------------------------------------------------------------------------------


def _bom_entries(table: Table) -> Iterator[_Entry]:
    """Yield one record for each parent, in the order of first rows, because a component list is replaced as a whole."""
    columns = BomColumns.of(table.header, table.path.name)
    parents: dict[str, _Entry] = {}
    for row in table:
        parent, component, issues = columns.read(row)
        entry = parents.setdefault(parent, _Entry({"sku": parent, "components": []}, [], []))
        entry.rows.append(row)
        entry.record["components"].append(component)
        entry.issues.extend(RowIssue(row.line, column, issue) for column, issue in issues)
    yield from parents.values()


def _bom_place(entry: _Entry, path: str) -> tuple[int, str]:
    head, _, key = path.partition("].")
    if head.startswith("components[") and key:
        return entry.rows[int(head.removeprefix("components["))].line, {"sku": "component"}.get(key, key)
    return entry.rows[0].line, "parent" if path in ("sku", "type") else ""
