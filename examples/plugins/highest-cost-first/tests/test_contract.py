"""The contract of cost methods."""

from __future__ import annotations

from wares.testing import CostMethodContract

import highest_cost_first


class TestHighestInFirstOut(CostMethodContract):
    plugin = highest_cost_first
    cost_method = highest_cost_first.HighestInFirstOut()
