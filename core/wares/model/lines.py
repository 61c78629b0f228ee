"""A line on its way: as it was given, as it stands with everything looked up, expanded, priced."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from wares.model.masters import Item, Location
from wares.model.origins import Origin
from wares.values import SCALE


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
        """Where the record has it: "lines[0]"."""
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
