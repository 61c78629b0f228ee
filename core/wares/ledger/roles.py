"""The vocabulary of the ledger: types of account, roles, levels of mapping rules.

A role is the purpose of an account. Postings name roles; mapping rules and the accounts' own lists decide which account
holds a role for a given item, location or party. Plugins may add roles to this list.
"""

from __future__ import annotations

from wares.model import DELIVERED_NOT_INVOICED, RECEIVED_NOT_BILLED

ACCOUNT_TYPES = ("asset", "liability", "equity", "income", "expense")
BALANCE_SHEET_TYPES = frozenset({"asset", "liability", "equity"})

ROLES: dict[str, str] = {
    "inventory": "value of the goods on hand",
    "inventory_undetailed": "purchases of inventory not yet split into products",
    "inventory_periodic": "inventory of periodic mode",
    "cogs": "cost of goods sold",
    "income": "sales, markups and charges sold",
    "expense": "purchases that are not goods on hand",
    "discount": "discount rows given",
    "receivable": "amounts owed by customers",
    "payable": "amounts owed to suppliers",
    "customer_deposit": "money of customers not yet earned",
    "supplier_deposit": "money paid to suppliers ahead",
    "tax_payable": "tax on sales, owed",
    "tax_recoverable": "tax on purchases that can be reclaimed",
    RECEIVED_NOT_BILLED: "goods received and not billed yet",
    DELIVERED_NOT_INVOICED: "cost of goods delivered and not invoiced yet",
    "drop_ship_clearing": "cost of drop shipments between invoice and bill",
    "landed_cost_clearing": "freight and duty between the goods and its bill (accrued freight)",
    "inventory_adjustment": "counts and adjustments",
    "price_variance": "purchase prices against standard or returned cost",
    "build_variance": "builds and unbuilds against standard cost, scrap",
    "build_absorption": "services and labour absorbed into assemblies",
    "revaluation": "changes of stock value by decision",
    "fx_gain_loss": "exchange differences",
    "rounding": "the last minor unit",
    "write_off": "small balances given up",
    "channel_clearing": "money that a sales channel holds",
    "channel_fees": "fees of sales channels",
    "shipping_income": "shipping charged to customers",
    "tips": "money of buyers beyond the price",
    "shipping_cost": "cost of shipping to customers: labels, postage",
    "owner_contribution": "capital put in or bills paid by the owner",
    "owner_drawings": "money and goods taken out by the owner",
    "retained_earnings": "results of earlier years",
    "opening_balance": "the other side of opening balances",
    "bank": "money in bank and till",
}
"""Every role that the core posts to, with its meaning."""

TYPES_OF_ROLE: dict[str, tuple[str, ...]] = {
    "inventory": ("asset",),
    "inventory_undetailed": ("asset",),
    "inventory_periodic": ("asset",),
    "receivable": ("asset",),
    "payable": ("liability",),
    "received_not_billed": ("liability", "asset"),
    "delivered_not_invoiced": ("asset", "liability"),
    "retained_earnings": ("equity",),
}
"""Role → the types of account that can hold it, so that statements stay right. Other roles are held by accounts of any type."""


def allows(role: str, account_type: str) -> bool:
    """True if accounts of this type can hold the role."""
    return role not in TYPES_OF_ROLE or account_type in TYPES_OF_ROLE[role]


LEVELS = ("item", "category", "item_type", "location", "party", "company")
"""Levels of mapping rules, most specific first."""
