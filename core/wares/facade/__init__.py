"""The parts of `Books`: items, parties, accounts, documents, stock and ledger, each a few methods over the rooms below."""

from __future__ import annotations

from wares.facade.ledger import Ledger
from wares.facade.masters import Accounts, Items, Locations, Mappings, Parties, Policies, catalogue, refresh_accounts
from wares.facade.outbox import Outbox
from wares.facade.part import Changes, Rows
from wares.facade.projections import Projections
from wares.facade.reads import Docs, Stock
from wares.facade.reports import Reports
from wares.facade.sources import Sources
from wares.services.dates import day

__all__ = [
    "Accounts",
    "Changes",
    "Docs",
    "Items",
    "Ledger",
    "Locations",
    "Mappings",
    "Outbox",
    "Parties",
    "Policies",
    "Projections",
    "Reports",
    "Rows",
    "Sources",
    "Stock",
    "catalogue",
    "day",
    "refresh_accounts",
]
