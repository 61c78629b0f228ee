"""The part `reports` of `Books`: the reports of plugins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ValidationError

from wares.catalog.records import path_of
from wares.catalog.suggest import did_you_mean
from wares.contract.report import Report
from wares.errors import REPORT_OR_DISABLE, Issue, PluginError, Refused, WrongAnswer
from wares.facade.part import Part, Rows

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from wares.contract.books_view import BooksView
    from wares.services.transactions import Transactions


class Reports(Part):
    """Reports of plugins: `books.reports.run("gift_cards", at="2026-01-31")`."""

    def list(self) -> Rows:
        """Return report, title, summary, parameters, columns, plugin of every report."""
        registry = self._books.plugins.registry
        return [
            {"report": key, "title": report.title, "summary": report.summary, "parameters": list(report.Parameters.model_fields),
             "columns": list(report.columns), "plugin": owner.name if (owner := registry.owner("reports", key)) else None}
            for key, report in sorted(registry.reports.items())
        ]  # fmt: skip

    def run(self, key: str, /, **parameters: object) -> Rows:
        """Return the rows of a report, each with its `columns` first. All of it is read from one snapshot.

        Raises Refused UNKNOWN_REPORT, UNKNOWN_PARAMETER, MISSING_PARAMETER, BAD_PARAMETER, or a refusal by the report;
        PluginError if the report raises, writes, or yields a value that is not a row.
        """
        report = self._known(key)
        given = _parsed(report, parameters)
        owner = self._books.plugins.registry.owner("reports", key)
        refusal = PluginError("READ_ONLY", f"the report {key} of plugin {owner} writes to the books; a report reads",
                              hint=REPORT_OR_DISABLE, plugin=owner.name if owner is not None else None)  # fmt: skip

        def rows(books: Transactions) -> Rows:
            with books.plugins.blame.naming():
                return [_row(report, row) for row in _rows(report, report.rows(cast("BooksView", books), given))]

        return self._books.reading_together(rows, refusal=refusal)

    def _known(self, key: str) -> Report:
        reports = self._books.plugins.registry.reports
        if key not in reports:
            hint = did_you_mean(key, list(reports)) or f"there are {', '.join(sorted(reports)) or 'none: no plugin brings one'}"
            raise Refused.because("UNKNOWN_REPORT", f"there is no report {key!r}", hint=hint, where=key)
        return reports[key]


def _parsed(report: Report, parameters: Mapping[str, object]) -> BaseModel:
    try:
        return report.Parameters.model_validate(parameters)
    except ValidationError as error:
        raise Refused([_issue(report, problem) for problem in error.errors(include_url=False)]) from None


def _issue(report: Report, problem: ErrorDetails) -> Issue:
    path, known = path_of(problem["loc"]), list(report.Parameters.model_fields)
    if problem["type"] == "extra_forbidden":
        hint = did_you_mean(path, known) or f"it takes {', '.join(known) or 'none'}"
        return Issue("UNKNOWN_PARAMETER", f"{report.key} takes no {path!r}", path=path, hint=hint)
    if problem["type"] == "missing":
        return Issue("MISSING_PARAMETER", f"{report.key} needs {path!r}", path=path, hint=f"give {path}")
    hint = "give a date like 2026-01-31" if problem["type"].startswith("date") else ""
    return Issue("BAD_PARAMETER", f"{path}: {problem['msg'].removeprefix('Value error, ')}", path=path, hint=hint, where=report.key)


def _rows(report: Report, found: object) -> Iterator[Mapping[str, object]]:
    if not isinstance(found, Iterable):
        raise WrongAnswer(report, "rows", "rows", found)
    for row in found:
        if not isinstance(row, Mapping):
            raise WrongAnswer(report, "rows", "rows, each a mapping of column to value", row)
        yield row


def _row(report: Report, row: Mapping[str, object]) -> dict[str, object]:
    """Return the row with its columns first. WrongAnswer if one is missing, or if a format cannot show a value."""
    missing = [name for name in report.columns if name not in row]
    if missing:
        raise WrongAnswer(report, "rows", f"rows with {', '.join(missing)}", row)
    if not _is_plain(row):
        raise WrongAnswer(report, "rows", "rows of texts, whole numbers, Decimals, booleans and dates", row)
    return {name: row[name] for name in report.columns} | dict(row)


def _is_plain(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(name, str) and _is_plain(each) for name, each in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | Decimal | date)
