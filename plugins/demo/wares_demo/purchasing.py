"""Purchases: completed purchase orders, received on the day they were due, in the quantities that were stocked.

There are two ways, chosen by vendor, so that one vendor's documents never wait on each other:

- **bill with the goods** (every second vendor): a direct bill. Freight and sales tax are charges with ``into_cost``
  under a subtotal of the goods, so that they become part of the layers (IAS 2.10-11).
- **receipt, then bill**: a receipt on the due day and a week later a bill `from` it at the same prices. Freight and
  tax are charges without ``into_cost``, an expense: into cost they would re-cost every receipt a week late. A receipt
  of the story's last week is not billed and stays in received-not-billed.

The header's freight and tax belong to the whole order. If less was stocked, or on several days, each document takes
its share by value, cumulatively rounded. Every third order is paid ten days after its bill.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from wares_demo.catalogue import Catalogue, Product
from wares_demo.events import BUY, MAIN, PAY, Event, Key, Move, Record, days_after, document
from wares_demo.figures import in_proportion, line_amount, plain, whole
from wares_demo.source import Source

BILLED_AFTER = 7
"""Days from a receipt to its bill."""
PAID_AFTER = 10
"""Days from a bill to its payment."""
COMPLETE = "4"
"""Status of a completed purchase order in the source."""

FREIGHT_INTO_COST = "FREIGHT-IN"
TAX_INTO_COST = "TAX-IN"
FREIGHT_EXPENSE = "FREIGHT-IN-EXP"
TAX_EXPENSE = "TAX-IN-EXP"
SUBTOTAL = "SUBTOTAL"


class Bought(NamedTuple):
    """One line of a purchase order that was stocked."""

    product: Product
    quantity: int
    """Units of the vendor."""
    unit_cost: Decimal
    """USD per unit of the vendor."""


class Delivery(NamedTuple):
    """The goods of one purchase order received on one day."""

    order: int
    """Number of the purchase order."""
    suffix: str
    """Empty for the first delivery of an order, then 2, 3, ..."""
    day: str
    """ISO date of the receipt."""
    vendor: str
    """Account number of the vendor."""
    with_goods: bool
    """The bill comes with the goods; else a receipt is billed later."""
    lines: tuple[Bought, ...]
    freight: Decimal
    """Its share of the order's freight, USD."""
    tax: Decimal
    """Its share of the order's tax, USD."""


def purchases(source: Source, catalogue: Catalogue, *, until: str) -> Iterator[Event]:
    """Yield receipts, bills and vendor payments in order of date, up to and including `until`."""
    events = [event for delivery in deliveries(source, catalogue) for event in _events(delivery)]
    events.sort(key=lambda event: event.key)
    yield from (event for event in events if event.key.day <= until)


def deliveries(source: Source, catalogue: Catalogue) -> Iterator[Delivery]:
    """Yield the completed orders of the source, one delivery per order and due day."""
    vendors = source.lookup("Vendor", "BusinessEntityID", "AccountNumber")
    stocked: defaultdict[str, defaultdict[str, list[Bought]]] = defaultdict(lambda: defaultdict(list))
    details = source.rows("PurchaseOrderDetail", "PurchaseOrderID", "DueDate", "ProductID", "UnitPrice", "StockedQty")
    for order, due, product, price, quantity in details:
        if units := whole(quantity):
            stocked[order][due].append(Bought(catalogue.products[product], units, Decimal(price)))
    columns = ("PurchaseOrderID", "Status", "VendorID", "SubTotal", "Freight", "TaxAmt")
    for order, status, vendor, subtotal, freight, tax in source.rows("PurchaseOrderHeader", *columns):
        if status != COMPLETE or order not in stocked:
            continue
        days = sorted(stocked[order].items())
        shares = [sum((line.quantity * line.unit_cost for line in lines), Decimal(0)) for _, lines in days]
        freights = in_proportion(Decimal(freight), shares, Decimal(subtotal))
        taxes = in_proportion(Decimal(tax), shares, Decimal(subtotal))
        for place, (day, lines) in enumerate(days):
            yield Delivery(
                order=int(order),
                suffix=str(place + 1) if place else "",
                day=day,
                vendor=vendors[vendor],
                with_goods=int(vendor) // 2 % 2 == 0,
                lines=tuple(lines),
                freight=freights[place],
                tax=taxes[place],
            )


def _events(delivery: Delivery) -> Iterator[Event]:
    bill_number = f"PO-{delivery.order}-B{delivery.suffix}"
    receipt_number = f"PO-{delivery.order}-R{delivery.suffix}"
    lines = [_line(line) for line in delivery.lines]
    moves = tuple(Move(MAIN, line.product.sku, line.quantity * line.product.eaches) for line in delivery.lines)
    place = int(delivery.suffix or "1")
    if delivery.with_goods:
        billed = delivery.day
        record = _document("bill", delivery, billed, bill_number)
        record["lines"] = lines + _charges(delivery, FREIGHT_INTO_COST, TAX_INTO_COST)
        yield Event(Key(billed, BUY, delivery.order, place), record, moves)
    else:
        record = _document("receipt", delivery, delivery.day, receipt_number)
        record["lines"] = lines
        yield Event(Key(delivery.day, BUY, delivery.order, place), record, moves)
        billed = days_after(delivery.day, BILLED_AFTER)
        record = _document("bill", delivery, billed, bill_number)
        linked = [{"from": f"{receipt_number}#{row}", **line} for row, line in enumerate(lines, start=1)]
        record["lines"] = linked + _charges(delivery, FREIGHT_EXPENSE, TAX_EXPENSE)
        yield Event(Key(billed, BUY, delivery.order, place), record)
    if delivery.order % 3 == 0:
        yield _payment(delivery, days_after(billed, PAID_AFTER), bill_number)


def _line(line: Bought) -> Record:
    record: Record = {"item": line.product.sku, "quantity": str(line.quantity), "unit_cost": plain(line.unit_cost)}
    if line.product.eaches > 1:
        record |= {"unit": line.product.purchase_unit.lower(), "unit_factor": str(line.product.eaches)}
    return record


def _charges(delivery: Delivery, freight: str, tax: str) -> list[Record]:
    amounts = ((freight, delivery.freight), (tax, delivery.tax))
    rows: list[Record] = [{"item": sku, "amount": str(amount)} for sku, amount in amounts if amount]
    return [{"item": SUBTOTAL}, *rows] if rows else []


def _document(kind: str, delivery: Delivery, day: str, number: str) -> Record:
    return document(kind, day, f"aw:{number}", number=number, party=delivery.vendor)


def bill_total(delivery: Delivery) -> Decimal:
    """Return the total of the bill: rounded lines, freight and tax."""
    goods = sum((line_amount(line.quantity, line.unit_cost) for line in delivery.lines), Decimal(0))
    return goods + delivery.freight + delivery.tax


def _payment(delivery: Delivery, day: str, number: str) -> Event:
    amount = str(bill_total(delivery))
    record = document(
        "payment",
        day,
        f"aw:{number}:paid",
        direction="out",
        party=delivery.vendor,
        account="1010",
        amount=amount,
        apply_to=[{"number": number, "amount": amount}],
    )
    return Event(Key(day, PAY, delivery.order, int(delivery.suffix or "1")), record)
