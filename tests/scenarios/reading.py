"""Reading of a scenario's file: optional keys get their defaults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SETTINGS = {"costing": "average", "currency": "USD", "negative_stock": "forbidden"}


def read(path: Path) -> dict[str, Any]:
    """Read the scenario of a file. Without `items` its items are stock; without `universal` its figures hold under every policy; if
    there is only one item, events and figures belong to it."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    found.setdefault("id", path.stem.partition("-")[0])
    found.setdefault("universal", True)
    found.setdefault("expect", [])
    found["settings"] = SETTINGS | found.get("settings", {})
    lines = [line for event in found["events"] for line in (event, *event.get("lines", ()))]
    named = dict.fromkeys(line["item"] for line in lines if "item" in line)
    found.setdefault("items", [{"item": name} for name in named])
    for item in found["items"]:
        item.setdefault("type", "assembly" if "components" in item else "stock")
    for number, event in enumerate(found["events"], start=1):
        event.setdefault("n", number)
        event.setdefault("verb", "without a verb")
    if len(found["items"]) == 1:
        for each in (*found["events"], *found["expect"]):
            each.setdefault("item", found["items"][0]["item"])
    return found
