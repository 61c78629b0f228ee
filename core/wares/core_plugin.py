"""The core's own plugin: it answers the behaviour hooks with the type of the item, and registers the built-in document types, cost
methods and charts of accounts.

Its implementations run last, so that every other plugin can wrap them. The rooms of the registered objects are imported when the
hooks are called.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from wares.contract.hookspecs import hookimpl
from wares.contract.item_type import NO_EXPANSION, ItemType, plain_price
from wares.errors import Issue, PluginError
from wares.model import (
    Account,
    AccountQuery,
    Context,
    CostContext,
    CostPlan,
    Expansion,
    Item,
    Line,
    Masters,
    PriceContext,
    Pricing,
)

if TYPE_CHECKING:
    from wares.contract.document_type import DocumentType
    from wares.costing.method import CostMethod
    from wares.ledger.chart import Chart
    from wares.plugin_manager.registry import Registry

NO_COST = CostPlan()


class CorePlugin:
    """The plugin `core`. It reads the registry that the loader fills."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._types = registry.item_types

    @hookimpl
    def wares_document_types(self) -> Iterable[DocumentType]:
        """Register sales, purchases, stock documents, money and journal."""
        from wares.documents.types import DOCUMENT_TYPES

        return DOCUMENT_TYPES

    @hookimpl
    def wares_cost_methods(self) -> Iterable[CostMethod]:
        """Register the cost methods of the text books."""
        from wares.costing.methods import COST_METHODS

        return COST_METHODS

    @hookimpl
    def wares_charts_of_accounts(self) -> Iterable[Chart]:
        """Register the charts that `wares init` offers."""
        from wares.ledger.chart import CHARTS

        return CHARTS

    @hookimpl(trylast=True)
    def wares_validate_item(self, item: Item, masters: Masters) -> Iterable[object]:
        """Yield the Issues of the item's type, in the name of the plugin that owns the type."""
        owner = self._registry.owner("item_types", item.type)
        name = owner.name if owner is not None else None
        for issue in self._iterated(item, self._type_of(item).validate(item, masters)):
            yield replace(issue, plugin=name) if isinstance(issue, Issue) and issue.plugin is None else issue

    @hookimpl(trylast=True)
    def wares_expand_line(self, line: Line, ctx: Context) -> Expansion:
        """Expand as the item's type does; a line without an item stays as it is."""
        item = line.item
        return NO_EXPANSION if item is None else self._type_of(item).expand(line, ctx)

    @hookimpl(trylast=True)
    def wares_price_line(self, line: Line, ctx: PriceContext) -> Pricing:
        """Price as the item's type does; a line without an item by its own price or amount."""
        item = line.item
        return plain_price(line, ctx) if item is None else self._type_of(item).price(line, ctx)

    @hookimpl(trylast=True)
    def wares_cost_line(self, line: Line, ctx: CostContext) -> CostPlan:
        """Cost as the item's type does; a line without an item moves nothing."""
        item = line.item
        return NO_COST if item is None else self._type_of(item).cost(line, ctx)

    @hookimpl(trylast=True)
    def wares_map_account(self, query: AccountQuery, ctx: Context) -> Account:
        """Return the account that the item's type insists on, else the account of the mapping rules."""
        item = query.item
        if item is not None:
            kind = self._types.get(item.type) or self._registry.type_of(item)
            code = kind.account(query, ctx)
            if code is not None:
                return ctx.masters.account(self._text(item, code))
        return ctx.masters.resolve_account(query)

    def _type_of(self, item: Item) -> ItemType:
        kind = self._types.get(item.type)
        return kind if kind is not None else self._registry.type_of(item)

    def _iterated(self, item: Item, issues: object) -> Iterable[object]:
        found = issues or ()
        if not isinstance(found, Iterable):
            raise self._breach(item, "validate", "Issues", found)
        return found

    def _text(self, item: Item, code: object) -> str:
        if not isinstance(code, str):
            raise self._breach(item, "account", "the code of an account, or None", code)
        return code

    def _breach(self, item: Item, method: str, wanted: str, value: object) -> PluginError:
        """Return the error about an answer of an item's type that the core cannot use."""
        owner = self._registry.owner("item_types", item.type)
        who = f"plugin {owner}" if owner is not None else f"the item type {item.type}"
        message = f"{who} returned a {type(value).__name__} from {method} of {item.type}; it must return {wanted}"
        return PluginError("PLUGIN_RETURNED", message, plugin=owner.name if owner is not None else None)
