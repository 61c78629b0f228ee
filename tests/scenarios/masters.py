"""The items of a scenario as records of Wares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping
from decimal import Decimal
from typing import Any

from tests.scenarios.capabilities import NotExpressible, require

Event = Mapping[str, Any]
TYPES = frozenset({"stock", "assembly", "kit", "matrix", "non_stock", "service", "charge"})


class Masters:
    """The item records of one scenario. `cost_methods` are the existing methods; `as_if` notes each equivalent that replaces
    an item of the scenario."""

    def __init__(self, scenario: Mapping[str, Any], cost_methods: Container[str], as_if: Callable[[str], None]) -> None:
        self.as_if = as_if
        self.scenario = scenario
        self.items = {item["item"]: item for item in scenario["items"]}
        self.cost_methods = cost_methods

    def records(self) -> list[dict[str, Any]]:
        """Return the records, components before their assemblies."""
        ordered: list[Mapping[str, Any]] = []

        def add(item: Mapping[str, Any]) -> None:
            parts = [part["item"] for key in ("components", "by_products") for part in item.get(key, ())]
            for name in [*parts, *([item["variant_of"]] if "variant_of" in item else [])]:
                add(self.items[name])
            if item not in ordered:
                ordered.append(item)

        for item in self.scenario["items"]:
            add(item)
        return [self._record(item) for item in ordered]

    def _record(self, item: Mapping[str, Any]) -> dict[str, Any]:
        sku, kind = item["item"], item["type"]
        if "adds" in item or any(part.get("fixed") for part in item.get("components", ())):
            raise NotExpressible("components that do not scale with the quantity ordered")
        if kind not in TYPES:
            raise NotExpressible(f"items of type {kind}")
        record: dict[str, Any] = {"record": "item", "type": kind, "sku": sku, "unit": item.get("uom", "ea")}
        record |= {key: item[key] for key in ("weight", "volume") if key in item}
        if "makes" in item and kind != "kit":
            record["makes"] = item["makes"]
        if kind in ("stock", "assembly"):
            record["cost_method"] = self.method_of(sku)
        record["cost"] = item.get("standard_cost", item.get("fallback_cost", self._free(sku)))
        if "components" in item:
            contents = self._contents(item) if kind == "kit" else [(part["item"], _base(part)) for part in item["components"]]
            record["components"] = [{"sku": sku, "quantity": _plain(quantity)} for sku, quantity in contents]
        if "by_products" in item:
            record["by_products"] = [
                {"sku": part["item"], "quantity": part["qty"], "share": part["cost_share_pct"]} for part in item["by_products"]
            ]
        if kind == "matrix":
            (variant,) = {each["type"] for each in self.scenario["items"] if each.get("variant_of") == sku}
            record["attributes"] = {"axes": item["attributes"], "variant_type": variant}
        if "variant_of" in item:
            axes = self.items[item["variant_of"]]["attributes"]
            values = {axis: next((value for value in those if sku.endswith(value)), "") for axis, those in axes.items()}
            if "" in values.values():
                raise NotExpressible(f"the variant {sku}, which does not say of what values")
            record = {**{key: record[key] for key in ("sku", "components")}, "record": "variant", "master": item["variant_of"],
                      "values": values}  # fmt: skip
        return record

    def _contents(self, kit: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
        """Return the contents of one kit. A kit inside a kit is replaced by its own contents."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for part in kit["components"]:
            each = _base(part) / Decimal(kit.get("makes", 1))
            inner = self.items[part["item"]]
            if inner["type"] == "kit":
                self.as_if("nested kits are flattened")
            parts = self._contents(inner) if inner["type"] == "kit" else [(part["item"], Decimal(1))]
            for sku, quantity in parts:
                found[sku] += each * quantity
        return list(found.items())

    def method_of(self, sku: str) -> str:
        """Return the cost method of an item; the cost scope lot is specific identification, which is average within the lot."""
        scoped = "specific" if self.scenario["settings"].get("cost_scope") == "lot" else self.scenario["settings"]["costing"]
        method = str(self.items[sku].get("costing", scoped))
        require(method in self.cost_methods, f"cost method {method}")
        return method

    def _free(self, sku: str) -> str | None:
        """Return a cost of 0 for goods that the other system issues without a price at no cost, else None."""
        first: Event = next((event for event in self.scenario["events"] if event.get("item") == sku), {})
        short = self.scenario["settings"]["negative_stock"] == "allowed" and first.get("verb") == "deliver"
        return "0" if short else None


def _base(part: Mapping[str, Any]) -> Decimal:
    """Return a component's quantity in its own unit."""
    return Decimal(part["qty"]) * Decimal(part.get("uom_factor", 1))


def _plain(quantity: Decimal) -> str:
    if quantity != round(quantity, 6):
        raise NotExpressible("a content whose quantity for one kit has more than 6 decimals")
    return f"{round(quantity, 6):f}"
