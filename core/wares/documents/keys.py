"""The keys of a document record: one parser for each. A parser raises ValueError with a message about the value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from wares import values
from wares.model import GivenComponent
from wares.runtime.text import plain_code, plain_text

Parser = Callable[[object], object]

DEEPEST = 20
"""The most levels of nesting in attributes."""


def plain_number(value: object) -> str:
    """Return the number of a document. ValueError if it holds "#", which separates a document from its line."""
    text = plain_code(value)
    if "#" in text:
        raise ValueError('must not hold "#", which stands between a document and its line')
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _not_negative(value: object) -> int:
    number = values.scaled(value)
    if number < 0:
        raise ValueError("must not be negative")
    return number


def _positive(value: object) -> int:
    number = values.scaled(value)
    if number <= 0:
        raise ValueError("must be more than 0")
    return number


def _rate(value: object) -> int:
    number = values.rate(value)
    if number <= 0:
        raise ValueError("must be more than 0")
    return number


def _percent(value: object) -> int:
    number = values.scaled(value)
    if not 0 <= number <= values.HUNDRED_PERCENT:
        raise ValueError("must be between 0 and 100 percent")
    return number


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError("must be an object")
    return value


def _attributes_of_line(value: object) -> Mapping[str, object]:
    """Return an object of plain JSON values that every engine can store."""
    _check_plain(_mapping(value), 0)
    return _mapping(value)


def _check_plain(value: object, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError(f"is nested more than {DEEPEST} levels deep")
    if isinstance(value, str):
        if value:
            plain_text(value + ".")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            plain_code(key)
            _check_plain(each, depth + 1)
    elif isinstance(value, list | tuple):
        for each in value:
            _check_plain(each, depth + 1)
    elif not (value is None or isinstance(value, int | Decimal)):
        raise ValueError(f"holds a {type(value).__name__}; give texts, whole numbers, true, false, lists and objects")


def _components(value: object) -> tuple[GivenComponent, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError('must be a list of {"sku", "quantity", "lot"}')
    components = []
    for each in value:
        if not isinstance(each, Mapping) or set(each) - {"sku", "quantity", "lot"} or "sku" not in each:
            raise ValueError('must be a list of {"sku", "quantity", "lot"}')
        lot = None if each.get("lot") is None else plain_code(each["lot"])
        components.append(GivenComponent(plain_code(each["sku"]), _positive(each.get("quantity", 1)), lot))
    return tuple(components)


def _by_products(value: object) -> tuple[tuple[str, int], ...]:
    found = _components(value)
    if any(each.lot is not None for each in found):
        raise ValueError("take the lot of the line")
    return tuple((each.sku, each.quantity) for each in found)


def _quantities(value: object) -> tuple[tuple[str, int], ...]:
    return tuple((plain_code(sku), _positive(quantity)) for sku, quantity in _mapping(value).items())


LINE_KEYS: dict[str, tuple[str, Parser]] = {
    "item": ("item", plain_code),
    "quantity": ("quantity", values.scaled),
    "unit_price": ("unit_price", _not_negative),
    "unit_cost": ("unit_cost", _not_negative),
    "discount": ("discount", _percent),
    "unit": ("unit", plain_code),
    "unit_factor": ("unit_factor", _positive),
    "location": ("location", plain_code),
    "from": ("origin", plain_code),
    "restock": ("restock", _flag),
    "components": ("components", _components),
    "variants": ("variants", _quantities),
    "attributes": ("attributes", _attributes_of_line),
    "lot": ("lot", plain_code),
    "account": ("account", plain_code),
    "memo": ("memo", plain_text),
    "description": ("description", plain_text),
    "counted": ("counted", _not_negative),
    "scrapped": ("scrapped", _not_negative),
    "by_products": ("by_products", _by_products),
    "cost_method": ("cost_method", plain_code),
}
"""Line key → field of LineInput and parser; `amount` and `extra_cost` are not among them: their parser needs the currency."""

NOT_YET = frozenset({"tax", "drop_ship", "special_order"})
"""Line keys that are reserved and that no document supports yet."""

HEADER_PARSERS: dict[str, Parser] = {
    "number": plain_number,
    "party": plain_code,
    "reference": plain_code,
    "currency": plain_code,
    "rate": _rate,
    "location": plain_code,
    "to_location": plain_code,
    "goods": plain_code,
    "account": plain_code,
    "memo": plain_text,
    "key": plain_code,
    "direction": plain_code,
    "pending": _flag,
    "revises": plain_code,
    "due": lambda value: values.day_from_text(plain_text(value)),
}
