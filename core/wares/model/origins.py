"""Posted documents as a new document sees them: the lines that it comes from and the documents that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from wares.model.masters import Item
from wares.values import ONE_FOR_ONE, share


class OriginMove(NamedTuple):
    """A posted move of a line that another takes back."""

    id: int  # the move's id in the tables
    item_id: int  # the item that it moved
    location_id: int  # the place where it moved it
    pool_id: int  # the pool that it moved it in
    quantity: int  # signed, millionths
    intent: int  # an `Intent`
    value: int  # present value, unsigned, minor units
    taken_back: int  # quantity of the moves that already take their value from it, millionths
    group_id: int | None = None  # ties the moves of a build or transfer
    counter_id: int | None = None  # id of the account that its value came from or went to
    passed_on: int = 0  # quantity whose cost later documents have passed on, millionths
    ever_taken: int = 0  # `taken_back` and `passed_on` with the parts that were undone on a later day, millionths
    effective_at: int = 0  # instant, microseconds since 1970
    short: bool = False  # an issue that may have taken goods before they were there


class Origin(NamedTuple):
    """A posted line that another line comes `from`, with the parts of it that later documents took so far."""

    id: int  # of the line
    number: str  # "I-1#2.1"
    document_id: int  # of the line's document
    document_number: str  # of the line's document
    document_type: str  # key of its type
    goods: str  # `now`, `later` or `none`
    party_id: int | None
    effective_at: int  # instant, microseconds since 1970
    kind: int  # a `RowKind`
    item: Item | None
    quantity: int  # millionths of `unit`
    unit_price: int | None  # millionths, in the currency of its document
    discount: int  # percent, millionths
    amount: int  # minor units, in the currency of its document
    goods_amount: int  # minor units, in the currency of its document: the part that is the value of goods
    unit: str | None
    unit_factor: int  # item units in one `unit`, millionths
    account_id: int | None  # the account that the line named
    location_id: int | None
    done: Mapping[str, tuple[int, int]]  # kind of link → (quantity, amount) taken so far; `charged`: billed, at the bills' price
    contents: tuple[Origin, ...]  # its sublines that moved goods
    attached: tuple[Origin, ...]  # the calculations that act on it, alone or with other rows
    moves: tuple[OriginMove, ...]  # its moves
    scrapped: int = 0  # a build: units begun and lost, millionths
    waiting: tuple[int, int] = (0, 0)  # quantity, and amount in company currency, that it leaves open for a later document
    rate: int = ONE_FOR_ONE  # of its document; `ONE_FOR_ONE` = 1
    base: Origin | None = None  # the same line in company currency, where its document is in another
    covers: Mapping[str, int] = {}  # a calculation: number of each row that it acts on → the row's weight in it
    credited: int = 0  # minor units: the sum of its credits at their own prices
    accounts: Mapping[str, int] = {}  # role → id of the account that its entry used for it, the total of its document included
    stated: Origin | None = None  # the same line in the unit in which it is recorded, where this one is in the item's unit


class OriginDocument(NamedTuple):
    """A posted document that another names in `from` or `apply_to`."""

    id: int  # its id in the tables
    number: str  # its number, such as "INV-00003"
    type: str  # key of its type
    status: str  # `posted`, `pending`, `void`, `reversed`, `reversal` or `replaced`
    party_id: int | None
    effective_at: int  # instant, microseconds since 1970
    day: int  # yyyymmdd
    goods: str  # `now`, `later` or `none`
    total: int  # minor units of its currency
    settled: int  # the part that payments and credits have settled, minor units
    account_id: int | None  # the account that its head named
    lines: Mapping[str, Origin]  # by line number
    currency: str = ""  # ISO 4217 code
    rate: int = ONE_FOR_ONE  # company currency for one unit; `ONE_FOR_ONE` = 1
    base_total: int = 0  # `total` in company currency
    base_settled: int = 0  # `settled` in company currency
    accounts: Mapping[str, int] = {}  # role → id of the account to which it posted its total

    @property
    def open(self) -> int:
        """The part of the total that is not settled, minor units of its currency."""
        return self.total - self.settled

    def base_of(self, part: int) -> int:
        """Return a part of the open amount in company currency, minor units: the last part takes the rest."""
        return share(self.base_total - self.base_settled, part, self.open)
