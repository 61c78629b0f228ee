"""The player of a scenario on fresh books: each event becomes the document that a user of Wares would record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
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
PLACES = ("location", "from_location", "to_location")


class Open:
    """A recorded line from which a later document comes, and its quantity left to bill, invoice or deliver."""

    def __init__(self, ref: str, item: str, left: Decimal, event: Event) -> None:
        self.ref = ref
        self.item = item
        self.left = left
        self.event = event


class Player:
    """One scenario on its books; `tests.scenarios.verbs` plays its events. Documents are numbered after their events."""

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
        self.costs_before: dict[str, Decimal] = {}
        """Item → unit cost before its first write-down."""
        self.equivalents: dict[str, None] = {}
        """The equivalents used for events that Wares cannot express directly."""
        self.last_day = FIRST_DAY
        self.items = {item["item"]: item for item in scenario["items"]}
        self.cogs_at_invoice = self._wants_cogs_at_invoice()
        self._set_up()

    # --- masters ---

    def _wants_cogs_at_invoice(self) -> bool:
        """True if the scenario shows cost at the invoice. One that only passes through the interim account nets it."""
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
        vendors = {event["vendor"] for event in self.scenario["events"] if "vendor" in event}
        parties = [{"record": "party", "code": code} for code in sorted({SUPPLIER, CUSTOMER, *vendors})]
        named = {event[key] for event in self.scenario["events"] for key in PLACES if key in event}
        locations = [{"record": "location", "code": code} for code in sorted(named - {"MAIN"})]
        self.load([*parties, *locations, *Masters(self.scenario, self.registry.cost_methods, self.as_if).records()])

    def load(self, records: list[dict[str, Any]]) -> None:
        refused: list[Any] = []
        load(self.books, records, on_refusal=refused.append)
        if refused:
            raise Refused(refused[0].issues)

    # --- parts of events ---

    def post(self, event: Event, type: str, lines: list[Line] | None, **head: Any) -> str:
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

    def line(self, event: Event, *, price: str | None = None) -> Line:
        line: Line = {"item": self.item(event)["item"], "quantity": need(event, "qty"), "from": None}
        if "uom_factor" in event:
            line |= {"unit": event.get("uom", "pack"), "unit_factor": event["uom_factor"]}
        line |= {key: event[key] for key in ("lot", "location") if key in event}
        if "serial" in event:
            line["lot"] = event["serial"]
        if price is not None and price in event:
            line[price] = event[price]
        return line

    @staticmethod
    def lines(event: Event) -> list[Event]:
        """Return the lines of an event, each with the event's common keys."""
        return [{**event, **line} for line in event.get("lines", [{}])]

    def money(self, event: Event) -> dict[str, Any]:
        """Return currency and rate if the event has a rate: "1 USD = 1.5 EUR" is 0.6666666667 USD for one EUR."""
        if "fx" not in event:
            return {}
        require(capabilities.currencies(), "documents in foreign currency")
        _, equals, theirs = event["fx"].partition("=")
        if not equals:
            raise NotExpressible(f"the rate {event['fx']!r}")
        rate = 1 / Decimal(theirs.split()[0])
        return {"currency": need(event, "currency"), "rate": f"{rate.quantize(Decimal('0.0000000001')):f}"}

    def item(self, event: Event) -> Event:
        """Return the item of an event."""
        found: Event | None = self.items.get(need(event, "item"))
        if found is None:
            raise NotExpressible(f"the item {event['item']}, which the scenario does not have")
        return found

    def event(self, n: int) -> Event:
        """Return an event by its number."""
        found: Event | None = next((event for event in self.scenario["events"] if event["n"] == n), None)
        if found is None:
            raise NotExpressible(f"the event {n}, which the scenario does not have")
        return found

    def record(self, event: Event) -> tuple[str, dict[str, Any]]:
        """Return the type and record of the document on which the event acts."""
        found = self.records.get(need(event, "of"))
        if found is None:
            raise NotExpressible(f"{event['verb']} of an event that made no document")
        return found

    def number(self, event: Event) -> str:
        """Return the number of the document on which the event acts."""
        return str(self.record(event)[1]["number"])

    def ref(self, event: Event) -> str:
        """Return the line on which the event acts: the line of its item, else the first."""
        lines = self.record(event)[1].get("lines") or [{}]
        position = next((at for at, line in enumerate(lines, start=1) if line.get("item") == event["item"]), 1)
        return f"{self.number(event)}#{position}"

    # --- chains ---

    def taken(self, waiting: list[Open], event: Event, **keys: Any) -> list[Line]:
        """Return lines from the oldest open lines of the item; of one event or order if the event names it."""
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

    def wait(self, waiting: list[Open], number: str, event: Event) -> None:
        for position, each in enumerate(self.lines(event), start=1):
            waiting.append(Open(f"{number}#{position}", each["item"], Decimal(each["qty"]), event))

    @staticmethod
    def reopen(waiting: list[Open], ref: str, part: Decimal) -> None:
        """Make units of a line open again."""
        for each in waiting:
            if each.ref == ref:
                each.left += part

    def revise(self, event: Event, **changes: str) -> None:
        """Change the first line of the document on which the event acts."""
        first, *others = self.record(event)[1]["lines"]
        self.replace(event, lines=[{**first, **changes}, *others])

    def replace(self, event: Event, *, lines: list[Line]) -> None:
        """Replace the lines of the document on which the event acts."""
        type, record = self.record(event)
        kept = {key: value for key, value in record.items() if key != "number"}
        self.books.post(type, **kept | {"revises": record["number"], "lines": lines})
        self.records[event["of"]] = type, {**record, "lines": lines}

    def as_if(self, equivalent: str) -> None:
        """Note an equivalent for an event that Wares cannot express directly."""
        self.equivalents[equivalent] = None

    # --- figures of the books and of the scenario ---

    def unit_value(self, sku: str) -> Decimal:
        """Return the present value of a unit; without stock, the item's cost."""
        rows = self.books.stock.list(sku=sku)
        quantity = sum((row["on_hand"] for row in rows), Decimal(0))
        if quantity > 0:
            return sum((row["value"] for row in rows), Decimal(0)) / quantity
        cost = self.books.items.show(sku)["cost"]
        if cost is None:
            raise NotExpressible(f"the cost of {sku}, which the scenario does not give")
        return Decimal(cost)

    def lots_of(self, sku: str) -> list[str]:
        """Return the lots of an item that are on hand."""
        rows = self.books.stock.list(sku=sku, by="lot")
        return [row["lot"] for row in rows if row["lot"] and row["on_hand"]]

    def roles_of(self, event: Event) -> list[str]:
        """Return the roles that the scenario's entry for an event names."""
        return [entry["role"] for each in self.scenario["expect"] if each["after"] == event["n"] for entry in each.get("gl", ())]

    def account(self, role: str) -> str:
        """Return the account with a role."""
        code = next((row["code"] for row in self.books.gl.accounts() if role in row["roles"]), None)
        if code is None:
            raise NotExpressible(f"an account for {role}")
        return str(code)


def need(event: Event, *keys: str) -> Any:
    """Return the value of the first of these keys that an event has."""
    for key in keys:
        if key in event:
            return event[key]
    raise NotExpressible(f"{event.get('verb', 'a line')} without {' or '.join(keys)}")
