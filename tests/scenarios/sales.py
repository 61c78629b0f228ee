"""The events of selling."""

from __future__ import annotations

from decimal import Decimal

from tests.scenarios.capabilities import NotExpressible, Waits
from tests.scenarios.player import CUSTOMER, Event, Line, Open, Player, need


def deliver(player: Player, event: Event) -> None:
    if "forced_value" in event:
        raise NotExpressible("a delivery valued by hand: its cost comes from its pool")
    lines = []
    for each in player.lines(event):
        lines += player.taken(player.to_deliver, each) or [player.line(each)]
    alone = all(line["from"] is None for line in lines)
    number = player.post(event, "delivery", lines, party=CUSTOMER)
    if alone:
        player.wait(player.to_invoice, number, event)


def invoice(player: Player, event: Event) -> None:
    lines: list[Line] = []
    later: dict[str, str] = {}
    for each in player.lines(event):
        if Decimal(each["qty"]) < 0:
            _charge_back(player, each)
            return
        found = player.taken(player.to_invoice, each, unit_price=_price(each))
        if not found:
            found, later = [player.line(each) | {"unit_price": _price(each)}], {"goods": "later"}
        lines += found
    number = player.post(event, "invoice", lines, party=CUSTOMER, **later, **player.money(event))
    player.wait(player.invoiced, number, event)
    if later:
        player.wait(player.to_deliver, number, event)


def _price(event: Event) -> str:
    return str(event.get("unit_price", "0"))


def _charge_back(player: Player, event: Event) -> None:
    """Post a credit note for a negative line on an invoice; no goods come back with it."""
    charged = next((each for each in reversed(player.invoiced) if each.item == event["item"]), None)
    if charged is None:
        raise NotExpressible("a negative invoice of what was never invoiced")
    line = {"from": charged.ref, "quantity": event["qty"].lstrip("-"), "unit_price": _price(event)}
    player.post(event, "credit_note", [line], party=CUSTOMER)


def sell_deliver_invoice(player: Player, event: Event) -> None:
    lines = [player.line(each) | {"unit_price": _price(each)} for each in player.lines(event)]
    player.post(event, "invoice", lines, party=CUSTOMER, **player.money(event))


def sell(player: Player, event: Event) -> None:
    if event.get("supply") == "special_order":
        raise Waits("special orders")
    lines = [player.line(each, price="unit_price") for each in player.lines(event)]
    player.post(event, "sales_order", [{k: v for k, v in line.items() if k != "from"} for line in lines], party=CUSTOMER)


def return_in(player: Player, event: Event) -> None:
    """Return goods of a delivery or invoice; without `of`, return goods at the cost stated or the pool's."""
    if "of" not in event:
        player.post(event, "customer_return", [player.line(event, price="unit_cost")], party=CUSTOMER)
        return
    type, _ = player.record(event)
    line = {"from": player.ref(event), "quantity": event["qty"]}
    if type == "invoice":
        player.post(event, "credit_note", [{**line, "restock": True}], party=CUSTOMER)
    elif type == "customer_return":
        raise NotExpressible("a return of a return: the goods are delivered again")
    else:
        number = player.post(event, "customer_return", [line], party=CUSTOMER)
        player.returned[event["n"]] = Open(f"{number}#1", event["item"], Decimal(event["qty"]), event)


def credit_note(player: Player, event: Event) -> None:
    """Post a credit note for goods that came back (`return_of`), or for a line of an invoice (`of`)."""
    price = {"unit_price": event["unit_price"]} if "unit_price" in event else {}
    goods = player.returned.get(int(event.get("return_of", 0)))
    ref = goods.ref if goods is not None else player.ref(event)
    player.post(event, "credit_note", [{"from": ref, "quantity": need(event, "qty"), **price}], party=CUSTOMER)


def drop_ship(player: Player, event: Event) -> None:
    raise Waits("drop shipments")
