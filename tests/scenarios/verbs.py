"""Every verb of the format, and the function that plays it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.scenarios import purchases, sales, stockroom
from tests.scenarios.capabilities import NotExpressible
from tests.scenarios.player import Event, Player

VERBS: Mapping[str, Callable[[Player, Event], None]] = {
    "receive": purchases.receive, "bill": purchases.bill, "bill_charge": purchases.bill_charge,
    "bill_refund": purchases.bill_refund, "order": purchases.order, "reprice_order": purchases.reprice_order,
    "sell": sales.sell, "deliver": sales.deliver, "invoice": sales.invoice, "sell_deliver_invoice": sales.sell_deliver_invoice,
    "credit_note": sales.credit_note, "return_in": sales.return_in, "return_out": purchases.return_out,
    "drop_ship": sales.drop_ship, "drop_ship_return": sales.drop_ship, "adjust": stockroom.adjust, "count": stockroom.count,
    "scrap": stockroom.scrap, "issue": stockroom.issue, "transfer": stockroom.transfer, "build": stockroom.build,
    "unbuild": stockroom.unbuild, "landed_cost": stockroom.landed_cost, "revalue": stockroom.revalue,
    "set_default_cost": stockroom.set_default_cost, "write_down_to_nrv": stockroom.write_down_to_nrv,
    "correct_receipt_qty": stockroom.correct_qty, "correct_delivery_qty": stockroom.correct_qty,
    "correct_receipt_cost": stockroom.correct_cost, "change_costing": stockroom.change_costing,
    "change_item": stockroom.change_item, "cancel": stockroom.cancel, "close_period": stockroom.close_period,
    "repair_valuation": stockroom.nothing_to_do, "recompute": stockroom.nothing_to_do, "roll_up_cost": stockroom.roll_up_cost,
}  # fmt: skip

NEVER_KEYS = {"invoice_policy": "an order that invoices services at once and goods at shipment"}
"""Key of an event that Wares cannot express → the reason."""


def play(player: Player, event: Event) -> None:
    """Record one event. Raises Refused, Waits or NotExpressible."""
    for key, why in NEVER_KEYS.items():
        if key in event:
            raise NotExpressible(why)
    verb = VERBS.get(event["verb"])
    if verb is None:
        raise NotExpressible(f"the event {event['verb']}")
    verb(player, event)
