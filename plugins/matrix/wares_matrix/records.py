"""The record `variant`: a combination of values of a master's axes, translated into an item record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wares import Item, Masters, Record, RecordType, Refused, unscaled
from wares_matrix.types import Matrix, axis_problem, combination, variant_sku

_OWN_KEYS = frozenset({"record", "master", "values", "sku"})


class VariantRecord(RecordType):
    """`{"record": "variant", "master": SKU, "values": {axis: value}, "sku": optional, ...any key of an item}`."""

    key = "variant"

    def translate(self, record: Record, masters: Masters) -> Iterable[Record]:
        """Yield the item record of the variant. A new variant takes each key that the record leaves out from its master;
        an existing one changes only the keys that the record states."""
        master, values = _master(record, masters), _values(record)
        problem = axis_problem(master.attributes, values)
        if problem:
            raise Refused.because(
                "NOT_IN_AXES",
                f"{master.sku} has {problem}",
                path="values",
                hint="use the axes and values of the master",
            )
        existing = next((v.sku for v in master.variants if combination(v.values or {}) == combination(values)), None)
        sku = record.get("sku") or existing or variant_sku(master, values)
        if existing is not None and existing != sku:
            raise Refused.because(
                "VARIANT_EXISTS",
                f"{existing} is {master.sku} in {', '.join(values.values())} already; {sku} would be a second one",
                path="values",
                hint=f"use {existing}",
            )
        inherited = {} if existing is not None else _inherited(master, values)
        stated = {key: value for key, value in record.items() if key not in _OWN_KEYS}
        yield {
            **inherited,
            **stated,
            "record": "item",
            "type": master.attributes.variant_type,
            "sku": sku,
            "variant_of": {"master": master.sku, "values": values},
        }


def _master(record: Record, masters: Masters) -> Item:
    sku = record.get("master")
    if not isinstance(sku, str) or not sku:
        raise Refused.because("MISSING_KEY", "a variant needs its master", path="master", hint='give "master": SKU')
    master = masters.item(sku, "master")
    if master.type != Matrix.key:
        raise Refused.because(
            "NOT_A_MASTER",
            f"{sku} ({master.type}) is not a matrix and has no variants",
            path="master",
            hint="name a matrix",
        )
    if "type" in record and record["type"] != master.attributes.variant_type:
        raise Refused.because(
            "VARIANT_TYPE",
            f"the variants of {sku} are of type {master.attributes.variant_type}, not {record['type']}",
            path="type",
            hint="leave type out",
        )
    return master


def _values(record: Record) -> dict[str, str]:
    values = record.get("values")
    if not isinstance(values, Mapping) or not all(isinstance(value, str) for value in values.values()):
        raise Refused.because(
            "BAD_VALUE", "values must be an object of strings", path="values", hint='give {"Color": "Red", "Size": "S"}'
        )
    return dict(values)


def _inherited(master: Item, values: Mapping[str, str]) -> dict[str, object]:
    """Return the keys of an item record that a new variant takes from its master."""
    numbers = {"price": master.price, "cost": master.cost, "weight": master.weight, "volume": master.volume}
    texts = {"unit": master.unit, "cost_method": master.cost_method, "category": master.category}
    in_order = [values[axis] for axis in master.attributes.axes]
    return {
        "name": f"{master.name} {' / '.join(in_order)}",
        **{key: str(unscaled(number)) for key, number in numbers.items() if number is not None},
        **{key: text for key, text in texts.items() if text is not None},
    }
