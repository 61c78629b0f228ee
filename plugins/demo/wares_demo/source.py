"""The bicycle maker's tables: a folder of ``<Table>.csv.gz`` files, or the slice in this package.

Both hold the same tables with the same column names (a slice has fewer rows and only the columns read here), so code
that reads a `Source` works on either. Rows are streamed: this module never holds a whole table, `lookup` aside.
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
"""Table → the columns that the demo reads; a slice keeps exactly these."""


class SourceError(ValueError):
    """Raised if a folder lacks a table or a column; the message names it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One set of tables, complete or a slice."""

    root: Traversable
    """The folder of the files."""

    @classmethod
    def packaged(cls) -> "Source":
        """Return the slice that ships with the demo."""
        return cls(files("wares_demo") / "slice")

    @classmethod
    def directory(cls, path: str | Path) -> "Source":
        """Return the tables in a folder of ``<Table>.csv.gz`` files. Raises SourceError if a table is missing."""
        root = Path(path)
        missing = [table for table in TABLES if not (root / f"{table}.csv.gz").is_file()]
        if missing:
            raise SourceError(f"{root}: no {', '.join(f'{table}.csv.gz' for table in missing)} in this folder")
        return cls(root)

    def rows(self, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
        """Yield the rows of `table` in the order of the file, reduced to `columns`. Raises SourceError."""
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
        """Return the column `value` of `table` by the column `key`, for tables small enough to hold."""
        return {row[0]: row[1] for row in self.rows(table, key, value)}
