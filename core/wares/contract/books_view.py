"""The books as a report reads them: one snapshot, and nothing that writes.

`wares.Books` has all of it. A report gets books that refuse to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Protocol, TypeVar

from wares.model import Masters
from wares.recorded import Recorded
from wares.storage.unit import Reader
from wares.values import Json, Record

T = TypeVar("T")
Rows = Sequence[Record]
"""The rows of a listing, with the keys that its command prints."""


class ItemsView(Protocol):
    """The item master: `books.items`."""

    def list(self, *, at: str | None = None, **filters: str | bool | None) -> Rows:
        """Return the items, now or at the end of a day; filters are type, category, text, active."""
        ...

    def show(self, sku: str) -> Record:
        """Return everything that the master of an item says. Refused UNKNOWN_ITEM."""
        ...

    def profit(self, *, since: str | None = None, at: str | None = None) -> Rows:
        """Return sales, cost of goods sold and profit of every item sold."""
        ...


class StockView(Protocol):
    """Quantities and values: `books.stock`."""

    def on_hand(self, sku: str, *, location: str | None = None, at: str | None = None) -> Decimal:
        """Return the quantity on hand, everywhere or at one location, now or at the end of a day."""
        ...

    def value(self, sku: str | None = None, *, at: str | None = None) -> Decimal:
        """Return the stock value of an item, or of all items."""
        ...

    def list(self, *, at: str | None = None, sku: str | None = None, by: str = "location") -> Rows:
        """Return quantities and values by location, lot, account or item."""
        ...

    def moves(self, sku: str | None = None, *, at: str | None = None) -> Rows:
        """Return the moves with running totals."""
        ...

    def layers(self, sku: str, *, at: str | None = None) -> Rows:
        """Return the open layers of an item."""
        ...

    def availability(self, sku: str, *, at: str | None = None) -> Rows:
        """Return quantities on hand, reserved, available and on order by location."""
        ...


class LedgerView(Protocol):
    """The general ledger: `books.gl`."""

    def trial_balance(self, *, at: str | None = None) -> Rows:
        """Return every account with debit, credit and balance (debit positive)."""
        ...

    def balance_sheet(self, *, at: str | None = None) -> Rows:
        """Return assets, liabilities and equity."""
        ...

    def profit_loss(self, *, since: str | None = None, at: str | None = None) -> Rows:
        """Return income, cost of goods sold and expenses."""
        ...

    def entries(self, *, since: str | None = None, at: str | None = None) -> Rows:
        """Return every posting in order of date and entry, with its document."""
        ...

    def account(self, code: str, *, since: str | None = None, at: str | None = None) -> Rows:
        """Return the postings of an account with their running balance. Refused UNKNOWN_ACCOUNT."""
        ...

    def balance(self, code: str, *, at: str | None = None) -> Decimal:
        """Return the balance of an account, debit positive."""
        ...

    def accounts(self) -> Rows:
        """Return the chart of accounts."""
        ...

    def rules(self) -> Rows:
        """Return the mapping rules."""
        ...


class DocumentsView(Protocol):
    """The documents: `books.docs`."""

    def list(self, **filters: str | bool | None) -> Rows:
        """Return the documents, newest last."""
        ...

    def show(self, number: str) -> Record:
        """Return a document as posted, with every subline, amounts, cost, status and links. Refused UNKNOWN_DOCUMENT."""
        ...

    def entries(self, number: str) -> Rows:
        """Return the postings of a document, with its share of corrections. Refused UNKNOWN_DOCUMENT."""
        ...

    def explain(self, number: str) -> Rows:
        """Return every cent of a document's cost with its source. Refused UNKNOWN_DOCUMENT."""
        ...


class PartiesView(Protocol):
    """Customers and suppliers: `books.parties`."""

    def list(self) -> Rows:
        """Return code, name and kinds of every party."""
        ...


class SettingsView(Protocol):
    """The policies of the books: `books.settings`."""

    def all(self) -> Mapping[str, str]:
        """Return every policy with its value, defaults included."""
        ...


class ProjectionsView(Protocol):
    """The rows of projections: `books.projections`."""

    def pages(
        self, key: str, *, since: int = 0, until: int = 9999_12_31, waiting: bool = False
    ) -> Iterator[Sequence[Sequence[Json]]]:
        """Yield the rows of a projection that the books keep, a page at a time, oldest first; days are yyyymmdd."""
        ...


class BooksView(Protocol):
    """The books as a report reads them."""

    @property
    def items(self) -> ItemsView:
        """The item master."""
        ...

    @property
    def parties(self) -> PartiesView:
        """Customers and suppliers."""
        ...

    @property
    def settings(self) -> SettingsView:
        """The policies of the books."""
        ...

    @property
    def docs(self) -> DocumentsView:
        """The documents."""
        ...

    @property
    def stock(self) -> StockView:
        """Quantities and values."""
        ...

    @property
    def gl(self) -> LedgerView:
        """The general ledger."""
        ...

    @property
    def projections(self) -> ProjectionsView:
        """The rows of projections."""
        ...

    def recorded(self) -> AbstractContextManager[Recorded]:
        """Open the posted documents, line by line: `with books.recorded() as recorded`."""
        ...

    def reading(self, unit: Callable[[Reader, Masters], T]) -> T:
        """Return `unit(reader, masters)`, for SQL over the plugin's own tables."""
        ...
