"""Random histories of a factory with an item of every cost method, where everything is done that changes what goods are worth.

Events are entered in any order. Each takes effect at noon of a day of its own, a reversal at the day's beginning, so that nothing
is decided by a tie. What refers to something earlier (a bill to a receipt, a return to a sale) chooses among what stands and is
earlier, else it follows something later by a few minutes; where there is nothing, it becomes what makes such a thing. A refusal is
part of the game: what was refused did not happen. `paperwork.py` says which record an event becomes.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import note
from hypothesis import strategies as st

from wares import Books, Refused
from wares.services.company import create_company
from wares.storage.commits import run_writing

START = datetime(2026, 1, 1, 12)
DAY = 24 * 60
"""Minutes."""
METHODS = {"RIM": "average", "SPOKE": "fifo", "HUB": "lifo", "TYRE": "standard", "FRAME": "specific", "SCRAP": "average",
           "WHEEL": "average", "BIKE": "fifo"}  # fmt: skip
COSTS = {"RIM": "3", "SPOKE": "0.07", "HUB": "5.5", "TYRE": "6.123", "FRAME": "20", "SCRAP": "0.5", "WHEEL": "11", "BIKE": "70"}
CONTENTS = {
    "WHEEL": {"RIM": "1", "SPOKE": "3", "LABOUR": "0.25"},
    "BIKE": {"WHEEL": "2", "HUB": "1", "TYRE": "1"},
    "SET": {"WHEEL": "1", "HUB": "2", "TYRE": "1"},
}
RECEIVABLE, EXCHANGE = "1200", "7000"
SALES = ("1010", RECEIVABLE, "4000")
"""Where sales are: receivables, the bank they are paid into, income. All other accounts hold the value of goods."""
UNDETAILED = "1350"
INVENTORY = ("1300", "1310")
"""Where goods stand; a reclassification takes an item's from one to the other."""

_companies = itertools.count(1)


class Event(NamedTuple):
    kind: str
    item: str
    quantity: int
    cents: int
    at: int  # when it takes effect: noon of a day, in minutes since the first
    pick: int  # which of the things that it could refer to


class Entered(NamedTuple):
    at: int
    record: dict[str, Any]
    reverses: str | None = None
    """For a reversal: the number it takes back."""


SOURCES = ("bill", "receipt", "cash_purchase", "adjustment", "bill", "receipt", "opening")
SALE_KINDS = ("invoice", "cash_sale", "kit", "kit_cash", "order", "deliver", "delivery", "delivery", "charge", "charge", "credit",
              "credit_only", "goods_back", "credit_back", "found_back", "match", "end")  # fmt: skip
PURCHASE_KINDS = ("later_bill", "later_receipt", "late_bill", "late_bill", "supplier_credit", "rebate", "supplier_return",
                  "credit_return", "landed", "service_bill", "box", "details", "end")  # fmt: skip
STOCK_KINDS = (
    "build",
    "build",
    "unbuild",
    "issue",
    "count",
    "transfer",
    "transfer",
    "transfer",
    "found",
    "revalue_to",
    "revalue_by",
    "method_change",
)
LEDGER_KINDS = ("paid_in", "paid_out", "refund_out", "refund_in", "journal", "reclassify")
TAKE_BACK = ("void", "edit", "reverse")
ALL = SOURCES + SALE_KINDS + PURCHASE_KINDS + STOCK_KINDS + LEDGER_KINDS + TAKE_BACK
NEEDS = {
    "deliver": "order", "charge": "delivery", "credit": "invoice", "credit_only": "cash_sale", "goods_back": "delivery",
    "credit_back": "goods_back", "later_receipt": "later_bill", "late_bill": "receipt", "supplier_credit": "bill", "rebate": "bill",
    "supplier_return": "receipt", "credit_return": "supplier_return", "unbuild": "build", "landed": "receipt", "paid_in": "invoice",
    "paid_out": "bill", "refund_out": "credit", "refund_in": "supplier_credit", "details": "box", "match": "order",
    "end": "receipt",
}  # fmt: skip
"""What refers to something else → the kind of event that happens instead where there is no such thing."""
STORE = (("RIM", 40, 1234), ("SPOKE", 120, 901), ("HUB", 20, 11_111), ("TYRE", 25, 15_308), ("WHEEL", 8, 8_803))
"""What a history may begin with, so that wheels and bicycles can be built: item, quantity, cents."""


@st.composite
def events(draw: st.DrawFn, max_size: int, kinds: tuple[str, ...] = ALL) -> list[Event]:
    """A history in the order in which it is entered; each event on its own day. It begins with goods, and goes on with few items
    and few kinds of events, so that things cross."""
    stocked = draw(st.booleans())
    days = draw(st.lists(st.integers(0, 150), min_size=4, max_size=max_size, unique=True))
    items = draw(st.lists(st.sampled_from(sorted(METHODS)), min_size=1, max_size=3, unique=True))
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=5, unique=True))
    drawn = [
        Event(
            kind=draw(st.sampled_from(SOURCES if index < 3 and not stocked else chosen)),
            item=draw(st.sampled_from(items)),
            quantity=draw(st.integers(1, 40 if index < 3 else 8)),
            cents=draw(st.integers(0, 4000)),
            at=day * DAY,
            pick=draw(st.integers(0, 50)),
        )
        for index, day in enumerate(days)
    ]
    store = [Event("bill", sku, quantity, cents, (index - len(STORE)) * DAY, 0)
             for index, (sku, quantity, cents) in enumerate(STORE)]  # fmt: skip
    return (store if stocked else []) + drawn


def factory(engine: Any, plugins: Any, *, code: str | None = None, method: str | None = None, **options: str) -> Books:
    """A fresh company on a migrated engine; `options` are settings, `method` is that of every item instead of its own."""
    code = code or f"F{next(_companies)}"
    chart = plugins.registry.charts["general"]
    run_writing(engine, lambda connection: create_company(connection, code=code, name=code, currency="USD", chart=chart))
    books = Books(engine=engine, company=code, plugins=plugins)
    books.projections.keep("seller_stock_values")  # what every history does to them is looked at by verify
    for setting, value in options.items():
        books.settings.set(setting, value)
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.locations.add("SHOP", name="Shop")
    books.accounts.add("1310", name="More goods", type="asset", roles=["inventory"])
    records: list[dict[str, Any]] = [{"type": "service", "sku": "LABOUR", "cost": "24"}]
    for sku in METHODS:
        each = {
            "sku": sku,
            "cost": COSTS[sku],
            "price": "40",
            "cost_method": method or METHODS[sku],
            "weight": "1.5",
            "volume": "0.2",
        }
        components = [{"sku": part, "quantity": quantity} for part, quantity in CONTENTS.get(sku, {}).items()]
        by_products = {"by_products": [{"sku": "SCRAP", "quantity": "1", "share": "10"}]} if sku == "WHEEL" else {}
        more = {"type": "assembly", "components": components, **by_products} if components else {"type": "stock"}
        records.append(each | more)
    records.append({"type": "kit", "sku": "SET", "price": "90",
                    "components": [{"sku": part, "quantity": quantity} for part, quantity in CONTENTS["SET"].items()]})  # fmt: skip
    books.items.put(records)
    return books


class History:
    """Events entered into books, one after the other; what was accepted and still stands.

    `orderly`: leave out what legitimately depends on the order of entering, because a document is measured against what stands
    when it is recorded (whether units that go back are billed, what freight by value falls on).
    """

    def __init__(self, books: Books, *, orderly: bool = False) -> None:
        self.books = books
        self.orderly = orderly
        self.standing: dict[str, Entered] = {}
        self.numbers = itertools.count(1)
        self.follow = True
        """Whether an event that finds nothing earlier to refer to comes after something later, if there is."""
        self.posted: Any = None
        """What the last posting answered."""

    def enter(self, event: Event) -> str:
        """Enter one event: what became of it."""
        outcome = self._enter(event)
        note(f"{event.kind} {event.quantity} {event.item} on {event.at}: {outcome}")
        return outcome

    def _enter(self, event: Event) -> str:
        from tests.core.laws.paperwork import record_of

        if event.kind in ("void", "reverse"):
            number = self.pick(event, lambda entered: entered.reverses is None, earlier=event.kind == "reverse")
            if number is None or (self.orderly and (self.followers(number) or self.shares(number))):
                return "nothing to take back"
            return self.void(number) if event.kind == "void" else self.reverse(number, event.at)
        if event.kind == "close":
            return self._try(lambda: self.books.gl.close(date_of(event.at).isoformat()[:10])) or "closed"
        event = self._placed(event)
        record = record_of(event, self)
        if record is None:
            return "nothing to refer to"
        moved = "revises" not in record or record["date"] == date_of(event.at).isoformat()
        return self.post(event.at if moved else self.standing[record["revises"]].at, record)

    def _placed(self, event: Event) -> Event:
        """The event, at an instant that lets it refer to something; where there is nothing, what makes such a thing."""
        from tests.core.laws.paperwork import wanted_by

        if event.kind not in NEEDS or self.pick(event, wanted_by(event.kind)) is not None:
            return event
        number = self.pick(event, wanted_by(event.kind), earlier=False) if self.follow else None
        if number is None:
            return self._placed(event._replace(kind=NEEDS[event.kind]))
        at, taken = self.standing[number].at + 1, {entered.at for entered in self.standing.values()}
        while at in taken:
            at += 1
        return event._replace(at=at)

    def post(self, at: int, record: dict[str, Any]) -> str:
        given = {key: value for key, value in record.items() if key != "type"}
        self.posted = None
        refused = self._try(lambda: setattr(self, "posted", self.books.post(record["type"], **given)))
        if refused:
            return refused
        revised = given.pop("revises", None)
        given.setdefault("number", revised)
        self.standing[given["number"]] = Entered(at, {"type": record["type"], **given})
        return f"posted {record}"

    def void(self, number: str) -> str:
        refused = self._try(lambda: self.books.void(number))
        if refused:
            return f"void of {number} {refused}"
        del self.standing[number]
        return f"voided {number}"

    def reverse(self, number: str, at: int) -> str:
        day = date_of(at).isoformat()[:10]
        refused = self._try(lambda: self.books.void(number, date=day))
        if refused:
            return f"reversal of {number} {refused}"
        self.standing[f"{number}-R"] = Entered(at, {"type": "reversal"}, number)
        return f"reversed {number} on {day}"

    def replay(self, entered: Entered) -> str:
        """Do in other books what was done here."""
        return self.reverse(entered.reverses, entered.at) if entered.reverses else self.post(entered.at, entered.record)

    def in_effective_order(self) -> list[Entered]:
        return sorted(self.standing.values(), key=lambda entered: entered.at)

    def pick(self, event: Event, wanted: Any, *, earlier: bool = True) -> str | None:
        """One of the documents that are wanted, stand, and (unless told otherwise) are earlier than the event."""
        gone = {entered.reverses for entered in self.standing.values()}
        found = [
            number for number, entered in self.standing.items()
            if wanted(entered) and number not in gone and (entered.at < event.at or not earlier)
        ]  # fmt: skip
        return found[event.pick % len(found)] if found else None

    def followers(self, number: str) -> bool:
        """Whether something that stands refers to it."""
        return any(number in refers_to(entered) for entered in self.standing.values())

    def shares(self, number: str) -> bool:
        """Whether another, too, took part of what its origin was recorded at: the one was measured after the other."""
        mine = clears(self.standing[number])
        return bool(mine) and any(mine == clears(entered) for other, entered in self.standing.items() if other != number)

    def _try(self, do: Any) -> str:
        try:
            do()
        except Refused as refused:
            return f"refused: {refused.issues[0].code}"
        return ""


def date_of(at: int) -> datetime:
    """An event's instant."""
    return START + timedelta(minutes=at)


def refers_to(entered: Entered) -> set[str]:
    """The documents that this one names, also by a lot that one of them made."""
    lines = [*entered.record.get("lines", ()), *entered.record.get("apply_to", ())]
    named = {str(line[key]).partition("#")[0] for line in lines for key in ("from", "lot", "number") if line.get(key)}
    return named | ({entered.reverses} if entered.reverses else set())


def clears(entered: Entered) -> str:
    """The document of which this one clears a part at its price: a receipt that it bills or sends back, a bill that it receives,
    or in another currency an invoice or bill that it pays."""
    record = entered.record
    of = {"bill": "from", "supplier_return": "from", "receipt": "from", "payment": "number", "refund": "number"}.get(record["type"])
    if of is None or (of == "number" and "currency" not in record):
        return ""
    line = (record.get("lines") or record.get("apply_to") or [{}])[0]
    return str(line.get(of) or "").partition("#")[0]
