"""Make the slice that ships with the demo from the complete tables.

    python plugins/demo/make_slice.py FOLDER

`FOLDER` holds the complete ``<Table>.csv.gz`` files. The script writes the slice to ``wares_demo/slice`` beside itself;
the same input gives the same bytes. The slice holds one month of sales, their builds and purchases, and all products:

- sales orders that shipped in August 2013, with their customers and stores;
- work orders from four days before (an order ships four days after its builds start) to the end of the month, so
  that the bikes sold were built, and the last four days' bikes are in stock at the end;
- completed purchase orders due in the same days, with their vendors;
- every product, model, category, bill-of-materials row, cost and price in force or not.

August 2013 has web and reseller orders, 566 lines at a special offer and 183 completed purchase orders; most
other months lack one of them or are larger. Only the columns that the demo reads are kept.
"""

import argparse
import csv
import gzip
import io
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from wares_demo.purchasing import COMPLETE
from wares_demo.source import TABLES, Source

FIRST_SHIPPED, LAST_SHIPPED = "2013-08-01", "2013-08-31"
FIRST_BUILT = "2013-07-28"
SLICE = Path(__file__).parent / "wares_demo" / "slice"

Keep = Callable[[dict[str, str]], bool]


def main() -> None:
    """Write every table of the slice and print its size."""
    parser = argparse.ArgumentParser(description="make the demo's slice from the complete tables")
    parser.add_argument("folder", help="the folder of the complete tables")
    source = Source.directory(parser.parse_args().folder)
    SLICE.mkdir(exist_ok=True)
    keeps = rules(source)
    for table, columns in TABLES.items():
        keep = keeps.get(table, whole_table)
        rows = (dict(zip(columns, row, strict=True)) for row in source.rows(table, *columns))
        write(table, columns, (row for row in rows if keep(row)))
    size = sum(path.stat().st_size for path in SLICE.iterdir())
    sys.stdout.write(f"{SLICE}: {size:,} bytes\n")


def whole_table(row: dict[str, str]) -> bool:
    """Keep every row."""
    return bool(row)


def rules(source: Source) -> dict[str, Keep]:
    """Return, by table, the condition on the rows to keep; other tables are kept whole."""
    sold = {
        order: customer
        for order, customer, day in source.rows("SalesOrderHeader", "SalesOrderID", "CustomerID", "ShipDate")
        if FIRST_SHIPPED <= day <= LAST_SHIPPED
    }
    customers = set(sold.values())
    stores = {store for key, store in source.rows("Customer", "CustomerID", "StoreID") if key in customers}
    due = {
        order
        for order, day in source.rows("PurchaseOrderDetail", "PurchaseOrderID", "DueDate")
        if FIRST_BUILT <= day <= LAST_SHIPPED
    }
    headers = source.rows("PurchaseOrderHeader", "PurchaseOrderID", "VendorID", "Status")
    bought = {order: vendor for order, vendor, status in headers if order in due and status == COMPLETE}
    vendors = set(bought.values())
    return {
        "SalesOrderHeader": lambda row: row["SalesOrderID"] in sold,
        "SalesOrderDetail": lambda row: row["SalesOrderID"] in sold,
        "Customer": lambda row: row["CustomerID"] in customers,
        "Store": lambda row: row["BusinessEntityID"] in stores,
        "WorkOrder": lambda row: FIRST_BUILT <= row["StartDate"] <= LAST_SHIPPED,
        "PurchaseOrderHeader": lambda row: row["PurchaseOrderID"] in bought,
        "PurchaseOrderDetail": lambda row: row["PurchaseOrderID"] in bought,
        "Vendor": lambda row: row["BusinessEntityID"] in vendors,
    }


def write(table: str, columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> None:
    """Write one table, compressed without a name or a time, so that the bytes depend on the rows alone."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (SLICE / f"{table}.csv.gz").write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
