"""A small company in memory for tests, with a choice of plugins, and short functions to record and post in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TYPE_CHECKING

from wares.books import Books
from wares.plugin_manager.loader import DISTRIBUTION, GROUP, Plugins, load_plugins

if TYPE_CHECKING:
    from wares.model import Posted

SUPPLIER = "SUPPLIER"
CUSTOMER = "CUSTOMER"
PARTIES = {"supplier": SUPPLIER, "customer": CUSTOMER}
"""Kind of party that a document needs → code of the company's party of that kind."""


def plugins_with(*plugins: object) -> Plugins:
    """Load strictly the bundled plugins and these (modules or objects), and no other plugin that happens to be installed.

    None stands for the core. A module that is installed as a plugin is loaded through its entry point, under its own name.
    Raises PluginError.
    """
    given = [plugin for plugin in plugins if plugin is not None]
    return load_plugins(strict=True, disabled=_others(given), extra=given)


def plugins_without(name: str, *plugins: object) -> Plugins:
    """Load the bundled plugins and these without the plugin `name`, as if an administrator had disabled it."""
    installed = {entry.module for entry in entry_points(group=GROUP) if entry.name == name}
    extra = [plugin for plugin in plugins if _module(plugin) not in installed]
    return load_plugins(disabled=[*_others(plugins), name], extra=extra)


def _others(plugins: Iterable[object]) -> list[str]:
    """Return the names of installed third-party plugins that are not among these."""
    modules = {_module(plugin) for plugin in plugins}
    return [entry.name for entry in entry_points(group=GROUP) if not _is_bundled(entry) and entry.module not in modules]


def _module(plugin: object) -> str | None:
    return str(plugin.__name__) if isinstance(plugin, ModuleType) else None


def _is_bundled(entry: EntryPoint) -> bool:
    return entry.dist is not None and entry.dist.name.lower() == DISTRIBUTION


def company(plugins: Plugins | None = None, records: Iterable[Mapping[str, object]] = ()) -> Books:
    """Open books in memory with a supplier, a customer and the given records; the caller closes them."""
    books = Books.open("sqlite://", plugins=plugins)
    for kind, code in PARTIES.items():
        books.parties.add(code, kinds=[kind])
    record(books, records)
    return books


def record(books: Books, records: Iterable[Mapping[str, object]]) -> None:
    """Record these as `wares load` does, all or nothing; a record without the key `record` is an item. Raises Refused."""
    given = [{"record": "item", **each} for each in records]
    if given:
        books.load(given, atomic=True)


def post(books: Books, type: str, /, *, preview: bool = False, **keys: object) -> Posted:
    """Post (or preview) a document; if it needs a party and names none, it takes the supplier or the customer."""
    kind = books.plugins.registry.document_types.get(type)
    if kind is not None and kind.party_kind is not None and "party" in kind.header_keys:
        keys.setdefault("party", PARTIES.get(kind.party_kind, CUSTOMER))
    return books.preview(type, **keys) if preview else books.post(type, **keys)
