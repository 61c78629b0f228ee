"""What was posted before, as a new document sees it: the lines that it comes from and the documents that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from wares.model.masters import Item
from wares.values import ONE_FOR_ONE, share


class OriginMove(NamedTuple):
    """A posted move of a line that another takes back."""

    id: int
    item_id: int
    location_id: int
    pool_id: int
    quantity: int
    intent: int
    value: int  # what it is worth now, unsigned
    taken_back: int  # quantity of the moves that already take their value from it
    group_id: int | None = None
    counter_id: int | None = None  # the account that its value came from or went to
    passed_on: int = 0  # quantity whose cost later documents have passed on
    ever_taken: int = 0  # `taken_back`, `passed_on`, and what of both was undone on a later day
    effective_at: int = 0


class Origin(NamedTuple):
    """A posted line that another line comes `from`, with what has been done to it so far."""

    id: int
    number: str  # "I-1#2.1"
    document_id: int
    document_number: str
    document_type: str
    goods: str
    party_id: int | None
    effective_at: int
    kind: int  # RowKind
    item: Item | None
    quantity: int  # in `unit`
    unit_price: int | None
    discount: int
    amount: int
    goods_amount: int
    unit: str | None
    unit_factor: int
    account_id: int | None
    location_id: int | None
    done: Mapping[str, tuple[int, int]]  # kind of fulfilment → (quantity, amount) so far; `charged`: billed, at the bills' price
    contents: tuple[Origin, ...]
    attached: tuple[Origin, ...]  # the calculations that act on it alone
    moves: tuple[OriginMove, ...]
    scrapped: int = 0  # a build: units begun and lost
    waiting: tuple[int, int] = (0, 0)  # quantity and amount (company currency) that it leaves open for a later document
    rate: int = ONE_FOR_ONE
    base: Origin | None = None  # the same in company currency, where its document is in another

    def times(self, quantity: int) -> Origin:
        """The same as if its own quantity were this."""
        return self._replace(quantity=quantity, base=None if self.base is None else self.base._replace(quantity=quantity))


class OriginDocument(NamedTuple):
    """A posted document that another names in `from` or `apply_to`."""

    id: int
    number: str
    type: str
    status: str
    party_id: int | None
    effective_at: int
    day: int
    goods: str
    total: int
    settled: int  # what payments and credits have applied to it
    account_id: int | None
    lines: Mapping[str, Origin]  # by line number
    currency: str = ""
    rate: int = ONE_FOR_ONE
    base_total: int = 0  # `total` in company currency
    base_settled: int = 0  # and what of that is settled

    @property
    def open(self) -> int:
        """What of its total is not settled, in its currency."""
        return self.total - self.settled

    def base_of(self, part: int) -> int:
        """What `part` of what is open is worth in company currency: the last part takes the rest."""
        return share(self.base_total - self.base_settled, part, self.open)
