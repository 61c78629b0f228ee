"""The type `matrix`: axes, their combinations, and document lines of the master."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product

from wares import (
    SCALE,
    Attributes,
    Context,
    Expansion,
    Issue,
    Item,
    ItemType,
    Line,
    Masters,
    NewLine,
    Record,
    Refused,
    Side,
    unscaled,
)

_FIELD = re.compile(r"\{([^{}]*)\}")
_LISTED = 12
"""Number of variants that a refusal names."""


class MatrixAttributes(Attributes):
    """The axes of a master and the rules for its variants."""

    axes: dict[str, list[str]]
    """Axis → its values; the axes stand in the order of the SKU."""
    variant_type: str = "stock"
    """Key of the item type of the variants."""
    allow_master: bool = False
    """The master itself may be sold."""
    sku_pattern: str | None = None
    """SKU of a variant, with `{master}` and each axis by name; None stands for "{master}-{Color}-{Size}" or the like."""


class Matrix(ItemType):
    """The item type of a master over axes; its variants are bought, stocked and sold."""

    key = "matrix"
    title = "Matrix"
    summary = "A master for colors, sizes and the like; each combination is an item with its own stock."
    # Both stay true so that a line of the master reaches `expand`, which takes its variants or refuses it by name.
    sold = True
    bought = True
    Attributes = MatrixAttributes
    example_records = (
        {
            "record": "item",
            "type": "matrix",
            "sku": "TEE",
            "price": "14.99",
            "cost": "4",
            "attributes": {"axes": {"Size": ["S", "M"]}},
        },
        {"record": "variant", "master": "TEE", "values": {"Size": "S"}},
        {"record": "variant", "master": "TEE", "values": {"Size": "M"}},
    )

    def example_line(self, sku: str, quantity: int | Decimal) -> Record:
        """Return a line with `quantity` of the one variant and twice as many of the other."""
        return {"item": sku, "variants": {"TEE-S": str(quantity), "TEE-M": str(2 * quantity)}}

    def validate(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Require axes with distinct values, a pattern that tells the combinations apart, and no axis or value removed that
        an existing variant has."""
        rules: MatrixAttributes = item.attributes
        if rules.variant_type == self.key:
            yield Issue("VARIANT_TYPE", f"the variants of {item.sku} cannot be masters", path="attributes.variant_type")
        yield from _axis_problems(item, rules)
        yield from _pattern_problems(item, rules)
        yield from _variants_left_out(item, rules)

    def missing_variants(self, item: Item, masters: Masters) -> Iterator[Record]:
        """Yield a `variant` record for each combination that no variant has, in the order of the axes."""
        existing = {combination(dict(each.values or {})) for each in item.variants}
        axes = item.attributes.axes
        for chosen in product(*axes.values()):
            values = dict(zip(axes, chosen, strict=True))
            if combination(values) not in existing:
                yield {"record": "variant", "master": item.sku, "values": values, "sku": variant_sku(item, values)}

    def expand(self, line: Line, ctx: Context) -> Expansion:
        """Return a line per variant if the line gives their quantities; the master itself only if it is allowed. Refused
        MASTER_ON_LINE."""
        item = line.item
        assert item is not None
        if line.origin is not None:
            return Expansion()
        if line.given.variants is not None:
            return Expansion(rows=_rows_of_variants(line, ctx))
        if item.attributes.allow_master and ctx.side is Side.SALE:
            return Expansion()
        raise Refused.because(
            "MASTER_ON_LINE",
            f"{item.sku} is a master; name one of its variants: {_listed(item)}",
            path=f"{line.path}.item",
            hint='use a variant as the item, or give "variants": {sku: quantity}',
        )


def combination(values: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return the values by axis without an order, so that combinations compare equal."""
    return frozenset(values.items())


def variant_sku(master: Item, values: Mapping[str, str]) -> str:
    """Return the SKU that the master's pattern gives a combination: values in capitals, spaces as hyphens."""
    rules: MatrixAttributes = master.attributes
    pattern = rules.sku_pattern or "-".join(["{master}", *(f"{{{axis}}}" for axis in rules.axes)])
    parts = {"master": master.sku} | {axis: _in_sku(value) for axis, value in values.items()}
    return _FIELD.sub(lambda field: parts[field[1]], pattern)


def _in_sku(value: str) -> str:
    return "-".join(value.upper().split())


def _axis_problems(item: Item, rules: MatrixAttributes) -> Iterator[Issue]:
    if not rules.axes:
        yield Issue(
            "NO_AXES",
            f"{item.sku} has no axes",
            path="attributes.axes",
            hint='give {"Color": ["Red", "Blue"]} or the like',
        )
    for axis, values in rules.axes.items():
        path = f"attributes.axes.{axis}"
        if not axis.strip() or axis == "master" or set(axis) & set("{}"):
            yield Issue("BAD_AXIS", f"{axis!r} cannot be the name of an axis of {item.sku}", path=path)
        if not values:
            yield Issue("BAD_AXIS", f"axis {axis} of {item.sku} has no values", path=path)
        seen: dict[str, str] = {}
        for value in values:
            if not value.strip():
                yield Issue("BAD_AXIS", f"axis {axis} of {item.sku} has an empty value", path=path)
            elif _in_sku(value) in seen:
                yield Issue(
                    "AXIS_VALUE_TWICE",
                    f"axis {axis} of {item.sku} has {seen[_in_sku(value)]!r} and {value!r}, the same in a SKU",
                    path=path,
                )
            seen[_in_sku(value)] = value


def _pattern_problems(item: Item, rules: MatrixAttributes) -> Iterator[Issue]:
    if rules.sku_pattern is None:
        return
    path, fields = "attributes.sku_pattern", set(_FIELD.findall(rules.sku_pattern))
    hint = "its fields are " + ", ".join(f"{{{name}}}" for name in ("master", *rules.axes))
    if unknown := fields - {"master", *rules.axes}:
        yield Issue(
            "BAD_PATTERN", f"the SKU pattern of {item.sku} names {min(unknown)!r}, which is not an axis", path=path, hint=hint
        )
    if absent := [axis for axis in rules.axes if axis not in fields]:
        message = f"the SKU pattern of {item.sku} leaves out {absent[0]}, so that variants would share a SKU"
        yield Issue("BAD_PATTERN", message, path=path, hint=hint)


def _variants_left_out(item: Item, rules: MatrixAttributes) -> Iterator[Issue]:
    for variant in item.variants:
        if problem := axis_problem(rules, variant.values or {}):
            yield Issue(
                "VARIANT_LEFT_OUT",
                f"{variant.sku} is a variant of {item.sku} and would not fit its axes: {problem}",
                path="attributes.axes",
                hint="keep the axes and values that variants have; to stop offering one, retire its item",
            )


def axis_problem(rules: MatrixAttributes, values: Mapping[str, str]) -> str | None:
    """Return the reason why these values are not a combination of the axes; None if they are."""
    if absent := [axis for axis in rules.axes if axis not in values]:
        return f"no value for {absent[0]}"
    for axis, value in values.items():
        if axis not in rules.axes:
            return f"no axis {axis!r} (its axes are {', '.join(rules.axes)})"
        if value not in rules.axes[axis]:
            return f"no value {value!r} on {axis} (it has {', '.join(rules.axes[axis])})"
    return None


def _listed(item: Item) -> str:
    skus = [variant.sku for variant in item.variants]
    if not skus:
        return "it has none yet"
    more = len(skus) - _LISTED
    return ", ".join(skus[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def _rows_of_variants(line: Line, ctx: Context) -> tuple[NewLine, ...]:
    """Return a row for each variant that the line names, at the line's price or cost if it gives one."""
    item, given = line.item, line.given
    assert item is not None
    assert given.variants is not None
    path, known = f"{line.path}.variants", {variant.sku: variant.item_id for variant in item.variants}
    for sku, _ in given.variants:
        if sku not in known:
            raise Refused.because(
                "NOT_A_VARIANT",
                f"{sku} is not a variant of {item.sku}",
                path=f"{path}.{sku}",
                hint=f"name one of its variants: {_listed(item)}",
            )
    if given.unit_factor != SCALE:
        message = f"the variants of {item.sku} are counted in their own unit"
        hint = "leave unit_factor out, or give a line for each variant"
        raise Refused.because("VARIANTS_UNIT", message, path=f"{line.path}.unit_factor", hint=hint)
    total = sum(quantity for _, quantity in given.variants)
    if not given.variants or given.quantity not in (None, total):
        raise Refused.because(
            "VARIANTS_QUANTITY",
            f"the variants of {item.sku} come to {unscaled(total)}, not {unscaled(given.quantity or 0)}",
            path=path,
            hint="give a quantity for each variant and leave the line's own quantity out",
        )
    if given.amount is not None:
        raise Refused.because(
            "VARIANTS_AMOUNT",
            f"one amount cannot be divided among several variants of {item.sku}",
            path=f"{line.path}.amount",
            hint="give a price per unit, or a line for each variant",
        )
    price = given.unit_price if ctx.side is Side.SALE else given.unit_cost
    return tuple(NewLine(ctx.masters.item_by_id(known[sku]), quantity, price) for sku, quantity in given.variants)
