"""Why goods are gone that were not sold."""

from __future__ import annotations

from collections.abc import Mapping

VENDOR_RETURN = "vendor-return"
REASONS: Mapping[str, str] = {
    "shrinkage": "inventory_adjustment",
    "own-use": "owner_drawings",
    "sample": "expense",
    VENDOR_RETURN: "price_variance",
}
"""Reason → the role of the account that bears the cost; of a vendor return, what the vendor does not give back."""
