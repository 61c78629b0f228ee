"""The unit of work: the objects that one writing call reads and writes through, and the events that it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from functools import partial
from typing import TypeVar

from wares.catalog.items import MasterChange
from wares.catalog.masters import MasterBook
from wares.errors import Refused
from wares.ledger.accounts import AccountBook
from wares.model import Posted
from wares.plugin_manager.loader import Plugins
from wares.posting.batch import Batch
from wares.services import outbox, projections
from wares.storage.unit import Unit

T = TypeVar("T")


class UnitOfWork:
    """The objects of a writing call: the unit, the masters and the plugins; and a batch if it posts."""

    def __init__(self, unit: Unit, masters: MasterBook, plugins: Plugins) -> None:
        self.unit = unit
        self.masters = masters
        self.plugins = plugins
        self.events: list[Callable[[], None]] = []
        """Calls to observers, made once the transaction is committed."""
        self.outgoing: list[outbox.NewEvent] = []
        """Events that wait to be written to the outbox."""

    @property
    def is_heard(self) -> bool:
        """True if an event of a document goes somewhere: to the outbox or to observers."""
        return outbox.is_on(self.masters.settings) or self.plugins.calls.events.has_observers

    def tell(self, event: str, document: Posted, observers: Callable[[Posted], None]) -> None:
        """Note an event of a document: for the outbox with this transaction, for observers once it is committed."""
        if outbox.is_on(self.masters.settings):
            self.outgoing.append(outbox.event_of(event, document, self.unit.decimals))
        if self.plugins.calls.events.has_observers:
            self.events.append(lambda: observers(document))

    def write_outgoing(self) -> None:
        """Write the events that wait for the outbox."""
        if self.outgoing:
            outbox.write(self.unit, self.outgoing)
            self.outgoing = []

    def save(self) -> None:
        """Write the outbox, the rows of projections and the company's head row, as the last step of the transaction."""
        self.write_outgoing()
        if self.unit.touched:
            projections.follow(self.unit, self.plugins.registry.projections)
        self.unit.save()

    def batch(self) -> Batch:
        """Return a new batch of documents."""
        return Batch(self.unit, self.masters, self.plugins)

    def created(self, items: Iterable[MasterChange | Refused]) -> None:
        """Note the new items among these changes, for observers once this is committed."""
        if self.plugins.calls.events.has_observers:
            for change in items:
                if isinstance(change, MasterChange) and change.action == "created":
                    item = self.masters.item(change.sku)
                    self.events.append(partial(self.plugins.calls.events.item_created, item))

    def apart(self, do: Callable[[], T]) -> T | Refused:
        """Return the result of `do`, which works in a savepoint; a refusal undoes all its steps, and is returned."""
        head, told, outgoing = copy(self.unit.head), len(self.events), len(self.outgoing)
        try:
            with self.unit.connection.begin_nested():
                return do()
        except Refused as refusal:
            self.unit.head = head
            del self.events[told:]
            del self.outgoing[outgoing:]
            self.masters = MasterBook(self.unit, AccountBook.load(self.unit), self.plugins.registry.item_types)
            self.masters.changed = True
            return refusal

    @property
    def accounts(self) -> AccountBook:
        """The accounts of the books."""
        accounts = self.masters.accounts
        assert isinstance(accounts, AccountBook)
        return accounts
