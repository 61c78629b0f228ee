"""A JSON object: a record as `wares load` reads it, or a row as a command prints it."""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]
"""Key → text, whole number, Decimal, boolean, None, or a list or object of these."""
