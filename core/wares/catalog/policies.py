"""The policies stored in the books: their keys and allowed values; the first value is the default."""

from __future__ import annotations

from collections.abc import Mapping

CHOICES: Mapping[str, tuple[str, ...]] = {
    "negative_stock": ("refuse", "provisional", "pending"),
    "cogs_at": ("delivery", "invoice"),
    "cost_scope": ("company", "location"),
    "calculation_base": ("running", "original"),
    "discount_above_base": ("refuse", "allow"),
    "match_later_purchases": ("false", "true"),
    "outbox": ("off", "on"),
}
DEFAULTS: Mapping[str, str] = {key: choices[0] for key, choices in CHOICES.items()}
