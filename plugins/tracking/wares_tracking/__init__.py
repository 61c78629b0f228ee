"""Tracking, item by item, for sellers on marketplaces, on real books.

The way from a purchase to the cost of a sale:

- A purchase of inventory is recorded with its bare amount (Dr inventory_undetailed). **purchase_details** split it into products,
  in as many parts as wanted; every detail is a lot of its own.
- A channel's sale is a cash_sale whose goods leave later.
- A **match** gives a sale line its goods: a stored link (sale line, detail, quantity) that only a void takes back.

The plugins of channels, of banks and of profit build on this one. The group of commands `wares seller` takes commands of other
plugins (`wares.commands.seller`).
"""

from __future__ import annotations

from wares import DocumentType, Projection, hookimpl
from wares_tracking.documents import Match, PurchaseDetails
from wares_tracking.listings import Listings
from wares_tracking.sale_lines import SaleLines
from wares_tracking.stock_values import StockValues

WARES_API_VERSION = 1


@hookimpl
def wares_document_types() -> list[DocumentType]:
    return [PurchaseDetails(), Match()]


@hookimpl
def wares_projections() -> list[Projection]:
    return [SaleLines(), StockValues(), Listings()]
