"""From an item record to the new item: the given values over the stored ones, with every problem collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from wares.catalog import rules
from wares.catalog.composing import CLEARABLE, KEPT, Composer
from wares.catalog.facts import StoredFacts
from wares.catalog.masters import MasterBook
from wares.catalog.records import ItemRecord
from wares.catalog.suggest import did_you_mean
from wares.contract.item_type import ItemType
from wares.errors import Issue, Refused
from wares.model import Component, Item, Masters
from wares.plugin_manager.registry import Registry
from wares.values import SCALE

_COMPARED = (*KEPT, *CLEARABLE, "raw_attributes", "contents", "by_products")
_SHOWN = {"raw_attributes": "attributes", "contents": "components"}


class Validator(Protocol):
    """The part of the plugins that the catalogue calls (`wares.plugin_manager.calls.Calls`)."""

    def validate_item(self, item: Item, masters: Masters) -> Iterable[Issue]:
        """Return every problem of the item that its type or any plugin reports."""
        ...


@dataclass(slots=True)
class Draft:
    """A new state of an item, and the changes to write."""

    item: Item
    """The item after the change."""
    before: Item | None
    """The stored item; None for a new one."""
    fields: tuple[str, ...] = ()
    """The keys that change, as records name them."""
    accounts: dict[str, int | None] = field(default_factory=dict)
    """Item-level mapping rules that change: role → account id, None = removed."""
    edge: Component | None = None
    """The edge from its master, if it is new or has other values."""
    master: Item | None = None
    """The master with that edge."""


class Drafter:
    """Drafts the records of one batch; the MasterBook learns each accepted draft, so that later records may name its item."""

    def __init__(
        self,
        masters: MasterBook,
        validator: Validator,
        registry: Registry,
        facts: StoredFacts,
        take_id: Callable[[], int],
    ) -> None:
        self.masters = masters
        self.validator = validator
        self.registry = registry
        self.facts = facts
        self._composer = Composer(masters, take_id)
        self.master_of: dict[int, int] = {}
        """Item id → master id of the variants placed in this batch."""

    def accept(self, draft: Draft) -> None:
        """Let later records of the batch see the draft."""
        self.masters.learn([draft.item] if draft.master is None else [draft.item, draft.master])
        if draft.master is not None:
            self.master_of[draft.item.id] = draft.master.id

    def draft(self, record: ItemRecord, earlier: Draft | None) -> Draft:
        """Return the draft of a record; `earlier` is the draft of an earlier record of the batch with the same SKU.

        Raises Refused with every Issue of the record.
        """
        current = self.masters.peek(record.sku)
        kind = self._type(record, current)
        issues: list[Issue] = []
        item = self._composer.compose(record, current, kind, issues)
        draft = Draft(item, earlier.before if earlier else current)
        draft.accounts = self._accounts(record, earlier, issues)
        self._place_variant(record, draft, issues)
        changed = _differences(current, item)
        if changed or draft.accounts or draft.edge is not None or current is None:
            issues += rules.content_issues(item, current, kind, self.masters, self.registry)
            if current is not None:
                issues += rules.change_issues(item, current, kind, self.masters, self.registry, self.facts)
            issues += rules.method_issues(item, current, self.registry)
            if not issues:
                issues += self._validated(draft)
        if issues:
            raise Refused([_placed(issue, record.sku) for issue in issues])
        if earlier is not None:
            draft.accounts = {**earlier.accounts, **draft.accounts}
            draft.edge, draft.master = (draft.edge or earlier.edge), (draft.master or earlier.master)
        since_stored = _differences(draft.before, item)
        draft.fields = tuple(_SHOWN.get(name, name) for name in since_stored)
        draft.fields += ("accounts",) * bool(draft.accounts) + ("variant_of",) * (draft.edge is not None)
        return draft

    def _type(self, record: ItemRecord, current: Item | None) -> ItemType:
        if current is not None:
            kind = self.registry.type_of(current)
            if record.type not in (None, current.type):
                message = f"{record.sku} is of type {current.type}, which never changes"
                hint = f"leave type out, or record {record.type} under another SKU"
                raise Refused.because("TYPE_IMMUTABLE", message, path="type", hint=hint, where=record.sku)
            return kind
        types = sorted(self.registry.item_types)
        if record.type is None:
            hint = f"{self.masters.similar_skus(record.sku)} give type: {', '.join(types)}".strip()
            message = f"{record.sku} is new and has no type"
            raise Refused.because("MISSING_KEY", message, path="type", hint=hint, where=record.sku)
        hint = did_you_mean(record.type, types) if record.type not in self.registry.item_types else ""
        if hint:
            message = f"there is no item type {record.type!r}"
            raise Refused.because("ITEM_TYPE_MISSING", message, path="type", hint=hint, where=record.sku)
        return self.registry.type_of(Item(type=record.type, sku=record.sku, name=record.sku))

    def _accounts(self, record: ItemRecord, earlier: Draft | None, issues: list[Issue]) -> dict[str, int | None]:
        if not record.accounts:
            return {}
        stored = {**self.facts.accounts.get(record.sku, {}), **(earlier.accounts if earlier else {})}
        changed: dict[str, int | None] = {}
        for role, code in record.accounts.items():
            path = f"accounts.{role}"
            if code is None:
                if stored.get(role) is not None:
                    changed[role] = None
                continue
            try:
                account = self.masters.account(code, path)
            except Refused as refused:
                issues += refused.issues
                continue
            if role not in account.roles:
                issues.append(rules.role_not_allowed(role, account, path))
            elif stored.get(role) != account.id:
                changed[role] = account.id
        return changed

    # --- variants ---

    def _place_variant(self, record: ItemRecord, draft: Draft, issues: list[Issue]) -> None:
        if record.variant_of is None:
            return
        master = self.masters.peek(record.variant_of.master)
        if master is None:
            sku = record.variant_of.master
            hint = self.masters.similar_skus(sku) or "record the master first"
            issues.append(Issue("UNKNOWN_ITEM", f"there is no item {sku!r}", path="variant_of.master", hint=hint))
            return
        edge = Component(draft.item.id, record.sku, SCALE, values=record.variant_of.values)
        if edge in master.variants:
            return
        others = [other for other in master.variants if other.item_id != draft.item.id]
        found = rules.variant_issues(master, edge, others, draft.item, self.registry)
        stored = self.master_of.get(draft.item.id) or self.facts.masters.get(draft.item.id)
        if stored not in (None, master.id):
            found.append(rules.variant_moved(record.sku, self.masters.item_by_id(stored).sku))
        issues += found
        if not found:
            draft.edge, draft.master = edge, replace(master, variants=(*others, edge))

    # --- asking the plugins ---

    def _validated(self, draft: Draft) -> list[Issue]:
        issues = list(self.validator.validate_item(draft.item, self.masters))
        if issues or draft.master is None:
            return issues
        with self.masters.trying([draft.item]):  # the rules of a master examine its variants
            return [
                replace(issue, path=issue.path or "variant_of")
                for issue in self.validator.validate_item(draft.master, self.masters)
            ]


def _differences(before: Item | None, item: Item) -> list[str]:
    if before is item:
        return []
    if before is None:
        before = Item(type=item.type, sku=item.sku, name="", unit="")
    return [name for name in _COMPARED if getattr(before, name) != getattr(item, name)]


def _placed(issue: Issue, sku: str) -> Issue:
    return issue if issue.where else replace(issue, where=sku)
