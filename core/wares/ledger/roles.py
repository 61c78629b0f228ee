"""The words of the ledger: types of account, roles, levels of mapping rules.

A role is what an account is for. Postings name roles; mapping rules and the accounts' own lists say which account
holds a role for a given item, place or party. The list of roles is ACCOUNTING's; plugins bring their own besides.
"""

from __future__ import annotations

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
    "receivable": "what customers owe",
    "payable": "what is owed to suppliers",
    "customer_deposit": "money of customers not yet earned",
    "supplier_deposit": "money paid to suppliers ahead",
    "tax_payable": "tax on sales, owed",
    "tax_recoverable": "tax on purchases, to be had back",
    "received_not_billed": "goods received, the bill still to come",
    "delivered_not_invoiced": "cost of goods delivered, the invoice still to come",
    "drop_ship_clearing": "cost of drop shipments between invoice and bill",
    "landed_cost_clearing": "freight and duty between its bill and the goods it belongs to",
    "inventory_adjustment": "counts and adjustments",
    "price_variance": "purchase prices against standard or returned cost",
    "build_variance": "builds and unbuilds against standard, scrap",
    "build_absorption": "services and labour taken into assemblies",
    "revaluation": "changes of stock value by decision",
    "fx_gain_loss": "exchange differences",
    "rounding": "the last minor unit",
    "write_off": "small balances given up",
    "channel_clearing": "money that a sales channel holds",
    "channel_fees": "fees of sales channels",
    "shipping_income": "shipping charged to customers",
    "tips": "what buyers gave beside the price",
    "shipping_cost": "what shipping to customers costs: labels, postage",
    "owner_contribution": "what the owner put in or paid privately",
    "owner_drawings": "what the owner took out, goods among it",
    "retained_earnings": "results of earlier years",
    "opening_balance": "the other side of opening balances",
    "bank": "money in bank and till",
}
"""Every role that the core posts to, with what it means."""

TYPES_OF_ROLE = {"inventory": "asset", "receivable": "asset", "payable": "liability", "retained_earnings": "equity"}
"""Roles that only one type of account can hold: statements would be wrong otherwise."""

LEVELS = ("item", "category", "item_type", "location", "party", "company")
"""Levels of mapping rules, most specific first."""
