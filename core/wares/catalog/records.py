"""The records of masters as users write them, parsed by pydantic: unknown keys refused, numbers exact.

An absent key keeps the stored value; `null` clears a value that may be empty and counts as absent elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from wares import values
from wares.catalog.suggest import did_you_mean
from wares.errors import Issue, Refused
from wares.runtime.text import plain_code, plain_text
from wares.values import JsonObject


def _not_negative(value: int) -> int:
    if value < 0:
        raise ValueError("must not be negative")
    return value


def _positive(value: int) -> int:
    if value <= 0:
        raise ValueError("must be more than 0")
    return value


def _percent(value: int) -> int:
    if not 0 < value <= values.HUNDRED_PERCENT:
        raise ValueError("must be more than 0 and at most 100 percent")
    return value


def _known_setting_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else plain_code(value)


Text = Annotated[str, BeforeValidator(plain_text)]
Code = Annotated[str, BeforeValidator(plain_code)]
NotNegative = Annotated[int, BeforeValidator(values.scaled), AfterValidator(_not_negative)]
"""Millionths, 0 or more, from a decimal text, an int or a Decimal."""
Positive = Annotated[int, BeforeValidator(values.scaled), AfterValidator(_positive)]
Percent = Annotated[int, BeforeValidator(values.scaled), AfterValidator(_percent)]


class MasterRecord(BaseModel):
    """Base of the records: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ComponentRecord(MasterRecord):
    """A BOM row, kit content or group member."""

    sku: Code
    quantity: Positive = values.SCALE
    price: NotNegative | None = None
    setup_quantity: NotNegative = 0
    loss: NotNegative = 0
    multiple: Positive | None = None


class ByProductRecord(MasterRecord):
    """A by-product of a build; `share` is its percentage of the build's value."""

    sku: Code
    quantity: Positive
    share: Percent


class VariantOf(MasterRecord):
    """The master of a variant, and the variant's value on each axis."""

    master: Code
    values: dict[Code, Code]


class ItemRecord(MasterRecord):
    """An item, identified by `sku`; the other keys may be absent for an item that exists."""

    record: Literal["item"] = "item"
    sku: Code
    type: Code | None = None
    name: Text | None = None
    unit: Code | None = None
    price: NotNegative | None = None
    cost: NotNegative | None = None
    cost_method: Code | None = None
    category: Code | None = None
    barcode: Code | None = None
    weight: NotNegative | None = None
    volume: NotNegative | None = None
    makes: Positive | None = None
    active: bool | None = None
    accounts: dict[Code, Code | None] | None = None
    components: list[ComponentRecord] | None = None
    by_products: list[ByProductRecord] | None = None
    variant_of: VariantOf | None = None
    attributes: JsonObject | None = None


class PartyRecord(MasterRecord):
    """A customer, a supplier, or both; a new party without kinds is both."""

    record: Literal["party"] = "party"
    code: Code
    name: Text | None = None
    kinds: list[Literal["customer", "supplier"]] | None = None


class LocationRecord(MasterRecord):
    """A place that holds stock."""

    record: Literal["location"] = "location"
    code: Code
    name: Text | None = None


class SettingRecord(MasterRecord):
    """A policy of the books."""

    record: Literal["setting"] = "setting"
    key: Code
    value: Annotated[str, BeforeValidator(_known_setting_text)]


R = TypeVar("R", bound=MasterRecord)
"""A record as it is given, before `read`."""


def read(model: type[R], record: Mapping[str, object]) -> R:
    """Parse one record. Raises Refused with every problem: UNKNOWN_KEY, MISSING_KEY, BAD_VALUE, each with its path."""
    try:
        return model.model_validate(record)
    except ValidationError as error:
        name = next((value for key in ("sku", "code", "key") if isinstance(value := record.get(key), str)), "")
        raise Refused([_issue(model, problem, name) for problem in error.errors(include_url=False)]) from None


def path_of(location: tuple[int | str, ...]) -> str:
    """Return the path of a location: `components[2].quantity` for `("components", 2, "quantity")`."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


def _issue(model: type[MasterRecord], problem: ErrorDetails, name: str) -> Issue:
    path = path_of(tuple(step for step in problem["loc"] if step != "[key]"))
    key, found = str(problem["loc"][-1]) if problem["loc"] else "", problem["type"]
    if found == "extra_forbidden":
        known = list(model.model_fields) if len(problem["loc"]) == 1 else []
        hint = did_you_mean(key, known) or (f"its keys are {', '.join(sorted(known))}" if known else "")
        return Issue("UNKNOWN_KEY", f"{key!r} is not a key of this record", path=path, hint=hint, where=name)
    if found == "missing":
        return Issue("MISSING_KEY", f"{key!r} is missing", path=path, hint=f"give {key}", where=name)
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return Issue("BAD_VALUE", f"{key}: {message}", path=path, where=name)
