"""Sales: one document per sales order on the day it shipped, and its returns, payments and refunds.

- A **reseller's** order is an invoice on account with its order number as the reference; a special offer is the
  discount of a line; freight is the charge FREIGHT under a subtotal of the goods.
- A **web** order is a cash sale into the bank, except that every fifth customer has an account and gets an invoice.
  Freight is a plain line, posted to shipping income.
- Sales tax is a plain line posted to sales tax payable.
- Invoices of web customers and every second reseller invoice are paid on their due date, in full (the source's
  orders due fall twelve days after the order, five after shipping); every tenth reseller invoice is paid by half.
- Of the orders on account, one in forty returns a unit of its first line ten days after it shipped: a credit note with
  restock and the unit's share of the tax. A web customer gets the money back three days later.

A document's total is the sum of its rounded lines. It differs from the header's subtotal + tax + freight by at most
half a cent for each line, freight and tax included. Orders in foreign currency have dollar amounts in the source and
are recorded in dollars.
"""

import heapq
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from wares_demo.catalogue import Catalogue
from wares_demo.events import MAIN, PAY, RETURN, SELL, Event, Key, Move, Record, days_after, document
from wares_demo.figures import cents, line_amount, plain
from wares_demo.purchasing import SUBTOTAL
from wares_demo.source import Source

FREIGHT = "FREIGHT"
BANK = "1010"
TAX_PAYABLE = "2100"
SHIPPING_INCOME = "4100"

RETURNED_AFTER = 10
"""Days from the shipment to the return."""
REFUNDED_AFTER = 13
"""Days from the shipment to the refund."""


class Sold(NamedTuple):
    """One line of a sales order."""

    sku: str
    quantity: int
    unit_price: str
    """USD, as a decimal string."""
    discount: Decimal
    """Fraction of the price, 0 to 1."""
    amount: Decimal
    """USD after the discount, rounded to cents."""


class Order(NamedTuple):
    """One sales order."""

    id: int
    shipped: str
    """ISO date of the shipment."""
    due: str
    """ISO date on which it is due."""
    web: bool
    """A web order; else a reseller's."""
    on_account: bool
    """It is invoiced; else paid in cash, as most web orders are."""
    reference: str
    """The customer's order number; empty if there is none."""
    party: str
    """Account number of the customer."""
    subtotal: Decimal
    """Goods in USD, unrounded."""
    tax: Decimal
    """Sales tax in USD, in cents."""
    freight: Decimal
    """Freight in USD, in cents."""
    lines: tuple[Sold, ...]

    @property
    def number(self) -> str:
        """The number of its document."""
        return f"SO-{self.id}"

    @property
    def total(self) -> Decimal:
        """The total of its document: the sum of its rounded lines."""
        return sum((line.amount for line in self.lines), self.tax + self.freight)


def sales(source: Source, catalogue: Catalogue, *, until: str) -> Iterator[Event]:
    """Yield sales, returns, payments and refunds in order of date, up to and including `until`.

    The source's orders are in order of their order date and ship a week later, so that only the events of the last weeks
    are held."""
    waiting: list[Event] = []
    for ordered, order in orders(source, catalogue):
        while waiting and waiting[0].key.day < ordered:
            yield heapq.heappop(waiting)
        for event in _events(order):
            if event.key.day <= until:
                heapq.heappush(waiting, event)
    while waiting:
        yield heapq.heappop(waiting)


def orders(source: Source, catalogue: Catalogue) -> Iterator[tuple[str, Order]]:
    """Yield (order date, order). Reads headers and details side by side, since both are in order of the order's number."""
    accounts = source.lookup("Customer", "CustomerID", "AccountNumber")
    lines = source.rows("SalesOrderDetail", "SalesOrderID", "ProductID", "OrderQty", "UnitPrice", "UnitPriceDiscount")
    details = groupby(lines, key=itemgetter(0))
    columns = (
        "SalesOrderID",
        "OrderDate",
        "ShipDate",
        "DueDate",
        "OnlineOrderFlag",
        "PurchaseOrderNumber",
        "CustomerID",
        "SubTotal",
        "TaxAmt",
        "Freight",
    )
    for key, ordered, shipped, due, web, reference, customer, subtotal, tax, freight in source.rows("SalesOrderHeader", *columns):
        of, rows = next(details)
        if of != key:
            raise ValueError(f"the details of sales order {key} are missing: the next details belong to {of}")
        yield (
            ordered,
            Order(
                id=int(key),
                shipped=shipped,
                due=due,
                web=web == "1",
                on_account=web == "0" or int(customer) % 5 == 0,
                reference=reference,
                party=accounts[customer],
                subtotal=Decimal(subtotal),
                tax=cents(Decimal(tax)),
                freight=cents(Decimal(freight)),
                lines=tuple(_sold(catalogue, row) for row in rows),
            ),
        )


def _sold(catalogue: Catalogue, row: tuple[str, ...]) -> Sold:
    _, product, quantity, unit_price, discount = row
    units, off, price = int(quantity), Decimal(discount), Decimal(unit_price)
    return Sold(catalogue.products[product].sku, units, plain(price), off, line_amount(units, price, off))


def _events(order: Order) -> Iterator[Event]:
    yield _sale(order)
    if not order.on_account:
        return
    if order.web or order.id % 2 == 0:
        yield _payment(order, order.total if order.web or order.id % 10 else cents(order.total / 2))
    if order.id % 40 == 7:
        yield from _return(order)


def _sale(order: Order) -> Event:
    lines = [_line(line) for line in order.lines]
    if order.web:
        lines.append({"description": "Freight", "amount": str(order.freight), "account": SHIPPING_INCOME})
    else:
        lines.append({"item": SUBTOTAL})
        lines.append({"item": FREIGHT, "amount": str(order.freight), "account": SHIPPING_INCOME})
    lines.append({"description": "Sales tax", "amount": str(order.tax), "account": TAX_PAYABLE})
    kind = "invoice" if order.on_account else "cash_sale"
    record = document(kind, order.shipped, f"aw:{order.number}", number=order.number, party=order.party)
    record |= {"due": order.due} if order.on_account else {"account": BANK}
    if order.reference:
        record["reference"] = order.reference
    record["lines"] = lines
    moves = tuple(Move(MAIN, line.sku, -line.quantity) for line in order.lines)
    return Event(Key(order.shipped, SELL, order.id), record, moves)


def _line(line: Sold) -> Record:
    record: Record = {"item": line.sku, "quantity": str(line.quantity), "unit_price": line.unit_price}
    if line.discount:
        record["discount"] = plain(line.discount * 100)
    return record


def _payment(order: Order, amount: Decimal) -> Event:
    record = document(
        "payment",
        order.due,
        f"aw:{order.number}:paid",
        direction="in",
        party=order.party,
        account=BANK,
        amount=str(amount),
        apply_to=[{"number": order.number, "amount": str(amount)}],
    )
    return Event(Key(order.due, PAY, order.id), record)


def _return(order: Order) -> Iterator[Event]:
    first = order.lines[0]
    goods = cents(first.amount / first.quantity)
    tax = cents(order.tax * goods / order.subtotal)
    lines: list[Record] = [{"from": f"{order.number}#1", "quantity": "1", "restock": True}]
    if tax:
        lines.append({"description": "Sales tax on the return", "amount": str(tax), "account": TAX_PAYABLE})
    number = f"{order.number}-RETURN"
    day = days_after(order.shipped, RETURNED_AFTER)
    record = document("credit_note", day, f"aw:{number}", number=number, party=order.party, lines=lines)
    yield Event(Key(day, RETURN, order.id), record, (Move(MAIN, first.sku, 1),))
    if order.web:
        amount = str(goods + tax)
        day = days_after(order.shipped, REFUNDED_AFTER)
        record = document(
            "refund",
            day,
            f"aw:{number}:refund",
            direction="out",
            party=order.party,
            account=BANK,
            amount=amount,
            apply_to=[{"number": number, "amount": amount}],
        )
        yield Event(Key(day, PAY, order.id, 1), record)
