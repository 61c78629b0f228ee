"""Records that the source lacks and a bicycle maker's books need: a kit, a service, a group, goods not stocked, charges,
discounts and markups, a second location, a loss, payments on account, revaluations and a stock count.

Every ten days the factory shop has a week of documents: goods are transferred to it; a kit is sold at a loyalty
discount; the cycling club is invoiced for a tune-up with a rush markup on the subtotal, then for a kit with contents
changed for this sale together with a starter group; a bottle breaks; and the club pays part of its invoice.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from wares_demo.catalogue import Catalogue, Component, Product
from wares_demo.events import (
    ADJUST,
    COUNT,
    MAIN,
    PAY,
    REVALUE,
    SELL,
    SHOP,
    TRANSFER,
    Event,
    Key,
    Move,
    Record,
    days_after,
    document,
)
from wares_demo.figures import plain
from wares_demo.masters import cost_method
from wares_demo.purchasing import FREIGHT_EXPENSE, FREIGHT_INTO_COST, SUBTOTAL, TAX_EXPENSE, TAX_INTO_COST
from wares_demo.sales import BANK, FREIGHT
from wares_demo.source import Source

KIT = "RIDE-READY"
GROUP = "STARTER"
SERVICE = "TUNE-UP"
NON_STOCK = "GIFT-WRAP"
PERCENT_OFF = "LOYAL10"
AMOUNT_OFF = "VOUCHER25"
MARKUP = "RUSH5"

BIKE, HELMET, LOCK = "BK-M18B-42", "HL-U509-R", "LO-C100"
BOTTLE, CAGE, PATCHES = "WB-H098", "BC-M005", "PK-7098"
KIT_CONTENTS = (Component(BIKE, 1), Component(HELMET, 1), Component(LOCK, 1))
CHANGED_CONTENTS = (Component(BIKE, 1), Component(HELMET, 1), Component(LOCK, 2))
GROUP_MEMBERS = ((Component(BOTTLE, 1), "4.50"), (Component(CAGE, 1), "9.00"), (Component(PATCHES, 2), "2.00"))

WALK_IN, CLUB = "WALK-IN", "CLUB"
ADJUSTMENT_ACCOUNT = "5900"
EVERY, FIRST_AFTER = 10, 7
"""Days between the starts of two shop weeks, and days from the start of the story to the first."""
COUNTED_ITEMS = 6
"""Number of items in the stock count."""


def parties() -> Iterator[Record]:
    """Yield the shop's own customers."""
    for code, name in ((WALK_IN, "Walk-in customer"), (CLUB, "Hillside Cycling Club")):
        yield {"record": "party", "code": code, "name": name, "kinds": ["customer"]}


def items() -> Iterator[Record]:
    """Yield items of the types that the source lacks. The products in the kit and the group must be recorded before."""
    for sku, name in ((FREIGHT_INTO_COST, "Freight in"), (TAX_INTO_COST, "Sales tax on purchases")):
        yield _item("charge", sku, name, attributes={"into_cost": True})
    for sku, name in (
        (FREIGHT_EXPENSE, "Freight in, expensed"),
        (TAX_EXPENSE, "Sales tax on purchases, expensed"),
        (FREIGHT, "Freight"),
    ):
        yield _item("charge", sku, name)
    yield _item("subtotal", SUBTOTAL, "Subtotal")
    yield _item("discount", PERCENT_OFF, "Loyalty 10 %", attributes={"percent": "10"})
    yield _item("discount", AMOUNT_OFF, "Voucher", attributes={"amount": "25.00"})
    yield _item("markup", MARKUP, "Rush job 5 %", attributes={"percent": "5"})
    yield _item("service", SERVICE, "Tune-up", unit="hour", price="60.00", cost="28.00")
    yield _item("non_stock", NON_STOCK, "Gift wrap", price="7.50")
    contents = _lines(KIT_CONTENTS, key="sku")
    yield _item("kit", KIT, "Bike, helmet and lock", price="589.00", category="bikes", components=contents)
    members = [{"sku": part.sku, "quantity": str(part.quantity), "price": price} for part, price in GROUP_MEMBERS]
    yield _item("group", GROUP, "Starter set", components=members, attributes={"use_group_prices": True})


def shop_weeks(first: str, last: str) -> Iterator[Event]:
    """Yield the shop's documents week by week; a week that would run past `last` is left out."""
    week, start = 1, days_after(first, FIRST_AFTER)
    while days_after(start, 6) <= last:
        yield from _shop_week(week, start)
        week, start = week + 1, days_after(start, EVERY)


def revaluations(source: Source, catalogue: Catalogue, *, after: str, until: str) -> Iterator[Event]:
    """Yield a revaluation for each day on which new standard costs of items at standard cost come into force."""
    changes = catalogue.cost_changes(source, after=after)
    for day, rows in groupby(changes, key=itemgetter(0)):
        lines = [
            {"item": product.sku, "unit_cost": plain(cost)}
            for _, product, cost in rows
            if cost_method(product) == "standard" and day <= until
        ]
        if lines:
            yield Event(Key(day, REVALUE, 0), document("revaluation", day, f"demo:rates:{day}", lines=lines))


def stock_count(day: str, on_hand: Mapping[tuple[str, str], int], products: Mapping[str, Product]) -> Event:
    """Return the last document, a count of a few items. The first is one over; the others are one short, two short or equal
    to the books."""
    kinds = {
        products[sku].subcategory: sku
        for (location, sku), quantity in on_hand.items()
        if location == MAIN and quantity >= 3 and products[sku].subcategory
    }
    counted = sorted(kinds.values())[:COUNTED_ITEMS]
    lines: list[Record] = []
    moves: list[Move] = []
    for place, sku in enumerate(counted):
        difference = 1 if place == 0 else -(place % 3)
        line: Record = {"item": sku, "counted": str(on_hand[MAIN, sku] + difference)}
        if difference > 0:
            line["unit_cost"] = plain(products[sku].cost)
        lines.append(line)
        moves.append(Move(MAIN, sku, difference))
    record = document("count", day, f"demo:count:{day}", location=MAIN, lines=lines)
    return Event(Key(day, COUNT, 0), record, tuple(moves))


def _shop_week(week: int, start: str) -> Iterator[Event]:
    days = [days_after(start, offset) for offset in range(6)]
    yield _goods_sent(week, days[0])
    yield _kit_sale(week, days[1])
    yield _tune_up(week, days[2])
    yield _outing(week, days[3])
    lines = [{"item": BOTTLE, "quantity": "-1", "account": ADJUSTMENT_ACCOUNT, "memo": "cracked on the shelf"}]
    record = document("adjustment", days[4], f"demo:{week}:broken", lines=lines)
    yield Event(Key(days[4], ADJUST, week), record, (Move(MAIN, BOTTLE, -1),))
    yield _club_payment(week, days[5])


def _goods_sent(week: int, day: str) -> Event:
    """Return the transfer to the shop of the goods in the week's two kits."""
    sent = (Component(BIKE, 2), Component(HELMET, 2), Component(LOCK, 3))
    record = document("transfer", day, f"demo:{week}:send", location=MAIN, to_location=SHOP, lines=_lines(sent, key="item"))
    return Event(Key(day, TRANSFER, week), record, (*_out(MAIN, sent), *_in(SHOP, sent)))


def _kit_sale(week: int, day: str) -> Event:
    """Return a cash sale of a kit with a percentage off."""
    lines = [{"item": KIT, "quantity": "1"}, {"item": PERCENT_OFF}]
    record = document("cash_sale", day, f"demo:{week}:kit", party=WALK_IN, account=BANK, location=SHOP, lines=lines)
    return Event(Key(day, SELL, week), record, _out(SHOP, KIT_CONTENTS))


def _tune_up(week: int, day: str) -> Event:
    """Return an invoice of hours and gift wrap with a markup on their subtotal: 90.00 + 7.50, + 5 % = 102.38."""
    rows = ({"item": SERVICE, "quantity": "1.5"}, {"item": NON_STOCK, "quantity": "1"})
    lines = [*rows, {"item": SUBTOTAL}, {"item": MARKUP}]
    record = document("invoice", day, f"demo:{week}:tune-up", number=f"CLUB-{week}", party=CLUB, lines=lines)
    return Event(Key(day, SELL, week), record)


def _outing(week: int, day: str) -> Event:
    """Return an invoice of a kit with a second lock and a voucher on it, and of two starter sets from the main store."""
    lines: list[Record] = [
        {"item": KIT, "quantity": "1", "location": SHOP, "components": _lines(CHANGED_CONTENTS, key="sku")},
        {"item": AMOUNT_OFF},
        {"item": GROUP, "quantity": "2"},
    ]
    record = document("invoice", day, f"demo:{week}:outing", party=CLUB, lines=lines)
    members = tuple(Component(part.sku, part.quantity * 2) for part, _ in GROUP_MEMBERS)
    return Event(Key(day, SELL, week), record, (*_out(SHOP, CHANGED_CONTENTS), *_out(MAIN, members)))


def _club_payment(week: int, day: str) -> Event:
    """Return a payment of part of the tune-up."""
    record = document(
        "payment",
        day,
        f"demo:{week}:paid",
        direction="in",
        party=CLUB,
        account=BANK,
        amount="50.00",
        apply_to=[{"number": f"CLUB-{week}", "amount": "50.00"}],
    )
    return Event(Key(day, PAY, week), record)


def _item(kind: str, sku: str, name: str, **facts: object) -> Record:
    return {"record": "item", "type": kind, "sku": sku, "name": name, **facts}


def _lines(parts: tuple[Component, ...], *, key: str) -> list[Record]:
    return [{key: part.sku, "quantity": str(part.quantity)} for part in parts]


def _out(location: str, parts: tuple[Component, ...]) -> tuple[Move, ...]:
    return tuple(Move(location, part.sku, -part.quantity) for part in parts)


def _in(location: str, parts: tuple[Component, ...]) -> tuple[Move, ...]:
    return tuple(Move(location, part.sku, part.quantity) for part in parts)
