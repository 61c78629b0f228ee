"""Expected figures of the books, computed from the tables alone and not from the records.

They cover the source's own orders, without the shop's documents and the returns.
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
    """The total that the header of a sales order states."""

    number: str
    """Number of its document."""
    total: Decimal
    """Subtotal + tax + freight in USD, unrounded."""
    rows: int
    """Number of rows in the total: its lines, tax and freight."""

    @property
    def tolerance(self) -> Decimal:
        """The largest difference between the total and the sum of rounded rows: half a cent for each row."""
        return Decimal("0.005") * self.rows


@dataclass(frozen=True, slots=True)
class Expected:
    """Sums over the source's documents."""

    sales_orders: int
    """Number of sales orders."""
    builds: int
    """Number of work orders."""
    purchase_orders: int
    """Number of completed purchase orders with stocked units."""
    tax: Decimal
    """Sales tax charged, each order's rounded to cents, before returns."""
    freight: Decimal
    """Freight charged, each order's rounded to cents."""
    sold: Mapping[str, int]
    """Units by SKU."""
    built: Mapping[str, int]
    """Good units by SKU."""
    stocked: Mapping[str, int]
    """Quantity in the vendor's unit by SKU, of completed orders."""


def headers(source: Source) -> Iterator[Header]:
    """Yield the headers of all sales orders, in the source's order."""
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
