"""Where the bicycle maker's tables are read from: a folder of ``<Table>.csv.gz`` files, or the slice in this package.

Both hold the same tables with the same column names (a slice has fewer rows and only the columns read here), so
whatever is written over a `Source` works on either. Rows are streamed: no table is ever held whole by this room.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

TABLES: dict[str, tuple[str, ...]] = {
    "BillOfMaterials": (
        "ProductAssemblyID",
        "ComponentID",
        "StartDate",
        "EndDate",
        "UnitMeasureCode",
        "PerAssemblyQty",
    ),
    "Customer": ("CustomerID", "StoreID", "AccountNumber"),
    "Product": (
        "ProductID",
        "Name",
        "ProductNumber",
        "MakeFlag",
        "Color",
        "StandardCost",
        "ListPrice",
        "Size",
        "ProductSubcategoryID",
        "ProductModelID",
    ),
    "ProductCategory": ("ProductCategoryID", "Name"),
    "ProductCostHistory": ("ProductID", "StartDate", "EndDate", "StandardCost"),
    "ProductListPriceHistory": ("ProductID", "StartDate", "EndDate", "ListPrice"),
    "ProductModel": ("ProductModelID", "Name"),
    "ProductSubcategory": ("ProductSubcategoryID", "ProductCategoryID", "Name"),
    "ProductVendor": ("ProductID", "StandardPrice", "UnitMeasureCode"),
    "PurchaseOrderDetail": ("PurchaseOrderID", "DueDate", "ProductID", "UnitPrice", "StockedQty"),
    "PurchaseOrderHeader": ("PurchaseOrderID", "Status", "VendorID", "SubTotal", "TaxAmt", "Freight"),
    "SalesOrderDetail": ("SalesOrderID", "ProductID", "OrderQty", "UnitPrice", "UnitPriceDiscount"),
    "SalesOrderHeader": (
        "SalesOrderID",
        "OrderDate",
        "DueDate",
        "ShipDate",
        "OnlineOrderFlag",
        "PurchaseOrderNumber",
        "CustomerID",
        "SubTotal",
        "TaxAmt",
        "Freight",
    ),
    "Store": ("BusinessEntityID", "Name"),
    "Vendor": ("BusinessEntityID", "AccountNumber", "Name"),
    "WorkOrder": ("WorkOrderID", "ProductID", "ScrappedQty", "StockedQty", "StartDate"),
}
"""Every table and column that the demo reads; a slice keeps exactly these."""


class SourceError(ValueError):
    """The folder does not hold the tables: the message names the table or the column that is missing."""


@dataclass(frozen=True, slots=True)
class Source:
    """One set of tables, complete or a slice."""

    root: Traversable

    @classmethod
    def packaged(cls) -> "Source":
        """The slice that ships with the demo."""
        return cls(files("wares_demo") / "slice")

    @classmethod
    def directory(cls, path: str | Path) -> "Source":
        """A folder of ``<Table>.csv.gz`` files; refused at once when a table is missing."""
        root = Path(path)
        missing = [table for table in TABLES if not (root / f"{table}.csv.gz").is_file()]
        if missing:
            raise SourceError(f"{root}: no {', '.join(f'{table}.csv.gz' for table in missing)} in this folder")
        return cls(root)

    def rows(self, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
        """The rows of `table` in the order of the file, cut down to `columns`."""
        with (
            (self.root / f"{table}.csv.gz").open("rb") as packed,
            gzip.GzipFile(fileobj=packed) as unpacked,
            io.TextIOWrapper(unpacked, encoding="utf-8", newline="") as text,
        ):
            reader = csv.reader(text)
            header = next(reader)
            absent = [column for column in columns if column not in header]
            if absent:
                raise SourceError(f"{table}.csv.gz: no column {', '.join(absent)}")
            places = [header.index(column) for column in columns]
            for row in reader:
                yield tuple([row[place] for place in places])

    def lookup(self, table: str, key: str, value: str) -> dict[str, str]:
        """One column of `table` by another, for the tables small enough to hold."""
        return {row[0]: row[1] for row in self.rows(table, key, value)}
