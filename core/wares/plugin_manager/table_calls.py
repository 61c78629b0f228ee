"""The hooks by which plugins read and write tables of their own, once for each batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import pluggy

from wares.errors import PluginError, Refused
from wares.plugin_manager.asking import asked
from wares.plugin_manager.blame import FAILURES, Blame, returned
from wares.plugin_manager.registry import Owner, Registry
from wares.values import Record

if TYPE_CHECKING:
    from sqlalchemy import Table

    from wares.contract.accepted import AcceptedDocument
    from wares.storage.unit import Reader

OwnRow = tuple["Table", tuple[object, ...]]
"""A row for a plugin's own table: the table and the values in the order of its columns."""


class TableCalls:
    """The hooks of a batch as methods."""

    def __init__(self, manager: pluggy.PluginManager, registry: Registry, blame: Blame) -> None:
        self._registry = registry
        self._blame = blame
        self._loaders = asked(manager, blame, "wares_load")
        self._learners = asked(manager, blame, "wares_accepted")
        self._row_makers = asked(manager, blame, "wares_rows")

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
            except Refused as refusal:
                raise _too_late("wares_accepted", one.owner, refusal) from refusal
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

    def rows(self, posted: tuple[AcceptedDocument, ...], reader: Reader) -> list[OwnRow]:
        """Return the rows that every plugin adds to its own tables, in the order given."""
        found: list[OwnRow] = []
        for one in self._row_makers:
            try:
                rows = one.listed({"posted": posted, "reader": reader})
            except Refused as refusal:
                raise _too_late("wares_rows", one.owner, refusal) from refusal
            except FAILURES as error:
                raise self._blame.raised(error, "wares_rows", one.owner) from error
            found.extend(self._own_row(row, one.owner) for row in rows)
        return found

    def _own_row(self, row: object, owner: Owner) -> OwnRow:
        if not isinstance(row, tuple) or len(row) != 2 or not hasattr(row[0], "columns") or not isinstance(row[1], tuple):
            raise returned(owner, "wares_rows", "pairs of (table, tuple of values)", row)
        table, values = cast("OwnRow", row)
        if len(values) != len(table.columns):
            wanted = f"rows as wide as the {len(table.columns)} columns of {table.name}"
            raise returned(owner, "wares_rows", wanted, values)
        if not self._registry.owns_table(owner, table.name):
            raise returned(owner, "wares_rows", "rows for its own tables only", table.name)
        return table, values


def _too_late(hook: str, owner: Owner, refusal: Refused) -> PluginError:
    """Return the error about a plugin that refuses a document which stands in its batch already."""
    return PluginError(
        "PLUGIN_RAISED",
        f"plugin {owner} refused a document in {hook}, where it is accepted already: {refusal}",
        hint="refuse it in wares_before_post",
        plugin=owner.name,
    )
