"""The catalogue: creating, changing and retiring items; parties, locations and settings beside them.

    catalogue = Catalogue(unit, masters, calls, registry)
    catalogue.put([{"sku": "BOLT", "type": "stock", "cost": "0.08"}])     # all, or Refused with every Issue
    catalogue.put_each(records)                                           # the good ones; a Refused for each other

A known SKU is updated: absent keys keep their values, attributes and accounts change key by key, components as a whole;
only differences are written. A record may name items of earlier records in the same call. The whole call costs a fixed
number of queries and one multi-row statement for each table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from wares.catalog import others
from wares.catalog.drafts import Draft, Drafter, Validator
from wares.catalog.facts import StoredFacts
from wares.catalog.masters import MasterBook
from wares.catalog.records import ItemRecord, read
from wares.catalog.write import write_drafts
from wares.errors import Refused
from wares.plugin_manager.registry import Registry
from wares.storage.unit import Unit

Action = Literal["created", "updated", "unchanged"]


class MasterChange(NamedTuple):
    """The result of one record."""

    sku: str
    """The SKU of the item (the code or key of a party, location or setting)."""
    action: Action
    """created, updated or unchanged."""
    fields: tuple[str, ...] = ()
    """The keys whose values differ from the stored ones."""


class Catalogue:
    """Writes masters in one transaction. `masters` is the transaction's own book and learns every change.

    With `dry_run` the catalogue plans and learns items, so that later records may name them, and writes nothing.
    """

    def __init__(self, unit: Unit, masters: MasterBook, calls: Validator, registry: Registry, *, dry_run: bool = False) -> None:
        self.unit = unit
        self.masters = masters
        self.calls = calls
        self.registry = registry
        self.dry_run = dry_run

    def put(
        self, records: Iterable[Mapping[str, object]], *, create_only: bool = False, update_only: bool = False
    ) -> list[MasterChange]:
        """Create or update all these items, or raise Refused with every Issue of all records and write nothing."""
        results, drafts = self._plan(list(records), create_only=create_only, update_only=update_only)
        refused = [(index, result) for index, result in enumerate(results) if isinstance(result, Refused)]
        if refused:
            self._unlearn(drafts.values())
            alone = len(results) == 1
            raise Refused(
                issue if alone else replace(issue, path=f"[{index}].{issue.path}".rstrip("."))
                for index, refusal in refused
                for issue in refusal.issues
            )
        self._write(drafts)
        return [result for result in results if isinstance(result, MasterChange)]

    def put_each(
        self, records: Iterable[Mapping[str, object]], *, create_only: bool = False, update_only: bool = False
    ) -> list[MasterChange | Refused]:
        """Create or update items record by record: write the valid ones, return a Refused in place of each other change."""
        results, drafts = self._plan(list(records), create_only=create_only, update_only=update_only)
        self._write(drafts)
        return results

    def retire(self, sku: str) -> MasterChange:
        """Take an item out of use: it stays readable and keeps its history; new documents refuse it.

        Refused HAS_STOCK, HAS_OPEN_ORDERS; `put` with `active: true` activates it again.
        """
        self.masters.item(sku)
        return self.put([{"sku": sku, "active": False}])[0]

    # --- parties, locations, settings ---

    def put_parties(self, records: Iterable[Mapping[str, object]]) -> list[MasterChange]:
        """Create or update parties, or raise Refused with every Issue and write nothing."""
        return [MasterChange(*change) for change in others.put_parties(self.unit, self.masters, records)]

    def put_locations(self, records: Iterable[Mapping[str, object]]) -> list[MasterChange]:
        """Create or update locations."""
        return [MasterChange(*change) for change in others.put_locations(self.unit, self.masters, records)]

    def put_settings(self, records: Iterable[Mapping[str, object]]) -> list[MasterChange]:
        """Set policies of the books. Refused UNKNOWN_SETTING, BAD_VALUE, NOT_YET."""
        return [MasterChange(*change) for change in others.put_settings(self.unit, self.masters, records)]

    # --- planning and writing ---

    def _plan(
        self, records: Sequence[Mapping[str, object]], *, create_only: bool, update_only: bool
    ) -> tuple[list[MasterChange | Refused], dict[str, Draft]]:
        given = [_read(record) for record in records]
        good = [record for record in given if isinstance(record, ItemRecord)]
        self.masters.need_skus(_named(good))
        stored = [item for record in good if (item := self.masters.peek(record.sku)) is not None]
        facts = StoredFacts(self.unit, [item.id for item in stored], [item.sku for item in stored])
        drafter = Drafter(self.masters, self.calls, self.registry, facts, self.unit.take_id)
        drafts: dict[str, Draft] = {}
        results: list[MasterChange | Refused] = []
        for record in given:
            if isinstance(record, Refused):
                results.append(record)
                continue
            try:
                self._require(record.sku, create_only=create_only, update_only=update_only)
                draft = drafter.draft(record, drafts.get(record.sku))
            except Refused as refusal:
                results.append(refusal)
                continue
            drafter.accept(draft)
            drafts[record.sku] = draft
            results.append(_change(draft))
        return results, drafts

    def _require(self, sku: str, *, create_only: bool, update_only: bool) -> None:
        known = self.masters.peek(sku) is not None
        if create_only and known:
            message = f"there is an item {sku} already"
            raise Refused.because("SKU_EXISTS", message, path="sku", hint=f"wares items edit {sku}", where=sku)
        if update_only and not known:
            hint = self.masters.similar_skus(sku)
            raise Refused.because("UNKNOWN_ITEM", f"there is no item {sku!r}", path="sku", hint=hint, where=sku)

    def _write(self, drafts: Mapping[str, Draft]) -> None:
        changed = [draft for draft in drafts.values() if draft.before is None or draft.fields]
        if changed and not self.dry_run:
            write_drafts(self.unit, changed)

    def _unlearn(self, drafts: Iterable[Draft]) -> None:
        drafts = list(drafts)
        self.masters.forget(draft.item for draft in drafts)
        self.masters.forget(draft.master for draft in drafts if draft.master is not None)


def _read(record: Mapping[str, object]) -> ItemRecord | Refused:
    try:
        return read(ItemRecord, record)
    except Refused as refusal:
        return refusal


def _named(records: Iterable[ItemRecord]) -> set[str]:
    """Return every SKU that the records name."""
    skus = set()
    for record in records:
        skus.add(record.sku)
        skus.update(component.sku for component in record.components or ())
        skus.update(by_product.sku for by_product in record.by_products or ())
        if record.variant_of is not None:
            skus.add(record.variant_of.master)
    return skus


def _change(draft: Draft) -> MasterChange:
    if draft.before is None:
        return MasterChange(draft.item.sku, "created", draft.fields)
    return MasterChange(draft.item.sku, "updated" if draft.fields else "unchanged", draft.fields)
