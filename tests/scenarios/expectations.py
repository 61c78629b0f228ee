"""Comparison of the books after an event with the figures that a scenario expects, to the last digit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.scenarios.capabilities import NotExpressible
from tests.scenarios.player import Player

Expected = Mapping[str, Any]
Layers = list[tuple[Decimal, Decimal]]
ZERO = Decimal(0)
ROLES = {
    "revenue": "income", "grni": "received_not_billed", "stock_delivered_not_invoiced": "delivered_not_invoiced",
    "production_variance": "build_variance", "fx_difference": "fx_gain_loss", "accrued_expense": "received_not_billed",
    "inventory_allowance": "inventory", "inventory_write_down_expense": "revaluation",
}  # fmt: skip
"""Role in the scenarios → our role, if they differ."""
REFUSALS = {
    "insufficient_stock": "INSUFFICIENT_STOCK",
    "lot_not_found": "INSUFFICIENT_STOCK",
    "future_negative_stock": "LATER_SHORT",
}
NOT_FIGURES = frozenset({"after", "item", "location", "as_of", "note", "calc", "alternatives", "gl_balance_complete", "error"})


class Moment:
    """The books before and after an event."""

    def __init__(self, player: Player, before: Mapping[str, Any]) -> None:
        self.player = player
        self.books = player.books
        self.before = before
        self.after = snapshot(player)
        self.policies: list[str] = []

    def check(self, expected: Expected) -> list[str]:
        """Return the differences in words; empty if there are none. A scenario that depends on a policy may also give figures of
        other policies: if the books match one of them, its name is added to `policies`."""
        wrong = {}
        for key, figure in expected.items():
            if key in NOT_FIGURES or figure is None:
                continue
            found = getattr(self, f"_{key}", None)
            if found is None:
                raise NotExpressible(f"the figure {key}")
            shown, wanted = found(expected), self._wanted(key, expected)
            if shown != wanted:
                name = f"{key} of {expected.get('item', 'the books')}"
                wrong[key] = f"after {expected['after']}: {name} is {shown}, expected {wanted}"
        return [] if wrong and self._alternative(expected, wrong) else list(wrong.values())

    def _alternative(self, expected: Expected, wrong: Mapping[str, str]) -> bool:
        """True if the differing figures match another policy that the scenario names; figures that it does not give for that policy
        do not count."""
        if self.player.scenario["universal"]:
            return False
        for name, figures in expected.get("alternatives", {}).items():
            given = [key for key in wrong if key in figures]
            if given and all(getattr(self, f"_{key}")(figured) == self._wanted(key, figured) for key in given
                             if (figured := {**expected, **figures})):  # fmt: skip
                silent = [key for key in wrong if key not in figures]
                unsaid = f" (no {', '.join(silent)} given for it)" if silent else ""
                self.policies.append(f"{name}: after {expected['after']} {', '.join(given)} as under that policy{unsaid}")
                return True
        return False

    def _wanted(self, key: str, expected: Expected) -> Any:
        figure = expected[key]
        if key == "gl":
            return self._by_account([(e["role"], Decimal(e.get("dr", 0)) - Decimal(e.get("cr", 0))) for e in figure])
        if key == "gl_balance":
            return self._by_account([(role, Decimal(amount)) for role, amount in figure.items()])
        if key == "layers":
            return [(Decimal(quantity), Decimal(cost)) for quantity, cost in figure]
        if key in ("layer_values", "allocated"):
            return [Decimal(value) for value in figure]
        if key in ("restated", "balance_after", "lots", "lines"):
            return [{name: Decimal(v) if name not in ("of", "lot", "line") else v for name, v in each.items()} for each in figure]
        return Decimal(figure)

    # --- accounts ---

    def _by_account(self, amounts: list[tuple[str, Decimal]]) -> dict[str, Decimal]:
        """Return the amounts by account code without zeros; the interim account counts as cost of goods if cost is posted at
        delivery."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for name, amount in amounts:
            role = ROLES.get(name, name)
            if role == "delivered_not_invoiced" and not self.player.cogs_at_invoice:
                role = "cogs"
            sums["wip" if role == "wip" else self.player.account(role)] += amount
        return {code: amount for code, amount in sums.items() if amount}

    def _gl(self, expected: Expected) -> dict[str, Decimal]:
        return _changed(self.before["accounts"], self.after["accounts"])

    def _gl_balance(self, expected: Expected) -> dict[str, Decimal]:
        balances: dict[str, Decimal] = {code: amount for code, amount in self.after["accounts"].items() if amount}
        if not expected.get("gl_balance_complete"):
            named = {self.player.account(ROLES.get(role, role)) for role in expected["gl_balance"]}
            balances = {code: amount for code, amount in balances.items() if code in named}
        return balances

    def _event_cogs(self, expected: Expected) -> Decimal:
        return _changed(self.before["accounts"], self.after["accounts"]).get(self.player.account("cogs"), ZERO)

    _correction_to_cogs = _event_cogs

    def _correction(self, expected: Expected) -> Decimal:
        """Return the correction of an issue: cost of goods, and cost delivered but not invoiced."""
        changed = _changed(self.before["accounts"], self.after["accounts"])
        return sum((changed.get(self.player.account(role), ZERO) for role in ("cogs", "delivered_not_invoiced")), ZERO)

    def _total_cogs(self, expected: Expected) -> Decimal:
        balance: Decimal = self.after["accounts"].get(self.player.account("cogs"), ZERO)
        return balance

    def _amount(self, expected: Expected) -> Decimal:
        return -_changed(self.before["accounts"], self.after["accounts"]).get(self.player.account("payable"), ZERO)

    # --- stock ---

    def _at(self, expected: Expected) -> str | None:
        at = expected.get("as_of")
        return None if at in (None, "now") else str(at)

    def _rows(self, expected: Expected) -> list[dict[str, Any]]:
        rows = self.books.stock.list(sku=expected["item"], at=self._at(expected))
        return [row for row in rows if row["location"] == expected.get("location", row["location"])]

    def _on_hand(self, expected: Expected) -> Decimal:
        return sum((row["on_hand"] for row in self._rows(expected)), ZERO)

    def _on_hand_rounded(self, expected: Expected) -> Decimal:
        return self._on_hand(expected).quantize(Decimal("0.001"))

    def _stock_value(self, expected: Expected) -> Decimal:
        return sum((row["value"] for row in self._rows(expected)), ZERO)

    def _unit_cost(self, expected: Expected) -> Decimal:
        """Return value by quantity, to the decimals that the scenario shows (at least two)."""
        if not self._on_hand(expected):
            raise NotExpressible("a unit cost of goods that are not there")
        places = max(2, -int(Decimal(expected["unit_cost"]).as_tuple().exponent))
        return _rounded(self._stock_value(expected) / self._on_hand(expected), places)

    def _layers(self, expected: Expected) -> Layers:
        """Return the layers as they are, or with neighbours of equal unit cost merged if the scenario shows them so."""
        rows = self.books.stock.layers(expected["item"])
        layers = [(row["remaining"], row["value_remaining"] / row["remaining"]) for row in rows]
        wanted: Layers = self._wanted("layers", expected)
        return wanted if _merged(layers) == wanted else layers

    def _layer_values(self, expected: Expected) -> list[Decimal]:
        return [row["value_remaining"] for row in self.books.stock.layers(expected["item"])]

    def _event_value(self, expected: Expected) -> Decimal:
        sku = expected["item"]
        value: Decimal = self.after["values"].get(sku, ZERO) - self.before["values"].get(sku, ZERO)
        return value

    def _moves(self, expected: Expected, n: int | None = None) -> list[dict[str, Any]]:
        numbers = self.player.numbers[n or expected["after"]]
        kit = any(item["item"] == expected.get("item") and item["type"] == "kit" for item in self.player.scenario["items"])
        return [row for row in self.books.stock.moves(None if kit else expected["item"]) if row["document"] in numbers]

    def _restated(self, expected: Expected) -> list[dict[str, Any]]:
        shown = []
        for each in expected["restated"]:
            value = sum((row["value"] for row in self._moves(expected, each["of"])), ZERO)
            shown.append({"of": each["of"], **({"event_cogs": -value} if "event_cogs" in each else {"event_value": value})})
        return shown

    def _balance_after(self, expected: Expected) -> list[dict[str, Any]]:
        return [
            {"of": each["of"], "on_hand": self._moves(expected, each["of"])[-1]["running_quantity"]}
            for each in expected["balance_after"]
        ]

    def _receipt_value(self, expected: Expected) -> Decimal:
        """Return the value of the receipt that the event's bill prices."""
        event = self.player.event(expected["after"])
        return sum((row["value"] for row in self._moves(expected, event["of"])), ZERO)

    def _value_out(self, expected: Expected) -> Decimal:
        return sum((row["value"] for row in self._moves(expected) if row["quantity"] < 0), ZERO)

    def _value_in(self, expected: Expected) -> Decimal:
        return sum((row["value"] for row in self._moves(expected) if row["quantity"] > 0), ZERO)

    def _unit_cost_native(self, expected: Expected) -> Decimal:
        rows = self._moves(expected)
        return _rounded(sum((row["value"] for row in rows), ZERO) / sum((row["quantity"] for row in rows), ZERO), 2)

    def _lots(self, expected: Expected) -> list[dict[str, Any]]:
        """Return the sums of each lot's moves; the document of a move shows the lot of its line."""
        rows: dict[str, dict[str, Any]] = {}
        for row in self.books.stock.moves(expected["item"]):
            lines = self.books.docs.show(row["document"])["lines"]
            name = next(line["lot"] for line in lines if line["line"] == row["line"])
            lot = rows.setdefault(name, {"lot": name, "on_hand": ZERO, "stock_value": ZERO})
            lot["on_hand"] += row["quantity"]
            lot["stock_value"] += row["value"]
        return [rows[each["lot"]] for each in expected["lots"]]

    # --- landed cost ---

    def _shares(self, expected: Expected) -> list[Decimal]:
        """Return the cost that each landed cost of the event added: per receipt line with one document, else per document."""
        event = self.player.event(expected["after"])
        receipt = f"E{event['of']}"
        shares = []
        for tree in self.books.docs.explain(receipt):
            if tree["sku"] != expected["item"]:
                continue
            shares += [s["cost"] for s in tree["sources"] if s["document"] in self.player.numbers[expected["after"]]]
        return shares

    _allocated = _shares

    def _total(self, expected: Expected) -> Decimal:
        if "restated" in expected:
            return -sum((each["event_value"] for each in self._restated(expected)), ZERO)
        return sum(self._shares(expected), ZERO)

    def _lines(self, expected: Expected) -> list[dict[str, Any]]:
        names = [line["line"] for line in self.player.scenario["events"][0]["lines"]]
        landed = [sum((s["cost"] for s in tree["sources"] if s.get("kind") == "landed_cost"), ZERO)
                  for tree in self.books.docs.explain("E1")]  # fmt: skip
        return [{"line": name, "landed": landed[names.index(name)]} for name in (each["line"] for each in expected["lines"])]


def snapshot(player: Player) -> dict[str, Any]:
    """Return every account's balance and every item's stock value."""
    values: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in player.books.stock.list():
        values[row["sku"]] += row["value"]
    return {"accounts": {row["account"]: row["balance"] for row in player.books.gl.trial_balance()}, "values": values}


def _merged(layers: Layers) -> Layers:
    merged: Layers = []
    for quantity, cost in layers:
        if merged and merged[-1][1] == cost:
            merged[-1] = (merged[-1][0] + quantity, cost)
        else:
            merged.append((quantity, cost))
    return merged


def _changed(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> dict[str, Decimal]:
    changes = {code: after.get(code, ZERO) - before.get(code, ZERO) for code in {**before, **after}}
    return {code: amount for code, amount in changes.items() if amount}


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
