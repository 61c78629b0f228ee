"""The reasons for which unsold goods leave the stock."""

from __future__ import annotations

from collections.abc import Mapping

VENDOR_RETURN = "vendor-return"
REASONS: Mapping[str, str] = {
    "shrinkage": "inventory_adjustment",
    "own-use": "owner_drawings",
    "sample": "expense",
    VENDOR_RETURN: "price_variance",
}
"""Reason → role of the account that bears the cost; for a vendor return, the part of the cost that the vendor does not give
back."""
