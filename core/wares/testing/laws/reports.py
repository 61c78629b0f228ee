"""The laws of reports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wares.errors import Refused, WaresError
from wares.testing.laws import LawBroken, require
from wares.testing.laws.documents import state_of
from wares.testing.laws.items import inexact_fields
from wares.testing.laws.subject import ReportCase, refusal_of
from wares.values import JsonObject

if TYPE_CHECKING:
    from wares.books import Books


def shown(books: Books, case: ReportCase, **parameters: object) -> list[JsonObject]:
    """Return the rows of the report in the example's books."""
    try:
        return books.reports.run(case.key, **{**case.parameters, **parameters})
    except WaresError as error:
        raise LawBroken(f"the report {case.key} does not show its example: {error}; {error.hint}") from error


def example_is_shown(case: ReportCase) -> None:
    """Check that the report has rows in the books of its example, with its columns, and that they can be written as JSON."""
    with case.books() as books:
        rows = shown(books, case)
        require(rows, f"{case.key}: the report of its example is empty: let `needs` record a fact that it shows")
        for row in rows:
            keys = list(json.loads(json.dumps(row, default=str)))
            require(tuple(keys[: len(case.kind.columns)]) == case.kind.columns, f"{case.key}: a row has {keys}")


def reading_is_pure(case: ReportCase) -> None:
    """Check that the report shows the same twice and does not change the books."""
    with case.books() as books:
        before = state_of(books)
        first, second = shown(books, case), shown(books, case)
        require(first == second, f"{case.key}: the same report twice shows {first}, then {second}")
        require(state_of(books) == before, f"{case.key}: the report changes the books")


def parameters_have_no_float(case: ReportCase) -> None:
    """Check that the numbers among the parameters are exact: int or Decimal."""
    inexact = inexact_fields(case.kind.Parameters)
    require(not inexact, f"{case.key}: parameter {', '.join(inexact)} is a float; use Decimal")


def unknown_parameters_are_refused(case: ReportCase) -> None:
    """Check that an unknown parameter is refused with UNKNOWN_PARAMETER."""
    with case.books() as books:
        refusal = refusal_of(lambda: books.reports.run(case.key, **{**case.parameters, "xqzv": 1}))
        require(refusal and "UNKNOWN_PARAMETER" in refusal, f"{case.key}: an unknown parameter is answered with {refusal}")


def any_text_is_read_or_refused(case: ReportCase, text: str) -> None:
    """Check that for any text of a parameter the report shows rows or raises Refused, and no other exception."""
    with case.books() as books:
        for name in case.kind.Parameters.model_fields:
            try:
                books.reports.run(case.key, **{**case.parameters, name: text})
            except Refused:
                continue
            except Exception as error:
                raise LawBroken(f"{case.key}: {name} = {text!r} raises {error!r}") from error


def empty_books_are_shown(case: ReportCase) -> None:
    """Check that in empty books the report shows rows or raises Refused, and no other exception."""
    with case.empty_books() as books:
        try:
            books.reports.run(case.key, **case.parameters)
        except Refused:
            return
        except Exception as error:
            raise LawBroken(f"{case.key}: in empty books it raises {error!r}") from error
