"""A typed call for every hook: the rest of Wares talks to plugins through `Calls`.

A plugin that breaks its contract is named (`blame.py`: PluginError PLUGIN_RAISED, PLUGIN_RETURNED). Refusals (any WaresError) pass
as they are. Observers of events are isolated: their exceptions are logged.

A document of four lines makes about thirty of these calls, so the good path is one call and a type check. The only implementation
of a behaviour hook is called directly, in a tenth of the 2 µs of a pluggy call.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

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
from wares.plugin_manager.blame import CORE, FAILURES, Blame, returned
from wares.plugin_manager.registry import Owner, Registry
from wares.values import Record

if TYPE_CHECKING:
    from sqlalchemy import Table

    from wares.contract.accepted import AcceptedDocument
    from wares.model import Posted
    from wares.storage.unit import Reader

logger = logging.getLogger(__name__)

TableRow = tuple["Table", tuple[object, ...]]
"""A row for a plugin's own table: the table and the values in the order of its columns."""
Arguments = Mapping[str, object]
"""The arguments of a hook by name."""
_COST_PLAN = "a CostPlan of whole numbers; only goods that come in at a stated value absorb costs"


class _Asked(NamedTuple):
    """One plugin's implementation of a hook that each plugin is asked by itself."""

    owner: Owner
    function: Callable[..., object]
    argnames: tuple[str, ...]

    def __call__(self, arguments: Arguments) -> object:
        return self.function(*[arguments[name] for name in self.argnames])

    def listed(self, arguments: Arguments) -> list[object]:
        """Return the answer as a list; None counts as empty. A TypeError of the plugin if it is no iterable."""
        answer = self(arguments) or ()
        return list(cast("Iterable[object]", answer))


class Calls:
    """Every hook as a method. It is the `Behaviours` of `wares.contract.document_type`."""

    def __init__(self, manager: pluggy.PluginManager, registry: Registry, blame: Blame) -> None:
        self._manager = manager
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
        """Return the account that holds a role for a line. Refused NO_ACCOUNT."""
        try:
            account = self._map(query=query, ctx=ctx)
        except FAILURES as error:
            self._blame.reraise(error, "wares_map_account", query=query, ctx=ctx)
        if type(account) is not Account:
            wanted = "an Account"
            self._blame.refuse(account, is_account, wanted, hook="wares_map_account", item=query.item, query=query, ctx=ctx)
        return account

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

    def _issues(self, hook: str, asked: Iterable[_Asked], arguments: Arguments, item: Item | None = None) -> list[Issue]:
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

    # --- a batch: the hooks that touch a plugin's own tables ---

    def load(self, records: tuple[Record, ...], reader: Reader) -> dict[str, Record]:
        """Return the facts that every plugin read for this batch, by plugin name: `ctx.facts`."""
        facts: dict[str, Record] = {}
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
        """True if any plugin's facts change within a batch."""
        return bool(self._learners)

    def accepted(self, document: AcceptedDocument, facts: Mapping[str, Record]) -> Mapping[str, Record]:
        """Return the facts of every plugin after a document was accepted."""
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
        """Return the rows that every plugin adds to its own tables, in the order given."""
        found: list[TableRow] = []
        for one in self._row_makers:
            try:
                rows = one.listed({"posted": posted, "reader": reader})
            except FAILURES as error:
                raise self._blame.raised(error, "wares_rows", one.owner) from error
            found.extend(self._own_row(row, one.owner) for row in rows)
        return found

    def _own_row(self, row: object, owner: Owner) -> TableRow:
        if not isinstance(row, tuple) or len(row) != 2 or not hasattr(row[0], "columns") or not isinstance(row[1], tuple):
            raise returned(owner, "wares_rows", "pairs of (table, tuple of values)", row)
        table, values = cast("TableRow", row)
        if len(values) != len(table.columns):
            wanted = f"rows as wide as the {len(table.columns)} columns of {table.name}"
            raise returned(owner, "wares_rows", wanted, values)
        if not self._registry.owns_table(owner, table.name):
            raise returned(owner, "wares_rows", "rows for its own tables only", table.name)
        return table, values

    # --- events: after commit, isolated ---

    @property
    def has_observers(self) -> bool:
        """True if any plugin observes events."""
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
        """Tell observers that a late fact changed the cost of recorded moves."""
        self._tell("wares_cost_corrected", {"correction": correction})

    def _tell(self, event: str, arguments: Arguments) -> None:
        for one in self._observers[event]:
            try:
                one(arguments)
            except FAILURES:
                logger.exception("plugin %s raised in %s; what was recorded stands", one.owner, event)

    def _asked(self, hook: str) -> tuple[_Asked, ...]:
        """Return each plugin's implementation: tryfirst, then in the order of loading, then trylast."""
        impls = [impl for impl in getattr(self._manager.hook, hook).get_hookimpls() if not impl.wrapper]
        impls.sort(key=lambda impl: bool(impl.trylast) - bool(impl.tryfirst))
        return tuple(_Asked(self._blame.owner_of(impl.plugin), impl.function, impl.argnames) for impl in impls)


def _answer(hook: pluggy.HookCaller) -> Callable[..., Any]:
    """Return the callable that answers a behaviour hook, by keyword: its only implementation, else pluggy."""
    impls = hook.get_hookimpls()
    alone = len(impls) == 1 and hook.spec is not None and tuple(impls[0].argnames) == tuple(hook.spec.argnames)
    return impls[0].function if alone and not impls[0].wrapper else hook
