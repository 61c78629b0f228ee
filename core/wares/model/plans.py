"""What a document will do, before its moves have values: moves with their intents, legs of the entry, links, what it opens."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from wares.model.masters import Account, Item, Location, Party


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
    UNCOUNTED = 14  # takes back what the count `origin` found, whatever that comes to be: its opposite, at what it is worth


OUTPUTS = frozenset({Intent.FROM_INPUTS, Intent.CARRIED_IN})
"""Intents of moves that take their value from the other moves of their group."""
OF_ORIGIN = frozenset({Intent.AS_LEFT, Intent.AS_CAME, Intent.UNCOUNTED})
"""Intents of moves of goods that take their share of what the move `origin` is worth."""


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
    origin: int | None = None  # move id, for intents of OF_ORIGIN, CARRIED_OUT, PASSED_ON, and METHOD_CHANGED that changes back
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
