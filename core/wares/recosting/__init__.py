"""Late facts: the pools that a late document touches are replayed, and each change is followed into the moves that depend on it."""

from wares.recosting.cost_changes import ChangedPool as ChangedPool
from wares.recosting.cost_changes import ChangeRow as ChangeRow
from wares.recosting.cost_changes import Changes as Changes
from wares.recosting.recost import Recosting as Recosting

__all__ = ["ChangeRow", "ChangedPool", "Changes", "Recosting"]
