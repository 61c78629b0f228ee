"""The rules of the item master that hold for every type; each function returns the Issues of one concern.

Each type checks its further demands in its own `validate`. An item cannot be retired while goods are on hand or open on
orders: new documents refuse a retired item, so these goods would be stuck. A retired part of a BOM stays there until
somebody changes the BOM. The first move fixes the unit: every recorded quantity is counted in it.
"""

from __future__ import annotations

from collections.abc import Iterable

from wares.catalog.facts import StoredFacts
from wares.catalog.masters import MasterBook
from wares.catalog.stock import NOTHING
from wares.catalog.suggest import did_you_mean
from wares.contract.item_type import ItemType
from wares.errors import Issue, WrongAnswer
from wares.model import Account, Component, Item
from wares.plugin_manager.registry import Registry
from wares.values import HUNDRED_PERCENT, unscaled

# --- contents --------------------------------------------------------------------------------------------------------


def content_issues(item: Item, current: Item | None, kind: ItemType, masters: MasterBook, registry: Registry) -> list[Issue]:
    """Return the Issues of the item's components and by-products."""
    issues = []
    if kind.needs_contents and not item.contents:
        message = f"a {kind.key} needs components and {item.sku} has none"
        hint = 'give components: [{"sku", "quantity"}]'
        issues.append(Issue("NEEDS_CONTENTS", message, path="components", hint=hint))
    if item.contents and not kind.content_types:
        message = f"a {kind.key} item has no components"
        issues.append(Issue("NO_COMPONENTS", message, path="components", hint=_types_with_contents(registry)))
    elif current is None or item.contents != current.contents:
        issues += _edge_issues(item, item.contents, "components", masters)
        issues += _type_issues(item, kind, masters)
    if current is None or item.by_products != current.by_products:
        issues += _by_product_issues(item, kind, masters, registry)
        issues += _edge_issues(item, item.by_products, "by_products", masters)
    return issues


def _edge_issues(item: Item, edges: Iterable[Component], key: str, masters: MasterBook) -> list[Issue]:
    issues = []
    for index, edge in enumerate(edges):
        path = f"{key}[{index}].sku"
        if edge.item_id != item.id and not masters.item_by_id(edge.item_id).active:
            hint = f"choose another, or bring it back: wares items edit {edge.sku} active=true"
            issues.append(Issue("ITEM_RETIRED", f"{edge.sku} is retired", path=path, hint=hint))
        cycle = _way(edge, item, masters)
        if cycle:
            message = f"{item.sku} would contain itself: {' → '.join([item.sku, *cycle])}"
            issues.append(Issue("COMPONENT_CYCLE", message, path=path, hint=f"take {edge.sku} out"))
    return issues


def _type_issues(item: Item, kind: ItemType, masters: MasterBook) -> list[Issue]:
    issues = []
    for index, edge in enumerate(item.contents):
        found = item.type if edge.item_id == item.id else masters.item_by_id(edge.item_id).type
        if found not in kind.content_types:
            message = f"{edge.sku} is of type {found}, which a {kind.key} may not contain"
            hint = f"a {kind.key} may contain {', '.join(sorted(kind.content_types))}"
            issues.append(Issue("CONTENT_TYPE", message, path=f"components[{index}].sku", hint=hint))
        if not kind.plans_components and (edge.setup_quantity or edge.loss or edge.multiple):
            message = f"setup_quantity, loss and multiple are for what is built, and a {kind.key} is not"
            issues.append(Issue("NOT_BUILT", message, path=f"components[{index}]", hint="leave them out"))
    return issues


def _way(edge: Component, to: Item, masters: MasterBook) -> list[str]:
    """Return the SKUs from an edge's item down to the item `to`, both included; empty if `to` is not below."""
    if edge.item_id == to.id:
        return [to.sku]
    came_from: dict[int, Item | None] = {edge.item_id: None}
    below = [masters.item_by_id(edge.item_id)]
    while below:
        parent = below.pop()
        for child in (*parent.contents, *parent.by_products, *parent.variants):
            if child.item_id == to.id:
                way = [to.sku]
                step: Item | None = parent
                while step is not None:
                    way.append(step.sku)
                    step = came_from[step.id]
                return way[::-1]
            if child.item_id not in came_from:
                came_from[child.item_id] = parent
                below.append(masters.item_by_id(child.item_id))
    return []


def _by_product_issues(item: Item, kind: ItemType, masters: MasterBook, registry: Registry) -> list[Issue]:
    if not item.by_products:
        return []
    if not (kind.tracked and kind.content_types):
        message = f"a {kind.key} is not built and has no by-products"
        return [Issue("NO_BY_PRODUCTS", message, path="by_products", hint="leave by_products out")]
    issues = []
    for index, edge in enumerate(item.by_products):
        found = registry.item_types.get(item.type if edge.item_id == item.id else masters.item_by_id(edge.item_id).type)
        if found is not None and not found.tracked:
            message = f"{edge.sku} is a {found.key}, which keeps no stock"
            path, hint = f"by_products[{index}].sku", "name an item that is stocked"
            issues.append(Issue("BY_PRODUCT_NOT_TRACKED", message, path=path, hint=hint))
    if sum(edge.share or 0 for edge in item.by_products) > HUNDRED_PERCENT:
        message = f"the by-products of {item.sku} take more than 100 percent of a build's value"
        issues.append(Issue("BAD_SHARE", message, path="by_products", hint="lower the shares"))
    return issues


def _types_with_contents(registry: Registry) -> str:
    able = ", ".join(sorted(key for key, kind in registry.item_types.items() if kind.content_types))
    return f"types with components: {able}" if able else "leave components out"


# --- forbidden changes -----------------------------------------------------------------------------------------------


def change_issues(
    item: Item, current: Item, kind: ItemType, masters: MasterBook, registry: Registry, facts: StoredFacts
) -> list[Issue]:
    """Return the Issues that forbid this change of a stored item."""
    issues = []
    recipe = ("contents", "by_products", "makes")
    if any(getattr(item, name) != getattr(current, name) for name in recipe):
        locked: object = kind.may_change_components(current, masters)
        if locked is not None:
            if not isinstance(locked, Issue):
                raise WrongAnswer(kind, "may_change_components", "an Issue, or None", locked)
            issues.append(locked)
    if current.active and not item.active:
        issues += retiring_issues(current, facts)
    if item.unit != current.unit and current.id in facts.moved:
        message = f"{item.sku} has moved, and every recorded quantity of it is in {current.unit}"
        hint = "use unit and unit_factor on document lines, or retire the item and make a new one"
        issues.append(Issue("UNIT_FIXED", message, path="unit", hint=hint))
    if item.cost_method != current.cost_method and current.id in facts.moved:
        message = f"{item.sku} has moved under {current.cost_method or 'its cost method'}"
        hint = f'post a method_change document: {{"item":"{item.sku}","cost_method":"{item.cost_method}"}}'
        issues.append(Issue("COST_METHOD_FIXED", message, path="cost_method", hint=hint))
    method = registry.cost_methods.get(current.cost_method or "")
    if item.cost != current.cost and method is not None and method.fixed_rate and current.id in facts.moved:
        message = f"the cost of {item.sku} is its first {method.key} rate, and it has moved at it"
        hint = f'post a revaluation: {{"item":"{item.sku}","unit_cost":...}}'
        issues.append(Issue("COST_FIXED", message, path="cost", hint=hint))
    return issues


def retiring_issues(item: Item, facts: StoredFacts) -> list[Issue]:
    """Return the Issues that forbid retiring an item now."""
    on_hand, reserved, on_order = facts.quantities.get(item.id, NOTHING)
    issues = []
    if on_hand:
        message = f"{unscaled(on_hand)} {item.unit} of {item.sku} are on hand"
        hint = "sell or adjust them first: new documents refuse a retired item"
        issues.append(Issue("HAS_STOCK", message, path="active", hint=hint, where=item.sku))
    if reserved or on_order:
        message = f"{item.sku} is open on orders ({unscaled(reserved)} reserved, {unscaled(on_order)} on order)"
        hint = "deliver, receive or close them first"
        issues.append(Issue("HAS_OPEN_ORDERS", message, path="active", hint=hint, where=item.sku))
    return issues


def method_issues(item: Item, current: Item | None, registry: Registry) -> list[Issue]:
    """Return an Issue if the cost method is not registered."""
    method = item.cost_method
    if method is None or method in registry.cost_methods or (current is not None and current.cost_method == method):
        return []
    known = sorted(registry.cost_methods)
    hint = did_you_mean(method, known) or f"the methods are {', '.join(known)}"
    return [Issue("UNKNOWN_COST_METHOD", f"there is no cost method {method!r}", path="cost_method", hint=hint)]


def role_not_allowed(role: str, account: Account, path: str) -> Issue:
    """Return the Issue of an account that may not hold the role."""
    message = f"account {account.code} {account.name} may not hold the role {role}"
    hint = f"choose an account with the role {role}, or add it to the roles of account {account.code}"
    return Issue("ROLE_NOT_ALLOWED", message, path=path, hint=hint)


# --- variants --------------------------------------------------------------------------------------------------------


def variant_issues(master: Item, edge: Component, others: Iterable[Component], variant: Item, registry: Registry) -> list[Issue]:
    """Return the Issues of `variant` as a variant of `master`."""
    kind = registry.item_types.get(master.type)
    if kind is None or type(kind).missing_variants is ItemType.missing_variants:
        message = f"{master.sku} is a {master.type} and has no variants"
        return [Issue("NOT_A_MASTER", message, path="variant_of.master", hint="name a master with axes")]
    if kind.content_types and variant.type not in kind.content_types:
        message = f"{variant.sku} is of type {variant.type}, which may not be a variant of a {kind.key}"
        hint = f"variants of a {kind.key} are {', '.join(sorted(kind.content_types))}"
        return [Issue("CONTENT_TYPE", message, path="type", hint=hint)]
    if not master.active:
        hint = f"bring it back: wares items edit {master.sku} active=true"
        return [Issue("ITEM_RETIRED", f"{master.sku} is retired", path="variant_of.master", hint=hint)]
    twin = next((other for other in others if other.values == edge.values), None)
    if twin is not None:
        combination = ", ".join(f"{axis} {value}" for axis, value in (edge.values or {}).items())
        message = f"{master.sku} has the variant {combination} already: {twin.sku}"
        hint = f"edit {twin.sku}, or give other values"
        return [Issue("VARIANT_EXISTS", message, path="variant_of.values", hint=hint)]
    return []


def variant_moved(sku: str, master: str) -> Issue:
    """Return the Issue of a variant given to another master: a variant never changes its master."""
    message = f"{sku} is a variant of {master}"
    return Issue("VARIANT_MOVED", message, path="variant_of.master", hint="record the new variant under another SKU")
