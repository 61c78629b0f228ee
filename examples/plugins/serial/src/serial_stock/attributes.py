"""The attributes of numbered items and of their lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from wares import Attributes, Issue, Line, Refused

Number = Annotated[str, Field(min_length=1, max_length=60)]


class SerialAttributes(Attributes):
    """The tracking of an item's units."""

    tracking: Literal["serial", "lot"] = "serial"
    """`serial`: every unit has a number of its own; `lot`: many units share one."""
    automatic: bool = False
    """A line without numbers gets them: new ones on a receipt, the first to expire (then the oldest) on an issue."""
    expires: bool = False
    """A receipt must state an expiry date."""


class LineAttributes(Attributes):
    """The attributes of a line. The number of a lot stands in the line's own key `lot`."""

    serials: tuple[Number, ...] = ()
    """Serial numbers of the units, one for each."""
    expires: date | None = None
    """Expiry date of the units received."""


def attributes_of(line: Line) -> LineAttributes:
    """Return the line's attributes. Refused BAD_ATTRIBUTE."""
    given: Mapping[str, object] = line.given.attributes or {}
    try:
        return LineAttributes.model_validate(given)
    except ValidationError as error:
        raise Refused([_as_issue(line, problem) for problem in error.errors(include_url=False)]) from None


def _as_issue(line: Line, problem: Mapping[str, object]) -> Issue:
    place = problem["loc"]
    assert isinstance(place, tuple)
    path = ".".join(map(str, (f"{line.path}.attributes", *place)))
    hint = 'give {"serials": ["A-1", "A-2"]} and, where it expires, {"expires": "2026-12-31"}'
    return Issue("BAD_ATTRIBUTE", str(problem["msg"]), path=path, hint=hint)


def numbers_on(line: Line) -> tuple[str, ...]:
    """Return the numbers that the line names: its serials, or its lot."""
    return attributes_of(line).serials or ((line.given.lot,) if line.given.lot else ())


def expiry_on(line: Line) -> int:
    """Return the expiry date of a receipt, as 20261231; 0 = never."""
    day = attributes_of(line).expires
    return day.year * 10_000 + day.month * 100 + day.day if day else 0
