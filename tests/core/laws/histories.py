"""Random histories of a small workshop: what happens, when it takes effect, and in which order it is entered.

Every event is at an instant of its own; what refers to something earlier (a bill to a receipt, a return to a sale) chooses among
what stands and is earlier. A refusal is part of the game: what was refused did not happen.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase

from wares import Books, Refused
from wares.services.company import create_company
from wares.storage.commits import run_writing

START = datetime(2026, 1, 1)
DAY = 24 * 60
"""Minutes."""
METHODS = {"RIM": "average", "SPOKE": "fifo", "WHEEL": "average"}
COSTS = {"RIM": "3", "SPOKE": "0.07", "WHEEL": "11"}
CONTENTS = {"WHEEL": {"RIM": "1", "SPOKE": "3", "LABOUR": "0.25"}, "SET": {"WHEEL": "1", "SPOKE": "2"}}
ACCOUNTS = ("1300", "2000", "2200", "5000", "5100", "5200", "5300", "5900")
"""Where the value of goods can be: their sum is what was never bought nor sold, which is nothing."""

QUICK = settings(
    max_examples=25, derandomize=True, deadline=None, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)  # fmt: skip
LONG = settings(QUICK, max_examples=1_000, derandomize=False, database=DirectoryBasedExampleDatabase(".hypothesis/examples"))
"""What it finds it tries first the next time."""

_companies = itertools.count(1)


def law() -> settings:
    """How hard the laws are tried: as quick as every run allows, unless the profile `long` is chosen."""
    chosen = settings.default
    return chosen if chosen is not None and chosen.max_examples == LONG.max_examples else QUICK


class Event(NamedTuple):
    kind: str
    item: str
    quantity: int
    cents: int
    at: int  # the minute at which it takes effect
    pick: int  # which of the documents that it could refer to


class Entered(NamedTuple):
    at: int
    record: dict[str, Any]


SOURCES = ("bill", "bill", "receipt", "receipt", "adjustment")
OTHERS = ("invoice", "invoice", "kit", "build", "build", "late_bill", "late_bill", "credit", "credit", "unbuild", "supplier_credit",
          "adjustment", "issue", "count", "transfer", "transfer", "void", "found")  # fmt: skip


CHAINS = ("even_receipt", "delivery", "delivery", "charge", "charge", "goods_back", "goods_back", "credit_back", "credit_charge",
          "order", "deliver", "supplier_return", "late_bill", "count", "void", "transfer", "invoice", "credit")  # fmt: skip
"""Documents that follow others: what was delivered is invoiced or comes back, what was ordered is delivered."""
CURRENCIES = ("bill_abroad", "bill_abroad", "receipt_abroad", "receipt_abroad", "invoice_abroad", *OTHERS)
METHOD_CHANGES = ("method_change", "method_change", "method_change", *SOURCES, *OTHERS)
SHORTAGES = ("delivery", "delivery", "invoice", "kit", "order", "deliver", "goods_back", "goods_back", "credit", "credit_charge",
             "charge", "charge", "credit_back", "bill", "receipt", "late_bill", "adjustment", "found", "count", "issue", "transfer",
             "supplier_credit", "build", "void")  # fmt: skip
RATES = ("1.1", "0.8725", "1.3333333333", "0.0166875201")
MINUTES = st.integers(0, 500)
TIES = st.builds(lambda day, minute: day * DAY + minute, st.integers(0, 3), st.sampled_from((0, 0, 1, 720)))
"""Instants that many events share; a minute of 0 is a bare date."""


@st.composite
def events(
    draw: st.DrawFn,
    max_size: int,
    others: tuple[str, ...] = SOURCES + OTHERS,
    at: st.SearchStrategy[int] | None = None,
    sources: int = 3,
    items: list[str] | None = None,
) -> list[Event]:
    """A history in the order in which it is entered; each event at its own minute, unless `at` says otherwise. It begins with
    goods: so many of its `sources`."""
    minutes = draw(st.lists(MINUTES if at is None else at, min_size=4, max_size=max_size, unique=at is None))
    return [
        Event(
            kind=draw(st.sampled_from(SOURCES if index < sources else others)),
            item=draw(st.sampled_from(items or sorted(METHODS))),
            quantity=draw(st.integers(1, 40 if index < sources else 8)),
            cents=draw(st.integers(0, 4000)),
            at=minute,
            pick=draw(st.integers(0, 50)),
        )
        for index, minute in enumerate(minutes)
    ]


def workshop(engine: Any, plugins: Any, *, method: str | None = None, scope: str = "company", **options: str) -> Books:
    """A fresh company on a migrated engine; `options` are settings of the books."""
    code = f"W{next(_companies)}"
    chart = plugins.registry.charts["general"]
    run_writing(engine, lambda connection: create_company(connection, code=code, name=code, currency="USD", chart=chart))
    books = Books(engine=engine, company=code, plugins=plugins)
    books.projections.keep("seller_stock_values")  # what every history does to them is looked at by verify
    for setting, value in {"cost_scope": scope, **options}.items():
        books.settings.set(setting, value)
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.locations.add("SHOP", name="Shop")
    records: list[dict[str, Any]] = [{"type": "service", "sku": "LABOUR", "cost": "24"}]
    for sku in ("RIM", "SPOKE"):
        records.append({"type": "stock", "sku": sku, "cost": COSTS[sku], "price": "9", "cost_method": method or METHODS[sku]})
    components = {parent: [{"sku": sku, "quantity": each} for sku, each in parts.items()] for parent, parts in CONTENTS.items()}
    records.append({"type": "assembly", "sku": "WHEEL", "cost": COSTS["WHEEL"], "price": "40", "components": components["WHEEL"],
                    "cost_method": method or METHODS["WHEEL"]})  # fmt: skip
    records.append({"type": "kit", "sku": "SET", "price": "50", "components": components["SET"]})
    books.items.put(records)
    return books


class History:
    """Events entered into books, one after the other; what was accepted and still stands."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.standing: dict[str, Entered] = {}
        self.numbers = itertools.count(1)

    def enter(self, event: Event) -> str:
        """Enter one event; "posted", "voided", "refused: CODE" or "nothing to refer to"."""
        if event.kind == "void":
            number = self._pick(event, lambda entered: True, earlier=False)
            return "nothing to refer to" if number is None else self.void(number)
        record = self._record(event)
        if record is None:
            return "nothing to refer to"
        if event.kind.endswith("_abroad"):
            record |= {"currency": ("EUR", "KWD")[event.pick % 2], "rate": RATES[event.cents % len(RATES)]}
        record |= {"number": f"D{next(self.numbers)}", "date": _date(event.at)}
        return self.post(event.at, record)

    def post(self, at: int, record: dict[str, Any]) -> str:
        given = {key: value for key, value in record.items() if key != "type"}
        try:
            self.books.post(record["type"], **given)
        except Refused as refused:
            return f"refused: {refused.issues[0].code}"
        self.standing[record["number"]] = Entered(at, record)
        return "posted"

    def void(self, number: str) -> str:
        try:
            self.books.void(number)
        except Refused as refused:
            return f"refused: {refused.issues[0].code}"
        del self.standing[number]
        return "voided"

    def in_effective_order(self) -> list[Entered]:
        """What stands; of one instant, what was entered first."""
        return sorted(self.standing.values(), key=lambda entered: entered.at)

    def _pick(self, event: Event, wanted: Any, *, earlier: bool = True) -> str | None:
        found = [number for number, entered in self.standing.items() if wanted(entered) and (entered.at <= event.at or not earlier)]
        return found[event.pick % len(found)] if found else None

    def _record(self, event: Event) -> dict[str, Any] | None:
        quantity, amount = str(event.quantity), f"{event.cents // 100}.{event.cents % 100:02d}"
        goods, place = {"item": event.item, "quantity": quantity}, "SHOP" if event.pick % 3 == 0 else "MAIN"
        match event.kind:
            case "method_change":
                methods = ("average", "fifo", "lifo", "standard")
                return _of("method_change", {"item": event.item, "cost_method": methods[event.pick % 4]})
            case "bill_abroad":
                return _of("bill", {**goods, "amount": amount, "from": None}, party="ACME")
            case "invoice_abroad":
                return _of("invoice", {**goods, "from": None}, party="JANE", memo=event.item)
            case "bill" | "receipt":
                return _of(event.kind, {**goods, "amount": amount, "from": None}, party="ACME")
            case "even_receipt" | "receipt_abroad":  # parts of it have no odd cent
                unit_cost = f"{event.cents // 1000}.{event.cents % 100:02d}"
                return _of("receipt", {**goods, "unit_cost": unit_cost, "from": None}, party="ACME", memo="even")
            case "delivery":
                return _of("delivery", {**goods, "from": None}, party="JANE", location=place)
            case "order":
                return _of("invoice", {**goods, "from": None}, party="JANE", goods="later", memo=event.item)
            case "adjustment":
                return _of("adjustment", {**goods, "amount": amount})
            case "found":
                return _of("adjustment", goods)
            case "issue":
                return _of("adjustment", {**goods, "quantity": f"-{quantity}"})
            case "invoice":
                return _of("invoice", {**goods, "from": None}, party="JANE", memo=event.item)
            case "kit":
                return _of("invoice", {"item": "SET", "quantity": quantity, "from": None}, party="JANE", memo="SET")
            case "build":
                return _of("build", {"item": "WHEEL", "quantity": quantity})
            case "count":
                return _of("count", {"item": event.item, "counted": str(event.quantity - 1)}, location=place)
            case "transfer":
                places = ("MAIN", "SHOP") if event.pick % 2 else ("SHOP", "MAIN")
                return _of("transfer", goods, location=places[0], to_location=places[1])
        return self._referring(event, quantity, amount)

    def _referring(self, event: Event, quantity: str, amount: str) -> dict[str, Any] | None:
        number = self._pick(event, lambda entered: _follows(event.kind, entered.record))
        if number is None:
            return None
        origin = self.standing[number].record
        item, line = origin["lines"][0].get("item") or origin["memo"], {"from": f"{number}#1", "quantity": quantity}
        place = {"location": "SHOP" if event.pick % 3 == 0 else "MAIN"}
        abroad = {"currency": origin["currency"]} if "currency" in origin else {}
        match event.kind:
            case "late_bill":
                rate = {"rate": RATES[event.cents % len(RATES)]} if abroad else {}
                return _of("bill", {**line, "item": item, "amount": amount}, party="ACME", **abroad, **rate)
            case "credit" | "credit_charge":
                return _of("credit_note", {**line, "amount": amount, "restock": True}, party="JANE", memo=origin["memo"], **abroad)
            case "unbuild":
                return _of("unbuild", {**line, "item": "WHEEL"})
            case "charge":
                return _of("invoice", line, party="JANE", memo=item)
            case "deliver":
                return _of("delivery", line, party="JANE", memo=item, **place)
            case "goods_back":
                return _of("customer_return", line, party="JANE", memo=item, **place)
            case "credit_back":
                return _of("credit_note", {**line, "amount": amount}, party="JANE", memo="back")
            case "supplier_return":
                return _of("supplier_return", line, party="ACME", memo=item)
        return _of("supplier_credit", {**line, "amount": amount}, party="ACME", memo=item, **abroad)


def _follows(kind: str, origin: dict[str, Any]) -> bool:
    """Whether an event of this kind may come from a document."""
    type: str = origin["type"]
    alone, later = bool(origin["lines"][0].get("item")), bool(origin.get("goods") == "later")
    match kind:
        case "late_bill":
            return type == "receipt"
        case "credit":
            return type == "invoice" and alone and not later
        case "credit_charge":
            return type == "invoice" and (not alone or later)
        case "unbuild":
            return type == "build"
        case "charge" | "goods_back":
            return type == "delivery" and (alone or kind == "goods_back")
        case "deliver":
            return type == "invoice" and later
        case "credit_back":
            return type == "customer_return"
        case "supplier_return":
            return type == "receipt" and bool(origin.get("memo") == "even")
    return type == "bill" and alone and bool(origin["lines"][0]["from"] is None)


def _date(at: int) -> str:
    instant = START + timedelta(minutes=at)
    return instant.isoformat() if at % DAY else instant.date().isoformat()


def _of(type: str, line: dict[str, Any], **head: Any) -> dict[str, Any]:
    return {"type": type, "lines": [line], **head}
