"""The data of a batch: documents posted together in one unit, with all that was read for them.

Each stage of the pipeline (`pipeline.py`) reads from the batch and adds to it; `prepare.py` fills it with a fixed number of
queries, whatever the number of documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from wares.catalog.masters import MasterBook
from wares.inventory.working_set import WorkingSet
from wares.ledger.accounts import AccountBook
from wares.model import Account, OriginDocument
from wares.plugin_manager.loader import Plugins
from wares.posting.identity import Identities
from wares.posting.result import NewDocument
from wares.storage.unit import Unit
from wares.values import Record


class OpenLine(NamedTuple):
    """A line of a party and item that waits for a later document."""

    line_id: int
    waits_for: str
    """The kind of link that it waits for: `invoice`, `bill`, `deliver`, `receive`, `credit`."""
    name: str
    """The line as a record names it: "D-1#2"."""
    quantity: int
    """Millionths of the item's unit."""


OpenLines = Mapping[tuple[int, int], Mapping[int, OpenLine]]
"""(party id, item id) → line id → the open line."""


class Batch:
    """Documents posted together in one unit."""

    def __init__(self, unit: Unit, masters: MasterBook, plugins: Plugins) -> None:
        self.unit = unit
        self.masters = masters
        self.plugins = plugins
        self.calls = plugins.calls
        self.registry = plugins.registry
        self.ws = WorkingSet(unit, plugins.registry.cost_methods)
        self.identities = Identities({kind.prefix for kind in plugins.registry.document_types.values()} | {"DRAFT"})
        self.origins: dict[str, OriginDocument] = {}
        """Number → posted document, as it stands within this batch."""
        self.stale: set[str] = set()
        """Numbers whose documents this batch changed since it read them."""
        self.open_lines: dict[tuple[int, int], dict[int, OpenLine]] = defaultdict(dict)
        """(party id, item id) → line id → the line that waits for a later document."""
        self.facts: Mapping[str, Record] = {}
        """Plugin → the facts that its hook `wares_load` read."""
        self.accepted: list[NewDocument] = []
        self.flushed = 0
        """The number of accepted documents that are written."""

    def account_by_id(self, account_id: int) -> Account:
        """Return an account of the books by its id."""
        accounts = self.masters.accounts
        assert isinstance(accounts, AccountBook)
        return accounts.by_id(account_id)

    def flush(self) -> None:
        """Write every document accepted so far, with the rows that plugins add."""
        new = tuple(self.accepted[self.flushed :])
        self.flushed = len(self.accepted)
        if new and self.calls.tables.has_row_makers:
            for table, row in self.calls.tables.rows(tuple([document.frozen() for document in new]), self.unit):
                self.ws.rows[table].append(row)
        self.ws.flush()
        for number in self.stale:
            self.origins.pop(number, None)
        self.stale.clear()

    def forget_origins(self) -> None:
        """Forget the documents and open lines that were read: another document changed them."""
        self.origins.clear()
        self.open_lines.clear()
