"""Sales channels: import the files of marketplaces, with their orders, refunds, charges and payouts.

A channel declares the reports that a marketplace exports; `presets` has Shopify, Etsy, eBay, Amazon, WooCommerce and Square.
Another channel is a plugin of a few lines, or any CSV with `wares channels import --map`.

A channel's sale is a cash_sale whose money rests in the channel's clearing account. A **channel_charge** records the money that the
channel keeps, collects or pays besides: shipping, discounts, fees, taxes, labels, payouts.

The way of a file: `file_import` opens a `ChannelFile` (`file_reading`), whose rows become transactions (`row_reader`), checked
against the totals of their orders (`order_totals`). `recording` posts the new ones as documents.
"""

from __future__ import annotations

from wares import Channel, DocumentType, Projection, hookimpl
from wares_channels.charges import Charges
from wares_channels.documents import ChannelCharge
from wares_channels.presets import CHANNELS

WARES_API_VERSION = 1
WARES_REQUIRES = ("tracking",)


@hookimpl
def wares_channels() -> tuple[Channel, ...]:
    return CHANNELS


@hookimpl
def wares_document_types() -> list[DocumentType]:
    return [ChannelCharge()]


@hookimpl
def wares_projections() -> list[Projection]:
    return [Charges()]
