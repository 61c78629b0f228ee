"""The rows that `Recorded` returns. Days are yyyymmdd, money minor units, quantities millionths of the line's unit."""

from __future__ import annotations

import json
from typing import NamedTuple

from wares.values import Record


class RecordedItem(NamedTuple):
    """An item of the master data."""

    id: int
    """Its id in the tables."""
    sku: str
    """Its SKU."""
    name: str
    """Its name."""
    type: str
    """The key of its item type."""
    active: bool
    """False if new documents may not use it."""


class RecordedDocument(NamedTuple):
    """A posted document."""

    id: int
    """Its id in the tables."""
    number: str
    """Its number, such as "INV-00003"."""
    type: str
    """The key of its document type."""
    day: int
    """Its date, yyyymmdd."""
    key: str | None
    """Its idempotency key."""
    party: str | None
    """The code of its party."""
    memo: str | None
    """Its memo."""


class RecordedLine(NamedTuple):
    """A row of a posted document, as recorded. The contents of a kit or group belong to its row."""

    id: int
    """The line's id in the tables."""
    document_id: int
    """The id of its document."""
    document: str
    """The number of its document."""
    number: str
    """Its number within the document, such as "2"."""
    type: str
    """The key of the document's type."""
    day: int
    """The document's date, yyyymmdd."""
    key: str | None
    """The document's idempotency key."""
    item_id: int | None
    """The id of its item; None without one."""
    sku: str | None
    """The SKU of its item."""
    item_name: str | None
    """The name of its item."""
    quantity: int
    """Millionths of the line's unit."""
    amount: int
    """Minor units of the company's currency."""
    description: str | None
    """Its description, else the document's memo."""
    attributes_text: str | None
    """Its attributes as JSON text (`attributes` parses it)."""
    account: str | None
    """The code of the account stated on the line."""
    party: str | None
    """The code of the document's party."""
    origin: str | None
    """The line given in `from`, such as "CS-00007#1"."""

    @property
    def name(self) -> str:
        """The reference that other documents use: "CS-00007#1"."""
        return f"{self.document}#{self.number}"

    @property
    def attributes(self) -> Record:
        """The line's `attributes` as recorded."""
        return json.loads(self.attributes_text) if self.attributes_text else {}


class RecordedLink(NamedTuple):
    """A link from the line of a later document to an earlier line: the quantity and amount that the later line takes of it."""

    origin_id: int
    """The id of the earlier line."""
    kind: str
    """The kind of link: deliver, credit, ..."""
    quantity: int
    """The part taken, in millionths of the earlier line's unit."""
    amount: int
    """The part taken, in minor units of the company's currency."""
    line_id: int
    """The id of the later line."""
    document_id: int
    """The id of the later document."""
    document: str
    """The number of the later document."""
    day: int
    """The date of the later document, yyyymmdd."""
    item_id: int | None
    """The id of the later line's item."""
    sku: str | None
    """The SKU of the later line's item."""
    lot: str | None
    """The lot of the later line."""
    attributes_text: str | None
    """The later line's attributes as JSON text (`attributes` parses it)."""

    @property
    def attributes(self) -> Record:
        """The later line's `attributes` as recorded."""
        return json.loads(self.attributes_text) if self.attributes_text else {}


class RecordedLot(NamedTuple):
    """The goods on hand of one lot of one item."""

    item_id: int
    """The id of the item."""
    lot: str
    """The lot; "" for goods not kept by lot."""
    quantity: int
    """The quantity on hand at all locations, in millionths of the item's unit."""
    day: int
    """The day of purchase, yyyymmdd: the date of the earlier document if the receipt comes from one (as the detail of a purchase
    does)."""
    arrived: int
    """The day of receipt, yyyymmdd."""
    party: str | None
    """The code of the supplier."""
    text: str | None
    """The description on the purchase."""


class GoodsValue(NamedTuple):
    """The change of stock value by one row of a document on one day."""

    day: int
    """The day of the valuation, yyyymmdd."""
    document_id: int
    """The id of the document."""
    document: str
    """The number of the document."""
    type: str
    """The key of its document type."""
    line: str | None
    """The number of the row; None for goods without a row."""
    origin: str | None
    """The line given in `from` of the row, such as "CP-00001#1"."""
    amount: int
    """Minor units of the company's currency: receipts positive, issues negative."""

    @property
    def name(self) -> str:
        """The reference that other documents use for the row: "MAT-00001#1"."""
        return self.document if self.line is None else f"{self.document}#{self.line}"


class RecordedPosting(NamedTuple):
    """The sum that one row of a document posted to the accounts asked for, on one day."""

    day: int
    """The day of the entry, yyyymmdd; voids and corrections have their own day."""
    document: str
    """The number of the document."""
    type: str
    """The key of its document type."""
    line_id: int | None
    """The id of the row; None for a posting of the whole document."""
    line: str | None
    """The number of the row."""
    party: str | None
    """The code of the document's party."""
    text: str | None
    """The row's description, else the document's memo."""
    amount: int
    """Minor units of the company's currency, debit positive."""
    origin: str | None
    """The line given in `from` of the row, such as "CP-00001#1"."""

    @property
    def name(self) -> str:
        """The reference that other documents use for the row: "CP-00001#1"; the document alone for a posting without a row."""
        return self.document if self.line is None else f"{self.document}#{self.line}"


class OtherSide(NamedTuple):
    """The sum on one account opposite to other accounts in their entries, by type of document, account and side."""

    document_type: str
    """The key of the document type."""
    account: str
    """The code of the account."""
    account_type: str
    """asset, liability, equity, income or expense."""
    roles: tuple[str, ...]
    """The roles of the account."""
    amount: int
    """Minor units of the company's currency, debit positive."""
