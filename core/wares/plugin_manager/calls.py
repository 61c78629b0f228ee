"""A typed call for every hook: the rest of Wares talks to plugins through `Calls`.

A plugin that breaks its contract is named (`blame.py`: PluginError PLUGIN_RAISED, PLUGIN_RETURNED). Refusals (any WaresError) pass
as they are. Observers of events are isolated: their exceptions are logged.

A document of four lines makes about thirty of these calls, so the good path is one call and a type check. The only implementation
of a behaviour hook is called directly, in a tenth of the 2 µs of a pluggy call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn, cast

import pluggy

from wares.contract.item_type import ItemType
from wares.errors import Issue, Refused
from wares.ledger.roles import TYPES_OF_ROLE, allows
from wares.model import (
    Account,
    AccountQuery,
    Context,
    CostContext,
    CostPlan,
    Document,
    DocumentKind,
    Expansion,
    Item,
    Line,
    Masters,
    Plan,
    PriceContext,
    Pricing,
    absorb,
)
from wares.plugin_manager.answers import is_account, is_cost_plan, is_expansion, is_pricing, require_plan
from wares.plugin_manager.asking import Arguments, Asked, asked
from wares.plugin_manager.blame import CORE, FAILURES, Blame, returned
from wares.plugin_manager.event_calls import EventCalls
from wares.plugin_manager.registry import Registry
from wares.plugin_manager.table_calls import TableCalls

if TYPE_CHECKING:
    pass

_COST_PLAN = "a CostPlan of whole numbers; only goods that come in at a stated value absorb costs"


class Calls:
    """The hooks of behaviour, documents and the catalogue as methods. It is the `Behaviours` of `wares.contract.document_type`."""

    def __init__(self, manager: pluggy.PluginManager, registry: Registry, blame: Blame) -> None:
        self._registry = registry
        self._blame = blame
        hook = manager.hook
        self._expand: Callable[..., Expansion] = _answer(hook.wares_expand_line)
        self._price: Callable[..., Pricing] = _answer(hook.wares_price_line)
        self._cost: Callable[..., CostPlan] = _answer(hook.wares_cost_line)
        self._map: Callable[..., Account] = _answer(hook.wares_map_account)
        self._validate = hook.wares_validate_item
        owners = {key: registry.owner("document_types", key) for key in registry.document_types}
        self._trusted_documents = frozenset(key for key, owner in owners.items() if owner is not None and owner.bundled)
        """Document types that come with Wares. Its own tests check their plans, so posting does not."""
        self._validators = asked(manager, blame, "wares_validate_item")
        self._validation_is_wrapped = any(impl.wrapper for impl in self._validate.get_hookimpls())
        self._before_post = asked(manager, blame, "wares_before_post")
        self.tables = TableCalls(manager, registry, blame)
        """The hooks that read and write the plugins' own tables."""
        self.events = EventCalls(manager, blame)
        """The hooks that tell of events."""

    # --- behaviour: once per line ---

    def expand_line(self, line: Line, ctx: Context) -> Expansion:
        """Return the expansion of the line; it is empty for most lines."""
        try:
            expansion = self._expand(line=line, ctx=ctx)
        except FAILURES as error:
            self._blame.reraise(error, "wares_expand_line", line=line, ctx=ctx)
        has_lines = type(expansion) is not Expansion or expansion.contents or expansion.rows
        if has_lines and not is_expansion(expansion):
            wanted = "an Expansion of NewLines"
            self._blame.refuse(expansion, is_expansion, wanted, hook="wares_expand_line", item=line.item, line=line, ctx=ctx)
        return expansion

    def price_line(self, line: Line, ctx: PriceContext) -> Pricing:
        """Return the amount of the line, and the role that it is posted to."""
        try:
            pricing = self._price(line=line, ctx=ctx)
        except FAILURES as error:
            self._blame.reraise(error, "wares_price_line", line=line, ctx=ctx)
        if type(pricing) is not Pricing or type(pricing.amount) is not int:
            wanted = "a Pricing in whole minor units"
            self._blame.refuse(pricing, is_pricing, wanted, hook="wares_price_line", item=line.item, line=line, ctx=ctx)
        return pricing

    def cost_line(self, line: Line, ctx: Context, value: int | None) -> CostPlan:
        """Return the moves of the line, with the costs that it absorbs in their stated values. `value` is the value of goods that
        come in, minor units; None = unknown."""
        costing = CostContext(ctx, value)
        try:
            plan = self._cost(line=line, ctx=costing)
        except FAILURES as error:
            self._blame.reraise(error, "wares_cost_line", line=line, ctx=costing)
        if not is_cost_plan(plan):
            self._blame.refuse(plan, is_cost_plan, _COST_PLAN, hook="wares_cost_line", item=line.item, line=line, ctx=costing)
        if plan.absorbed:
            of_line = [cost if cost.line else cost._replace(line=line.number) for cost in plan.absorbed]
            return CostPlan(absorb(plan.moves, of_line))
        return plan

    def account_for(self, query: AccountQuery, ctx: Context) -> Account:
        """Return the account that holds a role for a line. Refused NO_ACCOUNT, ROLE_OF_WRONG_TYPE."""
        try:
            account = self._map(query=query, ctx=ctx)
        except FAILURES as error:
            self._blame.reraise(error, "wares_map_account", query=query, ctx=ctx)
        if type(account) is not Account:
            wanted = "an Account"
            self._blame.refuse(account, is_account, wanted, hook="wares_map_account", item=query.item, query=query, ctx=ctx)
        if query.role in TYPES_OF_ROLE and not allows(query.role, account.type):
            self._refuse_type(account, query, ctx)
        return account

    def _refuse_type(self, account: Account, query: AccountQuery, ctx: Context) -> NoReturn:
        """Refuse an account whose type cannot hold the role: a breach of the plugin that chose it, else a rule of the books."""
        types = " or ".join(TYPES_OF_ROLE[query.role])
        owner = self._blame.by_asking_again(
            "wares_map_account",
            {"query": query, "ctx": ctx},
            lambda given: isinstance(given, Account) and allows(query.role, given.type),
        )
        item = query.item
        if owner is not None and owner.name == CORE:
            insists = item is not None and self._registry.type_of(item).account(query, ctx) is not None
            owner = self._blame.speaker(owner, item) if insists else None
        if owner is not None:
            raise returned(owner, "wares_map_account", f"an account of type {types} for the role {query.role}", account)
        raise Refused.because(
            "ROLE_OF_WRONG_TYPE",
            f"account {account.code} is of type {account.type}, but {query.role} is held by accounts of type {types}",
            path="account",
            hint=f"map it to another: wares gl map {query.role} ACCOUNT",
        )

    def type_of(self, item: Item) -> ItemType:
        """Return the type of an item. Refused ITEM_TYPE_MISSING while its plugin is not loaded."""
        return self._registry.type_of(item)

    # --- a document ---

    def before_post(self, document: Document, ctx: Context) -> list[Issue]:
        """Return the vetoes of every plugin against a priced document."""
        if not self._before_post:
            return []
        return self._issues("wares_before_post", self._before_post, {"document": document, "ctx": ctx})

    def plan(self, kind: DocumentKind, document: Document, ctx: Context) -> Plan:
        """Return the plan of a document. The plan of a third party's type is checked, which takes a few µs."""
        plan = kind.plan(document, ctx, self)
        if kind.key not in self._trusted_documents:
            require_plan(kind, plan)
        return plan

    # --- the catalogue: every plugin is asked, every Issue is kept ---

    def validate_item(self, item: Item, masters: Masters) -> list[Issue]:
        """Return every problem of an item that its type or a plugin reports."""
        arguments = {"item": item, "masters": masters}
        if not self._validation_is_wrapped:
            return self._issues("wares_validate_item", self._validators, arguments, item)
        try:
            results = self._validate(**arguments)
            issues: list[object] = [issue for result in results for issue in result]
        except FAILURES as error:
            raise self._blame.raised(error, "wares_validate_item", self._blame.of(error)) from error
        for issue in issues:
            if not isinstance(issue, Issue):
                raise returned(None, "wares_validate_item", "Issues", issue)
        return cast("list[Issue]", issues)

    def _issues(self, hook: str, asked: Iterable[Asked], arguments: Arguments, item: Item | None = None) -> list[Issue]:
        found: list[Issue] = []
        for one in asked:
            try:
                issues = one.listed(arguments)
            except FAILURES as error:
                raise self._blame.raised(error, hook, self._blame.of(error) or one.owner) from error
            for issue in issues:
                if not isinstance(issue, Issue):
                    raise returned(self._blame.speaker(one.owner, item), hook, "Issues", issue)
                signed = issue.plugin is not None or one.owner.name == CORE
                found.append(issue if signed else replace(issue, plugin=one.owner.name))
        return found


def _answer(hook: pluggy.HookCaller) -> Callable[..., Any]:
    """Return the callable that answers a behaviour hook, by keyword: its only implementation, else pluggy."""
    impls = hook.get_hookimpls()
    alone = len(impls) == 1 and hook.spec is not None and tuple(impls[0].argnames) == tuple(hook.spec.argnames)
    return impls[0].function if alone and not impls[0].wrapper else hook
