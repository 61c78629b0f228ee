"""Plays a scenario on fresh books: each event becomes the document that a user of Wares would record for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tests.scenarios import capabilities
from tests.scenarios.capabilities import NotExpressible, Waits, require
from tests.scenarios.masters import Masters
from tests.scenarios.methods import plugins_for
from wares import Books, Refused
from wares.loading import load

Event = Mapping[str, Any]
Line = dict[str, Any]
FIRST_DAY = "2026-01-01"
SUPPLIER, CUSTOMER = "V", "C"


class Open:
    """A recorded line that a later document comes from, and how much of it is left to do."""

    def __init__(self, ref: str, item: str, left: Decimal, event: Event) -> None:
        self.ref = ref
        self.item = item
        self.left = left
        self.event = event


class Player:
    """One scenario on its books. `play` records an event; documents are numbered after their events."""

    def __init__(self, scenario: Mapping[str, Any]) -> None:
        self.scenario = scenario
        self.settings = scenario["settings"]
        self.books = Books.open("sqlite://", currency=self.settings["currency"], plugins=plugins_for(scenario))
        self.registry = self.books.plugins.registry
        self.records: dict[int, tuple[str, dict[str, Any]]] = {}
        self.numbers: dict[int, list[str]] = defaultdict(list)
        self.to_bill: list[Open] = []
        self.to_invoice: list[Open] = []
        self.to_deliver: list[Open] = []
        self.invoiced: list[Open] = []
        self.returned: dict[int, Open] = {}
        self.last_day = FIRST_DAY
        self.items = {item["item"]: item for item in scenario["items"]}
        self.cogs_at_invoice = self._wants_cogs_at_invoice()
        self._set_up()

    # --- masters ---

    def _wants_cogs_at_invoice(self) -> bool:
        """A scenario that shows cost when the invoice comes; one that only passes through the interim account nets it."""
        invoices = {event["n"] for event in self.scenario["events"] if event["verb"] in ("invoice", "credit_note")}
        shown = any(each["after"] in invoices and "event_cogs" in each for each in self.scenario["expect"])
        interim = any(
            entry["role"] == "stock_delivered_not_invoiced" for each in self.scenario["expect"] for entry in each.get("gl", ())
        )
        if shown and not capabilities.cogs_at_invoice():
            return True
        return bool(invoices) and (shown or interim) and capabilities.cogs_at_invoice()

    def _set_up(self) -> None:
        settings: dict[str, str] = {}
        if self.settings["negative_stock"] == "allowed":
            require(capabilities.negative_stock(), "negative_stock=provisional")
            settings["negative_stock"] = "provisional"
        if self.settings.get("cost_scope") == "warehouse":
            require(capabilities.cost_by_location(), "cost_scope=location")
            settings["cost_scope"] = "location"
        if self.cogs_at_invoice:
            require(capabilities.cogs_at_invoice(), "cogs_at=invoice")
            settings["cogs_at"] = "invoice"
        for key, value in settings.items():
            self.books.settings.set(key, value)
        parties = [{"record": "party", "code": code} for code in (SUPPLIER, CUSTOMER, "V1", "V2")]
        named = {
            event[key] for event in self.scenario["events"] for key in ("location", "from_location", "to_location") if key in event
        }
        locations = [{"record": "location", "code": code} for code in sorted(named - {"MAIN"})]
        self._load([*parties, *locations, *Masters(self.scenario, self.registry.cost_methods).records()])

    def _load(self, records: list[dict[str, Any]]) -> None:
        refused: list[Any] = []
        load(self.books, records, on_refusal=refused.append)
        if refused:
            raise Refused(refused[0].issues)

    # --- events ---

    def play(self, event: Event) -> None:
        """Record one event. Raises Refused, Waits or NotExpressible."""
        verb = event["verb"]
        record = getattr(self, f"_{verb}", None)
        if record is None:
            raise NotExpressible(_NEVER.get(verb, f"the event {verb}"))
        for key, why in _NEVER_KEYS.items():
            if key in event:
                raise NotExpressible(why)
        act: Callable[[Event], None] = record
        act(event)

    def _post(self, event: Event, type: str, lines: list[Line] | None, **head: Any) -> str:
        require(type in self.registry.document_types, type)
        day = event.get("date") or self.last_day
        self.last_day = max(day, self.last_day)
        n, suffix = event["n"], len(self.numbers[event["n"]])
        number = f"E{n}" if not suffix else f"E{n}-{'abcdefgh'[suffix]}"
        record = {"number": number, "date": day, **head, **({"lines": lines} if lines is not None else {})}
        try:
            self.books.post(type, **record)
        except Refused as refused:
            if any(issue.code in ("NOT_YET", "UNKNOWN_SETTING") for issue in refused.issues):
                raise Waits(f"{type}: {refused.issues[0].message}") from refused
            raise
        self.numbers[n].append(number)
        self.records[n] = (type, record)
        return number

    def _line(self, event: Event, *, price: str | None = None) -> Line:
        line: Line = {"item": event["item"], "quantity": event["qty"], "from": None}
        if "uom_factor" in event:
            line |= {"unit": event["uom"], "unit_factor": event["uom_factor"]}
        line |= {key: event[key] for key in ("lot", "location") if key in event}
        if price is not None and price in event:
            line[price] = event[price]
        return line

    @staticmethod
    def _lines(event: Event) -> list[Event]:
        return [{**event, **line} for line in event.get("lines", [{}])]

    def _money(self, event: Event) -> dict[str, Any]:
        """Currency and rate, where the event has a rate: "1 USD = 1.5 EUR" is 0.666667 of ours for one of theirs."""
        if "fx" not in event:
            return {}
        require(capabilities.currencies(), "documents in foreign currency")
        theirs = Decimal(event["fx"].split("=")[1].split()[0])
        return {"currency": event["currency"], "rate": str((1 / theirs).quantize(Decimal("0.000001")))}

    def _receive(self, event: Event) -> None:
        if event.get("of"):
            raise Waits("purchase_order")
        lines = []
        for each in self._lines(event):
            line = self._line(each, price="unit_cost")
            item = self.items[each["item"]]
            if "unit_cost" not in line and "standard_cost" not in item and "fallback_cost" not in item:
                line["unit_cost"] = "0"
            lines.append(line)
            if "nonrecoverable_tax_per_unit" in each:
                amount = Decimal(each["nonrecoverable_tax_per_unit"]) * Decimal(each["qty"])
                self._load([{"record": "item", "type": "charge", "sku": "TAX", "attributes": {"into_cost": True}}])
                lines.append({"item": "TAX", "amount": str(amount)})
        number = self._post(event, "receipt", lines, party=SUPPLIER, **self._money(event))
        for position, each in enumerate(self._lines(event), start=1):
            self.to_bill.append(Open(f"{number}#{position}", each["item"], Decimal(each["qty"]), event))
        if event.get("location") == "SCRAP":  # a place that holds nothing of value: what comes there is spent
            self._spend({**event, "qty": event["qty"]})

    def _taken(self, waiting: list[Open], event: Event, **keys: Any) -> list[Line]:
        """Lines from the oldest open ones of the item, of one event or order if the event names it."""
        left, lines = Decimal(event["qty"]), []
        for each in waiting:
            same = each.item == event["item"] and event.get("of", each.event["n"]) == each.event["n"]
            if not left or not each.left or not same or event.get("order") != each.event.get("order"):
                continue
            part = min(left, each.left)
            each.left -= part
            left -= part
            lines.append({"from": each.ref, "quantity": str(part), **keys})
        if lines and left:
            raise NotExpressible(f"{left} more than was recorded before")
        return lines

    def _bill(self, event: Event) -> None:
        lines: list[Line] = []
        later: dict[str, str] = {}
        for each in self._lines(event):
            found = self._taken(self.to_bill, each, unit_cost=each["unit_cost"])
            if not found:
                found, later = [self._line(each, price="unit_cost")], {"goods": "later"}
            lines += found
        self._post(event, "bill", lines, party=SUPPLIER, **later, **self._money(event))

    def _bill_charge(self, event: Event) -> None:
        line = {"description": event["item"], "amount": event["amount"], "account": self.account("landed_cost_clearing")}
        self._post(event, "bill", [line], party=event["vendor"])

    def _bill_refund(self, event: Event) -> None:
        goods = next((open_ for open_ in self.returned.values() if open_.left and open_.item == event["item"]), None)
        if goods is None:
            raise NotExpressible("a refund that lets the receipt be billed once more; ours lowers its price for good")
        goods.left -= Decimal(event["qty"])
        line = {"from": goods.ref, "quantity": event["qty"], "unit_cost": event["unit_cost"]}
        self._post(event, "supplier_credit", [line], party=SUPPLIER)

    def _deliver(self, event: Event) -> None:
        if "forced_value" in event:
            raise NotExpressible("a delivery valued by hand: its cost comes from its pool")
        lines = []
        for each in self._lines(event):
            lines += self._taken(self.to_deliver, each) or [self._line(each)]
        alone = all(line["from"] is None for line in lines)
        number = self._post(event, "delivery", lines, party=CUSTOMER)
        if alone:
            self._wait(self.to_invoice, number, event)

    def _wait(self, waiting: list[Open], number: str, event: Event) -> None:
        for position, each in enumerate(self._lines(event), start=1):
            waiting.append(Open(f"{number}#{position}", each["item"], Decimal(each["qty"]), event))

    def _invoice(self, event: Event) -> None:
        lines: list[Line] = []
        later: dict[str, str] = {}
        for each in self._lines(event):
            if Decimal(each["qty"]) < 0:
                self._charge_back(each)
                return
            found = self._taken(self.to_invoice, each, unit_price=each["unit_price"])
            if not found:
                found, later = [self._line(each, price="unit_price")], {"goods": "later"}
            lines += found
        number = self._post(event, "invoice", lines, party=CUSTOMER, **later)
        self._wait(self.invoiced, number, event)
        if later:
            self._wait(self.to_deliver, number, event)

    def _charge_back(self, event: Event) -> None:
        """A negative line on an invoice is a credit note; no goods come back with it."""
        charged = next(each for each in reversed(self.invoiced) if each.item == event["item"])
        line = {"from": charged.ref, "quantity": event["qty"].lstrip("-"), "unit_price": event["unit_price"]}
        self._post(event, "credit_note", [line], party=CUSTOMER)

    def _sell_deliver_invoice(self, event: Event) -> None:
        self._post(event, "invoice", [self._line(event, price="unit_price")], party=CUSTOMER)

    def _sell(self, event: Event) -> None:
        if event.get("supply") == "special_order":
            raise Waits("special orders")
        lines = [self._line(each, price="unit_price") for each in self._lines(event)]
        self._post(event, "sales_order", [{k: v for k, v in line.items() if k != "from"} for line in lines], party=CUSTOMER)

    def _order(self, event: Event) -> None:
        self._post(event, "purchase_order", [self._line(event, price="unit_cost")], party=SUPPLIER)

    def _reprice_order(self, event: Event) -> None:
        self._revise(event, unit_cost=event["unit_cost"])

    def _return_in(self, event: Event) -> None:
        type, _ = self.records[event["of"]]
        line = {"from": f"E{event['of']}#1", "quantity": event["qty"]}
        if type == "invoice":
            self._post(event, "credit_note", [{**line, "restock": True}], party=CUSTOMER)
        else:
            number = self._post(event, "customer_return", [line], party=CUSTOMER)
            self.returned[event["n"]] = Open(f"{number}#1", event["item"], Decimal(event["qty"]), event)

    def _credit_note(self, event: Event) -> None:
        goods = self.returned[int(event["return_of"])]
        line = {"from": goods.ref, "quantity": event["qty"], "unit_price": event["unit_price"]}
        self._post(event, "credit_note", [line], party=CUSTOMER)

    def _return_out(self, event: Event) -> None:
        line = {"from": f"E{event['of']}#1", "quantity": event["qty"]}
        number = self._post(event, "supplier_return", [line], party=SUPPLIER)
        left = Decimal(event["qty"])
        for each in self.to_bill:  # what goes back unbilled is not billed any more, and waits for no refund
            if each.event["n"] == event["of"] and each.item == event["item"]:
                part = min(each.left, left)
                each.left -= part
                left -= part
        self.returned[event["n"]] = Open(f"{number}#1", event["item"], left, event)

    def _drop_ship(self, event: Event) -> None:
        raise Waits("drop shipments")

    _drop_ship_return = _drop_ship

    def _adjust(self, event: Event) -> None:
        self._post(event, "adjustment", [_alone(self._line(event, price="unit_cost"))])

    def _count(self, event: Event) -> None:
        line = {"item": event["item"], "counted": event["counted_qty"], "unit_cost": event["unit_cost"]}
        self._post(event, "count", [line])

    def _issue(self, event: Event) -> None:
        self._spend(event)

    def _spend(self, event: Event) -> None:
        line = _alone(self._line(event)) | {"quantity": f"-{event['qty']}", "account": self.account("expense")}
        self._post(event, "adjustment", [line])

    def _transfer(self, event: Event) -> None:
        line = {"item": event["item"], "quantity": event["qty"]}
        places = {"location": event["from_location"], "to_location": event["to_location"]}
        self._post(event, "transfer", [line], **places)

    def _build(self, event: Event) -> None:
        self._post(event, "build", [{"item": event["item"], "quantity": event["qty"]}])

    def _unbuild(self, event: Event) -> None:
        self._post(event, "unbuild", [{"item": event["item"], "quantity": event["qty"], "from": f"E{event['of']}"}])

    def _landed_cost(self, event: Event) -> None:
        parts = event.get("lines", [event])
        names = [line.get("line") for line in self.scenario["events"][event["of"] - 1].get("lines", [{}])]
        wanted = event.get("only_lines")
        apply_to = (
            [{"from": f"E{event['of']}#{names.index(name) + 1}"} for name in wanted] if wanted else [{"from": f"E{event['of']}"}]
        )
        for part in parts:
            basis = part.get("basis", "value").replace("amount", "value")
            self._post(event, "landed_cost", None, amount=part["amount"], by=basis, apply_to=apply_to)

    def _revalue(self, event: Event) -> None:
        self._post(event, "revaluation", [{"item": event["item"], "unit_cost": event["new_unit_cost"]}])

    def _change_costing(self, event: Event) -> None:
        self._post(event, "method_change", [{"item": event["item"], "cost_method": event["to"]}])

    def _set_default_cost(self, event: Event) -> None:
        self.books.items.edit(event["item"], cost=event["unit_cost"])

    def _close_period(self, event: Event) -> None:
        self.books.gl.close(event["through"])

    def _cancel(self, event: Event) -> None:
        for number in reversed(self.numbers[event["of"]]):
            self.books.void(number)

    def _revise(self, event: Event, **changes: str) -> None:
        type, record = self.records[event["of"]]
        kept = {key: value for key, value in record.items() if key != "number"}
        lines = [{**record["lines"][0], **changes}, *record["lines"][1:]]
        try:
            self.books.post(type, **kept | {"revises": record["number"], "lines": lines})
        except Refused:
            require(capabilities.edits_of_used_receipts(), "edits of a receipt from which goods were taken")
            raise

    def _correct_receipt_qty(self, event: Event) -> None:
        self._revise(event, quantity=event["new_qty"])

    _correct_delivery_qty = _correct_receipt_qty

    def _correct_receipt_cost(self, event: Event) -> None:
        self._revise(event, unit_cost=event["new_unit_cost"])

    # --- accounts ---

    def account(self, role: str) -> str:
        """The account that holds a role."""
        return str(next(row["code"] for row in self.books.gl.accounts() if role in row["roles"]))


_NEVER = {
    "write_down_to_nrv": "an allowance account beside inventory; a revaluation writes the value itself down",
    "repair_valuation": "a repair of drifted values: values cannot drift",
    "recompute": "a recomputation: values are always what the moves say",
    "roll_up_cost": "a roll-up of standard costs: a build takes what its components cost",
}
_NEVER_KEYS = {"invoice_policy": "an order that invoices services at once and goods at shipment"}


def _alone(line: Line) -> Line:
    return {key: value for key, value in line.items() if key != "from"}
