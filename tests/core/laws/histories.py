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


@st.composite
def events(draw: st.DrawFn, max_size: int) -> list[Event]:
    """A history in the order in which it is entered; each event at its own minute. It begins with goods."""
    minutes = draw(st.lists(st.integers(0, 500), min_size=4, max_size=max_size, unique=True))
    return [
        Event(
            kind=draw(st.sampled_from(SOURCES if index < 3 else SOURCES + OTHERS)),
            item=draw(st.sampled_from(sorted(METHODS))),
            quantity=draw(st.integers(1, 40 if index < 3 else 8)),
            cents=draw(st.integers(0, 4000)),
            at=minute,
            pick=draw(st.integers(0, 50)),
        )
        for index, minute in enumerate(minutes)
    ]


def workshop(engine: Any, plugins: Any, *, method: str | None = None, scope: str = "company") -> Books:
    """A fresh company on a migrated engine."""
    code = f"W{next(_companies)}"
    chart = plugins.registry.charts["general"]
    run_writing(engine, lambda connection: create_company(connection, code=code, name=code, currency="USD", chart=chart))
    books = Books(engine=engine, company=code, plugins=plugins)
    books.projections.keep("seller_stock_values")  # what every history does to them is looked at by verify
    books.settings.set("cost_scope", scope)
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
        record |= {"number": f"D{next(self.numbers)}", "date": (START + timedelta(minutes=event.at)).isoformat()}
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
        return sorted(self.standing.values(), key=lambda entered: entered.at)

    def _pick(self, event: Event, wanted: Any, *, earlier: bool = True) -> str | None:
        found = [number for number, entered in self.standing.items() if wanted(entered) and (entered.at < event.at or not earlier)]
        return found[event.pick % len(found)] if found else None

    def _record(self, event: Event) -> dict[str, Any] | None:
        quantity, amount = str(event.quantity), f"{event.cents // 100}.{event.cents % 100:02d}"
        goods = {"item": event.item, "quantity": quantity}
        match event.kind:
            case "bill" | "receipt":
                return _of(event.kind, {**goods, "amount": amount, "from": None}, party="ACME")
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
                place = "SHOP" if event.pick % 3 == 0 else "MAIN"
                return _of("count", {"item": event.item, "counted": str(event.quantity - 1)}, location=place)
            case "transfer":
                places = ("MAIN", "SHOP") if event.pick % 2 else ("SHOP", "MAIN")
                return _of("transfer", goods, location=places[0], to_location=places[1])
        return self._referring(event, quantity, amount)

    def _referring(self, event: Event, quantity: str, amount: str) -> dict[str, Any] | None:
        kinds = {"late_bill": "receipt", "credit": "invoice", "unbuild": "build", "supplier_credit": "bill"}
        number = self._pick(event, lambda entered: entered.record["type"] == kinds[event.kind] and
                            (event.kind != "supplier_credit" or entered.record["lines"][0]["from"] is None))  # fmt: skip
        if number is None:
            return None
        origin = self.standing[number].record
        item, line = origin["lines"][0]["item"], {"from": f"{number}#1", "quantity": quantity}
        match event.kind:
            case "late_bill":
                return _of("bill", {**line, "item": item, "amount": amount}, party="ACME")
            case "credit":
                return _of("credit_note", {**line, "amount": amount, "restock": True}, party="JANE", memo=origin["memo"])
            case "unbuild":
                return _of("unbuild", {**line, "item": "WHEEL"})
        return _of("supplier_credit", {**line, "amount": amount}, party="ACME", memo=item)


def _of(type: str, line: dict[str, Any], **head: Any) -> dict[str, Any]:
    return {"type": type, "lines": [line], **head}
