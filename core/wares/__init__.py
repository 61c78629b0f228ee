"""Wares: items, stock, cost of goods and general ledger, where every kind of item is a plugin.

Names are resolved on first use, so that a plugin's ``from wares import hookimpl`` loads neither SQLAlchemy nor alembic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.runtime.lazy_exports import lazily

if TYPE_CHECKING:
    from wares.books import Books as Books
    from wares.books import run_in_transaction as run_in_transaction
    from wares.catalog.rejects import Rejects as Rejects
    from wares.catalog.rejects import RowIssue as RowIssue
    from wares.catalog.tabular import Table as Table
    from wares.catalog.tabular import TableRow as TableRow
    from wares.contract.accepted import AcceptedDocument as AcceptedDocument
    from wares.contract.accepted import AcceptedMove as AcceptedMove
    from wares.contract.accepted import AcceptedPlan as AcceptedPlan
    from wares.contract.accepted import AcceptedPool as AcceptedPool
    from wares.contract.books_view import BooksView as BooksView
    from wares.contract.channel import Channel as Channel
    from wares.contract.channel import ChannelReport as ChannelReport
    from wares.contract.document_type import HEADER_KEYS as HEADER_KEYS
    from wares.contract.document_type import PURCHASE_LINE_KEYS as PURCHASE_LINE_KEYS
    from wares.contract.document_type import SALE_LINE_KEYS as SALE_LINE_KEYS
    from wares.contract.document_type import STOCK_LINE_KEYS as STOCK_LINE_KEYS
    from wares.contract.document_type import Behaviours as Behaviours
    from wares.contract.document_type import DocumentType as DocumentType
    from wares.contract.document_type import links_of as links_of
    from wares.contract.document_type import row_leg as row_leg
    from wares.contract.hookspecs import API_VERSION as API_VERSION
    from wares.contract.hookspecs import hookimpl as hookimpl
    from wares.contract.item_type import Attributes as Attributes
    from wares.contract.item_type import ItemType as ItemType
    from wares.contract.item_type import Question as Question
    from wares.contract.item_type import chosen_contents as chosen_contents
    from wares.contract.item_type import goods_moves as goods_moves
    from wares.contract.item_type import origin_price as origin_price
    from wares.contract.item_type import plain_price as plain_price
    from wares.contract.projection import Projected as Projected
    from wares.contract.projection import Projection as Projection
    from wares.contract.record_type import RecordType as RecordType
    from wares.contract.report import Report as Report
    from wares.costing.layer import Layer as Layer
    from wares.costing.method import CostMethod as CostMethod
    from wares.costing.pool import PoolState as PoolState
    from wares.errors import ConfigError as ConfigError
    from wares.errors import Conflict as Conflict
    from wares.errors import Issue as Issue
    from wares.errors import PluginError as PluginError
    from wares.errors import Refused as Refused
    from wares.errors import StorageError as StorageError
    from wares.errors import WaresError as WaresError
    from wares.ledger.chart import Chart as Chart
    from wares.ledger.chart import ChartAccount as ChartAccount
    from wares.ledger.entry import Posting as Posting
    from wares.model import PLANNED_AT_ORIGIN_COST as PLANNED_AT_ORIGIN_COST
    from wares.model import Above as Above
    from wares.model import Absorbed as Absorbed
    from wares.model import Account as Account
    from wares.model import AccountQuery as AccountQuery
    from wares.model import Component as Component
    from wares.model import Consumption as Consumption
    from wares.model import Content as Content
    from wares.model import Context as Context
    from wares.model import CostChange as CostChange
    from wares.model import CostContext as CostContext
    from wares.model import CostPlan as CostPlan
    from wares.model import Document as Document
    from wares.model import DocumentKind as DocumentKind
    from wares.model import Exchange as Exchange
    from wares.model import Expansion as Expansion
    from wares.model import FoldMove as FoldMove
    from wares.model import GivenComponent as GivenComponent
    from wares.model import Header as Header
    from wares.model import Intent as Intent
    from wares.model import Item as Item
    from wares.model import Leg as Leg
    from wares.model import Line as Line
    from wares.model import LineInput as LineInput
    from wares.model import Link as Link
    from wares.model import LinkKind as LinkKind
    from wares.model import Location as Location
    from wares.model import Masters as Masters
    from wares.model import NewAccount as NewAccount
    from wares.model import NewLine as NewLine
    from wares.model import OpenItem as OpenItem
    from wares.model import Opens as Opens
    from wares.model import Origin as Origin
    from wares.model import OriginDocument as OriginDocument
    from wares.model import OriginMove as OriginMove
    from wares.model import Party as Party
    from wares.model import Plan as Plan
    from wares.model import PlannedMove as PlannedMove
    from wares.model import Posted as Posted
    from wares.model import PriceContext as PriceContext
    from wares.model import Pricing as Pricing
    from wares.model import Row as Row
    from wares.model import RowKind as RowKind
    from wares.model import Side as Side
    from wares.model import TransferredLayer as TransferredLayer
    from wares.model import UnitValue as UnitValue
    from wares.model import Valued as Valued
    from wares.model import ValueFact as ValueFact
    from wares.model import absorb as absorb
    from wares.recorded import GoodsValue as GoodsValue
    from wares.recorded import OtherSide as OtherSide
    from wares.recorded import Recorded as Recorded
    from wares.recorded import RecordedDocument as RecordedDocument
    from wares.recorded import RecordedItem as RecordedItem
    from wares.recorded import RecordedLine as RecordedLine
    from wares.recorded import RecordedLink as RecordedLink
    from wares.recorded import RecordedLot as RecordedLot
    from wares.recorded import RecordedPosting as RecordedPosting
    from wares.storage.unit import Reader as Reader
    from wares.values import HUNDRED_PERCENT as HUNDRED_PERCENT
    from wares.values import ONE_FOR_ONE as ONE_FOR_ONE
    from wares.values import SCALE as SCALE
    from wares.values import Json as Json
    from wares.values import JsonObject as JsonObject
    from wares.values import Record as Record
    from wares.values import divide as divide
    from wares.values import extend as extend
    from wares.values import minor as minor
    from wares.values import money as money
    from wares.values import scaled as scaled
    from wares.values import share as share
    from wares.values import split as split
    from wares.values import times as times
    from wares.values import unscaled as unscaled

_MODEL = (
    "Above Absorbed Account AccountQuery Component Consumption Content Context CostContext CostPlan Document DocumentKind "
    "Exchange Expansion FoldMove GivenComponent Header Intent Item Leg Line LineInput Link LinkKind Location Masters "
    "NewAccount NewLine OpenItem Opens Origin OriginDocument OriginMove Party Plan PlannedMove PriceContext Pricing Row "
    "RowKind Side TransferredLayer UnitValue ValueFact Valued absorb"
)
_RECORDED = "GoodsValue OtherSide Recorded RecordedDocument RecordedItem RecordedLine RecordedLink RecordedLot RecordedPosting"
_VALUES = "HUNDRED_PERCENT Json JsonObject ONE_FOR_ONE Record SCALE divide extend minor money scaled share split times unscaled"
_HOMES = {
    **dict.fromkeys(("Books", "run_in_transaction"), "wares.books"),
    "CostMethod": "wares.costing.method",
    "Layer": "wares.costing.layer",
    "PoolState": "wares.costing.pool",
    **dict.fromkeys(("AcceptedDocument", "AcceptedMove", "AcceptedPlan", "AcceptedPool"), "wares.contract.accepted"),
    "BooksView": "wares.contract.books_view",
    "CostChange": "wares.model",
    "Posted": "wares.model",
    "Posting": "wares.ledger.entry",
    "Reader": "wares.storage.unit",
    **dict.fromkeys(("Behaviours", "DocumentType", "links_of", "row_leg"), "wares.contract.document_type"),
    **dict.fromkeys(("HEADER_KEYS", "PURCHASE_LINE_KEYS", "SALE_LINE_KEYS", "STOCK_LINE_KEYS"), "wares.contract.document_type"),
    **dict.fromkeys(("ConfigError", "Conflict", "Issue", "PluginError", "Refused", "StorageError", "WaresError"), "wares.errors"),
    **dict.fromkeys(("API_VERSION", "hookimpl"), "wares.contract.hookspecs"),
    **dict.fromkeys(
        ("Attributes", "ItemType", "Question", "chosen_contents", "goods_moves", "origin_price", "plain_price"),
        "wares.contract.item_type",
    ),
    **dict.fromkeys((*_MODEL.split(), "PLANNED_AT_ORIGIN_COST"), "wares.model"),
    **dict.fromkeys(_RECORDED.split(), "wares.recorded"),
    **dict.fromkeys(_VALUES.split(), "wares.values"),
    **dict.fromkeys(("Channel", "ChannelReport"), "wares.contract.channel"),
    **dict.fromkeys(("Chart", "ChartAccount"), "wares.ledger.chart"),
    **dict.fromkeys(("Projected", "Projection"), "wares.contract.projection"),
    **dict.fromkeys(("Rejects", "RowIssue"), "wares.catalog.rejects"),
    **dict.fromkeys(("Table", "TableRow"), "wares.catalog.tabular"),
    "RecordType": "wares.contract.record_type",
    "Report": "wares.contract.report",
}
_RENAMED = {"Accepted": "AcceptedDocument", "Carried": "TransferredLayer", "Taken": "Consumption"}
__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazily(__name__, _HOMES, _RENAMED)
