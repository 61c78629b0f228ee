"""The parts `docs` and `stock` of `Books`: reads of documents and goods."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from wares.errors import Refused
from wares.facade.part import Part, Rows
from wares.services.dates import day
from wares.values import JsonObject, money, unscaled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wares.catalog.masters import MasterBook
    from wares.model import CostChange, StoredPosted
    from wares.storage.unit import Reader


class Docs(Part):
    """Documents: list, show, entries, corrections, explain."""

    def corrections(self, changes: Sequence[CostChange]) -> Rows:
        """Return the corrections of other documents that a document makes (`Posted.corrections`, also of a preview), or its void:
        document, type, date, item, account, account_name, amount (debits positive)."""
        from wares.reports.corrections import corrections_of

        return self._books.reading(lambda reader, _: corrections_of(reader, changes)) if changes else []

    def list(self, **filters: Any) -> Rows:
        """Return number, type, date, party, status, total, reference, memo of documents, the newest last."""
        from wares.reports.documents import list_documents

        return self._books.reading(lambda reader, _: list(list_documents(reader, **filters)))

    def show(self, number: str) -> JsonObject:
        """Return the record as posted with every subline, amounts, cost, status, links."""
        from wares.reports.documents import show_document

        return self._books.reading(lambda reader, _: show_document(reader, number))

    def entries(self, number: str) -> Rows:
        """Return a document's own postings, and its share of corrections with `caused_by`."""
        from wares.ledger.shares import entries_of_document
        from wares.reports.documents import find_document

        return self._books.reading(lambda reader, _: entries_of_document(reader, find_document(reader, number)))

    def explain(self, number: str) -> Rows:
        """Trace every cent of the document's cost: line → contents → layers → receipts and bills → builds → components."""
        from wares.reports.explain import explain_document

        methods = self._books.plugins.registry.cost_methods
        return self._books.reading(lambda reader, _: explain_document(reader, number, methods))

    def posted_in(self, reader: Reader, number: str, document_id: int, *, repeated: bool) -> StoredPosted:
        """Return a document already posted, as `post` returned it the first time."""
        from wares.reports.documents import as_posted

        return as_posted(reader, number, document_id, repeated=repeated)


class Stock(Part):
    """Quantities and values."""

    def on_hand(self, sku: str, *, location: str | None = None, at: str | None = None) -> Decimal:
        """Return the quantity on hand, everywhere or at one location, now or at the end of a day."""
        from wares.reports.stock import on_hand

        return unscaled(self._books.reading(lambda reader, masters: on_hand(reader, masters, sku, location, day(at))))

    def value(self, sku: str | None = None, *, at: str | None = None) -> Decimal:
        """Return the stock value of an item, or of all: by construction the ledger's inventory accounts at that date."""
        from wares.reports.stock import value_of

        def unit(reader: Reader, masters: MasterBook) -> Decimal:
            return money(value_of(reader, masters, sku, day(at)), reader.decimals)

        return self._books.reading(unit)

    def list(self, *, at: str | None = None, sku: str | None = None, by: str = "location") -> Rows:
        """Return sku, location, on_hand, reserved, available, on_order, value, unit_cost, account: `stock on-hand|value`.

        `by` is location, lot (of each location), account or item. Refused BAD_VALUE for anything else.
        """
        from wares.reports.stock import BY, list_stock

        if by not in BY:
            raise Refused.because("BAD_VALUE", f"stock is not listed by {by!r}", path="by", hint=f"by {', '.join(BY)}")
        return self._books.reading(lambda reader, masters: list_stock(reader, masters, sku, day(at), by))

    def moves(self, sku: str | None = None, *, at: str | None = None) -> Rows:
        """Return document, line, sku, location, quantity, value, effective_at, recorded_at, running totals: `stock moves`."""
        from wares.reports.stock import list_moves

        return self._books.reading(lambda reader, masters: list(list_moves(reader, masters, sku, day(at))))

    def layers(self, sku: str, *, at: str | None = None) -> Rows:
        """Return document, effective_at, received, remaining, value_remaining, unit_cost of each layer: `stock layers`.

        A layer of a location with costs of its own has that location, and the transfer that carried it there.
        """
        from wares.reports.layers import list_layers

        methods = self._books.plugins.registry.cost_methods
        return self._books.reading(lambda reader, masters: list_layers(reader, masters, sku, day(at), methods))

    def availability(self, sku: str, *, at: str | None = None) -> Rows:
        """Return on_hand, reserved, available, on_order by location, a kit's from its contents: `stock availability`."""
        from wares.reports.stock import availability

        return self._books.reading(lambda reader, masters: availability(reader, masters, sku, day(at)))
