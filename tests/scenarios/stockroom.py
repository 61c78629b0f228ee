"""The events of the stockroom: adjustments, counts, issues, transfers, builds, revaluations and corrections."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.scenarios.capabilities import NotExpressible
from tests.scenarios.player import Event, Line, Player, need

OTHER_SIDES = ("expense", "inventory_adjustment", "wip", "cogs", "revaluation", "price_variance")
"""Roles that a scenario may name for the other side of an adjustment."""


def adjust(player: Player, event: Event) -> None:
    player.post(event, "adjustment", [_alone(player.line(each, price="unit_cost")) for each in player.lines(event)])


def count(player: Player, event: Event) -> None:
    lines = [
        {"item": each["item"], "counted": need(each, "counted_qty", "qty"),
         **{key: each[key] for key in ("unit_cost", "lot", "location") if key in each}}
        for each in player.lines(event)
    ]  # fmt: skip
    player.post(event, "count", lines)


def issue(player: Player, event: Event) -> None:
    spend(player, event)


def scrap(player: Player, event: Event) -> None:
    spend(player, event, "inventory_adjustment")


def spend(player: Player, event: Event, role: str = "expense") -> None:
    """Take goods out of stock, against the account that the scenario's entry names, if it names one."""
    role = next((each for each in player.roles_of(event) if each in OTHER_SIDES), role)
    lines = [
        _alone(player.line(each)) | {"quantity": f"-{each['qty']}", "account": player.account(role)} for each in player.lines(event)
    ]
    player.post(event, "adjustment", lines)


def transfer(player: Player, event: Event) -> None:
    lines = [{"item": each["item"], "quantity": each["qty"], **({"lot": each["lot"]} if "lot" in each else {})}
             for each in player.lines(event)]  # fmt: skip
    places = {"location": need(event, "from_location", "location"), "to_location": need(event, "to_location", "to")}
    player.post(event, "transfer", lines, **places)


def build(player: Player, event: Event) -> None:
    line: dict[str, Any] = {"item": event["item"], "quantity": event["qty"]}
    line |= {key: event[key] for key in ("scrapped", "lot", "location") if key in event}
    if "components" in event:
        line["components"] = [{"sku": part["item"], "quantity": part["qty"]} for part in event["components"]]
    player.post(event, "build", [line])


def unbuild(player: Player, event: Event) -> None:
    origin = {"from": player.number(event)} if "of" in event else {}
    player.post(event, "unbuild", [{"item": event["item"], "quantity": event["qty"], **origin}])


def landed_cost(player: Player, event: Event) -> None:
    receipts = event["of"] if isinstance(need(event, "of"), list) else [event["of"]]
    wanted = event.get("only_lines")
    apply_to = [{"from": player.numbers[n][0]} for n in receipts]
    if wanted:
        names = [line.get("line") for line in player.event(receipts[0]).get("lines", [{}])]
        apply_to = [{"from": f"{player.numbers[receipts[0]][0]}#{names.index(name) + 1}"} for name in wanted]
    for part in event.get("lines", [event]):
        basis = part.get("basis", "value").replace("amount", "value")
        player.post(event, "landed_cost", None, amount=need(part, "amount"), by=basis, apply_to=apply_to)


def revalue(player: Player, event: Event) -> None:
    line = {"amount": event["amount"]} if "amount" in event else {"unit_cost": need(event, "new_unit_cost", "unit_cost")}
    _revalue(player, event, line)


def _revalue(player: Player, event: Event, line: Line) -> None:
    lots: list[str | None] = [event["lot"]] if "lot" in event else list(player.lots_of(event["item"]))
    player.post(event, "revaluation", [{"item": event["item"], **line, **({"lot": lot} if lot else {})} for lot in lots or [None]])


def write_down_to_nrv(player: Player, event: Event) -> None:
    """Value at the lower of cost and net realisable value; a later value may reverse earlier write-downs, and no more."""
    player.as_if("the value itself is written down: the allowance is part of inventory")
    cost = player.costs_before.setdefault(event["item"], player.unit_value(event["item"]))
    value = min(cost, Decimal(need(event, "nrv")))
    if value != player.unit_value(event["item"]):
        _revalue(player, event, {"unit_cost": str(value.quantize(Decimal("0.000001")))})


def change_costing(player: Player, event: Event) -> None:
    player.post(event, "method_change", [{"item": event["item"], "cost_method": need(event, "to", "costing")}])


def change_item(player: Player, event: Event) -> None:
    """Change the item of a document's line (`of`), else the item itself."""
    if "of" in event:
        player.revise(event, item=need(event, "new_item", "to"))
    elif "costing" in event:
        change_costing(player, event)
    else:
        set_default_cost(player, event)


def set_default_cost(player: Player, event: Event) -> None:
    """Set the item's cost; revalue an item at standard cost that has moved."""
    cost = need(event, "unit_cost", "new_unit_cost", "standard_cost", "fallback_cost")
    moved = bool(player.books.stock.moves(event["item"]))
    if moved and player.books.items.show(event["item"])["cost_method"] == "standard":
        _revalue(player, event, {"unit_cost": cost})
    else:
        player.books.items.edit(event["item"], cost=cost)


def roll_up_cost(player: Player, event: Event) -> None:
    """Set the item's cost to the present cost of its components."""
    parts = player.item(event).get("components")
    if not parts:
        raise NotExpressible("a roll-up of an item without components")
    player.as_if("a rolled-up cost is recorded as the item's cost, at standard as its rate")
    total = sum((Decimal(part["qty"]) * player.unit_value(part["item"]) for part in parts), Decimal(0))
    cost = total / Decimal(player.item(event).get("makes", 1))
    set_default_cost(player, {**event, "unit_cost": str(cost.quantize(Decimal("0.000001")))})


def nothing_to_do(player: Player, event: Event) -> None:
    """Do nothing for a recomputation or a repair: values always follow the moves, as `verify` shows after every scenario."""
    player.as_if("there is nothing to recompute or to repair")


def close_period(player: Player, event: Event) -> None:
    player.books.gl.close(need(event, "through", "date"))


def cancel(player: Player, event: Event) -> None:
    for number in reversed(player.numbers[need(event, "of")]):
        player.books.void(number)


def correct_qty(player: Player, event: Event) -> None:
    player.revise(event, quantity=need(event, "new_qty", "qty"))


def correct_cost(player: Player, event: Event) -> None:
    player.revise(event, unit_cost=need(event, "new_unit_cost", "unit_cost"))


def _alone(line: Line) -> Line:
    return {key: value for key, value in line.items() if key != "from"}
