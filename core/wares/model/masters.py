"""The masters: items with their components, parties, locations, accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

from wares.values import SCALE


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
