"""Wares: items, stock, cost of goods and general ledger, where every kind of item is a plugin.

Names are resolved when first used, so that a plugin's ``from wares import hookimpl`` loads neither a database nor alembic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wares.books import Books as Books
    from wares.books import run_in_transaction as run_in_transaction
    from wares.costmethod import CostMethod as CostMethod
    from wares.costmethod import FoldMove as FoldMove
    from wares.costmethod import Taken as Taken
    from wares.costmethod import Valued as Valued
    from wares.documenttype import DocumentType as DocumentType
    from wares.errors import ConfigError as ConfigError
    from wares.errors import Conflict as Conflict
    from wares.errors import Issue as Issue
    from wares.errors import PluginError as PluginError
    from wares.errors import Refused as Refused
    from wares.errors import StorageError as StorageError
    from wares.errors import WaresError as WaresError
    from wares.hookspecs import API_VERSION as API_VERSION
    from wares.hookspecs import hookimpl as hookimpl
    from wares.itemtype import Attributes as Attributes
    from wares.itemtype import ItemType as ItemType
    from wares.itemtype import Question as Question
    from wares.ledger.chart import Chart as Chart
    from wares.recordtype import RecordType as RecordType

_MODEL = (
    "Above Absorbed Account AccountQuery Component Context CostContext CostPlan Document Expansion Header Intent Item Leg Line "
    "LineInput Link Location Masters NewLine Opens Origin OriginMove Party Plan PlannedMove PriceContext Pricing Row RowKind Side "
    "ValueFact"
)
_HOMES = {
    **dict.fromkeys(("Books", "run_in_transaction"), "wares.books"),
    **dict.fromkeys(("CostMethod", "FoldMove", "Taken", "Valued"), "wares.costmethod"),
    **dict.fromkeys(("DocumentType", "Behaviours"), "wares.documenttype"),
    **dict.fromkeys(
        ("ConfigError", "Conflict", "Issue", "PluginError", "Refused", "StorageError", "WaresError"), "wares.errors"
    ),
    **dict.fromkeys(("API_VERSION", "hookimpl"), "wares.hookspecs"),
    **dict.fromkeys(("Attributes", "ItemType", "Question", "plain_price", "goods_moves"), "wares.itemtype"),
    **dict.fromkeys(_MODEL.split(), "wares.model"),
    **dict.fromkeys(("SCALE", "divide", "extend", "minor", "money", "scaled", "share", "split", "times", "unscaled"), "wares.values"),
    "Chart": "wares.ledger.chart",
    "RecordType": "wares.recordtype",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605 - the table above is the list


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_HOMES)
