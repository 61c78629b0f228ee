"""The core's tables, one module for each area. Each table is `company` (keys lead with company_id) or `reference`; a test runs
the lint over them.

Facts (never changed once written, except the marks named): document, line, move, value_fact, entry, posting, valuation.
Projections (rebuildable from facts, checked by `verify`): pool, layer, consumption, pool_month, stock, period_total,
fulfilment totals in open_line, projected.

The names in the database start with `wares_`: `document` is the table wares_document.
"""

from wares.storage.tables.company import (
    closing,
    company_head,
    currency,
    directory,
    loaded_file,
    loaded_part,
    outbox,
    series,
    setting,
    source,
)
from wares.storage.tables.declare import PREFIX, metadata
from wares.storage.tables.documents import HAS_PARENT, application, document, foreign_line, fulfilment, line, open_line, projected
from wares.storage.tables.inventory import (
    OF_TOTALS_MOVES,
    OPEN,
    STANDING,
    consumption,
    layer,
    move,
    move_link,
    pool,
    pool_account,
    pool_month,
    stock,
    value_fact,
)
from wares.storage.tables.ledger import entry, period_total, posting, sealing, valuation
from wares.storage.tables.masters import account, component, item, location, mapping, party

__all__ = [
    "HAS_PARENT",
    "OF_TOTALS_MOVES",
    "OPEN",
    "PREFIX",
    "STANDING",
    "account",
    "application",
    "closing",
    "company_head",
    "component",
    "consumption",
    "currency",
    "directory",
    "document",
    "entry",
    "foreign_line",
    "fulfilment",
    "item",
    "layer",
    "line",
    "loaded_file",
    "loaded_part",
    "location",
    "mapping",
    "metadata",
    "move",
    "move_link",
    "open_line",
    "outbox",
    "party",
    "period_total",
    "pool",
    "pool_account",
    "pool_month",
    "posting",
    "projected",
    "sealing",
    "series",
    "setting",
    "source",
    "stock",
    "valuation",
    "value_fact",
]
