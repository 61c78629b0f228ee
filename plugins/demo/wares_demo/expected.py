"""Figures to check the books against, read from the tables alone: nothing here goes through the records.

They cover the source's own orders; the shop's documents and the returns stand beside them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from wares_demo.figures import cents, whole
from wares_demo.purchasing import COMPLETE
from wares_demo.source import Source


class Header(NamedTuple):
    """What the header of a sales order says: subtotal + tax + freight, unrounded, and how many rows that sums."""

    number: str
    total: Decimal
    rows: int

    @property
    def tolerance(self) -> Decimal:
        """How far the sum of rounded rows may lie from it: half a cent for each row."""
        return Decimal("0.005") * self.rows


@dataclass(frozen=True, slots=True)
class Expected:
    """Sums over the source's documents."""

    sales_orders: int
    builds: int
    purchase_orders: int
    tax: Decimal
    """Sales tax charged, each order's rounded to cents; returns give some back."""
    freight: Decimal
    """Freight charged, each order's rounded to cents."""
    sold: Mapping[str, int]
    """Units by SKU."""
    built: Mapping[str, int]
    """Good units by SKU."""
    stocked: Mapping[str, int]
    """Units in the vendor's unit by SKU, of completed orders."""


def headers(source: Source) -> Iterator[Header]:
    """The headers of all sales orders, in the source's order."""
    lines = Counter(order for (order,) in source.rows("SalesOrderDetail", "SalesOrderID"))
    columns = ("SalesOrderID", "SubTotal", "TaxAmt", "Freight")
    for order, subtotal, tax, freight in source.rows("SalesOrderHeader", *columns):
        yield Header(f"SO-{order}", Decimal(subtotal) + Decimal(tax) + Decimal(freight), lines[order] + 2)


def expected(source: Source) -> Expected:
    """Sum the tables."""
    skus = source.lookup("Product", "ProductID", "ProductNumber")
    orders, tax, freight = 0, Decimal(0), Decimal(0)
    for order_tax, order_freight in source.rows("SalesOrderHeader", "TaxAmt", "Freight"):
        orders, tax, freight = orders + 1, tax + cents(Decimal(order_tax)), freight + cents(Decimal(order_freight))
    sold: Counter[str] = Counter()
    for product, quantity in source.rows("SalesOrderDetail", "ProductID", "OrderQty"):
        sold[skus[product]] += int(quantity)
    builds, built = 0, Counter[str]()
    for product, quantity in source.rows("WorkOrder", "ProductID", "StockedQty"):
        builds, built[skus[product]] = builds + 1, built[skus[product]] + int(quantity)
    statuses = source.lookup("PurchaseOrderHeader", "PurchaseOrderID", "Status")
    purchased, stocked = set(), Counter[str]()
    for order, product, quantity in source.rows("PurchaseOrderDetail", "PurchaseOrderID", "ProductID", "StockedQty"):
        if statuses[order] == COMPLETE and (units := whole(quantity)):
            purchased.add(order)
            stocked[skus[product]] += units
    return Expected(orders, builds, len(purchased), tax, freight, sold, built, stocked)
