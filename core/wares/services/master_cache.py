"""The masters that are kept in memory between the units of one company's books."""

from __future__ import annotations

from wares.catalog.masters import MasterBook
from wares.ledger.accounts import AccountBook
from wares.plugin_manager.loader import Plugins
from wares.storage.unit import Reader


class MasterCache:
    """The masters of the last unit, for the next one."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins
        self._kept: MasterBook | None = None

    def of(self, reader: Reader) -> MasterBook:
        """Return masters that read through `reader`, with all that was read before and has not changed since."""
        kept = self._kept  # another thread may drop it meanwhile
        if kept is not None:
            accounts = kept.accounts
            assert isinstance(accounts, AccountBook)
            return kept.fresh(reader, accounts.fresh(reader))
        return MasterBook(reader, AccountBook.load(reader), self._plugins.registry.item_types)

    def keep(self, masters: MasterBook) -> None:
        """Keep the masters of a committed unit, unless the unit changed them."""
        self._kept = masters if not masters.changed else None

    def drop(self) -> None:
        """Forget the kept masters: a unit was undone, or its commit is the host's."""
        self._kept = None
