"""Item-level tracking for people who sell on marketplaces, on real books.

The model, from the purchase to the profit:

- A purchase of inventory is recorded with its amount alone (Dr inventory_undetailed). **purchase_details** split it into
  products, in part as often as wanted; every detail is a lot of its own.
- A channel's sale is a cash_sale whose goods go later and whose money rests in the channel's clearing account. What the
  channel keeps or pays is a **channel_charge**: shipping, discounts, fees, taxes, payouts.
- A **match** gives a sale line its goods: a stored link (sale line, detail, quantity) that only a void takes back.
- **period_cogs** is the one entry of periodic mode: opening + purchases − count.

`documents` holds the four types. Recording, over the public books: `bank_import` (`bank_lines` by `bank_rules`), `details`,
`channel_import` (`reading` a file gives `facts`, which `orders` and `currencies` settle; they become `papers`, `refunds` among
them), `matching` (off the `shelf`), `costs`, `bulk_costs`, `removal`, `vendors`, `periodic`. Reading, out of what `projections`
keep: `sales` (what was sold and what waits), `views`, `profit`; `products` and `search`. The commands: `inventory`, `channels`.
"""

from __future__ import annotations

from wares import DocumentType, Projection, hookimpl
from wares_tracking.documents import ChannelCharge, Match, PeriodCogs, PurchaseDetails
from wares_tracking.projections import KEPT

WARES_API_VERSION = 1


@hookimpl
def wares_document_types() -> list[DocumentType]:
    return [PurchaseDetails(), Match(), ChannelCharge(), PeriodCogs()]


@hookimpl
def wares_projections() -> list[Projection]:
    return list(KEPT)
