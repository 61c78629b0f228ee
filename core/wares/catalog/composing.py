"""From the values of an item record to an item: over the stored values, with the attributes as the type's model writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from wares.catalog.masters import MasterBook
from wares.catalog.records import ByProductRecord, ComponentRecord, ItemRecord, path_of
from wares.catalog.suggest import did_you_mean
from wares.contract.item_type import ItemType
from wares.errors import Issue
from wares.model import Component, Item
from wares.values import JsonObject

DEFAULT_METHOD = "average"
CLEARABLE = ("price", "cost", "category", "barcode", "weight", "volume")
KEPT = ("name", "unit", "makes", "active", "cost_method")


class Composer:
    """Makes items of records."""

    def __init__(self, masters: MasterBook, take_id: Callable[[], int]) -> None:
        self._masters = masters
        self._take_id = take_id

    def compose(self, record: ItemRecord, current: Item | None, kind: ItemType, issues: list[Issue]) -> Item:
        """Return the item that a record makes of the stored one; its problems are added to `issues`."""
        given = record.model_fields_set
        changes: JsonObject = {name: getattr(record, name) for name in CLEARABLE if name in given}
        changes |= {name: value for name in KEPT if (value := getattr(record, name)) is not None}
        if record.attributes or current is None:
            changes |= self._attributes(record, current, kind, issues)
        if record.components is not None:
            changes["contents"] = self._components(record.components, "components", issues)
        if record.by_products is not None:
            changes["by_products"] = self._components(record.by_products, "by_products", issues)
        if current is not None:
            return replace(current, **changes) if changes else current
        changes.setdefault("name", record.sku)
        if kind.tracked:
            changes.setdefault("cost_method", DEFAULT_METHOD)
        return Item(id=self._take_id(), type=kind.key, sku=record.sku, **changes)

    def _attributes(self, record: ItemRecord, current: Item | None, kind: ItemType, issues: list[Issue]) -> JsonObject:
        """Return the given attributes over the stored ones, key by key (null removes one), as the type's model writes them."""
        merged = dict(current.raw_attributes) if current is not None else {}
        merged |= record.attributes or {}
        inexact = [key for key, value in merged.items() if isinstance(value, float)]
        if inexact:
            issues += [Issue("BAD_ATTRIBUTE", f"{key}: give a decimal as text", f"attributes.{key}") for key in inexact]
            return {}
        try:
            parsed = kind.Attributes.model_validate({key: value for key, value in merged.items() if value is not None})
        except ValidationError as error:
            known = list(kind.Attributes.model_fields)
            issues += [_attribute_issue(kind, problem, known) for problem in error.errors(include_url=False)]
            return {}
        raw = parsed.model_dump(mode="json", exclude_unset=True, by_alias=True)
        return {"attributes": parsed, "raw_attributes": raw}

    def _components(
        self, records: Iterable[ComponentRecord | ByProductRecord], key: str, issues: list[Issue]
    ) -> tuple[Component, ...]:
        found = []
        for index, record in enumerate(records):
            item = self._masters.peek(record.sku)
            if item is None:
                message, hint = f"there is no item {record.sku!r}", self._masters.similar_skus(record.sku)
                hint = hint or "record it before the item that contains it"
                issues.append(Issue("UNKNOWN_ITEM", message, path=f"{key}[{index}].sku", hint=hint))
                continue
            price, share = getattr(record, "price", None), getattr(record, "share", None)
            edge = Component(item.id, item.sku, record.quantity, price, share)
            if isinstance(record, ComponentRecord):
                edge = edge._replace(setup_quantity=record.setup_quantity, loss=record.loss, multiple=record.multiple)
            found.append(edge)
        return tuple(found)


def _attribute_issue(kind: ItemType, problem: ErrorDetails, known: list[str]) -> Issue:
    path = path_of(("attributes", *problem["loc"]))
    key = str(problem["loc"][-1]) if problem["loc"] else kind.key
    if problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1:
        all_known = f"its attributes are {', '.join(known)}" if known else "it has no attributes"
        hint = did_you_mean(key, known) or all_known
        return Issue("BAD_ATTRIBUTE", f"a {kind.key} item has no attribute {key!r}", path=path, hint=hint)
    return Issue("BAD_ATTRIBUTE", f"{key}: {problem['msg'].removeprefix('Value error, ')}", path=path)
