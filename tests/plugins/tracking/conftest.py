"""The fixtures of sellers' books."""

from __future__ import annotations

from tests.plugins.seller_fixtures import books, buy, run, sell, seller

__all__ = ["books", "buy", "run", "sell", "seller"]
