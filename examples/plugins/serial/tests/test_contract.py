"""The contract of item types, once for serial numbers and once for lots."""

from __future__ import annotations

from wares.testing import ItemTypeContract

import serial_stock
from serial_stock.types import Serial


class TestSerial(ItemTypeContract):
    plugin = serial_stock
    item_type = Serial()
    example = {"sku": "DRILL", "price": "90", "cost": "60", "cost_method": "specific", "attributes": {"automatic": True}}


class TestLot(ItemTypeContract):
    plugin = serial_stock
    item_type = Serial()
    example = {
        "sku": "PAINT",
        "price": "20",
        "cost": "8",
        "cost_method": "specific",
        "attributes": {"tracking": "lot", "automatic": True},
    }
