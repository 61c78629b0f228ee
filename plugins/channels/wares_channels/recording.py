"""Record the transactions of a channel as documents (`order_documents`), each once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from wares import Books, JsonObject, Recorded, Refused
from wares_channels.order_documents import ALONE, OrderDocument, RecordedTransactions, each_part
from wares_channels.payouts import Payouts
from wares_channels.refunds import OrderLines, refund_lines
from wares_channels.transaction import Transaction
from wares_tracking.products import Products

Outcome = str | Refused | None
"""The number of the document of a transaction, its refusal, or None for a transaction that was recorded before."""


class Recording:
    """The recording of one channel's transactions."""

    def __init__(self, books: Books, channel: str, *, clearing: str, bank: str | None, party: str | None) -> None:
        """`party` is the channel as a customer, which refunds need; without it refunds are counted and not recorded."""
        self.books = books
        self.channel = channel
        self.clearing = clearing
        self.bank = bank
        self.party = party
        self.products = Products.of(books)
        self.arrived: set[str] = set()  # documents of lines of the bank that are payouts of the file too

    def recorded(self, recorded: Recorded, transactions: Iterable[Transaction]) -> RecordedTransactions:
        """Return the transactions that the documents of these transactions hold already."""
        return RecordedTransactions.read(recorded, self.channel, {OrderDocument.of(each) for each in transactions})

    def write(self, writing: Any, transactions: Collection[Transaction]) -> list[Outcome]:
        """Record the new ones of these transactions in one unit, and return the outcome of each, in their order.

        The first part of every document is posted in one batch. The other parts, and each transaction of a refused document, follow
        one by one, so that a fault costs only its own transaction and the numbers of parts have no gap.
        """
        return _Unit(self, writing, transactions).run()

    def record_of(
        self, document: OrderDocument, part: int, transactions: Collection[Transaction], orders: OrderLines
    ) -> JsonObject:
        """Return the record of the document of these transactions."""
        (date,) = {each.date for each in transactions}
        record = {"date": date, "account": self.clearing, "key": document.key(self.channel, part)}
        if document.kind == "sale":
            return {"type": "cash_sale", "goods": "later", **record, "lines": [self._sale_line(each) for each in transactions]}
        if document.kind == "refund":
            (refund,) = transactions
            return {"type": "credit_note", "party": self.party, **record, "lines": refund_lines(orders, self.channel, refund)}
        return {"type": "channel_charge", **record, "lines": [self._charge_line(each) for each in transactions]}

    def _sale_line(self, sale: Transaction) -> JsonObject:
        title = sale.title[:500]
        attributes = sale.attributes(line=sale.line)
        if sale.sku:
            attributes["sku"] = sale.sku
        if title:
            attributes["title"] = title
        line = {
            "quantity": plain(sale.quantity),
            "amount": plain(sale.amount),
            "description": title or sale.sku,
            "attributes": attributes,
        }
        found = self.products.find(sale.sku, title).product
        return {"item": found.sku, **line} if found is not None else line

    def _charge_line(self, charge: Transaction) -> JsonObject:
        attributes = charge.attributes(line=charge.line, kind=charge.kind)
        line: JsonObject = {"amount": plain(charge.amount), "attributes": attributes}
        if charge.kind == "payout" and self.bank:
            line["account"] = self.bank
        if charge.title:
            line["description"] = charge.title
        return line


class _Unit:
    """The recording of transactions in one database transaction."""

    def __init__(self, recording: Recording, writing: Any, transactions: Collection[Transaction]) -> None:
        self.recording = recording
        self.writing = writing
        self.transactions = list(transactions)
        self.outcomes: list[Outcome] = [None] * len(self.transactions)
        self.batch = writing.batch()
        self.recorded = recording.recorded(Recorded(writing.unit), self.transactions)

    def run(self) -> list[Outcome]:
        at_once: dict[OrderDocument, list[int]] = {}
        one_by_one: list[tuple[OrderDocument, list[int]]] = []
        for document, places in self._documents():
            if document in at_once:
                one_by_one.append((document, places))
            else:
                at_once[document] = places
        orders = self._orders(at_once)
        for document, places in zip(at_once, self._post(list(at_once.items()), orders), strict=True):
            one_by_one += [(document, [place]) for place in places]
        for document, places in one_by_one:
            self._post_alone(document, places)
        self.batch.flush()
        return self.outcomes

    def _documents(self) -> Iterator[tuple[OrderDocument, list[int]]]:
        """Return the documents with the places of their new transactions, which share document and day."""
        found: dict[tuple[OrderDocument, str, int], list[int]] = {}
        arrived = self._arrived()
        for place, transaction in enumerate(self.transactions):
            new = self.recorded.add_new(transaction)
            if new is None or (new.kind == "payout" and arrived is not None and arrived.take_arrived(new.amount, new.date)):
                continue
            self.transactions[place] = new
            document = OrderDocument.of(new)
            if document.kind == "refund" and self.recording.party is None:
                self.outcomes[place] = ""
                continue
            found.setdefault((document, transaction.date, place if document.kind in ALONE else -1), []).append(place)
        return ((document, places) for (document, _, _), places in found.items())

    def _arrived(self) -> Payouts | None:
        """Return the payouts that the bank received in the days of these transactions."""
        days = [each.date for each in self.transactions if each.kind == "payout"]
        recorded = Recorded(self.writing.unit)
        return Payouts.arrived(recorded, min(days), max(days), self.recording.arrived) if days else None

    def _orders(self, documents: Iterable[OrderDocument]) -> OrderLines:
        refunded = [document._replace(kind="sale") for document in documents if document.kind == "refund" and document.order]
        return OrderLines.read(Recorded(self.writing.unit), lambda read: each_part(self.recording.channel, refunded, read))

    def _post(self, documents: list[tuple[OrderDocument, list[int]]], orders: OrderLines) -> list[list[int]]:
        """Post documents in one batch, and return for each the places that may be tried alone after a refusal."""
        records = [
            self.recording.record_of(document, self._part(document), [self.transactions[place] for place in places], orders)
            for document, places in documents
        ]
        results = self.recording.books.record_documents(self.writing, self.batch, records, atomic=False)
        again = []
        for (document, places), result in zip(documents, results, strict=True):
            refused = isinstance(result, Refused)
            again.append(places if refused and len(places) > 1 else [])
            if not refused:
                self.recorded.parts[document] = self._part(document)
            for place in places:
                self.outcomes[place] = result if isinstance(result, Refused) else result.number
        return again

    def _part(self, document: OrderDocument) -> int:
        """Return the number of the next part of a document."""
        return self.recorded.parts.get(document, 0) + 1

    def _post_alone(self, document: OrderDocument, places: list[int]) -> None:
        self.batch.flush()
        (again,) = self._post([(document, places)], self._orders([document]))
        for place in again:
            self._post_alone(document, [place])


def plain(amount: Decimal) -> str:
    """Return an amount as text. A unit price times a quantity may have more decimals than money; its row is refused."""
    return f"{amount.normalize():f}"
