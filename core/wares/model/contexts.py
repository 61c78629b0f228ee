"""The contexts of behaviour: the document's head with its type, the look-ups, the exchange of its currency.

A head carries the type, and the type's methods take contexts that carry the head: so the three are declared here together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Protocol

from wares.errors import Issue
from wares.model.lines import Above, Line, LineInput, Row
from wares.model.masters import Account, Item, Location, Party
from wares.model.origins import Origin, OriginDocument
from wares.model.plans import Link, Plan
from wares.values import ONE_FOR_ONE, Record, divide


class Side(StrEnum):
    """The side of the business that a document belongs to: it decides price or cost, sold or bought, default roles."""

    SALE = "sale"  # sold to a customer, at a price
    PURCHASE = "purchase"  # bought from a supplier, at a cost
    STOCK = "stock"  # goods within the company: counts, builds, transfers
    MONEY = "money"  # payments
    LEDGER = "ledger"  # entries without goods or parties


class Masters(Protocol):
    """The look-ups of a context. Each raises Refused with a coded Issue when the thing does not exist."""

    def item(self, sku: str, path: str = "") -> Item:
        """Return the item with this SKU; `path` is the key of the record that names it. Refused UNKNOWN_ITEM."""
        ...

    def item_by_id(self, item_id: int) -> Item:
        """Return the item with this id, which a record names: it exists."""
        ...

    def account(self, code: str, path: str = "") -> Account:
        """Return the ledger account with this code. Refused UNKNOWN_ACCOUNT."""
        ...

    def account_by_id(self, account_id: int) -> Account:
        """Return the account with this id, which a record names: it exists."""
        ...

    def location(self, code: str, path: str = "") -> Location:
        """Return the location with this code. Refused UNKNOWN_LOCATION."""
        ...

    def party(self, code: str, path: str = "") -> Party:
        """Return the party with this code. Refused UNKNOWN_PARTY."""
        ...

    def on_hand(self, item: Item, location: Location | None = None) -> int:
        """Return the quantity on hand in millionths, everywhere or at one location."""
        ...

    def received_by(self, item: Item, document_type: str) -> bool:
        """True if a standing document of this type brought the item in since its stock was last empty."""
        ...

    def resolve_account(self, query: AccountQuery) -> Account:
        """Return the account that the books' mapping rules give. Refused NO_ACCOUNT names the command that sets it."""
        ...


class Exchange(NamedTuple):
    """The conversion between a document's currency and the company's."""

    rate: int  # company currency for one unit, `ONE_FOR_ONE` = 1
    decimals: int  # places of the document's currency
    base_decimals: int  # places of the company's currency

    def base(self, amount: int) -> int:
        """Convert minor units of the document's currency to the company's, rounded once."""
        return divide(amount * self.rate * 10**self.base_decimals, ONE_FOR_ONE * 10**self.decimals)

    def parts(self, amounts: Sequence[int]) -> list[int]:
        """Convert several amounts by largest remainder: the results sum to the conversion of the sum."""
        whole = ONE_FOR_ONE * 10**self.decimals
        exact = [divmod(amount * self.rate * 10**self.base_decimals, whole) for amount in amounts]
        parts = [floor for floor, _ in exact]
        by_remainder = sorted(range(len(exact)), key=lambda index: (-exact[index][1], index))
        for index in by_remainder[: self.base(sum(amounts)) - sum(parts)]:
            parts[index] += 1
        return parts

    def price(self, of_company: int) -> int:
        """Convert a price per unit (millionths) from company currency to the document's, rounded once."""
        return divide(of_company * ONE_FOR_ONE, self.rate)

    def base_price(self, price: int) -> int:
        """Convert a price per unit (millionths) from the document's currency to the company's, rounded once."""
        return divide(price * self.rate, ONE_FOR_ONE)


class DocumentKind(Protocol):
    """A document type as the head of a document carries it: its facts and the answers that stages of posting ask it for.

    `wares.DocumentType` has all of these; documents and stages need to know no more of it.
    """

    key: ClassVar[str]  # its key in records: "invoice"
    title: ClassVar[str]  # its name in messages
    prefix: ClassVar[str]  # of the numbers that Wares gives: "INV" gives INV-00001
    side: ClassVar[Side]  # the side of the business
    sign: ClassVar[int]  # −1 when it takes back, else 1
    direction: ClassVar[int]  # +1 its goods come in, −1 they go out, 0 it moves none by itself
    priced: ClassVar[bool]  # True if its rows carry amounts
    stock_role: ClassVar[str | None]  # role of the account against which its goods are valued
    counter_role: ClassVar[str | None]  # role of its total: receivable, payable, bank
    party_kind: ClassVar[str | None]  # `customer` or `supplier` when a party is needed
    line_keys: ClassVar[frozenset[str]]  # the keys that its lines may have
    needs_item: ClassVar[bool]  # True if each line names an item
    fulfils: ClassVar[Mapping[str, str]]  # types that its lines may come `from` → the kind of link
    names_items: ClassVar[bool]  # True if a line may name the item that the line it comes from leaves open
    any_currency: ClassVar[bool]  # True if it may be in another currency than the company's

    def takes_amount(self, given: LineInput, origin: Origin) -> bool:
        """True if a line uses up the amount of the line it comes from, whatever its quantity."""
        ...

    def quantity_left(self, origin: Origin) -> int | None:
        """Return the quantity that lines may take of an origin, millionths; None = its quantity less the units taken."""
        ...

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        """Return the problems of the document as a whole, after pricing."""
        ...

    def plan(self, document: Document, ctx: Context, do: Any) -> Plan:
        """Return all that the document does; `do` is a `wares.Behaviours`."""
        ...

    def goods_values(self, document: Document, ctx: Context, do: Any) -> Mapping[str, int]:
        """Return row number → the stated value of the goods it brings in, minor units; `do` is a `wares.Behaviours`."""
        ...

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        """True if this line moves its goods with this document."""
        ...

    def clearing(self, link: Link, row: Row) -> Link:
        """Return the link with the amount that it takes of its origin, in the currency of the row."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A document's head with everything looked up."""

    type: DocumentKind  # the document type: `wares.DocumentType`
    number: str | None  # None until one is given
    effective_at: int  # instant, microseconds since 1970
    day: int  # yyyymmdd
    due: int | None  # yyyymmdd
    party: Party | None
    location: Location  # where its goods move unless a line names another place
    to_location: Location | None  # of a transfer
    currency: str  # ISO 4217 code
    decimals: int  # places of the currency
    goods: str  # `now`, `later` or `none`
    account: Account | None  # the account that the head names
    reference: str | None  # the other side's number
    memo: str | None
    direction: str | None  # of a payment: `in` or `out`
    amount: int | None  # of the head, minor units of the document's currency
    attributes: Any  # the parsed `Attributes` of the document type
    record: Record  # the record as it was given
    apply_to: tuple[tuple[OriginDocument, int | None, str | None], ...] = ()  # document, amount, line number
    exchange: Exchange | None = None  # of a document in another currency than the company's

    def in_base(self, amount: int) -> int:
        """Convert an amount of the document to company currency, minor units."""
        return amount if self.exchange is None else self.exchange.base(amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The context of every behaviour: the document's head, look-ups, settings of the books, facts that plugins loaded.

    It is frozen, grows with the API, and never holds a database session.
    """

    header: Header  # the document's head
    masters: Masters  # look-ups
    settings: Mapping[str, str]  # the policies of the books: key → value
    facts: Mapping[str, Record]  # plugin → the facts that its `wares_load` read

    @property
    def decimals(self) -> int:
        """The places of the document's currency."""
        return self.header.decimals

    def in_currency(self, price: int | None) -> int | None:
        """Convert a master's price per unit (millionths) from company currency to the document's."""
        exchange = self.header.exchange
        return price if price is None or exchange is None else exchange.price(price)

    @property
    def side(self) -> Side:
        """The side of the business that the document belongs to."""
        return self.header.type.side

    @property
    def sign(self) -> int:
        """+1 when goods and money flow the way of the side, −1 when the document takes back."""
        return self.header.type.sign


class PriceContext(NamedTuple):
    """The context of pricing a line: the document's context and the rows above the line."""

    document: Context  # the context of the document
    above: Above | None  # the row or subtotal above; None on the first row
    subtotal: int  # minor units: the sum of the rows since the previous subtotal's group ended
    rows: tuple[str, ...]  # the numbers of these rows


class CostContext(NamedTuple):
    """The context of costing a line: the document's context and, for goods that come in at a known value, that value."""

    document: Context  # the context of the document
    value: int | None  # minor units, company currency; None = unknown


class AccountQuery(NamedTuple):
    """The question which account holds `role` for a line."""

    role: str  # the role that an account is wanted for
    item: Item | None
    line: Line | None
    location: Location | None
    party: Party | None


class Document(NamedTuple):
    """A document after pricing: head, every line in order, the rows by number and the sum of their amounts."""

    header: Header  # its head
    rows: tuple[Row, ...]  # in order, with contents and calculations
    total: int  # minor units of the document's currency; in `plan` of the company's

    def row(self, number: str) -> Row:
        """The row of this line number; there is one."""
        return next(row for row in self.rows if row.line.number == number)
