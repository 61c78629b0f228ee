"""The values that pass between the rooms: masters, lines, rows, planned moves and legs.

Nothing here touches a database or knows a type of item. Money is minor units, quantities and prices are millionths
(see `wares.values`). All are immutable; tuples with names where they are made by the thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from wares.values import ONE_FOR_ONE, SCALE, divide, share

if TYPE_CHECKING:
    from wares.documenttype import DocumentType

# --- masters ---------------------------------------------------------------------------------------------------------


class ComponentKind(IntEnum):
    """What an item→item edge means."""

    CONTENT = 0
    VARIANT = 1
    BY_PRODUCT = 2


class Component(NamedTuple):
    """An edge from an item to another: BOM row, kit content, group member, variant or by-product."""

    item_id: int
    sku: str
    quantity: int  # millionths of the component's unit per one (or per `makes`) of the parent
    price: int | None = None  # group price per unit
    share: int | None = None  # by-product: percent of the build's value, millionths
    values: Mapping[str, str] | None = None  # variant: axis → value


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of the item master. `attributes` is the type's parsed model (None while its plugin is missing)."""

    id: int = 0
    type: str
    sku: str
    name: str
    unit: str = "ea"
    price: int | None = None
    cost: int | None = None
    cost_method: str | None = None
    category: str | None = None
    barcode: str | None = None
    weight: int | None = None
    volume: int | None = None
    makes: int = SCALE
    active: bool = True
    attributes: Any = None
    raw_attributes: Mapping[str, Any] = field(default_factory=dict)
    contents: tuple[Component, ...] = ()
    by_products: tuple[Component, ...] = ()
    variants: tuple[Component, ...] = ()


class Party(NamedTuple):
    """A customer, a supplier, or both: `kinds` says which."""

    id: int
    code: str
    name: str
    kinds: tuple[str, ...]


class Location(NamedTuple):
    """A place where stock lies."""

    id: int
    code: str
    name: str


class Account(NamedTuple):
    """A ledger account; `roles` are the roles it may hold."""

    id: int
    code: str
    name: str
    type: str
    roles: tuple[str, ...]


CONTROL_ROLES = frozenset(
    {"inventory", "receivable", "payable", "received_not_billed", "delivered_not_invoiced", "drop_ship_clearing"}
)
"""Roles whose accounts are reached only by document lines that carry the item or party."""

# --- what was recorded -----------------------------------------------------------------------------------------------


class LineInput(NamedTuple):
    """One line as the user gave it, parsed: exact integers, nothing looked up yet. None = not given."""

    path: str
    item: str | None = None
    quantity: int | None = None
    unit_price: int | None = None
    unit_cost: int | None = None
    amount: int | None = None
    discount: int = 0
    unit: str | None = None
    unit_factor: int = SCALE
    location: str | None = None
    origin: str | None = None  # the key `from`
    stands_alone: bool = False  # "from": null was given
    restock: bool | None = None
    drop_ship: bool = False
    special_order: bool = False
    components: tuple[tuple[str, int], ...] | None = None
    variants: tuple[tuple[str, int], ...] | None = None
    attributes: Mapping[str, Any] | None = None
    lot: str | None = None
    account: str | None = None
    tax: str | None = None
    memo: str | None = None
    description: str | None = None
    counted: int | None = None
    cost_method: str | None = None
    scrapped: int = 0  # a build: units begun and lost; they consume components and come to nothing
    by_products: tuple[tuple[str, int], ...] | None = None  # a build: what was really received, in total


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
    ever_back: int = 0  # `taken_back` and what was undone on a later day: shares are cumulative over it


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


class Line(NamedTuple):
    """A line on its way through the pipeline. `quantity` is in the line's unit, `base_quantity` in the item's."""

    number: str  # "2" or "2.1"
    parent: str | None
    item: Item | None
    quantity: int
    base_quantity: int
    location: Location
    given: LineInput
    origin: Origin | None = None
    content: bool = False  # moves goods for the row above it, carries no price of its own
    done: int = 0  # quantity of the origin that was already taken the same way, before this line
    done_amount: int = 0  # and what of the origin's amount that took

    @property
    def path(self) -> str:
        return self.given.path


class Expansion(NamedTuple):
    """What `expand` makes of a line: nothing (the line itself), contents that move under it, or rows that replace it."""

    contents: tuple[NewLine, ...] = ()
    rows: tuple[NewLine, ...] = ()


class NewLine(NamedTuple):
    """A subline that an expansion asks for; `unit_price` None = the item's own."""

    item: Item
    quantity: int  # of the item's unit, for the whole parent line
    unit_price: int | None = None
    origin: Origin | None = None


class RowKind(IntEnum):
    """What a line of a document is, once expanded and priced."""

    ROW = 0
    CONTENT = 1
    CALCULATION = 2  # attached to the row above
    SUBTOTAL = 3  # shows a sum, closes its group
    HEADER = 4  # replaced by its sublines, carries nothing itself


class Pricing(NamedTuple):
    """What `price` says of a line. `amount` is minor units; the role is where it is posted."""

    amount: int
    unit_price: int | None = None
    kind: RowKind = RowKind.ROW
    role: str | None = None  # None = the item type's sale or purchase role
    into_cost: bool = False  # purchases: part of the cost of the rows it acts on
    discount: int = 0


class Above(NamedTuple):
    """What a calculation acts on: the row (or subtotal) above with the calculations already attached to it."""

    number: str  # of the row or subtotal
    running: int  # minor units, net of the calculations so far
    original: int
    rows: tuple[str, ...]  # the row numbers it covers (several under a subtotal)


class Row(NamedTuple):
    """A priced line."""

    line: Line
    pricing: Pricing
    base: str | None = None  # a calculation: number of the row it is attached to
    covers: tuple[str, ...] = ()  # a calculation: every row it acts on


# --- what is planned -------------------------------------------------------------------------------------------------


class Intent(IntEnum):
    """Where a move takes its value from; stored on the move, so that every later reading works without the plugin."""

    BY_METHOD = 0  # an issue: whatever the pool's cost method says
    STATED = 1  # incoming at the stated amount, plus the value facts on it
    AS_LEFT = 2  # a return: its share of what the origin move took out
    AS_CAME = 3  # goods go back: their share of what the origin move brought in
    FROM_INPUTS = 4  # incoming: its share of what the group's issues took out, plus `stated`
    AT_POOL = 5  # incoming without a price: `stated` unit cost, else the pool's unit value, else the last known, else the item's
    COUNTED = 6  # the difference between the counted and the book quantity, valued as AT_POOL or BY_METHOD
    NEUTRAL = 7  # quantity only: both legs of a transfer inside one pool
    CARRIED_OUT = 8  # a transfer from one pool: by its method, what the move `origin` brought first
    CARRIED_IN = 9  # to another: what the group's move took out, in the same layers
    REVALUED_TO = 10  # value only: every unit on hand is worth `stated` (millionths) from here on
    REVALUED_BY = 11  # value only: `stated` minor units are added, spread by value
    METHOD_CHANGED = 12  # neither: the pool is folded by `method` from here on
    PASSED_ON = 13  # no goods: the cost of `share` units that the origin took out goes from one account to another


OUTPUTS = frozenset({Intent.FROM_INPUTS, Intent.CARRIED_IN})
"""Intents of moves that take their value from the other moves of their group."""
VALUE_ONLY = frozenset({Intent.REVALUED_TO, Intent.REVALUED_BY, Intent.METHOD_CHANGED})
"""Intents of moves that carry no goods."""


class Short(IntEnum):
    """Whether an issue may take more than there is (the setting negative_stock when it was recorded)."""

    NEVER = 0
    AT_ESTIMATE = 1  # provisional: at the last known cost, trued up when covered
    AT_NOTHING = 2  # pending: no value and no COGS until covered


class PlannedMove(NamedTuple):
    """A move that a line asks for. `quantity` is signed, in the item's unit."""

    item: Item
    quantity: int
    location: Location
    intent: Intent
    stated: int | None = None  # STATED, FROM_INPUTS: minor units; AT_POOL, COUNTED: unit cost in millionths
    counter: str | None = "cogs"  # role of the account the value comes from or goes to; None inside a group
    origin: int | None = None  # move id, for AS_LEFT and AS_CAME
    group: str | None = None  # line number that ties issues to the outputs they pay for
    share: int = 0  # FROM_INPUTS: weight among the outputs of the group
    counted: int | None = None
    lot: str = ""
    counter_account: Account | None = None  # stated outright; wins over `counter`
    may_be_short: bool = False  # a plain issue; builds, transfers and goods going back never are
    method: str | None = None  # METHOD_CHANGED: the key of the method
    line: str = ""  # set by the pipeline


class Absorbed(NamedTuple):
    """A cost that is not goods (labour, service) taken into a group's outputs, credited to `role`."""

    amount: int
    role: str
    item: Item
    line: str = ""


class CostPlan(NamedTuple):
    """The moves that a line makes and where each takes its value from; never an amount of its own invention."""

    moves: tuple[PlannedMove, ...] = ()
    absorbed: tuple[Absorbed, ...] = ()


class ValueFact(NamedTuple):
    """Value added to (or taken off) an earlier receipt, at that receipt's instant."""

    move_id: int
    amount: int
    kind: str  # bill | rebate | landed_cost
    counter: str  # role
    line: str


class Link(NamedTuple):
    """A line fulfils or takes back part of another."""

    origin_id: int
    line: str
    kind: str  # deliver | invoice | receive | bill | credit | unbuild
    quantity: int
    amount: int
    currency_amount: int | None = None  # in the origin's currency, where that is another than the company's


class Opens(NamedTuple):
    """A line leaves something for a later document to do."""

    line: str
    waits_for: str  # deliver | invoice | receive | bill
    item: Item
    quantity: int
    amount: int


class Leg(NamedTuple):
    """One posting to be: minor units of the company's currency, debit positive. Account or role."""

    amount: int
    role: str
    account: Account | None = None
    line: str | None = None
    item: Item | None = None
    of_party: bool = False  # carries the party: receivable, payable
    memo: str | None = None
    currency_amount: int | None = None  # the same in the document's currency, where that is another


class NewAccount(NamedTuple):
    """An item whose stock goes to another inventory account; None: to the one that the books' rules name now."""

    line: str
    item: Item
    account: Account | None


class OpenItem(NamedTuple):
    """A document of before: an unpaid invoice or bill that an opening balance brings in."""

    type: str
    number: str
    party: Party
    day: int
    amount: int


class Plan(NamedTuple):
    """All that a document does, before its moves have values."""

    moves: tuple[PlannedMove, ...] = ()
    facts: tuple[ValueFact, ...] = ()
    legs: tuple[Leg, ...] = ()
    links: tuple[Link, ...] = ()
    opens: tuple[Opens, ...] = ()
    applications: tuple[tuple[int, int], ...] = ()  # (document id, amount)
    open_items: tuple[OpenItem, ...] = ()
    new_accounts: tuple[NewAccount, ...] = ()
    goods_amounts: Mapping[str, int] = {}  # row number → its value as goods, where that differs from its amount
    total: int = 0
    base_total: int | None = None  # in company currency, where the document is in another


class Side(StrEnum):
    """Which side of the business a document stands on: it decides price or cost, sold or bought, default roles."""

    SALE = "sale"
    PURCHASE = "purchase"
    STOCK = "stock"
    MONEY = "money"
    LEDGER = "ledger"


class Masters(Protocol):
    """Look-ups that a pipeline context offers; each raises Refused with a coded Issue when there is no such thing."""

    def item(self, sku: str, path: str = "") -> Item: ...
    def item_by_id(self, item_id: int) -> Item: ...
    def account(self, code: str, path: str = "") -> Account: ...
    def account_by_id(self, account_id: int) -> Account: ...
    def location(self, code: str, path: str = "") -> Location: ...
    def party(self, code: str, path: str = "") -> Party: ...
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
        return next(row for row in self.rows if row.line.number == number)
