"""A line on its way: as it was given, as it stands with everything looked up, expanded, priced."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from wares.model.masters import Item, Location
from wares.model.origins import Origin
from wares.values import SCALE, Record


class GivenComponent(NamedTuple):
    """A component that a line names instead of the master's: of a kit for one kit, of a build in total."""

    sku: str
    quantity: int  # millionths of the item's unit
    lot: str | None = None  # name of the lot that is taken


class LineInput(NamedTuple):
    """One line as the user gave it: parsed to exact integers, with nothing looked up yet. None = not given."""

    path: str  # path in the record: "lines[0]"
    item: str | None = None  # SKU
    quantity: int | None = None  # millionths of `unit`
    unit_price: int | None = None  # millionths per `unit`, document currency
    unit_cost: int | None = None  # millionths per `unit`, document currency
    amount: int | None = None  # minor units of the document's currency, as stated
    discount: int = 0  # percent, millionths
    unit: str | None = None  # name of the line's unit; None = the item's
    unit_factor: int = SCALE  # item units in one `unit`, millionths
    location: str | None = None  # code
    origin: str | None = None  # the key `from`: "I-1#2", or the number of a document
    stands_alone: bool = False  # `"from": null` was given
    restock: bool | None = None  # a credit note: the goods come back
    drop_ship: bool = False  # not in use yet
    special_order: bool = False  # not in use yet
    components: tuple[GivenComponent, ...] | None = None  # instead of the item's own
    variants: tuple[tuple[str, int], ...] | None = None  # (SKU, millionths) of a matrix line
    attributes: Record | None = None  # as given, not parsed
    lot: str | None = None  # name of a lot
    account: str | None = None  # code
    tax: str | None = None  # not in use yet
    memo: str | None = None
    description: str | None = None
    counted: int | None = None  # a count: millionths found
    cost_method: str | None = None  # a change of method: key of the new one
    scrapped: int = 0  # a build: units begun and lost, millionths; they consume components and yield nothing
    by_products: tuple[tuple[str, int], ...] | None = None  # a build: (SKU, millionths) received, in total
    states_factor: bool = False  # `unit_factor` was given
    extra_cost: int = 0  # a build: cost of the whole line beside its components, minor units


class Line(NamedTuple):
    """A line on its way through the pipeline. `quantity` is in the line's unit, `base_quantity` in the item's."""

    number: str  # "2", or "2.1" for a subline
    parent: str | None  # number of the line that expanded to this one
    item: Item | None  # None on a line without an item
    quantity: int  # millionths of the line's unit
    base_quantity: int  # millionths of the item's unit
    location: Location  # where its goods move
    given: LineInput  # the line as the user gave it
    origin: Origin | None = None  # the line that it comes `from`
    content: bool = False  # moves goods for the row above it and has no price of its own
    done: int = 0  # quantity of the origin that earlier lines took in the same way, millionths
    done_amount: int = 0  # the amount of the origin that they took, minor units
    linked: int | None = None  # quantity that it takes in the unit in which its origin is recorded; None = `quantity`

    @property
    def path(self) -> str:
        """The path of the line in the record: "lines[0]"."""
        return self.given.path


class Expansion(NamedTuple):
    """The answer of `expand`: nothing (the line stays as it is), contents that move under the line, or rows that replace it."""

    contents: tuple[NewLine, ...] = ()  # sublines that move goods under the line
    rows: tuple[NewLine, ...] = ()  # rows that replace the line


class NewLine(NamedTuple):
    """A subline that an expansion asks for."""

    item: Item  # the item of the subline
    quantity: int  # for the whole parent line, millionths of the item's unit
    unit_price: int | None = None  # millionths, document currency; None = the item's own
    origin: Origin | None = None  # the posted line that it takes back
    lot: str | None = None  # name of its lot; None = that of the line


class Content(NamedTuple):
    """A component of a line: given on it, or of the master."""

    item: Item
    quantity: int  # millionths of the item's unit: for one of a kit, for `makes` of an assembly; as given on the line
    lot: str | None = None  # name of a lot, where the line gives one


class RowKind(IntEnum):
    """The kind of a line of a document after expansion and pricing."""

    ROW = 0  # has a price, and goods if its item is tracked
    CONTENT = 1  # moves goods for the row above it, without a price
    CALCULATION = 2  # attached to the row above
    SUBTOTAL = 3  # shows a sum, closes its group
    HEADER = 4  # replaced by its sublines, has no amount and no goods


class Pricing(NamedTuple):
    """The answer of `price`: the amount of a line and the role that it is posted to."""

    amount: int  # minor units of the document's currency
    unit_price: int | None = None  # millionths, document currency
    kind: RowKind = RowKind.ROW  # the kind of row that the line becomes
    role: str | None = None  # role that the amount is posted to; None = the item type's sale or purchase role
    into_cost: bool = False  # on purchases: part of the cost of the rows it acts on
    discount: int = 0  # percent, millionths; the amount is net of it


class Above(NamedTuple):
    """The row (or subtotal) that a calculation acts on, with the calculations already attached to it."""

    number: str  # of the row or subtotal
    running: int  # minor units, net of the calculations so far
    original: int  # minor units, before any calculation
    rows: tuple[str, ...]  # numbers of the rows that it covers (several under a subtotal)


class Row(NamedTuple):
    """A priced line."""

    line: Line  # the line as expanded
    pricing: Pricing  # its amount, kind and role
    base: str | None = None  # a calculation: number of the row it is attached to
    covers: tuple[str, ...] = ()  # a calculation: numbers of all rows it acts on
