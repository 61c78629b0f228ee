"""The masters: items with their components, parties, locations, accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

from wares.model.links import DELIVERED_NOT_INVOICED, RECEIVED_NOT_BILLED
from wares.values import SCALE, Record


class ComponentKind(IntEnum):
    """The meaning of an edge from one item to another."""

    CONTENT = 0
    VARIANT = 1
    BY_PRODUCT = 2


class Component(NamedTuple):
    """An edge from an item to another: BOM row, kit content, group member, variant or by-product."""

    item_id: int  # id of the component
    sku: str  # its SKU
    quantity: int  # quantity for `makes` units of the parent (one unless it states `makes`), in the component's unit, millionths
    price: int | None = None  # of a group's member: price per unit, millionths; None = the item's own
    share: int | None = None  # of a by-product: percent of the build's value, millionths
    values: Mapping[str, str] | None = None  # of a variant: axis → value
    setup_quantity: int = 0  # of a BOM: quantity for setting a build up, however much it makes, millionths
    loss: int = 0  # of a BOM: percent that is lost on the way, on top of `quantity`, millionths
    multiple: int | None = None  # of a BOM: a build takes whole multiples of it, rounded up, millionths


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of the item master. `attributes` is the type's parsed model (None while its plugin is missing)."""

    id: int = 0  # 0 until it is stored
    type: str  # key of its item type
    sku: str  # its stock-keeping unit, unique in the company
    name: str  # its name on documents and reports
    unit: str = "ea"  # its stock unit
    price: int | None = None  # price per unit, millionths, company currency
    cost: int | None = None  # cost per unit, millionths, company currency; for standard cost the rate that a pool begins with
    cost_method: str | None = None  # key of a cost method; None on items without stock
    category: str | None = None
    barcode: str | None = None
    weight: int | None = None  # of one unit, millionths
    volume: int | None = None  # of one unit, millionths
    makes: int = SCALE  # quantity of this item that one set of its components makes, millionths
    active: bool = True  # False once it is retired
    attributes: Any = None  # the parsed `Attributes` of its type; None while its plugin is missing
    raw_attributes: Record = field(default_factory=dict)  # the same as JSON values
    contents: tuple[Component, ...] = ()  # bill of materials, contents of a kit, members of a group
    by_products: tuple[Component, ...] = ()  # by-products of its build
    variants: tuple[Component, ...] = ()  # variants of a master


class Party(NamedTuple):
    """A customer, a supplier, or both: `kinds` says which."""

    id: int  # its id in the tables
    code: str  # its code in records
    name: str  # its name
    kinds: tuple[str, ...]  # `customer`, `supplier` or both


class Location(NamedTuple):
    """A place where stock lies."""

    id: int  # its id in the tables
    code: str  # its code in records
    name: str  # its name


class Account(NamedTuple):
    """A ledger account; `roles` are the roles it may hold."""

    id: int  # its id in the tables
    code: str  # its code in records
    name: str  # its name
    type: str  # asset, liability, equity, income or expense
    roles: tuple[str, ...]  # the roles that it may hold


CONTROL_ROLES = frozenset({"inventory", "receivable", "payable", RECEIVED_NOT_BILLED, DELIVERED_NOT_INVOICED, "drop_ship_clearing"})
"""Roles whose accounts are reached only by document lines that carry the item or party."""
