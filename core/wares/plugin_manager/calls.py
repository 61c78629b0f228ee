"""A typed call for every hook: the rest of Wares talks to plugins through `Calls` and never touches `Any`.

A plugin that breaks its contract is named (`blame.py`: PluginError PLUGIN_RAISED, PLUGIN_RETURNED); a refusal (any WaresError)
passes through as it is. Observers of events are isolated and logged.
About thirty of these calls are made for a document of four lines, so the good path is one call and a type check. A behaviour
hook that nobody wraps is answered by its one implementation directly: a pluggy call costs 2 µs where that costs a tenth.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pluggy

from wares.contract.item_type import ItemType
from wares.errors import Issue
from wares.model import (
    Account,
    AccountQuery,
    Context,
    CostContext,
    CostPlan,
    Document,
    Expansion,
    Item,
    Line,
    Masters,
    PriceContext,
    Pricing,
    absorb,
)
from wares.plugin_manager.answers import is_account, is_cost_plan, is_expansion, is_pricing
from wares.plugin_manager.blame import CORE, FAILURES, Blame, returned
from wares.plugin_manager.culprit import Culprits
from wares.plugin_manager.registry import Owner, Registry

if TYPE_CHECKING:
    from sqlalchemy import Table

    from wares.contract.accepted import AcceptedDocument
    from wares.model import Posted
    from wares.storage.unit import Reader

logger = logging.getLogger(__name__)

_COST_PLAN = "a CostPlan of whole numbers; only goods that come in at a stated value absorb costs"
TableRow = tuple["Table", tuple[Any, ...]]
"""A row for a plugin's own table: the table and the values in the order of its columns."""


class _Asked(NamedTuple):
    """One plugin's implementation of a hook that every plugin is asked by itself."""

    owner: Owner
    function: Callable[..., Any]
    argnames: tuple[str, ...]

    def __call__(self, arguments: Mapping[str, Any]) -> Any:
        return self.function(*[arguments[name] for name in self.argnames])


class Calls:
    """Every hook as a method. Satisfies `wares.contract.document_type.Behaviours`."""

    def __init__(self, manager: pluggy.PluginManager, registry: Registry, culprits: Culprits, blame: Blame) -> None:
        self._manager = manager
        self._registry = registry
        self._culprits = culprits
        self._blame = blame
        hook = manager.hook
        self._expand = _answer(hook.wares_expand_line)
        self._price = _answer(hook.wares_price_line)
        self._cost = _answer(hook.wares_cost_line)
        self._map = _answer(hook.wares_map_account)
        self._validate = hook.wares_validate_item
        owners = {key: registry.owner("document_types", key) for key in registry.document_types}
        self.tried_documents = frozenset(key for key, owner in owners.items() if owner is not None and owner.bundled)
        """Types of document that come with Wares, whose answers its own tests try: posting need not look at them each time."""
        self._validators = self._asked("wares_validate_item")
        self._validation_is_wrapped = any(impl.wrapper for impl in self._validate.get_hookimpls())
        self._before_post = self._asked("wares_before_post")
        self._loaders = self._asked("wares_load")
        self._learners = self._asked("wares_accepted")
        self._row_makers = self._asked("wares_rows")
        events = ("wares_posted", "wares_voided", "wares_item_created", "wares_cost_corrected")
        self._observers = {event: self._asked(event) for event in events}

    # --- behaviour: once per line ---

    def expand_line(self, line: Line, ctx: Context) -> Expansion:
        """What the line expands into; empty for most."""
        try:
            expansion: Expansion = self._expand(line=line, ctx=ctx)
        except FAILURES as error:
            self._blame.reraise(error, "wares_expand_line", line=line, ctx=ctx)
        if not is_expansion(expansion):
            self._blame.refuse(expansion, is_expansion, "an Expansion of NewLines", "wares_expand_line", line=line, ctx=ctx)
        return expansion

    def price_line(self, line: Line, ctx: PriceContext) -> Pricing:
        """What the line costs the customer, or us."""
        try:
            pricing: Pricing = self._price(line=line, ctx=ctx)
        except FAILURES as error:
            self._blame.reraise(error, "wares_price_line", line=line, ctx=ctx)
        if not is_pricing(pricing):
            self._blame.refuse(pricing, is_pricing, "a Pricing in whole minor units", "wares_price_line", line=line, ctx=ctx)
        return pricing

    def cost_line(self, line: Line, ctx: Context, value: int | None) -> CostPlan:
        """Return the moves of the line, with the costs that it absorbs in their stated values. `value` is the value of goods that
        come in, minor units; None = unknown."""
        costing = CostContext(ctx, value)
        try:
            plan: CostPlan = self._cost(line=line, ctx=costing)
        except FAILURES as error:
            self._blame.reraise(error, "wares_cost_line", line=line, ctx=costing)
        if not is_cost_plan(plan):
            self._blame.refuse(plan, is_cost_plan, _COST_PLAN, "wares_cost_line", line=line, ctx=costing)
        if plan.absorbed:
            of_line = [cost if cost.line else cost._replace(line=line.number) for cost in plan.absorbed]
            return CostPlan(absorb(plan.moves, of_line))
        return plan

    def account_for(self, query: AccountQuery, ctx: Context) -> Account:
        """The account that holds a role for a line."""
        try:
            account: Account = self._map(query=query, ctx=ctx)
        except FAILURES as error:
            self._blame.reraise(error, "wares_map_account", query=query, ctx=ctx)
        if not is_account(account):
            self._blame.refuse(account, is_account, "an Account", "wares_map_account", query=query, ctx=ctx)
        return account

    def type_of(self, item: Item) -> ItemType:
        """The type of an item. Refused ITEM_TYPE_MISSING while its plugin is not loaded."""
        return self._registry.type_of(item)

    # --- the catalogue and vetoes: everyone is asked, every Issue is kept ---

    def validate_item(self, item: Item, masters: Masters) -> list[Issue]:
        """Every problem of an item that its type or any plugin reports."""
        arguments = {"item": item, "masters": masters}
        if not self._validation_is_wrapped:
            return self._issues("wares_validate_item", self._validators, arguments)
        try:
            results = self._validate(**arguments)
            issues = [issue for result in results for issue in result]
        except FAILURES as error:
            raise self._blame.raised(error, "wares_validate_item", self._culprits.of(error)) from error
        for issue in issues:
            if not isinstance(issue, Issue):
                raise returned(None, "wares_validate_item", "Issues", issue)
        return issues

    def before_post(self, document: Document, ctx: Context) -> list[Issue]:
        """The vetoes of every plugin against a priced document."""
        if not self._before_post:
            return []
        return self._issues("wares_before_post", self._before_post, {"document": document, "ctx": ctx})

    def _issues(self, hook: str, asked: Iterable[_Asked], arguments: Mapping[str, Any]) -> list[Issue]:
        found: list[Issue] = []
        for one in asked:
            try:
                issues = list(one(arguments) or ())
            except FAILURES as error:
                raise self._blame.raised(error, hook, self._culprits.of(error) or one.owner) from error
            for issue in issues:
                if not isinstance(issue, Issue):
                    raise returned(self._blame.speaker(one.owner, arguments), hook, "Issues", issue)
                signed = issue.plugin is not None or one.owner.name == CORE
                found.append(issue if signed else replace(issue, plugin=one.owner.name))
        return found

    # --- a batch: the hooks that touch a plugin's own tables ---

    def load(self, records: tuple[Mapping[str, Any], ...], reader: Reader) -> dict[str, Mapping[str, Any]]:
        """What every plugin read for this batch, by plugin name: `ctx.facts`."""
        facts: dict[str, Mapping[str, Any]] = {}
        for one in self._loaders:
            try:
                loaded = one({"records": records, "reader": reader})
            except FAILURES as error:
                raise self._blame.raised(error, "wares_load", one.owner) from error
            if loaded is None:
                continue
            if not isinstance(loaded, Mapping):
                raise returned(one.owner, "wares_load", "a mapping", loaded)
            facts[one.owner.name] = loaded
        return facts

    @property
    def has_learners(self) -> bool:
        """Whether any plugin's facts change within a batch."""
        return bool(self._learners)

    def accepted(self, document: AcceptedDocument, facts: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
        """The facts of every plugin as they are once a document was accepted."""
        known = dict(facts)
        for one in self._learners:
            try:
                learnt = one({"document": document, "facts": facts.get(one.owner.name, {})})
            except FAILURES as error:
                raise self._blame.raised(error, "wares_accepted", one.owner) from error
            if learnt is None:
                continue
            if not isinstance(learnt, Mapping):
                raise returned(one.owner, "wares_accepted", "a mapping", learnt)
            known[one.owner.name] = learnt
        return known

    @property
    def has_row_makers(self) -> bool:
        """True if any plugin adds rows to its own tables."""
        return bool(self._row_makers)

    def rows(self, posted: tuple[AcceptedDocument, ...], reader: Reader) -> list[TableRow]:
        """The rows that every plugin adds to its own tables, in the order in which they were given."""
        found: list[TableRow] = []
        for one in self._row_makers:
            try:
                rows = list(one({"posted": posted, "reader": reader}) or ())
            except FAILURES as error:
                raise self._blame.raised(error, "wares_rows", one.owner) from error
            found.extend(self._own_row(row, one.owner) for row in rows)
        return found

    def _own_row(self, row: object, owner: Owner) -> TableRow:
        if not isinstance(row, tuple) or len(row) != 2 or not hasattr(row[0], "columns") or not isinstance(row[1], tuple):
            raise returned(owner, "wares_rows", "pairs of (table, tuple of values)", row)
        table, values = row
        if len(values) != len(table.columns):
            what = f"rows as wide as the {len(table.columns)} columns of {table.name}"
            raise returned(owner, "wares_rows", what, values)
        if not self._registry.owns_table(owner, table.name):
            raise returned(owner, "wares_rows", "rows for its own tables only", table.name)
        return table, values

    # --- events: after commit, isolated ---

    @property
    def has_observers(self) -> bool:
        """Whether any plugin wants to be told of what was committed."""
        return any(self._observers.values())

    def posted(self, document: Posted) -> None:
        """Tell observers that a document was posted."""
        self._tell("wares_posted", {"document": document})

    def voided(self, document: Posted) -> None:
        """Tell observers that a document was voided."""
        self._tell("wares_voided", {"document": document})

    def item_created(self, item: Item) -> None:
        """Tell observers that an item was created."""
        self._tell("wares_item_created", {"item": item})

    def cost_corrected(self, correction: Posted) -> None:
        """Tell observers that a late fact changed the cost of something recorded."""
        self._tell("wares_cost_corrected", {"correction": correction})

    def _tell(self, event: str, arguments: Mapping[str, Any]) -> None:
        for one in self._observers[event]:
            try:
                one(arguments)
            except FAILURES:
                logger.exception("plugin %s raised in %s; what was recorded stands", one.owner, event)

    def _asked(self, hook: str) -> tuple[_Asked, ...]:
        """Each plugin's implementation: tryfirst, then the order of loading, then trylast."""
        impls = [impl for impl in getattr(self._manager.hook, hook).get_hookimpls() if not impl.wrapper]
        impls.sort(key=lambda impl: bool(impl.trylast) - bool(impl.tryfirst))
        return tuple(_Asked(self._culprits.owner_of(impl.plugin), impl.function, impl.argnames) for impl in impls)


def _answer(hook: pluggy.HookCaller) -> Callable[..., Any]:
    """What answers a behaviour hook, by keyword: its one implementation when there is no other, else pluggy."""
    impls = hook.get_hookimpls()
    alone = len(impls) == 1 and hook.spec is not None and tuple(impls[0].argnames) == tuple(hook.spec.argnames)
    return impls[0].function if alone and not impls[0].wrapper else hook
