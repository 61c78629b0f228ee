"""What behaviour sees beside its subject: the document's head, the look-ups, the exchange of its currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from wares.model.lines import Above, Line, Row
from wares.model.masters import Account, Item, Location, Party
from wares.model.origins import OriginDocument
from wares.values import ONE_FOR_ONE, divide

if TYPE_CHECKING:
    from wares.documenttype import DocumentType


class Side(StrEnum):
    """Which side of the business a document stands on: it decides price or cost, sold or bought, default roles."""

    SALE = "sale"
    PURCHASE = "purchase"
    STOCK = "stock"
    MONEY = "money"
    LEDGER = "ledger"


class Masters(Protocol):
    """Look-ups that a pipeline context offers; each raises Refused with a coded Issue when there is no such thing."""

    def item(self, sku: str, path: str = "") -> Item:
        """The item with this SKU; `path` is the key of the record that names it. UNKNOWN_ITEM."""
        ...

    def item_by_id(self, item_id: int) -> Item:
        """The item that something recorded names; it is there."""
        ...

    def account(self, code: str, path: str = "") -> Account:
        """The ledger account with this code. UNKNOWN_ACCOUNT."""
        ...

    def account_by_id(self, account_id: int) -> Account:
        """The account that something recorded names; it is there."""
        ...

    def location(self, code: str, path: str = "") -> Location:
        """The location with this code. UNKNOWN_LOCATION."""
        ...

    def party(self, code: str, path: str = "") -> Party:
        """The party with this code. UNKNOWN_PARTY."""
        ...

    def on_hand(self, item: Item, location: Location | None = None) -> int:
        """Millionths on hand, everywhere or at one location."""
        ...

    def received_by(self, item: Item, document_type: str) -> bool:
        """Whether a document of this type that still stands brought the item in since its stock was last empty."""
        ...

    def resolve_account(self, query: AccountQuery) -> Account:
        """The account that the books' mapping rules give; Refused NO_ACCOUNT names the command that sets it."""
        ...


class Exchange(NamedTuple):
    """How amounts in a document's currency become the company's."""

    rate: int  # company currency for one unit, `values.ONE_FOR_ONE` = 1
    decimals: int  # places of the document's currency
    base_decimals: int

    def base(self, amount: int) -> int:
        """Minor units of the document's currency in the company's, rounded once."""
        return divide(amount * self.rate * 10**self.base_decimals, ONE_FOR_ONE * 10**self.decimals)

    def parts(self, amounts: Sequence[int]) -> list[int]:
        """Several amounts, by largest remainder: they come to what their sum comes to."""
        whole = ONE_FOR_ONE * 10**self.decimals
        exact = [divmod(amount * self.rate * 10**self.base_decimals, whole) for amount in amounts]
        parts = [floor for floor, _ in exact]
        by_remainder = sorted(range(len(exact)), key=lambda index: (-exact[index][1], index))
        for index in by_remainder[: self.base(sum(amounts)) - sum(parts)]:
            parts[index] += 1
        return parts

    def price(self, of_company: int) -> int:
        """A price per unit in company currency (millionths) in the document's, rounded once."""
        return divide(of_company * ONE_FOR_ONE, self.rate)

    def base_price(self, price: int) -> int:
        """A price per unit in the document's currency in the company's, rounded once."""
        return divide(price * self.rate, ONE_FOR_ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A document's head with everything looked up."""

    type: DocumentType
    number: str | None
    effective_at: int
    day: int
    due: int | None
    party: Party | None
    location: Location
    to_location: Location | None
    currency: str
    decimals: int
    goods: str
    account: Account | None
    reference: str | None
    memo: str | None
    direction: str | None
    amount: int | None
    attributes: Any
    record: Mapping[str, Any]
    apply_to: tuple[tuple[OriginDocument, int | None, str | None], ...] = ()  # document, amount, line number
    exchange: Exchange | None = None  # of a document in another currency than the company's

    def in_base(self, amount: int) -> int:
        """An amount of the document in company currency."""
        return amount if self.exchange is None else self.exchange.base(amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every behaviour sees: the document's head, look-ups, settings of the books, facts that plugins loaded.

    Frozen, and grows with the API; never a session.
    """

    header: Header
    masters: Masters
    settings: Mapping[str, str]
    facts: Mapping[str, Mapping[str, Any]]

    @property
    def decimals(self) -> int:
        """Places of the document's currency."""
        return self.header.decimals

    def in_currency(self, price: int | None) -> int | None:
        """A master's price per unit, which is in company currency, in the document's."""
        exchange = self.header.exchange
        return price if price is None or exchange is None else exchange.price(price)

    @property
    def side(self) -> Side:
        """The side of the business on which the document stands."""
        return self.header.type.side

    @property
    def sign(self) -> int:
        """+1 when goods and money flow the way of the side, −1 when the document takes back."""
        return self.header.type.sign


class PriceContext(NamedTuple):
    """A line's pricing sees the context and what stands above it."""

    document: Context
    above: Above | None
    subtotal: int  # the sum of the rows since the previous subtotal's group ended
    rows: tuple[str, ...]  # their numbers


class CostContext(NamedTuple):
    """A line's costing sees the context and, for goods that come in at a known value, that value in minor units."""

    document: Context
    value: int | None


class AccountQuery(NamedTuple):
    """Which account holds `role` for this line?"""

    role: str
    item: Item | None
    line: Line | None
    location: Location | None
    party: Party | None


class Document(NamedTuple):
    """A document after pricing: head, every line in order, the rows by number and the sum of their amounts."""

    header: Header
    rows: tuple[Row, ...]
    total: int

    def row(self, number: str) -> Row:
        """The row of this line number; there is one."""
        return next(row for row in self.rows if row.line.number == number)
