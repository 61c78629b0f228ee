"""The sales channels that come with Wares: Shopify, Etsy, eBay, Amazon, WooCommerce, Square.

Each is a declaration of what its export files say (`presets.py`); importing them is the business of item-level tracking. A channel
that is not here is a plugin of a few lines, or any CSV with `wares channels import --map`.
"""

from __future__ import annotations

from wares import Channel, hookimpl
from wares_channels.presets import CHANNELS

WARES_API_VERSION = 1


@hookimpl
def wares_channels() -> tuple[Channel, ...]:
    return CHANNELS
