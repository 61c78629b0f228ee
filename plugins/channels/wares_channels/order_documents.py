"""The documents of an order, and the transactions that they hold already.

    sale                              cash_sale, goods later, money on the channel's clearing account
    shipping, tip, discount, fee ...  channel_charge, a line for each
    payout                            channel_charge of its own
    refund                            credit_note, with or without the goods

The idempotency key of a document is (channel, order, part, kind of document): the parts count up if later files add to an order.
The attributes of each line name its transaction, so that every (channel, order, line, kind) is recorded once, even if its document
is edited or voided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeVar

from wares import Record, Recorded
from wares_channels.transaction import Transaction
from wares_tracking.document_keys import channel_key

T = TypeVar("T")
ALONE = frozenset({"refund", "payout"})
"""Kinds of document that hold one transaction each."""


class OrderDocument(NamedTuple):
    """A kind of document of an order; of a day for transactions without an order."""

    order: str
    day: str
    kind: str
    """sale, charge, refund or payout."""

    @classmethod
    def of(cls, transaction: Transaction) -> OrderDocument:
        """Return the document of a transaction."""
        kind = transaction.kind if transaction.kind == "sale" or transaction.kind in ALONE else "charge"
        return cls(transaction.order, "" if transaction.order else transaction.date, kind)

    def key(self, channel: str, part: int) -> str:
        """Return the idempotency key of a part; the first part is 1."""
        return channel_key(channel, self.order, f"{self.day}#{part}" if part > 1 else self.day, self.kind)


def each_part(
    channel: str, documents: Iterable[OrderDocument], read: Callable[[Collection[str]], Mapping[str, T]]
) -> Iterator[tuple[OrderDocument, int, T]]:
    """Return the result of `read` for each part of these documents, first parts first. There is a query for each part number."""
    waiting, part = {document.key(channel, 1): document for document in documents}, 1
    while waiting:
        found = read(waiting.keys())
        yield from ((waiting[key], part, result) for key, result in found.items())
        part += 1
        waiting = {waiting[key].key(channel, part): waiting[key] for key in found}


class RecordedTransactions:
    """The transactions that some documents hold already, and the number of parts of each document."""

    def __init__(self, decimals: int) -> None:
        self._decimals = decimals
        self.parts: dict[OrderDocument, int] = {}
        self._identities: set[tuple[str, str, str]] = set()  # order, line, kind
        self._refunded: dict[str, Decimal] = defaultdict(Decimal)  # order → refunds of the whole order, as stated

    @classmethod
    def read(cls, recorded: Recorded, channel: str, documents: Iterable[OrderDocument]) -> RecordedTransactions:
        """Read them from the parts of these documents, voided parts included."""
        found = cls(recorded.decimals)
        for document, part, record in each_part(channel, documents, recorded.records):
            found.parts[document] = part
            for line in record["lines"]:
                found._add(document, line.get("attributes") or {}, line.get("amount"))
        return found

    def _add(self, document: OrderDocument, attributes: Record, amount: str) -> None:
        if attributes.get("so_far"):
            self._refunded[document.order] += Decimal(attributes["stated"]["amount"] if "stated" in attributes else amount)
        elif "line" in attributes:
            self._identities.add((document.order, attributes["line"], attributes.get("kind", document.kind)))

    def add_new(self, transaction: Transaction) -> Transaction | None:
        """Return the new part of a transaction, and count it as recorded; None if nothing of it is new. The new part of a
        cumulative transaction is its growth."""
        if transaction.cumulative:
            before = self._refunded[transaction.order]
            grown = transaction.beyond(before, self._decimals)
            if grown is not None:
                so_far = transaction.amount if transaction.stated is None else transaction.stated.amount
                self._refunded[transaction.order] = so_far
            return grown
        identity = (transaction.order, transaction.line, transaction.kind)
        if identity in self._identities:
            return None
        self._identities.add(identity)
        return transaction
