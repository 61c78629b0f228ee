"""The rows that `Recorded` gives. Days are yyyymmdd, money minor units, quantities millionths of the line's unit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class RecordedItem(NamedTuple):
    """An item of the master."""

    id: int
    sku: str
    name: str
    type: str
    active: bool


class RecordedDocument(NamedTuple):
    """A posted document."""

    id: int
    number: str
    type: str
    day: int
    key: str | None  # its idempotency key
    party: str | None
    memo: str | None


class RecordedLine(NamedTuple):
    """A row of a posted document, as it was recorded; what a kit or group expands to belongs to its row."""

    id: int
    document_id: int
    document: str
    number: str  # within its document: "2"
    type: str  # of its document
    day: int
    key: str | None  # the document's idempotency key
    item_id: int | None
    sku: str | None
    item_name: str | None
    quantity: int
    amount: int
    description: str | None
    attributes_text: str | None  # JSON
    account: str | None  # the account that the line names itself
    party: str | None
    origin: str | None  # the line that it comes from: "CS-00007#1"

    @property
    def name(self) -> str:
        """What other documents call it: "CS-00007#1"."""
        return f"{self.document}#{self.number}"

    @property
    def attributes(self) -> Mapping[str, Any]:
        """What the record said in `attributes`."""
        return json.loads(self.attributes_text) if self.attributes_text else {}


class RecordedLink(NamedTuple):
    """What the line of a later document did to an earlier one: how much of it, in its kind of link (deliver, credit, ...)."""

    origin_id: int
    kind: str
    quantity: int
    amount: int
    line_id: int
    document_id: int
    document: str
    day: int
    item_id: int | None
    sku: str | None
    lot: str | None
    attributes_text: str | None  # JSON, of the later line

    @property
    def attributes(self) -> Mapping[str, Any]:
        """What the later line said in `attributes`."""
        return json.loads(self.attributes_text) if self.attributes_text else {}


class RecordedLot(NamedTuple):
    """Goods on hand that came in together; `lot` is "" for goods that are not kept by lot."""

    item_id: int
    lot: str
    quantity: int
    day: int  # when it was bought: of what comes from an earlier document, as the detail of a purchase does, that document's day
    arrived: int  # when it came in
    party: str | None  # of whom it was bought
    text: str | None  # the description of what was bought


class GoodsValue(NamedTuple):
    """What a row of a document did to the value of stock on a day: + what came in, − what went out."""

    day: int
    document_id: int
    document: str
    type: str
    line: str | None
    origin: str | None  # the line that the row comes from
    amount: int

    @property
    def name(self) -> str:
        """What other documents call the row: "MAT-00001#1"."""
        return self.document if self.line is None else f"{self.document}#{self.line}"


class RecordedPosting(NamedTuple):
    """What a row of a document posted to accounts, debit positive; voids and corrections by their own day."""

    day: int
    document: str
    type: str
    line_id: int | None
    line: str | None
    party: str | None
    text: str | None  # the row's description, else the document's memo
    amount: int
    origin: str | None  # the line that the row comes from

    @property
    def name(self) -> str:
        """What other documents call the row: "CP-00001#1"; the document alone where the posting is of no row."""
        return self.document if self.line is None else f"{self.document}#{self.line}"


class OtherSide(NamedTuple):
    """The sum of what stands opposite to some accounts in their entries: by type of document, account and side."""

    document_type: str
    account: str
    account_type: str
    roles: tuple[str, ...]
    amount: int  # debit positive
