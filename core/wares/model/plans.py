"""The plan of a document, before its moves have values: moves with their intents, legs of the entry, links, open quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import EnumType, IntEnum
from typing import TYPE_CHECKING, NamedTuple

from wares.model.masters import Account, Item, Location, Party
from wares.values import split


class _Renamed(EnumType):
    """An enumeration whose members may have old names. They warn; type checkers know the new ones only."""

    if not TYPE_CHECKING:

        def __getattr__(cls, name: str) -> object:
            from wares.runtime.deprecations import renamed_member

            new = None if name.startswith("_") else renamed_member(cls.__name__, name)
            if new is None:
                raise AttributeError(f"{cls.__name__} has no member {name!r}")
            return cls[new]


class Intent(IntEnum, metaclass=_Renamed):
    """The source of a move's value. It is stored on the move, so that every later reading works without the plugin."""

    BY_METHOD = 0  # an issue: by the pool's cost method
    STATED = 1  # incoming at the stated amount, plus the value facts on it
    AT_ISSUE_COST = 2  # a return: its share of the value that the origin move took out
    AT_RECEIPT_COST = 3  # goods go back: their share of the value that the origin move brought in
    FROM_INPUTS = 4  # incoming: its share of the value that the group's issues took out, plus `stated`
    AT_POOL = 5  # incoming without a price: `stated` unit cost, else the pool's unit value, else the last known, else the item's
    COUNTED = 6  # the difference between the counted and the book quantity, valued as AT_POOL or BY_METHOD
    QUANTITY_ONLY = 7  # quantity only: both legs of a transfer inside one pool
    TRANSFER_OUT = 8  # a transfer from one pool: by its method, the layers that the move `origin` brought first
    TRANSFER_IN = 9  # a transfer to another: the value that the group's move took out, in the same layers
    REVALUED_TO = 10  # value only: every unit on hand is worth `stated` (millionths) from here on
    REVALUED_BY = 11  # value only: `stated` minor units are added, spread by value
    METHOD_CHANGED = 12  # no goods, no value: the pool is folded by `method` from here on
    COST_TRANSFERRED = 13  # no goods: the cost of `share` units that the origin took out goes from one account to another
    COUNT_REVERSED = 14  # takes back the difference that the count `origin` found: the opposite quantity, at its present value


OUTPUTS = frozenset({Intent.FROM_INPUTS, Intent.TRANSFER_IN})
"""Intents of moves that take their value from the other moves of their group."""
GOODS_AT_ORIGIN_COST = frozenset({Intent.AT_ISSUE_COST, Intent.AT_RECEIPT_COST, Intent.COUNT_REVERSED})
"""Intents of moves of goods that are worth a share of the value of the move `origin`, among them the reversal of a count."""
PLANNED_AT_ORIGIN_COST = frozenset({Intent.AT_ISSUE_COST, Intent.AT_RECEIPT_COST, Intent.COST_TRANSFERRED})
"""Intents that a document plans with a share of the value of the move `origin`, with goods or without."""

VALUE_ONLY = frozenset({Intent.REVALUED_TO, Intent.REVALUED_BY, Intent.METHOD_CHANGED})
"""Intents of moves that carry no goods."""


class NegativeStock(IntEnum):
    """Whether an issue may take more than there is (the setting negative_stock when it was recorded)."""

    NEVER = 0
    AT_ESTIMATE = 1  # provisional: at the last known cost, trued up when covered
    AT_NOTHING = 2  # pending: no value and no COGS until covered


class Absorbed(NamedTuple):
    """A cost that is not goods (labour, a service), which goods that come in take up. It is credited to `role`."""

    amount: int  # minor units, company currency, ≥ 0
    role: str  # the role that is credited
    item: Item  # the item whose cost it is
    line: str = ""  # number of its line; "" = the line that is costed
    account: Account | None = None  # an account that wins over the role


class PlannedMove(NamedTuple):
    """A move that a line asks for. `quantity` is signed, in the item's unit."""

    item: Item  # the item that moves
    quantity: int  # signed, millionths of the item's unit
    location: Location  # the place where it moves
    intent: Intent  # the source of its value
    stated: int | None = None  # STATED, FROM_INPUTS, REVALUED_BY: minor units; AT_POOL, COUNTED, REVALUED_TO: unit cost, millionths
    counter: str | None = "cogs"  # role of the account the value comes from or goes to; None inside a group
    origin: int | None = None  # move id, for PLANNED_AT_ORIGIN_COST, TRANSFER_OUT, and METHOD_CHANGED that changes back
    group: str | None = None  # line number that ties issues to the outputs they pay for
    share: int = 0  # FROM_INPUTS: weight among the outputs of the group; COST_TRANSFERRED: units, millionths
    counted: int | None = None  # a count: millionths found
    lot: str = ""  # "" where the item is not kept by lot
    counter_account: Account | None = None  # stated outright; wins over `counter`
    may_be_short: bool = False  # a plain issue; builds, transfers and goods going back never are
    method: str | None = None  # METHOD_CHANGED: the key of the method
    line: str = ""  # number of its line; `DocumentType.moves` sets it, a type that overrides `moves` sets it itself
    absorbed: tuple[Absorbed, ...] = ()  # the part of `stated` that comes from absorbed costs, not from `counter`; `absorb` sets it


class CostPlan(NamedTuple):
    """The moves of a line, each with the source of its value; never an amount that the type invents."""

    moves: tuple[PlannedMove, ...] = ()  # the moves of the line
    absorbed: tuple[Absorbed, ...] = ()  # costs that are not goods, for the goods that these moves bring in at a stated value


def takes_up_costs(move: PlannedMove) -> bool:
    """True if the move brings goods in at a stated value, or as an output of its group: it can take absorbed costs up."""
    return move.quantity > 0 and move.intent in (Intent.STATED, Intent.FROM_INPUTS)


def absorb(moves: Sequence[PlannedMove], absorbed: Sequence[Absorbed]) -> tuple[PlannedMove, ...]:
    """Return the moves with these costs in the value of the goods that they bring in.

    Outputs of a group take the costs up by their shares, else goods at a stated value by value. Each cost is credited in full.
    Raises ValueError if there are costs, and no move takes them up.
    """
    if not absorbed:
        return tuple(moves)
    places = [place for place, move in enumerate(moves) if takes_up_costs(move)]
    outputs = [place for place in places if moves[place].intent is Intent.FROM_INPUTS]
    if not places:
        raise ValueError("no move brings goods in at a stated value")
    weights = [moves[place].share for place in outputs] or [moves[place].stated or 0 for place in places]
    parts = split(sum(cost.amount for cost in absorbed), weights)
    changed = list(moves)
    left = list(absorbed)
    for place, part in zip(outputs or places, parts, strict=True):
        taken, left = _first(left, part)
        move = moves[place]
        changed[place] = move._replace(stated=(move.stated or 0) + part, absorbed=(*move.absorbed, *taken))
    return tuple(changed)


def _first(costs: Sequence[Absorbed], amount: int) -> tuple[list[Absorbed], list[Absorbed]]:
    """Part costs in two: the first ones up to `amount`, and the rest."""
    first: list[Absorbed] = []
    for place, cost in enumerate(costs):
        if not amount:
            return first, [*costs[place:]]
        if cost.amount > amount:
            return [*first, cost._replace(amount=amount)], [cost._replace(amount=cost.amount - amount), *costs[place + 1 :]]
        first.append(cost)
        amount -= cost.amount
    return first, []


class ValueFact(NamedTuple):
    """Value added to (or taken off) an earlier receipt, at that receipt's instant."""

    move_id: int  # the move of the receipt
    amount: int  # minor units, company currency; signed
    kind: str  # `bill`, `rebate`, `landed_cost` or `close`
    counter: str  # role of the other side
    line: str  # number of the line that states it


class Link(NamedTuple):
    """A line fulfils or takes back part of another."""

    origin_id: int  # id of the line that it comes from
    line: str  # number of the line
    kind: str  # a `LinkKind`, or a kind of a plugin's own: as `fulfils` of the type names it
    quantity: int  # millionths of the origin's unit
    amount: int  # minor units, company currency
    currency_amount: int | None = None  # in the origin's currency, where that is another than the company's


class Opens(NamedTuple):
    """A quantity that a line leaves open for a later document."""

    line: str  # number of the line
    waits_for: str  # the `LinkKind` of the document to come
    item: Item  # the item of the open quantity
    quantity: int  # millionths
    amount: int  # minor units, company currency


class Leg(NamedTuple):
    """One posting of the entry to come, to an account or a role."""

    amount: int  # minor units, company currency; debit positive
    role: str  # role of the account
    account: Account | None = None  # an account that wins over the role
    line: str | None = None  # number of the line
    item: Item | None = None
    of_party: bool = False  # carries the party: receivable, payable
    memo: str | None = None
    currency_amount: int | None = None  # the same in the document's currency, where that is another


class NewAccount(NamedTuple):
    """An item whose stock moves to another inventory account."""

    line: str  # number of the line
    item: Item  # the item whose stock moves
    account: Account | None  # the new inventory account; None = the one that the books' rules name now


class OpenItem(NamedTuple):
    """An unpaid invoice or bill from before the books began, which an opening balance brings in."""

    type: str  # `invoice` or `bill`
    number: str  # its number
    party: Party  # the customer or supplier
    day: int  # yyyymmdd
    amount: int  # minor units, company currency


class Plan(NamedTuple):
    """All that a document does, before its moves have values."""

    moves: tuple[PlannedMove, ...] = ()  # of all lines
    facts: tuple[ValueFact, ...] = ()  # value added to earlier receipts
    legs: tuple[Leg, ...] = ()  # postings that do not depend on cost
    links: tuple[Link, ...] = ()  # ties to the lines that its lines come from
    opens: tuple[Opens, ...] = ()  # quantities left for later documents
    applications: tuple[tuple[int, int], ...] = ()  # (document id, minor units) that it settles
    open_items: tuple[OpenItem, ...] = ()  # unpaid documents of an opening balance
    new_accounts: tuple[NewAccount, ...] = ()  # items whose stock changes its inventory account
    goods_amounts: Mapping[str, int] = {}  # row number → its value as goods, minor units, where that differs from its amount
    total: int = 0  # minor units, in the currency in which `plan` sees the document
    base_total: int | None = None  # in company currency, where the document is in another
