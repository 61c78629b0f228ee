"""The laws of an item type's attributes and validation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import get_args

from pydantic import BaseModel

from wares.errors import Issue, WaresError
from wares.model import Item, Masters
from wares.testing.laws import LawBroken, require
from wares.testing.laws.subject import ItemCase, refusal_of
from wares.testing.small_company import record


def example_is_accepted(case: ItemCase) -> None:
    """Check that the example can be recorded and is unchanged when it is recorded again."""
    with case.books() as books:
        change = books.items.put([{name: value for name, value in case.item_record.items() if name != "record"}])[0]
        require(change.action == "unchanged", f"{case.sku} recorded again is {change.action}: {', '.join(change.fields)}")
        item = books.reading(lambda _, masters: masters.item(case.sku))
    require(item.type == case.key, f"{case.sku} is stored as {item.type}")
    require(isinstance(item.attributes, case.kind.Attributes), f"the attributes of {case.sku} are {item.attributes!r}")


def attributes_have_no_float(case: ItemCase) -> None:
    """Check that the numbers among the attributes are exact: int or Decimal."""
    inexact = inexact_fields(case.kind.Attributes)
    require(not inexact, f"{case.key}: attribute {', '.join(inexact)} is a float; use Decimal")


def inexact_fields(model: type[BaseModel]) -> list[str]:
    """Return the fields of a model that may hold a float."""
    return [name for name, field in model.model_fields.items() if float in _types_in(field.annotation)]


def _types_in(annotation: object) -> Iterator[object]:
    yield annotation
    for part in get_args(annotation):
        yield from _types_in(part)


def attributes_round_trip(case: ItemCase, attributes: BaseModel) -> None:
    """Check that attributes stay the same when they are stored as JSON and read back, also without those left unset."""
    for unset in (False, True):
        stored = json.loads(json.dumps(attributes.model_dump(mode="json", by_alias=True, exclude_unset=unset)))
        try:
            back = case.kind.Attributes.model_validate(stored)
        except ValueError as error:
            raise LawBroken(f"{case.key}: {attributes!r} is stored as {stored} and cannot be read back: {error}") from error
        require(back.model_dump() == attributes.model_dump(), f"{case.key}: {attributes!r} is stored as {stored}, read as {back!r}")


def validation_is_pure_and_reports_issues(case: ItemCase, attributes: BaseModel) -> None:
    """Check that `validate` gives Issues (never an exception), the same twice, and changes nothing, whatever the attributes."""
    with case.books() as books:

        def validate_twice(_: object, masters: Masters) -> None:
            stored = masters.item(case.sku)
            item = replace(stored, attributes=attributes, raw_attributes=attributes.model_dump(mode="json"))
            before = deepcopy(attributes)
            first, second = _issues(case, item, masters), _issues(case, item, masters)
            require(first == second, f"{case.key}: validating twice gives {first} and then {second}")
            require(attributes == before, f"{case.key}: validate changes the attributes from {before!r} to {attributes!r}")

        books.reading(validate_twice)


def _issues(case: ItemCase, item: Item, masters: Masters) -> list[Issue]:
    try:
        issues = list(case.kind.validate(item, masters))
    except WaresError as error:
        raise LawBroken(f"{case.key}: validate raises {error!r}; yield an Issue instead") from error
    except Exception as error:
        raise LawBroken(f"{case.key}: validate raises {error!r} for {item.attributes!r}") from error
    for issue in issues:
        require(isinstance(issue, Issue), f"{case.key}: validate gives {issue!r}, which is no Issue")
        require(issue.code and issue.code.upper() == issue.code, f"{case.key}: the code {issue.code!r} is not UPPER_CASE")
    return issues


def unknown_attributes_are_refused(case: ItemCase) -> None:
    """Check that an unknown attribute is refused with BAD_ATTRIBUTE."""
    with case.books() as books:
        odd = {**case.item_record, "sku": "ODD", "attributes": {**case.item_record.get("attributes", {}), "xqzv": 1}}
        refusal = refusal_of(lambda: record(books, [odd]))
    require(refusal and "BAD_ATTRIBUTE" in refusal, f"{case.key}: an unknown attribute is answered with {refusal}")
