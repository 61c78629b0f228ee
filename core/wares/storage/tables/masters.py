"""Masters: accounts, the rules that map roles to accounts, parties, locations, items and their components."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from wares.storage.columns import code, count, identifier, quantity, small, text
from wares.storage.tables.declare import belongs, company_table

account = company_table(
    "account",
    identifier("account_id", primary_key=True),
    code("code"),
    text("name"),
    code("type"),  # asset | liability | equity | income | expense
    text("roles"),  # JSON array of the roles it may hold
    small("active"),
    UniqueConstraint("company_id", "code"),
)
mapping = company_table(
    "mapping",
    code("role", primary_key=True),
    code("level", primary_key=True),  # item | category | item_type | location | party | company
    code("of", primary_key=True),  # "" at company level
    identifier("account_id"),
    belongs("account_id", "account"),
)
party = company_table(
    "party",
    identifier("party_id", primary_key=True),
    code("code"),
    text("name"),
    text("kinds"),  # JSON array: customer, supplier
    small("active"),
    UniqueConstraint("company_id", "code"),
)
location = company_table(
    "location",
    identifier("location_id", primary_key=True),
    code("code"),
    text("name"),
    small("active"),
    UniqueConstraint("company_id", "code"),
)
item = company_table(
    "item",
    identifier("item_id", primary_key=True),
    code("type"),
    code("sku"),
    text("name"),
    code("unit"),
    quantity("price", nullable=True),
    quantity("cost", nullable=True),
    code("cost_method", nullable=True),
    code("category", nullable=True),
    code("barcode", nullable=True),
    quantity("weight", nullable=True),
    quantity("volume", nullable=True),
    quantity("makes"),
    small("active"),
    text("attributes", nullable=False),  # JSON, parsed by the type's Attributes model only
    UniqueConstraint("company_id", "sku"),
)
component = company_table(
    "component",
    identifier("parent_id", primary_key=True),
    small("kind", primary_key=True),  # 0 content, 1 variant, 2 by-product
    count("position", primary_key=True),
    identifier("item_id"),
    quantity("quantity"),
    quantity("price", nullable=True),
    quantity("share", nullable=True),  # by-product: percent of the build's value
    text("attributes"),  # JSON: a variant's values; set-up quantity, loss and multiple of a BOM row
    belongs("parent_id", "item", "item_id"),
    belongs("item_id", "item"),
    Index(None, "company_id", "item_id"),
)
