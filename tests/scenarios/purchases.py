"""The events of buying."""

from __future__ import annotations

from decimal import Decimal

from tests.scenarios.capabilities import NotExpressible, Waits
from tests.scenarios.player import SUPPLIER, Event, Line, Open, Player, need
from tests.scenarios.stockroom import spend


def receive(player: Player, event: Event) -> None:
    if event.get("of"):
        raise Waits("purchase_order")
    lines = []
    for each in player.lines(event):
        line = player.line(each, price="unit_cost")
        item = player.item(each)
        if "unit_cost" not in line and "standard_cost" not in item and "fallback_cost" not in item:
            line["unit_cost"] = "0"
            if "owner" in each:
                player.as_if("goods of another owner are received at 0")
        lines.append(line)
        if "nonrecoverable_tax_per_unit" in each:
            amount = Decimal(each["nonrecoverable_tax_per_unit"]) * Decimal(each["qty"])
            player.load([{"record": "item", "type": "charge", "sku": "TAX", "attributes": {"into_cost": True}}])
            lines.append({"item": "TAX", "amount": str(amount)})
    number = player.post(event, "receipt", lines, party=SUPPLIER, **player.money(event))
    player.wait(player.to_bill, number, event)
    if event.get("location") == "SCRAP":
        player.as_if("a place that holds nothing of value: what comes there is spent")
        spend(player, event)


def bill(player: Player, event: Event) -> None:
    lines: list[Line] = []
    later: dict[str, str] = {}
    for each in player.lines(event):
        price = {"unit_cost": each["unit_cost"]} if "unit_cost" in each else {}
        found = player.taken(player.to_bill, each, **price)
        if not found:
            found, later = [player.line(each, price="unit_cost")], {"goods": "later"}
        lines += found
    player.post(event, "bill", lines, party=SUPPLIER, **later, **player.money(event))


def bill_charge(player: Player, event: Event) -> None:
    account = player.account("landed_cost_clearing")
    line = {"description": event.get("item", "charge"), "amount": need(event, "amount"), "account": account}
    player.post(event, "bill", [line], party=event.get("vendor", SUPPLIER))


def bill_refund(player: Player, event: Event) -> None:
    """Post a supplier credit for goods that went back. Without such goods, take the units off their bill."""
    goods = next((open_ for open_ in player.returned.values() if open_.left and open_.item == event["item"]), None)
    if goods is None:
        _take_off(player, event)
        return
    goods.left -= Decimal(event["qty"])
    price = {"unit_cost": event["unit_cost"]} if "unit_cost" in event else {}
    player.post(event, "supplier_credit", [{"from": goods.ref, "quantity": event["qty"], **price}], party=SUPPLIER)


def _take_off(player: Player, event: Event) -> None:
    """Edit the bill to the units that remain, the oldest receipts first; void a bill of which none remain."""
    type, record = player.record(event)
    if type != "bill" or record.get("goods") == "later":
        raise NotExpressible("a refund of what no receipt waits to have billed")
    left, kept = Decimal(need(event, "qty")), []
    for line in record["lines"]:
        if "unit_cost" in event and Decimal(line["unit_cost"]) != Decimal(event["unit_cost"]):
            raise NotExpressible("a refund at another price than its bill")
        part = min(left, Decimal(line["quantity"]))
        left -= part
        player.reopen(player.to_bill, line["from"], part)
        if part < Decimal(line["quantity"]):
            kept.append({**line, "quantity": str(Decimal(line["quantity"]) - part)})
    if left:
        raise NotExpressible("a refund of more than was billed")
    player.as_if("a refund without goods takes its units off their bill, which is edited")
    if kept:
        player.replace(event, lines=kept)
    else:
        player.books.void(record["number"])


def return_out(player: Player, event: Event) -> None:
    origin = need(event, "of")
    number = player.post(event, "supplier_return", [{"from": player.ref(event), "quantity": event["qty"]}], party=SUPPLIER)
    left = Decimal(event["qty"])
    for each in player.to_bill:  # unbilled goods that go back are never billed, and need no refund
        if each.event["n"] == origin and each.item == event["item"]:
            part = min(each.left, left)
            each.left -= part
            left -= part
    player.returned[event["n"]] = Open(f"{number}#1", event["item"], left, event)


def order(player: Player, event: Event) -> None:
    lines = [player.line(each, price="unit_cost") for each in player.lines(event)]
    player.post(event, "purchase_order", lines, party=SUPPLIER)


def reprice_order(player: Player, event: Event) -> None:
    player.revise(event, unit_cost=need(event, "unit_cost", "new_unit_cost"))
