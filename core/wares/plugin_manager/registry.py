"""Every registered object by its key, with the plugin that owns it.

A key belongs to one owner. Of two plugins that claim it a bundled one wins; two third parties both lose it, because the books do
not tell which of them they mean. The program goes on, and the clash is reported with both distributions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from wares.errors import Issue, Refused

if TYPE_CHECKING:
    from pydantic import BaseModel
    from sqlalchemy import MetaData

    from wares.contract.channel import Channel
    from wares.contract.document_type import DocumentType
    from wares.contract.item_type import ItemType, Question
    from wares.contract.projection import Projection
    from wares.contract.record_type import RecordType
    from wares.contract.report import Report
    from wares.costing.method import CostMethod
    from wares.ledger.chart import Chart
    from wares.model import Item
    from wares.storage.migration_source import MigrationSource


class Owner(NamedTuple):
    """A plugin as messages name it."""

    name: str
    distribution: str
    version: str
    bundled: bool = False

    def __str__(self) -> str:
        return f"{self.name} ({' '.join(part for part in (self.distribution, self.version) if part)})"


class Registered(NamedTuple):
    """One object that a plugin registered: the kind of thing (`item_types`), its key, itself."""

    kind: str
    key: str
    thing: object


@dataclass(slots=True)
class Registry:
    """The objects that the loaded plugins registered. The loader fills it; then it is only read."""

    item_types: dict[str, ItemType] = field(default_factory=dict)
    document_types: dict[str, DocumentType] = field(default_factory=dict)
    cost_methods: dict[str, CostMethod] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    record_types: dict[str, RecordType] = field(default_factory=dict)
    charts: dict[str, Chart] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    projections: dict[str, Projection] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    settings: dict[str, type[BaseModel]] = field(default_factory=dict)
    """The settings model of each plugin that declared one, by plugin name; `models` and `migrations` likewise."""
    models: dict[str, MetaData] = field(default_factory=dict)
    migrations: dict[str, MigrationSource] = field(default_factory=dict)
    problems: list[Issue] = field(default_factory=list)
    """Issues about keys that several plugins claim."""
    missing_plugins: dict[str, str] = field(default_factory=dict)
    """Plugins that are installed but not loaded → the reason, for the message about a missing type."""
    _owners: dict[tuple[str, str], Owner] = field(default_factory=dict)
    _contested: dict[tuple[str, str], list[Owner]] = field(default_factory=dict)

    def add(self, owner: Owner, registered: list[Registered]) -> None:
        """Add the objects of one plugin, key by key."""
        for kind, key, thing in registered:
            self._claim(owner, kind, key, thing)

    def owner(self, kind: str, key: str) -> Owner | None:
        """Return the plugin that owns a key, as in `owner("item_types", "kit")`; None if no plugin owns it."""
        return self._owners.get((kind, key))

    def owned_by(self, plugin: str, kind: str) -> list[str]:
        """Return the keys of one kind that a plugin owns, in the order of registration."""
        return [key for (a_kind, key), owner in self._owners.items() if a_kind == kind and owner.name == plugin]

    def owns_table(self, owner: Owner, table: str) -> bool:
        """True if the plugin may write the table: it is named after the plugin, or has the prefix of its migrations."""
        source = self.migrations.get(owner.name)
        prefix = f"{owner.name}_"
        return table.startswith((prefix, source.prefix or prefix) if source is not None else prefix)

    def roles(self) -> frozenset[str]:
        """Return every role that the registered types may post to."""
        kinds: tuple[ItemType | DocumentType, ...] = (*self.item_types.values(), *self.document_types.values())
        return frozenset[str]().union(*(kind.roles() for kind in kinds))

    def things(self) -> Iterator[tuple[object, Owner]]:
        """Yield every registered object with its owner."""
        for (kind, key), owner in self._owners.items():
            yield self._of(kind)[key], owner

    def type_of(self, item: Item) -> ItemType:
        """Return the type of an item. Refused ITEM_TYPE_MISSING while the plugin that owns it is not loaded."""
        try:
            return self.item_types[item.type]
        except KeyError:
            self._refuse_type(item)

    def _of(self, kind: str) -> dict[str, object]:
        things: dict[str, object] = getattr(self, kind)
        return things

    def _claim(self, owner: Owner, kind: str, key: str, thing: object) -> None:
        place = (kind, key)
        if place in self._contested:
            self._contested[place].append(owner)
            self._report(kind, key, self._contested[place])
            return
        rival = self._rival(kind, key, thing)
        if rival is None:
            self._owners[place] = owner
            self._of(kind)[key] = thing
            return
        holder = self._owners[kind, rival]
        self._report(kind, key, [holder, owner], rival)
        if not holder.bundled:
            del self._owners[kind, rival], self._of(kind)[rival]
            self._contested[kind, rival] = [holder, owner]
            self._contested[place] = [holder, owner]

    def _rival(self, kind: str, key: str, thing: object) -> str | None:
        """Return the key of a registered object with the same key, the same prefix of document numbers or the same tables."""
        if key in self._of(kind):
            return key
        if kind == "document_types":
            prefix = getattr(thing, "prefix", None)
            return next((other.key for other in self.document_types.values() if other.prefix == prefix), None)
        if kind == "migrations":
            from wares.storage.migration_source import MigrationSource

            assert isinstance(thing, MigrationSource)
            return next((name for name, other in self.migrations.items() if _share_tables(thing, other)), None)
        return None

    def _report(self, kind: str, key: str, owners: list[Owner], rival: str | None = None) -> None:
        what = f"{_SINGULAR[kind]} {key!r}"
        if rival is not None and rival != key:
            of = "the tables" if kind == "migrations" else "the prefix"
            are = "which are those" if kind == "migrations" else "which is that"
            what = f"{of} of {what}, {are} of {rival!r},"
        claimants = " and ".join(str(owner) for owner in owners)
        first = owners[0]
        outcome = f"{first.name} is bundled and keeps it" if first.bundled else "it is disabled for all of them"
        self.problems.append(
            Issue(
                "KEY_TAKEN",
                f"{what} is registered by {claimants}; {outcome}",
                hint="uninstall or disable one of them (wares plugins disable NAME)",
                plugin=owners[-1].name,
                where=f"{kind}.{key}",
            )
        )

    def _refuse_type(self, item: Item) -> NoReturn:
        claimants = self._contested.get(("item_types", item.type))
        if claimants:
            owners = " and ".join(map(str, claimants))
            why = f"its type {item.type!r} is claimed by {owners} and disabled for all of them"
            hint = "disable one of them: wares plugins disable NAME"
        elif item.type in self.missing_plugins:
            why = f"its type {item.type!r} belongs to a plugin that is not loaded: {self.missing_plugins[item.type]}"
            hint = f"see wares plugins info {item.type}"
        else:
            why = f"no loaded plugin has the item type {item.type!r}"
            hint = "install the plugin that has it; wares plugins list shows what is there"
            if self.missing_plugins:
                hint = f"not loaded: {'; '.join(self.missing_plugins.values())}"
        raise Refused.because("ITEM_TYPE_MISSING", f"{item.sku} cannot be used: {why}", hint=hint, where=item.sku)


def _share_tables(one: MigrationSource, other: MigrationSource) -> bool:
    """True if two chains of migrations have the same name, or prefixes that could name the same table."""
    if one.owner == other.owner:
        return True
    return bool(one.prefix and other.prefix) and (one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix))


_SINGULAR: Mapping[str, str] = {
    "item_types": "item type",
    "document_types": "document type",
    "cost_methods": "cost method",
    "channels": "sales channel",
    "record_types": "record type",
    "charts": "chart of accounts",
    "reports": "report",
    "projections": "projection",
    "questions": "question",
    "settings": "settings section",
    "models": "set of tables",
    "migrations": "chain of migrations",
}
