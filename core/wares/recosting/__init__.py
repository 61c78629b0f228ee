"""Late facts: the sweep that changes what came before, and follows the change into all that came after."""

from wares.recosting.cost_changes import Changes as Changes
from wares.recosting.cost_changes import Numbers as Numbers
from wares.recosting.cost_changes import OfPool as OfPool
from wares.recosting.recost import Recosting as Recosting

__all__ = ["Changes", "Numbers", "OfPool", "Recosting"]
