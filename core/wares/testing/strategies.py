"""The hypothesis strategies of the contracts: attributes of a model, and moves of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
DECIMALS = st.decimals(-1_000_000, 1_000_000, allow_nan=False, allow_infinity=False, places=None)
SIMPLE: Mapping[object, st.SearchStrategy[object]] = {
    str: TEXTS,
    int: st.integers(-1000, 1000),
    bool: st.booleans(),
    Decimal: DECIMALS,
    NoneType: st.none(),
    Any: st.none() | TEXTS,
}

TYPED = TEXTS | st.dates().map(str) | DECIMALS.map(str) | st.sampled_from(["", "true", "2026-02-30", "999999999999999999999"])
"""Texts that a user may type for a parameter."""
QUANTITIES = st.integers(2, 500)
CENTS = st.integers(0, 1_000_000)
DISCOUNTS = st.sampled_from([Decimal(0), Decimal(10), Decimal("33.333333"), Decimal("0.5"), Decimal(100)])
STEPS = st.lists(
    st.one_of(st.tuples(st.integers(1, 40), CENTS), st.tuples(st.integers(-40, -1), st.just(0))), min_size=1, max_size=12
)


def attributes_of(model: type[BaseModel], example: Mapping[str, object]) -> st.SearchStrategy[BaseModel]:
    """Return a strategy of instances of a model: the example's attributes, some of them drawn anew if the model accepts them."""
    fields = {name: value_of(field.annotation) for name, field in model.model_fields.items()}
    known = {name: strategy for name, strategy in fields.items() if strategy is not None}
    changes = st.fixed_dictionaries({}, optional=known)
    return changes.map(lambda drawn: _instance(model, example, drawn))


def _instance(model: type[BaseModel], example: Mapping[str, object], drawn: Mapping[str, object]) -> BaseModel:
    """Return an instance with the drawn attributes; an attribute that the model refuses keeps the example's value."""
    taken = dict(example)
    for name, value in drawn.items():
        try:
            model.model_validate({**taken, name: value})
        except (ValidationError, ValueError):
            continue
        taken[name] = value
    return model.model_validate(taken)


def value_of(annotation: Any) -> st.SearchStrategy[object] | None:
    """Return a strategy of values for an annotation; None if no strategy is known."""
    if annotation in SIMPLE:
        return SIMPLE[annotation]
    origin, parts = get_origin(annotation), [value_of(part) for part in get_args(annotation) if part is not Ellipsis]
    if origin in (Union, UnionType):
        known = [part for part in parts if part is not None]
        return st.one_of(known) if known else None
    if origin in (list, tuple, set, frozenset) and parts and parts[0] is not None:
        return st.lists(parts[0], max_size=3).map(origin)
    if origin in (dict, Mapping) and len(parts) == 2 and parts[0] is not None and parts[1] is not None:
        return st.dictionaries(parts[0], parts[1], max_size=3)
    try:
        strategy = st.from_type(annotation)
        strategy.validate()
    except Exception:
        return None
    return strategy
